// SPDX-License-Identifier: Apache-2.0
// Copyright (C) 2026 The Baton authors
//
// The little of a graph that Baton's own questions need: which values are constants, of which type and size, and which
// operator makes what of what. The ONNX reader and the OpenVINO engine both fill one; the answers come from here.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "baton/element_type.hpp"
#include "model/model.h"

namespace baton::model {

/// Bodies of loops and branches stand in the same lists as the graph around them; nodes stand after the nodes whose
/// results they use (a node that does not only makes the answers less precise).
/// Thread-safety: a plain value.
struct GraphSketch {
  using Id = std::uint32_t;  ///< an index into `values` or `nodes`
  static constexpr Id kNone = UINT32_MAX;

  enum class Kind : std::uint8_t { kInput, kConstant, kComputed };

  struct Value {
    Kind kind = Kind::kComputed;
    element::Type type;          ///< dynamic when not known
    std::uint64_t elements = 0;  ///< of a constant
    Id producer = kNone;         ///< the node that computes it
  };
  struct Node {
    std::string op;          ///< "Conv", "com.microsoft.Gelu", "Convolution"
    std::vector<Id> inputs;  ///< those that are given, in order
    std::vector<Id> outputs;
    bool training = false;  ///< runs in training mode (Dropout)
  };

  std::vector<Value> values;
  std::vector<Node> nodes;
  std::vector<Id> inputs;  ///< of the model, in port order
  std::vector<Id> outputs;
  bool winograd = false;  ///< the model's metadata has WINOGRAD = true

  Id add_value(Value value);
  void add_node(Node node);  ///< also notes it as the producer of its outputs
};

/// Fills what follows from the graph: label, distributions, stateful, random, weight_bytes, operators.
void describe(const GraphSketch& graph, Facts& facts);

/// The rule for a metadata value that is a flag, such as WINOGRAD: "true", "YES", "1".
bool is_true(std::string_view metadata_value);

}  // namespace baton::model
