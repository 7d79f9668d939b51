// SPDX-License-Identifier: Apache-2.0
// Copyright (C) 2026 The Baton authors
//
// What must hold after every scenario, judged by the script of the machine, the record of the simulation and the
// answers alone (docs/testing.md lists it).
#pragma once

#include "random/world.h"

namespace baton::test {

void judge(World& world);

}  // namespace baton::test
