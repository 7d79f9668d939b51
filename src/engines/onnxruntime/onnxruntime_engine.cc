// SPDX-License-Identifier: Apache-2.0
// Copyright (C) 2026 The Baton authors
#include "onnxruntime_engine.h"

#include <algorithm>
#include <fstream>
#include <string_view>
#include <thread>

#include "executable.h"
#include "session.h"

namespace baton::engine::onnxruntime {
namespace {

using base::Result;
using base::Status;

constexpr std::string_view kCpu = "CPU";

std::string processor_name() {
  std::ifstream info("/proc/cpuinfo");
  for (std::string line; std::getline(info, line);) {
    const std::size_t colon = line.find(": ");
    if (line.starts_with("model name") && colon != std::string::npos) return line.substr(colon + 2);
  }
  return "CPU";
}

}  // namespace

const std::string& OnnxRuntimeEngine::name() const {
  static const std::string name = "onnxruntime";
  return name;
}

Result<std::vector<DeviceReport>> OnnxRuntimeEngine::enumerate(std::span<const std::string> families) {
  if (!families.empty() && std::find(families.begin(), families.end(), kCpu) == families.end()) {
    return std::vector<DeviceReport>();
  }
  DeviceReport cpu;
  cpu.name = cpu.handle = kCpu;
  cpu.full_name = processor_name();
  cpu.capabilities = {"EXPORT_IMPORT", "FP16", "FP32", "INT8"};
  cpu.ranks = {10, 20, 20};
  cpu.supported_properties = {"INFERENCE_NUM_THREADS", "ep.*", "memory.*", "optimization.*", "session.*"};
  return std::vector<DeviceReport>{std::move(cpu)};
}

SupportAnswer OnnxRuntimeEngine::supports(const DeviceReport&, const model::Model& model) const {
  std::string reason = obstacle(model);
  if (!reason.empty()) return {Support::kNo, std::move(reason)};
  return {};
}

Engine::CompileResult OnnxRuntimeEngine::compile(const CompileRequest& request, std::stop_token stop) {
  if (request.device != kCpu) {
    return Status::not_found("engine onnxruntime has no device " + request.device + ", expected CPU");
  }
  if (std::string reason = obstacle(request.model); !reason.empty()) return Status::unsupported(std::move(reason));
  // `background` changes nothing: a load uses one thread, whatever the session is given for its runs.
  const ThreadPlan threads = plan_threads(request.hint, request.num_requests, std::thread::hardware_concurrency());
  auto session = load_session(*library_, request, {threads, {}}, stop);
  if (!session.is_ok()) return session.status();

  ExecutableTraits traits;
  traits.optimal_requests = threads.optimal_requests;
  traits.loaded_from_cache = request.blob != nullptr;
  traits.precision = is_quantised(request.model.facts()) ? "i8" : "f32";
  const auto given = request.properties.find("INFERENCE_NUM_THREADS");
  std::string count = given != request.properties.end() ? given->second : std::to_string(threads.intra_op_threads);
  return std::unique_ptr<Executable>(
      new OrtExecutable(std::move(session).value(), request, std::move(traits), std::move(count)));
}

Result<std::vector<PartialShape>> OnnxRuntimeEngine::infer_output_shapes(const model::Model& model) {
  return infer_shapes(*library_, model);
}

Result<std::string> OnnxRuntimeEngine::device_property(const std::string& device, const std::string& key) {
  if (device != kCpu) return Status::not_found("engine onnxruntime has no device " + device + ", expected CPU");
  const std::string cores = std::to_string(std::max(std::thread::hardware_concurrency(), 1u));
  if (key == "FULL_DEVICE_NAME") return processor_name();
  if (key == "RANGE_FOR_STREAMS") return std::string("1 1");
  if (key == "RANGE_FOR_ASYNC_INFER_REQUESTS") return "1 " + cores + " 1";
  if (key == "OPTIMAL_BATCH_SIZE" || key == "MAX_BATCH_SIZE") return std::string("1");
  return Status::not_found("engine onnxruntime has no property " + key + " of " + device);
}

}  // namespace baton::engine::onnxruntime
