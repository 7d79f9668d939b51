// SPDX-License-Identifier: Apache-2.0
// Copyright (C) 2026 The Baton authors
//
// What a failed run means: for its request, and for the device it ran on (section 6.2 of the behaviour specification).
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "base/status.h"
#include "policy/selection.h"

namespace baton::policy {

/// B-609. Engines say it by their Status; what has no class of its own there is kEngineError.
enum class FailureClass { kInvalidArgument, kCancelled, kOutOfMemory, kDeviceLost, kEngineError };

std::string_view to_string(FailureClass failure);  ///< "INVALID_ARGUMENT", "DEVICE_LOST", ...

/// REQUIRES: `code` is a failure.
FailureClass failure_class(base::StatusCode code);

/// Another device may do better, and this one is suspended. Bad input and a cancellation say nothing about the device.
bool tried_elsewhere(FailureClass failure);

/// REQUIRES: `tried_elsewhere(failure)`.
Reason suspension_reason(FailureClass failure);

/// Most runs of one request (B-614). `max_attempts` 0: as many as there are candidate devices.
std::size_t attempt_limit(std::uint32_t max_attempts, std::size_t candidate_devices);

/// "not tried: GPU[...] ...": of the devices' failures those on which the request itself made no attempt; empty: none.
std::string not_tried(std::span<const base::FailedAttempt> attempts, std::span<const base::FailedAttempt> failures);

/// The one error of a request (B-623): every attempt in order. `ending` says why there was no further one, if that is
/// not plain. The code is that of the last attempt; without any it is kDeviceFailed.
base::Status final_error(std::span<const base::FailedAttempt> attempts, std::string_view ending = {},
                         std::string details = {});

}  // namespace baton::policy
