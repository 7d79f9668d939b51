// SPDX-License-Identifier: Apache-2.0
// Copyright (C) 2026 The Baton authors
#include "model/model.h"

#include <gtest/gtest.h>

#include "model/onnx_reader.h"
#include "model/source.h"
#include "support/onnx_builder.h"
#include "support/temporary_folder.h"

namespace baton::model {
namespace {

using test::TemporaryFolder;

std::string relu_onnx(const std::string& graph_name = "graph") {
  test::OnnxGraph graph(graph_name);
  graph.input("x", element::f32, {"n", 3}).node("Relu", {"x"}, {"y"}).output("y", element::f32, {"n", 3});
  return test::onnx_model(graph);
}

std::string external_onnx() {
  test::OnnxGraph graph;
  graph.input("x", element::f32, {1, 1}).node("MatMul", {"x", "w"}, {"y"}).output("y", element::f32, {1, 1});
  graph.initializer(test::external_tensor("w", element::f32, {1, 1}, {{"location", "w.bin"}}));
  return test::onnx_model(graph);
}

std::string hash_of(Source source) { return ModelData(std::move(source), {}).content_hash(); }
std::string hash_of_onnx(const std::filesystem::path& path) {
  return read_onnx(open_source(path).value()).value()->content_hash();
}

TEST(ContentHash, B1003_depends_on_bytes_and_not_on_the_path) {
  const TemporaryFolder folder;
  const std::string hash = hash_of(open_source(folder.write("a.onnx", relu_onnx())).value());
  EXPECT_EQ(hash.size(), 32U);
  EXPECT_EQ(hash, hash_of(open_source(folder.write("b/c.onnx", relu_onnx())).value()));
  EXPECT_EQ(hash, hash_of(open_memory(Bytes::own(relu_onnx())).value()));
  EXPECT_NE(hash, hash_of(open_memory(Bytes::own(relu_onnx("other"))).value()));
}

TEST(ContentHash, weights_count_and_do_not_run_into_the_model) {
  const auto hash = [](const char* model, const char* weights) {
    return hash_of({Format::kIr, {}, {}, Bytes::own(model), Bytes::own(weights), {}});
  };
  EXPECT_EQ(hash("<net", "ab"), hash("<net", "ab"));
  EXPECT_NE(hash("<net", "ab"), hash("<net", "ac"));
  EXPECT_NE(hash("<neta", "b"), hash("<net", "ab"));
}

TEST(ContentHash, external_data_counts) {
  const TemporaryFolder a;
  const TemporaryFolder b;
  a.write("w.bin", "1234");
  b.write("w.bin", "1235");
  EXPECT_NE(hash_of_onnx(a.write("m.onnx", external_onnx())), hash_of_onnx(b.write("m.onnx", external_onnx())));
  b.write("w.bin", "1234");
  EXPECT_EQ(hash_of_onnx(a.path() / "m.onnx"), hash_of_onnx(b.path() / "m.onnx"));
}

TEST(ContentHash, all_files_of_a_folder_count) {
  const TemporaryFolder folder;
  folder.write("saved_model.pb", "graph");
  folder.write("variables/variables.data", "1");
  const std::string before = hash_of(open_source(folder.path()).value());
  folder.write("variables/variables.data", "2");
  EXPECT_NE(before, hash_of(open_source(folder.path()).value()));
}

TEST(ModelData, keeps_one_representation_per_engine) {
  const ModelData data({}, {});
  EXPECT_EQ(data.representation("openvino"), nullptr);
  const auto first = std::make_shared<int>(1);
  data.set_representation("openvino", first);
  data.set_representation("sim", std::make_shared<int>(2));
  EXPECT_EQ(data.representation("openvino"), first);
  data.set_representation("openvino", nullptr);
  EXPECT_EQ(data.representation("openvino"), nullptr);
}

TEST(Models, know_whether_they_are_reshaped_and_dynamic) {
  Model model{read_onnx(open_memory(Bytes::own(relu_onnx())).value()).value(), {}};
  model.input_shapes = {model.facts().inputs[0].shape};
  EXPECT_FALSE(model.is_reshaped());
  EXPECT_TRUE(model.is_dynamic());
  model.input_shapes = {PartialShape({2, 3})};
  EXPECT_TRUE(model.is_reshaped());
  EXPECT_FALSE(model.is_dynamic());
  EXPECT_TRUE(model.facts().inputs[0].has_name("x"));
  EXPECT_FALSE(model.facts().inputs[0].has_name("y"));
}

}  // namespace
}  // namespace baton::model
