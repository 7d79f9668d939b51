// SPDX-License-Identifier: Apache-2.0
// Copyright (C) 2026 The Baton authors
//
// Which devices suit a model's precision and size. Each step takes the candidates and marks those it rejects.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/status.h"
#include "engine/device.h"
#include "model/model.h"
#include "policy/selection.h"

namespace baton::policy {

/// B-402 row 1: INFERENCE_PRECISION_HINT (f32, f16, bf16, i8; empty: unset) replaces the label of the model.
base::Result<model::PrecisionLabel> apply_precision_hint(const model::PrecisionLabel& label, std::string_view hint);

struct PrecisionChoice {
  std::string label;  ///< the capability that decided: the model's label, or what stands in for it
  std::string note;   ///< one sentence when another label stands in; empty otherwise
};

/// Keeps the accepted candidates that have the label, else those that have what may stand in for it (B-405, B-406,
/// B-429). A single candidate is never rejected (B-408). kUnsupported when none is left (B-407).
base::Result<PrecisionChoice> filter_by_precision(const model::PrecisionLabel& label, std::span<Candidate> candidates,
                                                  std::span<const engine::DeviceRecord> devices);

/// Rejects devices whose known memory is smaller than the weights times 1.2; the largest one stays when none would
/// (B-428).
void filter_by_memory(std::uint64_t weight_bytes, std::span<Candidate> candidates,
                      std::span<const engine::DeviceRecord> devices);

}  // namespace baton::policy
