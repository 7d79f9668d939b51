// SPDX-License-Identifier: Apache-2.0
// Copyright (C) 2026 The Baton authors
//
// Properties of the device AUTO. docs/properties.md lists all with defaults and where each can be set.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>

#include "baton/properties.hpp"

namespace baton::auto_device {

enum class SchedulePolicy { DEVICE_PRIORITY, ROUND_ROBIN, EARLIEST_FINISH, DEFAULT = DEVICE_PRIORITY };
/// What a check before a hand-over leads to; AUTO is for the speed check only.
enum class Check { OFF, WARN, REFUSE, AUTO };

/// Answer with a quickly loading engine while the best one is prepared.
inline constexpr Property<bool> enable_startup_fallback("ENABLE_STARTUP_FALLBACK");
/// Run a request on the next device when one fails.
inline constexpr Property<bool> enable_runtime_fallback("ENABLE_RUNTIME_FALLBACK");
inline constexpr Property<SchedulePolicy> schedule_policy("SCHEDULE_POLICY");
inline constexpr Property<bool> device_bind_buffer("DEVICE_BIND_BUFFER");

// Baton's own.
inline constexpr Property<bool> strict_devices("STRICT_DEVICES");
inline constexpr Property<bool> allow_software_devices("ALLOW_SOFTWARE_DEVICES");
/// Device or family to a comma-separated list of engines, best first; "-engine" excludes one.
inline constexpr Property<AnyMap> engine_priorities("ENGINE_PRIORITIES");
inline constexpr Property<std::string> startup_device("STARTUP_DEVICE");
inline constexpr Property<std::uint32_t> startup_grace("STARTUP_GRACE");  ///< ms
inline constexpr Property<Check> output_check("HANDOVER_OUTPUT_CHECK");
inline constexpr Property<Check> speed_check("HANDOVER_SPEED_CHECK");
/// Relative tolerance of the output check; 0: by precision.
inline constexpr Property<double> tolerance("HANDOVER_TOLERANCE");
/// Prepare and check, but do not switch until this is set to false. May be set on a compiled model.
inline constexpr Property<bool> handover_hold("HANDOVER_HOLD");
inline constexpr Property<bool> keep_helper("KEEP_HELPER");
inline constexpr Property<bool> second_look("SECOND_LOOK");
inline constexpr Property<std::uint32_t> max_attempts("REQUEST_MAX_ATTEMPTS");  ///< 0: one per candidate
inline constexpr Property<std::uint32_t> recovery_backoff("RECOVERY_BACKOFF");  ///< ms, 0: never
inline constexpr Property<std::uint32_t> infer_timeout("INFER_TIMEOUT");        ///< ms, 0: none
inline constexpr Property<std::uint32_t> compile_timeout("COMPILE_TIMEOUT");    ///< ms, 0: none

// Read-only, on a compiled model.
inline constexpr Property<std::vector<std::string>, RO> execution_engines("EXECUTION_ENGINES");
inline constexpr Property<std::string, RO> execution_phase("EXECUTION_PHASE");
inline constexpr Property<std::uint64_t, RO> execution_generation("EXECUTION_GENERATION");
inline constexpr Property<std::string, RO> selection_report("SELECTION_REPORT");  ///< JSON

// Read-only, on a device.
inline constexpr Property<std::vector<std::string>, RO> engines("ENGINES");
inline constexpr Property<std::string, RO> device_kind("DEVICE_KIND");

}  // namespace baton::auto_device

namespace baton {

/// The name that code written for OpenVINO uses.
namespace intel_auto = auto_device;

template <>
struct EnumNames<auto_device::SchedulePolicy> {
  using E = auto_device::SchedulePolicy;
  static constexpr const char* kType = "SchedulePolicy";
  static constexpr std::array<std::pair<E, std::string_view>, 4> kWords{{{E::DEVICE_PRIORITY, "DEVICE_PRIORITY"},
                                                                         {E::ROUND_ROBIN, "ROUND_ROBIN"},
                                                                         {E::EARLIEST_FINISH, "EARLIEST_FINISH"},
                                                                         {E::DEFAULT, "DEFAULT"}}};
};
template <>
struct EnumNames<auto_device::Check> {
  using E = auto_device::Check;
  static constexpr const char* kType = "Check";
  static constexpr std::array<std::pair<E, std::string_view>, 4> kWords{
      {{E::OFF, "OFF"}, {E::WARN, "WARN"}, {E::REFUSE, "REFUSE"}, {E::AUTO, "AUTO"}}};
};

}  // namespace baton
