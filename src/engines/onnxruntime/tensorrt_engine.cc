// SPDX-License-Identifier: Apache-2.0
// Copyright (C) 2026 The Baton authors
#include "tensorrt_engine.h"

#include <dlfcn.h>

#include <utility>

#include "cuda_options.h"
#include "errors.h"
#include "executable.h"
#include "provider_properties.h"
#include "session.h"
#include "tensorrt_options.h"

namespace baton::engine::onnxruntime {
namespace {

using base::Status;

/// "101600" of TensorRT 10.16.0; empty: the library does not say.
std::string tensorrt_version(const std::string& soname) {
  void* library = soname.empty() ? nullptr : ::dlopen(soname.c_str(), RTLD_LAZY | RTLD_NOLOAD);
  if (library == nullptr) return {};
  const auto version = reinterpret_cast<int (*)()>(::dlsym(library, "getInferLibVersion"));
  return version == nullptr ? std::string() : std::to_string(version());
}

}  // namespace

TensorRtEngine::TensorRtEngine(std::shared_ptr<OrtLibrary> library, model::HostMemory* memory,
                               std::filesystem::path root)
    : NvidiaEngine("onnxruntime.tensorrt", std::move(library), tensorrt_parts(), memory, std::move(root)) {}

DeviceReport TensorRtEngine::report(const NvidiaGpu& gpu, std::size_t index) const {
  return tensorrt_report(gpu, index);
}

/// The provider computes one request of a session at a time; another one's copies may go on meanwhile.
std::uint32_t TensorRtEngine::throughput_requests() const { return 2; }

TensorRtBuild TensorRtEngine::build_for(const std::string& device, bool has_tf32) const {
  TensorRtBuild build{.onnxruntime = version(), .tensorrt = tensorrt_version(provider().soname_of("libnvinfer"))};
  build.tf32 = has_tf32;
  const auto found = gpus();
  if (!found.is_ok()) return build;
  for (const NvidiaGpu& gpu : found.value()) {
    if (gpu.pci_address != device) continue;
    build.gpu = gpu.name;
    build.driver = gpu.driver;
  }
  return build;
}

Engine::CompileResult TensorRtEngine::compile_on(int ordinal, const CompileRequest& request,
                                                 const std::stop_token& stop) {
  const bool has_tf32 = provider().has_tf32(ordinal);
  if (std::string reason = tensorrt_refusal(request, has_tf32); !reason.empty())
    return Status::unsupported(std::move(reason));
  auto options = tensorrt_options(request, ordinal);
  const std::string precision = tensorrt_precision(options, has_tf32);
  TensorRtCache cache(build_for(request.device, has_tf32), request, options);
  cache.add_to(options);

  const auto behind = cuda_options(request, ordinal);
  SessionSetup setup;
  setup.add_provider = [&](const OrtApi& api, OrtSessionOptions& session) {
    return append_tensorrt(api, session, options, behind);
  };
  setup.memory_use = pins_memory(ordinal);
  const std::string prefixes[] = {kTensorRtPrefix, kCudaPrefix};
  const CompileRequest rest = without_properties(request, prefixes);
  const auto load = [&]() -> base::Result<std::shared_ptr<Session>> {
    const LoggedErrors errors;
    auto loaded = load_session(library(), rest, setup, stop);
    if (!loaded.is_ok()) return errors.explain(loaded.status());
    return loaded;
  };
  auto session = load();
  if (!session.is_ok() && cache.forget_if_refused(session.status())) session = load();
  if (!session.is_ok()) return session.status();

  ExecutableTraits traits;
  traits.optimal_requests = requests_for(request);
  traits.precision = precision;
  traits.loaded_from_cache = cache.was_read(request.model);
  if (request.model.is_dynamic()) {
    traits.shape_compiles = ShapeCompiles::kNewShapes;
    traits.builds_for_minutes = true;
  }
  return std::unique_ptr<Executable>(
      new OrtExecutable(std::move(session).value(), std::nullopt, std::move(traits), "0"));
}

DeviceReport tensorrt_report(const NvidiaGpu& gpu, std::size_t index) {
  DeviceReport report = cuda_report(gpu, index);
  report.supported_properties.emplace_back("tensorrt.*");
  report.cpu_heavy_load = true;  // the builder generates and times kernels
  report.stoppable_load = false;
  report.lazy_first_run = true;  // what is left to CUDA looks for its algorithms; of dynamic shapes the engine is built
  // Behind CUDA's in everything: building takes seconds to minutes and is not always rewarded, so measuring decides.
  report.ranks = {.load_fast = 1500, .load_full = 5000, .run = 4};
  return report;
}

}  // namespace baton::engine::onnxruntime
