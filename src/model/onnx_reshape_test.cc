// SPDX-License-Identifier: Apache-2.0
// Copyright (C) 2026 The Baton authors
#include "model/onnx_reshape.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "model/onnx_reader.h"
#include "support/onnx_builder.h"

namespace baton::model {
namespace {

using test::onnx_model;
using test::OnnxGraph;
using testing::HasSubstr;
using testing::Not;

std::shared_ptr<const ModelData> read(const std::string& bytes) {
  Source source;
  source.bytes = Bytes::own(bytes);
  const auto model = read_onnx(std::move(source));
  EXPECT_TRUE(model.is_ok()) << model.status().message();
  return model.value();
}

/// Two inputs with shapes a and b, of which the first goes through a named value to the output.
OnnxGraph graph_with(const std::vector<test::OnnxDim>& a, const std::vector<test::OnnxDim>& b) {
  OnnxGraph graph;
  graph.weights("w", {4, 2}, {1, 2, 3, 4, 5, 6, 7, 8}).input("w", element::f32, {4, 2});
  graph.input("a", element::f32, a).input("b", element::f32, b);
  return graph.node("MatMul", {"a", "w"}, {"m"}).node("Add", {"m", "b"}, {"y"});
}

OnnxGraph declared() {
  return graph_with({"n", 4}, {"n", 2}).value_info("m", element::f32, {"n", 2}).output("y", element::f32, {"n", 2});
}

base::Result<std::string> reshape(const std::string& bytes, const std::vector<PartialShape>& shapes) {
  return with_input_shapes(*read(bytes), shapes);
}

TEST(WithInputShapes, changes_what_states_shapes_and_nothing_else) {
  // Unknown lengths have neither number nor name.
  const std::string expected = onnx_model(
      graph_with({8, 4}, {8, 2}).output("y", element::f32, {test::OnnxDim::unnamed(), test::OnnxDim::unnamed()}));
  const auto changed = reshape(onnx_model(declared()), {PartialShape({8, 4}), PartialShape({8, 2})});
  ASSERT_TRUE(changed.is_ok()) << changed.status().message();
  EXPECT_EQ(changed.value(), expected);
}

TEST(WithInputShapes, a_name_stays_where_the_length_stays_open) {
  const auto changed =
      reshape(onnx_model(declared()), {PartialShape({Dimension(1, 8), 4}), PartialShape({Dimension(), 2})});
  ASSERT_TRUE(changed.is_ok());
  const Facts facts = read(changed.value())->facts();
  EXPECT_EQ(facts.inputs[0].shape.to_string(), "[?,4]");
  EXPECT_THAT(changed.value(), HasSubstr("\x12\x01n"));  // dim_param: "n"
}

TEST(WithInputShapes, a_static_length_can_be_opened_and_a_rank_given) {
  OnnxGraph graph;
  graph.input("a", element::f32, {2, 3})
      .input("b", element::f32)
      .node("Add", {"a", "b"}, {"y"})
      .output("y", element::f32);
  const auto changed = reshape(onnx_model(graph), {PartialShape({Dimension(), 3}), PartialShape({2, 3})});
  ASSERT_TRUE(changed.is_ok());
  const Facts facts = read(changed.value())->facts();
  EXPECT_EQ(facts.inputs[0].shape.to_string(), "[?,3]");
  EXPECT_EQ(facts.inputs[1].shape.to_string(), "[2,3]");
}

TEST(WithInputShapes, shapes_inside_of_bodies_are_opened_too) {
  OnnxGraph body("body");
  body.node("Relu", {"x"}, {"r"}).value_info("v", element::f32, {7, 7}).output("r", element::f32, {7, 7});
  OnnxGraph graph;
  graph.input("x", element::f32, {7, 7}).input("c", element::boolean, {}).output("y", element::f32, {7, 7});
  graph.node("If", {"c"}, {"y"}, {test::graph_attribute("then_branch", body)});
  const std::string bytes = onnx_model(graph);
  const std::string seven("\x08\x07", 2);  // dim_value: 7
  EXPECT_THAT(bytes, HasSubstr(seven));
  const auto changed = reshape(bytes, {PartialShape({5, 5}), PartialShape()});
  ASSERT_TRUE(changed.is_ok());
  EXPECT_THAT(changed.value(), Not(HasSubstr(seven)));
  EXPECT_THAT(read(changed.value())->facts().operators, testing::ElementsAre("If", "Relu"));
}

TEST(WithInputShapes, a_wrong_number_of_shapes_is_refused) {
  const auto changed = reshape(onnx_model(declared()), {PartialShape({8, 4})});
  EXPECT_EQ(changed.status().code(), base::StatusCode::kInvalidArgument);
  EXPECT_THAT(changed.status().message(), HasSubstr("got 1 shapes for the 2 inputs"));
}

TEST(CheckReshape, rank_must_not_contradict_the_declared_one) {
  const Facts facts = read(onnx_model(declared()))->facts();
  EXPECT_TRUE(check_reshape(facts, 0, PartialShape({1, 9})).is_ok());
  EXPECT_TRUE(check_reshape(facts, 0, PartialShape::dynamic()).is_ok());
  const base::Status status = check_reshape(facts, 0, PartialShape({1, 2, 3}));
  EXPECT_EQ(status.code(), base::StatusCode::kInvalidArgument);
  EXPECT_THAT(status.message(),
              HasSubstr("'a' cannot take shape [1,2,3] of rank 3; the model declares [?,4] of rank 2"));
  EXPECT_THAT(check_reshape(facts, 2, PartialShape()).message(), HasSubstr("no input 2"));
}

}  // namespace
}  // namespace baton::model
