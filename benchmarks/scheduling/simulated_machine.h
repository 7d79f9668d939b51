// SPDX-License-Identifier: Apache-2.0
// Copyright (C) 2026 The Baton authors
//
// A simulated machine in virtual time: its figures are the same on every real one.
#pragma once

#include <memory>
#include <string>
#include <utility>

#include "auto/auto_model.h"
#include "auto/shared_state.h"
#include "engine/registry.h"
#include "model/model.h"
#include "support/manual_executor.h"

namespace baton::benchmarks {

/// The value, or the end of the program with the message.
template <typename T>
T must(base::Result<T> result) {
  if (!result.is_ok()) {
    std::fprintf(stderr, "%s\n", result.status().message().c_str());
    std::exit(1);
  }
  return std::move(result).value();
}

base::LogSink& no_log();

/// Compiled and steady, without a second look.
std::shared_ptr<autodev::AutoModel> compile(const autodev::Environment& environment, const model::Model& model,
                                            const std::string& device, autodev::Options options);

class SimulatedMachine {
 public:
  /// `script`: the text of a simulation file (docs/simulation.md).
  explicit SimulatedMachine(const std::string& script);

  std::shared_ptr<autodev::AutoModel> compile(const std::string& device, autodev::Options options) {
    return benchmarks::compile(environment(), model, device, std::move(options));
  }

  base::ManualExecutor executor;
  const model::Model model;

 private:
  autodev::Environment environment() {
    return {.executor = &executor, .registry = registry_.get(), .shared = &shared_, .cores = 8};
  }
  autodev::SharedState shared_;
  std::unique_ptr<engine::Registry> registry_;
};

}  // namespace baton::benchmarks
