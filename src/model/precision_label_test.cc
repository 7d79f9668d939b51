// SPDX-License-Identifier: Apache-2.0
// Copyright (C) 2026 The Baton authors
#include "model/precision_label.h"

#include <gtest/gtest.h>

#include <initializer_list>
#include <string>

#include "model/op_roles.h"

namespace baton::model {
namespace {

using element::bf16;
using element::f16;
using element::f32;
using element::f64;
using element::i8;
using element::u8;
using Id = GraphSketch::Id;

/// Puts sketches together as sentences: `g.op("Conv", {x, w}, f32)` returns the result.
struct Builder {
  GraphSketch graph;

  Id input(element::Type type) {
    const Id id = graph.add_value({GraphSketch::Kind::kInput, type, 0, GraphSketch::kNone});
    graph.inputs.push_back(id);
    return id;
  }
  Id constant(element::Type type, std::uint64_t elements = 100) {
    return graph.add_value({GraphSketch::Kind::kConstant, type, elements, GraphSketch::kNone});
  }
  Id op(const std::string& name, std::initializer_list<Id> inputs, element::Type type) {
    const Id id = graph.add_value({GraphSketch::Kind::kComputed, type, 0, GraphSketch::kNone});
    graph.add_node({name, inputs, {id}, false});
    return id;
  }
  PrecisionLabel label() const { return precision_label(graph); }
};

void expect_label(const Builder& g, const std::string& name, int row) {
  const PrecisionLabel label = g.label();
  EXPECT_EQ(label.name, name);
  EXPECT_EQ(label.row, row);
}

TEST(PrecisionLabel, B402_row_5_type_of_the_weights_in_each_dialect) {
  for (const char* op : {"Conv", "Gemm", "LSTM", "ConvTranspose", "com.microsoft.Attention", "Convolution",
                         "GroupConvolution", "MatMul", "LSTMSequence", "ConvolutionBackpropData"}) {
    Builder g;
    g.op(op, {g.input(f32), g.constant(f16)}, f16);
    expect_label(g, "FP16", 5);
  }
}

TEST(PrecisionLabel, B402_row_5_weights_of_other_operators_do_not_count) {
  Builder g;
  const Id x = g.input(f32);
  g.op("Add", {x, g.constant(f16, 1'000'000)}, f32);
  g.op("MatMul", {x, g.constant(f32, 10)}, f32);
  expect_label(g, "FP32", 5);
}

TEST(PrecisionLabel, B402_row_5_most_bytes_decide_and_a_tie_goes_to_the_wider) {
  Builder more_half;
  const Id x = more_half.input(f32);
  more_half.op("MatMul", {x, more_half.constant(f32, 100)}, f32);
  more_half.op("MatMul", {x, more_half.constant(f16, 201)}, f32);
  expect_label(more_half, "FP16", 5);
  Builder tie;
  const Id y = tie.input(f32);
  tie.op("MatMul", {y, tie.constant(f16, 200)}, f32);
  tie.op("MatMul", {y, tie.constant(f32, 100)}, f32);
  expect_label(tie, "FP32", 5);
}

TEST(PrecisionLabel, B402_row_5_double_counts_as_FP32) {
  Builder g;
  g.op("Gemm", {g.input(f64), g.constant(f64)}, f64);
  expect_label(g, "FP32", 5);
}

TEST(PrecisionLabel, B402_row_6_without_weights_the_first_floating_input_decides) {
  Builder g;
  g.input(element::i64);
  g.op("Relu", {g.input(f16)}, f16);
  g.input(f32);
  expect_label(g, "FP16", 6);
  Builder integers;
  integers.op("Add", {integers.input(element::i32), integers.constant(element::i32)}, element::i32);
  expect_label(integers, "ANY", 6);
}

TEST(PrecisionLabel, B405_bf16_weights) {
  Builder g;
  g.op("MatMul", {g.input(bf16), g.constant(bf16)}, bf16);
  expect_label(g, "BF16", 5);
}

TEST(PrecisionLabel, B403_weights_decompressed_before_use_count_as_what_is_computed_in) {
  for (const element::Type stored : {i8, u8, element::i4, element::u4, element::nf4, element::f8e4m3}) {
    for (const element::Type computed : {f32, f16, bf16}) {
      Builder g;
      const Id x = g.input(computed);
      const Id converted = g.op("Convert", {g.constant(stored)}, computed);
      const Id shifted = g.op("Subtract", {converted, g.constant(computed, 1)}, computed);
      const Id scaled = g.op("Multiply", {shifted, g.constant(computed, 10)}, computed);
      g.op("MatMul", {x, g.op("Reshape", {scaled, g.constant(element::i64, 2)}, computed)}, computed);
      expect_label(g, computed == f32 ? "FP32" : computed == f16 ? "FP16" : "BF16", 5);
    }
  }
}

TEST(PrecisionLabel, B403_dequantised_weights_are_not_INT8) {
  Builder g;
  const Id weights = g.op("DequantizeLinear", {g.constant(i8), g.constant(f16, 1), g.constant(i8, 1)}, f16);
  g.op("MatMul", {g.input(f16), g.op("Transpose", {weights}, f16)}, f16);
  expect_label(g, "FP16", 5);
}

TEST(PrecisionLabel, B403_FakeQuantize_on_constants_is_compression_too) {
  Builder g;
  const Id weights = g.op("FakeQuantize", {g.constant(f32), g.constant(f32, 1), g.constant(f32, 1)}, f32);
  g.op("Convolution", {g.input(f32), weights}, f32);
  expect_label(g, "FP32", 5);
}

TEST(PrecisionLabel, B403_packed_weights_count_as_the_type_of_their_scales) {
  Builder g;
  g.op("com.microsoft.MatMulNBits", {g.input(f16), g.constant(u8, 5000), g.constant(f16, 50)}, f16);
  g.op("MatMul", {g.input(f16), g.constant(f32, 2000)}, f32);
  expect_label(g, "FP16", 5);
}

TEST(PrecisionLabel, B404_half_precision_weights_only_converted_count_as_FP16) {
  Builder g;
  const Id weights = g.op("Convert", {g.constant(f16)}, f32);
  g.op("Convolution", {g.input(f32), weights}, f32);
  expect_label(g, "FP16", 5);
}

TEST(PrecisionLabel, f32_weights_converted_down_count_as_what_is_computed_in) {
  Builder g;
  g.op("MatMul", {g.input(f16), g.op("Cast", {g.constant(f32)}, f16)}, f16);
  expect_label(g, "FP16", 5);
}

TEST(PrecisionLabel, B402_row_4_quantised_activations) {
  Builder fake;
  const Id a = fake.op("FakeQuantize", {fake.input(f32), fake.constant(f32, 1)}, f32);
  fake.op("Convolution", {a, fake.constant(f32)}, f32);
  expect_label(fake, "INT8", 4);

  Builder qdq;
  const Id q = qdq.op("QuantizeLinear", {qdq.input(f32), qdq.constant(f32, 1), qdq.constant(u8, 1)}, u8);
  const Id dq = qdq.op("DequantizeLinear", {q, qdq.constant(f32, 1), qdq.constant(u8, 1)}, f32);
  const Id moved = qdq.op("Transpose", {qdq.op("MaxPool", {dq}, f32)}, f32);
  qdq.op("Conv", {moved, qdq.constant(f32)}, f32);
  expect_label(qdq, "INT8", 4);

  for (const char* op : {"QLinearConv", "ConvInteger", "MatMulInteger", "com.microsoft.QGemm"}) {
    Builder integer;
    integer.op(op, {integer.input(u8), integer.constant(i8)}, element::i32);
    expect_label(integer, "INT8", 4);
  }
}

TEST(PrecisionLabel, B402_row_4_quantised_values_that_no_weights_meet_do_not_count) {
  Builder g;
  const Id x = g.input(f32);
  const Id quantised = g.op("FakeQuantize", {x, g.constant(f32, 1)}, f32);
  g.op("Sigmoid", {quantised}, f32);
  g.op("MatMul", {g.op("Sigmoid", {quantised}, f32), g.constant(f32)}, f32);
  expect_label(g, "FP32", 5);
}

TEST(PrecisionLabel, B402_row_3_binary_before_quantised) {
  Builder g;
  const Id a = g.op("FakeQuantize", {g.input(f32), g.constant(f32, 1)}, f32);
  g.op("BinaryConvolution", {a, g.constant(element::u1)}, f32);
  g.op("Convolution", {a, g.constant(f32)}, f32);
  expect_label(g, "BIN", 3);
}

TEST(PrecisionLabel, B402_row_2_and_B429_fall_backs) {
  Builder g;
  const Id a = g.op("FakeQuantize", {g.input(f32), g.constant(f32, 1)}, f32);
  g.op("Convolution", {a, g.constant(f16)}, f32);
  g.graph.winograd = true;
  expect_label(g, "WINOGRAD", 2);
  EXPECT_EQ(g.label().without_winograd, "INT8");
  EXPECT_EQ(g.label().without_int8, "FP16");
}

TEST(PrecisionLabel, B429_an_integer_model_falls_back_to_its_floating_input) {
  Builder g;
  g.op("QLinearConv", {g.op("QuantizeLinear", {g.input(f32), g.constant(f32, 1)}, u8), g.constant(i8)}, u8);
  expect_label(g, "INT8", 4);
  EXPECT_EQ(g.label().without_int8, "FP32");
}

TEST(PrecisionLabel, random_numbers_are_no_weights) {
  Builder g;
  g.op("MatMul", {g.input(f32), g.op("RandomNormal", {}, f16)}, f16);
  expect_label(g, "FP32", 6);
}

TEST(OpRoles, names_are_exact_and_other_domains_have_none) {
  EXPECT_EQ(role_of("MatMul"), OpRole::kWeighted);
  EXPECT_EQ(role_of("com.microsoft.FusedMatMul"), OpRole::kWeighted);
  EXPECT_EQ(role_of("com.example.MatMul"), OpRole::kOther);
  EXPECT_EQ(role_of("matmul"), OpRole::kOther);
  EXPECT_EQ(role_of("MatMu"), OpRole::kOther);
}

Facts described(const Builder& g) {
  Facts facts;
  describe(g.graph, facts);
  return facts;
}

TEST(Describe, B532_a_distribution_ends_with_Softmax_behind_whatever_only_reshapes) {
  Builder g;
  const Id x = g.input(f32);
  const Id softmax = g.op("Softmax", {x}, f32);
  const Id behind =
      g.op("Reshape", {g.op("Cast", {g.op("Identity", {softmax}, f32)}, f16), g.constant(element::i64, 2)}, f16);
  g.graph.outputs = {softmax, behind, x, g.op("Mul", {softmax, x}, f32), g.op("Slice", {softmax}, f32)};
  EXPECT_EQ(described(g).output_is_distribution, std::vector<bool>({true, true, false, false, false}));
}

TEST(Describe, a_circle_of_views_ends) {
  Builder g;
  const Id a = g.graph.add_value({});
  const Id b = g.graph.add_value({});
  g.graph.add_node({"Identity", {a}, {b}, false});
  g.graph.add_node({"Identity", {b}, {a}, false});
  g.graph.outputs = {a};
  EXPECT_EQ(described(g).output_is_distribution, std::vector<bool>({false}));
}

TEST(Describe, B533_random_operators) {
  for (const char* op : {"RandomNormal", "RandomUniformLike", "Multinomial", "Bernoulli", "RandomUniform"}) {
    Builder g;
    g.op(op, {g.input(f32)}, f32);
    EXPECT_TRUE(described(g).random) << op;
  }
  Builder dropout;
  dropout.op("Dropout", {dropout.input(f32)}, f32);
  EXPECT_FALSE(described(dropout).random);
  dropout.graph.nodes[0].training = true;
  EXPECT_TRUE(described(dropout).random);
}

TEST(Describe, B1101_state_operators) {
  Builder g;
  g.op("ReadValue", {g.input(f32)}, f32);
  EXPECT_TRUE(described(g).stateful);
  Builder none;
  none.op("LSTM", {none.input(f32), none.constant(f32)}, f32);
  EXPECT_FALSE(described(none).stateful);
}

TEST(Describe, operators_are_distinct_and_sorted_and_weights_are_summed) {
  Builder g;
  g.op("Relu", {g.op("Conv", {g.op("Relu", {g.input(f32)}, f32), g.constant(f32, 10)}, f32)}, f32);
  g.constant(element::u4, 3);
  EXPECT_EQ(described(g).operators, std::vector<std::string>({"Conv", "Relu"}));
  EXPECT_EQ(described(g).weight_bytes, 42U);
}

}  // namespace
}  // namespace baton::model
