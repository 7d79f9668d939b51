// SPDX-License-Identifier: Apache-2.0
// Copyright (C) 2026 The Baton authors
//
// From the properties that users give, in three places, to what a compile is told (section 2 of the behaviour
// specification). Pure: no engines, no files.
#pragma once

#include <map>
#include <string>

#include "auto/auto_model.h"
#include "base/log.h"
#include "base/status.h"
#include "baton/any.hpp"
#include "engine/engine.h"
#include "policy/device_config.h"
#include "policy/device_string.h"

namespace baton::runtime {

/// What `Core::set_property` has kept: canonical text for AUTO's own keys, plain text for devices'.
struct StoredProperties {
  engine::Properties everywhere;                      ///< set_property({CACHE_DIR})
  engine::Properties automatic;                       ///< set_property("AUTO")
  engine::Properties multi;                           ///< set_property("MULTI")
  std::map<std::string, engine::Properties> devices;  ///< set_property("GPU.1")
};

struct Config {
  engine::Properties values;  ///< every property that this kind of device has, in canonical text, defaults included
  autodev::Options options;   ///< the same, typed
  std::string priorities;     ///< MULTI_DEVICE_PRIORITIES
  policy::ListSource priorities_source = policy::ListSource::kDefault;
  policy::GivenProperties properties;  ///< for devices
  base::LogLevel log_level = base::LogLevel::kNone;
};

/// The properties of one compile, strongest first: `compile`, what `stored` says of the device, defaults (B-242).
base::Result<Config> make_config(const policy::DeviceString& device, const AnyMap& compile,
                                 const StoredProperties& stored, base::LogLevel default_level);

/// What set_property("AUTO" or "MULTI", `properties`) is to keep (B-244, B-1414).
base::Result<engine::Properties> check_auto_properties(policy::DeviceString::Kind kind, const AnyMap& properties);

/// "AUTO", "MULTI" or "BATCH"; "CPU" for a direct device: the tag of messages and log lines.
std::string tag_of(const policy::DeviceString& device);

}  // namespace baton::runtime
