// SPDX-License-Identifier: Apache-2.0
// Copyright (C) 2026 The Baton authors
#pragma once

#include <memory>
#include <span>
#include <stop_token>
#include <string>
#include <vector>

#include "engine/engine.h"
#include "engine/foreign_provider.h"
#include "foreign_library.h"
#include "ort_library.h"

namespace baton::engine::onnxruntime {

/// A plug-in execution provider as an engine of its own: `onnxruntime.webgpu` and whatever else is found. Its devices
/// are what a trial in a child process said; its library is opened here at the first load only. Loads, runs and the
/// ends of sessions never overlap (SerialTurns), unless another trial proved that they may.
/// Thread-safety: safe. Ownership: shares the opened ONNX Runtime; `trials` outlives it.
class ForeignEngine final : public Engine {
 public:
  /// `trials`: null in a trial itself, where the library is asked at once and nothing is kept apart.
  ForeignEngine(std::shared_ptr<OrtLibrary> library, const ForeignProvider& provider, ProviderTrials* trials);

  const std::string& name() const override { return name_; }
  std::string version() const override { return version_; }
  base::Status usable() const override;
  base::Result<std::vector<DeviceReport>> enumerate(std::span<const std::string> families) override;
  SupportAnswer supports(const DeviceReport& device, const model::Model& model) const override;
  void open_parts(const std::string& device, model::Format format, std::stop_token stop) override;
  CompileResult compile(const CompileRequest& request, std::stop_token stop) override;
  base::Result<std::vector<PartialShape>> infer_output_shapes(const model::Model& model) override;
  base::Result<std::string> device_property(const std::string& device, const std::string& key) override;

  /// As the provider names itself. REQUIRES: `enumerate` was called in a trial, or a model was loaded.
  const std::string& provider() const { return foreign_.provider(); }

 private:
  /// REQUIRES: the library is open.
  base::Result<DeviceReport> find_device(const std::string& handle) const;

  const std::shared_ptr<OrtLibrary> library_;
  const std::string name_;
  const std::string version_;
  ProviderTrials* const trials_;
  ForeignLibrary foreign_;
};

}  // namespace baton::engine::onnxruntime
