// SPDX-License-Identifier: Apache-2.0
// Copyright (C) 2026 The Baton authors
#include "model/source.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "model/wire.h"
#include "support/onnx_builder.h"
#include "support/temporary_folder.h"

namespace baton::model {
namespace {

using base::StatusCode;
using test::TemporaryFolder;
using testing::HasSubstr;

constexpr const char* kIr = "<?xml version=\"1.0\"?>\n<!-- a > b -->\n<net name=\"n\" version = '11'>\n</net>";

std::string relu_onnx() {
  test::OnnxGraph graph;
  graph.input("x", element::f32, {1}).node("Relu", {"x"}, {"y"}).output("y", element::f32, {1});
  return test::onnx_model(graph);
}

void expect_refused(const base::Result<Source>& source, const std::vector<std::string>& parts) {
  ASSERT_FALSE(source.is_ok());
  EXPECT_EQ(source.status().code(), StatusCode::kInvalidArgument);
  for (const std::string& part : parts) EXPECT_THAT(source.status().message(), HasSubstr(part));
}

TEST(OpenSource, an_ir_finds_its_weights_beside_it) {
  const TemporaryFolder folder;
  const auto xml = folder.write("net.xml", kIr);
  const auto bin = folder.write("net.bin", "weights");
  const auto source = open_source(xml);
  ASSERT_TRUE(source.is_ok()) << source.status().message();
  EXPECT_EQ(source->format, Format::kIr);
  EXPECT_EQ(source->weights_path, bin);
  EXPECT_EQ(as_text(source->weights->span()), "weights");
}

TEST(OpenSource, an_ir_takes_weights_from_elsewhere_and_they_may_be_empty) {
  const TemporaryFolder folder;
  const auto source = open_source(folder.write("net.xml", kIr), folder.write("other/w.bin", ""));
  ASSERT_TRUE(source.is_ok()) << source.status().message();
  EXPECT_EQ(source->weights->size(), 0U);
}

TEST(OpenSource, B1403_missing_weights_are_named) {
  const TemporaryFolder folder;
  const auto xml = folder.write("net.xml", kIr);
  expect_refused(open_source(xml), {xml.string(), (folder.path() / "net.bin").string()});
  expect_refused(open_source(xml, folder.path() / "nope.bin"), {"nope.bin", "No such file"});
}

TEST(OpenSource, B1403_an_old_ir_is_refused_with_its_version) {
  const TemporaryFolder folder;
  folder.write("net.bin", "w");
  expect_refused(open_source(folder.write("net.xml", "<net batch=\"1\" version=\"4\"></net>")),
                 {"version 4", "convert", "newer"});
  expect_refused(open_source(folder.write("net.xml", "<net name=\"x\"></net>")), {"without a version"});
  expect_refused(open_source(folder.write("net.xml", "<?xml version=\"1.0\"?><html></html>")), {"root element"});
  expect_refused(open_source(folder.write("net.xml", "<?xml version=\"1.0\"?>")), {"root element"});
  expect_refused(open_source(folder.write("net.xml", "<net version")), {"root element"});
  expect_refused(open_source(folder.write("net.xml", "<net version=>")), {"without a version"});
}

TEST(OpenSource, B1403_what_is_no_model_file_is_named) {
  const TemporaryFolder folder;
  expect_refused(open_source(folder.path()), {folder.path().string(), "directory"});
  expect_refused(open_source(folder.path() / "absent.onnx"), {"absent.onnx", "No such file"});
  expect_refused(open_source(folder.write("empty.onnx", "")), {"empty.onnx", "empty"});
  expect_refused(open_source({}), {"empty model"});
}

TEST(OpenSource, a_saved_model_is_a_folder) {
  const TemporaryFolder folder;
  folder.write("saved_model.pb", "x");
  const auto source = open_source(folder.path());
  ASSERT_TRUE(source.is_ok()) << source.status().message();
  EXPECT_EQ(source->format, Format::kTensorFlow);
  EXPECT_EQ(source->bytes, nullptr);
}

TEST(OpenSource, weights_for_a_format_without_them_are_refused) {
  const TemporaryFolder folder;
  expect_refused(open_source(folder.write("m.onnx", relu_onnx()), folder.write("w.bin", "w")),
                 {"m.onnx", "w.bin", "ONNX"});
}

TEST(OpenMemory, takes_onnx_and_ir) {
  const auto onnx = open_memory(Bytes::own(relu_onnx()));
  ASSERT_TRUE(onnx.is_ok()) << onnx.status().message();
  EXPECT_EQ(onnx->format, Format::kOnnx);
  EXPECT_EQ(onnx->display_name(), "the model in memory");
  const auto ir = open_memory(Bytes::own(kIr), Bytes::own("w"));
  ASSERT_TRUE(ir.is_ok()) << ir.status().message();
  EXPECT_EQ(ir->format, Format::kIr);
}

TEST(OpenMemory, B1403_empty_or_incomplete_models_are_refused) {
  expect_refused(open_memory(nullptr), {"empty model"});
  expect_refused(open_memory(Bytes::own("")), {"empty model"});
  expect_refused(open_memory(Bytes::own(kIr)), {"weights", ".bin"});
  expect_refused(open_memory(Bytes::own(std::string("\x20\0\0\0TFL3", 8))), {"TensorFlow Lite", "path"});
}

}  // namespace
}  // namespace baton::model
