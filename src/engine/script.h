// SPDX-License-Identifier: Apache-2.0
// Copyright (C) 2026 The Baton authors
//
// The second entry of a module whose manifest says "scripted": its engines are known only from ModuleContext::script.
#pragma once

#include <vector>

#include "base/status.h"
#include "engine/engine.h"
#include "engine/manifest.h"

namespace baton::engine {

/// What a simulation script adds to the machine.
struct ScriptedMachine {
  std::vector<EngineManifest> manifests;  ///< `module` is filled in by the registry
  bool only = false;                      ///< the machine consists of these alone: no other engine is offered
};

inline constexpr const char* kScriptEntry = "baton_engine_script_v1";

using ScriptEntry = void (*)(const ModuleContext& context, ScriptedMachine& machine,
                             base::Status& status) /* noexcept */;

#define BATON_ENGINE_SCRIPT_ENTRY extern "C" __attribute__((visibility("default"))) void baton_engine_script_v1

}  // namespace baton::engine
