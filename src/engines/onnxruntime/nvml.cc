// SPDX-License-Identifier: Apache-2.0
// Copyright (C) 2026 The Baton authors
#include "nvml.h"

#include <dlfcn.h>

#include <algorithm>
#include <cctype>
#include <string>

#include "library_function.h"

namespace baton::engine::onnxruntime {
namespace {

using base::Result;
using base::Status;

constexpr const char* kLibrary = "libnvidia-ml.so.1";

Status failed(const char* what, int code) {
  return Status::device_failed("NVIDIA's management library cannot " + std::string(what) + ": error " +
                               std::to_string(code));
}

/// "00000000:3B:00.0" -> "0000:3b:00.0", as the kernel spells it.
std::string kernel_spelling(std::string address) {
  for (char& c : address) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  const std::size_t colon = address.find(':');
  return colon != std::string::npos && colon > 4 ? address.substr(colon - 4) : address;
}

/// Text of a function that fills a buffer; empty when it fails, so that one unknown figure costs no more than itself.
template <typename Function>
std::string text_of(const Function& fill) {
  char buffer[96] = {};
  return fill(buffer, static_cast<unsigned>(sizeof buffer)) == 0 ? std::string(buffer) : std::string();
}

}  // namespace

Result<Nvml> Nvml::open() {
  void* library = ::dlopen(kLibrary, RTLD_NOW | RTLD_LOCAL);
  if (library == nullptr) return Status::unavailable(std::string(kLibrary) + " cannot be opened; install the driver");
  Nvml nvml;
  const bool complete = find_function(library, "nvmlInit_v2", nvml.init) &&
                        find_function(library, "nvmlDeviceGetCount_v2", nvml.count) &&
                        find_function(library, "nvmlDeviceGetHandleByIndex_v2", nvml.by_index) &&
                        find_function(library, "nvmlDeviceGetName", nvml.name) &&
                        find_function(library, "nvmlDeviceGetUUID", nvml.uuid) &&
                        find_function(library, "nvmlDeviceGetPciInfo_v3", nvml.pci) &&
                        find_function(library, "nvmlDeviceGetMemoryInfo", nvml.memory) &&
                        find_function(library, "nvmlSystemGetDriverVersion", nvml.driver);
  if (!complete) return Status::unavailable(std::string(kLibrary) + " is too old: it lacks functions");
  return nvml;
}

Result<std::vector<NvidiaGpu>> ask_nvml(const Nvml& nvml) {
  if (const int code = nvml.init(); code != 0) return failed("start", code);
  unsigned count = 0;
  if (const int code = nvml.count(&count); code != 0) return failed("count the GPUs", code);
  const std::string driver = text_of(nvml.driver);
  std::vector<NvidiaGpu> gpus;
  for (unsigned i = 0; i < count; ++i) {
    void* handle = nullptr;
    Nvml::Pci pci{};
    // A GPU that is lost or that this user may not use is not there.
    if (nvml.by_index(i, &handle) != 0 || nvml.pci(handle, &pci) != 0) continue;
    Nvml::Memory memory{};
    if (nvml.memory(handle, &memory) != 0) memory = {};
    gpus.push_back({.name = text_of([&](char* text, unsigned size) { return nvml.name(handle, text, size); }),
                    .uuid = text_of([&](char* text, unsigned size) { return nvml.uuid(handle, text, size); }),
                    .pci_address = kernel_spelling(pci.bus_id),
                    .driver = driver,
                    .memory_bytes = memory.total});
  }
  std::sort(gpus.begin(), gpus.end(), [](const auto& a, const auto& b) { return a.pci_address < b.pci_address; });
  return gpus;
}

}  // namespace baton::engine::onnxruntime
