// SPDX-License-Identifier: Apache-2.0
// Copyright (C) 2026 The Baton authors
#include "foreign_library.h"

#include <algorithm>
#include <charconv>
#include <set>
#include <utility>

#include "base/environment.h"
#include "errors.h"
#include "provider_properties.h"
#include "shared_needs.h"
#include "vulkan_adapters.h"

namespace baton::engine::onnxruntime {
namespace {

using base::Result;
using base::Status;

constexpr std::string_view kWebGpu = "WebGpuExecutionProvider";
constexpr std::uint32_t kNvidia = 0x10de;

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

/// The library's own package, then NVIDIA's beside it and beside ONNX Runtime's.
LibrarySearch search_for(const std::filesystem::path& file, const std::filesystem::path& ort_folder) {
  std::vector<std::filesystem::path> folders{file.parent_path()};
  for (const auto& package : {file, ort_folder}) {
    for (auto& folder : nvidia_package_folders(package)) {
      if (std::find(folders.begin(), folders.end(), folder) == folders.end()) folders.push_back(std::move(folder));
    }
  }
  return {std::move(folders), base::env::linker_path(), kLinkerCache};
}

/// The linker names one library that it did not find; the reason is to name all, and where they were looked for.
std::string what_it_needs(const NeedsOpened& needs, const LibrarySearch& search, const std::string& linker) {
  std::string names;
  bool named = false;
  for (const std::string& soname : needs.missing) {
    names += (names.empty() ? "" : ", ") + soname;
    named = named || linker.find(soname) != std::string::npos;
  }
  if (named) return names + " not found, searched " + search.text();
  return needs.failure.empty() ? std::string() : "cannot open a library that it needs: " + needs.failure;
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
  BATON_RETURN_IF_ERROR(register_with_needs(*env.value()));
  const auto after = list_devices(api, env.value());
  if (!after.is_ok()) return after.status();
  const std::set<const OrtEpDevice*> known(before->begin(), before->end());
  std::copy_if(after->begin(), after->end(), std::back_inserter(devices_),
               [&](const OrtEpDevice* device) { return !known.contains(device); });
  webgpu_ = !devices_.empty() && api.EpDevice_EpName(devices_.front()) == kWebGpu;
  if (webgpu_) devices_.resize(1);
  return {};
}

Status ForeignLibrary::register_with_needs(OrtEnv& env) const {
  const LibrarySearch search = search_for(file_, std::filesystem::path(library_.path()).parent_path());
  const NeedsOpened needs = open_needed(file_, search);
  const std::string context = "cannot use " + file_.string();
  const OrtApi& api = library_.api();
  const Status status =
      to_status(api, api.RegisterExecutionProviderLibrary(&env, engine_.c_str(), file_.c_str()), context);
  if (status.is_ok()) return status;
  const std::string why = what_it_needs(needs, search, status.message());
  return why.empty() ? status : Status(base::StatusCode::kUnavailable, context + ": " + why, status.message());
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

const OrtEpDevice* ForeignLibrary::device_of(const std::string& handle) const {
  std::size_t index = devices_.size();
  std::from_chars(handle.data(), handle.data() + handle.size(), index);
  return index < devices_.size() ? devices_[index] : nullptr;
}

bool ForeignLibrary::is_nvidia(const std::string& handle) const {
  const OrtApi& api = library_.api();
  const OrtEpDevice* device = device_of(handle);
  return device != nullptr && api.HardwareDevice_VendorId(api.EpDevice_Device(device)) == kNvidia;
}

Status ForeignLibrary::append(const std::string& handle, const std::map<std::string, std::string>& options,
                              OrtSessionOptions& session) {
  const OrtEpDevice* device = device_of(handle);
  if (device == nullptr)
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
                   api.SessionOptionsAppendExecutionProvider_V2(&session, env.value(), &device, 1, keys.data(),
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
  take_properties(request.properties, prefix, options);
  return options;
}

}  // namespace baton::engine::onnxruntime
