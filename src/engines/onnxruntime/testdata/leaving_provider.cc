// SPDX-License-Identifier: Apache-2.0
// Copyright (C) 2026 The Baton authors
//
// A provider library that ends the process as soon as it is opened.
#include <cstdlib>

namespace {
[[gnu::constructor]] void leave() { std::_Exit(5); }
}  // namespace
