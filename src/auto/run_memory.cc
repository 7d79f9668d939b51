// SPDX-License-Identifier: Apache-2.0
// Copyright (C) 2026 The Baton authors
#include "auto/run_memory.h"

#include "model/tensor_impl.h"

namespace baton::autodev {

void RunMemory::copy_in(std::span<const engine::TensorView> from, std::size_t outputs) {
  inputs_.resize(from.size());
  views_.resize(from.size());
  for (std::size_t i = 0; i < from.size(); ++i) {
    inputs_[i].assign(from[i]);
    views_[i] = inputs_[i].view();
  }
  if (outputs_.size() != outputs) {
    outputs_.resize(outputs);
    sinks_ = sinks(outputs_);
  }
}

bool RunMemory::copy_out(std::span<engine::OutputSink* const> to) {
  for (std::size_t i = 0; i < to.size(); ++i) {
    const engine::TensorView from = outputs_[i].view();
    void* const place = to[i]->reserve(from.type, from.shape);
    if (place == nullptr) return false;
    copy_elements(place, from.data, from.type, from.bytes);
  }
  return true;
}

}  // namespace baton::autodev
