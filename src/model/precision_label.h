// SPDX-License-Identifier: Apache-2.0
// Copyright (C) 2026 The Baton authors
#pragma once

#include "model/graph_sketch.h"
#include "model/model.h"

namespace baton::model {

/// The precision of a model by rows 2 to 6 of B-402, with what it falls back to by B-429. Row 1, the user's own wish,
/// is for the caller to apply. Pure.
PrecisionLabel precision_label(const GraphSketch& graph);

}  // namespace baton::model
