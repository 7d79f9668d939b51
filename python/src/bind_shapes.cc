// SPDX-License-Identifier: Apache-2.0
// Copyright (C) 2026 The Baton authors
#include <nanobind/make_iterator.h>
#include <nanobind/operators.h>
#include <nanobind/stl/string.h>
#include <nanobind/stl/vector.h>

#include "baton/exception.hpp"
#include "bindings.h"
#include "shapes.h"

namespace baton::python {
namespace {

/// A Python index, negative ones from the end. IndexError when there is no such dimension.
std::size_t position(Py_ssize_t index, std::size_t size) {
  const Py_ssize_t from_start = index < 0 ? index + static_cast<Py_ssize_t>(size) : index;
  if (from_start < 0 || from_start >= static_cast<Py_ssize_t>(size)) {
    throw nb::index_error(("dimension " + std::to_string(index) + " of " + std::to_string(size)).c_str());
  }
  return static_cast<std::size_t>(from_start);
}

/// Equal ones would need equal hashes, and a shape can change: as in OpenVINO there is none.
template <typename T>
void forbid_hash(nb::class_<T>& type) {
  type.def("__hash__", [](const T& self) -> Py_ssize_t {
    throw nb::type_error(("unhashable: " + self.to_string() + " can change; use str() or tuple() of it").c_str());
  });
}

template <typename Dims>
Dims sliced(const Dims& dims, const nb::slice& slice) {
  const auto [start, stop, step, count] = slice.compute(dims.size());
  std::vector<std::remove_cvref_t<decltype(dims[0])>> kept;
  for (std::size_t i = 0; i < count; ++i)
    kept.push_back(dims[static_cast<std::size_t>(start + static_cast<Py_ssize_t>(i) * step)]);
  return Dims(kept);
}

void bind_dimension(nb::module_& module) {
  nb::class_<Dimension> type(module, "Dimension", "One dimension that may be unknown or bounded.");
  type.def(nb::init<>(), "An unknown dimension.")
      .def(nb::init<std::int64_t>(), nb::arg("dimension"), "A length; -1: unknown.")
      .def(nb::init<std::int64_t, std::int64_t>(), nb::arg("min_dimension"), nb::arg("max_dimension"),
           "A range, both bounds included; an upper bound of -1: none.")
      .def(
          "__init__", [](Dimension* self, const std::string& text) { new (self) Dimension(dimension_of_text(text)); },
          nb::arg("str"), "From text such as '3', '?', '1..8'.")
      .def_static("dynamic", &Dimension::dynamic, "An unknown dimension.")
      .def_prop_ro("is_static", &Dimension::is_static, "True when the length is known.")
      .def_prop_ro("is_dynamic", &Dimension::is_dynamic, "True when the length is not known.")
      .def("get_length", &Dimension::get_length, "The length. Raises when it is not known.")
      .def("__len__", &Dimension::get_length)
      .def("get_min_length", &Dimension::get_min_length, "The lower bound.")
      .def("get_max_length", &Dimension::get_max_length, "The upper bound; -1: none.")
      .def_prop_ro("min_length", &Dimension::get_min_length, "The lower bound.")
      .def_prop_ro("max_length", &Dimension::get_max_length, "The upper bound; -1: none.")
      .def(
          "compatible",
          [](const Dimension& self, const Dimension& other) {
            return PartialShape({self}).compatible(PartialShape({other}));
          },
          nb::arg("dim"), "True when one length fits both.")
      .def(
          "__eq__", [](const Dimension& self, nb::handle other) { return equals_dimension(self, other); },
          nb::sig("def __eq__(self, other: object) -> bool"))
      .def("to_string", &Dimension::to_string)
      .def("__str__", &Dimension::to_string)
      .def("__repr__", [](const Dimension& self) { return "<Dimension: " + self.to_string() + ">"; });
  forbid_hash(type);
}

void bind_shape(nb::module_& module) {
  nb::class_<Shape> type(module, "Shape", "The lengths of a tensor's dimensions, outermost first.");
  type.def(nb::init<>(), "A scalar.")
      .def(nb::init<const Shape&>(), nb::arg("axis_lengths"))
      .def(
          "__init__", [](Shape* self, const std::string& text) { new (self) Shape(PartialShape(text).to_shape()); },
          nb::arg("shape"), "From text such as '[1,3,224,224]'.")
      .def(
          "__init__", [](Shape* self, nb::handle lengths) { new (self) Shape(to_shape(lengths)); },
          nb::arg("axis_lengths"), "From a sequence of lengths.")
      .def("__len__", [](const Shape& self) { return self.size(); })
      .def("__getitem__", [](const Shape& self, Py_ssize_t index) { return self[position(index, self.size())]; })
      .def("__getitem__", sliced<Shape>)
      .def("__setitem__",
           [](Shape& self, Py_ssize_t index, std::size_t length) { self[position(index, self.size())] = length; })
      .def(
          "__iter__",
          [](const Shape& self) {
            return nb::make_iterator(nb::type<Shape>(), "ShapeIterator", self.begin(), self.end());
          },
          nb::keep_alive<0, 1>())
      .def(
          "__eq__", [](const Shape& self, nb::handle other) { return equals_shape(self, other); },
          nb::sig("def __eq__(self, other: object) -> bool"))
      .def("to_string", &Shape::to_string)
      .def("__str__", &Shape::to_string)
      .def("__repr__", [](const Shape& self) { return "<Shape: " + self.to_string() + ">"; });
  forbid_hash(type);
}

std::size_t rank_of(const PartialShape& shape) { return static_cast<std::size_t>(shape.rank().get_length()); }

void bind_partial_shape_values(nb::class_<PartialShape>& type) {
  type.def_static("dynamic", &PartialShape::dynamic, "A shape of unknown rank.")
      .def_static(
          "dynamic",
          [](nb::handle given) {
            const Dimension rank = to_dimension(given);
            if (rank.is_dynamic()) return PartialShape::dynamic();
            return PartialShape(std::vector<Dimension>(static_cast<std::size_t>(rank.get_length())));
          },
          nb::arg("rank"), "Unknown dimensions of a known rank.")
      .def_prop_ro("is_static", &PartialShape::is_static, "True when every length is known.")
      .def_prop_ro("is_dynamic", &PartialShape::is_dynamic, "True when some length is not known.")
      .def_prop_ro("rank", &PartialShape::rank, "The number of dimensions.")
      .def_prop_ro(
          "all_non_negative", [](const PartialShape&) { return true; }, "Always true.")
      .def("get_shape", &PartialShape::get_shape, "The shape. Raises when some length is not known.")
      .def("to_shape", &PartialShape::to_shape, "The shape. Raises when some length is not known.")
      .def("get_min_shape", &PartialShape::get_min_shape, "The lower bounds.")
      .def("get_max_shape", max_shape, "The upper bounds; the largest number where there is none.")
      .def(
          "get_dimension",
          [](const PartialShape& self, Py_ssize_t index) { return self[position(index, self.size())]; },
          nb::arg("index"))
      .def("compatible", &PartialShape::compatible, nb::arg("shape"), "True when one shape fits both.");
}

void bind_partial_shape(nb::module_& module) {
  nb::class_<PartialShape> type(module, "PartialShape",
                                "A shape of which dimensions, or even the rank, may be unknown.");
  type.def(
      "__init__", [](PartialShape* self, nb::handle shape) { new (self) PartialShape(to_partial_shape(shape)); },
      nb::arg("shape"),
      "From text such as '[1,3,?,1..8]', a shape, or a sequence of lengths (-1: unknown), Dimensions, texts and "
      "(lower, upper) pairs.");
  bind_partial_shape_values(type);
  type.def("__len__", &rank_of)
      .def("__getitem__", [](const PartialShape& self, Py_ssize_t index) { return self[position(index, self.size())]; })
      .def("__getitem__", sliced<PartialShape>)
      .def("__setitem__", [](PartialShape& self, Py_ssize_t index,
                             nb::handle value) { self[position(index, self.size())] = to_dimension(value); })
      .def(
          "__iter__",
          [](const PartialShape& self) {
            return nb::make_iterator(nb::type<PartialShape>(), "PartialShapeIterator", self.begin(), self.end());
          },
          nb::keep_alive<0, 1>())
      .def(
          "__eq__", [](const PartialShape& self, nb::handle other) { return equals_partial_shape(self, other); },
          nb::sig("def __eq__(self, other: object) -> bool"))
      .def("__copy__", [](const PartialShape& self) { return self; })
      .def(
          "__deepcopy__", [](const PartialShape& self, nb::handle) { return self; }, nb::arg("memo"))
      .def("to_string", &PartialShape::to_string)
      .def("__str__", &PartialShape::to_string)
      .def("__repr__", [](const PartialShape& self) { return "<PartialShape: " + self.to_string() + ">"; });
  forbid_hash(type);
}

}  // namespace

void bind_shapes(nb::module_& module) {
  bind_dimension(module);
  bind_shape(module);
  bind_partial_shape(module);
}

}  // namespace baton::python
