// SPDX-License-Identifier: Apache-2.0
// Copyright (C) 2026 The Baton authors
#pragma once

#include <onnxruntime_c_api.h>

#include <map>
#include <string>

#include "base/status.h"
#include "engine/engine.h"

namespace baton::engine::onnxruntime {

/// How properties for the CUDA provider begin.
inline constexpr const char* kCudaPrefix = "cuda.";

/// The CUDA provider's options for one compile (B-513 profiles; `cuda.<option>` of `properties` has the last word).
std::map<std::string, std::string> cuda_options(const CompileRequest& request, int ordinal);

/// The arithmetic of f32 models under these options.
std::string cuda_precision(const std::map<std::string, std::string>& options, bool has_tf32);

/// Adds the provider to a session.
base::Status append_cuda(const OrtApi& api, OrtSessionOptions& session,
                         const std::map<std::string, std::string>& options);

}  // namespace baton::engine::onnxruntime
