// SPDX-License-Identifier: Apache-2.0
// Copyright (C) 2026 The Baton authors
#pragma once

#include <onnxruntime_c_api.h>

#include <cstdint>
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

/// How many requests at a time pay. While one computes, the copies of others go on, and a thread of the CPU gives each
/// its kernels one by one; a quarter of the cores stays for those who ask for answers. (On 16 cores 12 requests answer
/// 1.13 times as much as 16, benchmarks/RESULTS.md.)
std::uint32_t cuda_requests(unsigned cores);

/// Adds the provider to a session.
base::Status append_cuda(const OrtApi& api, OrtSessionOptions& session,
                         const std::map<std::string, std::string>& options);

}  // namespace baton::engine::onnxruntime
