// SPDX-License-Identifier: Apache-2.0
// Copyright (C) 2026 The Baton authors
#include "devices.h"

#include <algorithm>
#include <cctype>
#include <cstdio>
#include <utility>

#include <openvino/runtime/intel_gpu/properties.hpp>
#include <openvino/runtime/properties.hpp>

#include "convert.h"
#include "shared_core.h"

namespace baton::engine::openvino {
namespace {

using base::Result;
using base::Status;

/// The words of B-311. OpenVINO's further ones (INT4, GPU_HW_MATMUL) mean nothing to Baton.
constexpr std::array<std::string_view, 8> kCapabilityWords = {"FP32", "FP16",     "BF16",         "INT8",
                                                              "BIN",  "WINOGRAD", "BATCHED_BLOB", "EXPORT_IMPORT"};

bool knows(const std::string& handle, std::string_view key) {
  const auto keys = shared_core().get_property(handle, ov::supported_properties);
  return std::find(keys.begin(), keys.end(), key) != keys.end();
}

template <typename T>
T read_or(const std::string& handle, const ov::Property<T, ov::PropertyMutability::RO>& property, T otherwise) {
  return knows(handle, property.name()) ? shared_core().get_property(handle, property) : otherwise;
}

std::string upper(std::string text) {
  for (char& c : text) c = static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
  return text;
}

DeviceKind kind_of(std::string_view family, const std::string& handle) {
  if (family == "CPU") return DeviceKind::kCpu;
  if (family != "GPU") return DeviceKind::kAccelerator;
  const auto type = read_or(handle, ov::device::type, ov::device::Type::INTEGRATED);
  return type == ov::device::Type::DISCRETE ? DeviceKind::kDiscreteGpu : DeviceKind::kIntegratedGpu;
}

std::string vendor_of(const std::string& full_name) {
  for (const std::string_view vendor : {"Intel", "AMD", "NVIDIA"}) {
    if (full_name.find(vendor) != std::string::npos) return std::string(vendor);
  }
  return {};
}

std::string pci_address_of(const std::string& handle) {
  if (!knows(handle, ov::device::pci_info.name())) return {};
  const ov::device::PCIInfo pci = shared_core().get_property(handle, ov::device::pci_info);
  char text[32];
  std::snprintf(text, sizeof text, "%04x:%02x:%02x.%x", pci.domain, pci.bus, pci.device, pci.function);
  return text;
}

/// An all-zero UUID is no identity: drivers give it when they have none.
std::string uuid_of(const std::string& handle) {
  if (!knows(handle, ov::device::uuid.name())) return {};
  const ov::device::UUID uuid = shared_core().get_property(handle, ov::device::uuid);
  if (std::all_of(uuid.uuid.begin(), uuid.uuid.end(), [](auto byte) { return byte == 0; })) return {};
  return to_text(ov::Any(uuid));
}

/// Declared, until something was measured. OpenCL kernels and NPU blobs are built at load, and that takes long. The GPU
/// plug-in is written for Intel's GPUs: on another vendor's (measured on an H100) it is slower than the CPU beside it.
DeclaredRanks ranks_of(std::string_view family, std::string_view vendor) {
  if (family == "CPU") return {-1, 60, 10};
  if (family != "GPU") return {-1, 90, 8};
  return {-1, 90, vendor == "Intel" || vendor.empty() ? 5 : 30};
}

DeviceReport report_device(std::string_view family, const std::string& handle) {
  ov::Core& core = shared_core();
  DeviceReport report;
  report.name = handle;
  report.handle = handle;
  report.kind = kind_of(family, handle);
  report.full_name = core.get_property(handle, ov::device::full_name);
  report.vendor = vendor_of(report.full_name);
  if (report.kind != DeviceKind::kCpu) {
    report.uuid = uuid_of(handle);
    report.pci_address = pci_address_of(handle);
  }
  report.memory_bytes = read_or(handle, ov::intel_gpu::device_total_mem_size, std::uint64_t{0});
  for (const std::string& word : core.get_property(handle, ov::device::capabilities)) {
    const bool known = std::find(kCapabilityWords.begin(), kCapabilityWords.end(), word) != kCapabilityWords.end();
    if (known) report.capabilities.push_back(word);
  }
  std::sort(report.capabilities.begin(), report.capabilities.end());
  for (const ov::PropertyName& key : core.get_property(handle, ov::supported_properties)) {
    if (key.is_mutable()) report.supported_properties.push_back(key);
  }
  report.ranks = ranks_of(family, report.vendor);
  return report;
}

}  // namespace

bool is_direct_device(std::string_view handle) {
  const std::string_view family = handle.substr(0, handle.find('.'));
  return std::find(kDirectFamilies.begin(), kDirectFamilies.end(), family) != kDirectFamilies.end();
}

std::vector<DeviceReport> report_family(std::string_view family) {
  const std::string name(family);
  std::vector<DeviceReport> reports;
  for (const std::string& id : shared_core().get_property(name, ov::available_devices)) {
    reports.push_back(report_device(family, id.empty() || family == "CPU" ? name : name + "." + id));
  }
  return reports;
}

Result<std::string> read_device_property(const std::string& handle, const std::string& key) {
  if (!knows(handle, key)) return Status::not_found("no property " + key + " of " + handle);
  std::string text = to_text(shared_core().get_property(handle, key));
  return key == ov::device::type.name() ? upper(std::move(text)) : text;  // B-310 spells it in capitals
}

}  // namespace baton::engine::openvino
