// SPDX-License-Identifier: Apache-2.0
// Copyright (C) 2026 The Baton authors
#include "runtime/compiled_properties.h"

#include <algorithm>
#include <array>
#include <utility>
#include <vector>

#include "baton/auto_device.hpp"
#include "runtime/config.h"
#include "runtime/property_table.h"

namespace baton::runtime {
namespace {

using Kind = policy::DeviceString::Kind;

struct ReadOnly {
  std::string_view key;
  Any (*read)(const CompiledModel::Handle& model);
};

constexpr std::array<ReadOnly, 8> kReadOnly{{
    {"EXECUTION_DEVICES", [](const CompiledModel::Handle& m) { return Any(m.model().snapshot().execution_devices); }},
    {"EXECUTION_ENGINES", [](const CompiledModel::Handle& m) { return Any(m.model().snapshot().execution_engines); }},
    {"EXECUTION_PHASE",
     [](const CompiledModel::Handle& m) { return Any(std::string(to_string(m.model().snapshot().phase))); }},
    {"EXECUTION_GENERATION", [](const CompiledModel::Handle& m) { return Any(m.model().snapshot().generation); }},
    {"OPTIMAL_NUMBER_OF_INFER_REQUESTS",
     [](const CompiledModel::Handle& m) { return Any(m.model().snapshot().optimal_requests); }},
    {"NETWORK_NAME", [](const CompiledModel::Handle& m) { return Any(m.ports()->facts().name); }},
    {"LOADED_FROM_CACHE", [](const CompiledModel::Handle& m) { return Any(m.model().snapshot().loaded_from_cache); }},
    {"SELECTION_REPORT", [](const CompiledModel::Handle& m) { return Any(to_json(m.model().report())); }},
}};

/// What engines are asked for DEVICE_PROPERTIES; each is shown where the serving engine knows it.
constexpr std::array kDeviceKeys{"NUM_STREAMS",      "INFERENCE_NUM_THREADS", "INFERENCE_PRECISION_HINT",
                                 "PERFORMANCE_HINT", "EXECUTION_MODE_HINT",   "OPTIMAL_NUMBER_OF_INFER_REQUESTS"};

Kind kind_of(const CompiledModel::Handle& model) { return model.model().spec().device.kind; }

bool is_one_device(const CompiledModel::Handle& model) { return model.model().spec().device.is_one_device(); }

Any device_properties(const CompiledModel::Handle& model) {
  AnyMap devices;
  for (std::string device : model.model().snapshot().execution_devices) {
    if (device.starts_with('(')) device = device.substr(1, device.size() - 2);
    AnyMap values;
    for (const char* key : kDeviceKeys) {
      if (const auto value = model.model().executable_property(key, device); value.is_ok()) values[key] = value.value();
    }
    devices[device] = std::move(values);
  }
  return devices;
}

/// B-241: SCHEDULE_POLICY is readable in multi-device mode only, and on a direct device everything is that it was
/// given.
bool is_readable(const CompiledModel::Handle& model, const PropertySpec& spec) {
  if (is_one_device(model)) return spec.has(kOnDevice);
  if (spec.key == "SCHEDULE_POLICY") return autodev::is_multi_device(model.model().spec());
  return spec.has(kReadOnModel) || spec.has(kAtRunTime);
}

Any typed_value(const PropertySpec& spec, const std::string& text) {
  if (spec.key == "PERFORMANCE_HINT") return enum_value<hint::PerformanceMode>(text);
  if (spec.key == "SCHEDULE_POLICY") return enum_value<auto_device::SchedulePolicy>(text);
  if (spec.key == "MODEL_PRIORITY") return enum_value<hint::Priority>(text);
  return text;
}

Any supported_properties(const CompiledModel::Handle& model) {
  std::vector<PropertyName> names{{"SUPPORTED_PROPERTIES", RO}};
  for (const ReadOnly& property : kReadOnly) names.emplace_back(std::string(property.key), RO);
  if (!is_one_device(model)) names.emplace_back("DEVICE_PROPERTIES", RO);
  if (kind_of(model) == Kind::kBatch) names.emplace_back("BATCH_SIZE", RO);
  for (const PropertySpec& spec : property_table()) {
    if (!is_readable(model, spec)) continue;
    names.emplace_back(std::string(spec.key), spec.has(kAtRunTime) ? PropertyMutability::RW : RO);
  }
  if (!is_one_device(model)) return names;
  for (const char* key : kDeviceKeys) {  // what only the engine knows
    const auto known = [&](const PropertyName& name) { return name == key; };
    if (std::none_of(names.begin(), names.end(), known) && model.model().executable_property(key).is_ok())
      names.emplace_back(key, RO);
  }
  return names;
}

std::string accepted_list(const CompiledModel::Handle& model) {
  std::string list;
  for (const std::string& device : model.model().snapshot().accepted_devices)
    list.append(list.empty() ? "" : ",").append(device);
  return list;
}

}  // namespace

base::Result<Any> compiled_property(const CompiledModel::Handle& model, const std::string& key) {
  for (const ReadOnly& property : kReadOnly) {
    if (property.key == key) return property.read(model);
  }
  if (key == "SUPPORTED_PROPERTIES") return supported_properties(model);
  const PropertySpec* spec = find_property(key);
  if (spec != nullptr && is_readable(model, *spec)) {
    if (spec->key == "MULTI_DEVICE_PRIORITIES") return Any(accepted_list(model));
    if (spec->key == "SCHEDULE_POLICY") {  // B-814: the one in effect
      return typed_value(*spec, std::string(to_string(model.model().snapshot().schedule_policy)));
    }
    const auto values = model.properties();
    const auto found = values.find(std::string(spec->key));
    const std::string text = found != values.end() ? found->second : std::string(spec->default_text);
    if (spec->key == "INFERENCE_PRECISION_HINT" && text.empty()) {  // not asked for: what it computes in
      const auto in_use = model.model().executable_property(key);
      if (in_use.is_ok()) return Any(in_use.value());
    }
    return typed_value(*spec, text);
  }
  if (key == "BATCH_SIZE") {  // B-919
    const auto size = model.model().executable_property(key);
    return Any(size.is_ok() ? size.value() : std::string("1"));
  }
  if (is_one_device(model)) {
    auto value = model.model().executable_property(key);
    if (value.is_ok()) return Any(std::move(value).value());
  } else if (key == "DEVICE_PROPERTIES") {
    return device_properties(model);
  }
  return base::Status::invalid_argument("[" + tag_of(model.model().spec().device) +
                                        "] a compiled model has no property " + key +
                                        "; SUPPORTED_PROPERTIES lists what it has");
}

base::Status set_compiled_properties(CompiledModel::Handle& model, const AnyMap& properties) {
  std::vector<std::pair<std::string, std::string>> changes;
  for (const auto& [key, value] : properties) {
    const PropertySpec* spec = find_property(key);
    if (spec == nullptr || !spec->has(kAtRunTime)) {
      return base::Status::not_implemented("property " + key +
                                           " cannot be changed on a compiled model; give it to compile_model");
    }
    auto text = canonical_value(*spec, value);
    if (!text.is_ok()) return text.status();
    changes.emplace_back(spec->key, std::move(text).value());
  }
  for (auto& [key, text] : changes) {
    model.set_property(key, text);
    if (key == "AUTO_BATCH_TIMEOUT") model.model().batch_settings()->set_timeout_ms(Any(text).as<std::uint32_t>());
    if (key == "HANDOVER_HOLD") model.model().set_handover_hold(text == "YES");
  }
  return {};
}

}  // namespace baton::runtime
