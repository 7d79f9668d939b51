// SPDX-License-Identifier: Apache-2.0
// Copyright (C) 2026 The Baton authors
#pragma once

#include <chrono>
#include <filesystem>
#include <string>
#include <vector>

namespace baton::base {

/// How a child process ended.
struct ChildResult {
  enum class End { kNotStarted, kExited, kKilled, kTooLong };
  End end = End::kNotStarted;
  int code = 0;        ///< exit status of kExited, signal of kKilled (-1: unknown), errno of kNotStarted
  std::string output;  ///< what it wrote to its standard output
};

/// Runs `program` with `arguments` in the environment of this process and waits for its end; after `limit` it is
/// killed. Standard input is empty, standard error goes nowhere, no other file of this process is open in it. A process
/// that reaps or ignores its children itself gets an unknown code.
/// Thread-safety: safe. Blocking: as long as the child runs.
ChildResult run_child(const std::filesystem::path& program, const std::vector<std::string>& arguments,
                      std::chrono::milliseconds limit);

}  // namespace baton::base
