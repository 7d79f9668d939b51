// SPDX-License-Identifier: Apache-2.0
// Copyright (C) 2026 The Baton authors
#include "foreign_library.h"

#include <algorithm>
#include <charconv>
#include <set>
#include <utility>

#include "errors.h"
#include "known_providers.h"
#include "provider_properties.h"
#include "shared_needs.h"
#include "vulkan_adapters.h"

namespace baton::engine::onnxruntime {
namespace {

using base::Result;
using base::Status;

Result<std::vector<const OrtEpDevice*>> list_devices(const OrtApi& api, const OrtEnv* env) {
  const OrtEpDevice* const* devices = nullptr;
  std::size_t count = 0;
  BATON_ORT_RETURN_IF_ERROR(api, api.GetEpDevices(env, &devices, &count), "cannot list the devices of providers");
  return std::vector<const OrtEpDevice*>(devices, devices + count);
}

std::map<std::string, std::string> to_map(const OrtApi& api, const OrtKeyValuePairs* pairs) {
  std::map<std::string, std::string> map;
  if (pairs == nullptr) return map;
  const char* const* keys = nullptr;
  const char* const* values = nullptr;
  std::size_t count = 0;
  api.GetKeyValuePairs(pairs, &keys, &values, &count);
  for (std::size_t i = 0; i < count; ++i) map[keys[i]] = values[i];
  return map;
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
    const Turn registration(&library_.registrations());
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
  if (!devices_.empty()) provider_ = api.EpDevice_EpName(devices_.front());
  if (provider_ == kWebGpu) devices_.resize(1);
  return {};
}

Status ForeignLibrary::register_with_needs(OrtEnv& env) const {
  const LibrarySearch search =
      provider_search(file_, library_.search_path(), std::filesystem::path(library_.path()).parent_path());
  const NeedsOpened needs = open_needed(file_, search);
  const std::string context = "cannot use " + file_.string();
  const OrtApi& api = library_.api();
  const Status status =
      to_status(api, api.RegisterExecutionProviderLibrary(&env, engine_.c_str(), file_.c_str()), context);
  if (status.is_ok()) return status;
  const std::string why = what_it_needs(needs, search, status.message());
  return why.empty() ? status : Status(base::StatusCode::kUnavailable, context + ": " + why, status.message());
}

ProviderDevice ForeignLibrary::look_at(const OrtEpDevice& device) const {
  const OrtApi& api = library_.api();
  const OrtHardwareDevice* hardware = api.EpDevice_Device(&device);
  ProviderDevice result;
  result.provider = api.EpDevice_EpName(&device);
  switch (api.HardwareDevice_Type(hardware)) {
    case OrtHardwareDeviceType_GPU: result.type = ProviderDevice::Type::kGpu; break;
    case OrtHardwareDeviceType_NPU: result.type = ProviderDevice::Type::kNpu; break;
    default: break;
  }
  result.vendor = vendor_name(api.HardwareDevice_VendorId(hardware));
  if (result.vendor.empty()) result.vendor = api.HardwareDevice_Vendor(hardware);
  result.hardware = to_map(api, api.HardwareDevice_Metadata(hardware));
  result.own = to_map(api, api.EpDevice_EpMetadata(&device));
  return result;
}

std::vector<DeviceReport> ForeignLibrary::reports() const {
  std::vector<DeviceReport> reports;
  std::map<ProviderDevice::Type, int> counts;
  for (std::size_t i = 0; i < devices_.size(); ++i) {
    const ProviderDevice device = look_at(*devices_[i]);
    auto next = describe(device, engine_, counts[device.type]);
    if (!next) continue;
    ++counts[device.type];
    next->handle = std::to_string(i);
    // Two providers of one library may reach one CPU.
    const bool twice = std::any_of(reports.begin(), reports.end(), [&](auto& r) { return r.name == next->name; });
    if (!twice) reports.push_back(*std::move(next));
  }
  return reports;
}

const OrtEpDevice* ForeignLibrary::device_of(const std::string& handle) const {
  std::size_t index = devices_.size();
  std::from_chars(handle.data(), handle.data() + handle.size(), index);
  return index < devices_.size() ? devices_[index] : nullptr;
}

Status ForeignLibrary::append(const std::string& handle, const std::map<std::string, std::string>& options,
                              OrtSessionOptions& session) {
  const OrtEpDevice* device = device_of(handle);
  if (device == nullptr)
    return Status::not_found("engine " + engine_ + " has no device '" + handle + "' in this process");
  const auto env = library_.env();
  if (!env.is_ok()) return env.status();
  const OptionArrays arrays(options);
  const OrtApi& api = library_.api();
  return to_status(api,
                   api.SessionOptionsAppendExecutionProvider_V2(&session, env.value(), &device, 1, arrays.keys.data(),
                                                                arrays.values.data(), arrays.keys.size()),
                   "cannot use the provider of engine " + engine_);
}

}  // namespace baton::engine::onnxruntime
