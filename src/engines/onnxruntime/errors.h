// SPDX-License-Identifier: Apache-2.0
// Copyright (C) 2026 The Baton authors
//
// ONNX Runtime's errors as Status.
#pragma once

#include <onnxruntime_c_api.h>

#include <string>
#include <string_view>

#include "base/status.h"

namespace baton::engine::onnxruntime {

/// The sentence inside an error text: its first line without places in ONNX Runtime's sources. Never empty.
std::string clean_message(std::string_view text);

/// What an error means for Baton. The code says little (most are ORT_FAIL), so the text is looked at too.
base::StatusCode classify(OrtErrorCode code, std::string_view text);

/// Takes ownership of `status`; null is success. `context` says what was being done ("cannot load x.onnx").
base::Status to_status(const OrtApi& api, OrtStatus* status, std::string_view context);

/// What ONNX Runtime and its providers log as errors on this thread while it lives. Statuses have most reasons;
/// TensorRT's stand here only. Thread-safety: of the thread that made it.
class LoggedErrors {
 public:
  LoggedErrors();
  ~LoggedErrors();
  LoggedErrors(const LoggedErrors&) = delete;
  LoggedErrors& operator=(const LoggedErrors&) = delete;

  /// `status` with the first line, which is the cause of the others. As it is where nothing was logged, and where it
  /// was cancelled.
  base::Status explain(const base::Status& status) const;

  /// The log calls it for each line.
  static void add(const char* line);

 private:
  std::string first_;
  LoggedErrors* const outer_;
};

}  // namespace baton::engine::onnxruntime

/// Returns from the enclosing function when a call of the C API failed.
#define BATON_ORT_RETURN_IF_ERROR(api, call, context) \
  BATON_RETURN_IF_ERROR(::baton::engine::onnxruntime::to_status(api, call, context))
