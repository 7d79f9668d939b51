// SPDX-License-Identifier: Apache-2.0
// Copyright (C) 2026 The Baton authors
#pragma once

#include <functional>
#include <memory>
#include <span>
#include <string>

#include "auto/shared_state.h"
#include "base/executor.h"
#include "engine/engine.h"

namespace baton::autodev {

/// Of a run that no user asked for (B-538): what takes longer is as good as lost. 10 s, and 15 minutes where a run may
/// build.
base::Duration hang_limit(const engine::ExecutableTraits& traits);
/// "WHAT did not end within 10 s"
std::string hang_text(const std::string& what, const engine::ExecutableTraits& traits);

/// Runs `request` off the caller's thread: on the engine's own asynchronous path, else on a pool thread; through `gate`
/// when there is one. `done` gets the time of the run itself. `keep` is held until then, and so are spans and request
/// by it.
void run_in_background(base::Executor& executor, SerialGate* gate, engine::EngineRequest& request,
                       std::span<const engine::TensorView> inputs, std::span<engine::OutputSink* const> outputs,
                       std::shared_ptr<const void> keep, std::function<void(base::Status, base::Duration)> done);

}  // namespace baton::autodev
