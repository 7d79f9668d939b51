// SPDX-License-Identifier: Apache-2.0
// Copyright (C) 2026 The Baton authors
#include "nvidia_provider.h"

#include <dlfcn.h>

#include <algorithm>
#include <utility>

#include "base/environment.h"
#include "library_function.h"

namespace baton::engine::onnxruntime {
namespace {

using base::Result;
using base::Status;
namespace fs = std::filesystem;

constexpr const char* kCudaProvider = "libonnxruntime_providers_cuda.so";
constexpr const char* kTensorRtProvider = "libonnxruntime_providers_tensorrt.so";
constexpr const char* kDriver = "libcuda.so.1";
constexpr std::string_view kRunTime = "libcudart.so.";
constexpr int kComputeCapabilityMajor = 75;  // CU_DEVICE_ATTRIBUTE_COMPUTE_CAPABILITY_MAJOR
constexpr int kFirstWithTf32 = 8;

std::string joined(const std::vector<std::string>& words) {
  std::string text;
  for (const auto& word : words) text += (text.empty() ? "" : ", ") + word;
  return text;
}

std::vector<fs::path> package_folders(const NvidiaParts& parts, const fs::path& ort_folder) {
  std::vector<fs::path> folders = nvidia_package_folders(ort_folder);
  for (const std::string& name : parts.more_packages) folders.push_back(site_packages_of(ort_folder) / name);
  return folders;
}

bool is_of_tensorrt(const std::string& soname) {
  return soname.starts_with("libnvinfer") || soname.starts_with("libnvonnxparser");
}

/// What to install for what is missing. The package of TensorRT's libraries is named after the version of CUDA that the
/// provider was built for.
std::string remedy(const std::vector<std::string>& missing, const std::vector<std::string>& needed) {
  std::vector<std::string> packages;
  if (!std::all_of(missing.begin(), missing.end(), is_of_tensorrt))
    packages.push_back("NVIDIA's driver and onnxruntime-gpu[cuda,cudnn]");
  if (std::any_of(missing.begin(), missing.end(), is_of_tensorrt)) {
    const auto run_time =
        std::find_if(needed.begin(), needed.end(), [](const std::string& s) { return s.starts_with(kRunTime); });
    const std::string version = run_time == needed.end() ? std::string() : run_time->substr(kRunTime.size());
    packages.push_back(version.empty() ? "TensorRT" : "tensorrt-cu" + version + "-libs");
  }
  return "install " + joined(packages);
}

/// Of all files, each soname once.
Result<std::vector<std::string>> needs_of(const std::vector<std::string>& files, const fs::path& folder) {
  std::vector<std::string> all;
  for (const std::string& file : files) {
    const auto needed = needed_libraries(folder / file);
    if (!needed.is_ok()) return needed.status();
    for (const std::string& soname : needed.value()) {
      if (std::find(all.begin(), all.end(), soname) == all.end()) all.push_back(soname);
    }
  }
  return all;
}

}  // namespace

NvidiaParts cuda_parts() { return {{kCudaProvider}, {"libcudnn", "libcufft", "libnvrtc"}, {}}; }

NvidiaParts tensorrt_parts() {
  NvidiaParts parts = cuda_parts();
  parts.files.emplace_back(kTensorRtProvider);
  parts.opened_later.emplace_back("libnvinfer_plugin");
  parts.more_packages.emplace_back("tensorrt_libs");
  return parts;
}

NvidiaProvider::NvidiaProvider(NvidiaParts parts, const fs::path& ort_folder, const std::string& search_more,
                               const fs::path& linker_cache)
    : parts_(std::move(parts)),
      folder_(ort_folder),
      search_(package_folders(parts_, folder_), search_more, linker_cache) {}

NvidiaProvider::NvidiaProvider(NvidiaParts parts, const OrtLibrary& library)
    : NvidiaProvider(std::move(parts), fs::path(library.path()).parent_path(), base::env::linker_path()) {}

Status NvidiaProvider::check() const {
  for (const std::string& file : parts_.files) {
    std::error_code error;
    if (!folder_.empty() && fs::exists(folder_ / file, error)) continue;
    return Status::unavailable(file + " is not beside libonnxruntime" +
                               (folder_.empty() ? "" : " in " + folder_.string()) +
                               "; install the package onnxruntime-gpu instead of onnxruntime");
  }
  const auto needed = needs_of(parts_.files, folder_);
  if (!needed.is_ok()) return needed.status();
  const auto missing = missing_libraries(needed.value(), search_);
  if (missing.empty()) return {};
  return Status::unavailable(joined(missing) + " not found, searched " + search_.text() + "; " +
                             remedy(missing, needed.value()));
}

Status NvidiaProvider::open() {
  std::call_once(once_, [this] { opened_ = open_all(); });
  return opened_;
}

Status NvidiaProvider::open_all() {
  BATON_RETURN_IF_ERROR(check());
  for (const std::string& file : parts_.files) {
    const auto opened = open_needed(folder_ / file, search_);
    if (!opened.failure.empty()) return Status::unavailable("cannot open a library of CUDA: " + opened.failure);
  }
  for (const std::string& stem : parts_.opened_later) {
    const std::string file = search_.find_any(stem);
    if (!file.empty() && ::dlopen(file.c_str(), RTLD_NOW | RTLD_LOCAL) == nullptr)
      return Status::unavailable("cannot open a library of CUDA: " + std::string(::dlerror()));
  }
  void* driver = ::dlopen(kDriver, RTLD_NOW | RTLD_LOCAL);
  if (driver == nullptr) return Status::unavailable("cannot open NVIDIA's driver: " + std::string(::dlerror()));
  const bool complete = find_function(driver, "cuInit", init_) &&
                        find_function(driver, "cuDeviceGetByPCIBusId", device_by_pci_) &&
                        find_function(driver, "cuDeviceGetAttribute", attribute_);
  (void)find_function(driver, "cuGetErrorString", error_text_);
  return complete ? Status::ok() : Status::unavailable("NVIDIA's driver lacks functions; update it");
}

Result<int> NvidiaProvider::ordinal(const std::string& pci_address) {
  BATON_RETURN_IF_ERROR(open());
  if (const int code = init_(0); code != 0) {
    const char* text = nullptr;
    if (error_text_ == nullptr || error_text_(code, &text) != 0 || text == nullptr) text = "no reason given";
    return Status(base::StatusCode::kDeviceLost, "CUDA does not start: " + std::string(text) + " (error " +
                                                     std::to_string(code) +
                                                     "); nvidia-smi shows whether the driver works");
  }
  int ordinal = 0;
  if (const int code = device_by_pci_(&ordinal, pci_address.c_str()); code != 0) {
    return Status::not_found("CUDA shows no GPU at " + pci_address + " to this process (error " + std::to_string(code) +
                             "); look at CUDA_VISIBLE_DEVICES");
  }
  return ordinal;
}

std::string NvidiaProvider::soname_of(const std::string& stem) const {
  const auto needed = needs_of(parts_.files, folder_);
  if (!needed.is_ok()) return {};
  const auto place = std::find_if(needed->begin(), needed->end(),
                                  [&](const std::string& soname) { return soname.starts_with(stem + ".so"); });
  return place == needed->end() ? std::string() : *place;
}

bool NvidiaProvider::has_tf32(int ordinal) const {
  if (base::env::tf32_turned_off()) return false;
  int major = kFirstWithTf32;  // an answer that fails must not promise more than there may be
  attribute_(&major, kComputeCapabilityMajor, ordinal);
  return major >= kFirstWithTf32;
}

}  // namespace baton::engine::onnxruntime
