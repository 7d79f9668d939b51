// SPDX-License-Identifier: Apache-2.0
// Copyright (C) 2026 The Baton authors
#include "policy/request_count.h"

#include <algorithm>
#include <charconv>

namespace baton::policy {
namespace {

constexpr std::uint32_t kOnNpu = 8;
constexpr std::uint32_t kOnUnknownStreams = 4;
constexpr std::uint32_t kPerStream = 2;

std::uint32_t uncapped(const RequestPrediction& p) {
  if (p.workers > 0) return p.workers;
  if (p.answers.optimal_requests) return std::max(1u, *p.answers.optimal_requests);
  if (p.hint != engine::Hint::kThroughput) return 1;
  const std::uint32_t batch = p.answers.batch;
  if (batch > 1) return std::max(batch, batch * p.answers.streams.value_or(1) * kPerStream);
  if (p.family == "NPU") return kOnNpu;
  return p.answers.streams ? std::max(1u, kPerStream * *p.answers.streams) : kOnUnknownStreams;
}

}  // namespace

std::optional<std::uint32_t> last_number(std::string_view text) {
  constexpr std::string_view kDigits = "0123456789";
  const std::size_t end = text.find_last_of(kDigits);
  if (end == std::string_view::npos) return std::nullopt;
  const std::size_t before = text.find_last_not_of(kDigits, end);
  const std::size_t begin = before == std::string_view::npos ? 0 : before + 1;
  std::uint32_t number = 0;
  const auto read = std::from_chars(text.data() + begin, text.data() + end + 1, number);
  return read.ec == std::errc() ? std::optional(number) : std::nullopt;
}

std::uint32_t capped(std::uint32_t count, std::uint32_t cap) { return cap > 0 ? std::min(count, cap) : count; }

std::uint32_t predict_requests(const RequestPrediction& prediction) {
  return capped(uncapped(prediction), prediction.cap);
}

}  // namespace baton::policy
