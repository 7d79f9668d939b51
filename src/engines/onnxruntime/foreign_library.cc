// SPDX-License-Identifier: Apache-2.0
// Copyright (C) 2026 The Baton authors
#include "foreign_library.h"

#include <algorithm>
#include <charconv>
#include <set>
#include <utility>

#include "errors.h"
#include "vulkan_adapters.h"

namespace baton::engine::onnxruntime {
namespace {

using base::Result;
using base::Status;

constexpr std::string_view kWebGpu = "WebGpuExecutionProvider";

Result<std::vector<const OrtEpDevice*>> list_devices(const OrtApi& api, const OrtEnv* env) {
  const OrtEpDevice* const* devices = nullptr;
  std::size_t count = 0;
  BATON_ORT_RETURN_IF_ERROR(api, api.GetEpDevices(env, &devices, &count), "cannot list the devices of providers");
  return std::vector<const OrtEpDevice*>(devices, devices + count);
}

std::string value_of(const OrtApi& api, const OrtKeyValuePairs* pairs, const char* key) {
  const char* value = pairs == nullptr ? nullptr : api.GetKeyValue(pairs, key);
  return value == nullptr ? std::string() : std::string(value);
}

/// Integrated until something says more (B-310).
DeviceKind gpu_kind(const OrtApi& api, const OrtKeyValuePairs* metadata) {
  return value_of(api, metadata, "Discrete") == "1" ? DeviceKind::kDiscreteGpu : DeviceKind::kIntegratedGpu;
}

}  // namespace

ForeignLibrary::ForeignLibrary(OrtLibrary& library, std::string engine, std::filesystem::path file)
    : library_(library), engine_(std::move(engine)), file_(std::move(file)) {}

Status ForeignLibrary::open() {
  std::call_once(once_, [this] {
    const Turn turn(&turns_);
    opened_ = register_library();
  });
  return opened_;
}

Status ForeignLibrary::register_library() {
  const OrtApi& api = library_.api();
  const auto env = library_.env();
  if (!env.is_ok()) return env.status();
  const auto before = list_devices(api, env.value());
  if (!before.is_ok()) return before.status();
  BATON_ORT_RETURN_IF_ERROR(api, api.RegisterExecutionProviderLibrary(env.value(), engine_.c_str(), file_.c_str()),
                            "cannot use " + file_.string());
  const auto after = list_devices(api, env.value());
  if (!after.is_ok()) return after.status();
  const std::set<const OrtEpDevice*> known(before->begin(), before->end());
  std::copy_if(after->begin(), after->end(), std::back_inserter(devices_),
               [&](const OrtEpDevice* device) { return !known.contains(device); });
  webgpu_ = !devices_.empty() && api.EpDevice_EpName(devices_.front()) == kWebGpu;
  if (webgpu_) devices_.resize(1);
  return {};
}

DeviceReport ForeignLibrary::report(const OrtEpDevice& device, std::size_t index) const {
  const OrtApi& api = library_.api();
  const OrtHardwareDevice* hardware = api.EpDevice_Device(&device);
  const OrtKeyValuePairs* metadata = api.HardwareDevice_Metadata(hardware);
  DeviceReport report;
  report.handle = std::to_string(index);
  switch (api.HardwareDevice_Type(hardware)) {
    case OrtHardwareDeviceType_GPU:
      report.name = "GPU." + report.handle;
      report.kind = gpu_kind(api, metadata);
      break;
    case OrtHardwareDeviceType_NPU:
      report.name = "NPU." + report.handle;
      report.kind = DeviceKind::kAccelerator;
      break;
    default: report.name = "CPU"; break;
  }
  report.vendor = vendor_name(api.HardwareDevice_VendorId(hardware));
  if (report.vendor.empty()) report.vendor = api.HardwareDevice_Vendor(hardware);
  report.pci_address = value_of(api, metadata, "pci_bus_id");
  report.full_name = value_of(api, metadata, "Description");
  if (report.full_name.empty() && report.kind != DeviceKind::kCpu)
    report.full_name = report.vendor + " " + report.name.substr(0, 3);
  if (webgpu_) {  // the CPU is what it is given where ONNX Runtime sees no GPU
    report.name = "GPU.0";
    if (report.kind == DeviceKind::kCpu) report.kind = DeviceKind::kSoftware;
  }
  report.ranks = ranks_of(report.kind);
  report.capabilities = {"FP32"};
  const std::string own = engine_.substr(engine_.find('.') + 1) + ".*";
  report.supported_properties = {
      "INFERENCE_NUM_THREADS", "INFERENCE_PRECISION_HINT", own, "ep.*", "memory.*", "optimization.*", "session.*"};
  report.serial_group = engine_;
  report.lazy_first_run = true;  // shaders are compiled at the first run of each input shape
  return report;
}

std::vector<DeviceReport> ForeignLibrary::reports() const {
  std::vector<DeviceReport> reports;
  for (const OrtEpDevice* device : devices_) {
    DeviceReport next = report(*device, reports.size());
    const bool twice = std::any_of(reports.begin(), reports.end(), [&](auto& r) { return r.name == next.name; });
    if (!twice) reports.push_back(std::move(next));
  }
  return reports;
}

Status ForeignLibrary::append(const std::string& handle, const std::map<std::string, std::string>& options,
                              OrtSessionOptions& session) {
  std::size_t index = devices_.size();
  std::from_chars(handle.data(), handle.data() + handle.size(), index);
  if (index >= devices_.size())
    return Status::not_found("engine " + engine_ + " has no device '" + handle + "' in this process");
  const auto env = library_.env();
  if (!env.is_ok()) return env.status();
  std::vector<const char*> keys, values;
  for (const auto& [key, value] : options) {
    keys.push_back(key.c_str());
    values.push_back(value.c_str());
  }
  const OrtApi& api = library_.api();
  return to_status(api,
                   api.SessionOptionsAppendExecutionProvider_V2(&session, env.value(), &devices_[index], 1, keys.data(),
                                                                values.data(), keys.size()),
                   "cannot use the provider of engine " + engine_);
}

DeclaredRanks ranks_of(DeviceKind kind) {
  switch (kind) {
    case DeviceKind::kSoftware: return {.load_fast = 95, .load_full = 100, .run = 95};
    case DeviceKind::kCpu: return {.load_fast = 40, .load_full = 50, .run = 40};
    default: return {.load_fast = 80, .load_full = 92, .run = 7};
  }
}

std::map<std::string, std::string> provider_options(const CompileRequest& request, const std::string& prefix,
                                                    bool webgpu) {
  std::map<std::string, std::string> options;
  // Checking every call costs 40 % on small models; a model that passed the check of its outputs needs none.
  if (webgpu && request.profile == Profile::kFull) options["validationMode"] = "disabled";
  for (const auto& [key, value] : request.properties) {
    if (key.starts_with(prefix)) options[key.substr(prefix.size())] = value;
  }
  return options;
}

}  // namespace baton::engine::onnxruntime
