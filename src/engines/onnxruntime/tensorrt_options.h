// SPDX-License-Identifier: Apache-2.0
// Copyright (C) 2026 The Baton authors
//
// What the TensorRT provider is told for one compile. Its option names are those of ONNX Runtime 1.23 and later.
#pragma once

#include <onnxruntime_c_api.h>

#include <map>
#include <string>

#include "base/status.h"
#include "engine/engine.h"

namespace baton::engine::onnxruntime {

/// How properties for the TensorRT provider begin: "tensorrt.trt_max_workspace_size".
inline constexpr const char* kTensorRtPrefix = "tensorrt.";

/// Why TensorRT must not compute this; empty: it may. Its builder turns f32 into TF32 where the GPU has that, and the
/// provider has no option against it.
std::string tensorrt_refusal(const CompileRequest& request, bool has_tf32);

/// B-513 profiles; `tensorrt.<option>` of `properties` has the last word.
std::map<std::string, std::string> tensorrt_options(const CompileRequest& request, int ordinal);

/// The lowest arithmetic under these options.
std::string tensorrt_precision(const std::map<std::string, std::string>& options, bool has_tf32);

/// Adds the provider to a session, and CUDA's behind it for the nodes that it leaves. All options at once: what an
/// update does not name goes back to its default.
base::Status append_tensorrt(const OrtApi& api, OrtSessionOptions& session,
                             const std::map<std::string, std::string>& options,
                             const std::map<std::string, std::string>& cuda_options);

}  // namespace baton::engine::onnxruntime
