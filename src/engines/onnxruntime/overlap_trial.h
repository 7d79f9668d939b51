// SPDX-License-Identifier: Apache-2.0
// Copyright (C) 2026 The Baton authors
#pragma once

#include <chrono>
#include <string>

#include "base/status.h"
#include "engine/engine.h"

namespace baton::engine::onnxruntime {

struct OverlapTrialOptions {
  unsigned threads = 4;
  unsigned rounds = 200;                 ///< of each thread at most
  std::chrono::milliseconds time{1500};  ///< no round begins later, but the first
  Properties properties;                 ///< of each load
};

/// Does to an engine what several models of one process will do to it: threads load a small model, run it and end it,
/// all at once, and run one that they share. Every answer is compared; each thread and run has another. Ok: it bears
/// that. A crash or a hang is for whoever started the process to see (engine/foreign_provider.h).
base::Status try_overlap(Engine& engine, const std::string& device, const OverlapTrialOptions& options);

}  // namespace baton::engine::onnxruntime
