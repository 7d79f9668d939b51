// SPDX-License-Identifier: Apache-2.0
// Copyright (C) 2026 The Baton authors
#include <gtest/gtest.h>

#include <functional>

#include "model/batch_obstacle.h"
#include "model/onnx_reader.h"
#include "model/source.h"
#include "support/onnx_builder.h"

namespace baton::model {
namespace {

using test::int_attribute;
using test::ints_attribute;
using test::OnnxGraph;

std::string obstacle_of(const OnnxGraph& graph, std::vector<bool> inputs = {true}, std::vector<bool> outputs = {true}) {
  const auto data = read_onnx(open_memory(Bytes::own(test::onnx_model(graph))).value());
  if (!data.is_ok()) return "cannot read: " + data.status().message();
  Model model{data.value(), {}};
  for (const Port& port : model.facts().inputs) model.input_shapes.push_back(port.shape);
  return batch_obstacle(model, inputs, outputs);
}

/// One operator from x [1,4,6,6] to y, whose rank is that of `out`.
std::string of(
    const std::string& op, const std::vector<std::string>& inputs, const std::vector<test::Encoded>& attributes = {},
    const std::vector<test::OnnxDim>& out = {1, 4, 6, 6},
    const std::function<void(OnnxGraph&)>& more = [](OnnxGraph&) {}) {
  OnnxGraph graph;
  graph.input("x", element::f32, {1, 4, 6, 6}).output("y", element::f32, out);
  graph.weights("w", {4, 4, 1, 1}, std::vector<float>(16, 1)).weights("row", {6}, std::vector<float>(6, 1));
  graph.weights("tall", {2, 4, 6, 6}, std::vector<float>(288, 1))
      .weights("one", {1, 4, 6, 6}, std::vector<float>(144, 1));
  more(graph);
  graph.node(op, inputs, {"y"}, attributes);
  return obstacle_of(graph);
}

std::function<void(OnnxGraph&)> numbers(const std::vector<std::int64_t>& values) {
  return [values](OnnxGraph& graph) {
    graph.initializer(
        test::tensor("n", element::i64, {static_cast<std::int64_t>(values.size())}, test::raw_bytes(values)));
  };
}

TEST(OnnxBatch, B904_a_network_as_they_are) {
  OnnxGraph graph;
  graph.input("x", element::f32, {1, 3, 8, 8}).output("p", element::f32, {1, 10});
  graph.weights("k", {4, 3, 3, 3}, std::vector<float>(108, 1)).weights("b", {4, 1, 1}, std::vector<float>(4, 1));
  graph.weights("f", {4, 10}, std::vector<float>(40, 1)).weights("c", {10}, std::vector<float>(10, 1));
  graph.node("Conv", {"x", "k"}, {"c1"}).node("Add", {"c1", "b"}, {"c2"}).node("Relu", {"c2"}, {"c3"});
  graph.node("Concat", {"c3", "c2"}, {"c4"}, {int_attribute("axis", 1)});
  graph.node("Split", {"c4"}, {"s1", "s2"}, {int_attribute("axis", 1)}).node("Mul", {"s1", "s2"}, {"m"});
  graph.node("GlobalAveragePool", {"m"}, {"g"}).node("Flatten", {"g"}, {"flat"});
  graph.node("Gemm", {"flat", "f", "c"}, {"l"}).node("Softmax", {"l"}, {"p"});
  EXPECT_EQ(obstacle_of(graph), "");
}

TEST(OnnxBatch, B904_operators_that_keep_the_items_apart) {
  EXPECT_EQ(of("Relu", {"x"}), "");
  EXPECT_EQ(of("Conv", {"x", "w"}), "");
  EXPECT_EQ(of("Add", {"x", "row"}), "");
  EXPECT_EQ(of("Add", {"one", "x"}), "");
  EXPECT_EQ(of("Transpose", {"x"}, {ints_attribute("perm", {0, 2, 3, 1})}), "");
  EXPECT_EQ(of("Flatten", {"x"}, {}, {1, 144}), "");
  EXPECT_EQ(of("Softmax", {"x"}, {int_attribute("axis", -1)}), "");
  EXPECT_EQ(of("ReduceMean", {"x"}, {ints_attribute("axes", {2, 3})}), "");
  EXPECT_EQ(of("ReduceMean", {"x"}, {ints_attribute("axes", {-1, -2}), int_attribute("keepdims", 0)}, {1, 4}), "");
  EXPECT_EQ(of("Reshape", {"x", "n"}, {}, {1, 144}, numbers({0, -1})), "");
  EXPECT_EQ(of("Reshape", {"x", "n"}, {}, {1, 144}, numbers({-1, 144})), "");
  EXPECT_EQ(of("Squeeze", {"x", "n"}, {}, {1, 4, 6}, numbers({2})), "");
  EXPECT_EQ(of("Unsqueeze", {"x", "n"}, {}, {1, 1, 4, 6, 6}, numbers({1})), "");
  EXPECT_EQ(of("Slice", {"x", "n", "n", "n"}, {}, {1, 4, 6, 6}, numbers({1, 2})), "");
  EXPECT_EQ(of("Pad", {"x", "n"}, {}, {1, 4, 8, 8}, numbers({0, 0, 1, 1, 0, 0, 1, 1})), "");
  EXPECT_EQ(of("Gather", {"x", "n"}, {int_attribute("axis", 1)}, {1, 1, 6, 6}, numbers({0})), "");
  EXPECT_EQ(of("Resize", {"x", "", "row"}, {}, {1, 4, 12, 12}), "");
  EXPECT_EQ(of("Resize", {"x", "", "", "n"}, {ints_attribute("axes", {2, 3})}, {1, 4, 12, 12}, numbers({12, 12})), "");
  EXPECT_EQ(of("MaxPool", {"x"}), "");
  EXPECT_EQ(of("ArgMax", {"x"}, {int_attribute("axis", 1), int_attribute("keepdims", 0)}, {1, 6, 6}), "");
  EXPECT_EQ(of("Tile", {"x", "n"}, {}, {1, 8, 6, 6}, numbers({1, 2, 1, 1})), "");
}

TEST(OnnxBatch, B904_operators_that_mix_them_and_those_that_nobody_knows) {
  EXPECT_NE(of("Add", {"x", "tall"}), "");
  EXPECT_NE(of("Transpose", {"x"}, {ints_attribute("perm", {1, 0, 2, 3})}), "");
  EXPECT_NE(of("Transpose", {"x"}), "");
  EXPECT_NE(of("Softmax", {"x"}, {int_attribute("axis", 0)}), "");
  EXPECT_NE(of("Softmax", {"x"}, {int_attribute("axis", -4)}), "");
  EXPECT_NE(of("ReduceMean", {"x"}), "");
  EXPECT_NE(of("ReduceMean", {"x"}, {ints_attribute("axes", {0, 1})}), "");
  EXPECT_NE(of("ReduceMean", {"x"}, {ints_attribute("axes", {-4})}), "");
  EXPECT_NE(of("Reshape", {"x", "n"}, {}, {1, 144}, numbers({1, -1})), "") << "a batch of 8 would be one item";
  EXPECT_NE(of("Flatten", {"x"}, {int_attribute("axis", 0)}, {1, 144}), "");
  EXPECT_NE(of("Squeeze", {"x", "n"}, {}, {4, 6, 6}, numbers({0})), "");
  EXPECT_NE(of("Unsqueeze", {"x", "n"}, {}, {1, 1, 4, 6, 6}, numbers({0})), "");
  EXPECT_NE(of("Concat", {"x", "x"}, {int_attribute("axis", 0)}), "");
  EXPECT_NE(of("Concat", {"x", "one"}, {int_attribute("axis", 1)}), "") << "one item of it for many of x";
  EXPECT_NE(of("Split", {"x"}), "");
  EXPECT_NE(of("Slice", {"x", "n", "n", "n"}, {}, {1, 4, 6, 6}, numbers({0, 1})), "");
  EXPECT_NE(of("Pad", {"x", "n"}, {}, {3, 4, 6, 6}, numbers({1, 0, 0, 0, 1, 0, 0, 0})), "");
  EXPECT_NE(of("Gather", {"x", "n"}, {}, {1, 4, 6, 6}, numbers({0})), "");
  EXPECT_NE(of("CumSum", {"x", "n"}, {}, {1, 4, 6, 6}, numbers({0})), "");
  EXPECT_NE(of("Conv", {"w", "x"}), "") << "items as weights";
  EXPECT_NE(of("Resize", {"x", "", "", "n"}, {}, {1, 4, 12, 12}, numbers({1, 4, 12, 12})), "") << "1 is the items";
  EXPECT_NE(of("ArgMax", {"x"}, {}, {1, 4, 6, 6}), "");
  EXPECT_NE(of("Tile", {"x", "n"}, {}, {2, 4, 6, 6}, numbers({2, 1, 1, 1})), "");
}

TEST(OnnxBatch, B904_the_places_of_a_pooling_count_through_the_batch) {
  OnnxGraph graph;
  graph.input("x", element::f32, {1, 4, 6, 6})
      .output("y", element::f32, {1, 4, 6, 6})
      .output("p", element::i64, {1, 4, 6, 6});
  graph.node("MaxPool", {"x"}, {"y", "p"});
  EXPECT_NE(obstacle_of(graph, {true}, {true, true}), "");
}

TEST(OnnxBatch, the_reason_names_the_operator) {
  EXPECT_NE(of("CumSum", {"x", "n"}, {}, {1, 4, 6, 6}, numbers({0})).find("CumSum"), std::string::npos);
}

TEST(OnnxBatch, B904_a_new_shape_whose_first_length_is_the_number_of_items) {
  const auto reshaped = [](std::int64_t place) {  // as PyTorch exports x.view(x.size(place), -1)
    OnnxGraph graph;
    graph.input("x", element::f32, {1, 4, 6, 6}).output("y", element::f32, {1, 144});
    graph.initializer(test::tensor("i", element::i64, {}, test::raw_bytes(std::vector<std::int64_t>{place})));
    graph.initializer(test::tensor("all", element::i64, {}, test::raw_bytes(std::vector<std::int64_t>{-1})));
    graph.node("Shape", {"x"}, {"s"}).node("Gather", {"s", "i"}, {"n"}, {int_attribute("axis", 0)});
    graph.node("Unsqueeze", {"n"}, {"n1"}, {ints_attribute("axes", {0})});
    graph.node("Unsqueeze", {"all"}, {"a1"}, {ints_attribute("axes", {0})});
    graph.node("Concat", {"n1", "a1"}, {"t"}, {int_attribute("axis", 0)}).node("Reshape", {"x", "t"}, {"r"});
    graph.weights("w", {1, 144}, std::vector<float>(144, 1)).node("Add", {"r", "w"}, {"y"});
    return obstacle_of(graph);
  };
  EXPECT_EQ(reshaped(0), "");
  EXPECT_EQ(reshaped(-4), "");
  EXPECT_NE(reshaped(1), "");
}

TEST(OnnxBatch, B904_a_size_whose_first_length_is_the_number_of_items) {
  const auto resized = [](std::int64_t begin) {
    OnnxGraph graph;
    graph.input("x", element::f32, {1, 4, 6, 6}).output("y", element::f32, {1, 4, 12, 12});
    const auto list = [&](const std::string& name, const std::vector<std::int64_t>& values) {
      graph.initializer(
          test::tensor(name, element::i64, {static_cast<std::int64_t>(values.size())}, test::raw_bytes(values)));
    };
    list("b", {begin});
    list("e", {begin + 2});
    list("zero", {0});
    list("space", {12, 12});
    graph.node("Shape", {"x"}, {"s"}).node("Slice", {"s", "b", "e", "zero"}, {"n"});
    graph.node("Concat", {"n", "space"}, {"t"}, {int_attribute("axis", 0)}).node("Resize", {"x", "", "", "t"}, {"y"});
    return obstacle_of(graph);
  };
  EXPECT_EQ(resized(0), "");
  EXPECT_NE(resized(1), "");
}

TEST(OnnxBatch, B904_products) {
  const auto product = [](const std::vector<test::OnnxDim>& a, const std::vector<std::int64_t>& b, bool swapped,
                          std::vector<test::OnnxDim> y) {
    OnnxGraph graph;
    std::size_t count = 1;
    for (const auto d : b) count *= static_cast<std::size_t>(d);
    graph.input("x", element::f32, a).weights("w", b, std::vector<float>(count, 1)).output("y", element::f32, y);
    graph.node("MatMul", swapped ? std::vector<std::string>{"w", "x"} : std::vector<std::string>{"x", "w"}, {"y"});
    return obstacle_of(graph);
  };
  EXPECT_EQ(product({1, 4}, {4, 4}, false, {1, 4}), "");
  EXPECT_EQ(product({1, 3, 4}, {4, 4}, false, {1, 3, 4}), "");
  EXPECT_EQ(product({1, 4, 4}, {4, 4}, true, {1, 4, 4}), "");
  EXPECT_NE(product({1, 4}, {4, 1}, true, {4, 4}), "") << "items as columns";
  EXPECT_EQ(product({1, 3, 4}, {1, 4, 4}, false, {1, 3, 4}), "") << "the same matrix for every item";
  EXPECT_NE(product({1, 3, 4}, {2, 4, 4}, false, {2, 3, 4}), "");
}

TEST(OnnxBatch, a_table_of_rows_and_a_second_input_without_batch) {
  OnnxGraph graph;
  graph.input("ids", element::i64, {1, 5}).input("bias", element::f32, {3}).output("y", element::f32, {1, 5, 3});
  graph.weights("table", {10, 3}, std::vector<float>(30, 1));
  graph.node("Gather", {"table", "ids"}, {"rows"}).node("Add", {"rows", "bias"}, {"y"});
  EXPECT_EQ(obstacle_of(graph, {true, false}), "");
}

TEST(OnnxBatch, B904_an_output_is_made_from_the_batch_or_has_none) {
  OnnxGraph graph;
  graph.input("x", element::f32, {1, 4}).weights("w", {1, 4}, {1, 2, 3, 4});
  graph.output("y", element::f32, {1, 4}).output("c", element::f32, {1, 4});
  graph.node("Relu", {"x"}, {"y"}).node("Relu", {"w"}, {"c"});
  EXPECT_NE(obstacle_of(graph, {true}, {true, true}), "") << "c is no batch though its first dimension is 1";
  EXPECT_EQ(obstacle_of(graph, {true}, {true, false}), "");
}

TEST(OnnxBatch, subgraphs_are_refused) {
  OnnxGraph body;
  body.node("Relu", {"x"}, {"r"}).output("r", element::f32, {1, 4});
  OnnxGraph graph;
  graph.input("x", element::f32, {1, 4}).output("y", element::f32, {1, 4});
  graph.initializer(test::tensor("c", element::boolean, {}, std::string(1, '\1')));
  graph.node("If", {"c"}, {"y"},
             {test::graph_attribute("then_branch", body), test::graph_attribute("else_branch", body)});
  EXPECT_NE(obstacle_of(graph), "");
}

}  // namespace
}  // namespace baton::model
