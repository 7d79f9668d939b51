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

/// B-1417.
[[noreturn]] void throw_not_implemented(std::string_view feature);

/// What a failed inference is for the user (B-1423): DeviceError, unless the call was wrong or was cancelled.
base::Status run_error(const base::Status& status);

}  // namespace baton::runtime
