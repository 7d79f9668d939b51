// SPDX-License-Identifier: Apache-2.0
// Copyright (C) 2026 The Baton authors
#include "tensorrt_options.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <utility>
#include <vector>

#include "cuda_options.h"
#include "provider_properties.h"

namespace baton::engine::onnxruntime {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Key;
using ::testing::Pair;
using ::testing::UnorderedElementsAre;

CompileRequest request_for(const std::string& label, std::vector<std::string> operators = {"Conv"},
                           Properties properties = {}) {
  model::Facts facts;
  facts.label.name = label;
  facts.operators = std::move(operators);
  CompileRequest request;
  request.model.data = std::make_shared<const model::ModelData>(model::Source(), std::move(facts));
  request.properties = std::move(properties);
  return request;
}

TEST(TensorRtOptions, B513_the_fast_profile_builds_at_the_lowest_level_the_full_one_at_the_default) {
  CompileRequest request = request_for("FP32");
  EXPECT_THAT(tensorrt_options(request, 2), ElementsAre(Pair("device_id", "2")));
  request.profile = Profile::kFast;
  EXPECT_THAT(tensorrt_options(request, 2),
              UnorderedElementsAre(Pair("device_id", "2"), Pair("trt_builder_optimization_level", "0")));
}

TEST(TensorRtOptions, types_of_the_model_are_enabled_and_no_others) {
  EXPECT_THAT(tensorrt_options(request_for("FP16"), 0),
              UnorderedElementsAre(Key("device_id"), Pair("trt_fp16_enable", "1")));
  EXPECT_THAT(tensorrt_options(request_for("BF16"), 0),
              UnorderedElementsAre(Key("device_id"), Pair("trt_bf16_enable", "1")));
  for (const char* op : {"QuantizeLinear", "DequantizeLinear"}) {
    EXPECT_THAT(tensorrt_options(request_for("INT8", {"Conv", op}), 0),
                UnorderedElementsAre(Key("device_id"), Pair("trt_int8_enable", "1")));
  }
  EXPECT_THAT(tensorrt_options(request_for("INT8", {"QLinearConv"}), 0), UnorderedElementsAre(Key("device_id")))
      << "TensorRT reads no quantised operators";
}

TEST(TensorRtOptions, the_user_has_the_last_word_and_each_provider_its_own) {
  const CompileRequest request = request_for("FP16", {"Conv"},
                                             {{"tensorrt.trt_fp16_enable", "0"},
                                              {"tensorrt.trt_max_workspace_size", "1073741824"},
                                              {"tensorrt.device_id", "7"},
                                              {"cuda.gpu_mem_limit", "1"},
                                              {"session.x", "2"}});
  EXPECT_THAT(tensorrt_options(request, 0), UnorderedElementsAre(Pair("device_id", "7"), Pair("trt_fp16_enable", "0"),
                                                                 Pair("trt_max_workspace_size", "1073741824")));
  EXPECT_EQ(cuda_options(request, 0).at("gpu_mem_limit"), "1");
  EXPECT_FALSE(cuda_options(request, 0).contains("trt_fp16_enable"));
  const std::string prefixes[] = {kTensorRtPrefix, kCudaPrefix};
  EXPECT_THAT(without_properties(request, prefixes).properties, ElementsAre(Pair("session.x", "2")));
}

TEST(TensorRtOptions, B708_f32_is_refused_where_it_would_be_tf32) {
  CompileRequest request = request_for("FP32");
  EXPECT_EQ(tensorrt_refusal(request, /*has_tf32=*/true), "") << "nobody asked for f32";
  request.precision = Precision::kFull;
  EXPECT_THAT(tensorrt_refusal(request, true), HasSubstr("TF32"));
  EXPECT_EQ(tensorrt_refusal(request, /*has_tf32=*/false), "");
  request = request_for("FP32", {"Conv"}, {{"INFERENCE_PRECISION_HINT", "f32"}});
  EXPECT_THAT(tensorrt_refusal(request, true), HasSubstr("TF32"));
  request = request_for("INT8", {"DequantizeLinear"}, {{"INFERENCE_PRECISION_HINT", "f32"}});
  EXPECT_THAT(tensorrt_refusal(request, true), HasSubstr("TF32")) << "what is between is f32";
  for (const char* label : {"FP16", "BF16"}) {
    request = request_for(label);
    request.precision = Precision::kFull;
    EXPECT_EQ(tensorrt_refusal(request, true), "") << "there is nothing that TF32 could take the place of";
  }
}

TEST(TensorRtOptions, the_lowest_arithmetic_is_stated) {
  EXPECT_EQ(tensorrt_precision({}, /*has_tf32=*/true), "tf32");
  EXPECT_EQ(tensorrt_precision({}, /*has_tf32=*/false), "f32");
  EXPECT_EQ(tensorrt_precision({{"trt_fp16_enable", "1"}}, true), "f16");
  EXPECT_EQ(tensorrt_precision({{"trt_fp16_enable", "0"}}, true), "tf32");
  EXPECT_EQ(tensorrt_precision({{"trt_bf16_enable", "True"}, {"trt_fp16_enable", "1"}}, true), "bf16");
  EXPECT_EQ(tensorrt_precision({{"trt_int8_enable", "1"}, {"trt_fp16_enable", "1"}}, true), "i8");
}

// --- told to ONNX Runtime: its table of functions, with those in it that are called
// ----------------------------------------------------------------------------------------------------------------

std::vector<std::string> calls;
OrtErrorCode failure = ORT_OK;

OrtStatus* note(const std::string& call) {
  calls.push_back(call);
  return nullptr;
}
OrtStatus* note_update(std::string call, const char* const* keys, const char* const* values, size_t count) {
  for (size_t i = 0; i < count; ++i) call += " " + std::string(keys[i]) + "=" + values[i];
  return note(call);
}

OrtApi fake_api() {
  OrtApi api{};
  static int options = 0;
  api.CreateTensorRTProviderOptions = [](OrtTensorRTProviderOptionsV2** out) noexcept -> OrtStatus* {
    *out = reinterpret_cast<OrtTensorRTProviderOptionsV2*>(&options);
    return nullptr;
  };
  api.ReleaseTensorRTProviderOptions = [](OrtTensorRTProviderOptionsV2*) noexcept { note("release TensorRT"); };
  api.UpdateTensorRTProviderOptions = [](OrtTensorRTProviderOptionsV2*, const char* const* keys,
                                         const char* const* values, size_t count) noexcept {
    return note_update("TensorRT", keys, values, count);
  };
  api.SessionOptionsAppendExecutionProvider_TensorRT_V2 = [](OrtSessionOptions*,
                                                             const OrtTensorRTProviderOptionsV2*) noexcept {
    note("append TensorRT");
    return failure == ORT_OK ? nullptr : reinterpret_cast<OrtStatus*>(&options);
  };
  api.CreateCUDAProviderOptions = [](OrtCUDAProviderOptionsV2** out) noexcept -> OrtStatus* {
    *out = reinterpret_cast<OrtCUDAProviderOptionsV2*>(&options);
    return nullptr;
  };
  api.ReleaseCUDAProviderOptions = [](OrtCUDAProviderOptionsV2*) noexcept { note("release CUDA"); };
  api.UpdateCUDAProviderOptions = [](OrtCUDAProviderOptionsV2*, const char* const* keys, const char* const* values,
                                     size_t count) noexcept { return note_update("CUDA", keys, values, count); };
  api.SessionOptionsAppendExecutionProvider_CUDA_V2 = [](OrtSessionOptions*, const OrtCUDAProviderOptionsV2*) noexcept {
    return note("append CUDA");
  };
  api.GetErrorCode = [](const OrtStatus*) noexcept { return failure; };
  api.GetErrorMessage = [](const OrtStatus*) noexcept { return "no such library"; };
  api.ReleaseStatus = [](OrtStatus*) noexcept {};
  return api;
}

base::Status append() {
  calls.clear();
  int session = 0;
  return append_tensorrt(fake_api(), reinterpret_cast<OrtSessionOptions&>(session),
                         {{"device_id", "1"}, {"trt_fp16_enable", "1"}}, {{"use_tf32", "0"}});
}

TEST(TensorRtOptions, cudas_provider_is_appended_behind_with_its_own_options) {
  EXPECT_TRUE(append().is_ok());
  EXPECT_THAT(calls, ElementsAre("TensorRT device_id=1 trt_fp16_enable=1", "append TensorRT", "CUDA use_tf32=0",
                                 "append CUDA", "release CUDA", "release TensorRT"));
}

TEST(TensorRtOptions, a_provider_that_is_refused_leaves_nothing_behind) {
  failure = ORT_FAIL;
  const base::Status status = append();
  failure = ORT_OK;
  EXPECT_EQ(status.message(), "cannot use the TensorRT provider: no such library");
  EXPECT_THAT(calls, ElementsAre("TensorRT device_id=1 trt_fp16_enable=1", "append TensorRT", "release TensorRT"));
}

}  // namespace
}  // namespace baton::engine::onnxruntime
