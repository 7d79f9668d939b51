// SPDX-License-Identifier: Apache-2.0
// Copyright (C) 2026 The Baton authors
#include "runtime/property_table.h"

#include <algorithm>
#include <array>
#include <cmath>

#include "baton/auto_device.hpp"
#include "baton/exception.hpp"
#include "policy/device_string.h"

namespace baton::runtime {
namespace {

std::string as_bool(const Any& value) { return Any(value.as<bool>()).to_string(); }
std::string as_text(const Any& value) { return value.to_string(); }

std::string as_unsigned(const Any& value) { return std::to_string(value.as<std::uint32_t>()); }

std::string as_attempts(const Any& value) {
  const auto number = value.as<std::uint32_t>();
  if (number > 16) throw Exception(ErrorCode::InvalidArgument, "expected 0 to 16");
  return std::to_string(number);
}

std::string as_tolerance(const Any& value) {
  const double number = value.as<double>();
  if (!(number >= 0) || std::isinf(number)) throw Exception(ErrorCode::InvalidArgument, "expected a number >= 0");
  return Any(number).to_string();
}

template <typename E>
std::string as_word(const Any& value) {
  return std::string(enum_text(enum_value<E>(value.to_string())));
}

std::string as_output_check(const Any& value) {
  std::string word = as_word<auto_device::Check>(value);
  if (word == "AUTO") throw Exception(ErrorCode::InvalidArgument, "expected OFF, WARN or REFUSE");
  return word;
}

std::string as_precision(const Any& value) {
  constexpr std::array<std::string_view, 4> kTypes{"f32", "f16", "bf16", "i8"};
  constexpr std::array<std::string_view, 4> kOldNames{"FP32", "FP16", "BF16", "I8"};  // OpenVINO takes them still
  std::string text = value.to_string();
  const auto old = std::find(kOldNames.begin(), kOldNames.end(), text);
  if (old != kOldNames.end()) text = kTypes[static_cast<std::size_t>(old - kOldNames.begin())];
  if (!text.empty() && std::find(kTypes.begin(), kTypes.end(), text) == kTypes.end()) {
    throw Exception(ErrorCode::InvalidArgument, "expected f32, f16, bf16 or i8");
  }
  return text;
}

std::string as_device_list(const Any& value) {
  std::string text = value.to_string();
  // A list of names is as good as one text with commas (B-202 is a list).
  if (value.is<std::vector<std::string>>()) std::replace(text.begin(), text.end(), ' ', ',');
  const auto list = policy::parse_device_list(text);
  if (!list.is_ok()) throw Exception(ErrorCode::InvalidArgument, list.status().message());
  return text;
}

std::string as_map(const Any& value) { return to_string(value.as<AnyMap>()); }

std::string as_map_of_maps(const Any& value) {
  AnyMap map = value.as<AnyMap>();
  for (auto& [device, properties] : map) properties = properties.as<AnyMap>();
  return to_string(map);
}

constexpr unsigned kC = kInCompile;
constexpr unsigned kPC = kSetOnAuto | kInCompile;
constexpr unsigned kM = kOnMulti;
constexpr unsigned kD = kOnDevice;

constexpr PropertySpec kTable[] = {
    {"MULTI_DEVICE_PRIORITIES", "", kPC | kM | kReadOnModel, as_device_list},
    {"PERFORMANCE_HINT", "LATENCY", kPC | kM | kD | kReadOnModel, as_word<hint::PerformanceMode>},
    {"PERFORMANCE_HINT_NUM_REQUESTS", "0", kPC | kM | kD, as_unsigned},
    {"MODEL_PRIORITY", "MEDIUM", kPC | kM | kD | kReadOnModel, as_word<hint::Priority>},
    {"EXECUTION_MODE_HINT", "PERFORMANCE", kPC | kM | kD, as_word<hint::ExecutionMode>},
    {"INFERENCE_PRECISION_HINT", "", kC | kM | kD, as_precision},
    {"ENABLE_STARTUP_FALLBACK", "YES", kPC, as_bool},
    {"ENABLE_RUNTIME_FALLBACK", "YES", kPC, as_bool},
    {"SCHEDULE_POLICY", "", kPC | kM, as_word<auto_device::SchedulePolicy>},
    {"DEVICE_BIND_BUFFER", "NO", kPC | kM, as_bool},
    {"ALLOW_AUTO_BATCHING", "YES", kPC | kM | kD, as_bool},
    {"AUTO_BATCH_TIMEOUT", "1000", kPC | kAtRunTime | kM | kD | kReadOnModel, as_unsigned},
    {"DEVICE_PROPERTIES", "{}", kC | kM, as_map_of_maps},
    {"CACHE_DIR", "", kPC | kM | kD, as_text},
    {"PERF_COUNT", "NO", kPC | kM | kD, as_bool},
    {"LOG_LEVEL", "LOG_NONE", kPC | kM | kD, as_word<log::Level>},
    {"STRICT_DEVICES", "NO", kPC | kM, as_bool},
    {"ALLOW_SOFTWARE_DEVICES", "NO", kPC | kM, as_bool},
    {"ENGINE_PRIORITIES", "{}", kPC | kM | kD, as_map},
    {"STARTUP_DEVICE", "", kPC, as_text},
    {"STARTUP_GRACE", "300", kPC, as_unsigned},
    {"HANDOVER_OUTPUT_CHECK", "REFUSE", kPC, as_output_check},
    {"HANDOVER_SPEED_CHECK", "AUTO", kPC, as_word<auto_device::Check>},
    {"HANDOVER_HOLD", "NO", kPC | kAtRunTime, as_bool},
    {"KEEP_HELPER", "NO", kPC, as_bool},
    {"SECOND_LOOK", "YES", kPC, as_bool},
    {"HANDOVER_TOLERANCE", "0", kPC, as_tolerance},
    {"REQUEST_MAX_ATTEMPTS", "0", kPC | kM, as_attempts},
    {"RECOVERY_BACKOFF", "1000", kPC | kM, as_unsigned},
    {"INFER_TIMEOUT", "0", kPC | kM, as_unsigned},
    {"COMPILE_TIMEOUT", "0", kPC | kM, as_unsigned},
};

}  // namespace

std::span<const PropertySpec> property_table() { return kTable; }

const PropertySpec* find_property(std::string_view key) {
  if (key == "AUTO_DEVICE_LIST") key = "MULTI_DEVICE_PRIORITIES";
  const auto found =
      std::find_if(std::begin(kTable), std::end(kTable), [&](const PropertySpec& spec) { return spec.key == key; });
  return found == std::end(kTable) ? nullptr : &*found;
}

base::Result<std::string> canonical_value(const PropertySpec& spec, const Any& value) {
  try {
    return spec.canonical(value);
  } catch (const Exception& error) {
    std::string text = "Invalid value for property " + std::string(spec.key) + ": " + value.to_string();
    if (spec.key == "LOG_LEVEL") text += " (Unsupported log level)";
    return base::Status::invalid_argument(text + "; " + error.what());
  }
}

}  // namespace baton::runtime
