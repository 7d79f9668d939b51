// SPDX-License-Identifier: Apache-2.0
// Copyright (C) 2026 The Baton authors
#pragma once

#include <cstdint>
#include <string_view>

namespace baton::model {

/// What an operator means for the questions of graph_sketch.h and precision_label.h.
enum class OpRole : std::uint8_t {
  kOther,
  kWeighted,        ///< Conv, MatMul, Gemm, recurrent and attention operators: their floating weights decide the label
  kPackedWeighted,  ///< the same with weights of few bits inside, computed in the type of its scales (B-403)
  kInteger,         ///< the same in integer arithmetic
  kBinaryConvolution,
  kQuantize,  ///< FakeQuantize, QuantizeLinear, DequantizeLinear, DynamicQuantizeLinear
  kView,      ///< the same values in another shape, order or type
  kSelect,    ///< some of the values of its inputs, or a limit to them
  kSoftmax,
  kDropout,  ///< random in training mode only
  kRandom,
  kState,  ///< keeps a value between inferences
};

/// The role of an operator of ONNX ("Conv"), com.microsoft ("com.microsoft.FusedConv") or OpenVINO ("Convolution").
OpRole role_of(std::string_view op);

}  // namespace baton::model
