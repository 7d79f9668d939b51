// SPDX-License-Identifier: Apache-2.0
// Copyright (C) 2026 The Baton authors
#pragma once

#include <string>
#include <vector>

#include "model/model.h"

namespace baton::model {

/// Follows the first dimension of the inputs marked in `batched` through the graph of an ONNX or IR model (B-904).
/// Empty when every operator on the way keeps the items of a batch apart and in order, and the outputs marked in
/// `batched_outputs` (no others) end with them; else one sentence that names the operator. Knows what it lists and
/// refuses the rest, also what is computed from the number of items, unless it is the first length of a new shape.
/// Takes milliseconds: the graph is read again.
std::string batch_obstacle(const Model& model, const std::vector<bool>& batched,
                           const std::vector<bool>& batched_outputs);

}  // namespace baton::model
