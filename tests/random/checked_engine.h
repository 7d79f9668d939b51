// SPDX-License-Identifier: Apache-2.0
// Copyright (C) 2026 The Baton authors
//
// An engine around another one that looks at how it is called: no lock held, no pair loaded twice at once, everything
// given back.
#pragma once

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "engine/engine.h"

namespace baton::test {

/// What is wrong with a scenario. Thread-safety: none; a scenario is one thread.
class Verdict {
 public:
  void fail(std::string text) {
    if (texts_.size() < kMost) texts_.push_back(std::move(text));
  }
  bool good() const { return texts_.empty(); }
  const std::vector<std::string>& texts() const { return texts_; }
  /// Called on every way out of Baton: `where` says which.
  void expect_no_lock(const char* where);

 private:
  static constexpr std::size_t kMost = 20;
  std::vector<std::string> texts_;
};

/// Shared by the engines of a scenario; outlives them and all they made.
struct EngineWatch {
  Verdict* verdict = nullptr;
  int executables = 0;  ///< that live
  int requests = 0;
  /// Loads that go on, by engine and device, and by model and pair.
  std::map<std::string, int> loading;
};

std::unique_ptr<engine::Engine> checked(std::unique_ptr<engine::Engine> engine, EngineWatch& watch);

}  // namespace baton::test
