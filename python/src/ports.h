// SPDX-License-Identifier: Apache-2.0
// Copyright (C) 2026 The Baton authors
#pragma once

#include <nanobind/nanobind.h>

#include <memory>
#include <string>
#include <vector>

#include "baton/compiled_model.hpp"
#include "baton/model.hpp"
#include "baton/port.hpp"

namespace baton::python {

namespace nb = nanobind;

/// What an inference needs to know of a model's ports, looked up once. Immutable; may be dropped anywhere.
struct ModelPorts {
  explicit ModelPorts(const CompiledModel& model);

  struct Input {
    Port port;
    element::Type type;
    std::size_t rank = 0;  ///< 0 where it is not known
  };
  std::vector<Input> inputs;
  std::vector<Port> outputs;
  std::shared_ptr<PyObject> output_objects;  ///< a tuple of the Python objects of `outputs`
};

/// The position of the input that a key names: an index, a name or a port. TypeError for any other key;
/// InvalidArgument for one that names nothing.
std::size_t input_position(const ModelPorts& ports, nb::handle key);

}  // namespace baton::python
