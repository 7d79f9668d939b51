// SPDX-License-Identifier: Apache-2.0
// Copyright (C) 2026 The Baton authors
#include "request.h"

#include <algorithm>
#include <cstring>
#include <string>
#include <utility>

#include "errors.h"

namespace baton::engine::onnxruntime {
namespace {

using base::Result;
using base::Status;
using base::StatusCode;

/// Stands for the memory of a tensor without elements: ONNX Runtime refuses a null pointer.
alignas(64) std::byte empty_tensor_memory[64];

void* memory_of(void* data) { return data != nullptr ? data : empty_tensor_memory; }

std::size_t byte_size(element::Type type, std::span<const std::size_t> shape) {
  std::size_t elements = 1;
  for (const std::size_t length : shape) elements *= length;
  return (elements * type.bitwidth() + 7) / 8;
}

std::string shape_text(std::span<const std::size_t> shape) {
  return Shape(std::vector<std::size_t>(shape.begin(), shape.end())).to_string();
}

bool accepts(const SessionPort& port, std::span<const std::size_t> shape) {
  if (!port.shape.rank_is_static()) return true;
  return std::equal(port.shape.begin(), port.shape.end(), shape.begin(), shape.end(),
                    [](const Dimension& d, std::size_t n) { return d.accepts(static_cast<Dimension::value_type>(n)); });
}

Status wrong_input(const SessionPort& port, const std::string& got, const std::string& expected) {
  return Status::invalid_argument("input '" + port.name + "': got " + got + ", expected " + expected);
}

Status too_small(const SessionPort& port, std::span<const std::size_t> shape) {
  return Status::invalid_argument("output '" + port.name + "': the tensor given is too small, expected shape " +
                                  shape_text(shape));
}

/// The elements of a tensor of texts; null, or what went wrong.
OrtStatus* read_texts(const OrtApi& api, const OrtValue& value, std::span<std::string> to) {
  for (std::size_t i = 0; i < to.size(); ++i) {
    std::size_t length = 0;
    if (OrtStatus* failure = api.GetStringTensorElementLength(&value, i, &length)) return failure;
    to[i].resize(length);
    if (OrtStatus* failure = api.GetStringTensorElement(&value, length, i, to[i].data())) return failure;
  }
  return nullptr;
}

/// ONNX Runtime's refusal of memory for an output that turns out to have another shape; the words depend on its
/// version.
bool is_shape_conflict(const Status& status) {
  return status.details().find("shape verification failed") != std::string::npos ||
         status.details().find("but the computed output shape") != std::string::npos;
}

}  // namespace

bool OrtRequest::Bound::is(const void* memory, std::span<const std::size_t> dims) const {
  return value != nullptr && data == memory &&
         std::equal(dims.begin(), dims.end(), shape.begin(), shape.end(),
                    [](std::size_t a, std::int64_t b) { return a == static_cast<std::size_t>(b); });
}

Result<std::unique_ptr<EngineRequest>> OrtRequest::create(std::shared_ptr<Session> session) {
  const OrtApi& api = *session->api;
  OrtRunOptions* options = nullptr;
  BATON_ORT_RETURN_IF_ERROR(api, api.CreateRunOptions(&options), "cannot create a request of " + session->display_name);
  return std::unique_ptr<EngineRequest>(new OrtRequest(std::move(session), RunOptionsHandle(options, {&api})));
}

OrtRequest::OrtRequest(std::shared_ptr<Session> session, RunOptionsHandle options)
    : session_(std::move(session)),
      options_(std::move(options)),
      bound_inputs_(session_->inputs.size()),
      bound_outputs_(session_->outputs.size()),
      input_values_(session_->inputs.size()),
      output_values_(session_->outputs.size()) {
  for (const auto& port : session_->inputs) input_names_.push_back(port.name.c_str());
  for (const auto& port : session_->outputs) output_names_.push_back(port.name.c_str());
}

Status OrtRequest::run(std::span<const TensorView> inputs, std::span<OutputSink* const> outputs) {
  if (inputs.size() != bound_inputs_.size() || outputs.size() != bound_outputs_.size()) {
    return Status::invalid_argument(
        "got " + std::to_string(inputs.size()) + " inputs and " + std::to_string(outputs.size()) +
        " outputs, expected " + std::to_string(bound_inputs_.size()) + " and " + std::to_string(bound_outputs_.size()));
  }
  {
    const base::MutexLock lock(mutex_);
    running_ = true;
  }
  if (session_->yielding) session_->yielding->follow_caller();
  Status status;
  for (std::size_t i = 0; i < inputs.size() && status.is_ok(); ++i) status = bind_input(i, inputs[i]);
  if (status.is_ok()) status = run_bound(outputs);
  if (is_shape_conflict(status) && session_->outputs_as_declared.exchange(false)) status = run_bound(outputs);

  const base::MutexLock lock(mutex_);
  running_ = false;
  if (!std::exchange(cancelled_, false)) return status;
  const StatusHandle unused(session_->api->RunOptionsUnsetTerminate(options_.get()), {session_->api});
  // A terminated run comes back with the generic ORT_FAIL.
  if (status.is_ok() || status.code() == StatusCode::kInvalidArgument) return status;
  return Status::cancelled("the run of " + session_->display_name + " was cancelled");
}

void OrtRequest::cancel() {
  {
    const base::MutexLock lock(mutex_);
    if (!running_) return;
    cancelled_ = true;
    // Under the lock, or it could hit the next run; it only sets a flag that operators look at.
    const StatusHandle unused(session_->api->RunOptionsSetTerminate(options_.get()), {session_->api});
  }
  if (session_->turns != nullptr) session_->turns->wake();
}

Status OrtRequest::bind_input(std::size_t index, const TensorView& view) {
  const SessionPort& port = session_->inputs[index];
  Bound& bound = bound_inputs_[index];
  if (view.type != port.type) return wrong_input(port, "type " + view.type.to_string(), port.type.to_string());
  const bool texts = port.type == element::string;
  if (!texts && bound.is(memory_of(view.data), view.shape)) {
    tell_use(bound);
    return Status::ok();
  }
  if (!accepts(port, view.shape)) return wrong_input(port, "shape " + shape_text(view.shape), port.shape.to_string());
  const std::size_t needed = byte_size(port.type, view.shape);
  if (view.bytes < needed || (view.data == nullptr && needed > 0)) {
    return wrong_input(port, std::to_string(view.data == nullptr ? 0 : view.bytes) + " bytes",
                       std::to_string(needed) + " for shape " + shape_text(view.shape));
  }
  BATON_RETURN_IF_ERROR(texts ? bind_texts(port, view, bound) : bind(port, memory_of(view.data), view.shape, bound));
  if (!texts) tell_use(bound);
  input_values_[index] = bound.value.get();
  return Status::ok();
}

/// Texts are copied for every run: ONNX Runtime takes no memory that holds them.
Status OrtRequest::bind_texts(const SessionPort& port, const TensorView& view, Bound& bound) {
  const OrtApi& api = *session_->api;
  const std::string context = "cannot bind '" + port.name + "'";
  bound.shape.assign(view.shape.begin(), view.shape.end());
  bound.data = nullptr;
  bound.value.reset();
  OrtAllocator* allocator = nullptr;
  BATON_ORT_RETURN_IF_ERROR(api, api.GetAllocatorWithDefaultOptions(&allocator), context);
  OrtValue* value = nullptr;
  BATON_ORT_RETURN_IF_ERROR(
      api, api.CreateTensorAsOrtValue(allocator, bound.shape.data(), bound.shape.size(), port.ort_type, &value),
      context);
  bound.value = ValueHandle(value, {&api});
  const auto* const texts = static_cast<const std::string*>(view.data);
  for (std::size_t i = 0; i < byte_size(port.type, view.shape) / sizeof(std::string); ++i) {
    char* place = nullptr;
    BATON_ORT_RETURN_IF_ERROR(api, api.GetResizedStringTensorElementBuffer(value, i, texts[i].size(), &place), context);
    std::memcpy(place, texts[i].data(), texts[i].size());
  }
  return Status::ok();
}

Status OrtRequest::bind_output(std::size_t index, OutputSink& sink) {
  const SessionPort& port = session_->outputs[index];
  Bound& bound = bound_outputs_[index];
  void* data = sink.reserve(port.type, port.static_shape);
  if (data == nullptr && byte_size(port.type, port.static_shape) > 0) return too_small(port, port.static_shape);
  if (!bound.is(memory_of(data), port.static_shape)) {
    BATON_RETURN_IF_ERROR(bind(port, memory_of(data), port.static_shape, bound));
  }
  tell_use(bound);
  output_values_[index] = bound.value.get();
  return Status::ok();
}

Status OrtRequest::bind(const SessionPort& port, void* data, std::span<const std::size_t> shape, Bound& bound) {
  const OrtApi& api = *session_->api;
  bound.shape.assign(shape.begin(), shape.end());
  bound.data = data;
  bound.uses = 0;
  OrtValue* value = nullptr;
  bound.value.reset();
  BATON_ORT_RETURN_IF_ERROR(
      api,
      api.CreateTensorWithDataAsOrtValue(session_->cpu_memory.get(), data, byte_size(port.type, shape),
                                         bound.shape.data(), bound.shape.size(), port.ort_type, &value),
      "cannot bind '" + port.name + "'");
  bound.value = ValueHandle(value, {&api});
  return Status::ok();
}

void OrtRequest::tell_use(Bound& bound) {
  const MemoryUse& use = session_->memory_use;
  if (!use.prepare || bound.uses == model::HostMemory::kUsesToPrepare) return;
  ++bound.uses;
  use.memory->use(bound.data, use.prepare);
}

Status OrtRequest::run_bound(std::span<OutputSink* const> outputs) {
  const bool as_declared = session_->outputs_as_declared.load(std::memory_order_relaxed);
  const auto is_bound = [&](std::size_t i) { return as_declared && session_->outputs[i].is_static; };
  std::fill(output_values_.begin(), output_values_.end(), nullptr);
  for (std::size_t i = 0; i < outputs.size(); ++i) {
    if (is_bound(i)) BATON_RETURN_IF_ERROR(bind_output(i, *outputs[i]));
  }
  BATON_RETURN_IF_ERROR(run_session());
  Status status;
  for (std::size_t i = 0; i < outputs.size(); ++i) {
    if (is_bound(i)) continue;
    const Status collected = collect_output(i, *outputs[i]);
    if (status.is_ok()) status = collected;
  }
  return status;
}

Status OrtRequest::run_session() {
  const OrtApi& api = *session_->api;
  const Turn turn(session_->turns, [this] {
    const base::MutexLock lock(mutex_);
    return cancelled_;
  });
  if (!turn.granted()) return Status::cancelled("the run of " + session_->display_name + " was cancelled");
  OrtStatus* failure =
      api.Run(session_->handle.get(), options_.get(), input_names_.data(), input_values_.data(), input_values_.size(),
              output_names_.data(), output_values_.size(), output_values_.data());
  return failure == nullptr ? Status::ok()
                            : to_status(api, failure, "the run of " + session_->display_name + " failed");
}

/// Copies an output that ONNX Runtime allocated, and releases it.
Status OrtRequest::collect_output(std::size_t index, OutputSink& sink) {
  const OrtApi& api = *session_->api;
  const SessionPort& port = session_->outputs[index];
  const ValueHandle value(std::exchange(output_values_[index], nullptr), {&api});
  const std::string context = "cannot read output '" + port.name + "'";
  OrtTensorTypeAndShapeInfo* raw = nullptr;
  BATON_ORT_RETURN_IF_ERROR(api, api.GetTensorTypeAndShape(value.get(), &raw), context);
  const ShapeInfoHandle info(raw, {&api});
  std::size_t rank = 0;
  BATON_ORT_RETURN_IF_ERROR(api, api.GetDimensionsCount(raw, &rank), context);
  fetched_dims_.resize(rank);
  BATON_ORT_RETURN_IF_ERROR(api, api.GetDimensions(raw, fetched_dims_.data(), rank), context);
  fetched_shape_.assign(fetched_dims_.begin(), fetched_dims_.end());

  void* target = sink.reserve(port.type, fetched_shape_);
  const std::size_t bytes = byte_size(port.type, fetched_shape_);
  if (bytes == 0) return Status::ok();
  if (target == nullptr) return too_small(port, fetched_shape_);
  if (port.type == element::string) {
    BATON_ORT_RETURN_IF_ERROR(
        api, read_texts(api, *value, std::span(static_cast<std::string*>(target), bytes / sizeof(std::string))),
        context);
    return Status::ok();
  }
  void* data = nullptr;
  BATON_ORT_RETURN_IF_ERROR(api, api.GetTensorMutableData(value.get(), &data), context);
  std::memcpy(target, data, bytes);
  return Status::ok();
}

}  // namespace baton::engine::onnxruntime
