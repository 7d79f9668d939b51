// SPDX-License-Identifier: Apache-2.0
// Copyright (C) 2026 The Baton authors
#include "model/batch_obstacle.h"

#include <utility>

#include "model/batch_trace.h"
#include "model/ir_batch.h"
#include "model/onnx_batch.h"

namespace baton::model {

std::string batch_obstacle(const Model& model, const std::vector<bool>& batched,
                           const std::vector<bool>& batched_outputs) {
  const Format format = model.facts().format;
  const bool followed = format == Format::kOnnx || format == Format::kIr;
  if (!followed || !model.data->source().bytes) return "only the graphs of ONNX and IR models are followed";
  if (format == Format::kOnnx) return trace_batch(onnx_batch_graph(*model.data), model, batched, batched_outputs);
  auto graph = ir_batch_graph(*model.data);
  if (!graph.is_ok()) return graph.status().message();
  return trace_batch(std::move(graph).value(), model, batched, batched_outputs);
}

}  // namespace baton::model
