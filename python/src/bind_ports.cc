// SPDX-License-Identifier: Apache-2.0
// Copyright (C) 2026 The Baton authors
#include <nanobind/operators.h>
#include <nanobind/stl/string.h>
#include <nanobind/stl/unordered_set.h>

#include <functional>

#include "baton/port.hpp"
#include "bindings.h"
#include "gil.h"

namespace baton::python {
namespace {

std::string text_of(const Port& port) {
  std::string names;
  for (const std::string& name : port.get_names()) names.append(names.empty() ? "" : ", ").append(name);
  const PartialShape shape = without_gil([&] { return port.get_partial_shape(); });
  return "<ConstOutput: names[" + names + "] shape" + shape.to_string() +
         " type: " + port.get_element_type().to_string() + ">";
}

std::size_t hash_of(const Port& port) {
  return std::hash<const void*>()(port.table().get()) ^ (port.get_index() * 2 + (port.is_output() ? 1 : 0));
}

}  // namespace

void bind_ports(nb::module_& module) {
  // The shape of an output may have to be asked of an engine: without the GIL.
  const auto shape = [](const Port& port) { return without_gil([&] { return port.get_shape(); }); };
  const auto partial_shape = [](const Port& port) { return without_gil([&] { return port.get_partial_shape(); }); };
  nb::class_<Port>(module, "ConstOutput", "An input or output of a model: its names, shape and type.")
      .def_prop_ro("any_name", &Port::get_any_name, "One of its names.")
      .def("get_any_name", &Port::get_any_name, "One of its names.")
      .def_prop_ro("names", &Port::get_names, "All its names.")
      .def("get_names", &Port::get_names, "All its names.")
      .def_prop_ro("shape", shape, "Lengths, outermost first. Raises when some length is not known.")
      .def("get_shape", shape, "Lengths, outermost first. Raises when some length is not known.")
      .def_prop_ro("partial_shape", partial_shape, "The shape, of which dimensions may be unknown or bounded.")
      .def("get_partial_shape", partial_shape, "The shape, of which dimensions may be unknown or bounded.")
      .def_prop_ro("element_type", &Port::get_element_type, "Type of the elements.")
      .def("get_element_type", &Port::get_element_type, "Type of the elements.")
      .def_prop_ro("index", &Port::get_index, "Position among the inputs, or among the outputs.")
      .def("get_index", &Port::get_index, "Position among the inputs, or among the outputs.")
      .def(nb::self == nb::self, nb::sig("def __eq__(self, other: object) -> bool"))
      .def(nb::self < nb::self)
      .def("__hash__", hash_of)
      .def("__copy__", [](const Port& self) { return self; })
      .def(
          "__deepcopy__", [](const Port& self, nb::handle) { return self; }, nb::arg("memo"))
      .def("__repr__", text_of);
  module.attr("Output") = module.attr("ConstOutput");
}

}  // namespace baton::python
