// SPDX-License-Identifier: Apache-2.0
// Copyright (C) 2026 The Baton authors
#include "facts.h"

#include <map>
#include <memory>
#include <sstream>
#include <string>
#include <utility>
#include <vector>

#include <openvino/op/constant.hpp>
#include <openvino/op/parameter.hpp>
#include <openvino/op/result.hpp>
#include <openvino/op/util/multi_subgraph_base.hpp>

#include "convert.h"

namespace baton::engine::openvino {
namespace {

using model::GraphSketch;
using Kind = GraphSketch::Kind;
using Id = GraphSketch::Id;

class Sketcher {
 public:
  GraphSketch finish() && { return std::move(sketch_); }
  void add_model(const ov::Model& graph) {
    for (const auto& parameter : graph.get_parameters()) {
      sketch_.inputs.push_back(define(parameter->output(0), {Kind::kInput, from_ov(parameter->get_element_type())}));
    }
    add_nodes(graph);
    for (const auto& result : graph.get_results()) sketch_.outputs.push_back(id_of(result->input_value(0)));
  }

 private:
  using Key = std::pair<const ov::Node*, std::size_t>;
  static Key key(const ov::Output<ov::Node>& value) { return {value.get_node(), value.get_index()}; }

  Id define(const ov::Output<ov::Node>& output, GraphSketch::Value value) {
    const Id id = sketch_.add_value(value);
    ids_[key(output)] = id;
    return id;
  }
  Id id_of(const ov::Output<ov::Node>& output) const {
    const auto found = ids_.find(key(output));
    return found == ids_.end() ? GraphSketch::kNone : found->second;
  }

  void add_nodes(const ov::Model& graph) {
    for (const auto& node : graph.get_ordered_ops()) {
      if (ov::is_type<ov::op::v0::Parameter>(node) || ov::is_type<ov::op::v0::Result>(node)) continue;
      if (const auto constant = ov::as_type_ptr<ov::op::v0::Constant>(node)) {
        define(constant->output(0),
               {Kind::kConstant, from_ov(constant->get_element_type()), ov::shape_size(constant->get_shape())});
        continue;
      }
      if (const auto branches = ov::as_type_ptr<ov::op::util::MultiSubGraphOp>(node)) add_bodies(*branches);
      add_node(*node);
    }
  }

  void add_node(ov::Node& node) {
    GraphSketch::Node entry;
    entry.op = node.get_type_info().name;
    for (const auto& input : node.input_values()) {
      if (const Id id = id_of(input); id != GraphSketch::kNone) entry.inputs.push_back(id);
    }
    for (const auto& output : node.outputs()) {
      entry.outputs.push_back(define(output, {Kind::kComputed, from_ov(output.get_element_type())}));
    }
    sketch_.add_node(std::move(entry));
  }

  /// A body's parameter is the value that the outer graph passes in: a weight stays a constant inside a loop.
  void add_bodies(const ov::op::util::MultiSubGraphOp& node) {
    for (std::size_t b = 0; b < node.get_internal_subgraphs_size(); ++b) {
      const auto index = static_cast<int>(b);
      const std::shared_ptr<ov::Model> body = node.get_function(index);
      const auto& parameters = body->get_parameters();
      for (const auto& parameter : parameters) {
        define(parameter->output(0), {Kind::kComputed, from_ov(parameter->get_element_type())});
      }
      for (const auto& passed : node.get_input_descriptions(index)) {
        const Id id = id_of(node.input_value(passed->m_input_index));
        if (id != GraphSketch::kNone) ids_[key(parameters[passed->m_body_parameter_index]->output(0))] = id;
      }
      add_nodes(*body);
    }
  }

  GraphSketch sketch_;
  std::map<Key, Id> ids_;
};

}  // namespace

GraphSketch sketch_of(const ov::Model& graph) {
  Sketcher sketcher;
  sketcher.add_model(graph);
  GraphSketch sketch = std::move(sketcher).finish();
  const auto& metadata = graph.get_rt_info();
  if (const auto entry = metadata.find("WINOGRAD"); entry != metadata.end() && entry->second.is<std::string>()) {
    sketch.winograd = model::is_true(entry->second.as<std::string>());
  }
  return sketch;
}

namespace {

void add_metadata(const ov::Model& graph, const ov::AnyMap& entries, std::vector<std::string> path,
                  model::Facts& facts) {
  for (const auto& [key, value] : entries) {
    path.push_back(key);
    if (value.is<std::string>()) {
      facts.metadata[path] = value.as<std::string>();
    } else if (value.is<ov::AnyMap>()) {
      add_metadata(graph, value.as<ov::AnyMap>(), path, facts);
    } else {
      // The sections of an IR have a type of OpenVINO's own, which only this call knows how to read.
      try {
        add_metadata(graph, graph.get_rt_info<ov::AnyMap>(path), path, facts);
      } catch (const ov::Exception&) {
        std::ostringstream text;
        value.print(text);
        facts.metadata[path] = std::move(text).str();
      }
    }
    path.pop_back();
  }
}

}  // namespace

model::Facts facts_of(const ov::Model& graph, model::Format format) {
  model::Facts facts;
  facts.format = format;
  facts.name = graph.get_friendly_name();
  facts.inputs = ports_of(graph.inputs());
  facts.outputs = ports_of(graph.outputs());
  add_metadata(graph, graph.get_rt_info(), {}, facts);
  model::describe(sketch_of(graph), facts);
  return facts;
}

}  // namespace baton::engine::openvino
