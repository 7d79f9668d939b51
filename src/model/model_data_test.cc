// SPDX-License-Identifier: Apache-2.0
// Copyright (C) 2026 The Baton authors
//
// What the readers find out about real files.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "model/onnx_reader.h"
#include "model/onnx_reshape.h"
#include "model/source.h"
#include "support/test_data.h"

namespace baton::model {
namespace {

using testing::HasSubstr;

std::shared_ptr<const ModelData> read(const std::filesystem::path& path) {
  const auto source = open_source(path);
  EXPECT_TRUE(source.is_ok()) << source.status().message();
  const auto model = read_onnx(source.value());
  EXPECT_TRUE(model.is_ok()) << model.status().message();
  return model.value();
}

TEST(RealModels, B402_googlenet_is_FP32) {
  BATON_TEST_DATA_FILE(path, "models/googlenet-v1/googlenet-v1.onnx");
  const auto model = read(path);
  const Facts& facts = model->facts();
  EXPECT_EQ(facts.label.name, "FP32");
  ASSERT_EQ(facts.inputs.size(), 1U);
  EXPECT_EQ(facts.inputs[0].any_name(), "data");
  EXPECT_EQ(facts.inputs[0].shape.to_string(), "[1,3,224,224]");
  EXPECT_THAT(facts.output_is_distribution, testing::ElementsAre(true));
  EXPECT_GT(facts.weight_bytes, 27'000'000U);
}

TEST(RealModels, B402_quantised_googlenet_is_INT8_and_B429_else_FP32) {
  BATON_TEST_DATA_FILE(path, "models/googlenet-v1/googlenet-v1-int8-qdq.onnx");
  const auto model = read(path);
  const Facts& facts = model->facts();
  EXPECT_EQ(facts.label.name, "INT8");
  EXPECT_EQ(facts.label.without_int8, "FP32");
}

TEST(RealModels, the_transformer_has_dynamic_ports) {
  BATON_TEST_DATA_FILE(path, "models/transformer/stories260K.onnx");
  const auto model = read(path);
  EXPECT_EQ(model->facts().label.name, "FP32");
  EXPECT_EQ(model->facts().inputs[0].type, element::i64);
  EXPECT_TRUE(model->facts().inputs[0].shape.is_dynamic());
}

TEST(RealModels, a_reshaped_detector_reads_back) {
  BATON_TEST_DATA_FILE(path, "models/face/version-RFB-320.onnx");
  const auto model = read(path);
  const PartialShape shape({1, 3, 480, 640});
  const auto bytes = with_input_shapes(*model, std::vector<PartialShape>{shape});
  ASSERT_TRUE(bytes.is_ok()) << bytes.status().message();
  Source source;
  source.bytes = Bytes::own(bytes.value());
  const auto reshaped = read_onnx(std::move(source));
  ASSERT_TRUE(reshaped.is_ok()) << reshaped.status().message();
  EXPECT_EQ(reshaped.value()->facts().inputs[0].shape, shape);
  EXPECT_EQ(reshaped.value()->facts().weight_bytes, model->facts().weight_bytes);
}

TEST(RealModels, every_format_is_recognised) {
  const std::vector<std::pair<const char*, Format>> files = {
      {"models/ir_v10/face-detection-retail-0004/FP16/face-detection-retail-0004.xml", Format::kIr},
      {"models/paddle/ch_PP-OCRv3_det_infer/inference.pdmodel", Format::kPaddle},
      {"models/tflite/mobilenet_v2_1.0_224_quant.tflite", Format::kTfLite}};
  for (const auto& [name, format] : files) {
    BATON_TEST_DATA_FILE(path, name);
    const auto source = open_source(path);
    ASSERT_TRUE(source.is_ok()) << source.status().message();
    EXPECT_EQ(source->format, format);
    EXPECT_EQ(source->weights != nullptr, format != Format::kTfLite);
  }
}

TEST(RealModels, B1403_an_IR_of_version_4_is_too_old) {
  BATON_TEST_DATA_FILE(path,
                       "models/ir_v4/face-detection-adas-binary-0001/FP32-INT1/face-detection-adas-binary-0001.xml");
  const auto source = open_source(path);
  EXPECT_EQ(source.status().code(), base::StatusCode::kInvalidArgument);
  EXPECT_THAT(source.status().message(), HasSubstr("version 4"));
}

TEST(RealModels, B1403_a_file_that_is_no_model_is_refused) {
  BATON_TEST_DATA_FILE(path, "images/coral_face.jpg");
  EXPECT_THAT(open_source(path).status().message(), HasSubstr("not a model"));
}

}  // namespace
}  // namespace baton::model
