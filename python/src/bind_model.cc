// SPDX-License-Identifier: Apache-2.0
// Copyright (C) 2026 The Baton authors
#include "baton/model.hpp"

#include <nanobind/stl/shared_ptr.h>
#include <nanobind/stl/string.h>
#include <nanobind/stl/vector.h>

#include <map>

#include "baton/exception.hpp"
#include "bindings.h"
#include "gil.h"
#include "lookup.h"
#include "shapes.h"
#include "text.h"

namespace baton::python {
namespace {

std::vector<Port> ports(const std::vector<Output<const Node>>& list) { return {list.begin(), list.end()}; }

std::size_t input_index(const Model& model, nb::handle key) {
  const std::size_t count = model.inputs().size();
  std::size_t index = 0;
  if (nb::try_cast(key, index) && index < count) return index;
  throw nb::index_error(("there is no input " + shown(key) + ": the model has " + std::to_string(count)).c_str());
}

void reshape(Model& model, nb::handle shapes) {
  if (!PyDict_Check(shapes.ptr())) {
    model.reshape(to_partial_shape(shapes));
    return;
  }
  std::map<std::size_t, PartialShape> by_index;
  const Model& fixed = model;
  for (auto [key, shape] : nb::cast<nb::dict>(shapes)) {
    std::size_t index = 0;
    if (PyLong_Check(key.ptr())) index = input_index(fixed, key);
    else if (PyUnicode_Check(key.ptr())) index = fixed.input(nb::cast<std::string>(key)).get_index();
    else index = fixed.input(nb::cast<const Port&>(key).get_any_name()).get_index();
    by_index[index] = to_partial_shape(shape);
  }
  model.reshape(by_index);
}

std::string text_of(const Model& model) {
  std::string text = "<Model: '" + model.get_friendly_name() + "'\ninputs[\n";
  for (const Port& port : ports(model.inputs())) text += shown(nb::cast(port)) + "\n";
  text += "]\noutputs[\n";
  for (const Port& port : ports(model.outputs())) text += shown(nb::cast(port)) + "\n";
  return text + "]>";
}

void bind_model_ports(nb::class_<Model>& type) {
  type.def_prop_ro(
      "inputs", [](const Model& self) { return ports(self.inputs()); }, "In the order of the model.");
  type.def_prop_ro(
      "outputs", [](const Model& self) { return ports(self.outputs()); }, "In the order of the model.");
  type.def(
      "input", [](const Model& self) -> Port { return self.input(); }, "The only input. Raises if there are more.");
  type.def(
      "input", [](const Model& self, std::size_t index) -> Port { return self.input(index); }, nb::arg("index"));
  type.def(
      "input", [](const Model& self, const std::string& name) -> Port { return self.input(name); },
      nb::arg("tensor_name"));
  type.def(
      "output", [](const Model& self) -> Port { return self.output(); }, "The only output. Raises if there are more.");
  type.def(
      "output", [](const Model& self, std::size_t index) -> Port { return self.output(index); }, nb::arg("index"));
  type.def(
      "output", [](const Model& self, const std::string& name) -> Port { return self.output(name); },
      nb::arg("tensor_name"));
  type.def(
      "get_output_size", [](const Model& self) { return self.outputs().size(); }, "Number of outputs.");
  type.def(
      "get_output_element_type",
      [](const Model& self, std::size_t index) { return self.output(index).get_element_type(); }, nb::arg("index"));
  type.def(
      "get_output_shape", [](const Model& self, std::size_t index) { return self.output(index).get_shape(); },
      nb::arg("index"));
  type.def(
      "get_output_partial_shape",
      [](const Model& self, std::size_t index) { return self.output(index).get_partial_shape(); }, nb::arg("index"));
}

nb::object to_python(const Any& value) {
  if (!value.is<AnyMap>()) return nb::cast(value.to_string());
  nb::dict entries;
  for (const auto& [key, inner] : value.as<AnyMap>()) entries[key.c_str()] = to_python(inner);
  return entries;
}

std::vector<std::string> to_path(nb::handle path) {
  if (PyUnicode_Check(path.ptr())) return {nb::cast<std::string>(path)};
  return nb::cast<std::vector<std::string>>(path);
}

constinit Lookup any_class("baton._any", "OVAny");
constinit Lookup wrapped("baton._any", "wrapped");

void bind_rt_info(nb::class_<Model>& type) {
  const auto all = [](const Model& self) { return wrapped.get()(to_python(self.get_rt_info())); };
  type.def("get_rt_info", all, nb::sig("def get_rt_info(self) -> dict[str, typing.Any]"),
           "What the file says of itself, as nested dicts; ONNX metadata stands below \"framework\".");
  type.def(
      "get_rt_info",
      [](const Model& self, nb::handle path) {
        return any_class.get()(to_python(self.get_rt_info<Any>(to_path(path))));
      },
      nb::arg("path"), nb::sig("def get_rt_info(self, path: str | list[str]) -> baton._any.OVAny"),
      "The entry of this path: `value` is a text or a dict of them. Raises for one that is not there.");
  type.def(
      "has_rt_info", [](const Model& self, nb::handle path) { return self.has_rt_info(to_path(path)); },
      nb::arg("path"), nb::sig("def has_rt_info(self, path: str | list[str]) -> bool"),
      "Whether there is such an entry.");
  type.def_prop_ro("rt_info", all, nb::sig("def rt_info(self) -> dict[str, typing.Any]"), "The same as get_rt_info().");
}

}  // namespace

void bind_model(nb::module_& module) {
  nb::class_<Model> type(module, "Model",
                         "A model as read_model found it: its ports, and the shapes it is to be compiled for.");
  bind_model_ports(type);
  bind_rt_info(type);
  const auto clone = [](const Model& self) { return self.clone(); };
  type.def_prop_ro("friendly_name", &Model::get_friendly_name, "The graph's name.");
  type.def("get_friendly_name", &Model::get_friendly_name, "The graph's name.");
  type.def_prop_ro("name", &Model::get_name, "The graph's name.");
  type.def("get_name", &Model::get_name, "The graph's name.");
  type.def("is_dynamic", &Model::is_dynamic, "True when a dimension of an input is not known.");
  type.def_prop_ro("dynamic", &Model::is_dynamic, "True when a dimension of an input is not known.");
  type.def("reshape", reshape, nb::arg("partial_shape"),
           "Sets the shape of the only input, or a dict of shapes by index, name or port. Compiled models are not "
           "affected.");
  type.def("clone", clone, "A copy with shapes of its own.");
  type.def(
      "__deepcopy__", [clone](const Model& self, nb::handle) { return clone(self); }, nb::arg("memo"));
  type.def("__copy__", [](const Model&) -> nb::object {
    throw nb::type_error("a model cannot be copied in part; use copy.deepcopy or clone()");
  });
  type.def(
      "__enter__", [](nb::object self) { return self; }, nb::sig("def __enter__(self) -> Model"));
  type.def(
      "__exit__", [](const Model&, nb::args) {}, nb::sig("def __exit__(self, *args: object) -> None"));
  type.def("__repr__", text_of);
}

}  // namespace baton::python
