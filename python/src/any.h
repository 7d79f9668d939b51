// SPDX-License-Identifier: Apache-2.0
// Copyright (C) 2026 The Baton authors
//
// Property values between Python and C++.
#pragma once

#include <nanobind/nanobind.h>

#include <string>

#include "baton/any.hpp"

namespace baton::python {

/// A bool, number, text, enum, Type, list, tuple or dict; a collection of one element counts as that element (B-252).
/// Throws TypeError for anything else.
Any to_any(nanobind::handle value);

/// The items of a mapping from property names to values. Throws TypeError for a key that is no text.
AnyMap to_any_map(nanobind::handle mapping);

/// The argument of the forms `set_property({name: value, ...})` and `set_property((name, value))`.
AnyMap to_properties(nanobind::handle mapping_or_pair);

/// The value in the type that the property's Python object declares (baton.properties).
nanobind::object from_any(const std::string& property, const Any& value);

}  // namespace baton::python
