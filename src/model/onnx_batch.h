// SPDX-License-Identifier: Apache-2.0
// Copyright (C) 2026 The Baton authors
#pragma once

#include "model/batch_trace.h"
#include "model/model.h"

namespace baton::model {

/// How the operators of an ONNX model treat a batch. REQUIRES: its bytes.
BatchGraph onnx_batch_graph(const ModelData& data);

}  // namespace baton::model
