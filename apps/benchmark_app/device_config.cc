// SPDX-License-Identifier: Apache-2.0
// Copyright (C) 2026 The Baton authors
#include "device_config.h"

#include <nlohmann/json.hpp>
#include <optional>

#include "baton/auto_device.hpp"
#include "baton/exception.hpp"
#include "baton/properties.hpp"

namespace baton::bench {
namespace {

using Json = nlohmann::ordered_json;

[[noreturn]] void bad_file(const std::string& message) { throw Exception(ErrorCode::InvalidArgument, message); }
[[noreturn]] void malformed(const std::string& message) { throw UsageError(message); }

Any to_any(const Json& value, const std::string& where) {
  if (value.is_string()) return value.get<std::string>();
  if (value.is_boolean()) return value.get<bool>();
  if (value.is_number_integer()) return value.get<std::int64_t>();
  if (value.is_number()) return value.get<double>();
  if (!value.is_object())
    bad_file(where + ": got " + value.dump() + ", expected a text, number, truth value or object");
  AnyMap map;
  for (const auto& [key, item] : value.items()) map[key] = to_any(item, where + "." + key);
  return map;
}

/// "4" or "CPU:4,GPU:2": values by device; an empty device is "everywhere".
std::map<std::string, std::string> values_by_device(const std::string& option, const std::string& text) {
  std::map<std::string, std::string> values;
  for (std::size_t begin = 0; begin <= text.size();) {
    const std::size_t end = std::min(text.find(',', begin), text.size());
    const std::string item = text.substr(begin, end - begin);
    const std::size_t colon = item.find(':');
    const std::string value = colon == std::string::npos ? item : item.substr(colon + 1);
    if (value.empty() || colon == 0)
      malformed(option + ": got '" + text + "', expected VALUE or DEVICE:VALUE,DEVICE:VALUE");
    values[colon == std::string::npos ? "" : item.substr(0, colon)] = value;
    begin = end + 1;
  }
  return values;
}

/// "CPU:a,b,GPU:c": engines by device; a word with a colon begins the next device.
AnyMap engine_lists(const std::string& text) {
  std::map<std::string, std::string> lists;
  std::string device;
  for (std::size_t begin = 0; begin <= text.size();) {
    const std::size_t end = std::min(text.find(',', begin), text.size());
    std::string engine = text.substr(begin, end - begin);
    if (const std::size_t colon = engine.find(':'); colon != std::string::npos) {
      device = engine.substr(0, colon);
      engine.erase(0, colon + 1);
    }
    if (device.empty() || engine.empty())
      malformed("-engines: got '" + text + "', expected DEVICE:ENGINE,ENGINE, for example CPU:onnxruntime,openvino");
    std::string& list = lists[device];
    list += (list.empty() ? "" : ",") + engine;
    begin = end + 1;
  }
  return {lists.begin(), lists.end()};
}

/// A value for the target itself goes to the top level, one for another device into DEVICE_PROPERTIES.
void set_by_device(EffectiveConfig& config, const std::string& option, const std::string& text, const char* key) {
  for (const auto& [device, value] : values_by_device(option, text)) {
    if (device.empty() || device == config.target) {
      config.properties[key] = value;
      continue;
    }
    if (!is_virtual(config.target))
      malformed(option + ": " + device + " is not the device of this run (" + config.target + ")");
    Any& all = config.properties[device::properties.name()];
    AnyMap devices = all.empty() ? AnyMap() : all.as<AnyMap>();
    Any& of_device = devices[device];
    AnyMap values = of_device.empty() ? AnyMap() : of_device.as<AnyMap>();
    values[key] = value;
    of_device = values;
    all = devices;
  }
}

std::optional<hint::PerformanceMode> named_hint(const std::string& word) {
  using Mode = hint::PerformanceMode;
  if (word == "latency") return Mode::LATENCY;
  if (word == "throughput" || word == "tput") return Mode::THROUGHPUT;
  if (word == "cumulative_throughput" || word == "ctput") return Mode::CUMULATIVE_THROUGHPUT;
  return std::nullopt;
}

void set_hint(EffectiveConfig& config, const Options& options) {
  const char* key = hint::performance_mode.name();
  if (!options.hint.empty()) {
    config.properties.erase(key);
    if (const auto mode = named_hint(options.hint)) config.properties[key] = *mode;
    return;
  }
  if (config.properties.contains(key) || options.requests > 0 || !options.streams.empty()) return;
  const auto mode = options.is_async() ? hint::PerformanceMode::THROUGHPUT : hint::PerformanceMode::LATENCY;
  config.properties[key] = mode;
  config.warnings.push_back("Performance hint was not explicitly specified in command line or config file. Device(" +
                            config.target + ") performance hint will be set to " + std::string(enum_text(mode)) + ".");
}

void set_counters(EffectiveConfig& config, const Options& options) {
  Any& value = config.properties[enable_profiling.name()];
  const bool loaded = !value.empty() && value.as<bool>();
  if (options.counters != Counters::kNone && !loaded)
    config.warnings.push_back("Turn on performance counters for " + config.target + " because of -report_type.");
  value = loaded || options.wants_counters();
}

const AnyMap* find_config(const DeviceConfig& loaded, const std::string& target) {
  for (const std::string& name : {target, target.substr(0, target.find('.'))}) {
    if (const auto found = loaded.find(name); found != loaded.end()) return &found->second;
  }
  return nullptr;
}

}  // namespace

DeviceConfig parse_config(const std::string& text) {
  const Json all = Json::parse(text, nullptr, false);
  if (!all.is_object()) bad_file("a configuration file is a JSON object {\"DEVICE\": {\"PROPERTY\": \"VALUE\"}}");
  DeviceConfig config;
  for (const auto& [device, properties] : all.items()) {
    if (!properties.is_object())
      bad_file(device + ": got " + properties.dump() + ", expected an object {\"PROPERTY\": \"VALUE\"}");
    for (const auto& [key, value] : properties.items()) config[device][key] = to_any(value, device + "." + key);
  }
  return config;
}

std::string config_text(const DeviceConfig& config) {
  Json all = Json::object();
  for (const auto& [device, properties] : config) {
    Json& of_device = all[device] = Json::object();
    for (const auto& [key, value] : properties) of_device[key] = value.to_string();
  }
  return all.dump(4) + "\n";
}

std::string target_of(std::string_view device_string) {
  std::string name(device_string.substr(0, device_string.find(':')));
  name.erase(0, std::min(name.find_first_not_of(" \t"), name.size()));
  name.erase(name.find_last_not_of(" \t") + 1);
  return name.empty() ? "AUTO" : name;
}

bool is_virtual(std::string_view device_string) {
  const std::string target = target_of(device_string);
  return target == "AUTO" || target == "MULTI" || target == "BATCH";
}

EffectiveConfig effective_config(const Options& options, const DeviceConfig& loaded) {
  EffectiveConfig config{.target = target_of(options.device)};
  if (const AnyMap* found = find_config(loaded, config.target)) config.properties = *found;
  set_hint(config, options);
  set_counters(config, options);
  if (options.requests > 0) config.properties[hint::num_requests.name()] = options.requests;
  if (!options.streams.empty()) set_by_device(config, "-nstreams", options.streams, num_streams.name());
  if (!options.precision.empty())
    set_by_device(config, "-infer_precision", options.precision, hint::inference_precision.name());
  if (options.threads) config.properties[inference_num_threads.name()] = *options.threads;
  if (options.pin) config.properties["ENABLE_CPU_PINNING"] = *options.pin;
  if (!options.engines.empty())
    config.properties[auto_device::engine_priorities.name()] = engine_lists(options.engines);
  if (!options.schedule_policy.empty())
    config.properties[auto_device::schedule_policy.name()] = options.schedule_policy;
  if (!options.startup_device.empty()) config.properties[auto_device::startup_device.name()] = options.startup_device;
  if (!options.batch.empty()) {
    config.properties[hint::allow_auto_batching.name()] = false;
    config.warnings.emplace_back("Batch size is set. Auto batching will be disabled");
  }
  return config;
}

}  // namespace baton::bench
