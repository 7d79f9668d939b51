// SPDX-License-Identifier: Apache-2.0
// Copyright (C) 2026 The Baton authors
#include "runtime/errors.h"

#include <gtest/gtest.h>

namespace baton::runtime {
namespace {

using base::Status;
using base::StatusCode;

TEST(Errors, B1401_every_status_has_one_code_and_subtypes_where_openvino_has_them) {
  EXPECT_THROW(throw_status(Status::not_implemented("x")), NotImplemented);
  EXPECT_THROW(throw_status(Status::busy("x")), Busy);
  EXPECT_THROW(throw_status(Status::cancelled("x")), Cancelled);
  const std::pair<StatusCode, ErrorCode> table[] = {{StatusCode::kInvalidArgument, ErrorCode::InvalidArgument},
                                                    {StatusCode::kNotFound, ErrorCode::NotFound},
                                                    {StatusCode::kUnsupported, ErrorCode::Unsupported},
                                                    {StatusCode::kUnavailable, ErrorCode::Unsupported},
                                                    {StatusCode::kCompileFailed, ErrorCode::CompileError},
                                                    {StatusCode::kDeviceFailed, ErrorCode::DeviceError},
                                                    {StatusCode::kDeviceLost, ErrorCode::DeviceError},
                                                    {StatusCode::kResourceExhausted, ErrorCode::DeviceError},
                                                    {StatusCode::kInternal, ErrorCode::Internal}};
  for (const auto& [status, code] : table) {
    try {
      throw_status({status, "the text", "the details"});
    } catch (const Exception& error) {
      EXPECT_EQ(error.code(), code);
      EXPECT_STREQ(error.what(), "the text");
      EXPECT_EQ(error.details(), "the details");
    }
  }
}

TEST(Errors, B1423_a_failed_inference_is_a_device_error_unless_the_call_was_wrong) {
  EXPECT_EQ(run_error({StatusCode::kDeviceLost, "t", "d"}).code(), StatusCode::kDeviceFailed);
  EXPECT_EQ(run_error({StatusCode::kDeviceLost, "t", "d"}).details(), "d");
  EXPECT_EQ(run_error({StatusCode::kCompileFailed, "t"}).code(), StatusCode::kDeviceFailed);
  EXPECT_EQ(run_error(Status::unsupported("t")).code(), StatusCode::kDeviceFailed);
  EXPECT_EQ(run_error(Status::invalid_argument("t")).code(), StatusCode::kInvalidArgument);
  EXPECT_EQ(run_error(Status::cancelled("t")).code(), StatusCode::kCancelled);
  EXPECT_TRUE(run_error(Status::ok()).is_ok());
}

TEST(Errors, B623_attempts_come_through_as_data) {
  const Status status(StatusCode::kDeviceFailed, "text", "details",
                      {{"GPU", "G", StatusCode::kDeviceLost, "gone"}, {"CPU", "C", StatusCode::kUnsupported, "no"}});
  try {
    throw_status(run_error(Status(StatusCode::kDeviceLost, "text", "details", status.attempts())));
  } catch (const Exception& error) {
    ASSERT_EQ(error.attempts().size(), 2u);
    EXPECT_EQ(error.attempts()[0].device, "GPU");
    EXPECT_EQ(error.attempts()[0].engine, "G");
    EXPECT_EQ(error.attempts()[0].error_class, "DEVICE_LOST");
    EXPECT_EQ(error.attempts()[0].text, "gone");
    EXPECT_EQ(error.attempts()[1].error_class, "ENGINE_ERROR");
  }
}

TEST(Errors, B1417_names_the_feature_and_what_to_do_instead) {
  try {
    throw_not_implemented("export_model", "set CACHE_DIR");
  } catch (const NotImplemented& error) {
    EXPECT_STREQ(error.what(), "export_model is not offered by Baton; set CACHE_DIR");
    EXPECT_EQ(error.code(), ErrorCode::NotImplemented);
  }
}

}  // namespace
}  // namespace baton::runtime
