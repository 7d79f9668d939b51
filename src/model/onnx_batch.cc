// SPDX-License-Identifier: Apache-2.0
// Copyright (C) 2026 The Baton authors
#include "model/onnx_batch.h"

#include <cstring>
#include <map>
#include <optional>
#include <string_view>
#include <unordered_map>
#include <utility>

#include "model/onnx_fields.h"
#include "model/wire.h"
#include "model/words.h"

namespace baton::model {
namespace {

namespace onnx = model::onnx;

/// Element by element, with numpy's broadcasting.
const WordSet& elementwise() {
  static const WordSet ops = words(
      "Abs Acos Acosh Add And Asin Asinh Atan Atanh Cast Ceil Celu Clip Cos Cosh Div Dropout Elu Equal Erf Exp Floor "
      "Gelu Greater GreaterOrEqual HardSigmoid HardSwish Identity IsInf IsNaN LeakyRelu Less LessOrEqual Log Max Mean "
      "Min Mish Mod Mul Neg Not Or PRelu Pow QuantizeLinear DequantizeLinear Reciprocal Relu Round Selu Shrink Sigmoid "
      "Sign Sin Sinh Softplus Softsign Sqrt Sub Sum Tan Tanh ThresholdedRelu Where Xor");
  return ops;
}

/// The first input has items, channels, space; the others are weights, and the result is laid out like it.
const WordSet& spatial() {
  static const WordSet ops = words(
      "AveragePool BatchNormalization Conv ConvInteger ConvTranspose DepthToSpace GlobalAveragePool GlobalMaxPool "
      "GroupNormalization InstanceNormalization LRN LpPool MaxPool QLinearConv SpaceToDepth Upsample");
  return ops;
}

/// Along one axis, by default the last.
const WordSet& along_one() {
  static const WordSet ops =
      words("Hardmax LayerNormalization LogSoftmax LpNormalization Softmax TopK ArgMax ArgMin Split");
  return ops;
}

/// A node as it is written.
struct OnnxNode {
  std::string_view op;
  std::string_view domain;
  std::vector<std::string_view> inputs;
  std::vector<std::string_view> outputs;
  std::map<std::string_view, std::int64_t> ints;
  std::map<std::string_view, BatchInts> lists;
  ByteSpan tensor;
  bool has_graph = false;
};

void read_attribute(ByteSpan bytes, OnnxNode& node) {
  std::string_view name;
  std::int64_t number = 0;
  BatchInts list;
  bool is_list = false;
  WireReader reader(bytes);
  while (const auto field = reader.next()) {
    switch (field->number) {
      case onnx::attribute_proto::kName: name = field->text(); break;
      case onnx::attribute_proto::kInt: number = static_cast<std::int64_t>(field->value); break;
      case onnx::attribute_proto::kInts: is_list = append_integers(*field, list); break;
      case onnx::attribute_proto::kTensor: node.tensor = field->payload; break;
      case onnx::attribute_proto::kGraph:
      case onnx::attribute_proto::kGraphs: node.has_graph = true; break;
      default: break;
    }
  }
  if (is_list) node.lists[name] = std::move(list);
  else node.ints[name] = number;
}

OnnxNode read_node(ByteSpan bytes) {
  OnnxNode node;
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

struct Constant {
  std::string_view name;
  BatchValue value;
  std::optional<BatchInts> ints;  ///< of a few integers
};

void append_raw(ByteSpan raw, std::uint64_t type, BatchInts& content) {
  constexpr std::uint64_t kInt32 = 6, kInt64 = 7;
  const std::size_t width = type == kInt64 ? 8 : type == kInt32 ? 4 : 0;
  if (width == 0 || raw.size() > kFewInts * width) return;
  for (std::size_t at = 0; at + width <= raw.size(); at += width) {
    std::int64_t item = 0;
    std::int32_t narrow = 0;
    if (width == 8) std::memcpy(&item, raw.data() + at, 8);
    else std::memcpy(&narrow, raw.data() + at, 4);
    content.push_back(width == 8 ? item : narrow);
  }
}

Constant read_constant(ByteSpan tensor) {
  constexpr std::size_t kLongestVarint = 10;
  Constant constant;
  BatchInts dims, content;
  std::uint64_t type = 0;
  ByteSpan raw;
  WireReader reader(tensor);
  while (const auto field = reader.next()) {
    switch (field->number) {
      case onnx::tensor_proto::kDims: append_integers(*field, dims); break;
      case onnx::tensor_proto::kDataType: type = field->value; break;
      case onnx::tensor_proto::kName: constant.name = field->text(); break;
      case onnx::tensor_proto::kInt32Data:
      case onnx::tensor_proto::kInt64Data:
        if (field->payload.size() <= kFewInts * kLongestVarint) append_integers(*field, content);
        break;
      case onnx::tensor_proto::kRawData: raw = field->payload; break;
      default: break;
    }
  }
  append_raw(raw, type, content);
  constant.value = {.rank = static_cast<int>(dims.size()), .first_dim = dims.empty() ? 1 : dims.front()};
  if (!content.empty() && content.size() <= kFewInts) constant.ints = std::move(content);
  return constant;
}

/// Gives each node its rule.
class Translator {
 public:
  BatchGraph graph;

  void add_constant(Constant constant, std::string_view name) {
    const int id = value(name);
    graph.values[static_cast<std::size_t>(id)] = constant.value;
    if (constant.ints) constants_[id] = *std::move(constant.ints);
  }

  void add_node(const OnnxNode& from) {
    BatchNode node{.op = std::string(from.op),
                   .name = std::string(from.outputs.empty() ? std::string_view("?") : from.outputs.front())};
    for (const std::string_view name : from.inputs) node.inputs.push_back(value(name));
    for (const std::string_view name : from.outputs) node.outputs.push_back(value(name));
    node.may_capture = from.has_graph;
    const bool standard = from.domain.empty() || from.domain == "ai.onnx";
    if (standard && !from.has_graph) translate(from, node);
    graph.nodes.push_back(std::move(node));
  }

  /// The number of a name; the empty name is an input that is left out.
  int value(std::string_view name) {
    if (name.empty()) return kNoValue;
    const auto [found, is_new] = ids_.try_emplace(name, 0);
    if (is_new) found->second = graph.add({});
    return found->second;
  }

 private:
  static std::int64_t attribute(const OnnxNode& node, std::string_view name, std::int64_t otherwise) {
    const auto found = node.ints.find(name);
    return found == node.ints.end() ? otherwise : found->second;
  }
  /// The integers of an attribute, or of a constant input; none when neither is known.
  BatchInts numbers(const OnnxNode& from, const BatchNode& node, std::string_view name, std::size_t input) const {
    if (const auto given = from.lists.find(name); given != from.lists.end()) return given->second;
    if (input >= node.inputs.size()) return {};
    const auto found = constants_.find(node.inputs[input]);
    return found == constants_.end() ? BatchInts{} : found->second;
  }

  void translate(const OnnxNode& from, BatchNode& node) const {
    const std::string_view op = from.op;
    if (elementwise().contains(op)) element_by_element(node);
    else if (spatial().contains(op)) pool_or_layer(node);
    else if (along_one().contains(op)) along_axis(from, node);
    else if (op.starts_with("Reduce")) along_axes(from, node, attribute(from, "keepdims", 1) == 0 ? -1 : 0);
    else if (op == "Squeeze" || op == "Unsqueeze") dimensions_of_one(from, node);
    else if (op == "MatMul" || op == "MatMulInteger") node.rule = BatchRule::kProduct;
    else if (op == "Gemm" && attribute(from, "transA", 0) == 0) node.rule = BatchRule::kFirstInput;
    else if (op == "Concat" || op == "Gather") joined_or_gathered(from, node);
    else if (op == "Reshape") reshaped(from, node);
    else if (op == "Flatten" && attribute(from, "axis", 1) >= 1) laid_out_anew(node, 2);
    else if (op == "Transpose") transposed(from, node);
    else if (op == "Slice") sliced(from, node);
    else if (op == "Shape" && from.ints.empty()) node.rule = BatchRule::kShape;
    else if (op == "Pad" || op == "Tile") padded_or_tiled(from, node);
    else if (op == "Resize") resized(from, node);
  }

  static void element_by_element(BatchNode& node) {
    node.rule = BatchRule::kBroadcast;
    node.same_content = node.op == "Cast" || node.op == "Identity";
  }
  /// The second output of a pooling counts places through the whole batch.
  static void pool_or_layer(BatchNode& node) {
    const bool places = node.op == "MaxPool" && node.outputs.size() > 1 && node.outputs[1] != kNoValue;
    if (!places) node.rule = BatchRule::kFirstInput;
  }
  static void along_axis(const OnnxNode& from, BatchNode& node) {
    const bool is_arg = from.op.starts_with("Arg");
    const std::int64_t axis = attribute(from, "axis", is_arg || from.op == "Split" ? 0 : -1);
    node.set_along({axis}, is_arg && attribute(from, "keepdims", 1) == 0 ? -1 : 0);
  }
  void along_axes(const OnnxNode& from, BatchNode& node, int rank_per_axis) const {
    node.set_along(numbers(from, node, "axes", 1), rank_per_axis);
  }
  void dimensions_of_one(const OnnxNode& from, BatchNode& node) const {
    along_axes(from, node, from.op == "Squeeze" ? -1 : 1);
    node.same_content = true;
  }
  void sliced(const OnnxNode& from, BatchNode& node) const {
    const bool by_steps = node.inputs.size() > 4;
    node.set_along(numbers(from, node, "axes", 3));
    node.set_range(numbers(from, node, "starts", 1), numbers(from, node, "ends", 2),
                   by_steps ? numbers(from, node, "", 4) : BatchInts{1});
  }
  void joined_or_gathered(const OnnxNode& from, BatchNode& node) const {
    node.rule = from.op == "Concat" ? BatchRule::kConcat : BatchRule::kGather;
    node.axes = {attribute(from, "axis", 0)};
    if (from.op == "Gather") node.picks = numbers(from, node, "", 1);
  }
  static void laid_out_anew(BatchNode& node, std::size_t rank) {
    node.rule = BatchRule::kFirstInput;
    node.result_rank = static_cast<int>(rank);
  }
  /// Items are contiguous: as long as the first length follows them (0 or -1) they stay apart.
  void reshaped(const OnnxNode& from, BatchNode& node) const {
    const BatchInts shape = numbers(from, node, "shape", 1);
    const bool copies = attribute(from, "allowzero", 0) == 0;
    if (shape.empty()) node.rule = BatchRule::kReshape;
    else if (shape.front() == -1 || (shape.front() == 0 && copies)) laid_out_anew(node, shape.size());
  }
  static void transposed(const OnnxNode& from, BatchNode& node) {
    const auto order = from.lists.find("perm");
    if (order != from.lists.end() && !order->second.empty() && order->second.front() == 0)
      node.rule = BatchRule::kFirstInput;
  }
  /// Pads (begins, then ends) of 0, or a repetition of 1, on the first dimension.
  void padded_or_tiled(const OnnxNode& from, BatchNode& node) const {
    const bool tile = from.op == "Tile";
    const BatchInts amounts = numbers(from, node, tile ? "" : "pads", 1);
    if (amounts.empty() || node.inputs.size() > 3) return;
    const bool untouched = tile ? amounts.front() == 1 : amounts.front() == 0 && amounts[amounts.size() / 2] == 0;
    if (untouched) node.rule = BatchRule::kFirstInput;
  }
  /// Sizes name the number of items too, unless axes say which dimensions they are of.
  void resized(const OnnxNode& from, BatchNode& node) const {
    constexpr std::size_t kSizes = 3;
    const bool by_sizes = node.inputs.size() > kSizes && node.inputs[kSizes] != kNoValue;
    node.lengths = kSizes;
    if (const auto axes = from.lists.find("axes"); axes != from.lists.end()) node.set_along(axes->second);
    else node.rule = by_sizes ? BatchRule::kReshape : BatchRule::kFirstInput;
  }

  std::unordered_map<std::string_view, int> ids_;
  std::unordered_map<int, BatchInts> constants_;
};

ByteSpan graph_of(ByteSpan file) {
  WireReader reader(file);
  while (const auto field = reader.next()) {
    if (field->is_bytes(onnx::model_proto::kGraph)) return field->payload;
  }
  return {};
}

}  // namespace

BatchGraph onnx_batch_graph(const ModelData& data) {
  Translator translator;
  std::vector<OnnxNode> nodes;
  WireReader reader(graph_of(data.source().bytes->span()));
  while (const auto field = reader.next()) {
    if (field->is_bytes(onnx::graph_proto::kNode)) nodes.push_back(read_node(field->payload));
    if (!field->is_bytes(onnx::graph_proto::kInitializer)) continue;
    Constant constant = read_constant(field->payload);
    const std::string_view name = constant.name;
    if (!name.empty()) translator.add_constant(std::move(constant), name);
  }
  for (const OnnxNode& node : nodes) {
    const bool constant = node.op == "Constant" && !node.tensor.empty() && !node.outputs.empty();
    if (constant && !node.outputs[0].empty()) translator.add_constant(read_constant(node.tensor), node.outputs[0]);
  }
  for (const OnnxNode& node : nodes) translator.add_node(node);
  for (const Port& port : data.facts().inputs) translator.graph.inputs.push_back(translator.value(port.any_name()));
  for (const Port& port : data.facts().outputs) translator.graph.outputs.push_back(translator.value(port.any_name()));
  return std::move(translator.graph);
}

}  // namespace baton::model
