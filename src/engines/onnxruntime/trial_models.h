// SPDX-License-Identifier: Apache-2.0
// Copyright (C) 2026 The Baton authors
//
// Models whose answers are known, for trials of foreign providers. They are written here: a trial must not depend on
// files.
#pragma once

#include <cstddef>
#include <string>

#include "base/status.h"
#include "model/model.h"

namespace baton::engine::onnxruntime {

/// Elements of an input of `addition`, rows and columns of one of `chain`.
inline constexpr std::size_t kTrialSide = 32;

/// y = a + b, a vector of an element type of ONNX (1: f32, 10: f16).
std::string addition(int type);

/// y = (a x b + a) * b, square matrices of f32: three operators, the first of which adds many products.
std::string chain();

/// What each element of `chain`'s answer is where all of `a` and all of `b` are one number. Exact in bf16 and f16 too
/// for 1, 2 and 4.
constexpr float chain_answer(float a, float b) { return (static_cast<float>(kTrialSide) * a * b + a) * b; }

/// ONNX bytes as a model with the shapes that they declare.
base::Result<model::Model> trial_model(std::string bytes);

}  // namespace baton::engine::onnxruntime
