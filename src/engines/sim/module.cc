// SPDX-License-Identifier: Apache-2.0
// Copyright (C) 2026 The Baton authors
//
// The simulation as a loadable module.
#include <exception>

#include "sim/simulation.h"

using baton::base::Status;

BATON_ENGINE_SCRIPT_ENTRY(const baton::engine::ModuleContext& context, baton::engine::ScriptedMachine& machine,
                          Status& status)
noexcept try {
  const auto script = baton::sim::read_script(context.script);
  status = script.status();
  if (script.is_ok()) machine = baton::sim::describe(script.value());
} catch (const std::exception& e) {
  status = Status::internal(e.what());
}

BATON_ENGINE_MODULE_ENTRY(const baton::engine::ModuleContext& context,
                          std::vector<std::unique_ptr<baton::engine::Engine>>& engines, Status& status)
noexcept try {
  auto simulation = baton::sim::make_simulation(context.script, context);
  status = simulation.status();
  if (simulation.is_ok()) engines = std::move(simulation->engines);
} catch (const std::exception& e) {
  status = Status::internal(e.what());
}
