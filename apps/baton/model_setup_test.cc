// SPDX-License-Identifier: Apache-2.0
// Copyright (C) 2026 The Baton authors
#include "model_setup.h"

#include <gtest/gtest.h>

#include <stdexcept>

#include "sample_model.h"

namespace baton::tool {
namespace {

TEST(ModelSetup, properties_are_split_at_the_first_sign) {
  const AnyMap properties = parse_properties({"PERFORMANCE_HINT=THROUGHPUT", "CACHE_DIR=a=b", "LOG_LEVEL="});
  ASSERT_EQ(properties.size(), 3U);
  EXPECT_EQ(properties.at("PERFORMANCE_HINT").as<std::string>(), "THROUGHPUT");
  EXPECT_EQ(properties.at("CACHE_DIR").as<std::string>(), "a=b");
  EXPECT_EQ(properties.at("LOG_LEVEL").as<std::string>(), "");
  EXPECT_THROW(parse_properties({"PERFORMANCE_HINT"}), std::runtime_error);
  EXPECT_THROW(parse_properties({"=LATENCY"}), std::runtime_error);
}

TEST(ModelSetup, shapes_have_an_optional_name) {
  const auto shapes = parse_shapes({"[1,3,48,320]", "x[1,?]"});
  ASSERT_EQ(shapes.size(), 2U);
  EXPECT_EQ(shapes.at(""), PartialShape({1, 3, 48, 320}));
  EXPECT_EQ(shapes.at("x"), PartialShape({1, Dimension()}));
}

TEST(ModelSetup, one_text_may_give_the_shapes_of_several_inputs) {
  const auto shapes = parse_shapes({"x[1,3,48,320],y:0[1, -1] , z[1..8,10]", "u[]"});
  ASSERT_EQ(shapes.size(), 4U);
  EXPECT_EQ(shapes.at("x"), PartialShape({1, 3, 48, 320}));
  EXPECT_EQ(shapes.at("y:0"), PartialShape({1, Dimension()}));
  EXPECT_EQ(shapes.at("z"), PartialShape({Dimension(1, 8), 10}));
  EXPECT_EQ(shapes.at("u"), PartialShape(Shape{}));
}

TEST(ModelSetup, other_forms_of_shapes_are_refused) {
  for (const char* text : {"1,3", "x", "[1,3", "x[1,3]y[1]", "x[1][2]", "x[1],x[2]", "[1],[2]", "x[one]"})
    EXPECT_ANY_THROW(parse_shapes({text})) << text;
  EXPECT_THROW(parse_shapes({"[1,3]", "[1,4]"}), std::runtime_error);
}

TEST(SampleModel, reads_as_an_onnx_model_and_is_always_the_same) {
  const std::string bytes = sample_model();
  EXPECT_EQ(bytes, sample_model());
  const auto model = Core().read_model(bytes, Tensor());
  EXPECT_EQ(model->input().get_any_name(), "picture");
  EXPECT_EQ(model->input().get_shape(), (Shape{1, 3, 224, 224}));
  EXPECT_EQ(model->output().get_any_name(), "scores");
}

}  // namespace
}  // namespace baton::tool
