// SPDX-License-Identifier: Apache-2.0
// Copyright (C) 2026 The Baton authors
#include "cuda_options.h"

#include <gtest/gtest.h>

namespace baton::engine::onnxruntime {
namespace {

CompileRequest request_for(Profile profile, Precision precision = Precision::kNative, Properties properties = {}) {
  CompileRequest request;
  request.profile = profile;
  request.precision = precision;
  request.properties = std::move(properties);
  return request;
}

TEST(CudaOptions, profiles_differ_in_the_search_for_algorithms) {
  EXPECT_EQ(cuda_options(request_for(Profile::kFull), 2).at("cudnn_conv_algo_search"), "EXHAUSTIVE");
  EXPECT_EQ(cuda_options(request_for(Profile::kFast), 2).at("cudnn_conv_algo_search"), "HEURISTIC");
  EXPECT_EQ(cuda_options(request_for(Profile::kFast), 2).at("device_id"), "2");
}

TEST(CudaOptions, B1112_where_shapes_may_change_no_search_is_exhaustive) {
  CompileRequest request = request_for(Profile::kFull);
  request.model.input_shapes = {PartialShape{1, 3, Dimension::dynamic(), Dimension::dynamic()}};
  EXPECT_EQ(cuda_options(request, 0).at("cudnn_conv_algo_search"), "HEURISTIC");
  request.model.input_shapes = {PartialShape{1, 3, 640, 640}};
  EXPECT_EQ(cuda_options(request, 0).at("cudnn_conv_algo_search"), "EXHAUSTIVE");
}

TEST(CudaOptions, full_precision_means_no_tf32) {
  EXPECT_EQ(cuda_options(request_for(Profile::kFull), 0).at("use_tf32"), "1");
  EXPECT_EQ(cuda_options(request_for(Profile::kFull, Precision::kFull), 0).at("use_tf32"), "0");
  EXPECT_EQ(cuda_options(request_for(Profile::kFull, Precision::kNative, {{"INFERENCE_PRECISION_HINT", "f32"}}), 0)
                .at("use_tf32"),
            "0");
}

TEST(CudaOptions, the_user_has_the_last_word) {
  const auto options = cuda_options(
      request_for(Profile::kFull, Precision::kNative,
                  {{"cuda.cudnn_conv_algo_search", "DEFAULT"}, {"cuda.gpu_mem_limit", "1"}, {"session.x", "2"}}),
      0);
  EXPECT_EQ(options.at("cudnn_conv_algo_search"), "DEFAULT");
  EXPECT_EQ(options.at("gpu_mem_limit"), "1");
  EXPECT_FALSE(options.contains("session.x"));
}

TEST(CudaOptions, a_quarter_of_the_cores_is_left_to_others) {
  EXPECT_EQ(cuda_requests(16), 12u);
  EXPECT_EQ(cuda_requests(8), 6u);
  EXPECT_EQ(cuda_requests(7), 6u);
  EXPECT_EQ(cuda_requests(2), 4u) << "copies go on while others compute";
  EXPECT_EQ(cuda_requests(0), 4u) << "not known";
  EXPECT_EQ(cuda_requests(128), 16u) << "one GPU has no use for more";
}

TEST(CudaOptions, the_arithmetic_is_stated) {
  const auto native = cuda_options(request_for(Profile::kFull), 0);
  EXPECT_EQ(cuda_precision(native, /*has_tf32=*/true), "tf32");
  EXPECT_EQ(cuda_precision(native, /*has_tf32=*/false), "f32");
  EXPECT_EQ(cuda_precision(cuda_options(request_for(Profile::kFull, Precision::kFull), 0), true), "f32");
}

}  // namespace
}  // namespace baton::engine::onnxruntime
