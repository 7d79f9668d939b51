// SPDX-License-Identifier: Apache-2.0
// Copyright (C) 2026 The Baton authors
//
// The edge where OpenVINO's exceptions become Status. Nothing thrown passes `guarded`.
#pragma once

#include <exception>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>

#include "base/status.h"

namespace baton::engine::openvino {

/// The sentence inside an OpenVINO error text: without the chain of source files, failed conditions and wrappers, with
/// the operator that it concerns. Never empty.
std::string clean_message(std::string_view text);

/// The code that a text speaks for (memory, lost device, missing driver, unsupported property), else `fallback`.
base::StatusCode classify(std::string_view text, base::StatusCode fallback);

/// The Status of an exception. `context` says what was being done ("cannot compile face.xml for CPU").
base::Status to_status(std::exception_ptr error, base::StatusCode fallback, std::string_view context);

/// Calls `body`, which may throw; its result, or the Status of what it threw.
template <typename Body>
auto guarded(base::StatusCode fallback, std::string_view context, Body&& body) -> std::invoke_result_t<Body> {
  try {
    return std::forward<Body>(body)();
  } catch (...) {
    return to_status(std::current_exception(), fallback, context);
  }
}

}  // namespace baton::engine::openvino
