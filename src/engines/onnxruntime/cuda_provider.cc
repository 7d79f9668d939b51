// SPDX-License-Identifier: Apache-2.0
// Copyright (C) 2026 The Baton authors
#include "cuda_provider.h"

#include <dlfcn.h>

#include <algorithm>
#include <memory>

#include "base/environment.h"
#include "errors.h"

namespace baton::engine::onnxruntime {
namespace {

using base::Result;
using base::Status;
namespace fs = std::filesystem;

constexpr const char* kProvider = "libonnxruntime_providers_cuda.so";
constexpr const char* kDriver = "libcuda.so.1";
constexpr const char* kLinkerCache = "/etc/ld.so.cache";
constexpr std::string_view kOptionPrefix = "cuda.";
constexpr int kComputeCapabilityMajor = 75;  // CU_DEVICE_ATTRIBUTE_COMPUTE_CAPABILITY_MAJOR
constexpr int kFirstWithTf32 = 8;

/// Opened by the provider by name while it runs, so they stand in no table of its file.
constexpr const char* kOpenedLater[] = {"libcudnn", "libcufft", "libnvrtc"};

std::string joined(const std::vector<std::string>& words) {
  std::string text;
  for (const auto& word : words) text += (text.empty() ? "" : ", ") + word;
  return text;
}

struct ReleaseCudaOptions {
  const OrtApi* api;
  void operator()(OrtCUDAProviderOptionsV2* options) const { api->ReleaseCUDAProviderOptions(options); }
};

}  // namespace

CudaProvider::CudaProvider(OrtLibrary& library)
    : folder_(fs::path(library.path()).parent_path()),
      search_(nvidia_package_folders(folder_), base::env::linker_path(), kLinkerCache) {}

Status CudaProvider::check() const {
  std::error_code error;
  const fs::path file = folder_ / kProvider;
  if (folder_.empty() || !fs::exists(file, error)) {
    return Status::unavailable(std::string(kProvider) + " is not beside libonnxruntime" +
                               (folder_.empty() ? "" : " in " + folder_.string()) +
                               "; install the package onnxruntime-gpu instead of onnxruntime");
  }
  const auto needed = needed_libraries(file);
  if (!needed.is_ok()) return needed.status();
  const auto missing = missing_libraries(needed.value(), search_);
  if (missing.empty()) return {};
  return Status::unavailable(joined(missing) + " not found, searched " + search_.text() +
                             "; install NVIDIA's driver and onnxruntime-gpu[cuda,cudnn]");
}

Status CudaProvider::open() {
  std::call_once(once_, [this] { opened_ = open_all(); });
  return opened_;
}

Status CudaProvider::open_all() {
  BATON_RETURN_IF_ERROR(check());
  const auto needed = needed_libraries(folder_ / kProvider);
  if (!needed.is_ok()) return needed.status();
  std::vector<std::string> files;
  for (const std::string& soname : needed.value()) {
    // The run time is in the process, and where the linker finds a library it finds its own needs too.
    if (const std::string file = search_.find(soname); !file.empty()) files.push_back(file);
  }
  for (const char* stem : kOpenedLater) {
    if (const std::string file = search_.find_any(stem); !file.empty()) files.push_back(file);
  }
  for (const std::string& file : files) {
    if (::dlopen(file.c_str(), RTLD_NOW | RTLD_LOCAL) == nullptr)
      return Status::unavailable("cannot open a library of CUDA: " + std::string(::dlerror()));
  }
  void* driver = ::dlopen(kDriver, RTLD_NOW | RTLD_LOCAL);
  if (driver == nullptr) return Status::unavailable("cannot open NVIDIA's driver: " + std::string(::dlerror()));
  const auto find = [&](auto& function, const char* name) {
    function = reinterpret_cast<std::remove_reference_t<decltype(function)>>(::dlsym(driver, name));
    return function != nullptr;
  };
  const bool complete = find(init_, "cuInit") && find(device_by_pci_, "cuDeviceGetByPCIBusId") &&
                        find(attribute_, "cuDeviceGetAttribute");
  return complete ? Status::ok() : Status::unavailable("NVIDIA's driver lacks functions; update it");
}

Result<int> CudaProvider::ordinal(const std::string& pci_address) {
  BATON_RETURN_IF_ERROR(open());
  if (const int code = init_(0); code != 0) {
    return Status(base::StatusCode::kDeviceLost, "CUDA does not start: error " + std::to_string(code));
  }
  int ordinal = 0;
  if (const int code = device_by_pci_(&ordinal, pci_address.c_str()); code != 0) {
    return Status::not_found("CUDA shows no GPU at " + pci_address + " to this process (error " + std::to_string(code) +
                             "); look at CUDA_VISIBLE_DEVICES");
  }
  return ordinal;
}

bool CudaProvider::has_tf32(int ordinal) const {
  int major = kFirstWithTf32;  // an answer that fails must not promise more than there may be
  attribute_(&major, kComputeCapabilityMajor, ordinal);
  return major >= kFirstWithTf32;
}

std::map<std::string, std::string> cuda_options(const CompileRequest& request, int ordinal) {
  const bool full = request.profile == Profile::kFull;
  std::map<std::string, std::string> options{
      {"device_id", std::to_string(ordinal)},
      // The exhaustive search times every algorithm at the first run of each shape; the heuristic asks cuDNN.
      {"cudnn_conv_algo_search", full ? "EXHAUSTIVE" : "HEURISTIC"},
      // Doubling the arena with each growth takes memory that other programs of the GPU may need.
      {"arena_extend_strategy", "kSameAsRequested"},
      {"use_tf32", request.precision == Precision::kFull ? "0" : "1"},
  };
  const auto precision = request.properties.find("INFERENCE_PRECISION_HINT");
  if (precision != request.properties.end() && precision->second == "f32") options["use_tf32"] = "0";
  for (const auto& [key, value] : request.properties) {
    if (key.starts_with(kOptionPrefix)) options[key.substr(kOptionPrefix.size())] = value;
  }
  return options;
}

std::string cuda_precision(const std::map<std::string, std::string>& options, bool has_tf32) {
  const auto tf32 = options.find("use_tf32");
  return has_tf32 && (tf32 == options.end() || tf32->second != "0") ? "tf32" : "f32";
}

Status append_cuda(const OrtApi& api, OrtSessionOptions& session, const std::map<std::string, std::string>& options) {
  OrtCUDAProviderOptionsV2* raw = nullptr;
  BATON_ORT_RETURN_IF_ERROR(api, api.CreateCUDAProviderOptions(&raw), "cannot use the CUDA provider");
  const std::unique_ptr<OrtCUDAProviderOptionsV2, ReleaseCudaOptions> owner(raw, {&api});
  std::vector<const char*> keys, values;
  for (const auto& [key, value] : options) {
    keys.push_back(key.c_str());
    values.push_back(value.c_str());
  }
  BATON_ORT_RETURN_IF_ERROR(api, api.UpdateCUDAProviderOptions(raw, keys.data(), values.data(), keys.size()),
                            "cannot set an option of the CUDA provider");
  return to_status(api, api.SessionOptionsAppendExecutionProvider_CUDA_V2(&session, raw),
                   "cannot use the CUDA provider");
}

}  // namespace baton::engine::onnxruntime
