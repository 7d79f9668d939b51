// SPDX-License-Identifier: Apache-2.0
// Copyright (C) 2026 The Baton authors
//
// Outputs that are a distribution, row by row and along every axis; values in each floating type (B-532).
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <cstdint>
#include <limits>
#include <string>

#include "policy/output_check.h"

namespace baton::policy {
namespace {

using ::testing::HasSubstr;
using Shape = std::vector<std::size_t>;

template <typename T>
OutputVerdict compare(element::Type type, const Shape& shape, const std::vector<T>& helper,
                      const std::vector<T>& target, const Tolerance& tolerance, bool is_distribution = false) {
  const auto view = [&](const std::vector<T>& values) {
    return engine::TensorView{type, shape, const_cast<T*>(values.data()), values.size() * sizeof(T)};
  };
  const OutputPair pair = {"out", view(helper), view(target), is_distribution};
  return compare_outputs({&pair, 1}, tolerance);
}

OutputVerdict compare_f32(const Shape& shape, const std::vector<float>& helper, const std::vector<float>& target,
                          const Tolerance& tolerance, bool is_distribution = false) {
  return compare(element::f32, shape, helper, target, tolerance, is_distribution);
}

OutputVerdict compare_f16(const std::vector<std::uint16_t>& helper, const std::vector<std::uint16_t>& target,
                          const Tolerance& tolerance = {}) {
  return compare(element::f16, {helper.size()}, helper, target, tolerance);
}

/// The distance alone refuses nothing here.
constexpr Tolerance kLoose{0.3, 0.1};

TEST(OutputDistribution, B532_the_top_entry_may_stand_anywhere) {
  // The helper's entries ascend, descend, or have the second best after the best; the top changes in the second case.
  const struct {
    std::vector<float> helper;
    std::vector<float> same_top;
    std::vector<float> other_top;
    const char* text;
  } kCases[] = {
      {{0.6F, 0.25F, 0.15F},
       {0.5F, 0.3F, 0.2F},
       {0.42F, 0.43F, 0.15F},
       "the top entry is 1, the helper has 0, ahead by 0.35"},
      {{0.25F, 0.6F, 0.15F},
       {0.3F, 0.5F, 0.2F},
       {0.43F, 0.42F, 0.15F},
       "the top entry is 0, the helper has 1, ahead by 0.35"},
      {{0.15F, 0.25F, 0.6F},
       {0.2F, 0.3F, 0.5F},
       {0.15F, 0.43F, 0.42F},
       "the top entry is 1, the helper has 2, ahead by 0.35"},
      {{0.15F, 0.6F, 0.25F},
       {0.2F, 0.5F, 0.3F},
       {0.15F, 0.42F, 0.43F},
       "the top entry is 2, the helper has 1, ahead by 0.35"},
  };
  for (const auto& c : kCases) {
    EXPECT_TRUE(compare_f32({1, 3}, c.helper, c.same_top, kLoose).agree) << c.text;
    const OutputVerdict verdict = compare_f32({1, 3}, c.helper, c.other_top, kLoose);
    EXPECT_FALSE(verdict.agree) << c.text;
    EXPECT_THAT(verdict.text, HasSubstr(c.text));
  }
}

TEST(OutputDistribution, B532_the_two_best_must_differ_by_the_tolerance) {
  // All figures are exact: the helper's best are 0.25 apart.
  const std::vector<float> helper = {0.625F, 0.375F};
  const std::vector<float> target = {0.4375F, 0.5625F};
  EXPECT_FALSE(compare_f32({2}, helper, target, {0.25, 0.2}).agree) << "not less than the tolerance";
  EXPECT_TRUE(compare_f32({2}, helper, target, {0.2501, 0.2}).agree);
  // The best comes after the second best: only their own distance counts.
  EXPECT_TRUE(compare_f32({3}, {0.375F, 0.5F, 0.125F}, {0.5F, 0.375F, 0.125F}, kLoose).agree);
}

TEST(OutputDistribution, B532_who_shares_the_first_place_has_kept_it) {
  EXPECT_TRUE(compare_f32({3}, {0.75F, 0.25F, 0}, {0.5F, 0.5F, 0}, {0.4, 0.1}).agree);
  EXPECT_TRUE(compare_f32({3}, {0.25F, 0.75F, 0}, {0.5F, 0.5F, 0}, {0.4, 0.1}).agree);
  EXPECT_FALSE(compare_f32({3}, {0.75F, 0.25F, 0}, {0.4375F, 0.5625F, 0}, {0.4, 0.1}).agree);
  EXPECT_THAT(compare_f32({3}, {0.5F, 0.25F, 0.25F}, {0.25F, 0.375F, 0.375F}, {0.25, 0.2}).text,
              HasSubstr("the top entry is 1, the helper has 0"))
      << "the first of two";
}

TEST(OutputDistribution, B532_an_entry_may_be_zero) {
  EXPECT_FALSE(compare_f32({3}, {0.75F, 0.25F, 0}, {0.25F, 0.75F, 0}, {0.45, 0.3}).agree);
}

TEST(OutputDistribution, B532_every_row_is_looked_at_and_for_itself) {
  // Two rows; the first element of the second one is larger than all of the first.
  const std::vector<float> helper = {0.5F, 0.125F, 0.375F, 0.875F, 0.125F, 0};
  const Tolerance tolerance{0.125, 0.2};
  EXPECT_TRUE(compare_f32({2, 3}, helper, helper, tolerance).agree);
  const OutputVerdict first = compare_f32({2, 3}, helper, {0.375F, 0.125F, 0.5F, 0.875F, 0.125F, 0}, tolerance);
  EXPECT_FALSE(first.agree);
  EXPECT_THAT(first.text, HasSubstr("the top entry is 2, the helper has 0, ahead by 0.125"));
  EXPECT_FALSE(compare_f32({2, 3}, helper, {0.5F, 0.125F, 0.375F, 0.375F, 0.625F, 0}, {0.3, 0.2}).agree);
}

TEST(OutputDistribution, B532_one_row_that_does_not_sum_to_1_makes_it_none) {
  const Tolerance tolerance{0.2, 0.1};
  const std::vector<float> target = {0.6F, 0.4F, 0.45F, 0.55F};
  EXPECT_FALSE(compare_f32({2, 2}, {0.6F, 0.4F, 0.65F, 0.35F}, target, tolerance).agree);
  EXPECT_TRUE(compare_f32({2, 2}, {0.6F, 0.5F, 0.65F, 0.35F}, target, tolerance).agree) << "1.1 in the first row";
  EXPECT_TRUE(compare_f32({2, 2}, {0.6F, 0.4F, 0.65F, 0.25F}, target, tolerance).agree) << "0.9 in the second row";
}

TEST(OutputDistribution, B532_negative_values_are_none) {
  EXPECT_TRUE(compare_f32({3}, {-0.5F, 0.9F, 0.6F}, {-0.5F, 0.7F, 0.8F}, {0.25, 0.001}).agree);
  EXPECT_FALSE(compare_f32({3}, {0.1F, 0.6F, 0.3F}, {0.1F, 0.4F, 0.5F}, {0.25, 0.1}).agree);
}

TEST(OutputDistribution, B532_along_the_outermost_axis_and_in_a_single_row) {
  EXPECT_FALSE(compare_f32({3}, {0.6F, 0.25F, 0.15F}, {0.42F, 0.43F, 0.15F}, kLoose).agree);
  // Two columns; in the second one the top entry changes.
  const OutputVerdict columns = compare_f32({2, 2}, {0.9F, 0.8F, 0.1F, 0.2F}, {0.9F, 0.48F, 0.1F, 0.52F}, {0.4, 0.001});
  EXPECT_FALSE(columns.agree);
  EXPECT_THAT(columns.text, HasSubstr("the top entry is 1, the helper has 0"));
}

TEST(OutputDistribution, B532_what_the_model_calls_one_is_compared_along_its_last_axis) {
  // Changed on the way, so that every value is about 1: no axis sums to 1 but those of a single entry.
  const std::vector<float> helper = {1.0F, 0.996F, 0.995F};
  const std::vector<float> target = {0.996F, 1.0F, 0.995F};
  EXPECT_FALSE(compare_f32({1, 3}, helper, target, {0.0035, 0.0001}, true).agree);
  EXPECT_TRUE(compare_f32({1, 3}, helper, target, {0.0035, 0.0001}, false).agree);
  EXPECT_TRUE(compare_f32({4, 0}, {}, {}, {0.0035, 0.0001}, true).agree) << "nothing in it";
}

TEST(OutputValues, B532_half_precision_has_a_sign_infinities_and_nan) {
  constexpr std::uint16_t kOne = 0x3c00, kMinusOne = 0xbc00, kMinusOneAndAHalf = 0xbe00;
  constexpr std::uint16_t kInfinity = 0x7c00, kMinusInfinity = 0xfc00, kNan = 0x7e00, kOtherNan = 0xfe01;
  EXPECT_FALSE(compare_f16({kOne}, {kMinusOne}).agree);
  // |b - a| = 0.5, |a| = sqrt(2): both signs count the same.
  EXPECT_NEAR(compare_f16({kOne, kMinusOne}, {kOne, kMinusOneAndAHalf}, {1, 0}).error, 0.5 / std::sqrt(2), 1e-9);
  EXPECT_NEAR(compare_f16({kMinusOne, kOne}, {kMinusOne, 0x3e00}, {1, 0}).error, 0.5 / std::sqrt(2), 1e-9);
  EXPECT_THAT(compare_f16({kOne, kMinusOneAndAHalf}, {kOne, kNan}).text,
              HasSubstr("element 1 is nan, the helper has -1.5"));
  EXPECT_THAT(compare_f16({kInfinity}, {kOne}).text, HasSubstr("element 0 is 1, the helper has inf"));
  EXPECT_FALSE(compare_f16({kInfinity}, {kMinusInfinity}).agree);
  EXPECT_FALSE(compare_f16({kInfinity}, {kNan}).agree);
  EXPECT_TRUE(compare_f16({kInfinity, kNan}, {kInfinity, kOtherNan}).agree);
}

TEST(OutputValues, B532_half_precision_distributions_keep_their_top_entry) {
  // 0.625, 0.375 -> 0.4375, 0.5625
  EXPECT_FALSE(compare_f16({0x3900, 0x3600}, {0x3700, 0x3880}, {0.25, 0.2}).agree);
  EXPECT_TRUE(compare_f16({0x3900, 0x3600}, {0x3880, 0x3700}, {0.25, 0.2}).agree);
}

TEST(OutputValues, B532_a_figure_equal_to_the_limit_agrees) {
  EXPECT_TRUE(compare_f32({1}, {4}, {5}, {0.25, 0}).agree);
  EXPECT_FALSE(compare_f32({1}, {4}, {5.001F}, {0.25, 0}).agree);
}

TEST(OutputValues, B532_the_lower_precision_sets_the_limits_at_8_and_16_bits) {
  const struct {
    std::string_view precision;
    double relative;
  } kCases[] = {
      {"i8", 0.1},    {"i9", 0.02}, {"f16", 0.02},   {"f17", 0.001}, {"u1", 0.1},     {"f80", 0.001},
      {"f96", 0.001}, {"i", 0.001}, {"f128", 0.001}, {"u4x8", 0.1},  {"f8e5m2", 0.1}, {"f99999999999999999999", 0.001},
  };
  for (const auto& c : kCases) {
    EXPECT_EQ(tolerance_for("f32", c.precision, {}).relative, c.relative) << c.precision;
    EXPECT_EQ(tolerance_for(c.precision, "f32", {}).relative, c.relative) << c.precision;
  }
  const std::string_view text = "f1632";
  EXPECT_EQ(tolerance_for("f32", text.substr(0, 3), {}).relative, 0.02) << "what stands behind a view is not read";
}

TEST(OutputValues, B532_the_verdict_carries_the_limit_whatever_was_compared) {
  const std::vector<std::int32_t> numbers = {1, 2};
  const OutputVerdict integers = compare(element::i32, {2}, numbers, {5, 6}, {0.125, 0.001});
  EXPECT_TRUE(integers.agree);
  EXPECT_EQ(integers.limit, 0.125);
  EXPECT_EQ(integers.output, "");
  EXPECT_EQ(compare_outputs({}, {0.5, 0.001}).limit, 0.5);
}

TEST(OutputValues, B532_of_equally_close_outputs_the_first_is_named) {
  const Shape shape = {2};
  const auto view = [&](const std::vector<float>& values) {
    return engine::TensorView{element::f32, shape, const_cast<float*>(values.data()), values.size() * sizeof(float)};
  };
  const std::vector<float> a = {1, 2};
  const std::vector<float> near = {1.0001F, 2};
  const std::vector<float> less_near = {1.0004F, 2};
  const auto named = [&](const std::vector<OutputPair>& outputs) { return compare_outputs(outputs, {}).output; };
  EXPECT_EQ(named({{"x", view(a), view(a)}, {"y", view(a), view(a)}}), "x");
  EXPECT_EQ(compare_outputs(std::vector<OutputPair>{{"x", view(a), view(a)}}, {}).text,
            "outputs agree: largest relative error 0 in output \"x\", limit 0.001");
  EXPECT_EQ(named({{"x", view(a), view(near)}, {"y", view(a), view(near)}}), "x");
  EXPECT_EQ(named({{"x", view(a), view(near)}, {"y", view(a), view(less_near)}, {"z", view(a), view(near)}}), "y");
}

}  // namespace
}  // namespace baton::policy
