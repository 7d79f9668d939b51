// SPDX-License-Identifier: Apache-2.0
// Copyright (C) 2026 The Baton authors
#pragma once

#include <memory>
#include <span>
#include <stop_token>
#include <string>
#include <vector>

#include "engine/engine.h"

namespace baton::engine::openvino {

/// OpenVINO's direct devices (CPU, GPU.n, NPU); AUTO, MULTI, BATCH and HETERO are refused (B-308). A compile cannot be
/// stopped once OpenVINO has begun with it; `stop` is looked at before each of its steps.
/// Thread-safety: safe. Ownership: holds nothing; OpenVINO's own state belongs to the process (shared_core.h).
class OpenVinoEngine final : public Engine {
 public:
  explicit OpenVinoEngine(const ModuleContext& context) : context_(context) {}

  const std::string& name() const override;
  std::string version() const override;
  base::Result<std::vector<DeviceReport>> enumerate(std::span<const std::string> families) override;
  SupportAnswer supports(const DeviceReport& device, const model::Model& model) const override;
  void open_parts(const std::string& device, model::Format format, std::stop_token stop) override;
  CompileResult compile(const CompileRequest& request, std::stop_token stop) override;
  base::Result<std::shared_ptr<const model::ModelData>> read(const model::Source& source,
                                                             model::Format format) override;
  base::Result<std::vector<PartialShape>> infer_output_shapes(const model::Model& model) override;
  base::Result<std::vector<std::string>> query(const std::string& device, const model::Model& model) override;
  base::Result<std::string> device_property(const std::string& device, const std::string& key) override;

 private:
  const ModuleContext context_;
};

}  // namespace baton::engine::openvino
