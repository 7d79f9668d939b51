// SPDX-License-Identifier: Apache-2.0
// Copyright (C) 2026 The Baton authors
#include "file_weights.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include "model/bytes.h"
#include "support/onnx_builder.h"

namespace baton::engine::onnxruntime {
namespace {

using test::OnnxGraph;

const std::vector<std::int64_t> kDims = {128, 256};
const std::string kPayload(128 * 256 * 4, '\x5a');

std::optional<std::string> rewritten(const OnnxGraph& graph) {
  const std::string model = test::onnx_model(graph);
  return weights_as_external(model::as_span(model), "m.onnx");
}

TEST(FileWeights, large_initializers_become_references_to_their_own_place) {
  OnnxGraph graph;
  graph.initializer(test::tensor("w", element::f32, kDims, kPayload)).weights("small", {2}, {1, 2});
  const std::string model = test::onnx_model(graph);
  const auto skeleton = weights_as_external(model::as_span(model), "m.onnx");
  ASSERT_TRUE(skeleton);
  EXPECT_LT(skeleton->size(), 400u);
  EXPECT_NE(skeleton->find("m.onnx"), std::string::npos);
  EXPECT_NE(skeleton->find(std::to_string(model.find(kPayload))), std::string::npos);
  EXPECT_NE(skeleton->find(std::to_string(kPayload.size())), std::string::npos);
  EXPECT_NE(skeleton->find(test::raw_bytes<float>({1, 2})), std::string::npos) << "small tensors stay";
}

TEST(FileWeights, a_large_constant_node_becomes_an_initializer_of_its_outputs_name) {
  OnnxGraph graph;
  graph.node("Constant", {}, {"w_out"},
             {test::tensor_attribute("value", test::tensor("t", element::f32, kDims, kPayload))});
  const auto skeleton = rewritten(graph);
  ASSERT_TRUE(skeleton);
  EXPECT_EQ(skeleton->find("Constant"), std::string::npos);
  EXPECT_NE(skeleton->find("w_out"), std::string::npos);
}

TEST(FileWeights, nothing_is_done_for_small_models_and_those_with_external_data) {
  OnnxGraph small;
  small.weights("w", {2}, {1, 2});
  EXPECT_FALSE(rewritten(small));
  OnnxGraph external;
  external.initializer(test::tensor("w", element::f32, kDims, kPayload))
      .initializer(test::external_tensor("e", element::f32, {1}, {{"location", "weights.bin"}}));
  EXPECT_FALSE(rewritten(external));
}

TEST(FileWeights, damaged_files_are_left_to_the_library) {
  OnnxGraph graph;
  graph.initializer(test::tensor("w", element::f32, kDims, kPayload));
  const std::string model = test::onnx_model(graph);
  EXPECT_FALSE(weights_as_external(model::as_span(std::string_view(model).substr(0, model.size() - 3)), "m.onnx"));
}

class FileMapping : public testing::Test {
 protected:
  FileMapping() : folder_(std::filesystem::temp_directory_path() / ("baton_mapped_" + std::to_string(::getpid()))) {
    std::filesystem::create_directories(folder_);
  }
  ~FileMapping() override { std::filesystem::remove_all(folder_); }

  std::filesystem::path write(const std::string& name, const std::string& text) const {
    std::ofstream(folder_ / name) << text;
    return folder_ / name;
  }

  const std::filesystem::path folder_;
};

TEST_F(FileMapping, is_found_through_links) {
  const auto file = write("a b.onnx", "content");
  std::filesystem::create_symlink(file, folder_ / "link.onnx");
  const auto bytes = model::Bytes::map_file(folder_ / "link.onnx");
  ASSERT_TRUE(bytes.is_ok());
  const auto found = mapped_file(bytes.value()->data() + 3);
  ASSERT_TRUE(found);
  EXPECT_EQ(found->path, std::filesystem::canonical(file));
  EXPECT_EQ(found->offset, 3u);
}

TEST_F(FileMapping, is_not_found_once_the_file_is_replaced_or_gone) {
  const auto file = write("a.onnx", "content");
  const auto bytes = model::Bytes::map_file(file);
  ASSERT_TRUE(bytes.is_ok());
  std::filesystem::rename(write("b.onnx", "another"), file);
  EXPECT_FALSE(mapped_file(bytes.value()->data()));
  std::filesystem::remove(file);
  EXPECT_FALSE(mapped_file(bytes.value()->data()));
}

TEST_F(FileMapping, memory_is_no_file) {
  const auto bytes = model::Bytes::own("content");
  EXPECT_FALSE(mapped_file(bytes->data()));
}

}  // namespace
}  // namespace baton::engine::onnxruntime
