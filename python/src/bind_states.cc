// SPDX-License-Identifier: Apache-2.0
// Copyright (C) 2026 The Baton authors
#include <nanobind/stl/string.h>

#include "baton/variable_state.hpp"
#include "bindings.h"
#include "gil.h"

namespace baton::python {

void bind_states(nb::module_& module) {
  nb::class_<VariableState> type(module, "VariableState",
                                 "A variable that a request of a stateful model keeps from run to run.");
  type.def_prop_ro("name", &VariableState::get_name, "The variable's name in the model.");
  type.def_prop_rw(
      "state", [](const VariableState& self) { return without_gil([&] { return self.get_state(); }); },
      [](VariableState& self, const Tensor& value) { without_gil([&] { self.set_state(value); }); },
      "A copy of the value, as a Tensor; what is assigned is copied. Raises InvalidArgument for another type or "
      "shape.");
  type.def(
      "reset", [](VariableState& self) { without_gil([&] { self.reset(); }); },
      "Back to the value before the first run.");
  type.def("__repr__", [](const VariableState& self) { return "<VariableState: '" + self.get_name() + "'>"; });
}

}  // namespace baton::python
