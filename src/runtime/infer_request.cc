// SPDX-License-Identifier: Apache-2.0
// Copyright (C) 2026 The Baton authors
#include "baton/infer_request.hpp"

#include <algorithm>
#include <utility>

#include "baton/compiled_model.hpp"
#include "runtime/errors.h"
#include "runtime/request_state.h"

namespace baton {
namespace {

using runtime::check;
using runtime::RequestState;
using runtime::value_or_throw;

struct Place {
  bool output;
  std::size_t index;
};

/// A name may be an input's or an output's; the message of a failure lists both.
Place find(const Port::Table& table, const std::string& name) {
  const auto input = table.find(false, name);
  if (input.is_ok()) return {false, input.value()};
  const auto output = table.find(true, name);
  if (output.is_ok()) return {true, output.value()};
  throw Exception(ErrorCode::InvalidArgument, input.status().message() + "; " + output.status().message());
}

/// Ports of the model that was compiled are as good as those of the compiled model.
Place find(const Port::Table& table, const Port& port) {
  if (port.table().get() == &table) return {port.is_output(), port.get_index()};
  return {port.is_output(), value_or_throw(table.find(port.is_output(), port.get_any_name()))};
}

template <typename Key>
void set(RequestState& state, const Key& key, const Tensor& tensor) {
  const Place place = find(*state.model()->ports(), key);
  check(state.set_tensor(place.output, place.index, tensor));
}

template <typename Key>
Tensor get(RequestState& state, const Key& key) {
  const Place place = find(*state.model()->ports(), key);
  return value_or_throw(state.get_tensor(place.output, place.index));
}

ProfilingInfo::Status public_status(engine::NodeCounters::Status status) {
  switch (status) {
    case engine::NodeCounters::Status::kNotRun: return ProfilingInfo::Status::NOT_RUN;
    case engine::NodeCounters::Status::kOptimizedOut: return ProfilingInfo::Status::OPTIMIZED_OUT;
    case engine::NodeCounters::Status::kExecuted: return ProfilingInfo::Status::EXECUTED;
  }
  return ProfilingInfo::Status::NOT_RUN;
}

void set_at(RequestState& state, bool output, std::size_t index, const Tensor& tensor) {
  check(state.model()->ports()->check_index(output, index));
  check(state.set_tensor(output, index, tensor));
}

Tensor get_at(RequestState& state, bool output, std::size_t index) {
  check(state.model()->ports()->check_index(output, index));
  return value_or_throw(state.get_tensor(output, index));
}

RequestState& startable(const InferRequest::Handle& handle) {
  if (handle.pooled()) {
    throw Exception(
        ErrorCode::InvalidArgument,
        "this request belongs to an AsyncInferQueue, which alone may start it: call the queue's start_async");
  }
  return handle.state();
}

}  // namespace

InferRequest::InferRequest(std::shared_ptr<Handle> handle) : handle_(std::move(handle)) {}
InferRequest::~InferRequest() = default;

InferRequest::Handle& InferRequest::handle() const {
  if (!handle_) {
    throw Exception(ErrorCode::InvalidArgument,
                    "the request is empty: take it from CompiledModel::create_infer_request");
  }
  return *handle_;
}

void InferRequest::set_tensor(const std::string& name, const Tensor& tensor) { set(handle().state(), name, tensor); }
void InferRequest::set_tensor(const Port& port, const Tensor& tensor) { set(handle().state(), port, tensor); }
Tensor InferRequest::get_tensor(const std::string& name) { return get(handle().state(), name); }
Tensor InferRequest::get_tensor(const Port& port) { return get(handle().state(), port); }

void InferRequest::set_input_tensor(const Tensor& tensor) {
  check(handle().state().model()->ports()->check_single(false));
  set_input_tensor(0, tensor);
}

void InferRequest::set_output_tensor(const Tensor& tensor) {
  check(handle().state().model()->ports()->check_single(true));
  set_output_tensor(0, tensor);
}

Tensor InferRequest::get_input_tensor() {
  check(handle().state().model()->ports()->check_single(false));
  return get_input_tensor(0);
}

Tensor InferRequest::get_output_tensor() {
  check(handle().state().model()->ports()->check_single(true));
  return get_output_tensor(0);
}

void InferRequest::set_input_tensor(std::size_t index, const Tensor& tensor) {
  set_at(handle().state(), false, index, tensor);
}
void InferRequest::set_output_tensor(std::size_t index, const Tensor& tensor) {
  set_at(handle().state(), true, index, tensor);
}
Tensor InferRequest::get_input_tensor(std::size_t index) { return get_at(handle().state(), false, index); }
Tensor InferRequest::get_output_tensor(std::size_t index) { return get_at(handle().state(), true, index); }

void InferRequest::infer() { startable(handle()).infer(); }
void InferRequest::start_async() { check(startable(handle()).start()); }
void InferRequest::wait() { handle().state().wait(std::nullopt); }
bool InferRequest::wait_for(std::chrono::milliseconds timeout) {
  constexpr std::chrono::milliseconds kLongest = std::chrono::hours(24 * 365);  // what is longer would overflow a clock
  return handle().state().wait(std::min(timeout, kLongest));
}
void InferRequest::cancel() { handle().state().cancel(); }

void InferRequest::set_callback(std::function<void(std::exception_ptr)> callback) {
  check(startable(handle()).set_callback(std::move(callback)));
}

double InferRequest::latency() const { return handle().state().last_run().latency_ms; }
double InferRequest::run_time() const { return handle().state().last_run().run_ms; }
std::string InferRequest::device() const { return handle().state().last_run().device; }
std::string InferRequest::engine() const { return handle().state().last_run().engine; }
std::uint64_t InferRequest::generation() const { return handle().state().last_run().generation; }
int InferRequest::attempts() const { return handle().state().last_run().attempts; }

std::vector<ProfilingInfo> InferRequest::get_profiling_info() const {
  std::vector<ProfilingInfo> infos;
  for (engine::NodeCounters& node : value_or_throw(handle().state().counters())) {
    infos.push_back({public_status(node.status), node.real_time, node.cpu_time, std::move(node.name),
                     std::move(node.exec_type), std::move(node.type)});
  }
  return infos;
}
CompiledModel InferRequest::get_compiled_model() const { return CompiledModel(handle().state().model()); }

}  // namespace baton
