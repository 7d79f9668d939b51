// SPDX-License-Identifier: Apache-2.0
// Copyright (C) 2026 The Baton authors
#pragma once

#include <string>

namespace baton::policy {

/// A figure as people read it: so many significant digits, no trailing zeros.
std::string number(double value, int digits = 4);

}  // namespace baton::policy
