// SPDX-License-Identifier: Apache-2.0
// Copyright (C) 2026 The Baton authors
#pragma once

#include <string>
#include <vector>

#include "base/status.h"
#include "baton/any.hpp"
#include "engine/device.h"
#include "engine/registry.h"
#include "policy/device_string.h"
#include "runtime/config.h"

namespace baton::runtime {

/// What AUTO and MULTI answer (B-240, B-260); `stored` is what set_property kept for it.
base::Result<Any> auto_property(engine::Registry& registry, policy::DeviceString::Kind kind,
                                const engine::Properties& stored, const std::string& key);

/// What a direct device answers (B-313): of its record, of what was set, and of its engines.
base::Result<Any> device_property(engine::Registry& registry, const std::string& device, const StoredProperties& stored,
                                  const std::string& key);

/// The record of a device that the user names; kInvalidArgument lists the devices there are.
base::Result<engine::DeviceRecord> find_record(engine::Registry& registry, const std::string& device);

}  // namespace baton::runtime
