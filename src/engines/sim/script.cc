// SPDX-License-Identifier: Apache-2.0
// Copyright (C) 2026 The Baton authors
#include "sim/script.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <utility>

#include "base/file_content.h"
#include "engine/device_table.h"
#include "engine/json_reader.h"
#include "engine/words.h"

namespace baton::sim {

namespace {

using base::StatusCode;
using engine::JsonReader;

constexpr double kMegabyte = 1 << 20;

constexpr std::array<std::pair<std::string_view, engine::Profile>, 2> kProfiles{
    {{"fast", engine::Profile::kFast}, {"full", engine::Profile::kFull}}};

constexpr std::array<std::pair<std::string_view, engine::Concurrency>, 3> kConcurrencies{{
    {"parallel", engine::Concurrency::kParallel},
    {"serial_per_executable", engine::Concurrency::kSerialPerExecutable},
    {"serial_per_engine", engine::Concurrency::kSerialPerEngine},
}};

/// A hang is no status; kDeadlineExceeded marks it while reading.
constexpr std::array<std::pair<std::string_view, StatusCode>, 7> kClasses{{
    {"ENGINE_ERROR", StatusCode::kDeviceFailed},
    {"DEVICE_LOST", StatusCode::kDeviceLost},
    {"OUT_OF_MEMORY", StatusCode::kResourceExhausted},
    {"INVALID_ARGUMENT", StatusCode::kInvalidArgument},
    {"UNSUPPORTED", StatusCode::kUnsupported},
    {"UNAVAILABLE", StatusCode::kUnavailable},
    {"HANG", StatusCode::kDeadlineExceeded},
}};

enum class While { kRunning, kLoading, kBoth };
constexpr std::array<std::pair<std::string_view, While>, 3> kWhiles{
    {{"running", While::kRunning}, {"loading", While::kLoading}, {"both", While::kBoth}}};

std::uint64_t read_megabytes(JsonReader& json, const char* key) {
  double megabytes = 0;
  json.number(key, megabytes);
  return static_cast<std::uint64_t>(std::llround(megabytes * kMegabyte));
}

DeviceScript read_device(JsonReader& json) {
  DeviceScript device;
  engine::DeviceReport& report = device.report;
  json.require({"name", "kind"});
  json.text("name", report.name);
  json.choice<engine::DeviceKind>("kind", report.kind, engine::kKindWords);
  report.full_name = "Simulated " + report.name;
  report.capabilities = {"FP32"};
  json.text("full_name", report.full_name);
  json.text("vendor", report.vendor);
  json.text("uuid", report.uuid);
  json.text("pci_address", report.pci_address);
  json.text("driver", report.driver);
  json.texts("capabilities", report.capabilities);
  report.memory_bytes = read_megabytes(json, "memory_mb");
  json.objects("gone", [&](JsonReader& window) {
    Window& gone = device.gone.emplace_back();
    window.number("from_ms", gone.from_ms);
    window.number("to_ms", gone.to_ms, gone.from_ms);
  });
  json.text_map("properties", device.properties);
  report.handle = report.name;
  report.fixed_name = true;
  if (const auto flaw = engine::flaw_of(report); !flaw.empty()) json.fail("name", flaw);
  return device;
}

EngineScript read_engine(JsonReader& json) {
  EngineScript engine;
  json.require({"name"});
  json.text("name", engine.name);
  json.text("version", engine.version);
  json.choices<model::Format>("formats", engine.formats, engine::kFormatWords);
  json.choice<engine::Concurrency>("concurrency", engine.concurrency, kConcurrencies);
  json.text("serial_group", engine.serial_group);
  json.object("probe", [&](JsonReader& probe) {
    probe.number("delay_ms", engine.probe_ms);
    probe.text("error", engine.probe_error);
    probe.boolean("throws", engine.probe_throws);
  });
  return engine;
}

std::vector<Failure> read_failures(JsonReader& json, const char* key, const char* noun) {
  std::vector<Failure> failures;
  json.objects(key, [&](JsonReader& item) {
    Failure failure;
    item.integer("from", failure.from, 1);
    item.integer("to", failure.to, failure.from);
    item.choice<StatusCode>("class", failure.code, kClasses);
    failure.hang = failure.code == StatusCode::kDeadlineExceeded;
    failure.message = std::string("simulated failure of a ") + noun;
    item.text("message", failure.message);
    failures.push_back(std::move(failure));
  });
  return failures;
}

void read_behaviour(JsonReader& json, Behaviour& behaviour) {
  json.text("precision", behaviour.precision);
  json.number("load_ms", behaviour.load_ms);
  json.number("cached_load_ms", behaviour.cached_load_ms);
  json.number("first_run_ms", behaviour.first_run_ms);
  json.number_or_list("run_ms", behaviour.run_ms);
  json.number("batch_item_ms", behaviour.batch_item_ms);
  json.object("output_error", [&](JsonReader& error) {
    error.number("bias", behaviour.output_error.bias, -std::numeric_limits<double>::max());
    error.number("scale", behaviour.output_error.scale, -std::numeric_limits<double>::max());
    error.boolean("nan", behaviour.output_error.nan);
  });
}

void read_slowdown(JsonReader& json, std::vector<Slowdown>& slows) {
  Slowdown slowdown;
  While when = While::kRunning;
  json.require({"device", "factor"});
  json.text("device", slowdown.device);
  json.text("engine", slowdown.engine);
  json.number("factor", slowdown.factor);
  json.choice<While>("while", when, kWhiles);
  slowdown.while_loading = when != While::kRunning;
  slowdown.while_running = when != While::kLoading;
  slows.push_back(std::move(slowdown));
}

void read_precisions(JsonReader& json, Pair& pair) {
  read_behaviour(json, pair.native);
  pair.full_precision = pair.native;
  // Wrong values come from lowered precision unless the script says otherwise.
  pair.full_precision.precision = "f32";
  pair.full_precision.output_error = pair.native.precision == "f32" ? pair.native.output_error : OutputError{};
  json.object("full_precision", [&](JsonReader& full) { read_behaviour(full, pair.full_precision); });
}

void read_pair(JsonReader& json, Pair& pair) {
  json.choice<engine::Profile>("profile", pair.profile, kProfiles);
  read_precisions(json, pair);
  json.integer("load_rank", pair.load_rank);
  json.integer("run_rank", pair.run_rank);
  json.integer("slots", pair.slots, 1);
  json.integer("waiting_requests", pair.waiting_requests);
  json.integer("optimal_batch", pair.optimal_batch, 1);
  pair.memory_bytes = read_megabytes(json, "memory_mb");
  json.boolean("cancel_load", pair.cancel_load);
  json.boolean("cancel_run", pair.cancel_run);
  json.boolean("lazy_first_run", pair.lazy_first_run);
  json.boolean("cpu_heavy_load", pair.cpu_heavy_load);
  json.boolean("exclusive_load", pair.exclusive_load);
  json.boolean("dynamic_shapes", pair.dynamic_shapes);
  json.number("shape_compile_ms", pair.shape_compile_ms);
  json.boolean("forgets_shapes", pair.forgets_shapes);
  if (json.has("device_coverage")) json.number("device_coverage", pair.device_coverage.emplace(0));
  json.text("refuses", pair.refuses);
  pair.any_property = !json.has("supported_properties");
  json.texts("supported_properties", pair.supported_properties);
  json.texts("capabilities", pair.capabilities);
  json.objects("slows", [&](JsonReader& item) { read_slowdown(item, pair.slows); });
  pair.load_failures = read_failures(json, "load_failures", "load");
  pair.import_failures = read_failures(json, "import_failures", "load from a cache");
  pair.run_failures = read_failures(json, "run_failures", "run");
}

template <typename List, typename Name>
std::size_t index_of(const List& list, const std::string& name, Name name_of) {
  const auto found = std::find_if(list.begin(), list.end(), [&](const auto& item) { return name_of(item) == name; });
  return static_cast<std::size_t>(found - list.begin());
}

const std::string& device_name(const DeviceScript& device) { return device.report.name; }
const std::string& engine_name(const EngineScript& engine) { return engine.name; }

/// Finds the pair's device and engine; an engine without an entry of its own is made here.
void place_pair(JsonReader& json, Script& script, Pair& pair) {
  std::string device, name;
  json.require({"device", "engine"});
  json.text("device", device);
  json.text("engine", name);
  pair.device = index_of(script.devices, device, device_name);
  if (pair.device == script.devices.size()) json.fail("device", "got \"" + device + "\", which is not in devices");
  pair.engine = index_of(script.engines, name, engine_name);
  if (pair.engine == script.engines.size()) {
    script.engines.push_back({});
    script.engines.back().name = name;
  }
  const bool twice = std::any_of(script.pairs.begin(), script.pairs.end(), [&](const Pair& other) {
    return other.device == pair.device && other.engine == pair.engine && other.profile == pair.profile;
  });
  if (twice) json.fail("", "a pair of this device, engine and profile is there already");
}

void read_all(JsonReader& json, Script& script) {
  json.require({"devices", "pairs"});
  json.boolean("only", script.only);
  json.objects("devices", [&](JsonReader& item) {
    DeviceScript device = read_device(item);
    if (index_of(script.devices, device.report.name, device_name) < script.devices.size()) {
      item.fail("name", "got \"" + device.report.name + "\" twice");
    }
    script.devices.push_back(std::move(device));
  });
  json.objects("engines", [&](JsonReader& item) { script.engines.push_back(read_engine(item)); });
  json.objects("pairs", [&](JsonReader& item) {
    Pair pair;
    read_pair(item, pair);
    place_pair(item, script, pair);
    script.pairs.push_back(std::move(pair));
  });
}

}  // namespace

base::Result<Script> read_script(const std::string& script) {
  std::string text = script;
  std::string name = "simulation script";
  const auto begin = script.find_first_not_of(" \t\r\n");
  if (begin == std::string::npos || script[begin] != '{') {
    auto content = base::content_of(script);
    if (!content) return base::Status::not_found("simulation script " + script + ": cannot be read");
    text = *std::move(content);
    name = script;
  }
  Script result;
  const auto status = JsonReader::read_document(text, name, [&](JsonReader& json) { read_all(json, result); });
  if (!status.is_ok()) return status;
  for (auto& engine : result.engines) {
    if (!engine.formats.empty()) continue;
    for (const auto& [word, format] : engine::kFormatWords) engine.formats.push_back(format);
  }
  return result;
}

}  // namespace baton::sim
