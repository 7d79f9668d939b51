// SPDX-License-Identifier: Apache-2.0
// Copyright (C) 2026 The Baton authors
#include "runtime/errors.h"

#include <vector>

#include "policy/failure.h"

namespace baton::runtime {

namespace {

std::vector<FailedAttempt> public_attempts(const base::Status& status) {
  std::vector<FailedAttempt> attempts;
  for (const base::FailedAttempt& attempt : status.attempts()) {
    attempts.push_back({attempt.device, attempt.engine,
                        std::string(policy::to_string(policy::failure_class(attempt.code))), attempt.text});
  }
  return attempts;
}

}  // namespace

ErrorCode error_code(base::StatusCode code) {
  switch (code) {
    case base::StatusCode::kInvalidArgument: return ErrorCode::InvalidArgument;
    case base::StatusCode::kNotFound: return ErrorCode::NotFound;
    case base::StatusCode::kUnsupported:
    case base::StatusCode::kUnavailable: return ErrorCode::Unsupported;
    case base::StatusCode::kNotImplemented: return ErrorCode::NotImplemented;
    case base::StatusCode::kResourceExhausted:
    case base::StatusCode::kDeviceLost:
    case base::StatusCode::kDeviceFailed:
    case base::StatusCode::kDeadlineExceeded: return ErrorCode::DeviceError;
    case base::StatusCode::kCompileFailed: return ErrorCode::CompileError;
    case base::StatusCode::kCancelled: return ErrorCode::Cancelled;
    case base::StatusCode::kBusy: return ErrorCode::Busy;
    case base::StatusCode::kOk:
    case base::StatusCode::kInternal: break;
  }
  return ErrorCode::Internal;
}

std::exception_ptr to_exception(const base::Status& status) {
  switch (const ErrorCode code = error_code(status.code())) {
    case ErrorCode::NotImplemented: return std::make_exception_ptr(NotImplemented(status.message()));
    case ErrorCode::Busy: return std::make_exception_ptr(Busy(status.message()));
    case ErrorCode::Cancelled: return std::make_exception_ptr(Cancelled(status.message()));
    default:
      return std::make_exception_ptr(Exception(code, status.message(), status.details(), public_attempts(status)));
  }
}

void throw_status(const base::Status& status) { std::rethrow_exception(to_exception(status)); }

void throw_not_implemented(std::string_view feature, std::string_view instead) {
  throw NotImplemented(std::string(feature) + " is not offered by Baton; " + std::string(instead));
}

base::Status run_error(const base::Status& status) {
  switch (status.code()) {
    case base::StatusCode::kOk:
    case base::StatusCode::kInvalidArgument:
    case base::StatusCode::kCancelled:
    case base::StatusCode::kBusy:
    case base::StatusCode::kInternal: return status;
    default: return {base::StatusCode::kDeviceFailed, status.message(), status.details(), status.attempts()};
  }
}

}  // namespace baton::runtime
