// SPDX-License-Identifier: Apache-2.0
// Copyright (C) 2026 The Baton authors
#include "inference.h"

#include <nanobind/stl/string.h>

#include "arrays.h"
#include "baton/exception.hpp"
#include "errors.h"
#include "lookup.h"
#include "texts.h"

namespace baton::python {
namespace {

constinit Lookup results_class("baton._results", "Results");

/// A list of plain values is the one input's data and not a list of inputs.
bool is_plain_list(nb::handle list) {
  for (nb::handle item : nb::borrow<nb::list>(list)) {
    PyObject* value = item.ptr();
    while (PyList_Check(value) && PyList_GET_SIZE(value) > 0) value = PyList_GET_ITEM(value, 0);
    if (!PyFloat_Check(value) && !PyLong_Check(value) && !PyUnicode_Check(value) && !PyBytes_Check(value)) return false;
  }
  return PyList_GET_SIZE(list.ptr()) > 0;
}

}  // namespace

void InputSetter::set(nb::handle inputs) {
  if (inputs.is_none()) return;
  if (PyDict_Check(inputs.ptr())) {
    PyObject* key = nullptr;
    PyObject* value = nullptr;
    Py_ssize_t position = 0;
    while (PyDict_Next(inputs.ptr(), &position, &key, &value)) set_one(input_position(ports_, key), value);
  } else if (PyTuple_Check(inputs.ptr()) ||
             (PyList_Check(inputs.ptr()) && !(ports_.inputs.size() == 1 && is_plain_list(inputs)))) {
    set_all(inputs);
  } else if (nb::isinstance(inputs, results_class.get())) {
    set_all(inputs.attr("to_tuple")());
  } else {
    require_single_input();
    set_one(0, inputs);
  }
}

void InputSetter::require_single_input() const {
  if (ports_.inputs.size() == 1) return;
  throw Exception(ErrorCode::InvalidArgument, "one value was given to a model of " +
                                                  std::to_string(ports_.inputs.size()) +
                                                  " inputs; give a list, or a dict by index, name or port");
}

void InputSetter::set_all(nb::handle sequence) {
  std::size_t index = 0;
  for (nb::handle value : nb::iter(sequence)) {
    if (index == ports_.inputs.size()) {
      throw Exception(ErrorCode::InvalidArgument, "got " + std::to_string(nb::len(sequence)) +
                                                      " inputs, the model has " + std::to_string(ports_.inputs.size()));
    }
    set_one(index++, value);
  }
}

void InputSetter::set_one(std::size_t index, nb::handle value) {
  if (const Tensor* tensor = nullptr; nb::try_cast(value, tensor) && tensor != nullptr) {
    request_.set_input_tensor(index, *tensor);
    shared_[index] = true;
  } else {
    set_array(index, value);
  }
}

void InputSetter::set_array(std::size_t index, nb::handle value) {
  const ModelPorts::Input& port = ports_.inputs[index];
  if (port.type == element::string) {
    request_.set_input_tensor(index, text_tensor(value, port.rank));
    shared_[index] = false;
    return;
  }
  nb::object array = nb::borrow(value);
  ArrayMemory memory;
  const bool fits = is_array(value) && array_memory(array, memory) &&
                    (memory.type == port.type || port.type.is_dynamic()) && (port.rank == 0 || !memory.shape.empty());
  if (!fits) {
    array = converted_array(value, port.type, port.rank);
    if (!array_memory(array, memory)) nb::raise_type_error("the elements of an input must be numbers");
    if (port.type.is_static()) memory.type = port.type;  // bits of a type that numpy does not have
  }
  if (!share_ || memory.read_only) {
    set_copy(index, memory);
    return;
  }
  request_.set_input_tensor(index, tensor_on(array, memory));
  shared_[index] = true;
}

void InputSetter::set_copy(std::size_t index, const ArrayMemory& memory) {
  Tensor target;
  if (!shared_[index]) target = request_.get_input_tensor(index);
  if (!target || target.get_shape() != memory.shape || target.get_element_type() != memory.type) {
    request_.set_input_tensor(index, tensor_copy(memory));
    shared_[index] = false;
    return;
  }
  copy_bytes(target.data(), memory.data, memory.bytes);
}

nb::object results_of(InferRequest& request, const ModelPorts& ports, bool share, bool decode_strings) {
  nb::object arrays = nb::steal(PyTuple_New(static_cast<Py_ssize_t>(ports.outputs.size())));
  for (std::size_t i = 0; i < ports.outputs.size(); ++i) {
    const Tensor tensor = request.get_output_tensor(i);
    const bool texts = tensor.get_element_type() == element::string;
    nb::object array = texts   ? text_array(tensor, decode_strings)
                       : share ? array_view(nb::cast(tensor))
                               : array_copy(tensor);
    PyTuple_SET_ITEM(arrays.ptr(), static_cast<Py_ssize_t>(i), array.release().ptr());
  }
  PyObject* const arguments[] = {ports.output_objects.get(), arrays.ptr()};
  nb::object results = nb::steal(PyObject_Vectorcall(results_class.get().ptr(), arguments, 2, nullptr));
  if (!results.is_valid()) nb::raise_python_error();
  return results;
}

nb::object RequestObject::infer(nb::handle inputs, bool share_inputs, bool share_outputs, bool decode_strings) {
  InputSetter(request, *ports, shared, share_inputs).set(inputs);
  without_gil([&] { request.infer(); });
  nb::object results = results_of(request, *ports, share_outputs, decode_strings);
  release_kept();
  return results;
}

CompiledModelObject::~CompiledModelObject() {
  idle.clear();
  destroy(model);
  *listener = {};
}

std::unique_ptr<RequestObject> CompiledModelObject::create_request() {
  return std::make_unique<RequestObject>(without_gil([&] { return model.create_infer_request(); }), ports);
}

RequestObject& CompiledModelObject::request_of_calls() {
  if (idle.empty()) idle.push_back(create_request());
  return *idle.back();
}

/// Threads that call at the same time get requests of their own (B-1514).
nb::object CompiledModelObject::infer(nb::handle inputs, bool share_inputs, bool share_outputs, bool decode_strings) {
  request_of_calls();
  std::unique_ptr<RequestObject> request = std::move(idle.back());
  idle.pop_back();
  nb::object results;
  try {
    results = request->infer(inputs, share_inputs, share_outputs, decode_strings);
  } catch (...) {
    idle.push_back(std::move(request));  // it may keep a state
    throw;
  }
  idle.push_back(std::move(request));
  return results;
}

EventCallback event_listener(const std::shared_ptr<UserCallback>& callback) {
  return [callback](const Event& event) {
    with_gil([&] {
      if (!callback->function) return;
      try {
        call_user(nb::borrow(callback->function.get()), nb::cast(event));
      } catch (const RaisedInPython& error) {
        error.restore();
        PyErr_WriteUnraisable(callback->function.get());  // nobody waits for a listener
      }
    });
  };
}

int visit_callback(const UserCallback& callback, visitproc visit, void* arg) {
  Py_VISIT(callback.function.get());
  Py_VISIT(callback.userdata.get());
  return 0;
}

}  // namespace baton::python
