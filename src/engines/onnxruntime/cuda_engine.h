// SPDX-License-Identifier: Apache-2.0
// Copyright (C) 2026 The Baton authors
#pragma once

#include <filesystem>
#include <memory>
#include <span>
#include <stop_token>
#include <string>
#include <utility>
#include <vector>

#include "cuda_provider.h"
#include "engine/engine.h"
#include "nvidia_gpus.h"
#include "ort_library.h"

namespace baton::engine::onnxruntime {

/// ONNX Runtime's CUDA provider as an engine of its own, `onnxruntime.cuda`. Its devices come from the driver's list in
/// /proc; CUDA itself is not touched before a load. Runs of one session may overlap.
/// Thread-safety: safe. Ownership: shares the opened library with the CPU's engine.
class CudaEngine final : public Engine {
 public:
  /// `root`: "/" but in tests.
  explicit CudaEngine(std::shared_ptr<OrtLibrary> library, std::filesystem::path root = "/")
      : library_(std::move(library)), provider_(*library_), root_(std::move(root)) {}

  const std::string& name() const override;
  std::string version() const override { return library_->version(); }
  base::Status usable() const override;
  base::Result<std::vector<DeviceReport>> enumerate(std::span<const std::string> families) override;
  SupportAnswer supports(const DeviceReport& device, const model::Model& model) const override;
  void open_parts(const std::string& device, model::Format format, std::stop_token stop) override;
  CompileResult compile(const CompileRequest& request, std::stop_token stop) override;
  base::Result<std::vector<PartialShape>> infer_output_shapes(const model::Model& model) override;
  base::Result<std::string> device_property(const std::string& device, const std::string& key) override;

 private:
  base::Result<std::vector<NvidiaGpu>> gpus() const;

  const std::shared_ptr<OrtLibrary> library_;
  CudaProvider provider_;
  const std::filesystem::path root_;
};

}  // namespace baton::engine::onnxruntime
