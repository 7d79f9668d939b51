// SPDX-License-Identifier: Apache-2.0
// Copyright (C) 2026 The Baton authors
//
// What is said of batches in IR graphs (model/batch_obstacle.h) against what OpenVINO computes of them.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <set>

#include "model/batch_obstacle.h"
#include "support/ir_builder.h"
#include "support/test_data.h"
#include "test_runner.h"

namespace baton::engine::openvino {
namespace {

using model::Format;
using test::IrGraph;
using testing::HasSubstr;

/// `model` run with `items` of its one f32 input at a time: what each output has for each of `count` items.
std::vector<std::vector<float>> answers(const model::Model& model, std::size_t items, std::size_t count) {
  model::Model batch = model;
  batch.input_shapes[0][0] = items;
  const Shape shape = batch.input_shapes[0].to_shape();
  const std::size_t size = shape_size(shape) / items;
  const auto request = compiled_request(on_cpu(batch));
  std::vector<std::vector<float>> found(count);
  for (std::size_t begin = 0; begin < count; begin += items) {
    std::vector<float> values(items * size);
    for (std::size_t i = 0; i < values.size(); ++i)
      values[i] = static_cast<float>((i % size + 1) * (begin + i / size + 1) % 251);
    Tensors tensors(model.facts().outputs.size());
    tensors.input(element::f32, {shape.begin(), shape.end()}, values);
    if (const auto status = request->run(tensors.views(), tensors.sinks()); !status.is_ok())
      throw std::runtime_error(status.message());
    for (const OwnedOutput& output : tensors.outputs) {
      const std::size_t each = output.float_count() / items;
      for (std::size_t item = 0; item < items; ++item)
        found[begin + item].insert(found[begin + item].end(), output.floats() + item * each,
                                   output.floats() + (item + 1) * each);
    }
  }
  return found;
}

/// Four items, alone and together.
void expect_items_apart(const model::Model& model, const std::string& name, float tolerance) {
  constexpr std::size_t kItems = 4;
  const auto alone = answers(model, 1, kItems);
  const auto together = answers(model, kItems, kItems);
  for (std::size_t item = 0; item < kItems; ++item) {
    ASSERT_EQ(alone[item].size(), together[item].size()) << name;
    EXPECT_LT(largest_difference(alone[item].data(), together[item].data(), alone[item].size()), tolerance) << name;
  }
  EXPECT_GT(largest_difference(alone[0].data(), alone[1].data(), alone[0].size()), tolerance)
      << name << ": items that are equal prove nothing";
}

std::vector<bool> all(std::size_t count) { return std::vector<bool>(count, true); }

TEST(IrBatches, B903_B904_real_models_that_are_followed_to_the_end_keep_their_items_apart) {
  BATON_TEST_DATA_FILE(models, "models");
  std::set<std::string> batched;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(models)) {
    const std::string name = entry.path().lexically_relative(models).string();
    if (entry.path().extension() != ".xml" || name.starts_with("ir_v4/")) continue;  // OpenVINO reads no version 4
    const auto model = read_file(entry.path(), Format::kIr);
    const std::string why = model::batch_obstacle(model, all(1), all(model.facts().outputs.size()));
    if (name.find("face-detection") != std::string::npos) {  // its boxes are counted through the batch
      EXPECT_THAT(why, HasSubstr("items of a batch")) << name;
      continue;
    }
    ASSERT_EQ(why, "") << name;
    expect_items_apart(model, name, 0.005F);
    batched.insert(entry.path().stem().string());
  }
  EXPECT_EQ(batched.size(), 3u) << "landmarks, eyes, googlenet";
}

TEST(OnnxBatches, B904_real_models_that_are_followed_to_the_end_keep_their_items_apart) {
  for (const std::string name :
       {"face/version-RFB-320.onnx", "googlenet-v1/googlenet-v1.onnx", "googlenet-v1/googlenet-v1-int8-qdq.onnx"}) {
    BATON_TEST_DATA_FILE(file, "models/" + name);
    const auto model = read_file(file, Format::kOnnx);
    ASSERT_EQ(model::batch_obstacle(model, all(1), all(model.facts().outputs.size())), "") << name;
    expect_items_apart(model, name, 0.005F);
  }
}

/// The builder's graphs are IRs to OpenVINO too, and it computes of each what its rule promises.
TEST(IrBatches, B904_operators_compute_each_item_by_itself) {
  const std::vector<std::pair<std::string, IrGraph>> graphs = [] {
    std::vector<std::pair<std::string, IrGraph>> list;
    const auto start = [] { return IrGraph().parameter("x", {1, 4, 6, 6}); };
    list.emplace_back("elements", start()
                                      .weights("row", {6})
                                      .layer("Add", "a", {"x", "row"}, {1, 4, 6, 6}, {{"auto_broadcast", "numpy"}})
                                      .layer("Multiply", "y", {"a", "x"}, {1, 4, 6, 6}, {{"auto_broadcast", "numpy"}})
                                      .result("y"));
    list.emplace_back("softmax", start().layer("SoftMax", "y", {"x"}, {1, 4, 6, 6}, {{"axis", "1"}}).result("y"));
    list.emplace_back("mean", start()
                                  .numbers("n", {-1, 2})
                                  .layer("ReduceMean", "y", {"x", "n"}, {1, 4}, {{"keep_dims", "false"}})
                                  .result("y"));
    list.emplace_back("reshape", start()
                                     .numbers("n", {-1, 12})
                                     .numbers("m", {0, 48})
                                     .layer("Reshape", "r", {"x", "n"}, {12, 12}, {{"special_zero", "false"}})
                                     .layer("SoftMax", "s", {"r"}, {12, 12}, {{"axis", "1"}})
                                     .numbers("b", {-1, 144})
                                     .layer("Reshape", "y", {"s", "b"}, {1, 144}, {{"special_zero", "false"}})
                                     .result("y"));
    list.emplace_back("transpose",
                      start().numbers("n", {0, 3, 1, 2}).layer("Transpose", "y", {"x", "n"}, {1, 6, 4, 6}).result("y"));
    list.emplace_back("product", start()
                                     .weights("w", {6, 3})
                                     .layer("MatMul", "y", {"x", "w"}, {1, 4, 6, 3},
                                            {{"transpose_a", "true"}, {"transpose_b", "false"}})
                                     .result("y"));
    list.emplace_back("products of items", start()
                                               .layer("MatMul", "y", {"x", "x"}, {1, 4, 6, 6},
                                                      {{"transpose_a", "false"}, {"transpose_b", "true"}})
                                               .result("y"));
    list.emplace_back("pieces",
                      start()
                          .scalar("axis", 1)
                          .layers("Split", "s", {"x", "axis"}, {{1, 2, 6, 6}, {1, 2, 6, 6}}, {{"num_splits", "2"}})
                          .layer("Concat", "y", {"s.1", "s"}, {1, 4, 6, 6}, {{"axis", "1"}})
                          .result("y"));
    list.emplace_back("gather",
                      start()
                          .numbers("n", {2, 0})
                          .scalar("axis", 1)
                          .layer("Gather", "y", {"x", "n", "axis"}, {1, 2, 6, 6}, {{"batch_dims", "0"}}, "opset8")
                          .result("y"));
    list.emplace_back(
        "normal", start()
                      .numbers("n", {1, 2, 3})
                      .layer("MVN", "y", {"x", "n"}, {1, 4, 6, 6},
                             {{"eps", "0.01"}, {"normalize_variance", "true"}, {"eps_mode", "inside_sqrt"}}, "opset6")
                      .result("y"));
    list.emplace_back("slice", start()
                                   .numbers("n", {0, 1})
                                   .numbers("e", {0, 3})
                                   .numbers("s", {1, 1})
                                   .layer("StridedSlice", "y", {"x", "n", "e", "s"}, {1, 2, 6, 6},
                                          {{"begin_mask", "1,0"},
                                           {"end_mask", "1,0"},
                                           {"new_axis_mask", "0,0"},
                                           {"shrink_axis_mask", "0,0"},
                                           {"ellipsis_mask", "0,0"}})
                                   .result("y"));
    list.emplace_back("one of a dimension", start()
                                                .numbers("n", {0, 1})
                                                .numbers("e", {0, 2})
                                                .numbers("s", {1, 1})
                                                .layer("StridedSlice", "y", {"x", "n", "e", "s"}, {1, 6, 6},
                                                       {{"begin_mask", "1,0"},
                                                        {"end_mask", "1,0"},
                                                        {"new_axis_mask", "0,0"},
                                                        {"shrink_axis_mask", "0,1"},
                                                        {"ellipsis_mask", "0,0"}})
                                                .result("y"));
    list.emplace_back("by the number of items",
                      start()
                          .numbers("zero", {0})
                          .numbers("rest", {-1})
                          .scalar("axis", 0)
                          .layer("ShapeOf", "s", {"x"}, {4}, {{"output_type", "i64"}}, "opset3")
                          .layer("Gather", "n", {"s", "zero", "axis"}, {1}, {{"batch_dims", "0"}}, "opset8")
                          .layer("Concat", "shape", {"n", "rest"}, {2}, {{"axis", "0"}})
                          .layer("Reshape", "y", {"x", "shape"}, {1, 144}, {{"special_zero", "false"}})
                          .result("y"));
    list.emplace_back("tile",
                      start().numbers("n", {1, 2, 1, 1}).layer("Tile", "y", {"x", "n"}, {1, 8, 6, 6}).result("y"));
    return list;
  }();
  for (const auto& [name, graph] : graphs) {
    const auto source = must(model::open_memory(model::Bytes::own(graph.xml()), model::Bytes::own(graph.bin())));
    const auto model = as_declared(must(test_engine().read(source, Format::kIr)));
    ASSERT_EQ(model::batch_obstacle(model, {true}, {true}), "") << name;
    expect_items_apart(model, name, 1e-4F);
  }
}

}  // namespace
}  // namespace baton::engine::openvino
