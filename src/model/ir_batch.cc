// SPDX-License-Identifier: Apache-2.0
// Copyright (C) 2026 The Baton authors
#include "model/ir_batch.h"

#include <algorithm>
#include <cstring>
#include <limits>
#include <optional>
#include <string_view>
#include <unordered_map>
#include <utility>

#include "model/ir_layers.h"
#include "model/wire.h"
#include "model/words.h"

namespace baton::model {
namespace {

using base::Result;
using base::Status;

/// Element by element, with numpy's broadcasting.
const WordSet& elementwise() {
  static const WordSet types = words(
      "Abs Acos Acosh Add Asin Asinh Atan Atanh BitwiseAnd BitwiseNot BitwiseOr BitwiseXor Ceiling Clamp Convert Cos "
      "Cosh Divide Elu Equal Erf Exp FakeQuantize Floor FloorMod Gelu Greater GreaterEqual HSigmoid HSwish HardSigmoid "
      "Identity IsFinite IsInf IsNaN Less LessEqual Log LogicalAnd LogicalNot LogicalOr LogicalXor Maximum Minimum "
      "Mish "
      "Mod Multiply Negative NotEqual PReLU Power ReLU Round Select Selu Sigmoid Sign Sin Sinh SoftPlus SoftSign Sqrt "
      "SquaredDifference Subtract Swish Tan Tanh");
  return types;
}

/// The first input has items, channels, space; the others are weights, and the result is laid out like it.
const WordSet& spatial() {
  static const WordSet types = words(
      "AdaptiveAvgPool AdaptiveMaxPool AvgPool BinaryConvolution Convolution ConvolutionBackpropData DepthToSpace "
      "GroupConvolution GroupConvolutionBackpropData GroupNormalization MaxPool ReorgYolo SpaceToDepth");
  return types;
}

constexpr std::int64_t kToTheEnd = std::numeric_limits<std::int64_t>::max();

std::string attribute(const IrLayer& layer, const std::string& name) {
  const auto found = layer.data.find(name);
  return found == layer.data.end() ? std::string() : found->second;
}

bool is_true(const IrLayer& layer, const std::string& name) {
  const std::string text = attribute(layer, name);
  return text == "true" || text == "True" || text == "1";
}

std::optional<std::int64_t> number(const IrLayer& layer, const std::string& name) {
  const auto numbers = ir_numbers(attribute(layer, name));
  return numbers.size() == 1 ? std::optional(numbers.front()) : std::nullopt;
}

bool all_zero(const BatchInts& mask) {
  return std::all_of(mask.begin(), mask.end(), [](std::int64_t n) { return n == 0; });
}

/// Turns layers into nodes, in their order. Only layers of OpenVINO's own sets are known: a type of that name in an
/// extension may mean anything.
class Translator {
 public:
  Translator(const IrNet& net, const ModelData& data) : net_(net), data_(data) {}

  Result<BatchGraph> run() {
    for (const IrLayer& layer : net_.layers) add(layer);
    BATON_RETURN_IF_ERROR(find_ports(data_.facts().inputs, parameters_, "input", graph_.inputs));
    BATON_RETURN_IF_ERROR(find_ports(data_.facts().outputs, results_, "output", graph_.outputs));
    return std::move(graph_);
  }

 private:
  /// A value that the world outside knows, and how it may call it.
  struct PortValue {
    std::vector<std::string> tensor_names;
    std::vector<std::string> layer_names;  ///< where the tensor has no names
    int value = kNoValue;
  };

  void add(const IrLayer& layer) {
    BatchNode node{.op = layer.type, .name = layer.name};
    for (const IrSource& source : layer.inputs) node.inputs.push_back(ids_[source.layer][source.output]);
    bool constant = layer.type == "Const" || !layer.inputs.empty();
    for (const int input : node.inputs) constant = constant && of_constants_[static_cast<std::size_t>(input)];
    constant = constant || is_rank(layer);
    ids_.emplace_back();
    for (const IrOutput& output : layer.outputs) {
      ids_.back().push_back(graph_.add(declared(output, constant)));
      of_constants_.push_back(constant);
    }
    node.outputs = ids_.back();
    if (layer.type == "Parameter" && layer.outputs.size() == 1) {
      parameters_.push_back({layer.outputs[0].names, {layer.name}, node.outputs[0]});
    } else if (layer.type == "Result" && layer.inputs.size() == 1) {
      results_.push_back(result(layer));
    } else if (layer.type == "Const" && layer.outputs.size() == 1) {
      constants_.emplace(node.outputs[0], &layer);
    } else {
      if (layer.version.starts_with("opset") && !layer.has_body) translate(layer, node);
      graph_.nodes.push_back(std::move(node));
    }
  }

  /// Where no input of the model reaches: a reshape may change the lengths that the file has elsewhere, not the rank.
  static BatchValue declared(const IrOutput& output, bool constant) {
    const auto rank = static_cast<int>(output.shape.size());
    if (rank == 0) return {.rank = constant ? 0 : kUnknownRank};
    return {.rank = rank, .first_dim = constant ? output.shape.front() : -1};
  }

  /// How many lengths a value has does not depend on the lengths. OpenVINO's converters make such graphs of biases.
  bool is_rank(const IrLayer& layer) const {
    return layer.type == "ShapeOf" && layer.inputs.size() == 1 && net_.layers[layer.inputs[0].layer].type == "ShapeOf";
  }

  PortValue result(const IrLayer& layer) const {
    const IrSource source = layer.inputs[0];
    const IrLayer& from = net_.layers[source.layer];
    const std::string place = from.outputs.size() > 1 ? "." + std::to_string(source.output) : "";
    return {from.outputs[source.output].names, {from.name + place, layer.name}, ids_[source.layer][source.output]};
  }

  static bool has_one(const Port& port, const std::vector<std::string>& names) {
    return std::any_of(names.begin(), names.end(), [&](const std::string& name) { return port.has_name(name); });
  }
  static Status find_ports(const std::vector<Port>& ports, const std::vector<PortValue>& values, const char* what,
                           std::vector<int>& found) {
    for (const Port& port : ports) {
      auto value = std::find_if(values.begin(), values.end(),
                                [&](const PortValue& candidate) { return has_one(port, candidate.tensor_names); });
      if (value == values.end())
        value = std::find_if(values.begin(), values.end(),
                             [&](const PortValue& candidate) { return has_one(port, candidate.layer_names); });
      if (value == values.end())
        return Status::unsupported(std::string("the ") + what + " '" + port.any_name() + "' is not found in the IR");
      found.push_back(value->value);
    }
    return Status::ok();
  }

  /// What a constant input of a few integers holds; none when it is no such thing.
  BatchInts numbers(const BatchNode& node, std::size_t input) const {
    if (input >= node.inputs.size()) return {};
    const auto found = constants_.find(node.inputs[input]);
    if (found == constants_.end()) return {};
    const IrLayer& layer = *found->second;
    const std::string type = attribute(layer, "element_type");
    const std::size_t width = type == "i64" ? 8 : type == "i32" ? 4 : 0;
    const auto offset = number(layer, "offset");
    const auto size = number(layer, "size");
    const auto& weights = data_.source().weights;
    if (width == 0 || !offset || !size || !weights || *offset < 0 || *size < 0) return {};
    const auto begin = static_cast<std::size_t>(*offset);
    const auto bytes = static_cast<std::size_t>(*size);
    const ByteSpan all = weights->span();
    if (bytes > kFewInts * width || begin > all.size() || bytes > all.size() - begin) return {};
    BatchInts values;
    for (std::size_t at = begin; at + width <= begin + bytes; at += width) {
      std::int64_t item = 0;
      std::int32_t narrow = 0;
      if (width == 8) std::memcpy(&item, all.data() + at, 8);
      else std::memcpy(&narrow, all.data() + at, 4);
      values.push_back(width == 8 ? item : narrow);
    }
    return values;
  }

  void translate(const IrLayer& layer, BatchNode& node) const {
    if (elementwise().contains(layer.type)) return element_by_element(layer, node);
    if (spatial().contains(layer.type)) return pool_or_layer(layer, node);
    if (layer.type.starts_with("Reduce")) return node.set_along(numbers(node, 1), is_true(layer, "keep_dims") ? 0 : -1);
    using Translate = void (Translator::*)(const IrLayer&, BatchNode&) const;
    static const std::unordered_map<std::string_view, Translate> layers{
        {"BatchNormInference", &Translator::normalized},
        {"Concat", &Translator::joined},
        {"CumSum", &Translator::along_input},
        {"Gather", &Translator::gathered},
        {"Interpolate", &Translator::resized},
        {"LRN", &Translator::along_input},
        {"LogSoftmax", &Translator::along_attribute},
        {"MVN", &Translator::mean_variance},
        {"MatMul", &Translator::product},
        {"NormalizeL2", &Translator::along_input},
        {"Pad", &Translator::padded},
        {"Reshape", &Translator::reshaped},
        {"ShapeOf", &Translator::lengths},
        {"ShuffleChannels", &Translator::along_attribute},
        {"Slice", &Translator::sliced},
        {"SoftMax", &Translator::along_attribute},
        {"Split", &Translator::along_input},
        {"Squeeze", &Translator::squeezed},
        {"StridedSlice", &Translator::strided},
        {"Tile", &Translator::tiled},
        {"TopK", &Translator::along_attribute},
        {"Transpose", &Translator::transposed},
        {"Unsqueeze", &Translator::unsqueezed},
        {"VariadicSplit", &Translator::along_input}};
    if (const auto own = layers.find(layer.type); own != layers.end()) (this->*own->second)(layer, node);
  }

  static void element_by_element(const IrLayer& layer, BatchNode& node) {
    const std::string broadcast = attribute(layer, "auto_broadcast");
    if (broadcast.empty() || broadcast == "numpy" || broadcast == "none") node.rule = BatchRule::kBroadcast;
    node.same_content = layer.type == "Convert" || layer.type == "Identity";
  }
  /// The second output of a pooling counts places through the whole batch.
  static void pool_or_layer(const IrLayer& layer, BatchNode& node) {
    const bool places = layer.type.ends_with("Pool") && layer.outputs.size() > 1 && layer.outputs[1].used;
    if (!places) node.rule = BatchRule::kFirstInput;
  }
  /// Version 1 begins with what the data is scaled by.
  void normalized(const IrLayer& layer, BatchNode& node) const {
    if (node.inputs.size() != 5) return;
    if (layer.version == "opset1") std::rotate(node.inputs.begin(), node.inputs.begin() + 2, node.inputs.begin() + 3);
    node.rule = BatchRule::kFirstInput;
  }
  void joined(const IrLayer& layer, BatchNode& node) const {
    const auto axis = number(layer, "axis");
    if (!axis) return;
    node.rule = BatchRule::kConcat;
    node.axes = {*axis};
  }
  void gathered(const IrLayer& layer, BatchNode& node) const {
    node.axes = numbers(node, 2);
    node.picks = numbers(node, 1);
    if (node.axes.size() == 1 && number(layer, "batch_dims").value_or(0) == 0) node.rule = BatchRule::kGather;
  }
  void along_attribute(const IrLayer& layer, BatchNode& node) const {
    node.set_along({number(layer, "axis").value_or(1)});
  }
  void along_input(const IrLayer&, BatchNode& node) const { node.set_along(numbers(node, 1)); }
  /// Without axes among the inputs each item is computed by itself.
  void mean_variance(const IrLayer&, BatchNode& node) const {
    if (node.inputs.size() == 1) node.rule = BatchRule::kFirstInput;
    else node.set_along(numbers(node, 1));
  }
  /// Without axes all are meant, the first among them.
  void resized(const IrLayer& layer, BatchNode& node) const {
    if (layer.version == "opset1") node.set_along(ir_numbers(attribute(layer, "axes")));
    else node.set_along(numbers(node, layer.version == "opset4" ? 3 : 2));
  }
  void product(const IrLayer& layer, BatchNode& node) const {
    node.rule = BatchRule::kProduct;
    node.transposed = is_true(layer, "transpose_a");
  }
  /// Items are contiguous: as long as the first length follows them (0 or -1) they stay apart.
  void reshaped(const IrLayer& layer, BatchNode& node) const {
    const BatchInts shape = numbers(node, 1);
    if (shape.empty()) {
      node.rule = BatchRule::kReshape;
    } else if (shape.front() == -1 || (shape.front() == 0 && is_true(layer, "special_zero"))) {
      node.rule = BatchRule::kFirstInput;
      node.result_rank = static_cast<int>(shape.size());
    }
  }
  void lengths(const IrLayer&, BatchNode& node) const { node.rule = BatchRule::kShape; }
  void squeezed(const IrLayer& layer, BatchNode& node) const {
    if (is_true(layer, "allow_axis_skip")) return;
    node.set_along(numbers(node, 1), -1);
    node.same_content = true;
  }
  void unsqueezed(const IrLayer&, BatchNode& node) const {
    node.set_along(numbers(node, 1), 1);
    node.same_content = true;
  }
  void transposed(const IrLayer&, BatchNode& node) const {
    const BatchInts order = numbers(node, 1);
    if (!order.empty() && order.front() == 0) node.rule = BatchRule::kFirstInput;
  }
  /// Fewer repeats than dimensions leave the first ones alone, more make new ones.
  void tiled(const IrLayer& layer, BatchNode& node) const {
    const BatchInts repeats = numbers(node, 1);
    if (repeats.empty() || repeats.size() != rank_of(layer.inputs[0])) return;
    if (repeats.front() == 1) node.rule = BatchRule::kFirstInput;
  }
  void padded(const IrLayer&, BatchNode& node) const {
    const BatchInts before = numbers(node, 1);
    const BatchInts after = numbers(node, 2);
    const bool untouched = !before.empty() && !after.empty() && before.front() == 0 && after.front() == 0;
    if (untouched) node.rule = BatchRule::kFirstInput;
  }
  void sliced(const IrLayer&, BatchNode& node) const {
    node.set_along(numbers(node, 4));
    node.set_range(numbers(node, 1), numbers(node, 2), numbers(node, 3));
  }
  /// All of the first dimension, and at most later ones go: no item is left out. Else a list of lengths may be meant.
  void strided(const IrLayer& layer, BatchNode& node) const {
    const auto masked = [&](const char* mask) {
      const BatchInts bits = ir_numbers(attribute(layer, mask));
      return !bits.empty() && bits.front() == 1;
    };
    if (!all_zero(ir_numbers(attribute(layer, "new_axis_mask"))) ||
        !all_zero(ir_numbers(attribute(layer, "ellipsis_mask"))))
      return;
    BatchInts begin = numbers(node, 1), end = numbers(node, 2);
    const BatchInts strides = node.inputs.size() < 4 ? BatchInts{1} : numbers(node, 3);
    if (masked("begin_mask")) begin.resize(1, 0), begin.front() = 0;
    if (masked("end_mask")) end.resize(1, 0), end.front() = kToTheEnd;
    BatchInts gone;
    const BatchInts shrunk = ir_numbers(attribute(layer, "shrink_axis_mask"));
    for (std::size_t i = 0; i < shrunk.size(); ++i) {
      if (shrunk[i] != 0) gone.push_back(static_cast<std::int64_t>(i));
    }
    const bool shrinks_first = !gone.empty() && gone.front() == 0;
    const bool from_start = !begin.empty() && begin.front() == 0;
    const bool whole = from_start && !end.empty() && end.front() >= std::numeric_limits<std::int32_t>::max();
    if (whole && !shrinks_first && !strides.empty() && strides.front() == 1) {
      if (gone.empty()) node.rule = BatchRule::kFirstInput;
      else node.set_along(std::move(gone), -1);
      return;
    }
    node.set_along({0}, shrinks_first ? -1 : 0);
    if (shrinks_first && begin.size() == 1) end = {begin.front() == -1 ? kToTheEnd : begin.front() + 1};
    node.set_range(begin, end, strides);
  }

  std::size_t rank_of(const IrSource& source) const {
    return net_.layers[source.layer].outputs[source.output].shape.size();
  }

  const IrNet& net_;
  const ModelData& data_;
  BatchGraph graph_;
  std::vector<std::vector<int>> ids_;  ///< by layer and output
  std::vector<bool> of_constants_;     ///< by value: no input of the model reaches it
  std::unordered_map<int, const IrLayer*> constants_;
  std::vector<PortValue> parameters_;
  std::vector<PortValue> results_;
};

}  // namespace

Result<BatchGraph> ir_batch_graph(const ModelData& data) {
  const auto net = read_ir_net(as_text(data.source().bytes->span()));
  if (!net.is_ok()) return net.status();
  if (net->version != 10 && net->version != 11)
    return Status::unsupported("an IR of version " + std::to_string(net->version) + " is not followed, only 10 and 11");
  return Translator(net.value(), data).run();
}

}  // namespace baton::model
