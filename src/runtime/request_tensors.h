// SPDX-License-Identifier: Apache-2.0
// Copyright (C) 2026 The Baton authors
#pragma once

#include <cstddef>
#include <deque>
#include <memory>
#include <span>
#include <vector>

#include "base/status.h"
#include "baton/tensor.hpp"
#include "engine/engine.h"
#include "runtime/port_table.h"

namespace baton::runtime {

/// The tensors of one request: checked when they are set, made where the user set none, and shown to engines as views
/// and sinks. Nothing is allocated by a run whose shapes are those of the run before.
/// Thread-safety: none; guarded by the request. Ownership: shares the users' tensors; sinks and views live as long as
/// this.
class RequestTensors {
 public:
  explicit RequestTensors(std::shared_ptr<const Port::Table> ports);

  /// kInvalidArgument names the port, what was expected and what was given (B-1420).
  base::Status set(bool output, std::size_t index, const Tensor& tensor);
  /// The port's tensor; made now if there is none, with 0 for lengths that are not known.
  base::Result<Tensor> get(bool output, std::size_t index);

  /// Makes the views for a run. kInvalidArgument for an input that is missing or was reshaped to what the model
  /// refuses.
  base::Status prepare();
  std::span<const engine::TensorView> inputs() const { return views_; }
  std::span<engine::OutputSink* const> outputs() const { return sinks_; }
  /// What output `index` holds; its memory is null before the first run.
  engine::TensorView output_view(std::size_t index) const;

 private:
  struct Input {
    PartialShape shape;
    Tensor tensor;
  };

  class Output final : public engine::OutputSink {
   public:
    Output(element::Type type, PartialShape shape) : type_(type), shape_(std::move(shape)) {}

    void* reserve(element::Type type, std::span<const std::size_t> shape) override;

    void set_users(const Tensor& tensor) {
      tensor_ = tensor;
      users_ = true;
    }
    base::Status make();
    const Tensor& tensor() const { return tensor_; }
    const PartialShape& shape() const { return shape_; }

   private:
    const element::Type type_;
    const PartialShape shape_;
    Tensor tensor_;
    bool users_ = false;  ///< set by the user: never replaced, never grown
  };

  const model::Port& port(bool output, std::size_t index) const { return ports_->ports(output)[index]; }
  base::Status check_fits(bool output, std::size_t index, const Tensor& tensor) const;

  const std::shared_ptr<const Port::Table> ports_;
  std::vector<Input> inputs_;
  std::deque<Output> outputs_;  // a deque: sinks are pointed to
  std::vector<engine::TensorView> views_;
  std::vector<engine::OutputSink*> sinks_;
};

}  // namespace baton::runtime
