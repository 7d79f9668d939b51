// SPDX-License-Identifier: Apache-2.0
// Copyright (C) 2026 The Baton authors
#include "known_providers.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <memory>

namespace baton::engine::onnxruntime {
namespace {

using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Pair;
using ::testing::UnorderedElementsAre;

CompileRequest request(Properties properties = {}, Precision precision = Precision::kNative,
                       const std::string& label = "FP32") {
  model::Facts facts;
  facts.label.name = label;
  CompileRequest request;
  request.model.data = std::make_shared<const model::ModelData>(model::Source(), facts);
  request.properties = std::move(properties);
  request.precision = precision;
  return request;
}

TEST(KnownProviders, B513_profiles_differ_where_the_provider_has_a_quicker_way) {
  CompileRequest compile = request();
  compile.profile = Profile::kFast;
  EXPECT_THAT(provider_options(kWebGpu, "GPU", compile, "webgpu."), IsEmpty());
  compile.profile = Profile::kFull;
  EXPECT_THAT(provider_options(kWebGpu, "GPU", compile, "webgpu."),
              UnorderedElementsAre(Pair("validationMode", "disabled")));
  EXPECT_THAT(provider_options("Other", "GPU", compile, "other."), IsEmpty());
}

TEST(KnownProviders, the_users_options_have_the_last_word) {
  const CompileRequest webgpu =
      request({{"webgpu.validationMode", "full"}, {"webgpu.preferredLayout", "NCHW"}, {"cuda.x", "1"}});
  EXPECT_THAT(provider_options(kWebGpu, "GPU", webgpu, "webgpu."),
              UnorderedElementsAre(Pair("validationMode", "full"), Pair("preferredLayout", "NCHW")));
  const CompileRequest openvino = request({{"openvino.load_config", "{}"}}, Precision::kFull);
  EXPECT_THAT(provider_options(kOpenVino, "CPU", openvino, "openvino."),
              UnorderedElementsAre(Pair("load_config", "{}")));
}

TEST(KnownProviders, B708_full_precision_is_asked_of_a_provider_that_lowers_it_by_itself) {
  const auto f32 = UnorderedElementsAre(Pair("load_config", R"({"CPU": {"INFERENCE_PRECISION_HINT": "f32"}})"));
  EXPECT_THAT(provider_options(kOpenVino, "CPU", request({}, Precision::kFull), "openvino."), f32);
  EXPECT_THAT(provider_options(kOpenVino, "CPU", request({{"INFERENCE_PRECISION_HINT", "f32"}}), "openvino."), f32);
  EXPECT_THAT(provider_options(kOpenVino, "CPU", request(), "openvino."), IsEmpty());
  EXPECT_THAT(provider_options("Other", "CPU", request({}, Precision::kFull), "other."), IsEmpty());
}

TEST(KnownProviders, B532_the_precision_is_that_of_the_arithmetic) {
  DeviceReport cpu, bf16_cpu, gpu;
  bf16_cpu.capabilities = {"BF16", "FP32"};
  gpu.kind = DeviceKind::kDiscreteGpu;
  EXPECT_EQ(provider_precision(kOpenVino, bf16_cpu, request()), "bf16");
  EXPECT_EQ(provider_precision(kOpenVino, cpu, request()), "f32");
  EXPECT_EQ(provider_precision(kOpenVino, gpu, request()), "f16");
  EXPECT_EQ(provider_precision(kOpenVino, bf16_cpu, request({}, Precision::kFull)), "f32");
  EXPECT_EQ(provider_precision(kOpenVino, bf16_cpu, request({}, Precision::kNative, "INT8")), "i8");
  EXPECT_EQ(provider_precision("Other", bf16_cpu, request()), "f32");
  EXPECT_EQ(provider_precision("Other", gpu, request({}, Precision::kNative, "FP16")), "f16");
  gpu.vendor = "NVIDIA";
  EXPECT_EQ(provider_precision("Other", gpu, request()), "tf32");
  EXPECT_EQ(provider_precision("Other", gpu, request({}, Precision::kFull)), "f32");
  EXPECT_EQ(provider_precision(kWebGpu, gpu, request()), "f32") << "its shaders have no such thing";
}

TEST(KnownProviders, B827_the_one_that_is_known_to_crash_is_named_with_its_reason) {
  EXPECT_THAT(overlap_hazard(kWebGpu), HasSubstr("crash"));
  EXPECT_THAT(overlap_hazard(kOpenVino), IsEmpty());
  EXPECT_THAT(overlap_hazard(""), IsEmpty());
}

}  // namespace
}  // namespace baton::engine::onnxruntime
