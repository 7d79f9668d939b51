// SPDX-License-Identifier: Apache-2.0
// Copyright (C) 2026 The Baton authors
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "engine/engine.h"

namespace baton::policy {

/// What is known of a device before a model is loaded on it; what nobody answered is absent.
struct DeviceAnswers {
  std::optional<std::uint32_t> optimal_requests;  ///< OPTIMAL_NUMBER_OF_INFER_REQUESTS
  std::optional<std::uint32_t> streams;           ///< the upper end of RANGE_FOR_STREAMS
  std::uint32_t batch = 1;                        ///< in which its requests will run (B-906); 1: not batched
};

/// "1 4", "{ 1, 4 }", "7": the last whole number in what a device answered.
std::optional<std::uint32_t> last_number(std::string_view text);

struct RequestPrediction {
  std::uint32_t workers = 0;  ///< X(n); 0: not given
  DeviceAnswers answers;
  engine::Hint hint = engine::Hint::kLatency;  ///< in effect on the device (B-715)
  std::string_view family;
  std::uint32_t cap = 0;  ///< PERFORMANCE_HINT_NUM_REQUESTS; 0: none
};

/// How many requests a device that is not loaded yet will serve best (B-712 to B-715).
std::uint32_t predict_requests(const RequestPrediction& prediction);

/// `count`, but at most `cap` where there is one (B-707).
std::uint32_t capped(std::uint32_t count, std::uint32_t cap);

}  // namespace baton::policy
