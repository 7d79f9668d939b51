// SPDX-License-Identifier: Apache-2.0
// Copyright (C) 2026 The Baton authors
//
// Where Status turns into exceptions: the facade's edge, and nowhere else.
#pragma once

#include <exception>
#include <string_view>
#include <utility>

#include "base/status.h"
#include "baton/exception.hpp"

namespace baton::runtime {

ErrorCode error_code(base::StatusCode code);

/// The exception that a failed status stands for.
std::exception_ptr to_exception(const base::Status& status);
[[noreturn]] void throw_status(const base::Status& status);

inline void check(const base::Status& status) {
  if (!status.is_ok()) [[unlikely]]
    throw_status(status);
}

template <typename T>
T value_or_throw(base::Result<T> result) {
  check(result.status());
  return std::move(result).value();
}

/// What `export_model` and `import_model` would be for (B-258).
inline constexpr std::string_view kUseTheCache =
    "set the property CACHE_DIR to a folder: compiled models are then kept there and read again by compile_model";

/// B-1417. `instead` says what to do: "set CACHE_DIR, ...".
[[noreturn]] void throw_not_implemented(std::string_view feature, std::string_view instead);

/// What a failed inference is for the user (B-1423): DeviceError, unless the call was wrong or was cancelled.
base::Status run_error(const base::Status& status);

}  // namespace baton::runtime
