// SPDX-License-Identifier: Apache-2.0
// Copyright (C) 2026 The Baton authors
//
// The structure of an ONNX file, gathered from its wire format without reading a tensor.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include "base/status.h"
#include "model/graph_sketch.h"
#include "model/onnx_values.h"

namespace baton::model {

/// What OnnxWalker finds.
struct OnnxContents {
  GraphSketch sketch;
  std::string name;
  std::vector<Port> inputs;
  std::vector<Port> outputs;
  std::vector<OnnxExternalData> external_data;
  std::map<std::string, std::string> metadata;
};

/// Walks one ModelProto. Calls of model-local functions are replaced by the functions' bodies, because what decides
/// (weights, quantisation, operators) stands inside them.
/// Thread-safety: one thread, one walk. Ownership: borrows the file.
class OnnxWalker {
 public:
  explicit OnnxWalker(ByteSpan file);

  /// kInvalidArgument: the file is damaged or contradicts itself. kUnsupported: it is good, but not for Baton.
  base::Result<OnnxContents> walk();

 private:
  using Id = GraphSketch::Id;
  /// The names of one graph or function body; those of the graphs around it are seen through it.
  struct Scope {
    const Scope* parent = nullptr;
    std::unordered_map<std::string_view, Id> names;
  };
  struct Function {
    std::vector<std::string_view> inputs;
    std::vector<std::string_view> outputs;
    std::vector<ByteSpan> nodes;
  };
  struct Graph {
    std::string_view name;
    std::vector<ByteSpan> nodes;
    std::vector<ByteSpan> initializers;
    std::vector<OnnxValueInfo> inputs;
    std::vector<OnnxValueInfo> outputs;
  };
  struct Node;

  base::Status add_metadata(ByteSpan entry);
  base::Status add_function(ByteSpan body);
  static base::Result<Graph> read_graph(ByteSpan bytes);
  base::Status walk_main_graph(ByteSpan bytes);
  base::Status walk_inner_graph(ByteSpan bytes, const Scope& outer, int depth);
  base::Status walk_nodes(const std::vector<ByteSpan>& nodes, Scope& scope, int depth);
  base::Status add_initializers(const Graph& graph, Scope& scope);
  base::Status add_inputs(const Graph& graph, Scope& scope);
  base::Status add_outputs(const Graph& graph, Scope& scope);
  base::Status check_names(const Scope& scope) const;

  base::Status add_node(const Node& node, Scope& scope);
  base::Status expand(const Function& function, const Node& call, Scope& outer, int depth);
  void set_constant(Id id, const OnnxTensor& tensor);
  element::Type result_type(const GraphSketch::Node& node) const;
  bool is_training(const GraphSketch::Node& node) const;

  base::Status new_value(Id& id);
  base::Status define(Scope& scope, std::string_view name, Id& id);
  base::Status resolve(Scope& scope, std::string_view name, Id& id);

  const ByteSpan file_;
  std::uint64_t work_left_;  ///< bytes of nodes that may still be walked: a hostile file must not take for ever
  OnnxContents contents_;
  std::map<std::string, Function, std::less<>> functions_;  ///< by domain, name and overload
  std::unordered_set<Id> false_flags_;                      ///< boolean constants that are all false
};

}  // namespace baton::model
