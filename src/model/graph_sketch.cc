// SPDX-License-Identifier: Apache-2.0
// Copyright (C) 2026 The Baton authors
#include "model/graph_sketch.h"

#include <algorithm>
#include <cctype>
#include <set>
#include <string_view>
#include <utility>

#include "model/op_roles.h"
#include "model/precision_label.h"

namespace baton::model {

namespace {

/// B-532: the last operator is a Softmax, whatever only reshapes or requantises its result afterwards.
bool is_distribution(const GraphSketch& graph, GraphSketch::Id value) {
  // Bounded, because a damaged graph may run in a circle.
  for (std::size_t step = 0; step <= graph.nodes.size(); ++step) {
    const GraphSketch::Id producer = graph.values[value].producer;
    if (producer == GraphSketch::kNone) return false;
    const GraphSketch::Node& node = graph.nodes[producer];
    const OpRole role = role_of(node.op);
    if (role == OpRole::kSoftmax) return true;
    if ((role != OpRole::kView && role != OpRole::kQuantize) || node.inputs.empty()) return false;
    value = node.inputs.front();
  }
  return false;
}

bool is_random(const GraphSketch::Node& node) {
  const OpRole role = role_of(node.op);
  return role == OpRole::kRandom || (role == OpRole::kDropout && node.training);
}

}  // namespace

GraphSketch::Id GraphSketch::add_value(Value value) {
  values.push_back(value);
  return static_cast<Id>(values.size() - 1);
}

void GraphSketch::add_node(Node node) {
  for (const Id output : node.outputs) values[output].producer = static_cast<Id>(nodes.size());
  nodes.push_back(std::move(node));
}

void describe(const GraphSketch& graph, Facts& facts) {
  facts.label = precision_label(graph);
  facts.output_is_distribution.clear();
  for (const GraphSketch::Id output : graph.outputs)
    facts.output_is_distribution.push_back(is_distribution(graph, output));
  std::set<std::string_view> operators;
  for (const GraphSketch::Node& node : graph.nodes) {
    facts.random = facts.random || is_random(node);
    facts.stateful = facts.stateful || role_of(node.op) == OpRole::kState;
    operators.insert(node.op);
  }
  facts.operators.assign(operators.begin(), operators.end());
  facts.weight_bytes = 0;
  for (const GraphSketch::Value& value : graph.values) {
    if (value.kind == GraphSketch::Kind::kConstant)
      facts.weight_bytes += (value.elements * value.type.bitwidth() + 7) / 8;
  }
}

bool is_true(std::string_view metadata_value) {
  std::string text(metadata_value);
  std::transform(text.begin(), text.end(), text.begin(),
                 [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return text == "true" || text == "yes" || text == "1";
}

}  // namespace baton::model
