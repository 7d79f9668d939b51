// SPDX-License-Identifier: Apache-2.0
// Copyright (C) 2026 The Baton authors
#pragma once

#include <memory>
#include <span>
#include <stop_token>
#include <string>
#include <utility>
#include <vector>

#include "engine/engine.h"
#include "ort_library.h"

namespace baton::engine::onnxruntime {

/// ONNX Runtime's CPU provider. Loads are cancelled between graph transformations, runs between operators.
/// Thread-safety: safe. Ownership: shares the opened library.
class OnnxRuntimeEngine final : public Engine {
 public:
  explicit OnnxRuntimeEngine(std::shared_ptr<OrtLibrary> library) : library_(std::move(library)) {}

  const std::string& name() const override;
  std::string version() const override { return library_->version(); }
  base::Result<std::vector<DeviceReport>> enumerate(std::span<const std::string> families) override;
  SupportAnswer supports(const DeviceReport& device, const model::Model& model) const override;
  CompileResult compile(const CompileRequest& request, std::stop_token stop) override;
  base::Result<std::vector<PartialShape>> infer_output_shapes(const model::Model& model) override;
  base::Result<std::string> device_property(const std::string& device, const std::string& key) override;

 private:
  const std::shared_ptr<OrtLibrary> library_;
};

}  // namespace baton::engine::onnxruntime
