// SPDX-License-Identifier: Apache-2.0
// Copyright (C) 2026 The Baton authors
//
// An IR as the openvino engine would have read it. Header only: users link baton::model.
#pragma once

#include <memory>
#include <utility>

#include "model/model.h"
#include "support/ir_builder.h"

namespace baton::test {

inline model::Port ir_port(const IrGraph::Port& port) {
  return {{port.first}, element::f32, PartialShape(std::vector<Dimension>(port.second.begin(), port.second.end()))};
}

inline model::Model ir_model(const IrGraph& graph, int version = 11) {
  model::Facts facts;
  facts.format = model::Format::kIr;
  facts.name = "graph";
  for (const IrGraph::Port& port : graph.inputs()) facts.inputs.push_back(ir_port(port));
  for (const IrGraph::Port& port : graph.outputs()) facts.outputs.push_back(ir_port(port));
  facts.output_is_distribution.resize(facts.outputs.size());
  model::Source source{.format = model::Format::kIr,
                       .bytes = model::Bytes::own(graph.xml(version)),
                       .weights = model::Bytes::own(graph.bin())};
  model::Model model;
  for (const model::Port& port : facts.inputs) model.input_shapes.push_back(port.shape);
  model.data = std::make_shared<const model::ModelData>(std::move(source), std::move(facts));
  return model;
}

}  // namespace baton::test
