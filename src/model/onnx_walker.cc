// SPDX-License-Identifier: Apache-2.0
// Copyright (C) 2026 The Baton authors
#include "model/onnx_walker.h"

#include <algorithm>
#include <optional>
#include <utility>

#include "model/onnx_fields.h"

namespace baton::model {

namespace {

using namespace onnx;
using base::Result;
using base::Status;

constexpr int kMaxDepth = 32;                    // graphs in graphs and functions in functions
constexpr std::size_t kMaxItems = 1U << 22U;     // values, and nodes
constexpr std::uint64_t kExtraWork = 1U << 24U;  // beyond kMaxDepth times the file: for functions that are called often

/// "" and "ai.onnx" are the same domain.
std::string qualified(std::string_view domain, std::string_view name) {
  if (domain.empty() || domain == "ai.onnx") return std::string(name);
  return std::string(domain).append(".").append(name);
}

std::string function_key(std::string_view domain, std::string_view name, std::string_view overload) {
  return qualified(domain, name).append(":").append(overload);
}

Status too_large(const std::string& what) {
  return Status::invalid_argument("it holds more than " + std::to_string(kMaxItems) + " " + what);
}

}  // namespace

struct OnnxWalker::Node {
  std::string_view op_type;
  std::string_view domain;
  std::string_view overload;
  std::vector<std::string_view> inputs;  ///< "" stands for one that is left out
  std::vector<std::string_view> outputs;
  std::vector<ByteSpan> graphs;        ///< bodies of If, Loop, Scan
  element::Type stated_type;           ///< of the result, by an attribute
  std::optional<OnnxTensor> constant;  ///< the value of a Constant

  Status read(ByteSpan bytes);
  Status read_attribute(ByteSpan bytes);
};

Status OnnxWalker::Node::read(ByteSpan bytes) {
  return visit_fields(bytes, "node", [&](const WireField& field) {
    if (field.type != WireType::kBytes) return Status::ok();
    switch (field.number) {
      case node_proto::kInput: inputs.push_back(field.text()); break;
      case node_proto::kOutput: outputs.push_back(field.text()); break;
      case node_proto::kOpType: op_type = field.text(); break;
      case node_proto::kDomain: domain = field.text(); break;
      case node_proto::kOverload: overload = field.text(); break;
      case node_proto::kAttribute: return read_attribute(field.payload);
      default: break;
    }
    return Status::ok();
  });
}

Status OnnxWalker::Node::read_attribute(ByteSpan bytes) {
  std::string_view name;
  std::uint64_t number = 0;
  std::uint64_t floats = 0;
  ByteSpan tensor;
  BATON_RETURN_IF_ERROR(visit_fields(bytes, "attribute", [&](const WireField& field) {
    switch (field.number) {
      case attribute_proto::kName: name = field.text(); break;
      case attribute_proto::kInt: number = field.value; break;
      case attribute_proto::kTensor: tensor = field.payload; break;
      case attribute_proto::kFloats:
        floats += field.type == WireType::kBytes ? field.payload.size() / sizeof(float) : 1;
        break;
      case attribute_proto::kGraph:
      case attribute_proto::kGraphs: graphs.push_back(field.payload); break;
      default: break;
    }
    return Status::ok();
  }));
  // Cast, QuantizeLinear and DequantizeLinear, random numbers.
  if (name == "to" || name == "output_dtype" || name == "dtype") stated_type = onnx_element_type(number);
  if (op_type != "Constant") return Status::ok();
  if (name == "value") {
    Result<OnnxTensor> value = read_onnx_tensor(tensor);
    if (!value.is_ok()) return value.status();
    constant = std::move(value).value();
  } else if (name == "value_float" || name == "value_floats") {
    constant = OnnxTensor{{}, element::f32, std::max<std::uint64_t>(floats, 1), false, {}};
  } else if (name.starts_with("value") || name == "sparse_value") {
    constant = OnnxTensor{{}, element::i64, 1, false, {}};  // integers and texts: never weights
  }
  return Status::ok();
}

OnnxWalker::OnnxWalker(ByteSpan file) : file_(file), work_left_(kMaxDepth * file.size() + kExtraWork) {}

Result<OnnxContents> OnnxWalker::walk() {
  std::optional<ByteSpan> graph;
  bool has_version = false;
  BATON_RETURN_IF_ERROR(visit_fields(file_, "file", [&](const WireField& field) {
    has_version = has_version || field.is_varint(model_proto::kIrVersion);
    if (field.is_bytes(model_proto::kMetadata)) return add_metadata(field.payload);
    if (field.is_bytes(model_proto::kFunction)) return add_function(field.payload);
    if (!field.is_bytes(model_proto::kGraph)) return Status::ok();
    if (graph) return Status::invalid_argument("it has two graphs, expected one");
    graph = field.payload;
    return Status::ok();
  }));
  if (!has_version) return Status::invalid_argument("it states no IR version, so it is not an ONNX model");
  if (!graph) return Status::invalid_argument("it has no graph: an empty model, or not an ONNX model");
  BATON_RETURN_IF_ERROR(walk_main_graph(*graph));
  return std::move(contents_);
}

Status OnnxWalker::add_metadata(ByteSpan entry) {
  std::string_view key;
  std::string_view value;
  BATON_RETURN_IF_ERROR(visit_fields(entry, "metadata", [&](const WireField& field) {
    if (field.is_bytes(entry_proto::kKey)) key = field.text();
    if (field.is_bytes(entry_proto::kValue)) value = field.text();
    return Status::ok();
  }));
  if (key == "WINOGRAD") contents_.sketch.winograd = is_true(value);
  contents_.metadata.insert_or_assign(std::string(key), std::string(value));
  return Status::ok();
}

Status OnnxWalker::add_function(ByteSpan body) {
  Function function;
  std::string_view name;
  std::string_view domain;
  std::string_view overload;
  BATON_RETURN_IF_ERROR(visit_fields(body, "function", [&](const WireField& field) {
    if (field.type != WireType::kBytes) return Status::ok();
    switch (field.number) {
      case function_proto::kName: name = field.text(); break;
      case function_proto::kDomain: domain = field.text(); break;
      case function_proto::kOverload: overload = field.text(); break;
      case function_proto::kInput: function.inputs.push_back(field.text()); break;
      case function_proto::kOutput: function.outputs.push_back(field.text()); break;
      case function_proto::kNode: function.nodes.push_back(field.payload); break;
      default: break;
    }
    return Status::ok();
  }));
  functions_[function_key(domain, name, overload)] = std::move(function);
  return Status::ok();
}

Result<OnnxWalker::Graph> OnnxWalker::read_graph(ByteSpan bytes) {
  Graph graph;
  BATON_RETURN_IF_ERROR(visit_fields(bytes, "graph", [&](const WireField& field) {
    if (field.type != WireType::kBytes) return Status::ok();
    switch (field.number) {
      case graph_proto::kNode: graph.nodes.push_back(field.payload); break;
      case graph_proto::kName: graph.name = field.text(); break;
      case graph_proto::kInitializer: graph.initializers.push_back(field.payload); break;
      case graph_proto::kSparseInitializer:
        return visit_fields(field.payload, "sparse initializer", [&](const WireField& part) {
          if (part.is_bytes(sparse_tensor_proto::kValues)) graph.initializers.push_back(part.payload);
          return Status::ok();
        });
      case graph_proto::kInput:
      case graph_proto::kOutput: {
        const Result<OnnxValueInfo> info = read_onnx_value_info(field.payload);
        if (!info.is_ok()) return info.status();
        (field.number == graph_proto::kInput ? graph.inputs : graph.outputs).push_back(info.value());
        break;
      }
      default: break;
    }
    return Status::ok();
  }));
  return graph;
}

Status OnnxWalker::walk_main_graph(ByteSpan bytes) {
  const Result<Graph> graph = read_graph(bytes);
  if (!graph.is_ok()) return graph.status();
  contents_.name = graph->name;
  Scope scope;
  BATON_RETURN_IF_ERROR(add_initializers(graph.value(), scope));
  BATON_RETURN_IF_ERROR(add_inputs(graph.value(), scope));
  BATON_RETURN_IF_ERROR(walk_nodes(graph->nodes, scope, 0));
  BATON_RETURN_IF_ERROR(add_outputs(graph.value(), scope));
  return check_names(scope);
}

Status OnnxWalker::walk_inner_graph(ByteSpan bytes, const Scope& outer, int depth) {
  const Result<Graph> graph = read_graph(bytes);
  if (!graph.is_ok()) return graph.status();
  Scope scope{&outer, {}};
  for (const OnnxValueInfo& input : graph->inputs) {
    Id id = 0;
    BATON_RETURN_IF_ERROR(define(scope, input.name, id));  // hides a value of the same name outside
  }
  BATON_RETURN_IF_ERROR(add_initializers(graph.value(), scope));
  return walk_nodes(graph->nodes, scope, depth);
}

Status OnnxWalker::add_initializers(const Graph& graph, Scope& scope) {
  for (const ByteSpan initializer : graph.initializers) {
    const Result<OnnxTensor> tensor = read_onnx_tensor(initializer);
    if (!tensor.is_ok()) return tensor.status();
    Id id = 0;
    BATON_RETURN_IF_ERROR(define(scope, tensor->name, id));
    set_constant(id, tensor.value());
  }
  return Status::ok();
}

void OnnxWalker::set_constant(Id id, const OnnxTensor& tensor) {
  contents_.sketch.values[id] = {GraphSketch::Kind::kConstant, tensor.type, tensor.elements, GraphSketch::kNone};
  if (tensor.is_all_false) false_flags_.insert(id);
  if (tensor.external) contents_.external_data.push_back(*tensor.external);
}

Status OnnxWalker::add_inputs(const Graph& graph, Scope& scope) {
  for (const OnnxValueInfo& input : graph.inputs) {
    if (scope.names.contains(input.name)) continue;  // it has an initializer: a constant
    Result<Port> port = read_onnx_port(input, "input");
    if (!port.is_ok()) return port.status();
    Id id = 0;
    BATON_RETURN_IF_ERROR(define(scope, input.name, id));
    contents_.sketch.values[id] = {GraphSketch::Kind::kInput, port->type, 0, GraphSketch::kNone};
    contents_.sketch.inputs.push_back(id);
    contents_.inputs.push_back(std::move(port).value());
  }
  return Status::ok();
}

Status OnnxWalker::add_outputs(const Graph& graph, Scope& scope) {
  if (graph.outputs.empty()) return Status::invalid_argument("it is an empty model: its graph has no outputs");
  for (const OnnxValueInfo& output : graph.outputs) {
    Result<Port> port = read_onnx_port(output, "output");
    if (!port.is_ok()) return port.status();
    Id id = 0;
    BATON_RETURN_IF_ERROR(resolve(scope, output.name, id));
    if (port->type.is_dynamic()) port->type = contents_.sketch.values[id].type;
    contents_.sketch.outputs.push_back(id);
    contents_.outputs.push_back(std::move(port).value());
  }
  return Status::ok();
}

Status OnnxWalker::check_names(const Scope& scope) const {
  const std::pair<const std::string_view, Id>* first = nullptr;
  for (const auto& entry : scope.names) {
    const GraphSketch::Value& value = contents_.sketch.values[entry.second];
    const bool is_missing = value.kind == GraphSketch::Kind::kComputed && value.producer == GraphSketch::kNone;
    if (is_missing && (first == nullptr || entry.second < first->second)) first = &entry;
  }
  if (first == nullptr) return Status::ok();
  return Status::invalid_argument("its graph uses the value '" + std::string(first->first) +
                                  "', which is neither an input nor a weight nor the result of a node");
}

Status OnnxWalker::walk_nodes(const std::vector<ByteSpan>& nodes, Scope& scope, int depth) {
  if (depth > kMaxDepth) {
    return Status::invalid_argument("its graphs or functions are nested deeper than " + std::to_string(kMaxDepth) +
                                    " levels");
  }
  for (const ByteSpan bytes : nodes) {
    if (bytes.size() >= work_left_) return Status::invalid_argument("its functions call each other too often");
    work_left_ -= bytes.size() + 1;
    Node node;
    BATON_RETURN_IF_ERROR(node.read(bytes));
    const auto function = functions_.find(function_key(node.domain, node.op_type, node.overload));
    if (function != functions_.end()) {
      BATON_RETURN_IF_ERROR(expand(function->second, node, scope, depth + 1));
      continue;
    }
    BATON_RETURN_IF_ERROR(add_node(node, scope));
    for (const ByteSpan graph : node.graphs) BATON_RETURN_IF_ERROR(walk_inner_graph(graph, scope, depth + 1));
  }
  return Status::ok();
}

Status OnnxWalker::expand(const Function& function, const Node& call, Scope& outer, int depth) {
  Scope inner;  // a function sees nothing but its inputs
  const auto bind = [&](const std::vector<std::string_view>& formal, const std::vector<std::string_view>& actual,
                        auto find) {
    for (std::size_t i = 0; i < std::min(formal.size(), actual.size()); ++i) {
      Id id = 0;
      if (actual[i].empty()) continue;
      BATON_RETURN_IF_ERROR((this->*find)(outer, actual[i], id));
      inner.names.emplace(formal[i], id);
    }
    return Status::ok();
  };
  BATON_RETURN_IF_ERROR(bind(function.inputs, call.inputs, &OnnxWalker::resolve));
  BATON_RETURN_IF_ERROR(bind(function.outputs, call.outputs, &OnnxWalker::define));
  return walk_nodes(function.nodes, inner, depth);
}

Status OnnxWalker::add_node(const Node& node, Scope& scope) {
  if (node.op_type.empty()) return Status::invalid_argument("a node of its graph has no operator");
  GraphSketch& sketch = contents_.sketch;
  if (sketch.nodes.size() >= kMaxItems) return too_large("nodes");
  GraphSketch::Node result;
  result.op = qualified(node.domain, node.op_type);
  for (const std::string_view name : node.inputs) {
    if (name.empty()) continue;
    BATON_RETURN_IF_ERROR(resolve(scope, name, result.inputs.emplace_back()));
  }
  for (const std::string_view name : node.outputs) {
    if (name.empty()) continue;
    BATON_RETURN_IF_ERROR(define(scope, name, result.outputs.emplace_back()));
  }
  if (node.constant && !result.outputs.empty()) {
    set_constant(result.outputs.front(), *node.constant);
    return Status::ok();
  }
  const element::Type type = node.stated_type.is_static() ? node.stated_type : result_type(result);
  for (const Id output : result.outputs) sketch.values[output].type = type;
  result.training = is_training(result);
  sketch.add_node(std::move(result));
  return Status::ok();
}

/// Good enough for what decides: operators that shape, scale or decompress weights keep the type of their floating
/// input.
element::Type OnnxWalker::result_type(const GraphSketch::Node& node) const {
  element::Type type;
  for (const Id input : node.inputs) {
    const element::Type candidate = contents_.sketch.values[input].type;
    if (candidate.is_real()) return candidate;
    if (type.is_dynamic()) type = candidate;
  }
  return type;
}

/// Dropout's only boolean input switches training on; a constant false leaves it off.
bool OnnxWalker::is_training(const GraphSketch::Node& node) const {
  return std::any_of(node.inputs.begin(), node.inputs.end(), [this](Id input) {
    return contents_.sketch.values[input].type == element::boolean && !false_flags_.contains(input);
  });
}

Status OnnxWalker::new_value(Id& id) {
  if (contents_.sketch.values.size() >= kMaxItems) return too_large("values");
  id = contents_.sketch.add_value({});
  return Status::ok();
}

/// The value that `name` has in this very scope.
Status OnnxWalker::define(Scope& scope, std::string_view name, Id& id) {
  const auto known = scope.names.find(name);
  if (known != scope.names.end()) {
    id = known->second;
    return Status::ok();
  }
  BATON_RETURN_IF_ERROR(new_value(id));
  scope.names.emplace(name, id);
  return Status::ok();
}

/// The value that `name` means in this scope; one that comes later in the file is made now.
Status OnnxWalker::resolve(Scope& scope, std::string_view name, Id& id) {
  for (const Scope* place = &scope; place != nullptr; place = place->parent) {
    const auto known = place->names.find(name);
    if (known != place->names.end()) {
      id = known->second;
      return Status::ok();
    }
  }
  return define(scope, name, id);
}

}  // namespace baton::model
