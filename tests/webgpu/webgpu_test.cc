// SPDX-License-Identifier: Apache-2.0
// Copyright (C) 2026 The Baton authors
//
// A second device, with another engine, that starts slowly and runs slowly: ONNX Runtime's WebGPU provider on Mesa's
// software GPU. `scripts/test --lane webgpu` runs this with both at hand and with the shaders of the models compiled
// (20 s and more for a model, after which a run takes milliseconds).
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <filesystem>
#include <nlohmann/json.hpp>
#include <set>
#include <thread>
#include <vector>

#include "baton/baton.hpp"
#include "support/onnx_builder.h"
#include "support/test_data.h"

namespace baton::test {
namespace {

using Json = nlohmann::json;
namespace fs = std::filesystem;

constexpr const char* kWebGpu = "onnxruntime.webgpu";
constexpr auto kLong = std::chrono::seconds(100);

/// Text directions: the smallest of the models that scripts/setup brings.
const fs::path kTextDirection = fs::path(BATON_DEPS_DIR) / "models/ch_ppocr_mobile_v2.0_cls_infer.onnx";
const fs::path kVoice = fs::path(BATON_DEPS_DIR) / "silero/silero_vad_openvino_16k.onnx";

class WebGpu : public testing::Test {
 protected:
  void SetUp() override {
    std::string reason = "no package onnxruntime_ep_webgpu";
    for (const EngineInfo& engine : core_.get_engines()) {
      if (engine.name == kWebGpu) reason = engine.reason;
    }
    if (reason.empty()) return;
    reason += "; scripts/test --lane webgpu runs this";
    if (std::getenv("BATON_REQUIRE_WEBGPU") != nullptr) FAIL() << reason;
    GTEST_SKIP() << reason;
  }

  std::shared_ptr<Model> text_direction() {
    auto model = core_.read_model(kTextDirection.string());
    model->reshape(PartialShape{1, 3, 48, 192});
    return model;
  }

  static Tensor noise(const Shape& shape, float scale = 1) {
    Tensor tensor(element::f32, shape);
    float* values = tensor.data<float>();
    for (std::size_t i = 0; i < tensor.get_size(); ++i)
      values[i] = scale * (static_cast<float>(i * 7919 % 1000) / 500.F - 1.F);
    return tensor;
  }

  /// What `key` holds for a device (or a pair) in the report.
  static Json entry(CompiledModel& compiled, const char* list, const std::string& device,
                    const std::string& engine = {}) {
    const Json report = Json::parse(compiled.explain().to_json());
    for (const Json& item : report[list]) {
      if (item["device"] == device && (engine.empty() || item["engine"] == engine)) return item;
    }
    return Json::object({{"reason", "not listed"}, {"text", report.dump()}});
  }

  Core core_;
};

/// Values of output 0.
std::vector<float> answer(InferRequest& request) {
  const Tensor output = request.get_output_tensor(0);
  const float* values = output.data<float>();
  return {values, values + output.get_size()};
}

void expect_near(const std::vector<float>& got, const std::vector<float>& expected) {
  ASSERT_EQ(got.size(), expected.size());
  for (std::size_t i = 0; i < got.size(); ++i) ASSERT_NEAR(got[i], expected[i], 1e-3F) << i;
}

TEST_F(WebGpu, B827_it_is_known_to_crash_and_is_given_one_request_at_a_time_untried) {
  for (const EngineInfo& engine : core_.get_engines()) {
    if (engine.name != kWebGpu) continue;
    EXPECT_NE(engine.limit.find("crash"), std::string::npos) << engine.limit;
    EXPECT_EQ(engine.limit.find("tried"), std::string::npos) << engine.limit;
  }
}

TEST_F(WebGpu, B303_B310_B313_the_adapter_is_a_device_with_an_identity) {
  const auto devices = core_.get_available_devices();
  ASSERT_NE(std::find(devices.begin(), devices.end(), "GPU"), devices.end());
  EXPECT_EQ(core_.get_property("GPU", auto_device::device_kind), "software");
  EXPECT_EQ(core_.get_property("GPU", auto_device::engines), std::vector<std::string>{kWebGpu});
  EXPECT_NE(core_.get_property("GPU", device::full_name).find("llvmpipe"), std::string::npos);
  EXPECT_FALSE(core_.get_property("GPU", "DEVICE_UUID").as<std::string>().empty());
}

TEST_F(WebGpu, B125_a_software_adapter_is_no_default_candidate_unless_allowed) {
  ASSERT_FALSE(core_.get_available_devices().empty()) << "from now on the adapter is known";
  CompiledModel compiled = core_.compile_model(text_direction(), "AUTO");
  EXPECT_EQ(entry(compiled, "candidates", "GPU")["reason"], "SOFTWARE_DEVICE") << compiled.explain().to_json();
  CompiledModel allowed = core_.compile_model(text_direction(), "AUTO", auto_device::allow_software_devices(true));
  EXPECT_EQ(entry(allowed, "candidates", "GPU")["verdict"], "standby") << allowed.explain().to_json();
  setenv("BATON_ALLOW_SOFTWARE_GPU", "1", 1);
  CompiledModel by_environment = core_.compile_model(text_direction(), "AUTO");
  unsetenv("BATON_ALLOW_SOFTWARE_GPU");
  EXPECT_EQ(entry(by_environment, "candidates", "GPU")["verdict"], "standby") << by_environment.explain().to_json();
}

TEST_F(WebGpu, B520_an_explicit_order_hands_over_to_the_gpu_with_right_answers_all_the_way) {
  const auto model = text_direction();
  CompiledModel compiled = core_.compile_model(model, "AUTO:GPU,CPU");
  InferRequest request = compiled.create_infer_request();
  request.set_input_tensor(noise({1, 3, 48, 192}));
  request.infer();
  EXPECT_NE(request.engine(), kWebGpu) << "a helper answers first";
  const auto expected = answer(request);
  const auto deadline = std::chrono::steady_clock::now() + kLong;
  while (!compiled.wait_until_steady(std::chrono::milliseconds(0)) && std::chrono::steady_clock::now() < deadline) {
    request.infer();
    ASSERT_NO_FATAL_FAILURE(expect_near(answer(request), expected)) << request.engine();
  }
  request.infer();
  ASSERT_EQ(request.engine(), kWebGpu) << compiled.explain().to_text();
  expect_near(answer(request), expected);
  EXPECT_EQ(compiled.get_property(execution_devices), std::vector<std::string>{"GPU"});
  const Json pair = entry(compiled, "pairs", "GPU", kWebGpu);
  EXPECT_TRUE(pair["figures"].contains("load_ms")) << compiled.explain().to_json();
}

TEST_F(WebGpu, B535_B537_auto_goes_back_to_the_cpu_because_the_software_gpu_is_slower) {
  CompiledModel compiled =
      core_.compile_model(text_direction(), "AUTO:GPU,CPU", auto_device::speed_check(auto_device::Check::REFUSE));
  InferRequest request = compiled.create_infer_request();
  request.set_input_tensor(noise({1, 3, 48, 192}));
  const auto deadline = std::chrono::steady_clock::now() + kLong;
  while (!compiled.wait_until_steady(std::chrono::milliseconds(0)) && std::chrono::steady_clock::now() < deadline)
    request.infer();
  request.infer();
  EXPECT_NE(request.engine(), kWebGpu);
  EXPECT_EQ(compiled.get_property(execution_devices), std::vector<std::string>{"CPU"});
  const Json pair = entry(compiled, "pairs", "GPU", kWebGpu);
  EXPECT_EQ(pair["reason"], "SLOWER_THAN_HELPER") << compiled.explain().to_text();
  EXPECT_GT(pair["figures"].value("ratio", 0.0), 1.1) << compiled.explain().to_text();
}

TEST_F(WebGpu, B534_the_output_check_refuses_a_model_that_the_gpu_computes_wrongly) {
  if (!fs::exists(kVoice)) GTEST_SKIP() << kVoice << " is not there; scripts/setup --webgpu brings it";
  CompiledModel compiled = core_.compile_model(kVoice.string(), "AUTO:GPU,CPU");
  InferRequest request = compiled.create_infer_request();
  request.set_tensor("input", noise({1, 576}));
  request.set_tensor("state", noise({2, 1, 128}, 0));
  const auto deadline = std::chrono::steady_clock::now() + kLong;
  while (!compiled.wait_until_steady(std::chrono::milliseconds(0)) && std::chrono::steady_clock::now() < deadline) {
    request.infer();
    ASSERT_NE(request.engine(), kWebGpu);
  }
  EXPECT_EQ(compiled.get_property(execution_devices), std::vector<std::string>{"CPU"});
  EXPECT_EQ(entry(compiled, "pairs", "GPU", kWebGpu)["reason"], "OUTPUT_MISMATCH") << compiled.explain().to_text();
}

TEST_F(WebGpu, B827_hazard_two_webgpu_sessions_that_run_and_are_made_at_once_do_not_crash) {
  const std::string add = onnx_model(OnnxGraph()
                                         .input("x", element::f32, {1, 64})
                                         .weights("w", {64, 64}, std::vector<float>(4096, 0.5F))
                                         .node("MatMul", {"x", "w"}, {"y"})
                                         .output("y", element::f32, {1, 64}));
  const auto model = core_.read_model(add, Tensor());
  std::vector<std::jthread> threads;
  for (int t = 0; t < 3; ++t) {
    threads.emplace_back([&] {
      for (int i = 0; i < 4; ++i) {
        CompiledModel compiled = core_.compile_model(model, "GPU");
        InferRequest request = compiled.create_infer_request();
        request.set_input_tensor(noise({1, 64}));
        for (int run = 0; run < 20; ++run) request.infer();
        EXPECT_EQ(request.engine(), kWebGpu);
      }
    });
  }
}

TEST_F(WebGpu, B544_a_model_may_go_while_the_gpu_loads_or_checks) {
  for (const int ms : {0, 50, 200, 600}) {
    CompiledModel compiled = core_.compile_model(text_direction(), "AUTO:GPU,CPU");
    InferRequest request = compiled.create_infer_request();
    request.set_input_tensor(noise({1, 3, 48, 192}));
    request.infer();
    std::this_thread::sleep_for(std::chrono::milliseconds(ms));
    request = {};
    const auto begin = std::chrono::steady_clock::now();
    compiled = {};
    EXPECT_LT(std::chrono::steady_clock::now() - begin, std::chrono::seconds(2));
  }
}

TEST_F(WebGpu, its_properties_reach_the_provider_and_wrong_ones_are_refused) {
  const AnyMap options{{"GPU", Any(AnyMap{{"webgpu.preferredLayout", Any("NCHW")}})}};
  EXPECT_NO_THROW(core_.compile_model(text_direction(), "AUTO:GPU", device::properties(options)));
  const AnyMap unknown{{"GPU", Any(AnyMap{{"NO_SUCH_KEY", Any("1")}})}};
  EXPECT_THROW(core_.compile_model(text_direction(), "AUTO:GPU", device::properties(unknown)), Exception);
}

TEST_F(WebGpu, a_face_detector_answers_as_on_the_cpu) {
  BATON_TEST_DATA_FILE(file, "models/face/version-RFB-320.onnx");
  std::vector<std::vector<float>> answers;
  for (const char* device : {"CPU", "GPU"}) {
    CompiledModel compiled =
        core_.compile_model(file.string(), device, hint::execution_mode(hint::ExecutionMode::ACCURACY));
    InferRequest request = compiled.create_infer_request();
    request.set_input_tensor(noise({1, 3, 240, 320}));
    request.infer();
    answers.push_back(answer(request));
  }
  expect_near(answers[1], answers[0]);
}

}  // namespace
}  // namespace baton::test
