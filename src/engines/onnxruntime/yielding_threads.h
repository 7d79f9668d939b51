// SPDX-License-Identifier: Apache-2.0
// Copyright (C) 2026 The Baton authors
#pragma once

#include "base/status.h"
#include "ort_library.h"

namespace baton::engine::onnxruntime {

/// Lets the session made with `options` have pool threads that give way to everything else on the machine.
///
/// A helper runs while the executable that will replace it is being loaded. On two cores its pool threads would take half of what that
/// load could have, and everybody waits longer for the faster engine; at the lowest priority they use only what is left
/// over. The caller's own thread keeps its priority, and a thread that was left behind moves to the first core that waits.
/// Measured on two cores (RESULTS.md): the loads end 1.5 to 2 times sooner.
///
/// Nothing can raise such a thread again without privileges, so this is for sessions that do not stay.
base::Status use_yielding_threads(const OrtApi& api, OrtSessionOptions& options);

}  // namespace baton::engine::onnxruntime
