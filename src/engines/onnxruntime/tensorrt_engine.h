// SPDX-License-Identifier: Apache-2.0
// Copyright (C) 2026 The Baton authors
#pragma once

#include <filesystem>
#include <memory>
#include <string>

#include "nvidia_engine.h"
#include "tensorrt_cache.h"

namespace baton::engine::onnxruntime {

/// ONNX Runtime's TensorRT provider, `onnxruntime.tensorrt`, with CUDA's for the nodes that it leaves. A load builds an
/// engine, which takes seconds to minutes; with a cache folder that is done once.
class TensorRtEngine final : public NvidiaEngine {
 public:
  explicit TensorRtEngine(std::shared_ptr<OrtLibrary> library, model::HostMemory* memory = nullptr,
                          std::filesystem::path root = "/");

 private:
  DeviceReport report(const NvidiaGpu& gpu, std::size_t index) const override;
  std::uint32_t throughput_requests() const override;
  CompileResult compile_on(int ordinal, const CompileRequest& request, const std::stop_token& stop) override;
  TensorRtBuild build_for(const std::string& device, bool has_tf32) const;
};

/// What Baton is told of a GPU that TensorRT reaches.
DeviceReport tensorrt_report(const NvidiaGpu& gpu, std::size_t index);

}  // namespace baton::engine::onnxruntime
