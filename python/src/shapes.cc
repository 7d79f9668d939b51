// SPDX-License-Identifier: Apache-2.0
// Copyright (C) 2026 The Baton authors
#include "shapes.h"

#include <cstdint>
#include <limits>
#include <vector>

#include "baton/exception.hpp"
#include "text.h"

namespace baton::python {
namespace {

bool is_sequence(nb::handle value) {
  return PySequence_Check(value.ptr()) && !PyUnicode_Check(value.ptr()) && !PyBytes_Check(value.ptr());
}

[[noreturn]] void wrong_type(nb::handle value, const char* expected) {
  throw nb::type_error(("got " + shown(value) + ", expected " + expected).c_str());
}

}  // namespace

Shape to_shape(nb::handle value) {
  if (Shape shape; nb::try_cast(value, shape)) return shape;
  if (!is_sequence(value)) wrong_type(value, "a shape: a sequence of lengths");
  Shape shape;
  for (nb::handle item : nb::iter(value)) {
    std::size_t length = 0;
    if (PyIndex_Check(item.ptr()) && nb::try_cast(nb::int_(item), length)) shape.push_back(length);
    else wrong_type(item, "the length of a dimension: a whole number, 0 or more");
  }
  return shape;
}

Dimension dimension_of_text(const std::string& text) {
  const PartialShape shape("[" + text + "]");
  if (!shape.rank_is_static() || shape.size() != 1)
    throw Exception(ErrorCode::InvalidArgument, "'" + text + "' is no dimension; expected text such as 3, ? or 1..8");
  return shape[0];
}

Dimension to_dimension(nb::handle value) {
  if (Dimension dimension; nb::try_cast(value, dimension)) return dimension;
  if (PyUnicode_Check(value.ptr())) return dimension_of_text(nb::cast<std::string>(value));
  if (PyIndex_Check(value.ptr())) return Dimension(nb::cast<std::int64_t>(nb::int_(value)));
  if (is_sequence(value) && nb::len(value) == 2)
    return Dimension(nb::cast<std::int64_t>(value[0]), nb::cast<std::int64_t>(value[1]));
  wrong_type(value, "a dimension: a length (-1: unknown), a text such as '1..8', or a pair (lower, upper)");
}

PartialShape to_partial_shape(nb::handle value) {
  if (PartialShape shape; nb::try_cast(value, shape)) return shape;
  if (Shape shape; nb::try_cast(value, shape)) return PartialShape(shape);
  if (PyUnicode_Check(value.ptr())) return PartialShape(nb::cast<std::string>(value));
  if (!is_sequence(value)) wrong_type(value, "a shape: a text such as '[1,3,?,1..8]' or a sequence of dimensions");
  std::vector<Dimension> dimensions;
  for (nb::handle item : nb::iter(value)) dimensions.push_back(to_dimension(item));
  return PartialShape(std::move(dimensions));
}

Shape max_shape(const PartialShape& shape) {
  Shape result;
  for (const Dimension& dimension : shape) {
    const std::int64_t length = dimension.get_max_length();
    result.push_back(static_cast<std::size_t>(length < 0 ? std::numeric_limits<std::int64_t>::max() : length));
  }
  return result;
}

nb::tuple to_tuple(const Shape& shape) {
  PyObject* const tuple = PyTuple_New(static_cast<Py_ssize_t>(shape.size()));
  for (std::size_t i = 0; i < shape.size(); ++i)
    PyTuple_SET_ITEM(tuple, static_cast<Py_ssize_t>(i), PyLong_FromSize_t(shape[i]));
  return nb::steal<nb::tuple>(tuple);
}

bool equals_dimension(const Dimension& self, nb::handle other) {
  if (Dimension dimension; nb::try_cast(other, dimension)) return self == dimension;
  std::int64_t length = 0;
  return PyIndex_Check(other.ptr()) && nb::try_cast(nb::int_(other), length) && self == Dimension(length);
}

bool equals_shape(const Shape& self, nb::handle other) {
  if (Shape shape; nb::try_cast(other, shape)) return self == shape;
  return is_sequence(other) && nb::tuple(other).equal(to_tuple(self));
}

bool equals_partial_shape(const PartialShape& self, nb::handle other) {
  if (PartialShape shape; nb::try_cast(other, shape)) return self == shape;
  if (Shape shape; nb::try_cast(other, shape)) return self == PartialShape(shape);
  if (!is_sequence(other) || !self.rank_is_static() || nb::len(other) != self.size()) return false;
  for (std::size_t i = 0; i < self.size(); ++i)
    if (!equals_dimension(self[i], other[i])) return false;
  return true;
}

}  // namespace baton::python
