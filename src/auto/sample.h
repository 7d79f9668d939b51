// SPDX-License-Identifier: Apache-2.0
// Copyright (C) 2026 The Baton authors
#pragma once

#include <cstddef>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "engine/engine.h"
#include "model/host_memory.h"
#include "model/model.h"

namespace baton::autodev {

/// A tensor of Baton's own.
struct Buffer final : engine::OutputSink {
  element::Type type;
  std::vector<std::size_t> shape;
  std::vector<std::byte, model::HostAllocator<std::byte>> bytes;
  std::vector<std::string> texts;  ///< instead of bytes where the type is string

  Buffer() = default;
  explicit Buffer(const engine::TensorView& view) { assign(view); }
  /// A copy; allocates only for what is larger than all before.
  void assign(const engine::TensorView& view);
  void* reserve(element::Type new_type, std::span<const std::size_t> new_shape) override;
  engine::TensorView view();
};

/// Inputs of one inference and the outputs the serving rung gave for them: what a newcomer is checked with (B-531).
struct Sample {
  std::vector<Buffer> inputs;
  std::vector<Buffer> outputs;
  bool from_user = false;
  bool complete = false;  ///< outputs are there

  void copy_inputs(std::span<const engine::TensorView> views);

  /// Fixed pseudo-random values for models nobody has used yet: floats in 0..1, integers 0 or 1 (they may be
  /// indices), texts empty.
  /// Dynamic dimensions take their lower bound, at least 1.
  static std::shared_ptr<Sample> pseudo_random(const model::Model& model);
};

std::vector<engine::TensorView> views(std::vector<Buffer>& buffers);
std::vector<engine::OutputSink*> sinks(std::vector<Buffer>& buffers);

}  // namespace baton::autodev
