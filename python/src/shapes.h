// SPDX-License-Identifier: Apache-2.0
// Copyright (C) 2026 The Baton authors
//
// Shapes in the forms in which Python code writes them.
#pragma once

#include <nanobind/nanobind.h>

#include <string>

#include "baton/shape.hpp"

namespace baton::python {

namespace nb = nanobind;

/// A Shape, or a sequence of lengths. TypeError for anything else.
Shape to_shape(nb::handle value);
/// A Dimension, a length (-1: unknown), a text, or a pair (lower, upper).
Dimension to_dimension(nb::handle value);
/// A PartialShape, a Shape, a text, or a sequence of what `to_dimension` takes.
PartialShape to_partial_shape(nb::handle value);

Dimension dimension_of_text(const std::string& text);
/// The upper bounds; the largest signed number where there is none, as in OpenVINO.
Shape max_shape(const PartialShape& shape);
nb::tuple to_tuple(const Shape& shape);

// Equality with the forms above; false for what is none of them.
bool equals_dimension(const Dimension& self, nb::handle other);
bool equals_shape(const Shape& self, nb::handle other);
bool equals_partial_shape(const PartialShape& self, nb::handle other);

}  // namespace baton::python
