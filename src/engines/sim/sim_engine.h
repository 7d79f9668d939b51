// SPDX-License-Identifier: Apache-2.0
// Copyright (C) 2026 The Baton authors
#pragma once

#include <memory>
#include <span>
#include <string>
#include <vector>

#include "engine/engine.h"
#include "sim/machine.h"
#include "sim/script.h"

namespace baton::sim {

/// The devices that an engine of the script offers, all of them, with its ranks and capabilities.
std::vector<engine::DeviceReport> reports_of(const Script& script, std::size_t engine);

/// One engine of a script.
/// Thread-safety: safe. Ownership: shares the machine with the script's other engines and with its executables.
class SimEngine final : public engine::Engine {
 public:
  SimEngine(std::shared_ptr<Machine> machine, std::size_t index) : machine_(std::move(machine)), index_(index) {}

  ~SimEngine() override { machine_->drop_all_hanging(); }

  const std::string& name() const override { return spec().name; }
  std::string version() const override { return spec().version; }
  base::Result<std::vector<engine::DeviceReport>> enumerate(std::span<const std::string> families) override;
  engine::SupportAnswer supports(const engine::DeviceReport& device, const model::Model& model) const override;
  CompileResult compile(const engine::CompileRequest& request, std::stop_token stop) override;
  bool start_compile(const engine::CompileRequest& request, std::stop_token stop, const CompileDone& done) override;
  base::Result<std::vector<PartialShape>> infer_output_shapes(const model::Model& model) override;
  base::Result<std::string> device_property(const std::string& device, const std::string& key) override;

 private:
  const EngineScript& spec() const { return machine_->script().engines[index_]; }
  base::Status refusal(const Pair& pair, const model::Model& model) const;
  base::Result<std::size_t> pair_for(const engine::CompileRequest& request) const;

  const std::shared_ptr<Machine> machine_;
  const std::size_t index_;
};

}  // namespace baton::sim
