// SPDX-License-Identifier: Apache-2.0
// Copyright (C) 2026 The Baton authors
//
// All that Baton knows of providers of others by name. What stands nowhere here is treated as unknown: nothing is
// assumed, nothing but the user's options is given.
#pragma once

#include <map>
#include <string>
#include <string_view>

#include "engine/engine.h"

namespace baton::engine::onnxruntime {

// As providers name themselves to ONNX Runtime.
inline constexpr std::string_view kWebGpu = "WebGpuExecutionProvider";
inline constexpr std::string_view kOpenVino = "OpenVINOExecutionProvider";

/// Why several sessions of one process may not be used at once, where that is known; then it is not tried. Else empty.
std::string overlap_hazard(std::string_view provider);

/// A provider's options for one compile (B-513 profiles, B-708 precision; `<prefix><option>` of the request's
/// properties has the last word). `family`: of the device, "CPU".
std::map<std::string, std::string> provider_options(std::string_view provider, std::string_view family,
                                                    const CompileRequest& request, const std::string& prefix);

/// The arithmetic of such a compile for `device`.
std::string provider_precision(std::string_view provider, const DeviceReport& device, const CompileRequest& request);

}  // namespace baton::engine::onnxruntime
