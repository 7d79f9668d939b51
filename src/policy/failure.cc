// SPDX-License-Identifier: Apache-2.0
// Copyright (C) 2026 The Baton authors
#include "policy/failure.h"

#include <algorithm>
#include <utility>
#include <vector>

namespace baton::policy {

using base::FailedAttempt;
using base::Status;
using base::StatusCode;

std::string_view to_string(FailureClass failure) {
  switch (failure) {
    case FailureClass::kInvalidArgument: return "INVALID_ARGUMENT";
    case FailureClass::kCancelled: return "CANCELLED";
    case FailureClass::kOutOfMemory: return "OUT_OF_MEMORY";
    case FailureClass::kDeviceLost: return "DEVICE_LOST";
    case FailureClass::kEngineError: return "ENGINE_ERROR";
  }
  return "UNKNOWN";
}

FailureClass failure_class(StatusCode code) {
  switch (code) {
    case StatusCode::kInvalidArgument: return FailureClass::kInvalidArgument;
    case StatusCode::kCancelled: return FailureClass::kCancelled;
    case StatusCode::kResourceExhausted: return FailureClass::kOutOfMemory;
    case StatusCode::kDeviceLost: return FailureClass::kDeviceLost;
    default: return FailureClass::kEngineError;
  }
}

bool tried_elsewhere(FailureClass failure) {
  return failure != FailureClass::kInvalidArgument && failure != FailureClass::kCancelled;
}

Reason suspension_reason(FailureClass failure) {
  switch (failure) {
    case FailureClass::kOutOfMemory: return Reason::kSuspendedOutOfMemory;
    case FailureClass::kDeviceLost: return Reason::kSuspendedDeviceLost;
    default: return Reason::kSuspendedEngineError;
  }
}

std::size_t attempt_limit(std::uint32_t max_attempts, std::size_t candidate_devices) {
  return max_attempts > 0 ? max_attempts : std::max<std::size_t>(candidate_devices, 1);
}

namespace {

std::string text_of(const FailedAttempt& attempt) {
  return attempt.device + "[" + attempt.engine + "] " + std::string(to_string(failure_class(attempt.code))) + ": " +
         attempt.text;
}

}  // namespace

std::string not_tried(std::span<const FailedAttempt> attempts, std::span<const FailedAttempt> failures) {
  std::string text;
  for (const FailedAttempt& failure : failures) {
    const bool tried = std::any_of(attempts.begin(), attempts.end(),
                                   [&](const FailedAttempt& attempt) { return attempt.device == failure.device; });
    if (!tried) text += (text.empty() ? "not tried: " : "; ") + text_of(failure);
  }
  return text;
}

Status final_error(std::span<const FailedAttempt> attempts, std::string_view ending, std::string details) {
  std::string text = "inference failed after " + std::to_string(attempts.size()) + " attempts";
  std::string_view separator = ": ";
  for (const FailedAttempt& attempt : attempts) {
    text.append(separator).append(text_of(attempt));
    separator = "; ";
  }
  if (!ending.empty()) text.append(separator).append(ending);
  const StatusCode code = attempts.empty() ? StatusCode::kDeviceFailed : attempts.back().code;
  return Status(code, std::move(text), std::move(details), {attempts.begin(), attempts.end()});
}

}  // namespace baton::policy
