// SPDX-License-Identifier: Apache-2.0
// Copyright (C) 2026 The Baton authors
#pragma once

#include <chrono>
#include <iosfwd>
#include <string>

namespace baton::bench {

/// The program's talk: steps, information, warnings, and progress where somebody watches.
/// Thread-safety: one thread. Ownership: the streams outlive it.
class Console {
 public:
  /// `terminal`: `out` is one, so that a line may be overwritten.
  Console(std::ostream& out, std::ostream& err, bool terminal) : out_(out), err_(err), terminal_(terminal) {}

  /// The heading of step `number` of eleven; `addition` goes behind it in parentheses.
  void step(int number, const std::string& addition = {});
  void info(const std::string& text);
  void warning(const std::string& text);
  void error(const std::string& text);  ///< to `err`
  void plain(const std::string& text);
  /// A share of 0..1; shown a few times per second, on a terminal only.
  void progress(double share);

 private:
  void line(const char* prefix, const std::string& text);
  void clear_progress();

  std::ostream& out_;
  std::ostream& err_;
  const bool terminal_;
  bool progress_shown_ = false;
  std::chrono::steady_clock::time_point last_progress_;
};

}  // namespace baton::bench
