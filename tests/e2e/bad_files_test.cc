// SPDX-License-Identifier: Apache-2.0
// Copyright (C) 2026 The Baton authors
//
// Bad files give an error that names the file and the cause, and never crash (B-1403).
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <random>

#include "baton/baton.hpp"
#include "support/onnx_builder.h"
#include "support/temporary_folder.h"
#include "support/test_data.h"

namespace baton::test {
namespace {

using testing::HasSubstr;

std::string error_of(const std::string& path) {
  Core core;
  try {
    core.compile_model(core.read_model(path), "AUTO");
  } catch (const Exception& error) {
    EXPECT_EQ(error.code(), ErrorCode::InvalidArgument) << error.what();
    return error.what();
  }
  ADD_FAILURE() << path << " was accepted";
  return {};
}

class BadFiles : public testing::Test {
 protected:
  std::string write(const std::string& name, const std::string& content) {
    return folder_.write(name, content).string();
  }
  TemporaryFolder folder_;
};

std::string good_model() {
  return onnx_model(OnnxGraph("good")
                        .input("x", element::f32, {1, 4})
                        .weights("w", {4, 4}, std::vector<float>(16, 0.5f))
                        .node("MatMul", {"x", "w"}, {"y"})
                        .output("y", element::f32, {1, 4}));
}

TEST_F(BadFiles, missing) {
  EXPECT_THAT(error_of((folder_.path() / "nowhere.onnx").string()), HasSubstr("nowhere.onnx"));
}

TEST_F(BadFiles, empty) { EXPECT_THAT(error_of(write("empty.onnx", "")), HasSubstr("empty.onnx")); }

TEST_F(BadFiles, directory) {
  EXPECT_THAT(error_of(folder_.path().string()), HasSubstr(folder_.path().filename().string()));
}

TEST_F(BadFiles, truncated_at_every_length) {
  const std::string model = good_model();
  for (std::size_t length = 1; length < model.size(); length += 7) {
    Core core;
    const std::string path = write("cut.onnx", model.substr(0, length));
    try {
      core.compile_model(core.read_model(path), "AUTO");  // what is left may be a smaller model
    } catch (const Exception& error) {
      EXPECT_EQ(error.code(), ErrorCode::InvalidArgument) << error.what();
    }
  }
}

TEST_F(BadFiles, random_bytes) {
  std::mt19937 random(7);
  std::string bytes(5000, '\0');
  for (char& byte : bytes) byte = static_cast<char>(random());
  EXPECT_THAT(error_of(write("noise.onnx", bytes)), HasSubstr("noise.onnx"));
}

TEST_F(BadFiles, an_operator_nobody_has_is_named) {
  const std::string bytes = onnx_model(OnnxGraph("strange")
                                           .input("x", element::f32, {1, 4})
                                           .node("Frobnicate", {"x"}, {"y"})
                                           .output("y", element::f32, {1, 4}));
  Core core;
  const auto model = core.read_model(write("strange.onnx", bytes));
  try {
    core.compile_model(model, "AUTO");
    FAIL() << "it was compiled";
  } catch (const Exception& error) {
    EXPECT_THAT(error.what(), HasSubstr("Frobnicate"));
    EXPECT_THAT(error.what(), HasSubstr("CPU:[onnxruntime]"));
    EXPECT_THAT(error.what(), HasSubstr("CPU:[openvino]"));
  }
}

TEST_F(BadFiles, an_ir_without_its_weights) {
  BATON_TEST_DATA_FILE(xml, "models/ir_v11/landmarks-regression-retail-0009/FP32/landmarks-regression-retail-0009.xml");
  std::filesystem::copy_file(xml, folder_.path() / "alone.xml");
  EXPECT_THAT(error_of((folder_.path() / "alone.xml").string()), HasSubstr("alone.bin"));
}

TEST_F(BadFiles, an_ir_of_version_4_is_too_old) {
  const std::filesystem::path folder = data_file("models/ir_v4");
  if (folder.empty()) GTEST_SKIP() << "no test data: models/ir_v4 (set BATON_TEST_DATA)";
  for (const auto& entry : std::filesystem::recursive_directory_iterator(folder)) {
    if (entry.path().extension() != ".xml") continue;
    EXPECT_THAT(error_of(entry.path().string()), HasSubstr("version 4"));
  }
}

}  // namespace
}  // namespace baton::test
