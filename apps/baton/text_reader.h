// SPDX-License-Identifier: Apache-2.0
// Copyright (C) 2026 The Baton authors
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace baton::tool {

/// Turns the output of a text recognition network into text.
/// Thread-safety: immutable. Ownership: a value.
class TextReader {
 public:
  /// `characters`: one per line; class 0 of the network is "nothing here", the class after the last line is a blank.
  explicit TextReader(std::string_view characters);

  std::size_t classes() const { return characters_.size(); }

  /// `scores`: for each place along the line one score per class. Repeated places are one character.
  /// REQUIRES: scores.size() is a multiple of classes().
  std::string read(std::span<const float> scores) const;

 private:
  std::vector<std::string> characters_;
};

}  // namespace baton::tool
