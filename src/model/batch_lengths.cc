// SPDX-License-Identifier: Apache-2.0
// Copyright (C) 2026 The Baton authors
#include "model/batch_lengths.h"

#include <algorithm>
#include <utility>

namespace baton::model {
namespace {

/// Lengths of which none tells the number of items are as good as constants.
BatchValue lengths(std::vector<bool> counted, int rank) {
  const auto count = static_cast<std::int64_t>(counted.size());
  if (std::find(counted.begin(), counted.end(), true) == counted.end()) return {.rank = rank, .first_dim = count};
  return {.counted = std::move(counted), .rank = rank};
}

class Lengths {
 public:
  Lengths(const BatchGraph& graph, const BatchNode& node) : graph_(graph), node_(node) {}

  std::optional<BatchValue> result() const {
    if (node_.rule == BatchRule::kConcat) return along_the_list() ? joined() : std::nullopt;
    for (std::size_t i = 1; i < node_.inputs.size(); ++i) {
      if (!input(i).counted.empty()) return std::nullopt;
    }
    if (node_.rule == BatchRule::kShape) return shape();
    if (node_.same_content) return laid_out();
    if (!along_the_list() || input(0).counted.empty()) return std::nullopt;
    if (node_.rule == BatchRule::kGather) return picked();
    return node_.range.known ? sliced() : std::nullopt;
  }

 private:
  const BatchValue& input(std::size_t index) const {
    static const BatchValue none;
    if (index >= node_.inputs.size() || node_.inputs[index] == kNoValue) return none;
    return graph_.values[static_cast<std::size_t>(node_.inputs[index])];
  }
  bool along_the_list() const { return node_.axes == BatchInts{0} || node_.axes == BatchInts{-1}; }

  /// Of lengths themselves: how many there are does not depend on the items.
  std::optional<BatchValue> shape() const {
    const BatchValue& of = input(0);
    if (of.rank == kUnknownRank || (of.batched && of.rank == 0)) return std::nullopt;
    std::vector<bool> counted(static_cast<std::size_t>(of.rank), false);
    if (of.batched) counted.front() = true;
    return lengths(std::move(counted), 1);
  }

  /// Another type, or a list of one in place of a scalar, or the reverse.
  std::optional<BatchValue> laid_out() const {
    BatchValue value = input(0);
    if (value.batched) return std::nullopt;
    if (node_.rank_per_axis == 0) return value;
    const bool single = value.rank == (node_.rank_per_axis > 0 ? 0 : 1) && along_the_list();
    if (!single || (value.rank == 1 && value.counted.empty() && value.first_dim != 1) || value.counted.size() > 1)
      return std::nullopt;
    value.rank += node_.rank_per_axis;
    value.first_dim = 1;
    return value;
  }

  std::optional<BatchValue> picked() const {
    const std::vector<bool>& from = input(0).counted;
    const auto size = static_cast<std::int64_t>(from.size());
    const int rank = input(1).rank;
    if (node_.picks.empty() || (rank != 0 && rank != 1)) return std::nullopt;
    std::vector<bool> counted;
    for (const std::int64_t pick : node_.picks) {
      if (pick < -size || pick >= size) return std::nullopt;
      counted.push_back(from[static_cast<std::size_t>(pick < 0 ? pick + size : pick)]);
    }
    return lengths(std::move(counted), rank);
  }

  std::optional<BatchValue> sliced() const {
    const std::vector<bool>& from = input(0).counted;
    const auto size = static_cast<std::int64_t>(from.size());
    const auto place = [&](std::int64_t at) { return std::clamp<std::int64_t>(at < 0 ? at + size : at, 0, size); };
    const std::int64_t begin = place(node_.range.begin), end = place(node_.range.end);
    const bool scalar = node_.rank_per_axis < 0;
    if (begin >= end || (scalar && end - begin != 1)) return std::nullopt;
    return lengths({from.begin() + begin, from.begin() + end}, scalar ? 0 : 1);
  }

  std::optional<BatchValue> joined() const {
    std::vector<bool> counted;
    for (std::size_t i = 0; i < node_.inputs.size(); ++i) {
      const BatchValue& value = input(i);
      if (value.batched || value.rank != 1) return std::nullopt;
      if (!value.counted.empty()) {
        counted.insert(counted.end(), value.counted.begin(), value.counted.end());
      } else if (value.first_dim >= 0 && value.first_dim <= static_cast<std::int64_t>(kFewInts)) {
        counted.insert(counted.end(), static_cast<std::size_t>(value.first_dim), false);
      } else {
        return std::nullopt;
      }
    }
    return lengths(std::move(counted), 1);
  }

  const BatchGraph& graph_;
  const BatchNode& node_;
};

}  // namespace

std::optional<BatchValue> lengths_of(const BatchGraph& graph, const BatchNode& node) {
  return Lengths(graph, node).result();
}

}  // namespace baton::model
