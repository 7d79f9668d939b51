// SPDX-License-Identifier: Apache-2.0
// Copyright (C) 2026 The Baton authors
//
// Compile calls made up at random for a machine.
#pragma once

#include <string>

#include "auto/auto_model.h"
#include "random/random_machine.h"
#include "random/random_source.h"

namespace baton::test {

struct RandomCompile {
  std::string device;
  autodev::Options options;
  bool stateful = false;

  std::string to_string() const;
};

RandomCompile random_compile(RandomSource& random, const RandomMachine& machine);

}  // namespace baton::test
