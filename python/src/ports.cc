// SPDX-License-Identifier: Apache-2.0
// Copyright (C) 2026 The Baton authors
#include "ports.h"

#include "baton/exception.hpp"
#include "gil.h"
#include "text.h"

namespace baton::python {

namespace {

std::size_t named_input(const ModelPorts& ports, const std::string& name) {
  std::string known;
  for (std::size_t i = 0; i < ports.inputs.size(); ++i) {
    if (ports.inputs[i].port.get_names().count(name) > 0) return i;
    known.append(known.empty() ? "" : ", ").append(ports.inputs[i].port.get_any_name());
  }
  throw Exception(ErrorCode::InvalidArgument, "there is no input '" + name + "'; the model has " + known);
}

}  // namespace

ModelPorts::ModelPorts(const CompiledModel& model) {
  for (const auto& port : model.inputs()) {
    const PartialShape shape = port.get_partial_shape();
    inputs.push_back({port, port.get_element_type(), shape.rank_is_static() ? shape.size() : 0});
  }
  nb::list objects;
  for (const auto& port : model.outputs()) {
    outputs.push_back(port);
    objects.append(nb::cast(static_cast<const Port&>(port)));
  }
  output_objects = keep(nb::tuple(objects));
}

std::size_t input_position(const ModelPorts& ports, nb::handle key) {
  if (PyLong_Check(key.ptr())) {
    const Py_ssize_t index = PyLong_AsSsize_t(key.ptr());
    if (index >= 0 && static_cast<std::size_t>(index) < ports.inputs.size()) return static_cast<std::size_t>(index);
    PyErr_Clear();
    throw Exception(ErrorCode::InvalidArgument, "there is no input " + nb::cast<std::string>(nb::str(key)) +
                                                    ": the model has " + std::to_string(ports.inputs.size()));
  }
  if (PyUnicode_Check(key.ptr())) return named_input(ports, nb::cast<std::string>(key));
  if (const Port* port = nullptr; nb::try_cast(key, port) && port != nullptr) {
    for (std::size_t i = 0; i < ports.inputs.size(); ++i)
      if (ports.inputs[i].port == *port) return i;
    return named_input(ports, port->get_any_name());  // a port of the model that was compiled
  }
  throw nb::type_error(("got " + shown(key) + " as the key of an input; expected an index, a name or a port").c_str());
}

}  // namespace baton::python
