// SPDX-License-Identifier: Apache-2.0
// Copyright (C) 2026 The Baton authors
#include "policy/device_config.h"

#include <algorithm>
#include <charconv>
#include <iterator>
#include <vector>

#include "engine/device_table.h"

namespace baton::policy {

namespace {

using base::Status;
using engine::DeviceRecord;
using engine::Properties;

constexpr std::string_view kHint = "PERFORMANCE_HINT";
constexpr std::string_view kNumRequests = "PERFORMANCE_HINT_NUM_REQUESTS";
constexpr std::string_view kExecutionMode = "EXECUTION_MODE_HINT";
constexpr std::string_view kPrecision = "INFERENCE_PRECISION_HINT";

constexpr std::string_view kReadByBaton[] = {kHint,
                                             kNumRequests,
                                             kExecutionMode,
                                             kPrecision,
                                             "MODEL_PRIORITY",
                                             "ALLOW_AUTO_BATCHING",
                                             "AUTO_BATCH_TIMEOUT",
                                             "CACHE_DIR",
                                             "PERF_COUNT",
                                             "LOG_LEVEL",
                                             "ENGINE_PRIORITIES"};

/// Names under which properties may be given for a device, the least specific first; the device is listed under one of
/// them, and a user writes no other.
std::vector<std::string> names_of(const DeviceRecord& device) {
  std::vector<std::string> names{device.family};
  if (!device.id.empty()) names.push_back(device.family + "." + device.id);
  return names;
}

void add(Properties& merged, const std::map<std::string, Properties>& given, const std::vector<std::string>& names) {
  for (const std::string& name : names) {
    const auto own = given.find(name);
    if (own == given.end()) continue;
    for (const auto& [key, value] : own->second) merged[key] = value;
  }
}

/// Everything that is given for a device, whoever knows it.
Properties merged_for(const GivenProperties& given, const DeviceRecord& device) {
  const std::vector<std::string> names = names_of(device);
  Properties merged;
  add(merged, given.defaults, names);
  for (const auto& [key, value] : given.everywhere) merged[key] = value;
  add(merged, given.devices, names);
  return merged;
}

/// Those keys that become fields of the compile request. Of precisions, only the lowered ones are an engine's affair:
/// f32 is asked for by `Precision::kFull`, and i8 is what a quantised model runs in anyway.
bool is_hint(std::string_view key, std::string_view value) {
  if (key == kPrecision) return value != "bf16" && value != "f16";
  return key == kHint || key == kNumRequests || key == kExecutionMode;
}

/// The first key given for the device by name that it does not know; null: none.
const std::string* unknown_key(const GivenProperties& given, const DeviceRecord& device) {
  for (const std::string& name : names_of(device)) {
    const auto own = given.devices.find(name);
    if (own == given.devices.end()) continue;
    for (const auto& [key, value] : own->second) {
      if (!knows_property(device, key)) return &key;
    }
  }
  return nullptr;
}

void reject_what_does_not_know(const GivenProperties& given, std::span<const DeviceRecord> devices,
                               CandidateList& list) {
  for (Candidate& candidate : list.candidates) {
    if (!candidate.accepted) continue;
    const DeviceRecord& device = devices[static_cast<std::size_t>(candidate.record)];
    const std::string* key = unknown_key(given, device);
    if (key == nullptr) continue;
    candidate.accepted = false;
    candidate.reason = Reason::kConfigUnsupported;
    candidate.text = "no engine of it knows the property " + *key;
  }
}

bool is_candidate(const std::string& name, std::span<const DeviceRecord> devices, const CandidateList& list) {
  return std::any_of(list.candidates.begin(), list.candidates.end(), [&](const Candidate& candidate) {
    if (candidate.record < 0) return candidate.device == name;
    const auto names = names_of(devices[static_cast<std::size_t>(candidate.record)]);
    return std::find(names.begin(), names.end(), name) != names.end();
  });
}

bool some_candidate_knows(const std::string& key, std::span<const DeviceRecord> devices, const CandidateList& list) {
  return std::any_of(list.candidates.begin(), list.candidates.end(), [&](const Candidate& candidate) {
    return candidate.accepted && knows_property(devices[static_cast<std::size_t>(candidate.record)], key);
  });
}

}  // namespace

bool is_read_by_baton(std::string_view key) {
  return std::find(std::begin(kReadByBaton), std::end(kReadByBaton), key) != std::end(kReadByBaton);
}

bool knows_property(std::span<const std::string> known, std::string_view key) {
  return std::any_of(known.begin(), known.end(), [&](std::string_view word) {
    if (!word.ends_with('*')) return word == key;
    word.remove_suffix(1);
    return key.starts_with(word);
  });
}

bool knows_property(const DeviceRecord& device, std::string_view key) {
  return is_read_by_baton(key) ||
         std::any_of(device.engines.begin(), device.engines.end(), [&](const engine::EngineOnDevice& engine) {
           return knows_property(engine.report.supported_properties, key);
         });
}

DeviceHints hints_for(const GivenProperties& given, const DeviceRecord& device) {
  const Properties merged = merged_for(given, device);
  const auto text = [&](std::string_view key) -> std::string_view {
    const auto found = merged.find(std::string(key));
    return found == merged.end() ? std::string_view() : std::string_view(found->second);
  };
  DeviceHints hints;
  for (const std::string& name : names_of(device)) {
    const auto own = given.devices.find(name);
    hints.has_entry |= own != given.devices.end() && !own->second.empty();
  }
  if (text(kHint) == "LATENCY") hints.hint = engine::Hint::kLatency;
  if (text(kHint) == "THROUGHPUT") hints.hint = engine::Hint::kThroughput;
  if (const auto folder = merged.find("CACHE_DIR"); folder != merged.end()) hints.cache_dir = folder->second;
  std::uint32_t requests = 0;
  const std::string_view number = text(kNumRequests);
  if (std::from_chars(number.data(), number.data() + number.size(), requests).ec == std::errc()) {
    hints.num_requests = requests;
  }
  const std::string_view precision = text(kPrecision);
  const std::string_view mode = text(kExecutionMode);
  if (!precision.empty()) {
    hints.precision = precision == "f32" ? engine::Precision::kFull : engine::Precision::kNative;
  } else if (!mode.empty()) {
    hints.precision = mode == "ACCURACY" ? engine::Precision::kFull : engine::Precision::kNative;
  }
  return hints;
}

Properties properties_for(const GivenProperties& given, const DeviceRecord& device, std::string_view engine) {
  const engine::DeviceReport* report = engine::report_of(device, engine);
  if (report == nullptr) return {};
  Properties told = merged_for(given, device);
  std::erase_if(told, [&](const auto& item) {
    return is_hint(item.first, item.second) || !knows_property(report->supported_properties, item.first);
  });
  return told;
}

Status check_properties(const GivenProperties& given, std::span<const DeviceRecord> devices, CandidateList& list) {
  reject_what_does_not_know(given, devices, list);
  for (const auto& [name, properties] : given.devices) {
    if (is_candidate(name, devices, list)) continue;
    list.warnings.push_back("DEVICE_PROPERTIES for " + name + " are ignored: it is no candidate");
  }
  if (list.accepted_count() == 0) return {};  // the reasons are with the candidates
  for (const auto& [key, value] : given.everywhere) {
    if (some_candidate_knows(key, devices, list)) continue;
    return Status::invalid_argument("property " + key + " is unknown to AUTO and to every engine of the candidates; " +
                                    "SUPPORTED_PROPERTIES of a device lists what its engines know");
  }
  return {};
}

void check_engine_priorities(const std::map<std::string, std::vector<std::string>>& given,
                             std::span<const std::string> known, std::span<const DeviceRecord> devices,
                             CandidateList& list) {
  std::string known_text;
  for (const std::string& name : known) known_text.append(known_text.empty() ? "" : ", ").append(name);
  for (const auto& [device, engines] : given) {
    if (!is_candidate(device, devices, list)) {
      list.warnings.push_back("ENGINE_PRIORITIES for " + device + " are ignored: it is no candidate");
      continue;
    }
    for (const std::string& engine : engines) {
      const std::string name = engine.substr(engine.starts_with('-') ? 1 : 0);
      if (std::find(known.begin(), known.end(), name) != known.end()) continue;
      list.warnings.push_back("ENGINE_PRIORITIES for " + device + " name engine " + name +
                              ", which is not known here, expected some of: " + known_text);
    }
  }
}

}  // namespace baton::policy
