// SPDX-License-Identifier: Apache-2.0
// Copyright (C) 2026 The Baton authors
#include "policy/output_check.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <cstdint>
#include <cstring>
#include <limits>
#include <random>

namespace baton::policy {
namespace {

using ::testing::HasSubstr;
using Shape = std::vector<std::size_t>;

constexpr float kNan = std::numeric_limits<float>::quiet_NaN();
constexpr float kInf = std::numeric_limits<float>::infinity();

template <typename T>
engine::TensorView view(element::Type type, const Shape& shape, const std::vector<T>& values) {
  return {type, shape, const_cast<T*>(values.data()), values.size() * sizeof(T)};
}

OutputVerdict compare_f32(const Shape& shape, const std::vector<float>& helper, const std::vector<float>& target,
                          const Tolerance& tolerance = {}, bool is_distribution = false) {
  const OutputPair pair = {"out", view(element::f32, shape, helper), view(element::f32, shape, target),
                           is_distribution};
  return compare_outputs({&pair, 1}, tolerance);
}

TEST(OutputCheck, B532_tolerance_table) {
  const struct {
    const char* helper;
    const char* target;
    double relative;
    double absolute;
  } kCases[] = {
      {"f32", "f32", 0.001, 0.0001}, {"f32", "f64", 0.001, 0.0001}, {"f32", "", 0.001, 0.0001},
      {"f32", "bf16", 0.02, 0.001},  {"f16", "f32", 0.02, 0.001},   {"f16", "i8", 0.1, 0.001},
      {"i4", "f32", 0.1, 0.001},     {"f32", "f8e4m3", 0.1, 0.001}, {"f32", "nf4", 0.1, 0.001},
      {"f32", "tf32", 0.02, 0.001},
  };
  for (const auto& c : kCases) {
    const Tolerance tolerance = tolerance_for(c.helper, c.target, {});
    EXPECT_EQ(tolerance.relative, c.relative) << c.helper << " " << c.target;
    EXPECT_EQ(tolerance.absolute, c.absolute) << c.helper << " " << c.target;
  }
}

TEST(OutputCheck, B532_what_changes_the_tolerance) {
  EXPECT_EQ(tolerance_for("f32", "bf16", {.accuracy = true}).relative, 0.001);
  EXPECT_EQ(tolerance_for("f32", "f32", {.helper_spread = 0.01}).relative, 0.02);
  EXPECT_EQ(tolerance_for("f32", "f32", {.helper_spread = 0.0001}).relative, 0.001);
  EXPECT_EQ(tolerance_for("f32", "bf16", {.user = 0.5, .helper_spread = 2}).relative, 0.5);
  EXPECT_EQ(tolerance_for("f32", "bf16", {.user = 0.5}).absolute, 0.001);
}

TEST(OutputCheck, B532_the_two_norm_rule_at_its_limit) {
  // ||a|| = 5, n = 4: the limit for ||a-b|| is t*5 + u*2.
  const Tolerance tolerance{0.01, 0.005};
  const std::vector<float> helper = {3, 4, 0, 0};
  EXPECT_TRUE(compare_f32({4}, helper, {3, 4, 0.0599F, 0}, tolerance).agree);
  const OutputVerdict above = compare_f32({4}, helper, {3, 4, 0.0601F, 0}, tolerance);
  EXPECT_FALSE(above.agree);
  EXPECT_EQ(above.output, "out");
  EXPECT_NEAR(above.error, 0.0601 / 6, 1e-6);
  EXPECT_EQ(above.limit, 0.01);
  EXPECT_THAT(above.text, HasSubstr("relative error 0.01002 is above 0.01"));
}

TEST(OutputCheck, B532_a_zero_helper_leaves_the_absolute_part) {
  EXPECT_TRUE(compare_f32({4}, {0, 0, 0, 0}, {0.00019F, 0, 0, 0}).agree);
  EXPECT_FALSE(compare_f32({4}, {0, 0, 0, 0}, {0.00021F, 0, 0, 0}).agree);
}

TEST(OutputCheck, B532_nan_or_infinity_on_one_side_only) {
  EXPECT_FALSE(compare_f32({2}, {1, 2}, {1, kNan}).agree);
  EXPECT_FALSE(compare_f32({2}, {kNan, 2}, {1, 2}).agree);
  EXPECT_FALSE(compare_f32({2}, {1, 2}, {kInf, 2}).agree);
  EXPECT_FALSE(compare_f32({2}, {1, kInf}, {1, -kInf}).agree);
  EXPECT_FALSE(compare_f32({2}, {1, kInf}, {1, kNan}).agree);
  EXPECT_TRUE(compare_f32({3}, {1, kNan, kInf}, {1, kNan, kInf}).agree);
  EXPECT_FALSE(compare_f32({3}, {1, kNan, kInf}, {2, kNan, kInf}).agree);
  EXPECT_THAT(compare_f32({2}, {1, 2}, {1, kNan}).text, HasSubstr("element 1 is nan, the helper has 2"));
}

TEST(OutputCheck, B532_shape_and_type_must_be_the_same) {
  const std::vector<float> values = {1, 2};
  const Shape flat = {2};
  const Shape row = {1, 2};
  const OutputPair shapes = {"y", view(element::f32, flat, values), view(element::f32, row, values)};
  EXPECT_THAT(compare_outputs({&shapes, 1}, {}).text, HasSubstr("got shape [1,2], the helper has [2]"));
  const OutputPair types = {"y", view(element::f32, flat, values), view(element::f16, flat, values)};
  EXPECT_THAT(compare_outputs({&types, 1}, {}).text, HasSubstr("got type f16, the helper has f32"));
}

TEST(OutputCheck, B532_integers_are_compared_by_shape_and_type_only) {
  const std::vector<std::int64_t> a = {1, 2};
  const std::vector<std::int64_t> b = {7, -2};
  const Shape two = {2};
  const Shape column = {2, 1};
  const OutputPair same_form = {"ids", view(element::i64, two, a), view(element::i64, two, b)};
  EXPECT_TRUE(compare_outputs({&same_form, 1}, {}).agree);
  EXPECT_EQ(compare_outputs({&same_form, 1}, {}).text, "outputs agree in shape and type");
  const OutputPair other_form = {"ids", view(element::i64, two, a), view(element::i64, column, a)};
  EXPECT_FALSE(compare_outputs({&other_form, 1}, {}).agree);
}

TEST(OutputCheck, B532_half_and_double_precision_values_are_decoded) {
  const Shape shape = {4};
  // 1, -2, the smallest subnormal, the largest finite f16.
  const std::vector<std::uint16_t> f16 = {0x3c00, 0xc000, 0x0001, 0x7bff};
  const std::vector<std::uint16_t> f16_other = {0x3c00, 0xc000, 0x0001, 0x7b00};
  const std::vector<std::uint16_t> f16_infinite = {0x3c00, 0xc000, 0x0001, 0x7c00};
  const auto verdict = [&](element::Type type, const auto& a, const auto& b) {
    const OutputPair pair = {"y", view(type, shape, a), view(type, shape, b)};
    return compare_outputs({&pair, 1}, {});
  };
  EXPECT_TRUE(verdict(element::f16, f16, f16).agree);
  // (65504 - 57344) / sqrt(1 + 4 + 65504^2), the absolute part being negligible.
  EXPECT_NEAR(verdict(element::f16, f16, f16_other).error, 0.12457, 1e-4);
  EXPECT_FALSE(verdict(element::f16, f16, f16_infinite).agree);

  const std::vector<std::uint16_t> bf16 = {0x3f80, 0xc000, 0x0000, 0x42c8};        // 1, -2, 0, 100
  const std::vector<std::uint16_t> bf16_other = {0x3f80, 0xc000, 0x0000, 0x42b4};  // 90
  EXPECT_NEAR(verdict(element::bf16, bf16, bf16_other).error, 0.0997, 1e-3);
  EXPECT_TRUE(verdict(element::bf16, bf16, bf16).agree);

  const std::vector<double> f64 = {1, -2, 0, 100};
  const std::vector<double> f64_other = {1, -2, 0, 90};
  EXPECT_NEAR(verdict(element::f64, f64, f64_other).error, 0.0997, 1e-3);
}

TEST(OutputCheck, B532_a_distribution_keeps_its_top_entry) {
  const Tolerance loose{0.3, 0.001};
  EXPECT_FALSE(compare_f32({1, 3}, {0.6F, 0.25F, 0.15F}, {0.42F, 0.43F, 0.15F}, loose).agree);
  EXPECT_TRUE(compare_f32({1, 3}, {0.5F, 0.35F, 0.15F}, {0.42F, 0.43F, 0.15F}, loose).agree);  // 0.15 apart: a tie
  EXPECT_TRUE(compare_f32({1, 3}, {0.6F, 0.25F, 0.15F}, {0.5F, 0.35F, 0.15F}, loose).agree);
  // The same change in values that are no distribution is only a distance.
  EXPECT_TRUE(compare_f32({1, 3}, {0.6F, 0.25F, 0.45F}, {0.42F, 0.43F, 0.45F}, {0.5, 0.001}).agree);
}

TEST(OutputCheck, B532_a_distribution_is_found_along_any_axis) {
  const Tolerance loose{0.4, 0.001};
  // [1, 2, 2]: two columns that sum to 1 along axis 1; the second column changes its top entry.
  const std::vector<float> helper = {0.9F, 0.8F, 0.1F, 0.2F};
  const std::vector<float> target = {0.9F, 0.48F, 0.1F, 0.52F};
  const OutputVerdict verdict = compare_f32({1, 2, 2}, helper, target, loose);
  EXPECT_FALSE(verdict.agree);
  EXPECT_THAT(verdict.text, HasSubstr("the top entry is 1, the helper has 0"));
}

TEST(OutputCheck, B532_the_model_may_say_that_an_output_is_a_distribution) {
  const Tolerance loose{0.5, 0.001};
  const std::vector<float> helper = {6, 2.5F, 1.5F};  // scaled after its Softmax
  const std::vector<float> target = {4, 4.2F, 1.5F};
  EXPECT_TRUE(compare_f32({1, 3}, helper, target, loose, false).agree);
  EXPECT_FALSE(compare_f32({1, 3}, helper, target, loose, true).agree);
}

TEST(OutputCheck, all_outputs_count_and_the_worst_is_reported) {
  const Shape shape = {2};
  const std::vector<float> a = {10, 20};
  const std::vector<float> near = {10.001F, 20};
  const std::vector<float> far = {11, 20};
  const OutputPair exact = {"exact", view(element::f32, shape, a), view(element::f32, shape, a)};
  const OutputPair close = {"close", view(element::f32, shape, a), view(element::f32, shape, near)};
  const OutputPair wrong = {"wrong", view(element::f32, shape, a), view(element::f32, shape, far)};
  const OutputVerdict agree = compare_outputs(std::vector{exact, close, exact}, {});
  EXPECT_TRUE(agree.agree);
  EXPECT_EQ(agree.output, "close");
  EXPECT_GT(agree.error, 0);
  const OutputVerdict disagree = compare_outputs(std::vector{exact, close, wrong}, {});
  EXPECT_FALSE(disagree.agree);
  EXPECT_EQ(disagree.output, "wrong");
}

TEST(OutputCheck, empty_and_scalar_outputs) {
  EXPECT_TRUE(compare_f32({0, 4}, {}, {}).agree);
  EXPECT_TRUE(compare_f32({}, {1}, {1}).agree);
  EXPECT_FALSE(compare_f32({}, {1}, {2}).agree);
  EXPECT_TRUE(compare_outputs({}, {}).agree);
}

TEST(OutputCheck, B532_property_noise_below_the_limit_agrees_and_above_it_does_not) {
  std::mt19937 random(11);
  std::normal_distribution<double> normal;
  for (int round = 0; round < 100; ++round) {
    const std::size_t n = 1 + random() % 300;
    std::vector<float> helper(n);
    std::vector<double> noise(n);
    double helper_norm = 0;
    double noise_norm = 0;
    for (std::size_t i = 0; i < n; ++i) {
      helper[i] = static_cast<float>(3 * normal(random));
      noise[i] = normal(random);
      helper_norm += double{helper[i]} * helper[i];
      noise_norm += noise[i] * noise[i];
    }
    const double limit = 0.02 * std::sqrt(helper_norm) + 0.001 * std::sqrt(static_cast<double>(n));
    for (const double factor : {0.98, 1.02}) {
      std::vector<float> target(n);
      for (std::size_t i = 0; i < n; ++i) {
        target[i] = static_cast<float>(helper[i] + noise[i] * factor * limit / std::sqrt(noise_norm));
      }
      EXPECT_EQ(compare_f32({n}, helper, target, {0.02, 0.001}).agree, factor < 1) << n;
    }
  }
}

}  // namespace
}  // namespace baton::policy
