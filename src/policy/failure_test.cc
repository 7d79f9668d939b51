// SPDX-License-Identifier: Apache-2.0
// Copyright (C) 2026 The Baton authors
#include "policy/failure.h"

#include <gtest/gtest.h>

#include <vector>

namespace baton::policy {
namespace {

using base::FailedAttempt;
using base::StatusCode;

TEST(Failure, B609_every_code_has_exactly_one_class) {
  EXPECT_EQ(failure_class(StatusCode::kInvalidArgument), FailureClass::kInvalidArgument);
  EXPECT_EQ(failure_class(StatusCode::kCancelled), FailureClass::kCancelled);
  EXPECT_EQ(failure_class(StatusCode::kResourceExhausted), FailureClass::kOutOfMemory);
  EXPECT_EQ(failure_class(StatusCode::kDeviceLost), FailureClass::kDeviceLost);
  for (const StatusCode code : {StatusCode::kDeviceFailed, StatusCode::kUnsupported, StatusCode::kUnavailable,
                                StatusCode::kInternal, StatusCode::kBusy, StatusCode::kDeadlineExceeded}) {
    EXPECT_EQ(failure_class(code), FailureClass::kEngineError) << base::to_string(code);
  }
}

TEST(Failure, B609_B610_what_is_tried_elsewhere_and_what_it_does_to_the_device) {
  EXPECT_FALSE(tried_elsewhere(FailureClass::kInvalidArgument));
  EXPECT_FALSE(tried_elsewhere(FailureClass::kCancelled));
  for (const FailureClass failure :
       {FailureClass::kOutOfMemory, FailureClass::kDeviceLost, FailureClass::kEngineError}) {
    EXPECT_TRUE(tried_elsewhere(failure));
    EXPECT_EQ(to_string(suspension_reason(failure)), "SUSPENDED_" + std::string(to_string(failure)));
  }
  EXPECT_EQ(to_string(FailureClass::kInvalidArgument), "INVALID_ARGUMENT");
  EXPECT_EQ(to_string(FailureClass::kCancelled), "CANCELLED");
}

TEST(Failure, B614_attempts_are_bounded_by_the_property_or_by_the_candidates) {
  EXPECT_EQ(attempt_limit(0, 3), 3u);
  EXPECT_EQ(attempt_limit(1, 3), 1u);
  EXPECT_EQ(attempt_limit(16, 3), 16u);
  EXPECT_EQ(attempt_limit(0, 0), 1u);
}

TEST(Failure, B623_the_final_error_lists_every_attempt_in_order) {
  const std::vector<FailedAttempt> attempts{{"GPU.1", "onnxruntime.cuda", StatusCode::kDeviceLost, "gone"},
                                            {"GPU.0", "openvino", StatusCode::kUnsupported, "no kernel"},
                                            {"CPU", "openvino", StatusCode::kDeviceFailed, "no luck"}};
  const base::Status error = final_error(attempts);
  EXPECT_EQ(error.message(),
            "inference failed after 3 attempts: GPU.1[onnxruntime.cuda] DEVICE_LOST: gone; GPU.0[openvino] "
            "ENGINE_ERROR: no kernel; CPU[openvino] ENGINE_ERROR: no luck");
  EXPECT_EQ(error.code(), StatusCode::kDeviceFailed);
  EXPECT_EQ(error.attempts(), attempts);
}

TEST(Failure, B623_one_attempt_has_the_same_form_and_bad_input_keeps_its_class) {
  const std::vector<FailedAttempt> one{{"CPU", "E", StatusCode::kInvalidArgument, "bad shape"}};
  const base::Status error = final_error(one, {}, "details");
  EXPECT_EQ(error.message(), "inference failed after 1 attempts: CPU[E] INVALID_ARGUMENT: bad shape");
  EXPECT_EQ(error.code(), StatusCode::kInvalidArgument);
  EXPECT_EQ(error.details(), "details");
}

TEST(Failure, B623_devices_that_failed_for_others_are_told_apart_from_attempts) {
  const std::vector<FailedAttempt> own{{"GPU", "G", StatusCode::kDeviceFailed, "no luck"}};
  const std::vector<FailedAttempt> failures{{"GPU", "G", StatusCode::kDeviceFailed, "no luck"},
                                            {"NPU", "N", StatusCode::kResourceExhausted, "full"},
                                            {"CPU", "C", StatusCode::kDeviceLost, "gone"}};
  EXPECT_EQ(not_tried(own, failures), "not tried: NPU[N] OUT_OF_MEMORY: full; CPU[C] DEVICE_LOST: gone");
  EXPECT_EQ(not_tried(failures, failures), "");
}

TEST(Failure, B623_an_ending_says_why_there_was_no_further_attempt) {
  const std::vector<FailedAttempt> one{{"CPU", "E", StatusCode::kDeviceFailed, "no luck"}};
  EXPECT_EQ(final_error(one, "nothing else is left").message(),
            "inference failed after 1 attempts: CPU[E] ENGINE_ERROR: no luck; nothing else is left");
  const base::Status none = final_error({}, "nothing is left");
  EXPECT_EQ(none.message(), "inference failed after 0 attempts: nothing is left");
  EXPECT_EQ(none.code(), StatusCode::kDeviceFailed);
}

}  // namespace
}  // namespace baton::policy
