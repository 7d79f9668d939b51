// SPDX-License-Identifier: Apache-2.0
// Copyright (C) 2026 The Baton authors
//
// What becomes of the items of a batch on their way through a graph (B-904). The readers of ONNX and IR graphs say for
// each operator which rule it follows; what follows from the rules is said here.
#pragma once

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "model/model.h"

namespace baton::model {

using BatchInts = std::vector<std::int64_t>;

inline constexpr int kUnknownRank = -1;
inline constexpr int kNoValue = -1;          ///< an input that is left out
inline constexpr std::size_t kFewInts = 64;  ///< shapes and axes; longer constants are data

/// How an operator treats the items, which stand in the first dimension.
enum class BatchRule {
  kRefused,     ///< mixes them, or nobody knows
  kBroadcast,   ///< element by element over all inputs, aligned at the last dimension
  kFirstInput,  ///< those of the first input stay apart and in order; the other inputs have none
  kAlongAxes,   ///< the same; the operator works along `axes`
  kConcat,      ///< every input has the items; joined along `axes`
  kGather,      ///< elements of the first input along `axes`, by the indices in the second
  kProduct,     ///< of matrices, which are the last two dimensions
  kShape,       ///< the lengths of the first input
  kReshape,     ///< the first input by lengths that another input, `lengths`, tells
};

/// Which of several lengths a slice takes; a negative place counts from the end.
struct BatchRange {
  bool known = false;
  std::int64_t begin = 0;
  std::int64_t end = 0;
};

struct BatchNode {
  BatchRule rule = BatchRule::kRefused;
  std::string op;    ///< for messages
  std::string name;  ///< the same
  std::vector<int> inputs = {};
  std::vector<int> outputs = {};
  BatchInts axes = {};             ///< negative: from the end
  int rank_per_axis = 0;           ///< 1: each axis is a new dimension of the result; -1: one that goes
  int result_rank = kUnknownRank;  ///< of kFirstInput; unknown: as the input's
  bool transposed = false;         ///< kProduct: the first matrix
  std::size_t lengths = 1;         ///< kReshape: which input
  bool same_content = false;       ///< only type or rank differ: lengths remain what they are
  BatchInts picks = {};            ///< kGather: the indices
  BatchRange range = {};           ///< kAlongAxes: of a slice of lengths
  bool may_capture = false;        ///< holds a graph that may use any value of this one

  /// Sets kAlongAxes; the node stays refused when there are no axes, which often means all of them.
  void set_along(BatchInts along, int change_of_rank = 0);
  /// The same for `range`, which stays unknown unless it is one of neighbours.
  void set_range(const BatchInts& begin, const BatchInts& end, const BatchInts& steps);
};

/// What is known of a value before the items are followed.
struct BatchValue {
  bool batched = false;
  /// Of lengths (a scalar is one): which of them are the number of items, or that times something. Empty: none is.
  std::vector<bool> counted = {};
  int rank = kUnknownRank;
  std::int64_t first_dim = -1;  ///< where no item reaches it; -1: unknown
};

/// Values by number; nodes stand after those whose results they use. Thread-safety: a plain value.
struct BatchGraph {
  std::vector<BatchValue> values = {};
  std::vector<BatchNode> nodes = {};
  std::vector<int> inputs = {};   ///< by port
  std::vector<int> outputs = {};  ///< the same

  int add(BatchValue value) {
    values.push_back(std::move(value));
    return static_cast<int>(values.size()) - 1;
  }
};

/// As `batch_obstacle`.
std::string trace_batch(BatchGraph graph, const Model& model, const std::vector<bool>& batched,
                        const std::vector<bool>& batched_outputs);

}  // namespace baton::model
