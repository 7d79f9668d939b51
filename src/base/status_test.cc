// SPDX-License-Identifier: Apache-2.0
// Copyright (C) 2026 The Baton authors
#include "base/status.h"

#include <gtest/gtest.h>

namespace baton::base {
namespace {

TEST(Status, success_holds_nothing) {
  const Status status;
  EXPECT_TRUE(status.is_ok());
  EXPECT_EQ(status.code(), StatusCode::kOk);
  EXPECT_TRUE(status.message().empty());
}

TEST(Status, context_is_put_before_the_message_and_keeps_code_and_details) {
  const Status status = Status(StatusCode::kDeviceLost, "gone", "file.cc:1").with_context("GPU.1");
  EXPECT_EQ(status.code(), StatusCode::kDeviceLost);
  EXPECT_EQ(status.message(), "GPU.1: gone");
  EXPECT_EQ(status.details(), "file.cc:1");
  EXPECT_TRUE(Status().with_context("anything").is_ok());
}

TEST(Status, the_error_classes_of_B609_have_their_names) {
  EXPECT_EQ(to_string(StatusCode::kInvalidArgument), "INVALID_ARGUMENT");
  EXPECT_EQ(to_string(StatusCode::kCancelled), "CANCELLED");
  EXPECT_EQ(to_string(StatusCode::kResourceExhausted), "OUT_OF_MEMORY");
  EXPECT_EQ(to_string(StatusCode::kDeviceLost), "DEVICE_LOST");
  EXPECT_EQ(to_string(StatusCode::kDeviceFailed), "ENGINE_ERROR");
}

Result<int> half(int n) {
  if (n % 2 != 0) return Status::invalid_argument("odd");
  return n / 2;
}

Status needs_even(int n) {
  BATON_RETURN_IF_ERROR(half(n).status());
  return Status::ok();
}

TEST(Result, holds_a_value_or_a_reason) {
  EXPECT_EQ(half(4).value(), 2);
  EXPECT_EQ(half(3).status().message(), "odd");
  EXPECT_TRUE(needs_even(2).is_ok());
  EXPECT_EQ(needs_even(1).code(), StatusCode::kInvalidArgument);
}

TEST(Result, made_from_a_successful_status_is_a_mistake_of_ours_and_says_so) {
  const Result<int> result = Status::ok();
  EXPECT_FALSE(result.is_ok());
  EXPECT_EQ(result.status().code(), StatusCode::kInternal);
}

}  // namespace
}  // namespace baton::base
