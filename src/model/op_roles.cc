// SPDX-License-Identifier: Apache-2.0
// Copyright (C) 2026 The Baton authors
#include "model/op_roles.h"

#include <algorithm>
#include <array>
#include <utility>

namespace baton::model {

namespace {

using Entry = std::pair<std::string_view, OpRole>;
using enum OpRole;

// One table for all dialects, sorted by name. com.microsoft operators stand here without their domain.
constexpr std::array kRoles = {
    Entry{"AUGRUCell", kWeighted},
    Entry{"AUGRUSequence", kWeighted},
    Entry{"Assign", kState},
    Entry{"Attention", kWeighted},
    Entry{"Bernoulli", kRandom},
    Entry{"BiasDropout", kDropout},
    Entry{"BinaryConvolution", kBinaryConvolution},
    Entry{"BitmaskDropout", kDropout},
    Entry{"Cast", kView},
    Entry{"CastLike", kView},
    Entry{"Clamp", kSelect},
    Entry{"Clip", kSelect},
    Entry{"Concat", kSelect},
    Entry{"Conv", kWeighted},
    Entry{"ConvInteger", kInteger},
    Entry{"ConvTranspose", kWeighted},
    Entry{"Convert", kView},
    Entry{"ConvertLike", kView},
    Entry{"Convolution", kWeighted},
    Entry{"ConvolutionBackpropData", kWeighted},
    Entry{"DecoderAttention", kWeighted},
    Entry{"DecoderMaskedMultiHeadAttention", kWeighted},
    Entry{"DecoderMaskedSelfAttention", kWeighted},
    Entry{"DeformConv", kWeighted},
    Entry{"DeformableConvolution", kWeighted},
    Entry{"DequantizeLinear", kQuantize},
    Entry{"Dropout", kDropout},
    Entry{"DynamicQuantizeLSTM", kInteger},
    Entry{"DynamicQuantizeLinear", kQuantize},
    Entry{"DynamicQuantizeMatMul", kInteger},
    Entry{"Einsum", kWeighted},
    Entry{"FakeQuantize", kQuantize},
    Entry{"Flatten", kView},
    Entry{"FusedConv", kWeighted},
    Entry{"FusedGemm", kWeighted},
    Entry{"FusedMatMul", kWeighted},
    Entry{"GRU", kWeighted},
    Entry{"GRUCell", kWeighted},
    Entry{"GRUSequence", kWeighted},
    Entry{"Gather", kSelect},
    Entry{"Gemm", kWeighted},
    Entry{"GemmFastGelu", kWeighted},
    Entry{"GroupConvolution", kWeighted},
    Entry{"GroupConvolutionBackpropData", kWeighted},
    Entry{"GroupQueryAttention", kWeighted},
    Entry{"Identity", kView},
    Entry{"LSTM", kWeighted},
    Entry{"LSTMCell", kWeighted},
    Entry{"LSTMSequence", kWeighted},
    Entry{"LongformerAttention", kWeighted},
    Entry{"MatMul", kWeighted},
    Entry{"MatMulBnb4", kPackedWeighted},
    Entry{"MatMulFpQ4", kPackedWeighted},
    Entry{"MatMulInteger", kInteger},
    Entry{"MatMulInteger16", kInteger},
    Entry{"MatMulIntegerToFloat", kInteger},
    Entry{"MatMulNBits", kPackedWeighted},
    Entry{"MaxPool", kSelect},
    Entry{"MoE", kWeighted},
    Entry{"MultiHeadAttention", kWeighted},
    Entry{"Multinomial", kRandom},
    Entry{"NhwcConv", kWeighted},
    Entry{"NhwcFusedConv", kWeighted},
    Entry{"PackedAttention", kWeighted},
    Entry{"PackedMultiHeadAttention", kWeighted},
    Entry{"Pad", kSelect},
    Entry{"QAttention", kInteger},
    Entry{"QGemm", kInteger},
    Entry{"QLinearConv", kInteger},
    Entry{"QLinearMatMul", kInteger},
    Entry{"QMoE", kPackedWeighted},
    Entry{"QOrderedAttention", kInteger},
    Entry{"QOrderedMatMul", kInteger},
    Entry{"QuantizeLinear", kQuantize},
    Entry{"RNN", kWeighted},
    Entry{"RNNCell", kWeighted},
    Entry{"RNNSequence", kWeighted},
    Entry{"RandomNormal", kRandom},
    Entry{"RandomNormalLike", kRandom},
    Entry{"RandomUniform", kRandom},
    Entry{"RandomUniformLike", kRandom},
    Entry{"ReLU", kSelect},
    Entry{"ReadValue", kState},
    Entry{"Relu", kSelect},
    Entry{"Reshape", kView},
    Entry{"ScaledDotProductAttention", kWeighted},
    Entry{"Slice", kSelect},
    Entry{"Softmax", kSoftmax},
    Entry{"Split", kSelect},
    Entry{"Squeeze", kView},
    Entry{"StridedSlice", kSelect},
    Entry{"Transpose", kView},
    Entry{"TransposeMatMul", kWeighted},
    Entry{"Unsqueeze", kView},
    Entry{"VariadicSplit", kSelect},
};

}  // namespace

OpRole role_of(std::string_view op) {
  constexpr std::string_view kMicrosoft = "com.microsoft.";
  if (op.starts_with(kMicrosoft)) op.remove_prefix(kMicrosoft.size());
  static_assert(
      std::is_sorted(kRoles.begin(), kRoles.end(), [](const Entry& a, const Entry& b) { return a.first < b.first; }));
  const auto found = std::lower_bound(kRoles.begin(), kRoles.end(), op,
                                      [](const Entry& entry, std::string_view name) { return entry.first < name; });
  return found != kRoles.end() && found->first == op ? found->second : kOther;
}

}  // namespace baton::model
