// SPDX-License-Identifier: Apache-2.0
// Copyright (C) 2026 The Baton authors
#include "runtime/config.h"

#include <utility>

#include "base/environment.h"
#include "baton/auto_device.hpp"
#include "baton/exception.hpp"
#include "runtime/property_table.h"

namespace baton::runtime {
namespace {

using Kind = policy::DeviceString::Kind;

constexpr std::string_view kDeviceProperties = "DEVICE_PROPERTIES";

bool known_to(const PropertySpec& spec, Kind kind) {
  switch (kind) {
    case Kind::kAuto: return true;
    case Kind::kMulti: return spec.has(kOnMulti);
    case Kind::kBatch:
    case Kind::kDirect: return spec.has(kOnDevice);
  }
  return false;
}

/// A map's values as text, each key of its own; those that Baton reads itself in their canonical form (B-248).
base::Result<engine::Properties> texts(const Any& value) {
  AnyMap map;
  try {
    map = value.as<AnyMap>();
  } catch (const Exception& error) {
    return base::Status::invalid_argument(error.what());
  }
  engine::Properties result;
  for (const auto& [key, item] : map) {
    const PropertySpec* spec = find_property(key);
    auto text = spec != nullptr ? canonical_value(*spec, item) : item.to_string();
    if (!text.is_ok()) return text.status();
    result[key] = std::move(text).value();
  }
  return result;
}

/// The compile config, sorted into AUTO's own keys, the devices' and those to forward.
struct Sorted {
  engine::Properties own;
  std::map<std::string, engine::Properties> devices;
  engine::Properties forwarded;
};

base::Status add_devices(Sorted& sorted, const std::string& key, const Any& value) {
  AnyMap devices;
  try {
    if (key == kDeviceProperties) devices = value.as<AnyMap>();
    else devices[key.substr(kDeviceProperties.size() + 1)] = value;
  } catch (const Exception& error) {
    return base::Status::invalid_argument("Invalid value for property " + key + ": " + value.to_string() + "; " +
                                          error.what());
  }
  for (const auto& [device, properties] : devices) {
    auto list = texts(properties);
    if (!list.is_ok()) {
      return base::Status::invalid_argument("Invalid value for property " + key + ": " + value.to_string() + "; " +
                                            list.status().message());
    }
    for (auto& [name, text] : list.value()) sorted.devices[device][name] = text;
  }
  return {};
}

base::Status add_own(engine::Properties& own, const PropertySpec& spec, const std::string& key, const Any& value) {
  auto text = canonical_value(spec, value);
  if (!text.is_ok()) return text.status();
  const auto [place, added] = own.emplace(spec.key, text.value());
  if (added || place->second == text.value()) return {};
  return base::Status::invalid_argument("Invalid value for property " + key + ": " + value.to_string() +
                                        "; its alias was given as well, with the value " + place->second);
}

base::Result<Sorted> sort_out(Kind kind, const AnyMap& properties) {
  Sorted sorted;
  for (const auto& [key, value] : properties) {
    const PropertySpec* spec = find_property(key);
    if (kind != Kind::kDirect && key.starts_with(kDeviceProperties) &&
        (key.size() == kDeviceProperties.size() || key[kDeviceProperties.size()] == '_')) {
      BATON_RETURN_IF_ERROR(add_devices(sorted, key, value));
    } else if (spec != nullptr && known_to(*spec, kind)) {
      BATON_RETURN_IF_ERROR(add_own(sorted.own, *spec, key, value));
    } else if (spec != nullptr) {
      return base::Status::invalid_argument(std::string("property ") + key + " is one of the device AUTO; a " +
                                            (kind == Kind::kMulti ? "MULTI" : "direct") + " device does not have it");
    } else {
      sorted.forwarded[key] = value.to_string();
    }
  }
  return sorted;
}

autodev::CheckMode check_mode(const std::string& word) {
  switch (enum_value<auto_device::Check>(word)) {
    case auto_device::Check::OFF: return autodev::CheckMode::kOff;
    case auto_device::Check::WARN: return autodev::CheckMode::kWarn;
    case auto_device::Check::REFUSE: return autodev::CheckMode::kRefuse;
    case auto_device::Check::AUTO: return autodev::CheckMode::kAuto;
  }
  return autodev::CheckMode::kRefuse;
}

autodev::PerformanceHint performance_hint(const std::string& word) {
  switch (enum_value<hint::PerformanceMode>(word)) {
    case hint::PerformanceMode::LATENCY: return autodev::PerformanceHint::kLatency;
    case hint::PerformanceMode::THROUGHPUT: return autodev::PerformanceHint::kThroughput;
    case hint::PerformanceMode::CUMULATIVE_THROUGHPUT: return autodev::PerformanceHint::kCumulativeThroughput;
  }
  return autodev::PerformanceHint::kLatency;
}

policy::SchedulePolicy schedule_policy(const std::string& word) {
  switch (enum_value<auto_device::SchedulePolicy>(word)) {
    case auto_device::SchedulePolicy::DEVICE_PRIORITY: return policy::SchedulePolicy::kDevicePriority;
    case auto_device::SchedulePolicy::ROUND_ROBIN: return policy::SchedulePolicy::kRoundRobin;
    case auto_device::SchedulePolicy::EARLIEST_FINISH: return policy::SchedulePolicy::kEarliestFinish;
  }
  return policy::SchedulePolicy::kDevicePriority;
}

autodev::ModelPriority model_priority(const std::string& word) {
  switch (enum_value<hint::Priority>(word)) {
    case hint::Priority::LOW: return autodev::ModelPriority::kLow;
    case hint::Priority::MEDIUM: return autodev::ModelPriority::kMedium;
    case hint::Priority::HIGH: return autodev::ModelPriority::kHigh;
  }
  return autodev::ModelPriority::kMedium;
}

/// "a,b" or "a b" to a and b.
std::vector<std::string> split_list(const std::string& text) {
  std::vector<std::string> items;
  std::size_t begin = 0;
  while ((begin = text.find_first_not_of(", \t", begin)) != std::string::npos) {
    const std::size_t end = std::min(text.find_first_of(", \t", begin), text.size());
    items.push_back(text.substr(begin, end - begin));
    begin = end;
  }
  return items;
}

/// REQUIRES: every value is canonical; keys that the kind of device does not have keep the option's default.
autodev::Options typed(const engine::Properties& values, const engine::Properties& given) {
  autodev::Options options;
  const auto text = [&](const char* key) {
    const auto found = values.find(key);
    return found != values.end() ? found->second : std::string(find_property(key)->default_text);
  };
  const auto flag = [&](const char* key) { return Any(text(key)).as<bool>(); };
  options.hint = performance_hint(text("PERFORMANCE_HINT"));
  options.hint_set = given.contains("PERFORMANCE_HINT");
  options.num_requests = Any(text("PERFORMANCE_HINT_NUM_REQUESTS")).as<std::uint32_t>();
  options.model_priority = model_priority(text("MODEL_PRIORITY"));
  if (const auto precision = text("INFERENCE_PRECISION_HINT"); !precision.empty())
    options.inference_precision = precision;
  options.accuracy = text("EXECUTION_MODE_HINT") == "ACCURACY";
  options.startup_fallback = flag("ENABLE_STARTUP_FALLBACK");
  options.runtime_fallback = flag("ENABLE_RUNTIME_FALLBACK");
  options.strict_devices = flag("STRICT_DEVICES");
  options.allow_software = flag("ALLOW_SOFTWARE_DEVICES") || base::env::allow_software_gpu();
  options.profiling = flag("PERF_COUNT");
  for (const auto& [device, engines] : Any(text("ENGINE_PRIORITIES")).as<AnyMap>()) {
    options.engine_priorities[device] = split_list(engines.to_string());
  }
  options.startup_device = text("STARTUP_DEVICE");
  if (const auto word = text("SCHEDULE_POLICY"); !word.empty()) options.schedule_policy = schedule_policy(word);
  options.bind_buffer = flag("DEVICE_BIND_BUFFER");
  options.output_check_set = given.contains("HANDOVER_OUTPUT_CHECK");
  options.output_check = check_mode(text("HANDOVER_OUTPUT_CHECK"));
  options.speed_check = check_mode(text("HANDOVER_SPEED_CHECK"));
  options.tolerance = Any(text("HANDOVER_TOLERANCE")).as<double>();
  options.handover_hold = flag("HANDOVER_HOLD");
  options.keep_helper = flag("KEEP_HELPER");
  options.second_look = flag("SECOND_LOOK");
  options.compile_timeout_ms = Any(text("COMPILE_TIMEOUT")).as<std::uint32_t>();
  options.max_attempts = Any(text("REQUEST_MAX_ATTEMPTS")).as<std::uint32_t>();
  options.recovery_backoff_ms = Any(text("RECOVERY_BACKOFF")).as<std::uint32_t>();
  options.infer_timeout_ms = Any(text("INFER_TIMEOUT")).as<std::uint32_t>();
  options.cache_dir = text("CACHE_DIR");
  options.allow_auto_batching = flag("ALLOW_AUTO_BATCHING");
  options.batch_timeout_ms = Any(text("AUTO_BATCH_TIMEOUT")).as<std::uint32_t>();
  options.startup_grace_ms = Any(text("STARTUP_GRACE")).as<std::uint32_t>();
  return options;
}

/// What is given for devices. A key of AUTO's own in the compile config beats what was set for a device (B-245).
policy::GivenProperties for_devices(const Sorted& compile, const StoredProperties& stored, bool on_device,
                                    const std::string& precision) {
  policy::GivenProperties given{.defaults = {}, .everywhere = compile.forwarded, .devices = compile.devices};
  if (!on_device) given.defaults = stored.devices;
  for (auto& [device, properties] : given.defaults) {
    std::erase_if(properties, [&](const auto& item) { return compile.own.contains(item.first); });
  }
  std::erase_if(given.defaults, [](const auto& item) { return item.second.empty(); });
  if (!precision.empty()) given.everywhere["INFERENCE_PRECISION_HINT"] = precision;  // B-207: forwarded too
  return given;
}

/// For a direct device what was set for it earlier is the weaker half of the compile config.
AnyMap with_stored(const policy::DeviceString& device, const AnyMap& compile, const StoredProperties& stored) {
  AnyMap all = compile;
  const std::string family = device.name.substr(0, device.name.find('.'));
  for (const std::string& name : {device.name, family}) {
    const auto found = stored.devices.find(name);
    if (found == stored.devices.end()) continue;
    for (const auto& [key, value] : found->second) all.emplace(key, value);
  }
  return all;
}

const engine::Properties& stored_for(Kind kind, const StoredProperties& stored) {
  static const engine::Properties none;
  return kind == Kind::kAuto ? stored.automatic : kind == Kind::kMulti ? stored.multi : none;
}

}  // namespace

std::string tag_of(const policy::DeviceString& device) {
  return device.kind == Kind::kDirect ? device.name : to_string(device.kind);
}

base::Result<Config> make_config(const policy::DeviceString& device, const AnyMap& compile,
                                 const StoredProperties& stored, base::LogLevel default_level) {
  const bool on_device = device.kind == Kind::kDirect || device.kind == Kind::kBatch;
  auto sorted = sort_out(device.kind, on_device ? with_stored(device, compile, stored) : compile);
  if (!sorted.is_ok()) return sorted.status();

  Config config;
  engine::Properties given = sorted->own;
  const engine::Properties& earlier = stored_for(device.kind, stored);
  given.insert(earlier.begin(), earlier.end());  // insert keeps what is there: the stronger one
  given.insert(stored.everywhere.begin(), stored.everywhere.end());
  config.values = given;
  for (const PropertySpec& spec : property_table()) {
    if (known_to(spec, device.kind)) config.values.emplace(spec.key, spec.default_text);
  }
  config.options = typed(config.values, given);
  if (device.kind == Kind::kMulti) config.values["PERFORMANCE_HINT"] = "THROUGHPUT";  // B-704
  if (!on_device) config.priorities = config.values["MULTI_DEVICE_PRIORITIES"];
  if (!config.priorities.empty()) {
    config.priorities_source = sorted->own.contains("MULTI_DEVICE_PRIORITIES") ? policy::ListSource::kCompileConfig
                                                                               : policy::ListSource::kAutoProperty;
  }
  config.properties = for_devices(sorted.value(), stored, on_device, config.options.inference_precision.value_or(""));
  if (!sorted->devices.empty()) {
    AnyMap shown;
    for (const auto& [name, properties] : sorted->devices) shown[name] = AnyMap(properties.begin(), properties.end());
    config.values[std::string(kDeviceProperties)] = to_string(shown);
  }
  config.log_level = given.contains("LOG_LEVEL")
                         ? static_cast<base::LogLevel>(enum_value<log::Level>(given["LOG_LEVEL"]))
                         : default_level;
  return config;
}

base::Result<engine::Properties> check_auto_properties(Kind kind, const AnyMap& properties) {
  const std::string tag = "[" + policy::to_string(kind) + "] ";
  engine::Properties kept;
  for (const auto& [key, value] : properties) {
    const PropertySpec* spec = find_property(key);
    if (spec == nullptr || !spec->has(kSetOnAuto) || !known_to(*spec, kind)) {
      return base::Status::invalid_argument(tag + "property " + key +
                                            " cannot be set here: it is unknown, or belongs to a device; " +
                                            "set it for the device, or give it to compile_model");
    }
    BATON_RETURN_IF_ERROR(add_own(kept, *spec, key, value));
  }
  return kept;
}

}  // namespace baton::runtime
