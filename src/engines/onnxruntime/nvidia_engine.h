// SPDX-License-Identifier: Apache-2.0
// Copyright (C) 2026 The Baton authors
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <span>
#include <stop_token>
#include <string>
#include <vector>

#include "engine/engine.h"
#include "nvidia_gpus.h"
#include "nvidia_provider.h"
#include "ort_library.h"
#include "session.h"

namespace baton::engine::onnxruntime {

/// An execution provider for NVIDIA's GPUs as an engine of its own. Its devices come from the driver's list in /proc;
/// CUDA itself is not touched before a load.
/// Thread-safety: safe. Ownership: shares the opened library with the CPU's engine.
class NvidiaEngine : public Engine {
 public:
  const std::string& name() const final { return name_; }
  std::string version() const final { return library_->version(); }
  base::Status usable() const final;
  base::Result<std::vector<DeviceReport>> enumerate(std::span<const std::string> families) final;
  SupportAnswer supports(const DeviceReport& device, const model::Model& model) const final;
  void open_parts(const std::string& device, model::Format format, std::stop_token stop) final;
  CompileResult compile(const CompileRequest& request, std::stop_token stop) final;
  base::Result<std::vector<PartialShape>> infer_output_shapes(const model::Model& model) final;
  base::Result<std::string> device_property(const std::string& device, const std::string& key) final;

 protected:
  /// `memory`: where Baton's own tensors lie, which are pinned when runs use them again; null: none are. `root`: "/"
  /// but in tests.
  NvidiaEngine(std::string name, std::shared_ptr<OrtLibrary> library, NvidiaParts parts, model::HostMemory* memory,
               std::filesystem::path root);

  base::Result<std::vector<NvidiaGpu>> gpus() const;
  OrtLibrary& library() const { return *library_; }
  NvidiaProvider& provider() { return provider_; }
  const NvidiaProvider& provider() const { return provider_; }

  /// What Baton is told of a GPU.
  virtual DeviceReport report(const NvidiaGpu& gpu, std::size_t index) const = 0;
  /// Requests in flight that keep a GPU busy.
  virtual std::uint32_t throughput_requests() const = 0;
  /// `compile` once it is known that the model can be read and that CUDA knows the GPU by this number.
  virtual CompileResult compile_on(int ordinal, const CompileRequest& request, const std::stop_token& stop) = 0;

  std::uint32_t requests_for(const CompileRequest& request) const;
  MemoryUse pins_memory(int ordinal) const;

 private:
  const std::string name_;
  const std::shared_ptr<OrtLibrary> library_;
  model::HostMemory* const memory_;
  NvidiaProvider provider_;
  const std::filesystem::path root_;
};

/// ONNX Runtime's CUDA provider, `onnxruntime.cuda`. Runs of one session may overlap.
class CudaEngine final : public NvidiaEngine {
 public:
  explicit CudaEngine(std::shared_ptr<OrtLibrary> library, model::HostMemory* memory = nullptr,
                      std::filesystem::path root = "/");

 private:
  DeviceReport report(const NvidiaGpu& gpu, std::size_t index) const override { return cuda_report(gpu, index); }
  std::uint32_t throughput_requests() const override;
  CompileResult compile_on(int ordinal, const CompileRequest& request, const std::stop_token& stop) override;
};

}  // namespace baton::engine::onnxruntime
