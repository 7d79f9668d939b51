// SPDX-License-Identifier: Apache-2.0
// Copyright (C) 2026 The Baton authors
#include "errors.h"

#include <gtest/gtest.h>

#include <thread>

#include "session.h"

namespace baton::engine::onnxruntime {
namespace {

using base::StatusCode;

TEST(OrtErrors, places_and_signatures_are_left_out) {
  EXPECT_EQ(clean_message("/onnxruntime_src/onnxruntime/core/graph/model.cc:146 onnxruntime::Model::Model("
                          "onnx::ModelProto&&, const onnxruntime::PathString&, bool) Unsupported model IR version: 99"),
            "Unsupported model IR version: 99");
  EXPECT_EQ(clean_message("Load model from failed:/src/core/graph/graph.cc:10 virtual onnxruntime::common::Status "
                          "onnxruntime::Graph::Build(const A&) const [with T = float] bad (really) graph"),
            "Load model from failed: bad (really) graph");
  EXPECT_EQ(clean_message("Non-zero status code returned while running Reshape node. Name:'r' Status Message: "
                          "/src/cpu/reshape_helper.h:47 onnxruntime::ReshapeHelper::ReshapeHelper(const "
                          "onnxruntime::TensorShape&, gsl::span<long>&) input_shape_size == size was false."),
            "Non-zero status code returned while running Reshape node. Name:'r' Status Message: "
            "input_shape_size == size was false.");
}

TEST(OrtErrors, only_the_first_line_is_the_message) {
  EXPECT_EQ(clean_message("\n  Got invalid dimensions for input: x\n index: 0 Got: 2 Expected: 1\n"),
            "Got invalid dimensions for input: x");
}

TEST(OrtErrors, codes_of_wrapped_errors_are_left_out) {
  EXPECT_EQ(clean_message("Status Message: [ONNXRuntimeError] : 2 : INVALID_ARGUMENT : The output is too small"),
            "Status Message: The output is too small");
}

TEST(OrtErrors, a_message_is_never_empty) {
  EXPECT_EQ(clean_message(""), "ONNX Runtime gave no reason");
  EXPECT_EQ(clean_message("/src/a.cc:1"), "ONNX Runtime gave no reason");
}

TEST(OrtErrors, text_that_only_looks_like_a_place_stays) {
  EXPECT_EQ(clean_message("cannot read model.h: missing"), "cannot read model.h: missing");
  EXPECT_EQ(clean_message("/src/a.cc:1 the input (first) is bad"), "the input (first) is bad");
}

TEST(OrtErrors, memory_and_unknown_operators_are_told_apart_from_failures) {
  EXPECT_EQ(classify(ORT_FAIL, "Non-zero status code: std::bad_alloc"), StatusCode::kResourceExhausted);
  EXPECT_EQ(classify(ORT_RUNTIME_EXCEPTION, "Failed to allocate memory for requested buffer of size 99"),
            StatusCode::kResourceExhausted);
  EXPECT_EQ(classify(ORT_FAIL, "Fatal error: com.acme:Frobnicate(-1) is not a registered function/op"),
            StatusCode::kUnsupported);
  EXPECT_EQ(classify(ORT_NOT_IMPLEMENTED, "Could not find an implementation for Conv(11)"), StatusCode::kUnsupported);
  EXPECT_EQ(classify(ORT_INVALID_ARGUMENT, "Invalid rank for input"), StatusCode::kInvalidArgument);
  EXPECT_EQ(classify(ORT_MODEL_LOAD_CANCELED, "canceled"), StatusCode::kCancelled);
  EXPECT_EQ(classify(ORT_FAIL, "anything else"), StatusCode::kDeviceFailed);
}

TEST(OrtErrors, B609_a_lost_device_is_told_apart_from_a_failure) {
  EXPECT_EQ(classify(ORT_FAIL, "CUDA failure 700: an illegal memory access was encountered ; GPU=0 ; hostname=h"),
            StatusCode::kDeviceLost);
  EXPECT_EQ(classify(ORT_FAIL, "CUDA failure 719: unspecified launch failure ; GPU=0"), StatusCode::kDeviceLost);
  EXPECT_EQ(classify(ORT_FAIL, "CUDA failure 2: out of memory ; GPU=0"), StatusCode::kResourceExhausted);
  EXPECT_EQ(classify(ORT_FAIL, "CUBLAS failure 3: CUBLAS_STATUS_ALLOC_FAILED ; GPU=0 ; hostname=h"),
            StatusCode::kResourceExhausted);
  EXPECT_EQ(classify(ORT_FAIL, "CUDNN failure 4002: CUDNN_STATUS_INTERNAL_ERROR_HOST_ALLOCATION_FAILED ; GPU=0"),
            StatusCode::kResourceExhausted);
  EXPECT_EQ(classify(ORT_FAIL, "CUDA failure 1: invalid argument ; GPU=0"), StatusCode::kDeviceFailed);
  EXPECT_EQ(classify(ORT_FAIL, "WebGPU device lost (1): the device was destroyed"), StatusCode::kDeviceLost);
  EXPECT_EQ(classify(ORT_EP_FAIL, "DXGI_ERROR_DEVICE_REMOVED"), StatusCode::kDeviceLost);
}

TEST(OrtErrors, what_webgpu_says_is_sorted_like_the_rest) {
  EXPECT_EQ(classify(ORT_EP_FAIL, "Failed to get a WebGPU adapter: No supported adapters"), StatusCode::kUnavailable);
  EXPECT_EQ(classify(ORT_FAIL, "Failed to get a WebGPU device."), StatusCode::kUnavailable);
  EXPECT_EQ(classify(ORT_EP_FAIL, "Error creating execution provider: no backend"), StatusCode::kUnavailable);
  EXPECT_EQ(classify(ORT_FAIL, "Tile repeat value exceeds the WebGPU supported maximum of 65535"),
            StatusCode::kUnsupported);
  EXPECT_EQ(classify(ORT_FAIL, "The dispatch group size exceeds WebGPU maximum."), StatusCode::kUnsupported);
  EXPECT_EQ(classify(ORT_FAIL, "Failed to create a WebGPU compute pipeline: bad shader"), StatusCode::kDeviceFailed);
}

TEST(OrtErrors, B609_what_tensorrt_says_is_sorted_like_the_rest) {
  const std::string running =
      "Non-zero status code returned while running TRTKernel_graph_torch_jit_16074816800397161377_0 node. "
      "Name:'TensorrtExecutionProvider_TRTKernel_graph_torch_jit_16074816800397161377_0_0' Status Message: ";
  for (const std::string& text :
       {running + "TensorRT EP failed to create engine from network.",
        std::string("TensorRT EP failed to create engine from network for fused node: "
                    "TensorrtExecutionProvider_TRTKernel_graph_torch-jit-export_1_0_0"),
        std::string("TensorRT EP could not build engine for fused node: "
                    "TensorrtExecutionProvider_TRTKernel_graph_mxnet_converted_model_6241742266258321209_75_0"),
        std::string("TensorRT EP Failed to Build Engine."),
        std::string(
            "TensorRT input: 411 has no shape specified. Please run shape inference on the onnx model first.")}) {
    EXPECT_EQ(classify(ORT_EP_FAIL, text), StatusCode::kUnsupported) << text;
  }
  EXPECT_EQ(classify(ORT_EP_FAIL, running + "TensorRT EP execution context enqueue failed."),
            StatusCode::kDeviceFailed);
  EXPECT_EQ(classify(ORT_EP_FAIL, "TensorRT EP could not deserialize engine from cache: /c/a_sm90.engine"),
            StatusCode::kDeviceFailed);
  EXPECT_EQ(classify(ORT_FAIL,
                     "CUDA failure 2: out of memory ; GPU=0 ; hostname=h ; file=/onnxruntime_src/onnxruntime/"
                     "core/providers/tensorrt/tensorrt_execution_provider.cc ; line=1789 ; expr=cudaMalloc"),
            StatusCode::kResourceExhausted);
  EXPECT_EQ(classify(ORT_EP_FAIL,
                     "[executionContext.cpp::executeInternal::667] Error Code 1: Cuda Runtime (an illegal memory "
                     "access was encountered)"),
            StatusCode::kDeviceLost);
  EXPECT_EQ(classify(ORT_FAIL,
                     "CUDA failure 700: an illegal memory access was encountered ; GPU=0 ; hostname=h ; "
                     "file=/onnxruntime_src/onnxruntime/core/providers/tensorrt/"
                     "tensorrt_execution_provider.cc ; line=3977"),
            StatusCode::kDeviceLost);
}

TEST(OrtErrors, an_option_that_a_provider_does_not_know_is_the_users_mistake) {
  EXPECT_EQ(classify(ORT_FAIL,
                     "[ONNXRuntimeError] : 1 : FAIL : provider_options_utils.h:182 Parse Unknown provider "
                     "option: \"trt_nonsense\"."),
            StatusCode::kInvalidArgument);
  EXPECT_EQ(classify(ORT_FAIL, "provider_options_utils.h:186 Parse Failed to parse provider option \"device_id\": "),
            StatusCode::kInvalidArgument);
}

TEST(OrtThreads, B706_latency_gives_one_request_all_cores) {
  const ThreadPlan plan = plan_threads(Hint::kLatency, 0, 16);
  EXPECT_EQ(plan.intra_op_threads, 0u);
  EXPECT_EQ(plan.optimal_requests, 1u);
}

TEST(OrtThreads, B707_throughput_shares_the_cores_among_the_requests) {
  EXPECT_EQ(plan_threads(Hint::kThroughput, 0, 16).optimal_requests, 16u);
  EXPECT_EQ(plan_threads(Hint::kThroughput, 0, 16).intra_op_threads, 1u);
  EXPECT_EQ(plan_threads(Hint::kThroughput, 4, 16).optimal_requests, 4u);
  EXPECT_EQ(plan_threads(Hint::kThroughput, 4, 16).intra_op_threads, 4u);
  EXPECT_EQ(plan_threads(Hint::kThroughput, 99, 2).optimal_requests, 2u);
  EXPECT_EQ(plan_threads(Hint::kThroughput, 0, 0).optimal_requests, 1u);
}

TEST(OrtErrors, what_tensorrt_only_logs_explains_its_status) {
  const base::Status failed(base::StatusCode::kUnsupported, "cannot load m.onnx: failed to create engine", "details");
  LoggedErrors::add("nobody listens");
  const LoggedErrors outer;
  {
    const LoggedErrors errors;
    EXPECT_EQ(errors.explain(failed).message(), failed.message());
    std::thread([] { LoggedErrors::add("of another thread"); }).join();
    LoggedErrors::add("[2026-11-27 22:10:43   ERROR] IBuilder: Unable to load library: libx.so\n");
    LoggedErrors::add("[2026-11-27 22:10:44   ERROR] what follows from it");
    const base::Status explained = errors.explain(failed);
    EXPECT_EQ(explained.message(), failed.message() + ": IBuilder: Unable to load library: libx.so");
    EXPECT_EQ(explained.code(), failed.code());
    EXPECT_EQ(explained.details(), "details");
    EXPECT_TRUE(errors.explain(base::Status::ok()).is_ok());
    const base::Status cancelled = base::Status::cancelled("the load was cancelled");
    EXPECT_EQ(errors.explain(cancelled).message(), cancelled.message());
  }
  LoggedErrors::add("later");
  EXPECT_EQ(outer.explain(failed).message(), failed.message() + ": later");
}

}  // namespace
}  // namespace baton::engine::onnxruntime
