// SPDX-License-Identifier: Apache-2.0
// Copyright (C) 2026 The Baton authors
//
// Properties of a compile that are for its execution providers ("cuda.gpu_mem_limit") and not for the session.
#pragma once

#include <map>
#include <span>
#include <string>
#include <vector>

#include "engine/engine.h"

namespace baton::engine::onnxruntime {

/// f32 arithmetic was asked for, by the mode or by INFERENCE_PRECISION_HINT.
bool wants_full_precision(const CompileRequest& request);

/// Those of `properties` that begin with `prefix`, without it, over what `options` says: the user has the last word.
void take_properties(const Properties& properties, const std::string& prefix,
                     std::map<std::string, std::string>& options);

/// How properties for the provider of a foreign engine begin: "webgpu." of "onnxruntime.webgpu".
std::string property_prefix(const std::string& engine);

/// Options as ONNX Runtime takes them. Ownership: borrows the map.
struct OptionArrays {
  explicit OptionArrays(const std::map<std::string, std::string>& options);

  std::vector<const char*> keys;
  std::vector<const char*> values;
};

/// What is left of a request for the session once its providers have taken their options.
CompileRequest without_properties(CompileRequest request, std::span<const std::string> prefixes);

}  // namespace baton::engine::onnxruntime
