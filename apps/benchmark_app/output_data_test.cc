// SPDX-License-Identifier: Apache-2.0
// Copyright (C) 2026 The Baton authors
#include "output_data.h"

#include <gtest/gtest.h>

#include "values.h"

namespace baton::bench {
namespace {

TEST(OutputPlan, B1601_a_name_beats_the_type_of_all) {
  Options options;
  const std::vector<ModelOutput> outputs = {{{"prob", "softmax"}, element::f32}, {{"index"}, element::i64}};
  EXPECT_EQ(plan_outputs(options, outputs), (std::vector<element::Type>{element::f32, element::i64}));
  options.output_precision = "f16";
  EXPECT_EQ(plan_outputs(options, outputs), (std::vector<element::Type>{element::f16, element::f16}));
  options.port_precision = "softmax:u8,input:f32";
  EXPECT_EQ(plan_outputs(options, outputs), (std::vector<element::Type>{element::u8, element::f16}));
  options.output_precision = "number";
  EXPECT_THROW(plan_outputs(options, outputs), Exception);
}

TEST(Values, every_type_goes_to_every_other) {
  const std::vector<element::Type> types = {element::f16, element::bf16, element::f32, element::f64,
                                            element::i8,  element::i16,  element::i32, element::i64,
                                            element::u8,  element::u16,  element::u32, element::u64};
  for (const element::Type from : types) {
    Tensor source(from, {3});
    write_values(source, [](std::size_t i) { return static_cast<double>(i) * 3; });
    for (const element::Type to : types) {
      Tensor target(to, {3});
      convert_values(source, target);
      for (std::size_t i = 0; i < 3; ++i)
        EXPECT_EQ(read_value(to, target.data(), i), static_cast<double>(i) * 3) << from.to_string() << to.to_string();
    }
  }
}

TEST(Values, halves_are_read_as_they_were_written) {
  Tensor half(element::f16, {5});
  const double values[] = {0.5, -2.25, 65504, 0.00006103515625, 0};
  write_values(half, [&](std::size_t i) { return values[i]; });
  for (std::size_t i = 0; i < 5; ++i) EXPECT_NEAR(read_value(element::f16, half.data(), i), values[i], 1e-7);
  static_cast<std::uint16_t*>(half.data())[0] = 0x0001;  // the smallest subnormal
  EXPECT_DOUBLE_EQ(read_value(element::f16, half.data(), 0), 5.9604644775390625e-08);
  static_cast<std::uint16_t*>(half.data())[0] = 0xFC00;
  EXPECT_EQ(read_value(element::f16, half.data(), 0), -std::numeric_limits<double>::infinity());
}

TEST(Values, numbers_that_do_not_fit_are_kept_within_the_range) {
  Tensor source(element::f32, {2}), target(element::u8, {2});
  write_values(source, [](std::size_t i) { return i == 0 ? -5 : 300; });
  convert_values(source, target);
  EXPECT_EQ(read_value(element::u8, target.data(), 0), 0);
  EXPECT_EQ(read_value(element::u8, target.data(), 1), 255);
}

}  // namespace
}  // namespace baton::bench
