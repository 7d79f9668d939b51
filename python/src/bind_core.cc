// SPDX-License-Identifier: Apache-2.0
// Copyright (C) 2026 The Baton authors
#include "baton/core.hpp"

#include <nanobind/stl/map.h>
#include <nanobind/stl/shared_ptr.h>
#include <nanobind/stl/string.h>
#include <nanobind/stl/unique_ptr.h>
#include <nanobind/stl/vector.h>

#include <sstream>
#include <utility>

#include "any.h"
#include "arrays.h"
#include "baton/exception.hpp"
#include "bindings.h"
#include "errors.h"
#include "inference.h"
#include "text.h"

namespace baton::python {
namespace {

/// The content of bytes, or of an object that can be read like a file; an invalid object for anything else.
nb::object bytes_of(nb::handle source) {
  if (PyBytes_Check(source.ptr())) return nb::borrow(source);
  if (nb::hasattr(source, "getvalue")) return source.attr("getvalue")();
  if (nb::hasattr(source, "read")) return source.attr("read")();
  return {};
}

std::string path_of(nb::handle path) {
  nb::object text = nb::steal(PyOS_FSPath(path.ptr()));
  if (!text.is_valid()) nb::raise_python_error();
  if (PyBytes_Check(text.ptr()))
    return {PyBytes_AS_STRING(text.ptr()), static_cast<std::size_t>(PyBytes_GET_SIZE(text.ptr()))};
  return nb::cast<std::string>(text);
}

/// Weights in memory: a tensor, bytes or a file object; an empty tensor where `weights` is none of these.
Tensor weights_of(nb::handle weights) {
  if (Tensor tensor; nb::try_cast(weights, tensor)) return tensor;
  const nb::object bytes = weights.is_none() ? nb::object() : bytes_of(weights);
  if (!bytes.is_valid() || PyBytes_GET_SIZE(bytes.ptr()) == 0) return {};
  return Tensor(element::u8, {static_cast<std::size_t>(PyBytes_GET_SIZE(bytes.ptr()))}, PyBytes_AS_STRING(bytes.ptr()),
                keep(bytes));
}

/// A path with the path of its weights, or a model in memory with its weights.
std::shared_ptr<Model> read_model(const Core& core, nb::handle model, nb::handle weights) {
  const Tensor tensor = weights_of(weights);
  if (const nb::object content = bytes_of(model); content.is_valid()) {
    const std::string bytes(PyBytes_AsString(content.ptr()), static_cast<std::size_t>(PyBytes_Size(content.ptr())));
    return without_gil([&] { return core.read_model(bytes, tensor); });
  }
  const std::string path = path_of(model);
  if (tensor) return without_gil([&] { return core.read_model(path, tensor); });  // the text of an IR
  const std::string weights_path = weights.is_none() ? std::string() : path_of(weights);
  return without_gil([&] { return core.read_model(path, weights_path); });
}

std::shared_ptr<Model> model_of(const Core& core, nb::handle model, nb::handle weights) {
  if (model.is_none()) return nullptr;  // the runtime says what is missing
  if (nb::isinstance<Model>(model)) return nb::cast<std::shared_ptr<Model>>(model);
  return read_model(core, model, weights);
}

std::unique_ptr<CompiledModelObject> compile_model(Core& core, nb::handle model, nb::handle device_name,
                                                   nb::handle config, nb::handle weights, nb::object on_event) {
  // The device may be left out: compile_model(model, {...}).
  const bool no_device = device_name.is_none() || PyDict_Check(device_name.ptr());
  if (!no_device && !PyUnicode_Check(device_name.ptr())) {
    throw nb::type_error(("got " + shown(device_name) +
                          " as the name of a device; expected text. The weights of a model in memory are given as "
                          "weights=...")
                             .c_str());
  }
  const std::string device = no_device ? "AUTO" : nb::cast<std::string>(device_name);
  const AnyMap properties = to_any_map(PyDict_Check(device_name.ptr()) ? device_name : config);
  const std::shared_ptr<Model> read = model_of(core, model, weights);
  auto listener = std::make_shared<UserCallback>();
  EventCallback callback;
  if (!on_event.is_none()) {
    listener->function = keep(on_event);
    callback = event_listener(listener);
  }
  CompiledModel compiled =
      without_gil([&] { return core.compile_model(read, device, properties, std::move(callback)); });
  auto object = std::make_unique<CompiledModelObject>(std::move(compiled));
  object->listener = std::move(listener);
  release_kept();
  return object;
}

nb::object get_property(const Core& core, const std::string& device, const std::string& name, nb::handle) {
  return from_any(name, without_gil([&] { return core.get_property(device, name); }));
}

void set_device_property(Core& core, const std::string& device, nb::handle properties) {
  const AnyMap map = to_properties(properties);
  without_gil([&] { core.set_property(device, map); });
}

void set_log_callback(nb::object function) {
  if (function.is_none()) {
    without_gil([] { Core::set_log_callback({}); });
    return;
  }
  LogCallback callback = [kept = keep(function)](log::Level level, const std::string& tag, const std::string& text) {
    with_gil([&] {
      const nb::object number = nb::int_(static_cast<int>(level));
      call_user(nb::borrow(kept.get()), number, nb::cast(tag), nb::cast(text));
    });
  };
  without_gil([&] { Core::set_log_callback(std::move(callback)); });
}

void bind_models(nb::class_<Core>& type) {
  type.def(
      "read_model",
      [](const Core& self, nb::object model, nb::object weights, nb::object) {
        return read_model(self, model, weights);
      },
      nb::arg("model"), nb::arg("weights") = nb::none(), nb::arg("config") = nb::none(),
      nb::sig("def read_model(self, model: object, weights: object = None, config: object = None) -> Model"),
      "Reads the structure of an ONNX, OpenVINO IR, PaddlePaddle, TensorFlow or TFLite model. `model`: a path, bytes "
      "or "
      "a file object; `weights`: a path, bytes, a file object or a Tensor, for formats of two parts.");
  type.def("compile_model", compile_model, nb::arg("model").none(), nb::arg("device_name") = nb::none(),
           nb::arg("config") = nb::none(), nb::kw_only(), nb::arg("weights") = nb::none(),
           nb::arg("on_event") = nb::none(),
           nb::sig("def compile_model(self, model: object, device_name: object = None, config: object = None, *, "
                   "weights: object = None, on_event: object = None) -> CompiledModel"),
           "A Model, or whatever read_model takes, made ready to run. Without a device name: AUTO. Returns when the "
           "first executable can serve. `on_event(event)` hears of every decision from the start.");
  type.def(
      "explain",
      [](const Core& self, const std::shared_ptr<Model>& model, const std::string& device, nb::object config) {
        const AnyMap properties = to_any_map(config);
        return without_gil([&] { return self.explain(model, device, properties); });
      },
      nb::arg("model"), nb::arg("device_name") = "AUTO", nb::arg("config") = nb::none(),
      "What compile_model would choose, without loading anything.");
  type.def(
      "query_model",
      [](const Core& self, const std::shared_ptr<Model>& model, const std::string& device, nb::object config) {
        const AnyMap properties = to_any_map(config);
        return without_gil([&] { return self.query_model(model, device, properties); });
      },
      nb::arg("model"), nb::arg("device_name"), nb::arg("config") = nb::none(),
      "The nodes that the device can run, as a dict from their names to the device; for AUTO those that every "
      "candidate "
      "can run that is able to tell. Raises NotImplemented when none is.");
}

void bind_properties(nb::class_<Core>& type) {
  type.def("set_property", set_device_property, nb::arg("device_name"), nb::arg("properties"),
           "For every later compile on the device by this Core. `properties`: a dict, or a (name, value) pair.");
  type.def(
      "set_property",
      [](Core& self, nb::handle properties) {
        const AnyMap map = to_properties(properties);
        without_gil([&] { self.set_property(map); });
      },
      nb::arg("properties"), "For every device: CACHE_DIR.");
  type.def("get_property", get_property, nb::arg("device_name"), nb::arg("property"), nb::arg("arguments") = nb::none(),
           nb::sig("def get_property(self, device_name: str, property: str, arguments: object = None) -> typing.Any"),
           "The value in the property's type. Raises InvalidArgument for a key that the device does not have.");
  type.def(
      "get_property",
      [](const Core& self, const std::string& name) {
        return from_any(name, without_gil([&] { return self.get_property(name); }));
      },
      nb::arg("property"), nb::sig("def get_property(self, property: str) -> typing.Any"),
      "For every device: CACHE_DIR.");
}

void bind_devices(nb::class_<Core>& type) {
  const auto devices = [](const Core& self) { return without_gil([&] { return self.get_available_devices(); }); };
  type.def_prop_ro("available_devices", devices, "The hardware that engines reach here, as in ['CPU', 'GPU.0'].");
  type.def("get_available_devices", devices, "The hardware that engines reach here.");
  type.def(
      "get_versions",
      [](const Core& self, const std::string& device) {
        return without_gil([&] { return self.get_versions(device); });
      },
      nb::arg("device_name"), "By device the versions of what serves it.");
  type.def(
      "get_engines", [](const Core& self) { return without_gil([&] { return self.get_engines(); }); },
      "Every engine that could be used, with the reason where it cannot. Opens all of them.");
  type.def_static("set_log_callback", set_log_callback, nb::arg("callback").none(),
                  "callback(level, tag, text) takes the log lines of the process; None gives them back to stderr.");
}

void bind_not_offered(nb::class_<Core>& type) {
  constexpr const char* kText = "Not offered: NotImplemented.";
  type.def(
      "import_model",
      [](Core& self, nb::object, const std::string& device, nb::object) {
        std::istringstream nothing;
        self.import_model(nothing, device);
      },
      nb::arg("model_stream"), nb::arg("device_name"), nb::arg("config") = nb::none(), kText);
  type.def(
      "create_context", [](Core& self, const std::string& device, nb::object) { self.create_context(device, {}); },
      nb::arg("device_name"), nb::arg("properties") = nb::none(), kText);
  type.def(
      "get_default_context", [](Core& self, const std::string& device) { self.get_default_context(device); },
      nb::arg("device_name"), kText);
}

}  // namespace

void bind_core(nb::module_& module) {
  nb::class_<Core> type(module, "Core",
                        "The way in: reads models, compiles them for a device, keeps properties. Thread-safe.");
  type.def(
      "__init__",
      [](Core* self) {
        nb::module_::import_("baton._engines").attr("announce")();
        without_gil([&] { new (self) Core(); });
      },
      "Cheap: engines are opened when something needs them.");
  bind_models(type);
  bind_properties(type);
  bind_devices(type);
  bind_not_offered(type);
  type.def("__repr__", [](const Core&) { return "<Core>"; });
  module.def("add_library_folders", &Core::add_library_folders, nb::arg("folders"));
}

}  // namespace baton::python
