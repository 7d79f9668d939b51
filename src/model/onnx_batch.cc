// SPDX-License-Identifier: Apache-2.0
// Copyright (C) 2026 The Baton authors
#include "model/onnx_batch.h"

#include <algorithm>
#include <cstring>
#include <map>
#include <optional>
#include <set>
#include <string_view>
#include <unordered_map>

#include "model/onnx_fields.h"
#include "model/wire.h"

namespace baton::model {

namespace {

using base::Status;
using Ints = std::vector<std::int64_t>;
namespace onnx = model::onnx;

constexpr int kUnknown = -1;
constexpr std::size_t kFewInts = 64;  ///< shapes and axes; longer constants are data

/// What is known of a value: whether its first dimension carries the items, its rank, and small integer contents.
struct Value {
  bool batched = false;
  int rank = kUnknown;
  std::int64_t first_dim = kUnknown;  ///< of a constant
  std::optional<Ints> ints;           ///< of a small integer constant
};

struct Node {
  std::string_view op;
  std::string_view domain;
  std::vector<std::string_view> inputs;
  std::vector<std::string_view> outputs;
  std::map<std::string_view, std::int64_t> ints;
  std::map<std::string_view, Ints> lists;
  ByteSpan tensor;
  bool has_graph = false;
};

const std::set<std::string_view>& elementwise() {
  static const std::set<std::string_view> ops{"Abs",
                                              "Acos",
                                              "Acosh",
                                              "Add",
                                              "And",
                                              "Asin",
                                              "Asinh",
                                              "Atan",
                                              "Atanh",
                                              "Cast",
                                              "Ceil",
                                              "Celu",
                                              "Clip",
                                              "Cos",
                                              "Cosh",
                                              "Div",
                                              "Dropout",
                                              "Elu",
                                              "Equal",
                                              "Erf",
                                              "Exp",
                                              "Floor",
                                              "Gelu",
                                              "Greater",
                                              "GreaterOrEqual",
                                              "HardSigmoid",
                                              "HardSwish",
                                              "Identity",
                                              "IsInf",
                                              "IsNaN",
                                              "LeakyRelu",
                                              "Less",
                                              "LessOrEqual",
                                              "Log",
                                              "Max",
                                              "Mean",
                                              "Min",
                                              "Mish",
                                              "Mod",
                                              "Mul",
                                              "Neg",
                                              "Not",
                                              "Or",
                                              "PRelu",
                                              "Pow",
                                              "QuantizeLinear",
                                              "DequantizeLinear",
                                              "Reciprocal",
                                              "Relu",
                                              "Round",
                                              "Selu",
                                              "Shrink",
                                              "Sigmoid",
                                              "Sign",
                                              "Sin",
                                              "Sinh",
                                              "Softplus",
                                              "Softsign",
                                              "Sqrt",
                                              "Sub",
                                              "Sum",
                                              "Tan",
                                              "Tanh",
                                              "ThresholdedRelu",
                                              "Where",
                                              "Xor"};
  return ops;
}

/// The first input has items, channels, space; the others are weights, and the result is laid out like it.
const std::set<std::string_view>& spatial() {
  static const std::set<std::string_view> ops{"AveragePool",
                                              "BatchNormalization",
                                              "Conv",
                                              "ConvInteger",
                                              "ConvTranspose",
                                              "DepthToSpace",
                                              "GlobalAveragePool",
                                              "GlobalMaxPool",
                                              "GroupNormalization",
                                              "InstanceNormalization",
                                              "LRN",
                                              "LpPool",
                                              "MaxPool",
                                              "QLinearConv",
                                              "Resize",
                                              "SpaceToDepth",
                                              "Upsample"};
  return ops;
}

bool is_reduction(std::string_view op) { return op.starts_with("Reduce"); }

Ints read_ints(const WireField& field) {
  if (field.type != WireType::kBytes) return {static_cast<std::int64_t>(field.value)};
  Ints values;
  const auto* bytes = reinterpret_cast<const unsigned char*>(field.payload.data());
  std::uint64_t value = 0;
  unsigned shift = 0;
  for (std::size_t i = 0; i < field.payload.size() && values.size() <= kFewInts; ++i) {
    if (shift < 64) value |= static_cast<std::uint64_t>(bytes[i] & 0x7FU) << shift;
    shift += 7;
    if ((bytes[i] & 0x80U) != 0) continue;
    values.push_back(static_cast<std::int64_t>(value));
    value = shift = 0;
  }
  return values;
}

void append(Ints& list, const Ints& more) { list.insert(list.end(), more.begin(), more.end()); }

/// A constant: rank, and its content where that is a few integers.
Value read_constant(ByteSpan tensor, std::string_view& name) {
  constexpr std::uint64_t kInt32 = 6, kInt64 = 7;
  Value value;
  Ints dims, content;
  std::uint64_t type = 0;
  ByteSpan raw;
  WireReader reader(tensor);
  while (const auto field = reader.next()) {
    switch (field->number) {
      case onnx::tensor_proto::kDims: append(dims, read_ints(*field)); break;
      case onnx::tensor_proto::kDataType: type = field->value; break;
      case onnx::tensor_proto::kName: name = field->text(); break;
      case onnx::tensor_proto::kInt32Data:
      case onnx::tensor_proto::kInt64Data: append(content, read_ints(*field)); break;
      case onnx::tensor_proto::kRawData: raw = field->payload; break;
      default: break;
    }
  }
  value.rank = static_cast<int>(dims.size());
  value.first_dim = dims.empty() ? 1 : dims.front();
  const std::size_t width = type == kInt64 ? 8 : type == kInt32 ? 4 : 0;
  if (width == 0 || raw.size() > kFewInts * width) return value;
  for (std::size_t at = 0; at + width <= raw.size(); at += width) {
    std::int64_t item = 0;
    std::int32_t narrow = 0;
    if (width == 8) std::memcpy(&item, raw.data() + at, 8);
    else std::memcpy(&narrow, raw.data() + at, 4);
    content.push_back(width == 8 ? item : narrow);
  }
  if (content.size() <= kFewInts) value.ints = std::move(content);
  return value;
}

void read_attribute(ByteSpan bytes, Node& node) {
  std::string_view name;
  std::int64_t number = 0;
  Ints list;
  bool is_list = false;
  WireReader reader(bytes);
  while (const auto field = reader.next()) {
    switch (field->number) {
      case onnx::attribute_proto::kName: name = field->text(); break;
      case onnx::attribute_proto::kInt: number = static_cast<std::int64_t>(field->value); break;
      case onnx::attribute_proto::kInts:
        is_list = true;
        append(list, read_ints(*field));
        break;
      case onnx::attribute_proto::kTensor: node.tensor = field->payload; break;
      case onnx::attribute_proto::kGraph:
      case onnx::attribute_proto::kGraphs: node.has_graph = true; break;
      default: break;
    }
  }
  if (is_list) node.lists[name] = std::move(list);
  else node.ints[name] = number;
}

Node read_node(ByteSpan bytes) {
  Node node;
  WireReader reader(bytes);
  while (const auto field = reader.next()) {
    switch (field->number) {
      case onnx::node_proto::kInput: node.inputs.push_back(field->text()); break;
      case onnx::node_proto::kOutput: node.outputs.push_back(field->text()); break;
      case onnx::node_proto::kOpType: node.op = field->text(); break;
      case onnx::node_proto::kDomain: node.domain = field->text(); break;
      case onnx::node_proto::kAttribute: read_attribute(field->payload, node); break;
      default: break;
    }
  }
  return node;
}

/// Answers for one node what becomes of the batch. nullopt: it is lost, or nobody knows.
class Tracer {
 public:
  explicit Tracer(std::unordered_map<std::string_view, Value>& values) : values_(values) {}

  std::optional<Value> result(const Node& node) const {
    if (node.has_graph || !(node.domain.empty() || node.domain == "ai.onnx")) return std::nullopt;
    const Value& first = input(node, 0);
    if (elementwise().contains(node.op)) return broadcast(node);
    if (spatial().contains(node.op)) return others_free(node) ? kept(first) : std::nullopt;
    if (node.op == "MatMul" || node.op == "MatMulInteger") return product(node);
    if (node.op == "Gemm") return others_free(node) && attribute(node, "transA", 0) == 0 ? kept(first) : std::nullopt;
    if (node.op == "Concat") return concatenated(node);
    if (node.op == "Gather") return gathered(node);
    if (!first.batched || !others_free(node)) return std::nullopt;
    if (node.op == "Reshape") return reshaped(node);
    if (node.op == "Flatten") return attribute(node, "axis", 1) >= 1 ? std::optional(Value{true, 2}) : std::nullopt;
    if (node.op == "Transpose") return transposed(node);
    if (node.op == "Softmax" || node.op == "LogSoftmax" || node.op == "Hardmax" || node.op == "LpNormalization" ||
        node.op == "LayerNormalization" || node.op == "ArgMax" || node.op == "ArgMin" || node.op == "TopK")
      return along_axis(node);
    if (node.op == "Split") return not_first(first, attribute(node, "axis", 0)) ? kept(first) : std::nullopt;
    if (node.op == "Squeeze" || node.op == "Unsqueeze" || is_reduction(node.op)) return along_axes(node);
    if (node.op == "Slice") return sliced(node);
    if (node.op == "Pad" || node.op == "Tile") return first_untouched(node);
    return std::nullopt;
  }

 private:
  const Value& input(const Node& node, std::size_t index) const {
    static const Value none;
    if (index >= node.inputs.size()) return none;
    const auto found = values_.find(node.inputs[index]);
    return found == values_.end() ? none : found->second;
  }
  static std::int64_t attribute(const Node& node, std::string_view name, std::int64_t otherwise) {
    const auto found = node.ints.find(name);
    return found == node.ints.end() ? otherwise : found->second;
  }
  static std::optional<Value> kept(const Value& value) {
    return value.batched ? std::optional(Value{true, value.rank}) : std::nullopt;
  }
  /// Only the first input has items.
  bool others_free(const Node& node) const {
    for (std::size_t i = 1; i < node.inputs.size(); ++i) {
      if (input(node, i).batched) return false;
    }
    return true;
  }
  /// `axis` is not the batch; a negative one counts from the end.
  static bool not_first(const Value& value, std::int64_t axis) {
    if (axis >= 0) return axis != 0;
    return value.rank != kUnknown && value.rank + axis > 0;
  }

  /// Operands are aligned at their last dimension: the first one stays the batch only among equal ranks.
  std::optional<Value> broadcast(const Node& node) const {
    int rank = kUnknown;
    for (std::size_t i = 0; i < node.inputs.size(); ++i) {
      const Value& value = input(node, i);
      if (!value.batched) continue;
      if (value.rank == kUnknown || (rank != kUnknown && rank != value.rank)) return std::nullopt;
      rank = value.rank;
    }
    for (std::size_t i = 0; i < node.inputs.size(); ++i) {
      const Value& value = input(node, i);
      if (value.batched || node.inputs[i].empty()) continue;
      const bool below = value.rank != kUnknown && value.rank < rank;
      if (!below && !(value.rank == rank && value.first_dim == 1)) return std::nullopt;
    }
    return Value{true, rank};
  }

  std::optional<Value> product(const Node& node) const {
    const Value& left = input(node, 0);
    const Value& right = input(node, 1);
    if (left.batched && !right.batched) {
      const bool plain =
          left.rank >= 2 && right.rank != kUnknown && right.rank >= 1 && right.rank <= std::max(2, left.rank - 1);
      return plain ? std::optional(Value{true, right.rank == 1 ? left.rank - 1 : left.rank}) : std::nullopt;
    }
    if (left.rank == kUnknown || right.rank == kUnknown || right.rank < 3) return std::nullopt;
    if (left.batched ? left.rank != right.rank : left.rank >= right.rank) return std::nullopt;
    return Value{true, right.rank};
  }

  std::optional<Value> concatenated(const Node& node) const {
    const Value& first = input(node, 0);
    for (std::size_t i = 0; i < node.inputs.size(); ++i) {
      if (!input(node, i).batched) return std::nullopt;
    }
    return not_first(first, attribute(node, "axis", 0)) ? kept(first) : std::nullopt;
  }

  /// Rows of a table by the items' indices, or the same elements of every item.
  std::optional<Value> gathered(const Node& node) const {
    const Value& data = input(node, 0);
    const Value& indices = input(node, 1);
    const std::int64_t axis = attribute(node, "axis", 0);
    const int rank = data.rank == kUnknown || indices.rank == kUnknown ? kUnknown : data.rank + indices.rank - 1;
    if (indices.batched)
      return !data.batched && axis == 0 && indices.rank >= 1 ? std::optional(Value{true, rank}) : std::nullopt;
    return not_first(data, axis) ? std::optional(Value{true, rank}) : std::nullopt;
  }

  /// Items are contiguous: as long as the first length follows them (0 or -1) they stay apart.
  std::optional<Value> reshaped(const Node& node) const {
    const auto& shape = input(node, 1).ints;
    if (!shape || shape->empty()) return std::nullopt;
    const bool follows = shape->front() == -1 || (shape->front() == 0 && attribute(node, "allowzero", 0) == 0);
    return follows ? std::optional(Value{true, static_cast<int>(shape->size())}) : std::nullopt;
  }

  std::optional<Value> transposed(const Node& node) const {
    const auto order = node.lists.find("perm");
    const bool first_stays = order != node.lists.end() && !order->second.empty() && order->second.front() == 0;
    return first_stays ? kept(input(node, 0)) : std::nullopt;
  }

  std::optional<Value> along_axis(const Node& node) const {
    const Value& value = input(node, 0);
    const bool is_arg = node.op.starts_with("Arg");
    const auto axis = attribute(node, "axis", is_arg ? 0 : -1);
    if (value.rank < 2 || !not_first(value, axis)) return std::nullopt;
    return Value{true, is_arg && attribute(node, "keepdims", 1) == 0 ? value.rank - 1 : value.rank};
  }

  std::optional<Value> along_axes(const Node& node) const {
    const Value& value = input(node, 0);
    const auto given = node.lists.find("axes");
    const auto axes = given != node.lists.end() ? std::optional(given->second) : input(node, 1).ints;
    if (!axes || axes->empty() || value.rank == kUnknown) return std::nullopt;  // none given: all of them
    const int count = static_cast<int>(axes->size());
    int rank = value.rank;
    if (node.op == "Squeeze") rank -= count;
    if (node.op == "Unsqueeze") rank += count;
    const bool reduces = is_reduction(node.op);
    if (reduces && attribute(node, "keepdims", 1) == 0) rank -= count;
    const Value counted{true, node.op == "Unsqueeze" ? rank : value.rank};
    const bool apart =
        std::all_of(axes->begin(), axes->end(), [&](std::int64_t axis) { return not_first(counted, axis); });
    return apart ? std::optional(Value{true, rank}) : std::nullopt;
  }

  std::optional<Value> sliced(const Node& node) const {
    const Value& value = input(node, 0);
    const auto given = node.lists.find("axes");
    const auto axes = given != node.lists.end() ? std::optional(given->second) : input(node, 3).ints;
    if (!axes || axes->empty()) return std::nullopt;
    const bool apart =
        std::all_of(axes->begin(), axes->end(), [&](std::int64_t axis) { return not_first(value, axis); });
    return apart ? kept(value) : std::nullopt;
  }

  /// Pads (begins, then ends) of 0, or a repetition of 1, on the first dimension.
  std::optional<Value> first_untouched(const Node& node) const {
    const bool tile = node.op == "Tile";
    const auto given = node.lists.find("pads");
    const auto amounts = given != node.lists.end() ? std::optional(given->second) : input(node, 1).ints;
    if (!amounts || amounts->empty() || node.inputs.size() > 3) return std::nullopt;
    const bool untouched = tile ? amounts->front() == 1 : amounts->front() == 0 && (*amounts)[amounts->size() / 2] == 0;
    return untouched ? kept(input(node, 0)) : std::nullopt;
  }

  const std::unordered_map<std::string_view, Value>& values_;
};

ByteSpan graph_of(ByteSpan file) {
  WireReader reader(file);
  while (const auto field = reader.next()) {
    if (field->is_bytes(onnx::model_proto::kGraph)) return field->payload;
  }
  return {};
}

struct Graph {
  std::unordered_map<std::string_view, Value> values;
  std::vector<Node> nodes;
};

Graph read_graph(ByteSpan bytes) {
  Graph graph;
  WireReader reader(bytes);
  while (const auto field = reader.next()) {
    if (field->is_bytes(onnx::graph_proto::kNode)) graph.nodes.push_back(read_node(field->payload));
    if (!field->is_bytes(onnx::graph_proto::kInitializer)) continue;
    std::string_view name;
    Value value = read_constant(field->payload, name);
    graph.values[name] = std::move(value);
  }
  return graph;
}

/// Nodes that no item reaches: their results are the same for every member.
void add_free(const Node& node, Graph& graph) {
  std::string_view ignored;
  const bool constant = node.op == "Constant" && !node.tensor.empty();
  const Value value = constant ? read_constant(node.tensor, ignored) : Value{};
  for (const std::string_view output : node.outputs) graph.values[output] = value;
}

}  // namespace

std::string batch_obstacle(const ModelData& data, const std::vector<bool>& batched,
                           const std::vector<bool>& batched_outputs) {
  const Facts& facts = data.facts();
  if (facts.format != Format::kOnnx || !data.source().bytes) return "only ONNX graphs are followed";
  Graph graph = read_graph(graph_of(data.source().bytes->span()));
  for (std::size_t i = 0; i < facts.inputs.size(); ++i) {
    const Port& port = facts.inputs[i];
    graph.values[port.any_name()] = {batched[i], static_cast<int>(port.shape.size())};
  }
  const Tracer tracer(graph.values);
  for (const Node& node : graph.nodes) {
    const bool reached = std::any_of(node.inputs.begin(), node.inputs.end(), [&](std::string_view name) {
      const auto found = graph.values.find(name);
      return found != graph.values.end() && found->second.batched;
    });
    if (!reached && !node.has_graph) {
      add_free(node, graph);
      continue;
    }
    const auto result = tracer.result(node);
    if (!result) {
      return "the operator " + std::string(node.op) + " that makes '" +
             std::string(node.outputs.empty() ? std::string_view("?") : node.outputs.front()) +
             "' may mix the items of a batch";
    }
    for (const std::string_view output : node.outputs) graph.values[output] = *result;
  }
  for (std::size_t i = 0; i < facts.outputs.size(); ++i) {
    const std::string& name = facts.outputs[i].any_name();
    const auto found = graph.values.find(name);
    const bool carries = found != graph.values.end() && found->second.batched;
    if (carries == batched_outputs[i]) continue;
    return carries ? "the output '" + name + "' depends on the batch, but its first dimension is not 1"
                   : "the output '" + name + "' is not made from the batch";
  }
  return {};
}

}  // namespace baton::model
