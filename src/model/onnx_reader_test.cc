// SPDX-License-Identifier: Apache-2.0
// Copyright (C) 2026 The Baton authors
#include "model/onnx_reader.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <random>
#include <string>

#include "model/source.h"
#include "support/onnx_builder.h"
#include "support/temporary_folder.h"

namespace baton::model {
namespace {

using base::StatusCode;
using test::encoded_bytes;
using test::encoded_number;
using test::int_attribute;
using test::onnx_model;
using test::OnnxGraph;
using test::raw_bytes;
using test::TemporaryFolder;
using testing::ElementsAre;
using testing::HasSubstr;

base::Result<std::shared_ptr<const ModelData>> read(const std::string& bytes, const std::filesystem::path& path = {}) {
  Source source;
  source.path = path;
  source.bytes = Bytes::own(bytes);
  return read_onnx(std::move(source));
}

Facts facts_of(const std::string& bytes) {
  const auto model = read(bytes);
  EXPECT_TRUE(model.is_ok()) << model.status().message();
  return model.is_ok() ? model.value()->facts() : Facts{};
}

void expect_refused(const std::string& bytes, const std::string& cause,
                    StatusCode code = StatusCode::kInvalidArgument) {
  const auto model = read(bytes, "some/model.onnx");
  ASSERT_FALSE(model.is_ok()) << "accepted, expected: " << cause;
  EXPECT_EQ(model.status().code(), code);
  EXPECT_THAT(model.status().message(), HasSubstr("some/model.onnx"));
  EXPECT_THAT(model.status().message(), HasSubstr(cause));
}

/// x [n,4] -> MatMul w [4,2] -> Softmax -> p
OnnxGraph classifier() {
  OnnxGraph graph("classifier");
  graph.input("x", element::f32, {"n", 4}).weights("w", {4, 2}, std::vector<float>(8, 1.F));
  graph.node("MatMul", {"x", "w"}, {"y"}).node("Softmax", {"y"}, {"p"}, {int_attribute("axis", 1)});
  return graph.output("p", element::f32, {"n", 2});
}

/// A graph that begins with an f32 input x and ends with y.
OnnxGraph from_x_to_y() {
  OnnxGraph graph;
  return graph.input("x", element::f32, {1, 4}).output("y", element::f32, {1, 4});
}

TEST(OnnxReader, finds_ports_label_and_operators) {
  const Facts facts = facts_of(onnx_model(classifier()));
  EXPECT_EQ(facts.format, Format::kOnnx);
  EXPECT_EQ(facts.name, "classifier");
  ASSERT_EQ(facts.inputs.size(), 1U);
  EXPECT_EQ(facts.inputs[0].any_name(), "x");
  EXPECT_EQ(facts.inputs[0].type, element::f32);
  EXPECT_EQ(facts.inputs[0].shape.to_string(), "[?,4]");
  ASSERT_EQ(facts.outputs.size(), 1U);
  EXPECT_EQ(facts.outputs[0].shape.to_string(), "[?,2]");
  EXPECT_THAT(facts.output_is_distribution, ElementsAre(true));
  EXPECT_EQ(facts.label.name, "FP32");
  EXPECT_EQ(facts.label.row, 5);
  EXPECT_EQ(facts.weight_bytes, 32U);
  EXPECT_FALSE(facts.random);
  EXPECT_FALSE(facts.stateful);
  EXPECT_THAT(facts.operators, ElementsAre("MatMul", "Softmax"));
}

TEST(OnnxReader, inputs_with_an_initializer_are_weights) {
  OnnxGraph graph = classifier();
  graph.input("w", element::f32, {4, 2});
  EXPECT_EQ(facts_of(onnx_model(graph)).inputs.size(), 1U);
}

TEST(OnnxReader, a_missing_shape_is_an_unknown_rank_and_a_missing_type_follows_the_graph) {
  OnnxGraph graph;
  graph.input("x", element::f16).node("Relu", {"x"}, {"y"}).output("y", element::dynamic);
  const Facts facts = facts_of(onnx_model(graph));
  EXPECT_FALSE(facts.inputs[0].shape.rank_is_static());
  EXPECT_EQ(facts.outputs[0].type, element::f16);
}

TEST(OnnxReader, packed_dimensions_are_read_like_plain_ones) {
  OnnxGraph graph = from_x_to_y();
  const std::string weights =
      encoded_bytes(1, std::string("\x04\x02", 2)) + encoded_number(2, 10) + encoded_bytes(8, "w");
  graph.initializer(weights + encoded_bytes(9, std::string(16, 'x'))).node("MatMul", {"x", "w"}, {"y"});
  const Facts facts = facts_of(onnx_model(graph));
  EXPECT_EQ(facts.weight_bytes, 16U);
  EXPECT_EQ(facts.label.name, "FP16");
}

TEST(OnnxReader, B404_cast_half_weights_and_constants_are_followed) {
  OnnxGraph graph = from_x_to_y();
  graph.node("Constant", {}, {"c"},
             {test::tensor_attribute("value", test::tensor("", element::f16, {4, 4}, std::string(32, 0)))});
  graph.node("Cast", {"c"}, {"w"}, {int_attribute("to", 1)}).node("MatMul", {"x", "w"}, {"y"});
  EXPECT_EQ(facts_of(onnx_model(graph)).label.name, "FP16");
}

TEST(OnnxReader, B403_dequantised_weights_take_the_type_of_their_scale) {
  OnnxGraph graph = from_x_to_y();
  graph.initializer(test::tensor("q", element::i8, {4, 4}, std::string(16, 1)));
  graph.initializer(test::tensor("scale", element::bf16, {}, std::string(2, 1)));
  graph.node("DequantizeLinear", {"q", "scale"}, {"w"}).node("MatMul", {"x", "w"}, {"y"});
  EXPECT_EQ(facts_of(onnx_model(graph)).label.name, "BF16");
}

TEST(OnnxReader, B402_quantised_activations_are_INT8) {
  OnnxGraph graph = from_x_to_y();
  graph.weights("scale", {}, {1}).weights("w", {4, 4}, std::vector<float>(16));
  graph.node("QuantizeLinear", {"x", "scale"}, {"q"}).node("DequantizeLinear", {"q", "scale"}, {"d"});
  graph.node("MatMul", {"d", "w"}, {"y"});
  const PrecisionLabel label = facts_of(onnx_model(graph)).label;
  EXPECT_EQ(label.name, "INT8");
  EXPECT_EQ(label.without_int8, "FP32");
}

TEST(OnnxReader, B402_winograd_metadata) {
  EXPECT_EQ(facts_of(onnx_model(classifier(), {.metadata = {{"WINOGRAD", "True"}}})).label.name, "WINOGRAD");
  EXPECT_EQ(facts_of(onnx_model(classifier(), {.metadata = {{"WINOGRAD", "false"}}})).label.name, "FP32");
}

TEST(OnnxReader, metadata_stand_below_framework) {
  const Facts facts = facts_of(onnx_model(classifier(), {.metadata = {{"author", "us"}, {"names", "a\nb"}}}));
  EXPECT_THAT(facts.metadata, testing::ElementsAre(testing::Pair(testing::ElementsAre("framework", "author"), "us"),
                                                   testing::Pair(testing::ElementsAre("framework", "names"), "a\nb")));
}

TEST(OnnxReader, weights_inside_of_branches_count) {
  OnnxGraph body("branch");
  body.initializer(test::tensor("w", element::f16, {4, 4}, std::string(32, 0)));
  body.node("MatMul", {"x", "w"}, {"r"}).output("r", element::f32, {1, 4});
  OnnxGraph graph = from_x_to_y();
  graph.input("c", element::boolean, {});
  graph.node("If", {"c"}, {"y"},
             {test::graph_attribute("then_branch", body), test::graph_attribute("else_branch", body)});
  const Facts facts = facts_of(onnx_model(graph));
  EXPECT_EQ(facts.label.name, "FP16");
  EXPECT_EQ(facts.weight_bytes, 64U);
  EXPECT_THAT(facts.operators, ElementsAre("If", "MatMul"));
}

TEST(OnnxReader, weights_handed_to_functions_count) {
  OnnxGraph body;
  body.node("Transpose", {"b"}, {"t"}).node("MatMul", {"a", "t"}, {"r"}).node("Softmax", {"r"}, {"out"});
  OnnxGraph graph = from_x_to_y();
  graph.initializer(test::tensor("w", element::f16, {4, 4}, std::string(32, 0)));
  graph.node("Linear", {"x", "w"}, {"y"}, {}, "my");
  const auto function = test::onnx_function("my", "Linear", {"a", "b"}, {"out"}, body);
  const Facts facts = facts_of(onnx_model(graph, {.domains = {"my"}, .functions = {function}}));
  EXPECT_EQ(facts.label.name, "FP16");
  EXPECT_THAT(facts.operators, ElementsAre("MatMul", "Softmax", "Transpose"));
  EXPECT_THAT(facts.output_is_distribution, ElementsAre(true));
}

TEST(OnnxReader, operators_of_other_domains_carry_their_domain) {
  OnnxGraph graph = from_x_to_y();
  graph.node("Gelu", {"x"}, {"g"}, {}, "com.microsoft").node("Relu", {"g"}, {"y"}, {}, "ai.onnx");
  EXPECT_THAT(facts_of(onnx_model(graph)).operators, ElementsAre("Relu", "com.microsoft.Gelu"));
}

TEST(OnnxReader, B533_dropout_is_random_in_training_mode_only) {
  const auto with_flag = [](const std::string& flag) {
    OnnxGraph graph = from_x_to_y();
    graph.weights("ratio", {}, {0.5F}).initializer(test::tensor("training", element::boolean, {}, flag));
    return facts_of(onnx_model(graph.node("Dropout", {"x", "ratio", "training"}, {"y"}))).random;
  };
  EXPECT_TRUE(with_flag(std::string(1, '\1')));
  EXPECT_FALSE(with_flag(std::string(1, '\0')));
  EXPECT_FALSE(facts_of(onnx_model(from_x_to_y().node("Dropout", {"x"}, {"y"}))).random);
  EXPECT_TRUE(facts_of(onnx_model(from_x_to_y().node("RandomNormalLike", {"x"}, {"y"}))).random);
}

TEST(OnnxReader, nodes_out_of_order_are_accepted) {
  OnnxGraph graph = from_x_to_y();
  graph.node("Relu", {"a"}, {"y"}).node("Relu", {"x"}, {"a"});
  EXPECT_THAT(facts_of(onnx_model(graph)).operators, ElementsAre("Relu"));
}

TEST(OnnxReader, external_data_is_found_and_counted) {
  const TemporaryFolder folder;
  const auto weights = folder.write("data/w.bin", std::string(48, 'x'));
  OnnxGraph graph = from_x_to_y();
  graph.initializer(test::external_tensor("w", element::f16, {4, 4},
                                          {{"location", "data/w.bin"}, {"offset", "16"}, {"length", "32"}}));
  const auto file = folder.write("m.onnx", onnx_model(graph.node("MatMul", {"x", "w"}, {"y"})));
  const auto model = read_onnx(open_source(file).value());
  ASSERT_TRUE(model.is_ok()) << model.status().message();
  EXPECT_EQ(model.value()->facts().weight_bytes, 32U);
  EXPECT_THAT(model.value()->source().external_files, ElementsAre(weights));
}

TEST(OnnxReader, B1403_external_data_that_is_not_there_is_named) {
  const TemporaryFolder folder;
  folder.write("short.bin", "x");
  const auto refusal = [&](const std::vector<std::pair<std::string, std::string>>& entries) {
    OnnxGraph graph = from_x_to_y();
    graph.initializer(test::external_tensor("w", element::f16, {4, 4}, entries)).node("MatMul", {"x", "w"}, {"y"});
    const auto model = read(onnx_model(graph), folder.path() / "m.onnx");
    EXPECT_EQ(model.status().code(), StatusCode::kInvalidArgument);
    EXPECT_THAT(model.status().message(), HasSubstr("m.onnx"));
    return model.status().message();
  };
  EXPECT_THAT(refusal({{"location", "gone.bin"}}), HasSubstr((folder.path() / "gone.bin").string()));
  EXPECT_THAT(refusal({{"location", "short.bin"}}), HasSubstr("need 32 bytes"));
  EXPECT_THAT(refusal({{"location", "short.bin"}, {"length", "4"}}), HasSubstr("expected 32"));
  EXPECT_THAT(refusal({{"location", "short.bin"}, {"offset", "18446744073709551615"}}), HasSubstr("offset"));
  EXPECT_THAT(refusal({{"location", "short.bin"}, {"offset", "-1"}}), HasSubstr("expected a number"));
  EXPECT_THAT(refusal({{"location", "../short.bin"}}), HasSubstr("outside"));
  EXPECT_THAT(refusal({{"location", "/etc/passwd"}}), HasSubstr("outside"));
  EXPECT_THAT(refusal({}), HasSubstr("does not say which"));
}

TEST(OnnxReader, B1403_external_data_of_a_model_in_memory_is_refused) {
  OnnxGraph graph = from_x_to_y();
  graph.initializer(test::external_tensor("w", element::f16, {4, 4}, {{"location", "w.bin"}}))
      .node("MatMul", {"x", "w"}, {"y"});
  const auto model = read(onnx_model(graph));
  EXPECT_THAT(model.status().message(), HasSubstr("give the model as a path"));
}

TEST(OnnxReader, B1403_bad_files_name_file_and_cause) {
  const std::string whole = onnx_model(classifier());
  expect_refused("no protobuf at all", "damaged or cut off");
  expect_refused(whole.substr(0, whole.size() / 2), "damaged or cut off");
  expect_refused(encoded_number(1, 8) + encoded_bytes(2, "producer"), "no graph");
  expect_refused(encoded_bytes(7, classifier().encoded()), "IR version");
  expect_refused(whole + encoded_bytes(7, classifier().encoded()), "two graphs");
  expect_refused(onnx_model(OnnxGraph().input("x", element::f32, {1})), "empty model");
  expect_refused(onnx_model(from_x_to_y().node("Relu", {"nowhere"}, {"y"})), "'nowhere'");
  expect_refused(onnx_model(from_x_to_y()), "'y'");
  expect_refused(onnx_model(from_x_to_y().node("", {"x"}, {"y"})), "no operator");
}

TEST(OnnxReader, B1403_tensors_that_contradict_themselves_are_refused) {
  const auto with = [](const test::Encoded& tensor) {
    return onnx_model(from_x_to_y().initializer(tensor).node("MatMul", {"x", "w"}, {"y"}));
  };
  expect_refused(with(test::tensor("w", element::f32, {4, 4}, "few")), "'w' holds 3 bytes");
  expect_refused(with(test::tensor("w", element::f32, {-4, 4}, "")), "dimension -4");
  expect_refused(with(test::tensor("w", element::f32, {1LL << 62, 1LL << 62}, "")), "fit into memory");
  expect_refused(with(test::tensor("w", element::f32, {1LL << 62}, "")), "fit into memory");
}

TEST(OnnxReader, ports_that_are_no_tensors_are_unsupported) {
  const auto with_type = [](std::uint32_t kind) {
    OnnxGraph graph;
    graph.field(encoded_bytes(11, encoded_bytes(1, "s") + encoded_bytes(2, encoded_bytes(kind, ""))));
    return onnx_model(graph.node("SequenceLength", {"s"}, {"y"}).output("y", element::i64, {}));
  };
  expect_refused(with_type(4), "'s' is a sequence", StatusCode::kUnsupported);
  expect_refused(with_type(5), "'s' is a map", StatusCode::kUnsupported);
  expect_refused(with_type(8), "'s' is a sparse tensor", StatusCode::kUnsupported);
  expect_refused(with_type(9), "'s' is an optional", StatusCode::kUnsupported);
  OnnxGraph complex;
  complex.field(encoded_bytes(11, encoded_bytes(1, "z") + encoded_bytes(2, encoded_bytes(1, encoded_number(1, 14)))));
  expect_refused(onnx_model(complex.node("Relu", {"z"}, {"y"}).output("y", element::f32, {})), "element type 14",
                 StatusCode::kUnsupported);
}

TEST(OnnxReader, deep_nesting_is_refused) {
  OnnxGraph body("inner");
  body.node("Relu", {"x"}, {"r"});
  for (int i = 0; i < 40; ++i) {
    OnnxGraph outer("outer");
    outer.node("If", {"x"}, {"r"}, {test::graph_attribute("then_branch", body)});
    body = outer;
  }
  OnnxGraph graph = from_x_to_y();
  expect_refused(onnx_model(graph.node("If", {"x"}, {"y"}, {test::graph_attribute("then_branch", body)})),
                 "nested deeper");
}

TEST(OnnxReader, functions_that_call_themselves_are_refused) {
  const auto function = test::onnx_function("my", "F", {"a"}, {"b"}, OnnxGraph().node("F", {"a"}, {"b"}, {}, "my"));
  expect_refused(onnx_model(from_x_to_y().node("F", {"x"}, {"y"}, {}, "my"), {.functions = {function}}),
                 "nested deeper");
}

TEST(OnnxReader, functions_that_grow_without_end_are_refused) {
  const auto name = [](int i) { return std::string("F").append(std::to_string(i)); };
  test::OnnxOptions options;
  for (int i = 0; i < 30; ++i) {
    OnnxGraph body;
    for (int call = 0; call < 8; ++call) body.node(name(i + 1), {"a"}, {"b"}, {}, "my");
    options.functions.push_back(test::onnx_function("my", name(i), {"a"}, {"b"}, body));
  }
  expect_refused(onnx_model(from_x_to_y().node("F0", {"x"}, {"y"}, {}, "my"), options), "too often");
}

TEST(OnnxReader, B1403_no_cut_and_no_flipped_byte_does_harm) {
  const std::string whole = onnx_model(classifier());
  for (std::size_t size = 0; size < whole.size(); ++size) {
    const auto model = read(whole.substr(0, size), "cut.onnx");
    EXPECT_TRUE(model.is_ok() || model.status().message().find("cut.onnx") != std::string::npos);
  }
  std::mt19937 random(1);
  for (int i = 0; i < 2000; ++i) {
    std::string changed = whole;
    changed[random() % changed.size()] = static_cast<char>(random());
    const auto model = read(changed);
    EXPECT_NE(model.is_ok(), !model.status().message().empty());
  }
}

}  // namespace
}  // namespace baton::model
