// SPDX-License-Identifier: Apache-2.0
// Copyright (C) 2026 The Baton authors
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "base/status.h"
#include "engine/engine.h"
#include "engine/manifest.h"
#include "engine/script.h"
#include "sim/recorder.h"
#include "sim/script.h"

namespace baton::sim {

/// The engines of a script and the record of what they are asked. `engines[i]` belongs to `machine.manifests[i]`.
struct Simulation {
  std::vector<std::unique_ptr<engine::Engine>> engines;
  engine::ScriptedMachine machine;
  std::shared_ptr<Recorder> recorder;
};

/// Makes the engines of a script (path or JSON text). Time comes from the context's executor and begins now.
base::Result<Simulation> make_simulation(const std::string& script, const engine::ModuleContext& context);

/// What a script says of its engines without making them.
engine::ScriptedMachine describe(const Script& script);

}  // namespace baton::sim
