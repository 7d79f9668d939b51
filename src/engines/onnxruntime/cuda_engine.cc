// SPDX-License-Identifier: Apache-2.0
// Copyright (C) 2026 The Baton authors
#include "cuda_engine.h"

#include <algorithm>
#include <thread>

#include "base/environment.h"
#include "executable.h"
#include "nvml.h"
#include "session.h"

namespace baton::engine::onnxruntime {
namespace {

using base::Result;
using base::Status;

constexpr std::string_view kGpu = "GPU";
/// Requests in flight that keep a GPU busy: while one computes, the copies of others go on, and a thread of the CPU
/// gives each its kernels one by one (measured on 16 cores, benchmarks/RESULTS.md).
std::uint32_t throughput_requests() { return std::clamp(std::thread::hardware_concurrency(), 4u, 16u); }

std::uint32_t requests_for(const CompileRequest& request) {
  if (request.hint != Hint::kThroughput) return 1;
  return request.num_requests == 0 ? throughput_requests() : std::min(request.num_requests, throughput_requests());
}

/// What is left for the session once the provider has taken its options.
CompileRequest without_cuda_properties(CompileRequest request) {
  std::erase_if(request.properties, [](const auto& property) {
    return property.first.starts_with("cuda.") || property.first == "INFERENCE_PRECISION_HINT";
  });
  return request;
}

/// Ranked by memory (B-410), so of different GPUs it must be known.
bool memory_decides(const std::vector<NvidiaGpu>& gpus) {
  return std::any_of(gpus.begin(), gpus.end(), [&](const NvidiaGpu& gpu) { return gpu.name != gpus.front().name; });
}

}  // namespace

const std::string& CudaEngine::name() const {
  static const std::string name = "onnxruntime.cuda";
  return name;
}

/// From the driver's list; NVML is asked where that is not enough.
Result<std::vector<NvidiaGpu>> CudaEngine::gpus() const {
  std::vector<NvidiaGpu> listed = read_driver_list(root_);
  if (listed.empty() || memory_decides(listed)) {
    const auto nvml = Nvml::open();
    auto asked = nvml.is_ok() ? ask_nvml(nvml.value()) : Result<std::vector<NvidiaGpu>>(nvml.status());
    if (!asked.is_ok() && listed.empty()) return asked.status();
    if (asked.is_ok()) listed = std::move(asked).value();
  }
  return visible_gpus(std::move(listed), base::env::cuda_visible_devices());
}

Status CudaEngine::usable() const {
  BATON_RETURN_IF_ERROR(provider_.check());
  const auto found = gpus();
  if (!found.is_ok()) return found.status();
  if (!found->empty()) return {};
  return Status::unavailable("the driver shows no NVIDIA GPU to this process; look at CUDA_VISIBLE_DEVICES");
}

Result<std::vector<DeviceReport>> CudaEngine::enumerate(std::span<const std::string> families) {
  std::vector<DeviceReport> reports;
  if (!families.empty() && std::find(families.begin(), families.end(), kGpu) == families.end()) return reports;
  BATON_RETURN_IF_ERROR(provider_.check());
  const auto found = gpus();
  if (!found.is_ok()) return found.status();
  for (const NvidiaGpu& gpu : found.value()) reports.push_back(cuda_report(gpu, reports.size()));
  return reports;
}

SupportAnswer CudaEngine::supports(const DeviceReport&, const model::Model& model) const {
  std::string reason = obstacle(model);
  if (!reason.empty()) return {Support::kNo, std::move(reason)};
  return {};
}

void CudaEngine::open_parts(const std::string& device, model::Format, std::stop_token stop) {
  if (provider_.open().is_ok() && !stop.stop_requested()) (void)provider_.ordinal(device);
}

Engine::CompileResult CudaEngine::compile(const CompileRequest& request, std::stop_token stop) {
  if (std::string reason = obstacle(request.model); !reason.empty()) return Status::unsupported(std::move(reason));
  if (request.blob) return Status::unsupported("the CUDA provider loads nothing that was exported");
  const auto ordinal = provider_.ordinal(request.device);
  if (!ordinal.is_ok()) return ordinal.status();
  if (stop.stop_requested()) return Status::cancelled("the load was cancelled");

  const auto options = cuda_options(request, ordinal.value());
  SessionSetup setup;
  setup.add_provider = [&](const OrtApi& api, OrtSessionOptions& session) {
    return append_cuda(api, session, options);
  };
  auto session = load_session(*library_, without_cuda_properties(request), setup, stop);
  if (!session.is_ok()) return session.status();

  ExecutableTraits traits;
  traits.optimal_requests = requests_for(request);
  traits.precision =
      is_quantised(request.model.facts()) ? "i8" : cuda_precision(options, provider_.has_tf32(ordinal.value()));
  traits.lazy_first_run = true;
  traits.compiles_per_shape = request.model.is_dynamic();  // cuDNN looks for its algorithms at the first run of each
  return std::unique_ptr<Executable>(
      new OrtExecutable(std::move(session).value(), std::nullopt, std::move(traits), "0"));
}

Result<std::vector<PartialShape>> CudaEngine::infer_output_shapes(const model::Model& model) {
  return infer_shapes(*library_, model);
}

Result<std::string> CudaEngine::device_property(const std::string& device, const std::string& key) {
  if (key == "RANGE_FOR_STREAMS") return std::string("1 1");
  if (key == "RANGE_FOR_ASYNC_INFER_REQUESTS") return "1 " + std::to_string(throughput_requests()) + " 1";
  if (key == "OPTIMAL_BATCH_SIZE" || key == "MAX_BATCH_SIZE") return std::string("1");
  if (key == "GPU_DEVICE_TOTAL_MEM_SIZE") {
    const auto nvml = Nvml::open();
    if (!nvml.is_ok()) return nvml.status();
    const auto asked = ask_nvml(nvml.value());
    if (!asked.is_ok()) return asked.status();
    for (const NvidiaGpu& gpu : asked.value()) {
      if (gpu.pci_address == device) return std::to_string(gpu.memory_bytes);
    }
  }
  return Status::not_found("engine onnxruntime.cuda has no property " + key + " of " + device);
}

}  // namespace baton::engine::onnxruntime
