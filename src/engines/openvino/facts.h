// SPDX-License-Identifier: Apache-2.0
// Copyright (C) 2026 The Baton authors
#pragma once

#include <openvino/core/model.hpp>

#include "model/graph_sketch.h"
#include "model/model.h"

namespace baton::engine::openvino {

/// What Baton's questions need of an OpenVINO graph, bodies of loops and branches included.
model::GraphSketch sketch_of(const ov::Model& graph);

/// All that reading a model finds out.
model::Facts facts_of(const ov::Model& graph, model::Format format);

}  // namespace baton::engine::openvino
