// SPDX-License-Identifier: Apache-2.0
// Copyright (C) 2026 The Baton authors
#include "runtime/device_properties.h"

#include <algorithm>
#include <array>
#include <set>
#include <utility>

#include "baton/auto_device.hpp"
#include "policy/candidates.h"
#include "runtime/property_table.h"

namespace baton::runtime {
namespace {

using base::Result;
using base::Status;
using Kind = policy::DeviceString::Kind;

/// What a device has whatever its engines know (B-313).
constexpr std::array kDeviceKeys{"FULL_DEVICE_NAME",
                                 "DEVICE_TYPE",
                                 "DEVICE_KIND",
                                 "OPTIMIZATION_CAPABILITIES",
                                 "AVAILABLE_DEVICES",
                                 "RANGE_FOR_STREAMS",
                                 "RANGE_FOR_ASYNC_INFER_REQUESTS",
                                 "OPTIMAL_BATCH_SIZE",
                                 "MAX_BATCH_SIZE",
                                 "ENGINES"};

std::string joined(const std::vector<std::string>& items) {
  std::string text;
  for (const std::string& item : items) text.append(text.empty() ? "" : " ").append(item);
  return text;
}

std::vector<PropertyName> names_of(Kind kind) {
  std::vector<PropertyName> names;
  for (const char* key :
       {"FULL_DEVICE_NAME", "OPTIMIZATION_CAPABILITIES", "SUPPORTED_PROPERTIES", "AVAILABLE_DEVICES"}) {
    names.emplace_back(key, RO);
  }
  for (const PropertySpec& spec : property_table()) {
    if (kind == Kind::kMulti && !spec.has(kOnMulti)) continue;
    names.emplace_back(std::string(spec.key), spec.has(kSetOnAuto) ? PropertyMutability::RW : PropertyMutability::WO);
  }
  return names;
}

/// B-312: the union over the candidates, without what only a single device can do.
Result<Any> union_of_capabilities(engine::Registry& registry, Kind kind, const std::string& list) {
  policy::DeviceString device{.kind = kind};
  const auto families = policy::families_to_enumerate(device, list);
  if (!families.is_ok()) return families.status();
  const engine::DeviceList all = registry.devices(families.value());
  policy::CandidateOptions options;
  options.priorities = list;
  const auto resolved = policy::resolve_candidates(device, all.devices, options);
  if (!resolved.is_ok()) return resolved.status();
  std::set<std::string> words;
  for (const policy::Candidate& candidate : resolved->candidates) {
    if (!candidate.accepted || candidate.record < 0) continue;
    const auto& capabilities = all.devices[static_cast<std::size_t>(candidate.record)].capabilities;
    words.insert(capabilities.begin(), capabilities.end());
  }
  words.erase("EXPORT_IMPORT");
  return Any(std::vector<std::string>(words.begin(), words.end()));
}

/// The engine declared to run fastest answers, as far as it knows the key, then the next one.
Result<std::string> ask_engines(engine::Registry& registry, const engine::DeviceRecord& record,
                                const std::string& key) {
  std::vector<const engine::EngineOnDevice*> ways;
  for (const engine::EngineOnDevice& way : record.engines) ways.push_back(&way);
  std::stable_sort(ways.begin(), ways.end(),
                   [](const auto* a, const auto* b) { return a->report.ranks.run < b->report.ranks.run; });
  for (const engine::EngineOnDevice* way : ways) {
    const auto engine = registry.engine(way->engine);
    if (!engine.is_ok()) continue;
    auto value = engine.value()->device_property(way->report.handle, key);
    if (value.is_ok()) return value;
  }
  return Status::not_found("no engine of device " + record.name + " knows the property " + key);
}

device::Type type_of(const engine::DeviceRecord& record) {
  return record.kind == engine::DeviceKind::kDiscreteGpu || record.kind == engine::DeviceKind::kAccelerator
             ? device::Type::DISCRETE
             : device::Type::INTEGRATED;
}

Any ids_of_family(engine::Registry& registry, const engine::DeviceRecord& record) {
  const std::array family{record.family};
  std::vector<std::string> ids;
  for (const engine::DeviceRecord& other : registry.devices(family).devices) {
    if (other.family == record.family) ids.push_back(other.id);
  }
  return ids;
}

/// Empty when no engine knows it.
Any uuid_of(const engine::DeviceRecord& record) {
  for (const engine::EngineOnDevice& way : record.engines) {
    if (!way.report.uuid.empty()) return way.report.uuid;
  }
  return {};
}

Any supported_by(const engine::DeviceRecord& record) {
  std::vector<PropertyName> names{{"SUPPORTED_PROPERTIES", RO}};
  for (const char* key : kDeviceKeys) names.emplace_back(key, RO);
  if (!uuid_of(record).empty()) names.emplace_back("DEVICE_UUID", RO);
  std::set<std::string> mutable_keys;
  for (const PropertySpec& spec : property_table()) {
    if (spec.has(kOnDevice)) mutable_keys.insert(std::string(spec.key));
  }
  for (const engine::EngineOnDevice& way : record.engines) {
    for (const std::string& key : way.report.supported_properties) {
      if (!key.ends_with('*')) mutable_keys.insert(key);  // "session.*" is no name
    }
  }
  for (const std::string& key : mutable_keys) names.emplace_back(key, PropertyMutability::RW);
  return names;
}

/// What the record itself says; empty for a key that is not of this kind.
Any from_record(engine::Registry& registry, const engine::DeviceRecord& record, const std::string& key) {
  if (key == "FULL_DEVICE_NAME") return record.full_name;
  if (key == "DEVICE_TYPE") return type_of(record);
  if (key == "DEVICE_KIND") return std::string(to_string(record.kind));
  if (key == "OPTIMIZATION_CAPABILITIES") return record.capabilities;
  if (key == "AVAILABLE_DEVICES") return ids_of_family(registry, record);
  if (key == "SUPPORTED_PROPERTIES") return supported_by(record);
  if (key == "ENGINES") {
    std::vector<std::string> names;
    for (const engine::EngineOnDevice& way : record.engines) names.push_back(way.engine);
    return names;
  }
  if (key == "DEVICE_UUID") return uuid_of(record);
  return {};
}

/// Answers for engines that have no idea of their own (B-313).
Any fallback(const std::string& key) {
  if (key == "OPTIMAL_BATCH_SIZE" || key == "MAX_BATCH_SIZE") return 1U;
  if (key == "RANGE_FOR_STREAMS") return std::tuple(1U, 1U);
  if (key == "RANGE_FOR_ASYNC_INFER_REQUESTS") return std::tuple(1U, 1U, 1U);
  if (key == "INFERENCE_NUM_THREADS") return 0U;  // the engine chooses
  return {};
}

const std::string* stored_value(const StoredProperties& stored, const std::string& device, const std::string& key) {
  for (const std::string& name : {device, device.substr(0, device.find('.'))}) {
    const auto of_device = stored.devices.find(name);
    if (of_device == stored.devices.end()) continue;
    if (const auto found = of_device->second.find(key); found != of_device->second.end()) return &found->second;
  }
  return nullptr;
}

}  // namespace

Result<engine::DeviceRecord> find_record(engine::Registry& registry, const std::string& device) {
  const std::array family{device.substr(0, device.find('.'))};
  const engine::DeviceList near = registry.devices(family);
  const int index = policy::find_device(device, near.devices);
  if (index >= 0) return near.devices[static_cast<std::size_t>(index)];
  std::vector<std::string> names;
  for (const engine::DeviceRecord& record : registry.devices({}).devices) names.push_back(record.name);
  return Status::invalid_argument("there is no device " + device + " here; available devices: " + joined(names));
}

Result<Any> auto_property(engine::Registry& registry, Kind kind, const engine::Properties& stored,
                          const std::string& key) {
  if (key == "FULL_DEVICE_NAME") return Any(policy::to_string(kind));
  if (key == "AVAILABLE_DEVICES") return Any(std::vector<std::string>{});
  if (key == "SUPPORTED_PROPERTIES") return Any(names_of(kind));
  if (key == "OPTIMIZATION_CAPABILITIES") {
    const auto list = stored.find("MULTI_DEVICE_PRIORITIES");
    return union_of_capabilities(registry, Kind::kAuto, list == stored.end() ? std::string() : list->second);
  }
  const PropertySpec* spec = find_property(key);
  if (spec == nullptr || (kind == Kind::kMulti && !spec->has(kOnMulti))) {
    return Status::invalid_argument("[" + policy::to_string(kind) + "] there is no property " + key +
                                    "; SUPPORTED_PROPERTIES lists what there is");
  }
  const auto found = stored.find(std::string(spec->key));
  return Any(found != stored.end() ? found->second : std::string(spec->default_text));
}

Result<Any> device_property(engine::Registry& registry, const std::string& device, const StoredProperties& stored,
                            const std::string& key) {
  const auto record = find_record(registry, device);
  if (!record.is_ok()) return record.status();
  if (Any value = from_record(registry, record.value(), key); !value.empty()) return value;
  if (const std::string* value = stored_value(stored, device, key)) return Any(*value);
  if (auto value = ask_engines(registry, record.value(), key); value.is_ok()) return Any(std::move(value).value());
  if (Any value = fallback(key); !value.empty()) return value;
  if (const PropertySpec* spec = find_property(key); spec != nullptr && spec->has(kOnDevice)) {
    return Any(std::string(spec->default_text));
  }
  return Status::invalid_argument("[" + device + "] there is no property " + key +
                                  "; SUPPORTED_PROPERTIES lists what there is");
}

}  // namespace baton::runtime
