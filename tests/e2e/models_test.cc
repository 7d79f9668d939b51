// SPDX-License-Identifier: Apache-2.0
// Copyright (C) 2026 The Baton authors
//
// Every format by path, by bytes where that is offered, with right answers on AUTO.
#include <gtest/gtest.h>

#include <cmath>
#include <cstring>
#include <fstream>
#include <sstream>

#include "baton/baton.hpp"
#include "e2e/pictures.h"

namespace baton::test {
namespace {

std::string content(const std::filesystem::path& file) {
  std::ostringstream text;
  text << std::ifstream(file, std::ios::binary).rdbuf();
  return text.str();
}

Tensor tensor_of(const NpyArray& array, element::Type type) {
  Tensor tensor(type, Shape(array.shape));
  std::memcpy(tensor.data(), array.bytes.data(), array.bytes.size());
  return tensor;
}

double relative_error(const Tensor& answer, const NpyArray& expected) {
  double difference = 0;
  double norm = 0;
  for (std::size_t i = 0; i < expected.float_count(); ++i) {
    const double a = expected.floats()[i];
    difference += (a - answer.data<float>()[i]) * (a - answer.data<float>()[i]);
    norm += a * a;
  }
  return std::sqrt(difference / norm);
}

struct Classifier {
  const char* model;
  double tolerance;
};

class Googlenet : public testing::TestWithParam<Classifier> {};

TEST_P(Googlenet, knows_the_bird) {
  BATON_TEST_DATA_FILE(model, GetParam().model);
  BATON_TEST_DATA_FILE(picture, "images/coral_bird.bmp");
  Core core;
  CompiledModel compiled = core.compile_model(model.string());
  InferRequest request = compiled.create_infer_request();
  request.set_input_tensor(googlenet_input(picture));
  for (const bool steady : {false, true}) {
    ASSERT_TRUE(!steady || compiled.wait_until_steady(std::chrono::seconds(60)));
    request.infer();
    EXPECT_EQ(top_class(request.get_output_tensor()), 19u);
    EXPECT_NEAR(request.get_output_tensor().data<float>()[19], 0.9993, GetParam().tolerance);
  }
}

INSTANTIATE_TEST_SUITE_P(Models, Googlenet,
                         testing::Values(Classifier{"models/googlenet-v1/googlenet-v1.onnx", 0.01},
                                         Classifier{"models/googlenet-v1/googlenet-v1-int8-qdq.onnx", 0.05},
                                         Classifier{"models/googlenet-v1/ir/FP16/googlenet-v1.xml", 0.01},
                                         Classifier{"models/googlenet-v1/ir/FP16-INT8/googlenet-v1.xml", 0.05}),
                         [](const auto& test) { return "model" + std::to_string(test.index); });

TEST(Models, a_dynamic_language_model_gives_the_reference_logits) {
  BATON_TEST_DATA_FILE(model, "models/transformer/stories260K.onnx");
  BATON_TEST_DATA_FILE(reference, "models/transformer/ref.npz");
  Core core;
  CompiledModel compiled = core.compile_model(model.string());
  InferRequest request = compiled.create_infer_request();
  request.set_input_tensor(tensor_of(load_npz(reference, "input_ids"), element::i64));
  const NpyArray expected = load_npz(reference, "logits");
  for (const bool steady : {false, true}) {
    ASSERT_TRUE(!steady || compiled.wait_until_steady(std::chrono::seconds(60)));
    request.infer();
    EXPECT_EQ(request.get_output_tensor().get_shape(), Shape(expected.shape));
    EXPECT_LT(relative_error(request.get_output_tensor(), expected), 0.02) << request.engine();
  }
}

TEST(Models, a_paddle_model_is_reshaped_and_right) {
  BATON_TEST_DATA_FILE(model, "models/paddle/ch_PP-OCRv3_det_infer/inference.pdmodel");
  BATON_TEST_DATA_FILE(reference, "models/paddle/ch_PP-OCRv3_det_infer/ref.npz");
  const NpyArray x = load_npz(reference, "x");
  const NpyArray y = load_npz(reference, "y");
  Core core;
  auto read = core.read_model(model.string());
  read->reshape(PartialShape(Shape(x.shape)));
  EXPECT_EQ(read->output().get_shape(), Shape(y.shape)) << "the outputs' shapes follow";
  InferRequest request = core.compile_model(read).create_infer_request();
  request.set_input_tensor(tensor_of(x, element::f32));
  request.infer();
  EXPECT_LT(relative_error(request.get_output_tensor(), y), 0.03);
}

TEST(Models, a_tflite_model_answers) {
  BATON_TEST_DATA_FILE(model, "models/tflite/mobilenet_v2_1.0_224_quant.tflite");
  Core core;
  CompiledModel compiled = core.compile_model(model.string());
  InferRequest request = compiled.create_infer_request();
  request.infer();
  EXPECT_EQ(request.get_output_tensor().get_size(), 1001u);
}

TEST(Models, B401_B903_bytes_and_path_give_the_same_answer) {
  BATON_TEST_DATA_FILE(model,
                       "models/ir_v11/landmarks-regression-retail-0009/FP32/landmarks-regression-retail-0009.xml");
  BATON_TEST_DATA_FILE(weights,
                       "models/ir_v11/landmarks-regression-retail-0009/FP32/landmarks-regression-retail-0009.bin");
  Core core;
  std::string bin = content(weights);
  auto from_bytes = core.read_model(content(model), Tensor(element::u8, {bin.size()}, bin.data()));
  auto from_path = core.read_model(model.string());
  std::vector<float> answers;
  for (const auto& read : {from_bytes, from_path}) {
    InferRequest request = core.compile_model(read, "AUTO").create_infer_request();
    Tensor input = request.get_input_tensor();
    for (std::size_t i = 0; i < input.get_size(); ++i) input.data<float>()[i] = static_cast<float>(i % 256);
    request.infer();
    answers.push_back(request.get_output_tensor().data<float>()[0]);
  }
  EXPECT_FLOAT_EQ(answers[0], answers[1]);
}

TEST(Models, an_onnx_models_outputs_follow_a_reshape) {
  BATON_TEST_DATA_FILE(model, "models/transformer/stories260K.onnx");
  Core core;
  auto read = core.read_model(model.string());
  EXPECT_TRUE(read->is_dynamic());
  read->reshape(PartialShape{1, 7});
  EXPECT_FALSE(read->is_dynamic());
  EXPECT_EQ(read->output().get_shape()[1], 7u);
  InferRequest request = core.compile_model(read).create_infer_request();
  for (int i = 0; i < 7; ++i) request.get_input_tensor().data<std::int64_t>()[i] = i + 1;
  request.infer();
  EXPECT_EQ(request.get_output_tensor().get_shape()[1], 7u);
}

}  // namespace
}  // namespace baton::test
