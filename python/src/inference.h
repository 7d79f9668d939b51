// SPDX-License-Identifier: Apache-2.0
// Copyright (C) 2026 The Baton authors
//
// What goes into an inference and what comes out of it, in Python's terms.
#pragma once

#include <nanobind/nanobind.h>

#include <cstddef>
#include <memory>
#include <vector>

#include "arrays.h"
#include "baton/compiled_model.hpp"
#include "baton/infer_request.hpp"
#include "gil.h"
#include "ports.h"

namespace baton::python {

/// By input: true when the request's tensor lies on memory of the user, which a later copying call must not overwrite.
using Shared = std::vector<bool>;

/// Sets the inputs of one request from Python values: a dict by index, name or port; a list or tuple by position; or
/// the one input's value. Values are arrays, tensors, scalars and lists; inputs that are not given keep what they have.
/// With `share` an array's memory is used as it is where its elements are those of the port and it is writable;
/// otherwise elements are copied, and cast if need be (B-1531, B-1532).
class InputSetter {
 public:
  InputSetter(InferRequest& request, const ModelPorts& ports, Shared& shared, bool share)
      : request_(request), ports_(ports), shared_(shared), share_(share) {}

  void set(nb::handle inputs);

 private:
  void require_single_input() const;
  void set_all(nb::handle sequence);
  void set_one(std::size_t index, nb::handle value);
  void set_array(std::size_t index, nb::handle array);
  void set_copy(std::size_t index, const ArrayMemory& memory);

  InferRequest& request_;
  const ModelPorts& ports_;
  Shared& shared_;
  const bool share_;
};

/// The outputs of the last run: baton.Results by port, index or name. With `share` arrays lie on the request's tensors;
/// those of text are copies always, of str or of bytes.
nb::object results_of(InferRequest& request, const ModelPorts& ports, bool share, bool decode_strings = true);

/// A user's function with its argument, called on threads of Baton. Its members are used with the GIL only; being kept
/// objects they may be dropped anywhere.
struct UserCallback {
  std::shared_ptr<PyObject> function;
  std::shared_ptr<PyObject> userdata;
};

/// The Python class InferRequest.
struct RequestObject {
  RequestObject(InferRequest own_request, std::shared_ptr<const ModelPorts> model_ports)
      : request(std::move(own_request)), ports(std::move(model_ports)), shared(ports->inputs.size()) {}
  ~RequestObject() {
    destroy(request);
    *callback = {};
  }
  RequestObject(const RequestObject&) = delete;
  RequestObject& operator=(const RequestObject&) = delete;

  nb::object infer(nb::handle inputs, bool share_inputs, bool share_outputs, bool decode_strings = true);

  InferRequest request;
  std::shared_ptr<const ModelPorts> ports;
  Shared shared;
  std::shared_ptr<UserCallback> callback = std::make_shared<UserCallback>();
};

/// The Python class CompiledModel.
struct CompiledModelObject {
  explicit CompiledModelObject(CompiledModel own_model)
      : model(std::move(own_model)), ports(std::make_shared<const ModelPorts>(model)) {}
  ~CompiledModelObject();
  CompiledModelObject(const CompiledModelObject&) = delete;
  CompiledModelObject& operator=(const CompiledModelObject&) = delete;

  std::unique_ptr<RequestObject> create_request();
  nb::object infer(nb::handle inputs, bool share_inputs, bool share_outputs, bool decode_strings);
  RequestObject& request_of_calls();  ///< the one that the next `infer` takes

  CompiledModel model;
  std::shared_ptr<const ModelPorts> ports;
  std::vector<std::unique_ptr<RequestObject>> idle;  ///< of calls of the model itself, the last one used at the end
  std::shared_ptr<UserCallback> listener = std::make_shared<UserCallback>();
};

/// A listener for events that calls `callback->function`.
EventCallback event_listener(const std::shared_ptr<UserCallback>& callback);

/// Reports a user's callback to the garbage collector; for tp_traverse.
int visit_callback(const UserCallback& callback, visitproc visit, void* arg);

}  // namespace baton::python
