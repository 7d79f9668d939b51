// SPDX-License-Identifier: Apache-2.0
// Copyright (C) 2026 The Baton authors
#include "simulated_machine.h"

#include <cstddef>
#include <optional>

#include "policy/device_string.h"
#include "sim/simulation.h"
#include "support/tiny_model.h"

namespace baton::benchmarks {

base::LogSink& no_log() {
  static test::NoLog sink;
  return sink;
}

std::shared_ptr<autodev::AutoModel> compile(const autodev::Environment& environment, const model::Model& model,
                                            const std::string& device, autodev::Options options) {
  autodev::CompileSpec spec;
  spec.model = model;
  spec.device = must(policy::parse_device_string(device));
  spec.device_text = device;
  spec.options = std::move(options);
  spec.options.second_look = false;
  spec.log = std::shared_ptr<base::LogSink>(&no_log(), [](auto*) {});
  auto compiled = must(autodev::AutoModel::compile(environment, std::move(spec)));
  compiled->wait_until_steady(std::nullopt);
  return compiled;
}

SimulatedMachine::SimulatedMachine(const std::string& script) : model(test::tiny_model()) {
  registry_ = std::make_unique<engine::Registry>(
      engine::RegistryOptions{.executor = &executor, .log = &no_log(), .os_root = "/nonexistent"});
  auto simulation = must(sim::make_simulation(script, {.executor = &executor, .log = &no_log()}));
  for (std::size_t i = 0; i < simulation.engines.size(); ++i)
    registry_->add(simulation.machine.manifests[i], std::move(simulation.engines[i]));
}

}  // namespace baton::benchmarks
