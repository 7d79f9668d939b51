// SPDX-License-Identifier: Apache-2.0
// Copyright (C) 2026 The Baton authors
#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "auto/sample.h"
#include "engine/engine.h"

namespace baton::autodev {

/// Inputs and outputs of Baton's own for the runs of one worker (B-617): a run that was given up may go on for ever and
/// never touches the user's memory. Allocates only when shapes change.
/// Thread-safety: none; belongs to the run that is going on.
class RunMemory {
 public:
  /// Copies the inputs, and makes room for as many outputs as the model has.
  void copy_in(std::span<const engine::TensorView> from, std::size_t outputs);
  /// False when an output finds no place: the tensor that the user set for it is too small.
  bool copy_out(std::span<engine::OutputSink* const> to);

  std::span<const engine::TensorView> inputs() const { return views_; }
  std::span<engine::OutputSink* const> outputs() const { return sinks_; }

 private:
  std::vector<Buffer> inputs_;
  std::vector<Buffer> outputs_;
  std::vector<engine::TensorView> views_;
  std::vector<engine::OutputSink*> sinks_;
};

}  // namespace baton::autodev
