// SPDX-License-Identifier: Apache-2.0
// Copyright (C) 2026 The Baton authors
#pragma once

#include "base/status.h"
#include "model/batch_trace.h"
#include "model/model.h"

namespace baton::model {

/// How the layers of an IR of version 10 or 11 treat a batch. What is not understood is an error with the reason. Looks
/// into the weights for small constants that decide (axes, target shapes). REQUIRES: the bytes of the XML.
base::Result<BatchGraph> ir_batch_graph(const ModelData& data);

}  // namespace baton::model
