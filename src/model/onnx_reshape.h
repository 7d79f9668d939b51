// SPDX-License-Identifier: Apache-2.0
// Copyright (C) 2026 The Baton authors
#pragma once

#include <cstddef>
#include <span>
#include <string>

#include "base/status.h"
#include "model/model.h"

namespace baton::model {

/// Whether input `index` may take `shape`: the rank must not contradict the declared one. Any length may be replaced.
base::Status check_reshape(const Facts& facts, std::size_t index, const PartialShape& shape);

/// The bytes of an ONNX model with its inputs' shapes replaced, one shape per input in port order. Shapes that were
/// stated for values inside are dropped and lengths of outputs are left open, so that the engine infers them anew;
/// everything else is copied as it is. Bounds cannot be said in ONNX: a bounded length becomes an unknown one.
base::Result<std::string> with_input_shapes(const ModelData& model, std::span<const PartialShape> shapes);

}  // namespace baton::model
