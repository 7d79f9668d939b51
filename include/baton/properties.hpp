// SPDX-License-Identifier: Apache-2.0
// Copyright (C) 2026 The Baton authors
//
// The properties that devices, compiled models and AUTO share with OpenVINO. Baton's own are in auto_device.hpp;
// docs/properties.md lists all with defaults.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <tuple>
#include <utility>
#include <vector>

#include "baton/any.hpp"
#include "baton/element_type.hpp"
#include "baton/property.hpp"

namespace baton {

inline constexpr auto RO = PropertyMutability::RO;  // short for the declarations below and for users' own

namespace hint {

enum class PerformanceMode { LATENCY, THROUGHPUT, CUMULATIVE_THROUGHPUT };
enum class Priority { LOW, MEDIUM, HIGH, DEFAULT = MEDIUM };
enum class ExecutionMode { PERFORMANCE, ACCURACY };

/// What to optimise for.
inline constexpr Property<PerformanceMode> performance_mode("PERFORMANCE_HINT");
/// The most requests that the application keeps in flight; 0: not said.
inline constexpr Property<std::uint32_t> num_requests("PERFORMANCE_HINT_NUM_REQUESTS");
inline constexpr Property<Priority> model_priority("MODEL_PRIORITY");
/// PERFORMANCE may compute in lower precision than the model's, ACCURACY does not.
inline constexpr Property<ExecutionMode> execution_mode("EXECUTION_MODE_HINT");
inline constexpr Property<element::Type> inference_precision("INFERENCE_PRECISION_HINT");
inline constexpr Property<bool> allow_auto_batching("ALLOW_AUTO_BATCHING");

}  // namespace hint

namespace log {
enum class Level { NO = 0, ERR = 1, WARNING = 2, INFO = 3, DEBUG = 4, TRACE = 5 };
inline constexpr Property<Level> level("LOG_LEVEL");
}  // namespace log

namespace streams {

/// A number of streams, AUTO (the engine chooses) or NUMA (one per NUMA node).
struct Num {
  constexpr Num() = default;
  constexpr Num(int value) : num(value) {}        // NOLINT(google-explicit-constructor): as in OpenVINO
  constexpr operator int() const { return num; }  // NOLINT(google-explicit-constructor): as in OpenVINO
  int num = -1;
};
inline constexpr Num AUTO(-1);
inline constexpr Num NUMA(-2);
inline constexpr Property<Num> num("NUM_STREAMS");

}  // namespace streams

inline constexpr Property<streams::Num> num_streams("NUM_STREAMS");
inline constexpr Property<std::int32_t> inference_num_threads("INFERENCE_NUM_THREADS");
inline constexpr Property<std::int32_t> compilation_num_threads("COMPILATION_NUM_THREADS");
inline constexpr Property<bool> enable_profiling("PERF_COUNT");
/// Folder for compiled models; empty: none is kept.
inline constexpr Property<std::string> cache_dir("CACHE_DIR");
/// Milliseconds that a request may wait for others to form a batch.
inline constexpr Property<std::uint32_t> auto_batch_timeout("AUTO_BATCH_TIMEOUT");

inline constexpr Property<std::vector<PropertyName>, RO> supported_properties("SUPPORTED_PROPERTIES");
inline constexpr Property<std::vector<std::string>, RO> available_devices("AVAILABLE_DEVICES");
inline constexpr Property<std::string, RO> model_name("NETWORK_NAME");
inline constexpr Property<std::uint32_t, RO> optimal_number_of_infer_requests("OPTIMAL_NUMBER_OF_INFER_REQUESTS");
inline constexpr Property<bool, RO> loaded_from_cache("LOADED_FROM_CACHE");
/// Who serves; a helper that stands in for another device is in parentheses.
inline constexpr Property<std::vector<std::string>, RO> execution_devices("EXECUTION_DEVICES");
inline constexpr Property<std::tuple<unsigned, unsigned>, RO> range_for_streams("RANGE_FOR_STREAMS");
inline constexpr Property<std::tuple<unsigned, unsigned, unsigned>, RO> range_for_async_infer_requests(
    "RANGE_FOR_ASYNC_INFER_REQUESTS");
inline constexpr Property<std::uint32_t, RO> optimal_batch_size("OPTIMAL_BATCH_SIZE");
inline constexpr Property<std::uint32_t, RO> max_batch_size("MAX_BATCH_SIZE");

namespace device {

enum class Type { INTEGRATED, DISCRETE };

inline constexpr Property<std::string, RO> full_name("FULL_DEVICE_NAME");
inline constexpr Property<Type, RO> type("DEVICE_TYPE");
inline constexpr Property<std::string, RO> uuid("DEVICE_UUID");
inline constexpr Property<std::vector<std::string>, RO> capabilities("OPTIMIZATION_CAPABILITIES");
inline constexpr Property<std::string> id("DEVICE_ID");

namespace capability {
inline constexpr const char* FP32 = "FP32";
inline constexpr const char* BF16 = "BF16";
inline constexpr const char* FP16 = "FP16";
inline constexpr const char* INT8 = "INT8";
inline constexpr const char* BIN = "BIN";
inline constexpr const char* WINOGRAD = "WINOGRAD";
inline constexpr const char* EXPORT_IMPORT = "EXPORT_IMPORT";
}  // namespace capability

/// The candidate devices, best first: `device::priorities("GPU", "CPU")` or `device::priorities("GPU,CPU")`.
class Priorities : public Property<std::string> {
 public:
  constexpr Priorities() : Property("MULTI_DEVICE_PRIORITIES") {}
  template <typename... Names>
  std::pair<std::string, Any> operator()(const Names&... names) const {
    std::string list;
    ((list.append(list.empty() ? "" : ",").append(names)), ...);
    return {name(), Any(std::move(list))};
  }
};
inline constexpr Priorities priorities;

/// Properties for some devices only: `device::properties("CPU", num_streams(2))` or `device::properties(map)`.
class Properties : public Property<AnyMap> {
 public:
  constexpr Properties() : Property("DEVICE_PROPERTIES") {}
  /// REQUIRES: each value of `devices` is an AnyMap.
  std::pair<std::string, Any> operator()(const AnyMap& devices) const { return {name(), Any(devices)}; }
  /// The key carries the device, so that one call can take this for several devices.
  std::pair<std::string, Any> operator()(const std::string& device, const AnyMap& values) const {
    return {std::string(name()) + "_" + device, Any(values)};
  }
  template <PropertyValue... P>
  std::pair<std::string, Any> operator()(const std::string& device, P&&... values) const {
    return (*this)(device, AnyMap{std::pair<const std::string, Any>(std::pair<std::string, Any>(values))...});
  }
};
inline constexpr Properties properties;

}  // namespace device

template <>
struct EnumNames<hint::PerformanceMode> {
  using E = hint::PerformanceMode;
  static constexpr const char* kType = "PerformanceMode";
  static constexpr std::array<std::pair<E, std::string_view>, 3> kWords{
      {{E::LATENCY, "LATENCY"}, {E::THROUGHPUT, "THROUGHPUT"}, {E::CUMULATIVE_THROUGHPUT, "CUMULATIVE_THROUGHPUT"}}};
};
template <>
struct EnumNames<hint::Priority> {
  using E = hint::Priority;
  static constexpr const char* kType = "Priority";
  static constexpr std::array<std::pair<E, std::string_view>, 7> kWords{{{E::HIGH, "HIGH"},
                                                                         {E::MEDIUM, "MEDIUM"},
                                                                         {E::LOW, "LOW"},
                                                                         {E::DEFAULT, "DEFAULT"},
                                                                         {E::HIGH, "MODEL_PRIORITY_HIGH"},
                                                                         {E::MEDIUM, "MODEL_PRIORITY_MED"},
                                                                         {E::LOW, "MODEL_PRIORITY_LOW"}}};
};
template <>
struct EnumNames<hint::ExecutionMode> {
  using E = hint::ExecutionMode;
  static constexpr const char* kType = "ExecutionMode";
  static constexpr std::array<std::pair<E, std::string_view>, 2> kWords{
      {{E::PERFORMANCE, "PERFORMANCE"}, {E::ACCURACY, "ACCURACY"}}};
};
template <>
struct EnumNames<log::Level> {
  using E = log::Level;
  static constexpr const char* kType = "log level";
  static constexpr std::array<std::pair<E, std::string_view>, 12> kWords{{{E::NO, "LOG_NONE"},
                                                                          {E::ERR, "LOG_ERROR"},
                                                                          {E::WARNING, "LOG_WARNING"},
                                                                          {E::INFO, "LOG_INFO"},
                                                                          {E::DEBUG, "LOG_DEBUG"},
                                                                          {E::TRACE, "LOG_TRACE"},
                                                                          {E::NO, "0"},
                                                                          {E::ERR, "1"},
                                                                          {E::WARNING, "2"},
                                                                          {E::INFO, "3"},
                                                                          {E::DEBUG, "4"},
                                                                          {E::TRACE, "5"}}};
};
template <>
struct EnumNames<device::Type> {
  using E = device::Type;
  static constexpr const char* kType = "device type";
  static constexpr std::array<std::pair<E, std::string_view>, 2> kWords{
      {{E::INTEGRATED, "INTEGRATED"}, {E::DISCRETE, "DISCRETE"}}};
};
template <>
struct AnyText<streams::Num> {
  static std::string text(const streams::Num& value) {
    if (value.num == streams::AUTO.num) return "AUTO";
    return value.num == streams::NUMA.num ? "NUMA" : std::to_string(value.num);
  }
  static streams::Num parse(const std::string& text, int) {
    if (text == "AUTO") return streams::AUTO;
    if (text == "NUMA") return streams::NUMA;
    return Any(text).as<int>();
  }
};

}  // namespace baton
