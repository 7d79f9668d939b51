// SPDX-License-Identifier: Apache-2.0
// Copyright (C) 2026 The Baton authors
#include "request.h"

#include <algorithm>
#include <cstring>
#include <string>
#include <utility>

#include <openvino/runtime/tensor.hpp>

#include "convert.h"
#include "errors.h"
#include "state.h"

namespace baton::engine::openvino {
namespace {

using base::Status;
using base::StatusCode;

/// Stands for the memory of a tensor without elements: OpenVINO refuses a null pointer.
std::byte empty_tensor_memory[64];

void* memory_of(void* data) { return data != nullptr ? data : empty_tensor_memory; }

std::size_t byte_size(const ov::element::Type& type, const ov::Shape& shape) {
  return (ov::shape_size(shape) * type.bitwidth() + 7) / 8;
}

NodeCounters::Status status_of(ov::ProfilingInfo::Status status) {
  switch (status) {
    case ov::ProfilingInfo::Status::NOT_RUN: return NodeCounters::Status::kNotRun;
    case ov::ProfilingInfo::Status::OPTIMIZED_OUT: return NodeCounters::Status::kOptimizedOut;
    case ov::ProfilingInfo::Status::EXECUTED: return NodeCounters::Status::kExecuted;
  }
  return NodeCounters::Status::kNotRun;
}

Status wrong_input(const Binding& port, const std::string& got, const std::string& expected) {
  return Status::invalid_argument("input '" + port.name + "': got " + got + ", expected " + expected);
}

}  // namespace

bool OpenVinoRequest::Bound::is(const void* memory, std::span<const std::size_t> dims) const {
  return data == memory && data != nullptr && std::equal(dims.begin(), dims.end(), shape.begin(), shape.end());
}

OpenVinoRequest::OpenVinoRequest(std::shared_ptr<const Compiled> compiled)
    : compiled_(std::move(compiled)),
      bound_inputs_(compiled_->inputs.size()),
      bound_outputs_(compiled_->outputs.size()),
      request_(ov::CompiledModel(compiled_->model).create_infer_request()) {}

OpenVinoRequest::~OpenVinoRequest() {
  if (completion_thread_ != std::this_thread::get_id()) return;
  // OpenVINO's destructor waits for the callback to return, which may be what is running here.
  compiled_->executor->post([request = std::move(request_)]() mutable { request = {}; });
}

Status OpenVinoRequest::run(std::span<const TensorView> inputs, std::span<OutputSink* const> outputs) {
  try {
    BATON_RETURN_IF_ERROR(bind(inputs, outputs));
    request_.infer();
    return collect(outputs);
  } catch (...) {
    return failure(std::current_exception());
  }
}

bool OpenVinoRequest::start(std::span<const TensorView> inputs, std::span<OutputSink* const> outputs,
                            const Completion& done) {
  Status status;
  try {
    status = bind(inputs, outputs);
    if (status.is_ok()) {
      if (!has_callback_) {
        request_.set_callback([this](std::exception_ptr error) { complete(std::move(error)); });
        has_callback_ = true;
      }
      started_outputs_ = outputs;
      done_ = done;
      request_.start_async();
      return true;
    }
  } catch (...) {
    status = failure(std::current_exception());
  }
  done_ = nullptr;
  done(status);
  return true;
}

void OpenVinoRequest::cancel() {
  try {
    request_.cancel();
  } catch (...) {
    // A device without cancellation: the run then ends with its value.
  }
}

base::Result<std::vector<NodeCounters>> OpenVinoRequest::counters() {
  return guarded(StatusCode::kDeviceFailed, "cannot read the counters of " + compiled_->display_name,
                 [this]() -> base::Result<std::vector<NodeCounters>> {
                   std::vector<NodeCounters> counters;
                   for (const ov::ProfilingInfo& node : request_.get_profiling_info()) {
                     counters.push_back({.name = node.node_name,
                                         .type = node.node_type,
                                         .exec_type = node.exec_type,
                                         .status = status_of(node.status),
                                         .real_time = node.real_time,
                                         .cpu_time = node.cpu_time});
                   }
                   return counters;
                 });
}

base::Result<std::vector<std::shared_ptr<EngineState>>> OpenVinoRequest::states() {
  using States = std::vector<std::shared_ptr<EngineState>>;
  return guarded(StatusCode::kDeviceFailed, "cannot list the states of " + compiled_->display_name,
                 [this]() -> base::Result<States> {
                   States states;
                   for (ov::VariableState& state : request_.query_state())
                     states.push_back(std::make_shared<OpenVinoState>(std::move(state)));
                   return states;
                 });
}

Status OpenVinoRequest::bind(std::span<const TensorView> inputs, std::span<OutputSink* const> outputs) {
  const Compiled& compiled = *compiled_;
  if (inputs.size() != compiled.inputs.size() || outputs.size() != compiled.outputs.size()) {
    return Status::invalid_argument("got " + std::to_string(inputs.size()) + " inputs and " +
                                    std::to_string(outputs.size()) + " outputs, expected " +
                                    std::to_string(compiled.inputs.size()) + " and " +
                                    std::to_string(compiled.outputs.size()));
  }
  for (std::size_t i = 0; i < inputs.size(); ++i) {
    BATON_RETURN_IF_ERROR(bind_input(compiled.inputs[i], inputs[i], bound_inputs_[i]));
  }
  for (std::size_t i = 0; i < outputs.size(); ++i) {
    if (!compiled.outputs[i].is_static) continue;
    BATON_RETURN_IF_ERROR(bind_output(compiled.outputs[i], *outputs[i], bound_outputs_[i]));
  }
  return Status::ok();
}

Status OpenVinoRequest::bind_input(const Binding& port, const TensorView& view, Bound& bound) {
  if (view.type != port.type) return wrong_input(port, "type " + view.type.to_string(), port.type.to_string());
  if (port.index < 0 || bound.is(memory_of(view.data), view.shape)) return Status::ok();

  ov::Shape shape(view.shape.begin(), view.shape.end());
  const bool fits = port.is_static ? shape == ov::Shape(port.static_shape) : port.accepted.compatible(shape);
  if (!fits) return wrong_input(port, "shape " + shape_text(view.shape), from_ov(port.accepted).to_string());
  const std::size_t needed = byte_size(port.ov_type, shape);
  if (view.bytes < needed || (view.data == nullptr && needed > 0)) {
    return wrong_input(port, std::to_string(view.data == nullptr ? 0 : view.bytes) + " bytes",
                       std::to_string(needed) + " for shape " + shape_text(view.shape));
  }
  void* data = memory_of(view.data);
  bound.data = nullptr;  // until OpenVINO has taken it
  request_.set_input_tensor(static_cast<std::size_t>(port.index), ov::Tensor(port.ov_type, shape, data));
  bound = {data, std::move(shape)};
  return Status::ok();
}

Status OpenVinoRequest::bind_output(const Binding& port, OutputSink& sink, Bound& bound) {
  void* data = sink.reserve(port.type, port.static_shape);
  if (data == nullptr && ov::shape_size(port.static_shape) > 0) {
    return Status::invalid_argument("output '" + port.name + "': the tensor given is too small, expected shape " +
                                    shape_text(port.static_shape));
  }
  data = memory_of(data);
  if (bound.is(data, port.static_shape)) return Status::ok();
  ov::Shape shape(port.static_shape);
  bound.data = nullptr;
  request_.set_output_tensor(static_cast<std::size_t>(port.index), ov::Tensor(port.ov_type, shape, data));
  bound = {data, std::move(shape)};
  return Status::ok();
}

Status OpenVinoRequest::collect(std::span<OutputSink* const> outputs) {
  for (std::size_t i = 0; i < outputs.size(); ++i) {
    const Binding& port = compiled_->outputs[i];
    if (port.is_static) continue;
    const ov::Tensor tensor = request_.get_output_tensor(static_cast<std::size_t>(port.index));
    const ov::Shape shape = tensor.get_shape();
    const std::size_t bytes = tensor.get_byte_size();
    void* data = outputs[i]->reserve(port.type, shape);
    if (bytes == 0) continue;
    if (data == nullptr) {
      return Status::invalid_argument("output '" + port.name + "': the tensor given is too small, expected shape " +
                                      shape_text(shape));
    }
    std::memcpy(data, tensor.data(), bytes);
  }
  return Status::ok();
}

void OpenVinoRequest::complete(std::exception_ptr error) {
  Status status;
  if (error) {
    status = failure(std::move(error));
  } else {
    try {
      status = collect(started_outputs_);
    } catch (...) {
      status = failure(std::current_exception());
    }
  }
  completion_thread_ = std::this_thread::get_id();
  const Completion done = std::exchange(done_, nullptr);
  done(std::move(status));  // may start the next run or destroy this
}

Status OpenVinoRequest::failure(std::exception_ptr error) const {
  return to_status(std::move(error), StatusCode::kDeviceFailed, "the run of " + compiled_->display_name + " failed");
}

}  // namespace baton::engine::openvino
