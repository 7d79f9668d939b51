// SPDX-License-Identifier: Apache-2.0
// Copyright (C) 2026 The Baton authors
#include "baton/variable_state.hpp"

#include <utility>

#include "baton/infer_request.hpp"
#include "runtime/errors.h"
#include "runtime/request_state.h"

namespace baton {
namespace {

using runtime::check;

/// Makes the tensor that a state is read into.
class StateReader final : public engine::OutputSink {
 public:
  void* reserve(element::Type type, std::span<const std::size_t> shape) override {
    tensor = Tensor(type, Shape(std::vector<std::size_t>(shape.begin(), shape.end())));
    return tensor.data();
  }
  Tensor tensor;
};

}  // namespace

/// A state with the request that keeps it.
class VariableState::Handle {
 public:
  Handle(InferRequest request, runtime::RequestState& owner, std::shared_ptr<engine::EngineState> state)
      : request_(std::move(request)), owner_(owner), state_(std::move(state)) {}

  /// The state while it may be touched. Throws Busy otherwise.
  engine::EngineState& idle() const {
    check(owner_.check_idle());
    return *state_;
  }
  const std::string& name() const { return state_->name(); }

 private:
  const InferRequest request_;
  runtime::RequestState& owner_;
  const std::shared_ptr<engine::EngineState> state_;
};

VariableState::Handle& VariableState::handle() const {
  if (!handle_) throw Exception(ErrorCode::InvalidArgument, "the state is empty: take it from query_state");
  return *handle_;
}

std::string VariableState::get_name() const { return handle().name(); }

Tensor VariableState::get_state() const {
  StateReader reader;
  check(handle().idle().read(reader));
  return reader.tensor;
}

void VariableState::set_state(const Tensor& state) {
  if (!state) throw Exception(ErrorCode::InvalidArgument, "the tensor for state '" + get_name() + "' is empty");
  const Shape shape = state.get_shape();
  check(handle().idle().write({state.get_element_type(), shape, state.data(), state.get_byte_size()}));
}

void VariableState::reset() { check(handle().idle().reset()); }

std::vector<VariableState> InferRequest::query_state() {
  runtime::RequestState& owner = handle().state();
  std::vector<VariableState> states;
  for (auto& state : runtime::value_or_throw(owner.states()))
    states.emplace_back(std::make_shared<VariableState::Handle>(*this, owner, std::move(state)));
  return states;
}

void InferRequest::reset_state() {
  for (const auto& state : runtime::value_or_throw(handle().state().states())) check(state->reset());
}

}  // namespace baton
