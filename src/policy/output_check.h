// SPDX-License-Identifier: Apache-2.0
// Copyright (C) 2026 The Baton authors
//
// Does a newcomer compute the same as the helper? (B-531 to B-534)
#pragma once

#include <span>
#include <string>
#include <string_view>

#include "engine/engine.h"

namespace baton::policy {

/// Values agree when ||a-b|| <= relative * ||a|| + absolute * sqrt(n), a being the helper's.
struct Tolerance {
  double relative = 0.001;
  double absolute = 0.0001;
};

struct ToleranceOptions {
  double user = 0;           ///< HANDOVER_TOLERANCE; 0: by the table of B-532
  bool accuracy = false;     ///< EXECUTION_MODE_HINT=ACCURACY: f32 limits whatever the engines say
  double helper_spread = 0;  ///< figure between the helper engine's own fast and full runs; 0: unknown
};

/// The limits for two precisions as in ExecutableTraits::precision ("f32", "tf32", "bf16", "i8"): the lower one counts.
Tolerance tolerance_for(std::string_view helper_precision, std::string_view target_precision,
                        const ToleranceOptions& options);

/// One output of both runs, in port order.
struct OutputPair {
  std::string_view name;
  engine::TensorView helper;
  engine::TensorView target;
  bool is_distribution = false;  ///< the model says so; it is also found out from the values
};

struct OutputVerdict {
  bool agree = true;
  std::string output;  ///< the output that disagrees, or the one that came closest to it
  double error = 0;    ///< ||a-b|| / (||a|| + absolute/relative * sqrt(n)); to be compared with `limit`
  double limit = 0;    ///< the relative tolerance
  std::string text;    ///< one sentence
};

/// Compares all outputs by B-532, in one pass over their values; floating types of 16, 32 and 64 bits by value, all
/// others by shape and type.
OutputVerdict compare_outputs(std::span<const OutputPair> outputs, const Tolerance& tolerance);

}  // namespace baton::policy
