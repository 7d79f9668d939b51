// SPDX-License-Identifier: Apache-2.0
// Copyright (C) 2026 The Baton authors
#include "errors.h"

#include <gtest/gtest.h>

#include <new>
#include <stdexcept>

namespace baton::engine::openvino {
namespace {

using base::Status;
using base::StatusCode;

TEST(CleanMessage, B603_B1402_drops_the_chain_of_source_files) {
  EXPECT_EQ(clean_message("Exception from src/inference/src/cpp/core.cpp:84:\n"
                          "Check 'm_weights_provider' failed at src/core/xml_util/src/xml_deserialize_util.cpp:887:\n"
                          "Empty weights data in bin file or bin file cannot be found!\n\n"),
            "Empty weights data in bin file or bin file cannot be found!");
}

TEST(CleanMessage, names_the_operator_that_failed) {
  EXPECT_EQ(clean_message("Check 'TRShape::broadcast_merge_into()' failed at src/core/eltwise.hpp:26:\n"
                          "While validating node 'opset1::Multiply Mul_ (...)' with friendly_name 'Scale1/Mul_':\n"
                          "Argument shapes are inconsistent.\n"),
            "Argument shapes are inconsistent. (operator 'Scale1/Mul_')");
}

TEST(CleanMessage, names_an_operator_without_conversion) {
  EXPECT_EQ(
      clean_message("Check 'false' failed at src/frontends/common_translators/src/unconverted_ops_report.cpp:151:\n"
                    "FrontEnd API failed with OpConversionFailure:\n"
                    "Model wasn't fully converted. Failed operations detailed log:\n"
                    "Summary:\n-- No conversion rule found for operations: my.domain.Fancy\n"),
      "No conversion rule found for operations: my.domain.Fancy");
}

TEST(CleanMessage, is_never_empty) {
  EXPECT_EQ(clean_message(""), "OpenVINO gave no reason");
  EXPECT_EQ(clean_message("Check 'x' failed at a.cpp:1:\n"), "Check 'x' failed at a.cpp:1:");
}

TEST(Classify, B609_each_text_has_exactly_one_class) {
  const auto classify_run = [](std::string_view text) { return classify(text, StatusCode::kDeviceFailed); };
  EXPECT_EQ(classify_run("[GPU] clEnqueueNDRangeKernel, error code: -5 CL_OUT_OF_RESOURCES"),
            StatusCode::kResourceExhausted);
  EXPECT_EQ(classify_run("Exceeded max size of memory object allocation"), StatusCode::kResourceExhausted);
  EXPECT_EQ(classify_run("L0 zeFenceHostSynchronize result: ZE_RESULT_ERROR_DEVICE_LOST"), StatusCode::kDeviceLost);
  EXPECT_EQ(classify_run("Cannot load library \"libopenvino_intel_gpu_plugin.so\": libOpenCL.so.1"),
            StatusCode::kUnavailable);
  EXPECT_EQ(classify_run("NotFound: Unsupported property FOO by CPU plugin."), StatusCode::kUnsupported);
  EXPECT_EQ(classify_run("something else"), StatusCode::kDeviceFailed);
}

TEST(Guarded, B1426_no_exception_of_any_type_passes) {
  const auto outcome = [](auto thrower) {
    return guarded(StatusCode::kDeviceFailed, "doing it", [&]() -> Status {
      thrower();
      return Status::ok();
    });
  };
  EXPECT_EQ(outcome([] { throw std::bad_alloc(); }).code(), StatusCode::kResourceExhausted);
  EXPECT_EQ(outcome([] { throw 42; }).code(), StatusCode::kDeviceFailed);
  const Status status = outcome([] { throw std::runtime_error("Exception from a.cpp:1:\nit broke"); });
  EXPECT_EQ(status.code(), StatusCode::kDeviceFailed);
  EXPECT_EQ(status.message(), "doing it: it broke");
  EXPECT_EQ(status.details(), "Exception from a.cpp:1:\nit broke");
  EXPECT_TRUE(outcome([] {}).is_ok());
}

}  // namespace
}  // namespace baton::engine::openvino
