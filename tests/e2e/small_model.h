// SPDX-License-Identifier: Apache-2.0
// Copyright (C) 2026 The Baton authors
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "support/onnx_builder.h"

namespace baton::test {

/// ONNX: "y" f32 [1,64] = Relu("x" f32 [1,64] times constant weights).
inline std::string small_model() {
  std::vector<float> weights(64 * 64);
  for (std::size_t i = 0; i < weights.size(); ++i) weights[i] = static_cast<float>(i % 7) / 70.F - 0.04F;
  return onnx_model(OnnxGraph()
                        .input("x", element::f32, {1, 64})
                        .weights("w", {64, 64}, weights)
                        .node("MatMul", {"x", "w"}, {"m"})
                        .node("Relu", {"m"}, {"y"})
                        .output("y", element::f32, {1, 64}));
}

}  // namespace baton::test
