// SPDX-License-Identifier: Apache-2.0
// Copyright (C) 2026 The Baton authors
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>
#include <string>
#include <vector>

#include "model/batch_obstacle.h"
#include "support/ir_model.h"

namespace baton::model {
namespace {

using test::IrAttributes;
using test::IrGraph;
using test::IrShape;
using testing::HasSubstr;

std::string obstacle_of(const IrGraph& graph, std::vector<bool> inputs = {true}, std::vector<bool> outputs = {true},
                        int version = 11) {
  return batch_obstacle(test::ir_model(graph, version), inputs, outputs);
}

/// What else a case needs: constants by name (a name that begins with "axis" is a scalar), the version of the layer.
struct More {
  std::map<std::string, std::vector<std::int64_t>> numbers = {};
  std::string version = "opset1";
};

/// One layer from x [1,4,6,6] to y; w, row, c, tall, one are weights.
std::string of(const std::string& type, const std::vector<std::string>& inputs, const IrAttributes& attributes = {},
               const IrShape& shape = {1, 4, 6, 6}, const More& more = {}) {
  IrGraph graph;
  graph.parameter("x", {1, 4, 6, 6}).weights("w", {4, 4, 1, 1}).weights("row", {6}).weights("c", {4});
  graph.weights("tall", {2, 4, 6, 6}).weights("one", {1, 4, 6, 6});
  for (const auto& [name, values] : more.numbers) {
    if (name.starts_with("axis")) graph.scalar(name, values.front());
    else graph.numbers(name, values);
  }
  return obstacle_of(graph.layer(type, "y", inputs, shape, attributes, more.version).result("y"));
}

TEST(IrBatch, B904_a_network_as_they_are) {
  IrGraph graph;
  graph.parameter("x", {1, 3, 8, 8}).weights("k", {4, 3, 3, 3}).weights("b", {1, 4, 1, 1}).weights("f", {10, 4});
  graph.weights("low", {1, 1, 1, 1}).weights("high", {});
  graph.layer("FakeQuantize", "q", {"x", "low", "high", "low", "high"}, {1, 3, 8, 8}, {{"levels", "256"}});
  graph.layer("Convolution", "c1", {"q", "k"}, {1, 4, 6, 6}, {{"strides", "1, 1"}});
  graph.layer("Add", "c2", {"c1", "b"}, {1, 4, 6, 6}, {{"auto_broadcast", "numpy"}});
  graph.layer("ReLU", "c3", {"c2"}, {1, 4, 6, 6});
  graph.layer("Concat", "c4", {"c3", "c2"}, {1, 8, 6, 6}, {{"axis", "1"}}).scalar("axis", 1);
  graph.layers("Split", "s", {"c4", "axis"}, {{1, 4, 6, 6}, {1, 4, 6, 6}}, {{"num_splits", "2"}});
  graph.layer("Multiply", "m", {"s", "s.1"}, {1, 4, 6, 6}).numbers("space", {2, 3});
  graph.layer("ReduceMean", "g", {"m", "space"}, {1, 4, 1, 1}, {{"keep_dims", "true"}}).numbers("flat", {0, -1});
  graph.layer("Reshape", "r", {"g", "flat"}, {1, 4}, {{"special_zero", "true"}});
  graph.layer("MatMul", "l", {"r", "f"}, {1, 10}, {{"transpose_a", "false"}, {"transpose_b", "true"}});
  graph.layer("SoftMax", "p", {"l"}, {1, 10}, {{"axis", "1"}}).result("p");
  EXPECT_EQ(obstacle_of(graph), "");
  EXPECT_EQ(obstacle_of(graph, {true}, {true}, 10), "");
  EXPECT_THAT(obstacle_of(graph, {true}, {true}, 7), HasSubstr("an IR of version 7 is not followed"));
  EXPECT_THAT(obstacle_of(graph, {false}, {true}), HasSubstr("'p' is not made from the batch"));
  EXPECT_THAT(obstacle_of(graph, {true}, {false}), HasSubstr("'p' depends on the batch"));
}

TEST(IrBatch, B904_element_by_element) {
  for (const std::string type : {"ReLU", "Sigmoid", "Clamp", "Convert", "Erf", "HSwish", "Mish", "SoftPlus", "Gelu"})
    EXPECT_EQ(of(type, {"x"}), "") << type;
  for (const std::string type : {"Add", "Subtract", "Multiply", "Divide", "Maximum", "Power", "SquaredDifference"}) {
    EXPECT_EQ(of(type, {"x", "row"}), "") << type;
    EXPECT_EQ(of(type, {"one", "x"}), "") << type;
    EXPECT_EQ(of(type, {"x", "x"}), "") << type;
    EXPECT_NE(of(type, {"x", "tall"}, {}, {2, 4, 6, 6}), "") << type;
    EXPECT_NE(of(type, {"x", "one"}, {{"auto_broadcast", "pdpd"}}), "") << type;
  }
  EXPECT_EQ(of("PReLU", {"x", "c"}), "");
  EXPECT_EQ(of("Select", {"x", "one", "row"}), "");
}

TEST(IrBatch, B904_operands_of_another_rank_or_of_an_unknown_one) {
  IrGraph wide;  // x [1,4] is a row of the result, not an item
  wide.parameter("x", {1, 4}).weights("w", {3, 1, 4}).layer("Add", "y", {"x", "w"}, {3, 1, 4}).result("y");
  EXPECT_NE(obstacle_of(wide, {true}, {false}), "");
  IrGraph computed;  // of constants alone: known to be a scalar
  computed.parameter("x", {1, 4}).weights("s", {}).layer("Convert", "f", {"s"}, {});
  computed.layer("Multiply", "y", {"x", "f"}, {1, 4}).result("y");
  EXPECT_EQ(obstacle_of(computed), "");
  IrGraph other;  // of an input: without dimensions in the file, so of any rank
  other.parameter("x", {1, 4}).parameter("z", {}).layer("ReLU", "f", {"z"}, {});
  other.layer("Multiply", "y", {"x", "f"}, {1, 4}).result("y");
  EXPECT_NE(obstacle_of(other, {true, false}), "");
  IrGraph reshaped;  // 1 in the file is not what the application made of it
  reshaped.parameter("x", {1, 4}).parameter("z", {1, 4}).layer("ReLU", "f", {"z"}, {1, 4});
  reshaped.layer("Multiply", "y", {"x", "f"}, {1, 4}).result("y");
  EXPECT_NE(obstacle_of(reshaped, {true, false}), "");
}

TEST(IrBatch, B904_items_channels_space) {
  for (const std::string type : {"Convolution", "GroupConvolution", "ConvolutionBackpropData", "BinaryConvolution"}) {
    EXPECT_EQ(of(type, {"x", "w"}), "") << type;
    EXPECT_NE(of(type, {"w", "x"}), "") << type << ": items as weights";
    EXPECT_NE(of(type, {"x", "x"}), "") << type;
  }
  for (const std::string type : {"MaxPool", "AvgPool", "DepthToSpace", "SpaceToDepth", "ReorgYolo"})
    EXPECT_EQ(of(type, {"x"}), "") << type;
  EXPECT_EQ(of("BatchNormInference", {"x", "c", "c", "c", "c"}, {}, {1, 4, 6, 6}, {.version = "opset5"}), "");
  EXPECT_EQ(of("BatchNormInference", {"c", "c", "x", "c", "c"}), "") << "version 1 has another order";
  EXPECT_NE(of("BatchNormInference", {"x", "c", "c", "c", "c"}), "");
  EXPECT_NE(of("BatchNormInference", {"c", "c", "x", "c", "c"}, {}, {1, 4, 6, 6}, {.version = "opset5"}), "");
}

TEST(IrBatch, B904_the_places_of_a_pooling_count_through_the_batch) {
  for (const std::string type : {"MaxPool", "AdaptiveMaxPool"}) {
    IrGraph unused;
    unused.parameter("x", {1, 4, 6}).layers(type, "y", {"x"}, {{1, 4, 3}, {1, 4, 3}}, {}, "opset8").result("y");
    EXPECT_EQ(obstacle_of(unused), "") << type;
    unused.result("y.1");
    EXPECT_NE(obstacle_of(unused, {true}, {true, true}), "") << type;
  }
}

TEST(IrBatch, B904_along_axes) {
  const auto along = [](const std::string& type, std::int64_t axis, const std::string& version = "opset1") {
    return of(type, {"x", "n"}, {{"keep_dims", "true"}}, {1, 4, 6, 6},
              {.numbers = {{"n", {axis}}}, .version = version});
  };
  for (const std::string type :
       {"ReduceSum", "ReduceMax", "ReduceL2", "NormalizeL2", "LRN", "MVN", "Split", "CumSum"}) {
    for (const std::int64_t axis : {1, 3, -1, -3}) EXPECT_EQ(along(type, axis), "") << type << " " << axis;
    for (const std::int64_t axis : {0, -4}) EXPECT_NE(along(type, axis), "") << type << " " << axis;
    EXPECT_NE(of(type, {"x", "row"}), "") << type << ": axes that are not known";
  }
  for (const std::string type : {"SoftMax", "LogSoftmax", "TopK", "ShuffleChannels"}) {
    for (const std::string axis : {"1", "3", "-1", "-3"})
      EXPECT_EQ(of(type, {"x"}, {{"axis", axis}}), "") << type << axis;
    for (const std::string axis : {"0", "-4"}) EXPECT_NE(of(type, {"x"}, {{"axis", axis}}), "") << type << axis;
  }
  EXPECT_EQ(of("SoftMax", {"x"}), "") << "1 by default";
  EXPECT_NE(of("ReduceSum", {"x", "n"}, {}, {1, 6, 6}, {.numbers = {{"n", {1, 0}}}}), "");
  EXPECT_NE(of("ReduceSum", {"x", "n"}, {{"keep_dims", "true"}}, {1, 4, 6, 6}, {.numbers = {{"n", {}}}}), "");
  EXPECT_EQ(of("ReduceSum", {"x", "n"}, {{"keep_dims", "false"}}, {1, 4}, {.numbers = {{"n", {2, 3}}}}), "");
  EXPECT_EQ(of("MVN", {"x"}, {{"across_channels", "true"}}, {1, 4, 6, 6}, {.version = "opset2"}), "");
  EXPECT_EQ(of("VariadicSplit", {"x", "axis", "n"}, {}, {1, 4, 6, 6}, {.numbers = {{"axis", {1}}, {"n", {4}}}}), "");
  EXPECT_NE(of("VariadicSplit", {"x", "axis", "n"}, {}, {1, 4, 6, 6}, {.numbers = {{"axis", {0}}, {"n", {1}}}}), "");
}

TEST(IrBatch, B904_a_rank_that_the_file_says_otherwise_is_refused) {
  EXPECT_NE(of("ReduceSum", {"x", "n"}, {{"keep_dims", "true"}}, {1, 4}, {.numbers = {{"n", {2, 3}}}}), "");
  EXPECT_NE(of("Reshape", {"x", "n"}, {}, {1, 4, 36}, {.numbers = {{"n", {-1, 144}}}}), "");
}

TEST(IrBatch, B904_new_shapes) {
  const auto reshaped = [](const std::string& special_zero, const std::vector<std::int64_t>& to) {
    return of("Reshape", {"x", "n"}, {{"special_zero", special_zero}}, {1, 144}, {.numbers = {{"n", to}}});
  };
  EXPECT_EQ(reshaped("True", {0, -1}), "");
  EXPECT_EQ(reshaped("true", {0, 144}), "");
  EXPECT_EQ(reshaped("false", {-1, 144}), "");
  EXPECT_NE(reshaped("true", {1, -1}), "") << "a batch of 8 would be one item";
  EXPECT_NE(reshaped("false", {0, -1}), "");
  EXPECT_NE(of("Reshape", {"x", "row"}, {}, {1, 144}), "");
  EXPECT_EQ(of("Transpose", {"x", "n"}, {}, {1, 6, 6, 4}, {.numbers = {{"n", {0, 2, 3, 1}}}}), "");
  EXPECT_NE(of("Transpose", {"x", "n"}, {}, {4, 1, 6, 6}, {.numbers = {{"n", {1, 0, 2, 3}}}}), "");
  EXPECT_NE(of("Transpose", {"x", "row"}), "") << "the order is not known";
  EXPECT_EQ(of("Squeeze", {"x", "n"}, {}, {1, 4, 6}, {.numbers = {{"n", {2}}}}), "");
  EXPECT_NE(of("Squeeze", {"x", "n"}, {}, {4, 6, 6}, {.numbers = {{"n", {0}}}}), "");
  EXPECT_NE(of("Squeeze", {"x"}, {}, {4, 6, 6}), "") << "all of length 1, the items too";
  EXPECT_NE(of("Squeeze", {"x", "n"}, {{"allow_axis_skip", "true"}}, {1, 4, 6}, {.numbers = {{"n", {2}}}}), "");
  EXPECT_EQ(of("Unsqueeze", {"x", "n"}, {}, {1, 1, 4, 6, 6}, {.numbers = {{"n", {1}}}}), "");
  EXPECT_EQ(of("Unsqueeze", {"x", "n"}, {}, {1, 4, 6, 6, 1}, {.numbers = {{"n", {-1}}}}), "");
  EXPECT_NE(of("Unsqueeze", {"x", "n"}, {}, {1, 1, 4, 6, 6}, {.numbers = {{"n", {0}}}}), "");
  EXPECT_NE(of("Unsqueeze", {"x", "n"}, {}, {1, 1, 4, 6, 6}, {.numbers = {{"n", {-5}}}}), "");
}

TEST(IrBatch, B904_parts_and_repetitions) {
  const auto with = [](const std::vector<std::int64_t>& n) { return More{.numbers = {{"n", n}}}; };
  EXPECT_EQ(of("Pad", {"x", "n", "n"}, {}, {1, 4, 8, 8}, with({0, 0, 1, 1})), "");
  EXPECT_NE(of("Pad", {"x", "n", "n"}, {}, {3, 4, 6, 6}, with({1, 0, 0, 0})), "");
  EXPECT_NE(of("Pad", {"x", "row", "row"}), "");
  EXPECT_EQ(of("Tile", {"x", "n"}, {}, {1, 4, 12, 6}, with({1, 1, 2, 1})), "");
  EXPECT_NE(of("Tile", {"x", "n"}, {}, {2, 4, 6, 6}, with({2, 1, 1, 1})), "");
  EXPECT_NE(of("Tile", {"x", "n"}, {}, {1, 1, 4, 6, 6}, with({1, 1, 1, 1, 1})), "") << "a dimension comes before";
  const auto slice = [&](std::int64_t axis) {
    return of("Slice", {"x", "n", "n", "n", "n"}, {}, {1, 4, 6, 6}, with({axis}));
  };
  EXPECT_EQ(slice(1), "");
  EXPECT_NE(slice(0), "");
  EXPECT_NE(of("Slice", {"x", "n", "n", "n"}, {}, {1, 4, 6, 6}, with({1})), "") << "without axes: the first ones";
}

TEST(IrBatch, B904_slices_by_masks) {
  const IrAttributes whole = {
      {"begin_mask", "1,0"}, {"end_mask", "1,0"}, {"new_axis_mask", ""}, {"shrink_axis_mask", "0,0"}};
  const auto slice = [](const IrAttributes& masks, const IrShape& shape = {1, 1, 6, 6}, std::int64_t stride = 1) {
    return of("StridedSlice", {"x", "n", "n", "s"}, masks, shape, {.numbers = {{"n", {1, 1}}, {"s", {stride, 1}}}});
  };
  EXPECT_EQ(slice(whole), "");
  EXPECT_NE(slice(whole, {1, 1, 6, 6}, -1), "") << "items in another order";
  EXPECT_EQ(slice({{"begin_mask", "1,0"}, {"end_mask", "1,0"}, {"shrink_axis_mask", "0,1"}}, {1, 6, 6}), "");
  for (const std::string mask : {"begin_mask", "end_mask"}) {
    IrAttributes masks = {{"begin_mask", "1,0"}, {"end_mask", "1,0"}};
    for (auto& [name, value] : masks) value = name == mask ? "0,1" : value;
    EXPECT_NE(slice(masks), "") << mask;
  }
  for (const std::string mask : {"new_axis_mask", "shrink_axis_mask", "ellipsis_mask"})
    EXPECT_NE(slice({{"begin_mask", "1,0"}, {"end_mask", "1,0"}, {mask, "1,0"}}), "") << mask;
}

TEST(IrBatch, B904_other_sizes) {
  const auto resized = [](std::vector<std::string> inputs, std::int64_t axis, const std::string& version) {
    return of("Interpolate", inputs, {}, {1, 4, 6, 12}, {.numbers = {{"n", {12}}, {"m", {axis}}}, .version = version});
  };
  EXPECT_EQ(resized({"x", "n", "n", "m"}, 3, "opset4"), "");
  EXPECT_NE(resized({"x", "n", "n", "m"}, 0, "opset4"), "");
  EXPECT_NE(resized({"x", "n", "m"}, 3, "opset4"), "") << "sizes and scales of all dimensions";
  EXPECT_EQ(resized({"x", "n", "m"}, 3, "opset11"), "");
  EXPECT_NE(resized({"x", "n", "m"}, 0, "opset11"), "");
  EXPECT_NE(resized({"x", "n"}, 3, "opset11"), "");
  const More one{.numbers = {{"n", {12, 12}}}};
  EXPECT_EQ(of("Interpolate", {"x", "n"}, {{"axes", "2,3"}}, {1, 4, 12, 12}, one), "");
  EXPECT_NE(of("Interpolate", {"x", "n"}, {{"axes", "0,3"}}, {1, 4, 12, 12}, one), "");
}

TEST(IrBatch, B904_joined_and_gathered) {
  EXPECT_EQ(of("Concat", {"x", "x"}, {{"axis", "-3"}}, {1, 8, 6, 6}), "");
  EXPECT_NE(of("Concat", {"x", "x"}, {{"axis", "0"}}, {2, 4, 6, 6}), "");
  EXPECT_NE(of("Concat", {"x", "x"}, {{"axis", "-4"}}, {2, 4, 6, 6}), "");
  EXPECT_NE(of("Concat", {"x", "one"}, {{"axis", "1"}}, {1, 8, 6, 6}), "") << "one item of it for many of x";
  EXPECT_NE(of("Concat", {"x", "x"}, {}, {1, 8, 6, 6}), "");
  const auto gathered = [](std::int64_t axis, const IrAttributes& attributes = {}) {
    return of("Gather", {"x", "n", "axis"}, attributes, {1, 1, 6, 6},
              {.numbers = {{"n", {0}}, {"axis", {axis}}}, .version = "opset7"});
  };
  EXPECT_EQ(gathered(1), "");
  EXPECT_EQ(gathered(-3), "");
  EXPECT_NE(gathered(0), "");
  EXPECT_NE(gathered(1, {{"batch_dims", "1"}}), "");
  IrGraph table;
  table.parameter("ids", {1, 5}).parameter("bias", {3}).weights("table", {10, 3}).scalar("axis", 0);
  table.layer("Gather", "rows", {"table", "ids", "axis"}, {1, 5, 3})
      .layer("Add", "y", {"rows", "bias"}, {1, 5, 3})
      .result("y");
  EXPECT_EQ(obstacle_of(table, {true, false}), "");
}

TEST(IrBatch, B904_products) {
  const auto product = [](const IrShape& a, const IrShape& b, bool swapped, const IrShape& y, bool transposed = false) {
    IrGraph graph;
    graph.parameter("x", a).weights("w", b);
    graph.layer("MatMul", "y", swapped ? std::vector<std::string>{"w", "x"} : std::vector<std::string>{"x", "w"}, y,
                {{"transpose_a", transposed ? "true" : "false"}});
    return obstacle_of(graph.result("y"), {true}, {y[0] == 1});
  };
  EXPECT_EQ(product({1, 4}, {4, 4}, false, {1, 4}), "");
  EXPECT_EQ(product({1, 3, 4}, {4, 4}, false, {1, 3, 4}), "");
  EXPECT_EQ(product({1, 4, 3}, {4, 4}, false, {1, 3, 4}, true), "");
  EXPECT_EQ(product({1, 4, 4}, {4, 4}, true, {1, 4, 4}), "");
  EXPECT_EQ(product({1, 3, 4}, {1, 4, 4}, false, {1, 3, 4}), "") << "the same matrix for every item";
  EXPECT_EQ(product({1, 4, 4}, {1, 4, 4}, true, {1, 4, 4}), "");
  EXPECT_NE(product({1, 3, 4}, {2, 4, 4}, false, {2, 3, 4}), "");
  EXPECT_NE(product({1, 4, 4}, {2, 4, 4}, true, {2, 4, 4}), "");
  EXPECT_NE(product({1, 4, 4}, {4}, true, {1, 4}), "");
  EXPECT_NE(product({1, 4}, {1, 4}, false, {4, 4}, true), "") << "a sum over items";
  EXPECT_NE(product({1, 4}, {4, 1}, true, {4, 4}), "") << "items as columns";
  IrGraph both;
  both.parameter("x", {1, 3, 4}).layer("MatMul", "y", {"x", "x"}, {1, 3, 3}, {{"transpose_b", "true"}}).result("y");
  EXPECT_EQ(obstacle_of(both), "");
}

TEST(IrBatch, B904_what_nobody_knows_is_refused_with_layer_and_operator) {
  for (const std::string type : {"DetectionOutput", "NonMaxSuppression", "Proposal", "Broadcast", "NewLayer"}) {
    const std::string why = of(type, {"x"});
    EXPECT_THAT(why, HasSubstr("the operator " + type)) << type;
    EXPECT_THAT(why, HasSubstr("'y'")) << type;
  }
  EXPECT_NE(of("ReLU", {"x"}, {}, {1, 4, 6, 6}, {.version = "extension"}), "") << "may mean anything";
}

TEST(IrBatch, B904_shapes_of_items_count_them_and_ranks_do_not) {
  IrGraph counted;
  counted.parameter("x", {1, 4}).layer("ShapeOf", "s", {"x"}, {2}).layer("ReLU", "r", {"x"}, {1, 4});
  IrGraph unused = counted;
  EXPECT_EQ(obstacle_of(unused.result("r")), "") << "nobody asks";
  IrGraph told = unused;
  EXPECT_THAT(obstacle_of(told.result("s"), {true}, {true, false}), HasSubstr("'s' tells the number of items"));
  counted.numbers("two", {2, 2}).layer("Multiply", "y", {"s", "two"}, {2}).result("y");
  EXPECT_THAT(obstacle_of(counted, {true}, {false}),
              HasSubstr("Multiply that makes 'y' takes the number of items of a batch"));

  // What OpenVINO's converter makes of a bias: [4] becomes [1,4,1,1], by the rank of what it is added to.
  IrGraph bias;
  bias.parameter("x", {1, 3, 8, 8})
      .weights("k", {4, 3, 3, 3})
      .weights("b", {4})
      .numbers("one", {1})
      .numbers("two", {2});
  bias.layer("Convolution", "c", {"x", "k"}, {1, 4, 6, 6}).layer("ShapeOf", "lengths", {"c"}, {4}, {}, "opset3");
  bias.layer("ShapeOf", "rank", {"lengths"}, {1}, {}, "opset3").layer("Subtract", "space", {"rank", "two"}, {1});
  bias.layer("Broadcast", "ones", {"one", "space"}, {2}, {}, "opset3")
      .layer("ShapeOf", "size", {"b"}, {1}, {}, "opset3");
  bias.layer("Concat", "shape", {"one", "size", "ones"}, {4}, {{"axis", "0"}});
  bias.layer("Reshape", "wide", {"b", "shape"}, {1, 4, 1, 1})
      .layer("Add", "y", {"c", "wide"}, {1, 4, 6, 6})
      .result("y");
  EXPECT_EQ(obstacle_of(bias), "");
}

/// x [1,4,6,6] by lengths that `make` computes of s, which are those of x, to y [1,144].
std::string by_lengths(const std::string& last, void (*make)(IrGraph&)) {
  IrGraph graph;
  graph.parameter("x", {1, 4, 6, 6}).layer("ShapeOf", "s", {"x"}, {4}, {}, "opset3");
  graph.numbers("zero", {0}).numbers("one", {1}).numbers("all", {-1}).scalar("axis", 0).scalar("first", 0);
  make(graph);
  return obstacle_of(graph.layer("Reshape", "y", {"x", last}, {1, 144}).result("y"));
}

TEST(IrBatch, B904_new_shapes_whose_first_length_is_the_number_of_items) {
  EXPECT_EQ(by_lengths("shape",
                       [](IrGraph& graph) {
                         graph.layer("Gather", "n", {"s", "first", "axis"}, {}, {}, "opset8")
                             .layer("Unsqueeze", "list", {"n", "zero"}, {1});
                         graph.layer("Concat", "shape", {"list", "all"}, {2}, {{"axis", "0"}});
                       }),
            "");
  EXPECT_EQ(
      by_lengths(
          "shape",
          [](IrGraph& graph) {
            graph.layer("Gather", "n", {"s", "zero", "axis"}, {1}, {}, "opset8").layer("Convert", "i", {"n"}, {1});
            graph.layer("Concat", "shape", {"i", "all"}, {2}, {{"axis", "0"}});
          }),
      "");
  EXPECT_EQ(by_lengths("shape",
                       [](IrGraph& graph) {
                         graph.layer("StridedSlice", "n", {"s", "zero", "one", "one"}, {1},
                                     {{"begin_mask", "0"}, {"end_mask", "0"}});
                         graph.layer("Concat", "shape", {"n", "all"}, {2}, {{"axis", "0"}});
                       }),
            "");
  EXPECT_EQ(by_lengths("shape",
                       [](IrGraph& graph) {
                         graph.layer("StridedSlice", "n", {"s", "zero", "one", "one"}, {},
                                     {{"begin_mask", "0"}, {"end_mask", "0"}, {"shrink_axis_mask", "1"}});
                         graph.layer("Unsqueeze", "list", {"n", "zero"}, {1});
                         graph.layer("Concat", "shape", {"list", "all"}, {2}, {{"axis", "0"}});
                       }),
            "");
  EXPECT_EQ(by_lengths("shape",
                       [](IrGraph& graph) {
                         graph.layer("Slice", "n", {"s", "zero", "one", "one", "zero"}, {1}, {}, "opset8");
                         graph.layer("Concat", "shape", {"n", "all"}, {2}, {{"axis", "0"}});
                       }),
            "");
}

TEST(IrBatch, B904_new_shapes_where_the_number_of_items_stands_elsewhere_or_not_at_all) {
  EXPECT_NE(by_lengths("shape",
                       [](IrGraph& graph) {  // the items last
                         graph.layer("Gather", "n", {"s", "zero", "axis"}, {1}, {}, "opset8");
                         graph.layer("Concat", "shape", {"all", "n"}, {2}, {{"axis", "0"}});
                       }),
            "");
  EXPECT_NE(by_lengths("shape",
                       [](IrGraph& graph) {  // twice
                         graph.layer("Gather", "n", {"s", "zero", "axis"}, {1}, {}, "opset8");
                         graph.layer("Concat", "shape", {"n", "n"}, {2}, {{"axis", "0"}});
                       }),
            "");
  EXPECT_NE(by_lengths("shape",
                       [](IrGraph& graph) {  // the channels first
                         graph.layer("Gather", "n", {"s", "one", "axis"}, {1}, {}, "opset8");
                         graph.layer("Concat", "shape", {"n", "all"}, {2}, {{"axis", "0"}});
                       }),
            "");
  EXPECT_NE(
      by_lengths(
          "shape",
          [](IrGraph& graph) {  // nobody knows how many lengths
            graph.layer("Gather", "n", {"s", "zero", "axis"}, {1}, {}, "opset8").layer("NonZero", "z", {"one"}, {-1});
            graph.layer("Concat", "shape", {"n", "z"}, {2}, {{"axis", "0"}});
          }),
      "");
  EXPECT_NE(by_lengths("shape",
                       [](IrGraph& graph) {  // a sum of the number of items
                         graph.layer("Gather", "n", {"s", "zero", "axis"}, {1}, {}, "opset8")
                             .layer("Add", "more", {"n", "zero"}, {1});
                         graph.layer("Concat", "shape", {"more", "all"}, {2}, {{"axis", "0"}});
                       }),
            "");
  EXPECT_NE(by_lengths("shape",
                       [](IrGraph& graph) {  // an index that is not there
                         graph.numbers("nine", {9}).layer("Gather", "n", {"s", "nine", "axis"}, {1}, {}, "opset8");
                         graph.layer("Concat", "shape", {"n", "all"}, {2}, {{"axis", "0"}});
                       }),
            "");
}

TEST(IrBatch, B904_lengths_without_the_number_of_items_are_constants) {
  IrGraph graph;
  graph.parameter("x", {1, 4}).layer("ShapeOf", "s", {"x"}, {2}, {}, "opset3").scalar("axis", 0).scalar("one", 1);
  graph.layer("Gather", "width", {"s", "one", "axis"}, {}, {}, "opset8").layer("Convert", "f", {"width"}, {});
  graph.layer("Divide", "y", {"x", "f"}, {1, 4}).result("y");
  EXPECT_EQ(obstacle_of(graph), "");
}

TEST(IrBatch, B904_loops_and_branches_are_refused_where_items_reach_them) {
  IrGraph graph;
  graph.parameter("x", {1, 4}).body().layer("TensorIterator", "y", {"x"}, {1, 4}).result("y");
  EXPECT_THAT(obstacle_of(graph), HasSubstr("TensorIterator"));
  IrGraph aside;
  aside.parameter("x", {1, 4}).weights("w", {4}).body().layer("Loop", "l", {"w"}, {4});
  EXPECT_EQ(obstacle_of(aside.layer("Add", "y", {"x", "l"}, {1, 4}).result("y")), "");
}

TEST(IrBatch, B904_an_output_is_made_from_the_batch_or_has_none) {
  IrGraph graph;
  graph.parameter("x", {1, 4}).weights("w", {1, 4}).layer("ReLU", "y", {"x"}, {1, 4}).layer("ReLU", "c", {"w"}, {1, 4});
  graph.result("y").result("c");
  EXPECT_NE(obstacle_of(graph, {true}, {true, true}), "") << "c is no batch though its first dimension is 1";
  EXPECT_EQ(obstacle_of(graph, {true}, {true, false}), "");
}

TEST(IrBatch, B904_an_input_or_output_that_is_not_found_is_an_obstacle) {
  IrGraph graph;
  graph.parameter("x", {1, 4}).layer("ReLU", "y", {"x"}, {1, 4}).result("y");
  const Model good = test::ir_model(graph);
  for (const bool input : {true, false}) {
    Facts facts = good.facts();
    (input ? facts.inputs : facts.outputs)[0].names = {"other"};
    const Model model{std::make_shared<const ModelData>(good.data->source(), facts), good.input_shapes};
    EXPECT_THAT(batch_obstacle(model, {true}, {true}), HasSubstr("'other' is not found"));
  }
}

TEST(IrBatch, B904_names_of_layers_serve_where_tensors_have_none) {
  const std::string xml =
      "<net version='10'><layers><layer id='0' name='in' type='Parameter' version='opset1'><output><port "
      "id='0'><dim>1</dim>"
      "<dim>4</dim></port></output></layer><layer id='1' name='out' type='ReLU' version='opset1'><input><port "
      "id='0'/></input>"
      "<output><port id='1'><dim>1</dim><dim>4</dim></port></output></layer><layer id='2' name='out/sink' "
      "type='Result' "
      "version='opset1'><input><port id='0'/></input></layer></layers><edges><edge from-layer='0' from-port='0' "
      "to-layer='1' to-port='0'/><edge from-layer='1' from-port='1' to-layer='2' to-port='0'/></edges></net>";
  Facts facts;
  facts.format = Format::kIr;
  facts.inputs = {{{"in"}, element::f32, {1, 4}}};
  facts.outputs = {{{"out"}, element::f32, {1, 4}}};
  Source source{.format = Format::kIr, .bytes = Bytes::own(xml), .weights = Bytes::own({})};
  const Model model{std::make_shared<const ModelData>(std::move(source), facts), {PartialShape{1, 4}}};
  EXPECT_EQ(batch_obstacle(model, {true}, {true}), "");
}

TEST(IrBatch, constants_that_are_not_in_the_weights_are_not_known) {
  IrGraph graph;
  graph.parameter("x", {1, 4})
      .numbers("n", {0, -1})
      .layer("Reshape", "y", {"x", "n"}, {1, 4}, {{"special_zero", "true"}});
  const Model good = test::ir_model(graph.result("y"));
  EXPECT_EQ(batch_obstacle(good, {true}, {true}), "");
  for (const std::size_t kept : {0, 1, 8, 15}) {
    Source source = good.data->source();
    source.weights = Bytes::own(graph.bin().substr(0, kept));
    const Model model{std::make_shared<const ModelData>(std::move(source), good.facts()), good.input_shapes};
    EXPECT_NE(batch_obstacle(model, {true}, {true}), "") << kept;
  }
}

TEST(IrBatch, B904_other_formats_are_not_followed) {
  IrGraph graph;
  const Model good = test::ir_model(graph.parameter("x", {1, 4}).layer("ReLU", "y", {"x"}, {1, 4}).result("y"));
  Facts facts = good.facts();
  facts.format = Format::kPaddle;
  const Model model{std::make_shared<const ModelData>(good.data->source(), facts), good.input_shapes};
  EXPECT_THAT(batch_obstacle(model, {true}, {true}), HasSubstr("only the graphs of ONNX and IR models"));
}

}  // namespace
}  // namespace baton::model
