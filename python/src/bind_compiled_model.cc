// SPDX-License-Identifier: Apache-2.0
// Copyright (C) 2026 The Baton authors
#include <nanobind/stl/optional.h>
#include <nanobind/stl/string.h>
#include <nanobind/stl/unique_ptr.h>
#include <nanobind/stl/vector.h>

#include <chrono>
#include <optional>
#include <sstream>

#include "any.h"
#include "bindings.h"
#include "inference.h"

namespace baton::python {
namespace {

int traverse(PyObject* self, visitproc visit, void* arg) {
  Py_VISIT(Py_TYPE(self));
  if (!nb::inst_ready(self)) return 0;
  return visit_callback(*nb::inst_ptr<CompiledModelObject>(self)->listener, visit, arg);
}

int clear(PyObject* self) {
  *nb::inst_ptr<CompiledModelObject>(self)->listener = {};
  return 0;
}

std::vector<Port> input_ports(const CompiledModelObject& self) {
  const auto ports = self.model.inputs();
  return {ports.begin(), ports.end()};
}

bool wait_until_steady(const CompiledModelObject& self, std::optional<double> timeout) {
  std::optional<std::chrono::milliseconds> limit;
  if (timeout) limit = std::chrono::milliseconds(static_cast<std::int64_t>(*timeout));
  return without_gil([&] { return self.model.wait_until_steady(limit); });
}

void on_event(CompiledModelObject& self, nb::object function) {
  *self.listener = {};
  if (!function.is_none()) self.listener->function = keep(function);
  without_gil(
      [&] { self.model.set_event_callback(function.is_none() ? EventCallback() : event_listener(self.listener)); });
}

void bind_ports_of_model(nb::class_<CompiledModelObject>& type) {
  using Self = const CompiledModelObject;
  type.def_prop_ro("inputs", input_ports, "In the order of the model.");
  type.def_prop_ro(
      "outputs", [](Self& self) { return self.ports->outputs; }, "In the order of the model.");
  type.def(
      "input", [](Self& self) -> Port { return self.model.input(); }, "The only input. Raises if there are more.");
  type.def(
      "input", [](Self& self, std::size_t index) -> Port { return self.model.input(index); }, nb::arg("index"));
  type.def(
      "input", [](Self& self, const std::string& name) -> Port { return self.model.input(name); },
      nb::arg("tensor_name"));
  type.def(
      "output", [](Self& self) -> Port { return self.model.output(); }, "The only output. Raises if there are more.");
  type.def(
      "output", [](Self& self, std::size_t index) -> Port { return self.model.output(index); }, nb::arg("index"));
  type.def(
      "output", [](Self& self, const std::string& name) -> Port { return self.model.output(name); },
      nb::arg("tensor_name"));
}

void bind_inference(nb::class_<CompiledModelObject>& type) {
  type.def(
      "__call__",
      [](CompiledModelObject& self, nb::object inputs, bool share_inputs, bool share_outputs, bool decode_strings) {
        return self.infer(inputs, share_inputs, share_outputs, decode_strings);
      },
      nb::arg("inputs") = nb::none(), nb::arg("share_inputs") = true, nb::arg("share_outputs") = false, nb::kw_only(),
      nb::arg("decode_strings") = true,
      nb::sig("def __call__(self, inputs: object = None, share_inputs: bool = True, share_outputs: bool = False, *, "
              "decode_strings: bool = True) -> baton._results.Results"),
      "Runs and waits, on a request of its own for each thread. Arguments as for InferRequest.infer, but arrays are "
      "used where they lie. Texts come as arrays of str, of bytes without `decode_strings`.");
  type.def(
      "infer_new_request",
      [](CompiledModelObject& self, nb::object inputs) { return self.create_request()->infer(inputs, false, false); },
      nb::arg("inputs") = nb::none(),
      nb::sig("def infer_new_request(self, inputs: object = None) -> baton._results.Results"),
      "Runs on a new request and waits.");
  type.def("create_infer_request", &CompiledModelObject::create_request,
           "A request; any number may be made, those beyond what the device takes wait their turn.");
}

void bind_insight(nb::class_<CompiledModelObject>& type) {
  using Self = const CompiledModelObject;
  type.def(
      "get_property",
      [](Self& self, const std::string& name) {
        return from_any(name, without_gil([&] { return self.model.get_property(name); }));
      },
      nb::arg("property"), nb::sig("def get_property(self, property: str) -> typing.Any"),
      "Raises InvalidArgument for a key that the model does not have.");
  type.def(
      "set_property",
      [](CompiledModelObject& self, nb::object properties) {
        const AnyMap map = to_properties(properties);
        without_gil([&] { self.model.set_property(map); });
      },
      nb::arg("properties"), "A dict, or a (name, value) pair. Raises NotImplemented for what cannot change any more.");
  type.def(
      "explain", [](Self& self) { return without_gil([&] { return self.model.explain(); }); },
      "Why the model runs where it runs.");
  type.def(
      "statistics", [](Self& self) { return without_gil([&] { return self.model.statistics(); }); },
      "Counters of every way to run, so far.");
  type.def("wait_until_steady", wait_until_steady, nb::arg("timeout") = nb::none(),
           "Blocks until nothing is left to prepare; False when `timeout` ms passed first.");
  type.def("on_event", on_event, nb::arg("callback").none(),
           "Calls callback(event) for each event from now on, on a thread of Baton; None ends that.");
  type.def(
      "query_state",
      [](CompiledModelObject& self) {
        InferRequest& request = self.request_of_calls().request;
        return without_gil([&] { return request.query_state(); });
      },
      "The variables of the request that calls of the model itself use. REQUIRES: one thread calls it.");
  type.def(
      "reset_state",
      [](CompiledModelObject& self) {
        InferRequest& request = self.request_of_calls().request;
        without_gil([&] { request.reset_state(); });
      },
      "Resets all of them.");
  type.def(
      "get_runtime_model", [](Self& self) { self.model.get_runtime_model(); }, "Not offered: NotImplemented.");
  type.def(
      "export_model",
      [](Self& self, nb::object) {
        std::ostringstream nowhere;
        self.model.export_model(nowhere);
      },
      nb::arg("model_stream") = nb::none(), "Not offered: NotImplemented.");
  type.def("__repr__", [](Self& self) {
    return "<CompiledModel: '" + self.model.get_property("NETWORK_NAME").to_string() + "' on " +
           self.model.get_property("EXECUTION_DEVICES").to_string() + ">";
  });
}

}  // namespace

void bind_compiled_model(nb::module_& module) {
  static PyType_Slot slots[] = {
      {Py_tp_traverse, reinterpret_cast<void*>(traverse)}, {Py_tp_clear, reinterpret_cast<void*>(clear)}, {0, nullptr}};
  nb::class_<CompiledModelObject> type(module, "CompiledModel", nb::type_slots(slots), nb::is_weak_referenceable(),
                                       "A model that is ready to run. On AUTO a helper may serve it while something "
                                       "better is prepared. Thread-safe.");
  bind_ports_of_model(type);
  bind_inference(type);
  bind_insight(type);
}

}  // namespace baton::python
