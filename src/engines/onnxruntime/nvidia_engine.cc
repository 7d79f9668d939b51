// SPDX-License-Identifier: Apache-2.0
// Copyright (C) 2026 The Baton authors
#include "nvidia_engine.h"

#include <algorithm>
#include <thread>
#include <utility>

#include "base/environment.h"
#include "cuda_options.h"
#include "executable.h"
#include "nvml.h"
#include "pinned_memory.h"
#include "provider_properties.h"
#include "session.h"

namespace baton::engine::onnxruntime {
namespace {

using base::Result;
using base::Status;

constexpr std::string_view kGpu = "GPU";

/// CUDA_VISIBLE_DEVICES names GPUs by UUID, and the driver's list has none of a GPU that was not started yet.
bool uuids_decide(const std::vector<NvidiaGpu>& gpus, const std::optional<std::string>& variable) {
  return variable && variable->find("GPU-") != std::string::npos &&
         std::any_of(gpus.begin(), gpus.end(), [](const NvidiaGpu& gpu) { return gpu.uuid.empty(); });
}

Status no_gpu() {
  const std::string text = "NVIDIA's driver shows no GPU to this process";
  const auto variable = base::env::cuda_visible_devices();
  if (!variable) return Status::unavailable(text + "; nvidia-smi says which there are");
  return Status::unavailable(text + ": CUDA_VISIBLE_DEVICES is '" + *variable +
                             "', expected numbers or UUIDs (GPU-...) of GPUs that nvidia-smi -L lists; unset it to see "
                             "all");
}

/// Ranked by memory (B-410), so of different GPUs it must be known.
bool memory_decides(const std::vector<NvidiaGpu>& gpus) {
  return std::any_of(gpus.begin(), gpus.end(), [&](const NvidiaGpu& gpu) { return gpu.name != gpus.front().name; });
}

}  // namespace

NvidiaEngine::NvidiaEngine(std::string name, std::shared_ptr<OrtLibrary> library, NvidiaParts parts,
                           model::HostMemory* memory, std::filesystem::path root)
    : name_(std::move(name)),
      library_(std::move(library)),
      memory_(memory),
      provider_(std::move(parts), *library_),
      root_(std::move(root)) {}

/// From the driver's list; NVML is asked where that is not enough.
Result<std::vector<NvidiaGpu>> NvidiaEngine::gpus() const {
  std::vector<NvidiaGpu> listed = read_driver_list(root_);
  const auto variable = base::env::cuda_visible_devices();
  if (listed.empty() || memory_decides(listed) || uuids_decide(listed, variable)) {
    const auto nvml = Nvml::open();
    auto asked = nvml.is_ok() ? ask_nvml(nvml.value()) : Result<std::vector<NvidiaGpu>>(nvml.status());
    if (!asked.is_ok() && listed.empty()) return asked.status();
    if (asked.is_ok()) listed = std::move(asked).value();
  }
  return visible_gpus(std::move(listed), variable);
}

Status NvidiaEngine::usable() const {
  BATON_RETURN_IF_ERROR(provider_.check());
  const auto found = gpus();
  if (!found.is_ok()) return found.status();
  return found->empty() ? no_gpu() : Status::ok();
}

Result<std::vector<DeviceReport>> NvidiaEngine::enumerate(std::span<const std::string> families) {
  std::vector<DeviceReport> reports;
  if (!families.empty() && std::find(families.begin(), families.end(), kGpu) == families.end()) return reports;
  BATON_RETURN_IF_ERROR(provider_.check());
  const auto found = gpus();
  if (!found.is_ok()) return found.status();
  if (found->empty()) return no_gpu();
  for (const NvidiaGpu& gpu : found.value()) reports.push_back(report(gpu, reports.size()));
  return reports;
}

SupportAnswer NvidiaEngine::supports(const DeviceReport&, const model::Model& model) const {
  std::string reason = obstacle(model);
  if (!reason.empty()) return {Support::kNo, std::move(reason)};
  return {};
}

void NvidiaEngine::open_parts(const std::string& device, model::Format, std::stop_token stop) {
  if (provider_.open().is_ok() && !stop.stop_requested()) (void)provider_.ordinal(device);
}

Engine::CompileResult NvidiaEngine::compile(const CompileRequest& request, std::stop_token stop) {
  if (std::string reason = obstacle(request.model); !reason.empty()) return Status::unsupported(std::move(reason));
  if (request.blob) return Status::unsupported("engine " + name_ + " loads nothing that was exported");
  const auto ordinal = provider_.ordinal(request.device);
  if (!ordinal.is_ok()) return ordinal.status();
  if (stop.stop_requested()) return Status::cancelled("the load was cancelled");
  return compile_on(ordinal.value(), request, stop);
}

Result<std::vector<PartialShape>> NvidiaEngine::infer_output_shapes(const model::Model& model) {
  return infer_shapes(*library_, model);
}

Result<std::string> NvidiaEngine::device_property(const std::string& device, const std::string& key) {
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
  return Status::not_found("engine " + name_ + " has no property " + key + " of " + device);
}

std::uint32_t NvidiaEngine::requests_for(const CompileRequest& request) const {
  if (request.hint != Hint::kThroughput) return 1;
  return request.num_requests == 0 ? throughput_requests() : std::min(request.num_requests, throughput_requests());
}

MemoryUse NvidiaEngine::pins_memory(int ordinal) const {
  const auto pinned = memory_ == nullptr ? nullptr : PinnedMemory::open(ordinal);
  if (pinned == nullptr) return {};
  return {memory_, [pinned](void* data, std::size_t bytes) { return pinned->pin(data, bytes); }};
}

CudaEngine::CudaEngine(std::shared_ptr<OrtLibrary> library, model::HostMemory* memory, std::filesystem::path root)
    : NvidiaEngine("onnxruntime.cuda", std::move(library), cuda_parts(), memory, std::move(root)) {}

std::uint32_t CudaEngine::throughput_requests() const { return cuda_requests(std::thread::hardware_concurrency()); }

Engine::CompileResult CudaEngine::compile_on(int ordinal, const CompileRequest& request, const std::stop_token& stop) {
  const auto options = cuda_options(request, ordinal);
  SessionSetup setup;
  setup.add_provider = [&](const OrtApi& api, OrtSessionOptions& session) {
    return append_cuda(api, session, options);
  };
  setup.memory_use = pins_memory(ordinal);
  const std::string prefixes[] = {kCudaPrefix};
  auto session = load_session(library(), without_properties(request, prefixes), setup, stop);
  if (!session.is_ok()) return session.status();

  ExecutableTraits traits;
  traits.optimal_requests = requests_for(request);
  traits.precision = is_quantised(request.model.facts()) ? "i8" : cuda_precision(options, provider().has_tf32(ordinal));
  // The provider keeps cuDNN's plans for the last shapes only.
  if (request.model.is_dynamic()) traits.shape_compiles = ShapeCompiles::kEveryChange;
  return std::unique_ptr<Executable>(
      new OrtExecutable(std::move(session).value(), std::nullopt, std::move(traits), "0"));
}

}  // namespace baton::engine::onnxruntime
