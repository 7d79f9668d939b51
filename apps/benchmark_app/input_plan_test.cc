// SPDX-License-Identifier: Apache-2.0
// Copyright (C) 2026 The Baton authors
#include "input_plan.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "baton/exception.hpp"

namespace baton::bench {
namespace {

using testing::ElementsAre;

ModelInput input(const std::string& name, const PartialShape& shape, element::Type type = element::f32) {
  return {name, {name}, type, shape};
}

InputPlan plan_one(const Options& options, const PartialShape& shape) {
  return plan_inputs(options, {input("x", shape)}).inputs.at(0);
}

TEST(Layout, guessed_from_the_place_of_the_colours) {
  EXPECT_EQ(Layout::guess(PartialShape{1, 3, 224, 224}).to_string(), "[N,C,H,W]");
  EXPECT_EQ(Layout::guess(PartialShape{1, 224, 224, 3}).to_string(), "[N,H,W,C]");
  EXPECT_EQ(Layout::guess(PartialShape{3, 224, 224}).to_string(), "[C,H,W]");
  EXPECT_EQ(Layout::guess(PartialShape{1, 64}).to_string(), "[...]");
  EXPECT_EQ(Layout::guess(PartialShape{Dimension(), 3, Dimension(), Dimension()}).to_string(), "[N,C,H,W]");
  EXPECT_EQ(Layout("N...").to_string(), "[N,...]");
}

TEST(PlanInputs, pictures_have_bytes_and_other_inputs_their_own_type) {
  EXPECT_EQ(plan_one({}, {1, 3, 8, 8}).data_type, element::u8);
  EXPECT_EQ(plan_one({}, {1, 64}).data_type, element::f32);
  EXPECT_EQ(plan_one({.input_precision = "f16"}, {1, 3, 8, 8}).data_type, element::f16);
  EXPECT_EQ(plan_one({.input_precision = "f16", .port_precision = "x:i32, y:f32"}, {1, 64}).data_type, element::i32);
  EXPECT_THROW(plan_one({.input_precision = "f33"}, {1, 64}), Exception);
}

TEST(PlanInputs, shapes_by_name_or_for_all) {
  const InputPlans all = plan_inputs({.shape = "[2,4]"}, {input("x", {1, 4}), input("y", {1, 4})});
  EXPECT_EQ(all.inputs[1].shape, PartialShape({2, 4}));
  EXPECT_TRUE(all.reshape);
  const InputPlans one = plan_inputs({.shape = "y[?,1..8]"}, {input("x", {1, 4}), input("y", {1, 4})});
  EXPECT_EQ(one.inputs[0].shape, PartialShape({1, 4}));
  EXPECT_EQ(one.inputs[1].shape.to_string(), "[?,1..8]");
  EXPECT_FALSE(plan_inputs({}, {input("x", {1, 4})}).reshape);
  EXPECT_THROW(plan_one({.shape = "z[1,4]"}, {1, 4}), Exception) << "no such input";
  EXPECT_THROW(plan_one({.shape = "1,4"}, {1, 4}), Exception);
}

TEST(PlanInputs, the_batch) {
  const InputPlans plans = plan_inputs({.batch = "4"}, {input("x", {1, 3, 8, 8})});
  EXPECT_EQ(plans.inputs[0].shape, PartialShape({4, 3, 8, 8}));
  EXPECT_EQ(batch_of(plans.inputs), Dimension(4));
  EXPECT_TRUE(plans.reshape);
  EXPECT_EQ(plan_one({.batch = "4"}, {1, 64}).shape, PartialShape({4, 64})) << "the first dimension, with a warning";
  EXPECT_THROW(plan_one({.batch = "4"}, {5, 64}), Exception) << "no dimension looks like a batch";
  EXPECT_EQ(batch_of(plan_inputs({}, {input("x", {7, 64})}).inputs), Dimension(1));
  EXPECT_THROW(batch_of(plan_inputs({.layout = "[NC]"}, {input("x", {1, 4}), input("y", {2, 4})}).inputs), Exception);
}

TEST(PlanInputs, data_shapes_of_dynamic_inputs) {
  const PartialShape dynamic{Dimension(), Dimension(1, 128)};
  EXPECT_THAT(plan_one({.data_shape = "[1,16][1,32]"}, dynamic).data_shapes, ElementsAre(Shape{1, 16}, Shape{1, 32}));
  EXPECT_THAT(plan_one({}, dynamic).data_shapes, testing::IsEmpty());
  EXPECT_THAT(plan_one({.data_shape = "[1,16]"}, {1, 8}).data_shapes, ElementsAre(Shape{1, 8})) << "static: ignored";
  EXPECT_THROW(plan_one({.data_shape = "[1,500]"}, dynamic), Exception);
  EXPECT_THROW(plan_one({.data_shape = "[1,?]"}, dynamic), Exception);
  const InputPlans two = plan_inputs({.data_shape = "[1,16][1,32]"}, {input("x", dynamic), input("y", dynamic)});
  EXPECT_THAT(two.inputs[0].data_shapes, ElementsAre(Shape{1, 16})) << "dealt out in turn";
  EXPECT_THAT(two.inputs[1].data_shapes, ElementsAre(Shape{1, 32}));
  EXPECT_EQ(group_count(two.inputs), 1U);
  EXPECT_EQ(group_name(two.inputs, 0), "x: [1,16], y: [1,32]");
}

TEST(PlanInputs, groups_have_their_own_batch) {
  const InputPlans plans =
      plan_inputs({.data_shape = "[1,16][8,16]", .layout = "[NC]"}, {input("x", {Dimension(), 16})});
  EXPECT_EQ(group_count(plans.inputs), 2U);
  EXPECT_EQ(batch_of_group(plans.inputs, 1), 8U);
  EXPECT_TRUE(batch_of(plans.inputs).is_dynamic());
}

TEST(PlanInputs, means_and_scales) {
  const InputPlan plan = plan_one({.mean_values = "[1,2.5,3]", .scale_values = "x[255]"}, {1, 3, 8, 8});
  EXPECT_THAT(plan.mean, ElementsAre(1, 2.5, 3));
  EXPECT_THAT(plan.scale, ElementsAre(255));
  EXPECT_EQ(plan.channel_of({1, 3, 8, 8}, 63), 0U);
  EXPECT_EQ(plan.channel_of({1, 3, 8, 8}, 191), 2U);
  EXPECT_THROW(plan_one({.mean_values = "[1,x]"}, {1, 3, 2, 2}), Exception);
}

TEST(ParseBracketed, names_and_several_values) {
  const auto map = parse_bracketed("-data_shape", "a:0[1,2][3,4], b[5]");
  EXPECT_THAT(map.at("a:0"), ElementsAre("1,2", "3,4"));
  EXPECT_THAT(map.at("b"), ElementsAre("5"));
  for (const char* bad : {"[1", "1]", "a", "[1]b"}) EXPECT_THROW(parse_bracketed("-shape", bad), Exception) << bad;
}

}  // namespace
}  // namespace baton::bench
