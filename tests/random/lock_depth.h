// SPDX-License-Identifier: Apache-2.0
// Copyright (C) 2026 The Baton authors
//
// How many locks this thread holds. The linker sends every lock and unlock of the program through lock_depth.cc
// (--wrap), so that the code under test needs no hook.
#pragma once

namespace baton::test {

int lock_depth();

}  // namespace baton::test
