// SPDX-License-Identifier: Apache-2.0
// Copyright (C) 2026 The Baton authors
#include "model/precision_label.h"

#include <algorithm>
#include <array>
#include <map>
#include <optional>

#include "model/op_roles.h"

namespace baton::model {

namespace {

using Id = GraphSketch::Id;
using Node = GraphSketch::Node;

/// The types that a device computes in, with their labels; f64 counts as FP32.
bool is_compute_type(element::Type type) {
  return type == element::f64 || type == element::f32 || type == element::f16 || type == element::bf16;
}

std::string label_of(element::Type type) {
  if (type == element::f16) return "FP16";
  if (type == element::bf16) return "BF16";
  return "FP32";
}

/// Goes once over the graph and notes what the rows of B-402 ask for.
/// Thread-safety: one thread. Ownership: borrows the graph.
class Labeller {
 public:
  explicit Labeller(const GraphSketch& graph) : graph_(graph), values_(graph.values.size()) {
    for (std::size_t i = 0; i < values_.size(); ++i) {
      if (graph.values[i].kind == GraphSketch::Kind::kConstant) values_[i].constant = static_cast<Id>(i);
    }
    for (const Node& node : graph.nodes) visit(node);
  }

  PrecisionLabel label() const {
    const PrecisionLabel by_weights = label_by_weights();
    const PrecisionLabel by_activations = quantised_ ? PrecisionLabel{"INT8", 4, {}, {}} : by_weights;
    PrecisionLabel label = by_activations;
    if (graph_.winograd) {
      label = {"WINOGRAD", 2, {}, {}};
    } else if (binary_) {
      label = {"BIN", 3, {}, {}};
    }
    label.without_winograd = by_activations.name;
    label.without_int8 = by_weights.name;
    return label;
  }

 private:
  struct ValueState {
    Id constant = GraphSketch::kNone;  ///< the largest constant of those it is made of; kNone when it depends on inputs
    bool quantised = false;            ///< an activation that went through quantisation
  };

  bool is_constant(Id value) const { return values_[value].constant != GraphSketch::kNone; }

  void visit(const Node& node) {
    const OpRole role = role_of(node.op);
    const bool foldable = role != OpRole::kRandom && role != OpRole::kState && !node.inputs.empty();
    const bool data_is_computed = !node.inputs.empty() && !is_constant(node.inputs.front());
    const bool any_quantised =
        std::any_of(node.inputs.begin(), node.inputs.end(), [this](Id input) { return values_[input].quantised; });
    switch (role) {
      case OpRole::kBinaryConvolution: binary_ = true; break;
      case OpRole::kInteger: quantised_ = quantised_ || data_is_computed; break;
      case OpRole::kPackedWeighted: count_packed(node); break;
      case OpRole::kWeighted:
        quantised_ = quantised_ || any_quantised;
        for (const Id input : node.inputs) count_weight(input);
        break;
      default: break;
    }
    ValueState result;
    if (foldable) result.constant = largest_constant(node);
    result.quantised = role == OpRole::kQuantize ? data_is_computed
                                                 : any_quantised && (role == OpRole::kView || role == OpRole::kSelect);
    for (const Id output : node.outputs) values_[output] = result;
  }

  /// What a node computes from constants alone is a constant, whatever the operators (decompression, transposition,
  /// ...).
  Id largest_constant(const Node& node) const {
    Id largest = GraphSketch::kNone;
    for (const Id input : node.inputs) {
      const Id constant = values_[input].constant;
      if (constant == GraphSketch::kNone) return GraphSketch::kNone;
      if (largest == GraphSketch::kNone || graph_.values[constant].elements > graph_.values[largest].elements)
        largest = constant;
    }
    return largest;
  }

  void count_weight(Id input) {
    if (!is_constant(input)) return;
    const GraphSketch::Value& stored = graph_.values[values_[input].constant];
    const element::Type computed = graph_.values[input].type;
    element::Type type = computed.is_static() ? computed : stored.type;
    // B-404: stored in half precision and only converted counts as half precision. B-403: other small types do not
    // count.
    if (is_compute_type(stored.type) && stored.type.bitwidth() < type.bitwidth()) type = stored.type;
    if (is_compute_type(type)) add(type, stored.elements);
  }

  /// B-403 for operators that unpack their weights themselves: the scales tell the type computed in.
  void count_packed(const Node& node) {
    std::uint64_t elements = 0;
    element::Type type;
    for (const Id input : node.inputs) {
      if (!is_constant(input)) continue;
      elements = std::max(elements, graph_.values[values_[input].constant].elements);
      if (type.is_dynamic() && is_compute_type(graph_.values[input].type)) type = graph_.values[input].type;
    }
    if (is_compute_type(type)) add(type, elements);
  }

  void add(element::Type type, std::uint64_t elements) {
    const element::Type counted = type == element::f64 ? element::f32 : type;
    weight_bytes_[counted] += elements * type.size();
  }

  /// Rows 5 and 6.
  PrecisionLabel label_by_weights() const {
    // Wider types first: they win a tie. Half precision before bf16 there: what more devices have.
    std::optional<element::Type> type;
    std::uint64_t most = 0;
    for (const element::Type candidate : std::array{element::f32, element::f16, element::bf16}) {
      const auto found = weight_bytes_.find(candidate);
      if (found == weight_bytes_.end() || (type && found->second <= most)) continue;
      type = candidate;
      most = found->second;
    }
    if (type) return {label_of(*type), 5, {}, {}};
    for (const Id input : graph_.inputs) {
      if (is_compute_type(graph_.values[input].type)) return {label_of(graph_.values[input].type), 6, {}, {}};
    }
    return {};
  }

  const GraphSketch& graph_;
  std::vector<ValueState> values_;
  std::map<element::Type_t, std::uint64_t> weight_bytes_;
  bool binary_ = false;
  bool quantised_ = false;
};

}  // namespace

PrecisionLabel precision_label(const GraphSketch& graph) { return Labeller(graph).label(); }

}  // namespace baton::model
