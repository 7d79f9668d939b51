// SPDX-License-Identifier: Apache-2.0
// Copyright (C) 2026 The Baton authors
#include "foreign_device.h"

#include <algorithm>
#include <charconv>
#include <sstream>
#include <string_view>

#include "known_providers.h"
#include "provider_properties.h"

namespace baton::engine::onnxruntime {
namespace {

std::string value_of(const std::map<std::string, std::string>& metadata, const std::string& key) {
  const auto found = metadata.find(key);
  return found == metadata.end() ? std::string() : found->second;
}

/// OpenVINO's provider says which of its virtual devices an entry stands for, and adds its name to its own.
bool is_virtual(const ProviderDevice& device) {
  if (!value_of(device.own, "ov_meta_device").empty()) return true;
  constexpr std::string_view kVirtual[] = {".AUTO", ".BATCH", ".HETERO", ".MULTI"};
  return std::any_of(std::begin(kVirtual), std::end(kVirtual),
                     [&](std::string_view name) { return device.provider.ends_with(name); });
}

/// Integrated until something says more (B-310).
DeviceKind kind_of(const ProviderDevice& device) {
  if (device.type == ProviderDevice::Type::kCpu) return DeviceKind::kCpu;
  if (device.type == ProviderDevice::Type::kNpu) return DeviceKind::kAccelerator;
  const bool discrete =
      value_of(device.hardware, "Discrete") == "1" || value_of(device.own, "DEVICE_TYPE") == "discrete";
  return discrete ? DeviceKind::kDiscreteGpu : DeviceKind::kIntegratedGpu;
}

std::string full_name_of(const ProviderDevice& device) {
  for (const auto& [metadata, key] : {std::pair(&device.hardware, "Description"), {&device.own, "FULL_DEVICE_NAME"}}) {
    if (std::string name = value_of(*metadata, key); !name.empty()) return name;
  }
  // The CPU's name is the operating system's to say.
  return device.type == ProviderDevice::Type::kCpu ? std::string() : device.vendor + " " + family_of(device.type);
}

std::uint64_t memory_of(const ProviderDevice& device) {
  const std::string text = value_of(device.own, family_of(device.type) + "_DEVICE_TOTAL_MEM_SIZE");
  std::uint64_t bytes = 0;
  std::from_chars(text.data(), text.data() + text.size(), bytes);
  return bytes;
}

/// FP32 is what the trial runs; of the provider's own words those count that say something of arithmetic.
std::vector<std::string> capabilities_of(const ProviderDevice& device) {
  std::vector<std::string> words{"FP32"};
  std::istringstream text(value_of(device.own, "OPTIMIZATION_CAPABILITIES"));
  for (std::string word; text >> word;) {
    if (word == "BF16" || word == "INT8") words.push_back(word);
  }
  std::sort(words.begin(), words.end());
  return words;
}

}  // namespace

std::string family_of(ProviderDevice::Type type) {
  switch (type) {
    case ProviderDevice::Type::kGpu: return "GPU";
    case ProviderDevice::Type::kNpu: return "NPU";
    case ProviderDevice::Type::kCpu: break;
  }
  return "CPU";
}

std::optional<DeviceReport> describe(const ProviderDevice& device, const std::string& engine, int ordinal) {
  if (is_virtual(device)) return std::nullopt;
  DeviceReport report;
  report.kind = kind_of(device);
  report.name = family_of(device.type);
  if (report.kind != DeviceKind::kCpu) report.name += "." + std::to_string(ordinal);
  report.vendor = device.vendor;
  report.full_name = full_name_of(device);
  report.pci_address = value_of(device.hardware, "pci_bus_id");
  report.uuid = value_of(device.own, "DEVICE_UUID");
  report.memory_bytes = memory_of(device);
  if (device.provider == kWebGpu) {  // the CPU is what it is given where ONNX Runtime sees no GPU
    report.name = "GPU.0";
    if (report.kind == DeviceKind::kCpu) report.kind = DeviceKind::kSoftware;
  }
  report.ranks = ranks_of(report.kind);
  report.capabilities = capabilities_of(device);
  report.supported_properties = {"INFERENCE_NUM_THREADS",
                                 "INFERENCE_PRECISION_HINT",
                                 property_prefix(engine) + "*",
                                 "ep.*",
                                 "memory.*",
                                 "optimization.*",
                                 "session.*"};
  report.serial_group = engine;
  report.lazy_first_run = report.kind != DeviceKind::kCpu;  // shaders are compiled at the first run of each input shape
  return report;
}

DeclaredRanks ranks_of(DeviceKind kind) {
  switch (kind) {
    case DeviceKind::kSoftware: return {.load_fast = 95, .load_full = 100, .run = 95};
    case DeviceKind::kCpu: return {.load_fast = 70, .load_full = 75, .run = 40};
    // The time to the end of a first run, in which shaders or engines are built: until it is measured no quicker than
    // CUDA's, so that it does not serve in between unmeasured (B-552).
    default: return {.load_fast = 160, .load_full = 310, .run = 7};
  }
}

}  // namespace baton::engine::onnxruntime
