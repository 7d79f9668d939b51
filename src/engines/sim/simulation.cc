// SPDX-License-Identifier: Apache-2.0
// Copyright (C) 2026 The Baton authors
#include "sim/simulation.h"

#include <algorithm>
#include <cmath>
#include <set>
#include <utility>

#include "engine/device_table.h"
#include "sim/machine.h"
#include "sim/sim_engine.h"

namespace baton::sim {

namespace {

bool answers_without_asking(const EngineScript& engine, const DeviceScript& device) {
  const bool probe_is_plain = engine.probe_ms == 0 && engine.probe_error.empty() && !engine.probe_throws;
  return probe_is_plain && device.gone.empty() && device.report.kind == engine::DeviceKind::kCpu;
}

engine::EngineManifest manifest_of(const Script& script, std::size_t index) {
  const EngineScript& engine = script.engines[index];
  engine::EngineManifest manifest;
  manifest.name = engine.name;
  manifest.version = engine.version;
  manifest.formats = engine.formats;
  manifest.probe_evidence = {engine::kAlways};
  std::set<std::string> families;
  for (auto& report : reports_of(script, index)) {
    const auto device = std::find_if(script.devices.begin(), script.devices.end(),
                                     [&](const DeviceScript& d) { return d.report.name == report.name; });
    if (answers_without_asking(engine, *device)) {
      manifest.devices.push_back(std::move(report));
    } else {
      families.insert(std::string(engine::split_device_name(report.name).first));
    }
  }
  manifest.probe_families.assign(families.begin(), families.end());
  return manifest;
}

}  // namespace

std::vector<engine::DeviceReport> reports_of(const Script& script, std::size_t engine) {
  std::vector<engine::DeviceReport> reports;
  for (std::size_t d = 0; d < script.devices.size(); ++d) {
    bool offered = false;
    engine::DeviceReport report = script.devices[d].report;
    report.serial_group = script.engines[engine].serial_group;
    for (const Pair& pair : script.pairs) {
      if (pair.engine != engine || pair.device != d) continue;
      offered = true;
      const int load = pair.load_rank >= 0 ? pair.load_rank : static_cast<int>(std::lround(pair.native.load_ms));
      const int run = pair.run_rank >= 0 ? pair.run_rank : static_cast<int>(std::lround(pair.native.run_ms.back()));
      if (pair.profile == engine::Profile::kFull || report.supported_properties.empty()) {
        report.supported_properties = pair.any_property ? std::vector<std::string>{"*"} : pair.supported_properties;
      }
      if (pair.profile == engine::Profile::kFast) {
        report.ranks.load_fast = load;
        continue;
      }
      report.ranks.load_full = load;
      report.ranks.run = run;
      report.cpu_heavy_load = pair.cpu_heavy_load;
      report.exclusive_load = pair.exclusive_load;
      report.stoppable_load = pair.cancel_load;
      report.lazy_first_run = pair.lazy_first_run;
      report.dynamic_shapes = pair.dynamic_shapes;
      if (!pair.capabilities.empty()) report.capabilities = pair.capabilities;
    }
    if (offered) reports.push_back(std::move(report));
  }
  return reports;
}

engine::ScriptedMachine describe(const Script& script) {
  engine::ScriptedMachine machine;
  machine.only = script.only;
  for (std::size_t i = 0; i < script.engines.size(); ++i) machine.manifests.push_back(manifest_of(script, i));
  return machine;
}

base::Result<Simulation> make_simulation(const std::string& text, const engine::ModuleContext& context) {
  auto script = read_script(text);
  if (!script.is_ok()) return script.status();
  Simulation simulation;
  simulation.machine = describe(script.value());
  simulation.recorder = std::make_shared<Recorder>();
  const auto machine = std::make_shared<Machine>(std::move(script).value(), *context.executor, simulation.recorder);
  for (std::size_t i = 0; i < machine->script().engines.size(); ++i) {
    simulation.engines.push_back(std::make_unique<SimEngine>(machine, i));
  }
  return simulation;
}

}  // namespace baton::sim
