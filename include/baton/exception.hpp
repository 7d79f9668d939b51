// SPDX-License-Identifier: Apache-2.0
// Copyright (C) 2026 The Baton authors
#pragma once

#include <stdexcept>
#include <string>
#include <vector>

#include "baton/api.hpp"

namespace baton {

/// Why a call failed. The names are those of the behaviour specification (B-1401).
enum class ErrorCode {
  InvalidArgument,  ///< the call is wrong: a bad name, shape, value, model file
  NotFound,         ///< a device, file or property does not exist
  Unsupported,      ///< nothing here can do it
  NotImplemented,   ///< Baton does not offer it
  CompileError,     ///< every candidate failed to load
  DeviceError,      ///< the inference failed on every device that was tried
  Busy,             ///< the request is running
  Cancelled,
  Internal,  ///< a mistake in Baton; please report it
};

/// One run of an inference that failed.
struct FailedAttempt {
  std::string device;       ///< "GPU.1"
  std::string engine;       ///< "onnxruntime.cuda"
  std::string error_class;  ///< "DEVICE_LOST", "OUT_OF_MEMORY", "ENGINE_ERROR", "INVALID_ARGUMENT"
  std::string text;         ///< what the engine said
};

/// The one exception type of Baton. `what()` begins with a line that is complete in itself.
class BATON_API Exception : public std::runtime_error {
 public:
  Exception(ErrorCode code, const std::string& message, std::string details = {},
            std::vector<FailedAttempt> attempts = {});
  ~Exception() override;

  ErrorCode code() const noexcept { return code_; }
  /// More for a developer, such as the engine's chain of source lines; often empty.
  const std::string& details() const noexcept { return details_; }
  /// Of an inference that failed for good: its runs, in order. Empty for every other error.
  const std::vector<FailedAttempt>& attempts() const noexcept { return attempts_; }

 private:
  ErrorCode code_;
  std::string details_;
  std::vector<FailedAttempt> attempts_;
};

/// The name of a code: "InvalidArgument".
BATON_API const char* to_string(ErrorCode code) noexcept;

// Subtypes that existing OpenVINO code catches by name; they add nothing but their type.
class BATON_API NotImplemented : public Exception {
 public:
  explicit NotImplemented(const std::string& message) : Exception(ErrorCode::NotImplemented, message) {}
  ~NotImplemented() override;
};
class BATON_API Busy : public Exception {
 public:
  explicit Busy(const std::string& message) : Exception(ErrorCode::Busy, message) {}
  ~Busy() override;
};
class BATON_API Cancelled : public Exception {
 public:
  explicit Cancelled(const std::string& message) : Exception(ErrorCode::Cancelled, message) {}
  ~Cancelled() override;
};

}  // namespace baton
