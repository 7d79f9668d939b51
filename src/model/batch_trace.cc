// SPDX-License-Identifier: Apache-2.0
// Copyright (C) 2026 The Baton authors
#include "model/batch_trace.h"

#include <algorithm>
#include <optional>
#include <utility>

#include "model/batch_lengths.h"

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
      case BatchRule::kReshape: return reshaped(node);
      case BatchRule::kShape: break;
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
    if (rank != kUnknownRank && result < 1) return std::nullopt;
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

  /// Items are contiguous: where the first length is theirs and no other is, they stay apart.
  std::optional<int> reshaped(const BatchNode& node) const {
    const std::vector<bool>& lengths = input(node, node.lengths).counted;
    if (!first_alone(node) || std::count(lengths.begin(), lengths.end(), true) != 1 || !lengths.front())
      return std::nullopt;
    for (std::size_t i = 0; i < node.inputs.size(); ++i) {
      if (i != node.lengths && !input(node, i).counted.empty()) return std::nullopt;
    }
    return static_cast<int>(lengths.size());
  }

  /// What has no items is either of fewer dimensions, or the same matrices for each of them.
  static bool joins(const BatchValue& free, int rank) {
    return free.rank != kUnknownRank && (free.rank < rank || (free.rank == rank && free.first_dim == 1));
  }

  std::optional<int> product(const BatchNode& node) const {
    constexpr int kMatrix = 2;
    const BatchValue& left = input(node, 0);
    const BatchValue& right = input(node, 1);
    if (left.batched && right.batched) {
      return left.rank == right.rank && left.rank > kMatrix ? std::optional(left.rank) : std::nullopt;
    }
    if (right.batched)
      return right.rank > kMatrix && left.rank >= kMatrix && joins(left, right.rank) ? std::optional(right.rank)
                                                                                     : std::nullopt;
    const bool rows = left.rank == kMatrix && !node.transposed && (right.rank == 1 || right.rank == kMatrix);
    if (!rows && !(left.rank > kMatrix && right.rank >= 1 && joins(right, left.rank))) return std::nullopt;
    return right.rank == 1 ? left.rank - 1 : left.rank;
  }

  const std::vector<BatchValue>& values_;
};

const BatchValue& value_of(const BatchGraph& graph, int value) {
  static const BatchValue none;
  return value == kNoValue ? none : graph.values[static_cast<std::size_t>(value)];
}

bool any_input(const BatchGraph& graph, const BatchNode& node, bool (*has)(const BatchValue&)) {
  return std::any_of(node.inputs.begin(), node.inputs.end(), [&](int v) { return has(value_of(graph, v)); });
}
bool is_counted(const BatchValue& value) { return !value.counted.empty(); }
bool depends(const BatchValue& value) { return value.batched || is_counted(value); }

/// False where the file says another rank.
bool set_results(BatchGraph& graph, const BatchNode& node, const BatchValue& result) {
  for (const int output : node.outputs) {
    if (output == kNoValue) continue;
    BatchValue& value = graph.values[static_cast<std::size_t>(output)];
    const int declared = value.rank;
    if (declared != kUnknownRank && result.rank != kUnknownRank && declared != result.rank) return false;
    value = result;
    if (value.rank == kUnknownRank) value.rank = declared;
  }
  return true;
}

/// Gives the results of a node that depends on the items; says what becomes of them where they do not stay apart.
std::string follow(BatchGraph& graph, const BatchNode& node) {
  const bool counted = any_input(graph, node, is_counted);
  if (node.rule == BatchRule::kShape || (counted && node.rule != BatchRule::kReshape)) {
    const auto lengths = lengths_of(graph, node);
    return lengths && set_results(graph, node, *lengths) ? "" : "takes the number of items";
  }
  const auto rank = Tracer(graph.values).result_rank(node);
  const bool apart = rank && *rank != 0;  // of a scalar nothing is left of the items
  return apart && set_results(graph, node, {.batched = true, .rank = *rank}) ? "" : "may mix the items";
}

/// What is known of results that no item reaches, where the file says nothing.
void settle(BatchGraph& graph, const BatchNode& node) {
  const bool known = node.outputs.size() != 1 || value_of(graph, node.outputs[0]).rank != kUnknownRank;
  if (!node.same_content || known) return;
  if (const auto lengths = lengths_of(graph, node)) set_results(graph, node, *lengths);
}

}  // namespace

void BatchNode::set_along(BatchInts along, int change_of_rank) {
  if (along.empty()) return;
  rule = BatchRule::kAlongAxes;
  axes = std::move(along);
  rank_per_axis = change_of_rank;
}

void BatchNode::set_range(const BatchInts& begin, const BatchInts& end, const BatchInts& steps) {
  if (begin.size() == 1 && end.size() == 1 && steps == BatchInts{1}) range = {true, begin.front(), end.front()};
}

std::string trace_batch(BatchGraph graph, const Model& model, const std::vector<bool>& batched,
                        const std::vector<bool>& batched_outputs) {
  for (std::size_t i = 0; i < batched.size(); ++i) {
    const auto rank = static_cast<int>(model.input_shapes[i].size());
    graph.values[static_cast<std::size_t>(graph.inputs[i])] = {.batched = batched[i], .rank = rank};
  }
  for (const BatchNode& node : graph.nodes) {
    if (!any_input(graph, node, depends) && !node.may_capture) {
      settle(graph, node);
      continue;
    }
    const std::string what = follow(graph, node);
    if (!what.empty()) return "the operator " + node.op + " that makes '" + node.name + "' " + what + " of a batch";
  }
  for (std::size_t i = 0; i < batched_outputs.size(); ++i) {
    const BatchValue& output = value_of(graph, graph.outputs[i]);
    if (!is_counted(output) && output.batched == batched_outputs[i]) continue;
    const std::string name = "the output '" + model.facts().outputs[i].any_name() + "' ";
    if (is_counted(output)) return name + "tells the number of items of a batch";
    return name +
           (output.batched ? "depends on the batch, but its first dimension is not 1" : "is not made from the batch");
  }
  return {};
}

}  // namespace baton::model
