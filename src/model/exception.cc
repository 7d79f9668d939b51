// SPDX-License-Identifier: Apache-2.0
// Copyright (C) 2026 The Baton authors
#include "baton/exception.hpp"

#include <utility>

namespace baton {

Exception::Exception(ErrorCode code, const std::string& message, std::string details,
                     std::vector<FailedAttempt> attempts)
    : std::runtime_error(message), code_(code), details_(std::move(details)), attempts_(std::move(attempts)) {}

// Defined here so that each type has one home for its type information, whichever library throws or catches it.
Exception::~Exception() = default;
NotImplemented::~NotImplemented() = default;
Busy::~Busy() = default;
Cancelled::~Cancelled() = default;

const char* to_string(ErrorCode code) noexcept {
  switch (code) {
    case ErrorCode::InvalidArgument: return "InvalidArgument";
    case ErrorCode::NotFound: return "NotFound";
    case ErrorCode::Unsupported: return "Unsupported";
    case ErrorCode::NotImplemented: return "NotImplemented";
    case ErrorCode::CompileError: return "CompileError";
    case ErrorCode::DeviceError: return "DeviceError";
    case ErrorCode::Busy: return "Busy";
    case ErrorCode::Cancelled: return "Cancelled";
    case ErrorCode::Internal: return "Internal";
  }
  return "Internal";
}

}  // namespace baton
