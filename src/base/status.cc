// SPDX-License-Identifier: Apache-2.0
// Copyright (C) 2026 The Baton authors
#include "base/status.h"

namespace baton::base {

std::string_view to_string(StatusCode code) {
  switch (code) {
    case StatusCode::kOk: return "OK";
    case StatusCode::kInvalidArgument: return "INVALID_ARGUMENT";
    case StatusCode::kNotFound: return "NOT_FOUND";
    case StatusCode::kUnsupported: return "UNSUPPORTED";
    case StatusCode::kNotImplemented: return "NOT_IMPLEMENTED";
    case StatusCode::kUnavailable: return "UNAVAILABLE";
    case StatusCode::kResourceExhausted: return "OUT_OF_MEMORY";
    case StatusCode::kDeviceLost: return "DEVICE_LOST";
    case StatusCode::kDeviceFailed: return "ENGINE_ERROR";
    case StatusCode::kCompileFailed: return "COMPILE_FAILED";
    case StatusCode::kCancelled: return "CANCELLED";
    case StatusCode::kBusy: return "BUSY";
    case StatusCode::kDeadlineExceeded: return "DEADLINE_EXCEEDED";
    case StatusCode::kInternal: return "INTERNAL";
  }
  return "UNKNOWN";
}

namespace {
const std::string kEmpty;
const std::vector<FailedAttempt> kNone;
}  // namespace

Status::Status(StatusCode code, std::string message, std::string details, std::vector<FailedAttempt> attempts)
    : rep_(code == StatusCode::kOk
               ? nullptr
               : std::make_shared<const Rep>(Rep{code, std::move(message), std::move(details), std::move(attempts)})) {}

const std::string& Status::message() const { return rep_ ? rep_->message : kEmpty; }

const std::string& Status::details() const { return rep_ ? rep_->details : kEmpty; }

const std::vector<FailedAttempt>& Status::attempts() const { return rep_ ? rep_->attempts : kNone; }

Status Status::with_context(std::string_view context) const {
  if (is_ok()) return *this;
  return Status(code(), std::string(context) + ": " + message(), details(), attempts());
}

}  // namespace baton::base
