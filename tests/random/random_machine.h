// SPDX-License-Identifier: Apache-2.0
// Copyright (C) 2026 The Baton authors
//
// A machine made up at random, as a simulation script, and what a judge of its behaviour must know of it.
#pragma once

#include <string>
#include <vector>

#include "random/random_source.h"
#include "sim/script.h"

namespace baton::test {

/// Long after every scenario: what hangs for ever is let go of then, so that everything must be freed in the end.
inline constexpr double kEndOfTimeMs = 7200e3;

struct RandomMachine {
  std::string script;  ///< docs/simulation.md
  sim::Script parsed;
  int cores = 8;
  bool load_hangs = false;  ///< every model needs COMPILE_TIMEOUT
  bool run_hangs = false;   ///< a run may never end by itself
  bool deaf_runs = false;   ///< and may not even when it is cancelled: every model needs INFER_TIMEOUT

  std::vector<std::string> device_names() const;
  /// No load, run or output of the device goes wrong, and it takes every model of the scenarios.
  bool healthy(const std::string& device) const;
  /// Every pair computes the same, whichever is compared with which.
  bool all_agree() const;
  /// Something on the device can make a run or a load fail.
  bool can_fail(const std::string& device) const;
};

RandomMachine random_machine(RandomSource& random);

}  // namespace baton::test
