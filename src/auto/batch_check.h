// SPDX-License-Identifier: Apache-2.0
// Copyright (C) 2026 The Baton authors
#pragma once

#include <cstdint>

#include "base/executor.h"
#include "base/status.h"
#include "engine/engine.h"
#include "policy/batching.h"

namespace baton::autodev {

/// Times of one run each, after a first one that does not count.
struct BatchCheck {
  double single_ms = 0;
  double batch_ms = 0;
};

/// Runs two different items, as the first and the last of a batch, and alone: kUnsupported when they come out
/// differently, or in another shape (B-915). Blocking: four runs.
base::Result<BatchCheck> check_batch(const model::Model& model, const policy::BatchPorts& ports, std::uint32_t size,
                                     engine::Executable& single, engine::Executable& batch, base::Executor& executor);

}  // namespace baton::autodev
