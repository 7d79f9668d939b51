// SPDX-License-Identifier: Apache-2.0
// Copyright (C) 2026 The Baton authors
#pragma once

#include <memory>
#include <string>
#include <utility>

#include "baton/api.hpp"
#include "baton/tensor.hpp"

namespace baton {

/// A variable that a request of a stateful model keeps from run to run; `InferRequest::query_state` lists them.
///
/// Errors: baton::Exception; Busy while the request runs, InvalidArgument for a value of another type or shape.
/// Thread-safety: as its request. Ownership: a handle; it keeps the request alive.
class BATON_API VariableState {
 public:
  VariableState() = default;  ///< empty: every call throws

  std::string get_name() const;
  /// A copy of the value.
  Tensor get_state() const;
  /// Copies the value.
  void set_state(const Tensor& state);
  /// Back to the value before the first run.
  void reset();

  class Handle;
  /// For Baton's own layers.
  explicit VariableState(std::shared_ptr<Handle> handle) : handle_(std::move(handle)) {}

 private:
  Handle& handle() const;
  std::shared_ptr<Handle> handle_;
};

}  // namespace baton
