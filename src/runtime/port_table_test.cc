// SPDX-License-Identifier: Apache-2.0
// Copyright (C) 2026 The Baton authors
#include "runtime/port_table.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "baton/exception.hpp"
#include "baton/model.hpp"
#include "runtime/fake_model.h"

namespace baton::runtime::test {
namespace {

TEST(Model, ports_answer_what_the_model_says) {
  const auto model = std::make_shared<Model>(make_table());
  const Output<const Node> input = std::as_const(*model).input();
  EXPECT_EQ(input.get_any_name(), "x");
  EXPECT_EQ(input.get_names(), (std::unordered_set<std::string>{"x", "x:0"}));
  EXPECT_EQ(input.get_index(), 0U);
  EXPECT_EQ(model->get_friendly_name(), "copy");
  EXPECT_FALSE(model->is_dynamic());
  EXPECT_THROW((void)model->input("nobody"), Exception);
  EXPECT_THROW((void)Port().get_any_name(), Exception);
}

TEST(Model, reshape_is_seen_by_ports_that_were_taken_before) {
  Model model(make_table(PartialShape{Dimension::dynamic(), 4}));
  const auto input = model.input();
  EXPECT_TRUE(model.is_dynamic());
  EXPECT_THROW((void)input.get_shape(), Exception);
  model.reshape({{"x", PartialShape{2, 4}}});
  EXPECT_EQ(input.get_shape(), (Shape{2, 4}));
  model.reshape(std::map<std::size_t, PartialShape>{{0, PartialShape{3, 4}}});
  EXPECT_EQ(input.get_shape(), (Shape{3, 4}));
  model.reshape(std::map<Output<const Node>, PartialShape>{{input, PartialShape{4, 4}}});
  EXPECT_EQ(input.get_shape(), (Shape{4, 4}));
  model.reshape(PartialShape{5, 4});
  EXPECT_EQ(input.get_shape(), (Shape{5, 4}));
}

TEST(Model, a_reshape_that_is_refused_changes_nothing) {
  Model model(make_table());
  EXPECT_THROW(model.reshape(PartialShape{1, 2, 3}), Exception);
  EXPECT_THROW(model.reshape({{"x", PartialShape{2, 4}}, {"nobody", PartialShape{1}}}), Exception);
  EXPECT_EQ(model.input().get_shape(), (Shape{1, 4}));
}

TEST(Model, output_shapes_are_inferred_when_asked_for_and_once) {
  int asked = 0;
  Model model(make_table(Shape{1, 4}, Shape{1, 4},
                         [&](const model::Model& reshaped) -> base::Result<std::vector<PartialShape>> {
                           ++asked;
                           return std::vector<PartialShape>{reshaped.input_shapes[0]};
                         }));
  EXPECT_EQ(model.output().get_shape(), (Shape{1, 4}));
  EXPECT_EQ(asked, 0) << "the declared shape needs no engine";
  model.reshape(PartialShape{2, 4});
  EXPECT_EQ(asked, 0);
  EXPECT_EQ(model.output().get_shape(), (Shape{2, 4}));
  EXPECT_EQ(model.output().get_shape(), (Shape{2, 4}));
  EXPECT_EQ(asked, 1);
  model.reshape(PartialShape{3, 4});
  EXPECT_EQ(model.output().get_shape(), (Shape{3, 4}));
  EXPECT_EQ(asked, 2);
}

TEST(Model, without_an_engine_a_reshaped_models_outputs_are_unknown) {
  Model model(make_table());
  model.reshape(PartialShape{2, 4});
  EXPECT_EQ(model.output().get_partial_shape(), (PartialShape{Dimension::dynamic(), Dimension::dynamic()}));
}

TEST(Model, clones_are_independent) {
  Model model(make_table());
  const auto copy = model.clone();
  model.reshape(PartialShape{2, 4});
  EXPECT_EQ(copy->input().get_shape(), (Shape{1, 4}));
}

}  // namespace
}  // namespace baton::runtime::test
