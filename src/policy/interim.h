// SPDX-License-Identifier: Apache-2.0
// Copyright (C) 2026 The Baton authors
//
// May a pair serve between helper and target? (B-552)
#pragma once

#include <string>

#include "policy/plan.h"

namespace baton::policy {

/// "At least 1.3 times" as fast as the helper.
inline constexpr double kInterimSpeed = 1.3;
/// "Well before" the target: its load takes at most this share of the target's.
inline constexpr double kInterimLoad = 0.5;
/// Where both loads keep the processor busy, or its load holds up others (CUDA's beside TensorRT's, which takes far
/// longer), the target's may take longer by all of the other: "not by more than 10 %".
inline constexpr double kInterimLoadBeside = 0.1;
/// A target "needs long" when it is ready so much later than the other; measured.
inline constexpr double kInterimGainMs = 500;
/// The same by declared load ranks, whose unit is nobody's: so many loads of the helper. With a lazy first run a
/// declared rank covers that run.
inline constexpr double kInterimGainHelpers = 4;

struct InterimVerdict {
  bool may_serve = false;
  std::string text;  ///< the figure that decided, in one sentence
};

/// Pure. `elapsed_ms`: what the target's load has taken already; counts where loads were measured.
InterimVerdict judge_interim(const Plan& plan, const RungSpec& helper, const RungSpec& target, const RungSpec& rung,
                             double elapsed_ms = 0);

/// Fills in Plan::interim and the notes to the pairs that are not helper or target. REQUIRES: there is a helper.
void choose_interim(Plan& plan);

}  // namespace baton::policy
