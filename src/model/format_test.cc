// SPDX-License-Identifier: Apache-2.0
// Copyright (C) 2026 The Baton authors
#include "model/format.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "model/wire.h"
#include "support/onnx_builder.h"

namespace baton::model {
namespace {

using test::encoded_bytes;
using test::encoded_number;

base::Result<Format> detect(const std::string& name, const std::string& content) {
  return detect_format(name, as_span(content));
}

void expect_format(const std::string& name, const std::string& content, Format expected) {
  const auto format = detect(name, content);
  ASSERT_TRUE(format.is_ok()) << format.status().message();
  EXPECT_EQ(format.value(), expected) << name;
}

std::string small_onnx() {
  test::OnnxGraph graph;
  graph.input("x", element::f32, {1}).node("Relu", {"x"}, {"y"}).output("y", element::f32, {1});
  return test::onnx_model(graph);
}

// GraphDef{node{name}} and SavedModel{version, meta_graphs{meta_info_def}} of TensorFlow; ProgramDesc{blocks{idx}} of
// Paddle.
std::string tensorflow_graph() { return encoded_bytes(1, encoded_bytes(1, "Placeholder")); }
std::string saved_model() { return encoded_number(1, 1) + encoded_bytes(2, encoded_bytes(1, "meta")); }
std::string paddle_program() { return encoded_bytes(1, encoded_number(1, 0)); }

TEST(DetectFormat, content_decides_whatever_the_suffix) {
  for (const char* name : {"", "m.onnx", "m.xml", "m.pb", "m.dat"}) {
    expect_format(name, small_onnx(), Format::kOnnx);
    expect_format(name, "<?xml version=\"1.0\"?><net/>", Format::kIr);
    expect_format(name, "\xEF\xBB\xBF \n<net name=\"x\">", Format::kIr);
    expect_format(name, std::string("\x20\0\0\0TFL3....", 12), Format::kTfLite);
  }
}

TEST(DetectFormat, lists_of_submessages_are_told_apart) {
  expect_format("m.dat", tensorflow_graph(), Format::kTensorFlow);
  expect_format("m.dat", saved_model(), Format::kTensorFlow);
  expect_format("m.dat", paddle_program(), Format::kPaddle);
}

TEST(DetectFormat, suffix_decides_for_content_that_says_nothing) {
  expect_format("m.onnx", "garbage", Format::kOnnx);
  expect_format("m.pdmodel", "garbage", Format::kPaddle);
  expect_format("m.pb", "garbage", Format::kTensorFlow);
}

TEST(DetectFormat, a_truncated_onnx_stays_onnx) {
  const std::string whole = small_onnx();
  expect_format("", whole.substr(0, whole.size() / 2), Format::kOnnx);
}

TEST(DetectFormat, B1403_no_model_at_all_is_refused_by_name) {
  for (const char* name : {"photo.jpg", "m.xml", "m.tflite"}) {
    const auto format = detect(name, "\xFF\xD8\xFF\xE0 something");
    ASSERT_FALSE(format.is_ok());
    EXPECT_EQ(format.status().code(), base::StatusCode::kInvalidArgument);
    EXPECT_THAT(format.status().message(), testing::HasSubstr(name));
  }
  EXPECT_THAT(detect("", "").status().message(), testing::HasSubstr("empty model"));
}

}  // namespace
}  // namespace baton::model
