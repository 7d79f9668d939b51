// SPDX-License-Identifier: Apache-2.0
// Copyright (C) 2026 The Baton authors
#pragma once

#include <cstddef>
#include <memory>

#include "model/host_memory.h"

namespace baton::engine::onnxruntime {

/// Pins host memory for NVIDIA's driver: copies between it and a GPU go straight, without the driver's own buffers
/// (up to a quarter of the time of a run with 15 MB of tensors; benchmarks/RESULTS.md). It is pinned for all GPUs, by
/// the context that CUDA's run time, and so the CUDA provider, uses for one.
/// Thread-safety: safe. Ownership: keeps that context, as the run time does, until the process ends. Blocking: `pin` as
/// long as the driver needs to look up the pages, the end of it also until the GPU has done with them.
class PinnedMemory {
 public:
  /// `ordinal`: CUDA's number of the GPU. Null where the driver lacks functions or shows no such GPU.
  static std::shared_ptr<const PinnedMemory> open(int ordinal);

  /// What unpins it; null where the driver refuses: a run works with memory as it is.
  model::HostMemory::Undo pin(void* data, std::size_t bytes) const;

 private:
  using Context = void*;
  class Current;

  PinnedMemory() = default;

  // NVIDIA's driver API.
  int (*retain_)(Context*, int) = nullptr;
  int (*push_)(Context) = nullptr;
  int (*pop_)(Context*) = nullptr;
  int (*register_)(void*, std::size_t, unsigned) = nullptr;
  int (*unregister_)(void*) = nullptr;
  Context context_ = nullptr;
};

}  // namespace baton::engine::onnxruntime
