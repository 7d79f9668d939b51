// SPDX-License-Identifier: Apache-2.0
// Copyright (C) 2026 The Baton authors
//
// Which engines may run a model with dynamic shapes (B-1111).
#pragma once

#include <span>
#include <string>
#include <vector>

#include "engine/device.h"
#include "model/model.h"
#include "policy/selection.h"

namespace baton::policy {

/// "x [?,4], y [1,2..8]": the inputs with dynamic shapes; empty for a static model.
std::string dynamic_inputs(const model::Model& model);

/// Why `engines` do not run the model with these inputs, in one sentence.
std::string dynamic_refusal(const std::string& inputs, const std::string& engines);

/// Takes the engines that run no dynamic shapes, and what only they can do, from the devices of the accepted
/// candidates, and rejects the candidates that are left without any. The full pairs taken are returned.
std::vector<Pair> filter_by_dynamic_shapes(const std::string& inputs, std::span<Candidate> candidates,
                                           std::span<engine::DeviceRecord> devices);

}  // namespace baton::policy
