// SPDX-License-Identifier: Apache-2.0
// Copyright (C) 2026 The Baton authors
#include "model/batch_trace.h"

#include <algorithm>
#include <optional>
#include <utility>

namespace baton::model {
namespace {

/// `axis` is not the first dimension; a negative one counts from the end.
bool not_first(int rank, std::int64_t axis) {
  if (axis >= 0) return axis != 0;
  return rank != kUnknownRank && rank + axis > 0;
}

bool none_first(int rank, const BatchInts& axes) {
  return std::all_of(axes.begin(), axes.end(), [&](std::int64_t axis) { return not_first(rank, axis); });
}

/// Says for one node that an item reaches what becomes of the items: the rank of its results. nullopt: they are mixed,
/// or nobody knows.
class Tracer {
 public:
  explicit Tracer(const std::vector<BatchValue>& values) : values_(values) {}

  std::optional<int> result_rank(const BatchNode& node) const {
    switch (node.rule) {
      case BatchRule::kRefused: return std::nullopt;
      case BatchRule::kBroadcast: return broadcast(node);
      case BatchRule::kFirstInput: return first_input(node);
      case BatchRule::kAlongAxes: return along_axes(node);
      case BatchRule::kConcat: return concatenated(node);
      case BatchRule::kGather: return gathered(node);
      case BatchRule::kProduct: return product(node);
      case BatchRule::kShape: return 1;
    }
    return std::nullopt;
  }

 private:
  const BatchValue& input(const BatchNode& node, std::size_t index) const {
    static const BatchValue none;
    if (index >= node.inputs.size() || node.inputs[index] == kNoValue) return none;
    return values_[static_cast<std::size_t>(node.inputs[index])];
  }
  /// Only the first input has items.
  bool first_alone(const BatchNode& node) const {
    for (std::size_t i = 1; i < node.inputs.size(); ++i) {
      if (input(node, i).batched) return false;
    }
    return input(node, 0).batched;
  }

  /// The first dimension stays that of the items only among equal ranks.
  std::optional<int> broadcast(const BatchNode& node) const {
    int rank = kUnknownRank;
    for (std::size_t i = 0; i < node.inputs.size(); ++i) {
      const BatchValue& value = input(node, i);
      if (!value.batched) continue;
      if (value.rank == kUnknownRank || (rank != kUnknownRank && rank != value.rank)) return std::nullopt;
      rank = value.rank;
    }
    for (std::size_t i = 0; i < node.inputs.size(); ++i) {
      const BatchValue& value = input(node, i);
      if (value.batched || node.inputs[i] == kNoValue) continue;
      const bool below = value.rank != kUnknownRank && value.rank < rank;
      if (!below && !(value.rank == rank && value.first_dim == 1)) return std::nullopt;
    }
    return rank;
  }

  std::optional<int> first_input(const BatchNode& node) const {
    if (!first_alone(node)) return std::nullopt;
    return node.result_rank != kUnknownRank ? node.result_rank : input(node, 0).rank;
  }

  std::optional<int> along_axes(const BatchNode& node) const {
    const int rank = input(node, 0).rank;
    if (!first_alone(node)) return std::nullopt;
    const int change = node.rank_per_axis * static_cast<int>(node.axes.size());
    const int result = rank == kUnknownRank ? kUnknownRank : rank + change;
    // New dimensions are counted in the result.
    if (!none_first(node.rank_per_axis > 0 ? result : rank, node.axes)) return std::nullopt;
    return result;
  }

  std::optional<int> concatenated(const BatchNode& node) const {
    for (std::size_t i = 0; i < node.inputs.size(); ++i) {
      if (!input(node, i).batched) return std::nullopt;
    }
    const int rank = input(node, 0).rank;
    return none_first(rank, node.axes) ? std::optional(rank) : std::nullopt;
  }

  /// Rows of a table by the items' indices, or the same elements of every item.
  std::optional<int> gathered(const BatchNode& node) const {
    const BatchValue& data = input(node, 0);
    const BatchValue& indices = input(node, 1);
    const bool known = data.rank != kUnknownRank && indices.rank != kUnknownRank;
    const int rank = known ? data.rank + indices.rank - 1 : kUnknownRank;
    const bool rows = node.axes == BatchInts{0} && indices.rank >= 1;
    const bool apart = indices.batched ? !data.batched && rows : none_first(data.rank, node.axes);
    return apart ? std::optional(rank) : std::nullopt;
  }

  std::optional<int> product(const BatchNode& node) const {
    const BatchValue& left = input(node, 0);
    const BatchValue& right = input(node, 1);
    if (left.batched && left.rank < (node.transposed ? 3 : 2))
      return std::nullopt;  // its first dimension is multiplied
    if (left.batched && !right.batched) {
      if (right.rank < 1 || right.rank > std::max(2, left.rank - 1)) return std::nullopt;
      return right.rank == 1 ? left.rank - 1 : left.rank;
    }
    if (left.rank == kUnknownRank || right.rank < 3) return std::nullopt;
    const bool aligned = left.batched ? left.rank == right.rank : left.rank < right.rank;
    return aligned ? std::optional(right.rank) : std::nullopt;
  }

  const std::vector<BatchValue>& values_;
};

BatchValue value_of(const BatchGraph& graph, int value) {
  return value == kNoValue ? BatchValue{} : graph.values[static_cast<std::size_t>(value)];
}

bool depends(const BatchValue& value) { return value.batched || value.counts; }

/// Gives the results of a node that depends on the items; says what becomes of them where they do not stay apart.
std::string follow(BatchGraph& graph, const BatchNode& node) {
  const bool counted =
      std::any_of(node.inputs.begin(), node.inputs.end(), [&](int v) { return value_of(graph, v).counts; });
  const bool is_shape = node.rule == BatchRule::kShape;
  if (counted && is_shape) return {};  // how many lengths there are is the same for any number of items
  if (counted) return "takes the number of items";
  const auto rank = Tracer(graph.values).result_rank(node);
  if (!rank) return "may mix the items";
  for (const int output : node.outputs) {
    if (output == kNoValue) continue;
    BatchValue& value = graph.values[static_cast<std::size_t>(output)];
    const int declared = value.rank;
    if (declared != kUnknownRank && *rank != kUnknownRank && declared != *rank) return "may mix the items";
    value = {.batched = !is_shape, .counts = is_shape, .rank = *rank == kUnknownRank ? declared : *rank};
  }
  return {};
}

}  // namespace

void BatchNode::set_along(BatchInts along, int change_of_rank) {
  if (along.empty()) return;
  rule = BatchRule::kAlongAxes;
  axes = std::move(along);
  rank_per_axis = change_of_rank;
}

std::string trace_batch(BatchGraph graph, const Model& model, const std::vector<bool>& batched,
                        const std::vector<bool>& batched_outputs) {
  for (std::size_t i = 0; i < batched.size(); ++i) {
    const auto rank = static_cast<int>(model.input_shapes[i].size());
    graph.values[static_cast<std::size_t>(graph.inputs[i])] = {.batched = batched[i], .rank = rank};
  }
  for (const BatchNode& node : graph.nodes) {
    const bool reached =
        std::any_of(node.inputs.begin(), node.inputs.end(), [&](int v) { return depends(value_of(graph, v)); });
    if (!reached && !node.may_capture) continue;
    const std::string what = follow(graph, node);
    if (!what.empty()) return "the operator " + node.op + " that makes '" + node.name + "' " + what + " of a batch";
  }
  for (std::size_t i = 0; i < batched_outputs.size(); ++i) {
    const BatchValue output = value_of(graph, graph.outputs[i]);
    if (!output.counts && output.batched == batched_outputs[i]) continue;
    const std::string name = "the output '" + model.facts().outputs[i].any_name() + "' ";
    if (output.counts) return name + "tells the number of items of a batch";
    return name +
           (output.batched ? "depends on the batch, but its first dimension is not 1" : "is not made from the batch");
  }
  return {};
}

}  // namespace baton::model
