// SPDX-License-Identifier: Apache-2.0
// Copyright (C) 2026 The Baton authors
#include "real_devices.h"

#include <utility>

namespace baton::benchmarks {
namespace {

class RenamedEngine final : public engine::Engine {
 public:
  RenamedEngine(engine::Engine& engine, std::string name) : engine_(engine), name_(std::move(name)) {}

  const std::string& name() const override { return name_; }
  std::string version() const override { return engine_.version(); }
  base::Result<std::vector<engine::DeviceReport>> enumerate(std::span<const std::string>) override {
    return std::vector<engine::DeviceReport>{};  // the manifest has it
  }
  engine::SupportAnswer supports(const engine::DeviceReport& device, const model::Model& model) const override {
    return engine_.supports(device, model);
  }
  CompileResult compile(const engine::CompileRequest& request, std::stop_token stop) override {
    return engine_.compile(request, std::move(stop));
  }

 private:
  engine::Engine& engine_;
  const std::string name_;
};

}  // namespace

RenamedDevice rename_cpu(engine::Engine& engine, const std::string& device) {
  engine::DeviceReport report;
  report.name = device;
  report.handle = "CPU";
  report.kind = device == "CPU" ? engine::DeviceKind::kCpu : engine::DeviceKind::kDiscreteGpu;
  report.full_name = "the CPU through " + engine.name();
  report.uuid = "renamed " + device;
  report.capabilities = {"FP32", "FP16", "BF16", "INT8"};
  engine::EngineManifest manifest;
  manifest.name = engine.name() + ".renamed";
  manifest.formats = {model::Format::kOnnx};
  manifest.devices = {report};
  return {std::make_unique<RenamedEngine>(engine, manifest.name), std::move(manifest)};
}

}  // namespace baton::benchmarks
