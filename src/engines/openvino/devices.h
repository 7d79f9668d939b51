// SPDX-License-Identifier: Apache-2.0
// Copyright (C) 2026 The Baton authors
//
// What OpenVINO's device plugins say of their devices. Everything here loads the plugin concerned and throws what it
// throws.
#pragma once

#include <array>
#include <string>
#include <string_view>
#include <vector>

#include "base/status.h"
#include "engine/device.h"

namespace baton::engine::openvino {

inline constexpr std::array<std::string_view, 3> kDirectFamilies = {"CPU", "GPU", "NPU"};

/// "GPU", "GPU.1", "CPU"; not "AUTO" or "BATCH:GPU".
bool is_direct_device(std::string_view handle);

/// Every device of one family. Slow for GPU and NPU: 80 to 360 ms and their memory (design.md section 3).
std::vector<DeviceReport> report_family(std::string_view family);

/// A property of a device as text; kNotFound for a key that its plugin does not know.
base::Result<std::string> read_device_property(const std::string& handle, const std::string& key);

}  // namespace baton::engine::openvino
