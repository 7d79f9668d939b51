// SPDX-License-Identifier: Apache-2.0
// Copyright (C) 2026 The Baton authors
#include "sim/arithmetic.h"

#include <gtest/gtest.h>

#include <cmath>
#include <cstring>
#include <limits>
#include <set>

namespace baton::sim {
namespace {

std::vector<float> outputs(std::vector<float> values, Shape input_shape, const Shape& output_shape,
                           const OutputError& error = {}) {
  const engine::TensorView input{element::f32, input_shape, values.data(), values.size() * sizeof(float)};
  std::vector<float> result(shape_size(output_shape));
  fill_output({&input, 1}, 0, element::f32, output_shape, error, result.data());
  return result;
}

TEST(SimArithmetic, values_are_in_the_unit_interval_and_the_same_every_time) {
  const auto first = outputs({1, 2, 3, 4}, {1, 4}, {1, 100});
  EXPECT_EQ(first, outputs({1, 2, 3, 4}, {1, 4}, {1, 100}));
  for (const float value : first) {
    EXPECT_GE(value, 0.0f);
    EXPECT_LT(value, 1.0f);
  }
  EXPECT_GT(std::set<float>(first.begin(), first.end()).size(), 90u);
}

TEST(SimArithmetic, every_input_byte_counts) {
  const auto base = outputs({1, 2, 3, 4, 5}, {1, 5}, {1, 4});
  for (std::size_t i = 0; i < 5; ++i) {
    std::vector<float> values{1, 2, 3, 4, 5};
    values[i] = std::nextafter(values[i], 10.0f);
    EXPECT_NE(outputs(values, {1, 5}, {1, 4}), base) << i;
  }
}

TEST(SimArithmetic, B915_an_item_of_a_batch_gives_what_it_gives_alone) {
  const auto batch = outputs({1, 2, 3, 4, 5, 6}, {3, 2}, {3, 4});
  for (std::size_t item = 0; item < 3; ++item) {
    const float a = 1.0f + 2.0f * static_cast<float>(item);
    const auto alone = outputs({a, a + 1}, {1, 2}, {1, 4});
    EXPECT_EQ(alone, std::vector<float>(batch.begin() + static_cast<std::ptrdiff_t>(item * 4),
                                        batch.begin() + static_cast<std::ptrdiff_t>(item * 4 + 4)));
  }
}

TEST(SimArithmetic, B002_injected_errors_change_values) {
  const auto right = outputs({1, 2}, {1, 2}, {1, 3});
  const auto wrong = outputs({1, 2}, {1, 2}, {1, 3}, {.bias = 0.5, .scale = 2});
  for (std::size_t i = 0; i < 3; ++i) EXPECT_FLOAT_EQ(wrong[i], 2 * right[i] + 0.5f);
  const auto nan = outputs({1, 2}, {1, 2}, {1, 3}, {.nan = true});
  EXPECT_TRUE(std::isnan(nan[0]));
  EXPECT_EQ(nan[1], right[1]);
}

TEST(SimArithmetic, all_types_hold_the_same_value) {
  float in = 7;
  const Shape shape{1};
  const engine::TensorView input{element::f32, shape, &in, sizeof in};
  const auto make = [&](element::Type type) {
    std::uint64_t raw = 0;
    fill_output({&input, 1}, 0, type, shape, {}, &raw);
    return raw;
  };
  const double exact = value_bits(fold({&input, 1}, kWhole), 0, 0) / 16777216.0;
  const auto as_f32 = [](std::uint32_t bits) {
    float value;
    std::memcpy(&value, &bits, sizeof value);
    return value;
  };
  EXPECT_EQ(as_f32(static_cast<std::uint32_t>(make(element::f32))), static_cast<float>(exact));
  EXPECT_NEAR(as_f32(static_cast<std::uint32_t>(make(element::bf16)) << 16), exact, exact / 128);
  EXPECT_EQ(make(element::f16), to_half(static_cast<float>(exact)));
  EXPECT_LT(make(element::i64), 100u);
  EXPECT_EQ(make(element::i64), make(element::u8));
  EXPECT_LE(make(element::boolean), 1u);
  EXPECT_FALSE(is_computable(element::string));
  EXPECT_FALSE(is_computable(element::i4));
}

TEST(SimArithmetic, halves_are_rounded_to_nearest_even) {
  EXPECT_EQ(to_half(1.0f), 0x3C00);
  EXPECT_EQ(to_half(-2.0f), 0xC000);
  EXPECT_EQ(to_half(65504.0f), 0x7BFF);
  EXPECT_EQ(to_half(65520.0f), 0x7C00);
  EXPECT_EQ(to_half(1.0f + 0x1p-11f), 0x3C00);  // a tie goes to the even neighbour
  EXPECT_EQ(to_half(1.0f + 3 * 0x1p-11f), 0x3C02);
  EXPECT_EQ(to_half(0x1p-24f), 0x0001);
  EXPECT_EQ(to_half(0x1p-14f), 0x0400);
  EXPECT_EQ(to_half(0.0f), 0);
  EXPECT_EQ(to_half(std::numeric_limits<float>::infinity()), 0x7C00);
  EXPECT_EQ(to_half(std::numeric_limits<float>::quiet_NaN()), 0x7E00);
}

TEST(SimArithmetic, output_shapes_follow_the_inputs) {
  model::Facts facts;
  facts.inputs = {{{"a"}, element::f32, PartialShape{1, 3, Dimension(), 5}},
                  {{"b"}, element::f32, PartialShape{Dimension(), 7}}};
  const auto shape = [&](PartialShape declared, const PartialShape& a, const PartialShape& b) {
    const model::Port port{{"out"}, element::f32, std::move(declared)};
    return output_shape(facts, port, std::vector<PartialShape>{a, b});
  };
  // Dynamic at the position of a dynamic input dimension; a batch that was reshaped; nothing to go by.
  EXPECT_EQ(shape({Dimension(), 9, Dimension()}, {1, 3, 8, 5}, {6, 7}), (PartialShape{6, 9, 8}));
  EXPECT_EQ(shape({1, 9}, {4, 3, 8, 5}, {6, 7}), (PartialShape{4, 9}));
  EXPECT_EQ(shape({2, 1}, {4, 3, 8, 5}, {6, 7}), (PartialShape{2, 1}));
  EXPECT_EQ(shape({1, Dimension()}, {1, 3, 8, 5}, {6, 7}), (PartialShape{1, Dimension()}));
  EXPECT_EQ(shape(PartialShape::dynamic(), {1, 3, 8, 5}, {6, 7}), (PartialShape{1}));
}

}  // namespace
}  // namespace baton::sim
