// SPDX-License-Identifier: Apache-2.0
// Copyright (C) 2026 The Baton authors
#pragma once

#include <nanobind/nanobind.h>
#include <nanobind/stl/string.h>

#include <string>

namespace baton::python {

/// A Python value as messages show it.
inline std::string shown(nanobind::handle value) { return nanobind::cast<std::string>(nanobind::repr(value)); }

}  // namespace baton::python
