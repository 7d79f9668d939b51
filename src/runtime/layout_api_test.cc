// SPDX-License-Identifier: Apache-2.0
// Copyright (C) 2026 The Baton authors
#include <gtest/gtest.h>

#include "baton/exception.hpp"
#include "baton/layout.hpp"
#include "runtime/fake_model.h"

namespace baton::runtime {
namespace {

TEST(LayoutApi, a_layout_is_an_annotation_of_the_models_port) {
  const auto model = std::make_shared<Model>(test::make_table());
  EXPECT_TRUE(layout::get_layout(model->input()).empty());
  layout::set_layout(model->input(), "NC");
  EXPECT_EQ(layout::get_layout(model->input("x")), Layout("NC"));
  EXPECT_TRUE(layout::get_layout(model->output()).empty());
  EXPECT_EQ(layout::get_layout(model->clone()->input()), Layout("NC"));
  EXPECT_THROW((void)layout::get_layout(Port()), Exception);
}

TEST(LayoutApi, set_batch_reshapes_the_dimension_that_the_layout_calls_N) {
  const auto model = std::make_shared<Model>(test::make_table(Shape{4, 1}));
  layout::set_layout(model->input(), "...N");
  EXPECT_EQ(get_batch(model), Dimension(1));
  set_batch(model, 8);
  EXPECT_EQ(model->input().get_partial_shape(), PartialShape(Shape{4, 8}));
  EXPECT_EQ(get_batch(model), Dimension(8));
  set_batch(model, Dimension::dynamic());
  EXPECT_TRUE(model->is_dynamic());
}

TEST(LayoutApi, without_a_layout_there_is_no_batch) {
  const auto model = std::make_shared<Model>(test::make_table());
  EXPECT_THROW(set_batch(model, 2), Exception);
  EXPECT_THROW((void)get_batch(model), Exception);
  layout::set_layout(model->input(), "CHWN");  // the shape has two dimensions
  EXPECT_THROW(set_batch(model, 2), Exception);
  EXPECT_THROW(set_batch(nullptr, 2), Exception);
}

}  // namespace
}  // namespace baton::runtime
