// SPDX-License-Identifier: Apache-2.0
// Copyright (C) 2026 The Baton authors
//
// Which engine is told what of the properties that a compile gives for devices (B-243 to B-247). Engines say in their
// reports what they know, so that nothing is opened to find out.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/status.h"
#include "engine/device.h"
#include "engine/engine.h"
#include "policy/candidates.h"

namespace baton::policy {

/// Properties of devices, weakest first. Maps are from a device or a family.
struct GivenProperties {
  std::map<std::string, engine::Properties> defaults;  ///< Core::set_property("GPU.1")
  engine::Properties everywhere;                       ///< the compile config: for every device that knows the key
  std::map<std::string, engine::Properties> devices;   ///< DEVICE_PROPERTIES: the device must know the key
};

/// True for keys that Baton itself reads when they are given for a device; some are without effect there. An engine
/// that knows one is told nevertheless, unless it is one of `DeviceHints`.
bool is_read_by_baton(std::string_view key);

/// `known` is DeviceReport::supported_properties: keys, and beginnings of keys ("session.*").
bool knows_property(std::span<const std::string> known, std::string_view key);

/// True when an engine of the device, or Baton itself, knows the key.
bool knows_property(const engine::DeviceRecord& device, std::string_view key);

/// What Baton itself obeys for one device, whatever its engine.
struct DeviceHints {
  std::optional<engine::Hint> hint;            ///< PERFORMANCE_HINT
  std::optional<std::uint32_t> num_requests;   ///< PERFORMANCE_HINT_NUM_REQUESTS
  std::optional<engine::Precision> precision;  ///< INFERENCE_PRECISION_HINT, else EXECUTION_MODE_HINT
  std::optional<std::string> cache_dir;        ///< CACHE_DIR
  bool has_entry = false;                      ///< DEVICE_PROPERTIES say something of the device
};

DeviceHints hints_for(const GivenProperties& given, const engine::DeviceRecord& device);

/// What `engine` is told when it compiles for the device: all that is given for it and that the engine knows.
engine::Properties properties_for(const GivenProperties& given, const engine::DeviceRecord& device,
                                  std::string_view engine);

/// Rejects candidates that do not know a key which is given for them by name (B-247), and warns of devices that are no
/// candidates (B-246). kInvalidArgument for a key of `everywhere` that no accepted candidate knows (B-243).
base::Status check_properties(const GivenProperties& given, std::span<const engine::DeviceRecord> devices,
                              CandidateList& list);

/// Warns of what ENGINE_PRIORITIES (B-220) name in vain: devices that are no candidates, and engines that are not
/// among `known` (B-422).
void check_engine_priorities(const std::map<std::string, std::vector<std::string>>& given,
                             std::span<const std::string> known, std::span<const engine::DeviceRecord> devices,
                             CandidateList& list);

}  // namespace baton::policy
