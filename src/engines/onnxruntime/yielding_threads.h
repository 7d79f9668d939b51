// SPDX-License-Identifier: Apache-2.0
// Copyright (C) 2026 The Baton authors
#pragma once

#include "base/status.h"
#include "ort_library.h"

namespace baton::engine::onnxruntime {

/// Gives the session made with `options` pool threads of lower priority.
///
/// A helper runs while the executable that will replace it is being loaded. On two cores its pool threads would take
/// half of what that load could have, and everybody waits longer for the faster engine. The caller's own thread keeps
/// its priority. Measured on two cores (benchmarks/RESULTS.md): such loads end 1.2 to 2 times sooner.
///
/// Only privileged processes can raise a thread's priority again, so this is for sessions that do not stay.
base::Status use_yielding_threads(const OrtApi& api, OrtSessionOptions& options);

}  // namespace baton::engine::onnxruntime
