// SPDX-License-Identifier: Apache-2.0
// Copyright (C) 2026 The Baton authors
#include <nanobind/stl/string.h>
#include <nanobind/stl/unique_ptr.h>
#include <nanobind/stl/vector.h>

#include <chrono>

#include "baton/exception.hpp"
#include "bindings.h"
#include "errors.h"
#include "inference.h"

namespace baton::python {
namespace {

int traverse(PyObject* self, visitproc visit, void* arg) {
  Py_VISIT(Py_TYPE(self));
  if (!nb::inst_ready(self)) return 0;
  return visit_callback(*nb::inst_ptr<RequestObject>(self)->callback, visit, arg);
}

int clear(PyObject* self) {
  *nb::inst_ptr<RequestObject>(self)->callback = {};
  return 0;
}

/// What a callback raised comes out of a request's wait as a RuntimeError with its text (B-1535).
template <typename F>
auto waiting(const F& wait) {
  try {
    return without_gil(wait);
  } catch (const RaisedInPython& error) {
    throw std::runtime_error(error.what());
  }
}

void set_callback(RequestObject& self, nb::object function, nb::object userdata) {
  if (function.is_none()) {
    self.request.set_callback({});
    *self.callback = {};
    return;
  }
  if (!PyCallable_Check(function.ptr())) throw nb::type_error("the callback of a request must be callable");
  self.request.set_callback([callback = self.callback](const std::exception_ptr&) {
    with_gil([&] {
      if (!callback->function) return;
      call_user(nb::borrow(callback->function.get()),
                callback->userdata ? nb::borrow(callback->userdata.get()) : nb::none());
    });
  });
  *self.callback = {keep(function), keep(userdata)};
}

void start_async(RequestObject& self, nb::handle inputs, nb::object userdata, bool share_inputs) {
  InputSetter(self.request, *self.ports, self.shared, share_inputs).set(inputs);
  if (!userdata.is_none()) self.callback->userdata = keep(userdata);
  without_gil([&] { self.request.start_async(); });
  release_kept();
}

nb::object userdata(const RequestObject& self) {
  return self.callback->userdata ? nb::borrow(self.callback->userdata.get()) : nb::none();
}

std::vector<Tensor> tensors(RequestObject& self, bool output) {
  std::vector<Tensor> list;
  const std::size_t count = output ? self.ports->outputs.size() : self.ports->inputs.size();
  for (std::size_t i = 0; i < count; ++i)
    list.push_back(output ? self.request.get_output_tensor(i) : self.request.get_input_tensor(i));
  return list;
}

std::vector<Port> input_ports(const RequestObject& self) {
  std::vector<Port> list;
  for (const ModelPorts::Input& input : self.ports->inputs) list.push_back(input.port);
  return list;
}

void set_input_tensors(RequestObject& self, nb::dict given) {
  for (auto [key, tensor] : given) {
    const std::size_t index = input_position(*self.ports, key);
    self.request.set_input_tensor(index, nb::cast<const Tensor&>(tensor));
    self.shared[index] = true;
  }
}

/// Names and ports of outputs are taken as well.
void set_tensor(RequestObject& self, nb::handle key, const Tensor& tensor) {
  if (PyUnicode_Check(key.ptr())) self.request.set_tensor(nb::cast<std::string>(key), tensor);
  else self.request.set_tensor(nb::cast<const Port&>(key), tensor);
  for (std::size_t i = 0; i < self.ports->inputs.size(); ++i) {
    if (self.request.get_input_tensor(i).impl() == tensor.impl()) self.shared[i] = true;
  }
}

void set_tensors(RequestObject& self, nb::dict given) {
  for (auto [key, tensor] : given) {
    if (PyLong_Check(key.ptr()))
      self.request.set_input_tensor(nb::cast<std::size_t>(key), nb::cast<const Tensor&>(tensor));
    else set_tensor(self, key, nb::cast<const Tensor&>(tensor));
  }
}

void set_output_tensors(RequestObject& self, nb::dict given) {
  for (auto [key, tensor] : given) {
    if (PyLong_Check(key.ptr()))
      self.request.set_output_tensor(nb::cast<std::size_t>(key), nb::cast<const Tensor&>(tensor));
    else set_tensor(self, key, nb::cast<const Tensor&>(tensor));
  }
}

void bind_running(nb::class_<RequestObject>& type) {
  type.def(
      "infer",
      [](RequestObject& self, nb::object inputs, bool share_inputs, bool share_outputs, bool decode_strings) {
        return self.infer(inputs, share_inputs, share_outputs, decode_strings);
      },
      nb::arg("inputs") = nb::none(), nb::arg("share_inputs") = false, nb::arg("share_outputs") = false, nb::kw_only(),
      nb::arg("decode_strings") = true,
      nb::sig("def infer(self, inputs: object = None, share_inputs: bool = False, share_outputs: bool = False, *, "
              "decode_strings: bool = True) -> baton._results.Results"),
      "Runs and waits. `inputs`: a dict by index, name or port, a list in port order, or the one input's array; "
      "inputs that are not given keep their last value. With `share_inputs` arrays are used where they lie, with "
      "`share_outputs` results lie on the request's memory and change with its next run. Calls no callback.");
  type.def("start_async", start_async, nb::arg("inputs") = nb::none(), nb::arg("userdata") = nb::none(),
           nb::arg("share_inputs") = false, "Starts a run; `wait` or the callback tells of its end.");
  type.def(
      "wait", [](RequestObject& self) { waiting([&] { self.request.wait(); }); },
      "Blocks until run and callback are over; raises what went wrong in them.");
  type.def(
      "wait_for",
      [](RequestObject& self, std::int64_t timeout) {
        return waiting([&] { return self.request.wait_for(std::chrono::milliseconds(timeout)); });
      },
      nb::arg("timeout"), "The same for at most `timeout` ms; False when that passed, or when nothing was started.");
  type.def(
      "cancel", [](RequestObject& self) { without_gil([&] { self.request.cancel(); }); },
      "Ends what waits at once and asks the engine to stop what runs.");
  type.def(
      "set_callback", set_callback, nb::arg("callback").none(), nb::arg("userdata") = nb::none(),
      "Calls callback(userdata) once per start_async, on a thread of Baton, before wait returns; None removes it.");
  type.def_prop_ro("userdata", userdata, "What was given to set_callback or start_async.");
}

void bind_getting(nb::class_<RequestObject>& type) {
  type.def(
      "get_tensor", [](RequestObject& self, const std::string& name) { return self.request.get_tensor(name); },
      nb::arg("name"));
  type.def(
      "get_tensor", [](RequestObject& self, const Port& port) { return self.request.get_tensor(port); },
      nb::arg("port"));
  type.def(
      "get_input_tensor", [](RequestObject& self) { return self.request.get_input_tensor(); }, "Of the only input.");
  type.def(
      "get_input_tensor", [](RequestObject& self, std::size_t index) { return self.request.get_input_tensor(index); },
      nb::arg("index"));
  type.def(
      "get_output_tensor", [](RequestObject& self) { return self.request.get_output_tensor(); }, "Of the only output.");
  type.def(
      "get_output_tensor", [](RequestObject& self, std::size_t index) { return self.request.get_output_tensor(index); },
      nb::arg("index"));
  type.def_prop_ro(
      "input_tensors", [](RequestObject& self) { return tensors(self, false); }, "In port order.");
  type.def_prop_ro(
      "output_tensors", [](RequestObject& self) { return tensors(self, true); }, "In port order.");
  type.def_prop_ro(
      "inputs", [](RequestObject& self) { return tensors(self, false); }, "In port order.");
  type.def_prop_ro(
      "outputs", [](RequestObject& self) { return tensors(self, true); }, "In port order.");
  type.def_prop_ro("model_inputs", input_ports, "The model's inputs.");
  type.def_prop_ro(
      "model_outputs", [](const RequestObject& self) { return self.ports->outputs; }, "The model's outputs.");
  type.def_prop_ro(
      "results", [](RequestObject& self) { return results_of(self.request, *self.ports, false); },
      nb::sig("def results(self) -> baton._results.Results"), "Copies of the outputs of the last run.");
}

void bind_setting(nb::class_<RequestObject>& type) {
  type.def("set_tensor", set_tensor, nb::arg("port"), nb::arg("tensor"),
           "By name or port, of an input or output. The tensor's memory is used as it is.");
  type.def("set_tensors", set_tensors, nb::arg("inputs"),
           nb::sig("def set_tensors(self, inputs: dict[typing.Any, Tensor]) -> None"),
           "A dict of tensors by index of an input, name or port.");
  type.def(
      "set_input_tensor",
      [](RequestObject& self, const Tensor& tensor) {
        self.request.set_input_tensor(tensor);
        self.shared[0] = true;
      },
      nb::arg("tensor"), "Of the only input.");
  type.def(
      "set_input_tensor",
      [](RequestObject& self, std::size_t index, const Tensor& tensor) {
        self.request.set_input_tensor(index, tensor);
        self.shared[index] = true;
      },
      nb::arg("index"), nb::arg("tensor"));
  type.def(
      "set_output_tensor", [](RequestObject& self, const Tensor& tensor) { self.request.set_output_tensor(tensor); },
      nb::arg("tensor"), "Of the only output.");
  type.def(
      "set_output_tensor",
      [](RequestObject& self, std::size_t index, const Tensor& tensor) {
        self.request.set_output_tensor(index, tensor);
      },
      nb::arg("index"), nb::arg("tensor"));
  type.def("set_input_tensors", set_input_tensors, nb::arg("inputs"),
           nb::sig("def set_input_tensors(self, inputs: dict[typing.Any, Tensor]) -> None"),
           "A dict of tensors by index, name or port.");
  type.def("set_output_tensors", set_output_tensors, nb::arg("outputs"),
           nb::sig("def set_output_tensors(self, outputs: dict[typing.Any, Tensor]) -> None"),
           "A dict of tensors by index, name or port.");
}

void bind_record(nb::class_<RequestObject>& type) {
  type.def_prop_ro(
      "latency", [](const RequestObject& self) { return self.request.latency(); },
      "ms from start to completion of the last run, waiting included; 0.0 before the first.");
  type.def_prop_ro(
      "run_time", [](const RequestObject& self) { return self.request.run_time(); },
      "ms that the last run took on the device.");
  type.def_prop_ro(
      "device", [](const RequestObject& self) { return self.request.device(); },
      "Where the last run was; empty before the first.");
  type.def_prop_ro(
      "engine", [](const RequestObject& self) { return self.request.engine(); },
      "What ran it; empty before the first run.");
  type.def_prop_ro(
      "generation", [](const RequestObject& self) { return self.request.generation(); },
      "Number of the executable that ran it: 1 for the first, one more after each hand-over.");
  type.def_prop_ro(
      "attempts", [](const RequestObject& self) { return self.request.attempts(); },
      "On how many executables the last run was tried.");
  const auto profile = [](const RequestObject& self) { return self.request.get_profiling_info(); };
  type.def("get_profiling_info", profile,
           "Counters by node of the last run, with PERF_COUNT. Raises NotImplemented where there are none.");
  type.def_prop_ro("profiling_info", profile,
                   "Counters by node of the last run, with PERF_COUNT. Raises NotImplemented where there are none.");
  type.def(
      "query_state", [](RequestObject& self) { return without_gil([&] { return self.request.query_state(); }); },
      "The variables that this request of a stateful model keeps; an empty list for other models. Raises "
      "NotImplemented "
      "where several devices serve.");
  type.def(
      "reset_state", [](RequestObject& self) { without_gil([&] { self.request.reset_state(); }); },
      "Resets all of them.");
  type.def(
      "get_compiled_model",
      [](const RequestObject& self) {
        return std::make_unique<CompiledModelObject>(self.request.get_compiled_model());
      },
      "The model that the request belongs to.");
  type.def("__repr__", [](const RequestObject& self) {
    return "<InferRequest: " + std::to_string(self.ports->inputs.size()) + " inputs, " +
           std::to_string(self.ports->outputs.size()) + " outputs>";
  });
}

}  // namespace

void bind_infer_request(nb::module_& module) {
  static PyType_Slot slots[] = {
      {Py_tp_traverse, reinterpret_cast<void*>(traverse)}, {Py_tp_clear, reinterpret_cast<void*>(clear)}, {0, nullptr}};
  nb::class_<RequestObject> type(module, "InferRequest", nb::type_slots(slots), nb::is_weak_referenceable(),
                                 "One inference at a time: its inputs, its outputs and its completion. One thread at a "
                                 "time; `cancel` may come from any.");
  bind_running(type);
  bind_getting(type);
  bind_setting(type);
  bind_record(type);
}

}  // namespace baton::python
