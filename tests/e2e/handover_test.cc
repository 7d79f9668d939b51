// SPDX-License-Identifier: Apache-2.0
// Copyright (C) 2026 The Baton authors
//
// The main job on a real model: ONNX Runtime answers first, OpenVINO or ONNX Runtime at full speed goes on, with right
// answers all the way.
#include <gtest/gtest.h>

#include <set>

#include "baton/baton.hpp"
#include "e2e/pictures.h"

namespace baton::test {
namespace {

constexpr std::size_t kChickadee = 19;

TEST(HandoverE2e, googlenet_starts_on_onnxruntime_and_hands_over_with_right_answers) {
  BATON_TEST_DATA_FILE(model, "models/googlenet-v1/googlenet-v1.onnx");
  BATON_TEST_DATA_FILE(picture, "images/coral_bird.bmp");
  Core core;
  CompiledModel compiled = core.compile_model(model.string());
  InferRequest request = compiled.create_infer_request();
  request.set_input_tensor(googlenet_input(picture));

  std::set<std::string> engines;
  for (int i = 0; i < 5000 && !compiled.wait_until_steady(std::chrono::milliseconds(0)); ++i) {
    request.infer();
    engines.insert(request.engine());
    ASSERT_EQ(top_class(request.get_output_tensor()), kChickadee);
    ASSERT_NEAR(request.get_output_tensor().data<float>()[kChickadee], 0.9993, 0.01);
  }
  ASSERT_TRUE(compiled.wait_until_steady(std::chrono::seconds(60)));
  EXPECT_TRUE(engines.contains("onnxruntime")) << "the helper";
  request.infer();
  EXPECT_EQ(top_class(request.get_output_tensor()), kChickadee);
  EXPECT_GE(compiled.get_property("EXECUTION_GENERATION").as<unsigned>(), 2u);
  EXPECT_EQ(request.generation(), compiled.get_property("EXECUTION_GENERATION").as<unsigned>());
  EXPECT_EQ(compiled.get_property(execution_devices), std::vector<std::string>{"CPU"});
}

TEST(HandoverE2e, B531_explain_shows_the_figures_that_decided) {
  BATON_TEST_DATA_FILE(model, "models/face/version-RFB-320.onnx");
  Core core;
  CompiledModel compiled = core.compile_model(model.string());
  ASSERT_TRUE(compiled.wait_until_steady(std::chrono::seconds(60)));
  const std::string json = compiled.explain().to_json();
  for (const char* key : {"\"ratio\"", "\"error\"", "\"load_ms\"", "\"pairs\""})
    EXPECT_NE(json.find(key), std::string::npos) << key;
}

TEST(HandoverE2e, B708_accuracy_computes_in_f32_on_every_rung) {
  BATON_TEST_DATA_FILE(model, "models/googlenet-v1/googlenet-v1.onnx");
  Core core;
  CompiledModel compiled =
      core.compile_model(model.string(), "AUTO", hint::execution_mode(hint::ExecutionMode::ACCURACY));
  ASSERT_TRUE(compiled.wait_until_steady(std::chrono::seconds(60)));
  const std::string json = compiled.explain().to_json();
  EXPECT_EQ(json.find("bf16"), std::string::npos) << json;
}

TEST(HandoverE2e, B216_profiling_uses_engines_that_keep_counters) {
  BATON_TEST_DATA_FILE(model, "models/face/version-RFB-320.onnx");
  Core core;
  CompiledModel compiled = core.compile_model(model.string(), "AUTO", enable_profiling(true));
  InferRequest request = compiled.create_infer_request();
  EXPECT_THROW(request.get_profiling_info(), NotImplemented) << "before the first run";
  for (const bool asynchronous : {false, true}) {
    if (asynchronous) request.start_async();
    else request.infer();
    request.wait();
    EXPECT_EQ(request.engine(), "openvino");
    EXPECT_GT(request.get_profiling_info().size(), 10U);
  }
}

TEST(HandoverE2e, B1512_an_output_may_be_another_models_input_in_every_phase) {
  BATON_TEST_DATA_FILE(model, "models/googlenet-v1/googlenet-v1.onnx");
  BATON_TEST_DATA_FILE(picture, "images/coral_bird.bmp");
  Core core;
  CompiledModel compiled = core.compile_model(model.string());
  InferRequest first = compiled.create_infer_request();
  InferRequest second = compiled.create_infer_request();
  const Tensor input = googlenet_input(picture);
  first.set_input_tensor(input);
  second.set_input_tensor(input);
  first.start_async();
  second.start_async();
  first.wait();
  second.wait();
  EXPECT_EQ(top_class(first.get_output_tensor()), kChickadee);
  EXPECT_EQ(top_class(second.get_output_tensor()), kChickadee);
}

TEST(HandoverE2e, B1530_a_thousand_jobs_over_the_hand_over) {
  BATON_TEST_DATA_FILE(model, "models/face/version-RFB-320.onnx");
  Core core;
  CompiledModel compiled = core.compile_model(model.string());
  AsyncInferQueue queue(compiled, 4);
  std::atomic<int> done{0};
  queue.set_callback([&done](InferRequest&, const std::any&) { ++done; });
  for (int i = 0; i < 1000; ++i) queue.start_async();
  queue.wait_all();
  EXPECT_EQ(done, 1000);
}

}  // namespace
}  // namespace baton::test
