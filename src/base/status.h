// SPDX-License-Identifier: Apache-2.0
// Copyright (C) 2026 The Baton authors
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace baton::base {

/// What went wrong, in the words of design.md section 7. Absent (`kUnavailable`) and broken
/// (`kDeviceFailed`) are never mixed. The facade maps these to `baton::Exception`.
enum class StatusCode {
  kOk,
  kInvalidArgument,    ///< the caller's mistake: never leads to another device
  kNotFound,           ///< a named thing does not exist (device, property, file)
  kUnsupported,        ///< this model or setting cannot be done here
  kNotImplemented,     ///< a feature that Baton does not offer
  kUnavailable,        ///< absent: library or hardware is not here
  kResourceExhausted,  ///< host or device memory is used up
  kDeviceLost,         ///< reset, removed or hung
  kDeviceFailed,       ///< present, but a load or a run failed
  kCompileFailed,      ///< every candidate failed to load
  kCancelled,
  kBusy,  ///< the object is in use by a running request
  kDeadlineExceeded,
  kInternal,  ///< a mistake of ours
};

std::string_view to_string(StatusCode code);

/// One run of an inference that failed (B-623).
struct FailedAttempt {
  std::string device;
  std::string engine;
  StatusCode code = StatusCode::kOk;
  std::string text;  ///< one sentence

  bool operator==(const FailedAttempt&) const = default;
};

/// The result of an operation that can fail: a code and a sentence; success holds neither.
/// Thread-safety: immutable value, copies share the text.
class [[nodiscard]] Status {
 public:
  Status() = default;
  Status(StatusCode code, std::string message, std::string details = {}, std::vector<FailedAttempt> attempts = {});

  static Status ok() { return {}; }
  static Status invalid_argument(std::string message) { return {StatusCode::kInvalidArgument, std::move(message)}; }
  static Status not_found(std::string message) { return {StatusCode::kNotFound, std::move(message)}; }
  static Status unsupported(std::string message) { return {StatusCode::kUnsupported, std::move(message)}; }
  static Status not_implemented(std::string message) { return {StatusCode::kNotImplemented, std::move(message)}; }
  static Status unavailable(std::string message) { return {StatusCode::kUnavailable, std::move(message)}; }
  static Status device_failed(std::string message) { return {StatusCode::kDeviceFailed, std::move(message)}; }
  static Status cancelled(std::string message) { return {StatusCode::kCancelled, std::move(message)}; }
  static Status busy(std::string message) { return {StatusCode::kBusy, std::move(message)}; }
  static Status internal(std::string message) { return {StatusCode::kInternal, std::move(message)}; }

  bool is_ok() const { return rep_ == nullptr; }
  StatusCode code() const { return rep_ ? rep_->code : StatusCode::kOk; }
  /// One complete sentence; empty for success.
  const std::string& message() const;
  /// What a developer wants beyond the message (file:line chains of an engine); often empty.
  const std::string& details() const;
  /// Of an inference that failed for good: its runs, in order. Empty for everything else.
  const std::vector<FailedAttempt>& attempts() const;

  /// The same failure with `context` put before its message: nothing is hidden.
  Status with_context(std::string_view context) const;

 private:
  struct Rep {
    StatusCode code;
    std::string message;
    std::string details;
    std::vector<FailedAttempt> attempts;
  };
  std::shared_ptr<const Rep> rep_;
};

/// A value or the reason why there is none.
/// REQUIRES: `value()` only when `is_ok()`; a Result is never made from a successful Status.
template <typename T>
class [[nodiscard]] Result {
 public:
  Result(T value) : value_(std::move(value)) {}
  Result(Status status)
      : status_(status.is_ok() ? Status::internal("a Result was made from a successful Status") : std::move(status)) {}

  bool is_ok() const { return value_.has_value(); }
  const Status& status() const { return status_; }
  T& value() & { return *value_; }
  const T& value() const& { return *value_; }
  T&& value() && { return *std::move(value_); }
  T* operator->() { return &*value_; }
  const T* operator->() const { return &*value_; }

 private:
  std::optional<T> value_;
  Status status_;
};

}  // namespace baton::base

/// Returns from the enclosing function when `expr` is a failed Status.
#define BATON_RETURN_IF_ERROR(expr)                                                                 \
  do {                                                                                              \
    if (::baton::base::Status baton_status_ = (expr); !baton_status_.is_ok()) return baton_status_; \
  } while (false)
