// SPDX-License-Identifier: Apache-2.0
// Copyright (C) 2026 The Baton authors
#include "policy/speed_check.h"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <numeric>

namespace baton::policy {

namespace {

constexpr std::size_t kPairsForErrors = 5;
constexpr double kRangeWidening = 0.75;
constexpr double kErrorsWhileGoingOn = 5;
constexpr double kErrorsAtTheEnd = 3;
constexpr double kRounding = 1e-9;       // a ratio that equals the limit passes
constexpr double kShortestRunMs = 1e-6;  // a clock may read zero

double median(std::vector<double> values) {
  if (values.empty()) return 0;
  const auto middle = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
  std::nth_element(values.begin(), middle, values.end());
  if (values.size() % 2 == 1) return *middle;
  return (*std::max_element(values.begin(), middle) + *middle) / 2;
}

struct Interval {
  double low = 0;
  double high = 0;
};

Interval widened_range(const std::vector<double>& values) {
  const auto [min, max] = std::minmax_element(values.begin(), values.end());
  const double extra = kRangeWidening * (*max - *min);
  return {*min - extra, *max + extra};
}

/// Mean -+ so many standard errors, without the fifth of the values that lies farthest from the median.
Interval trimmed_mean(std::vector<double> values, double errors) {
  const double center = median(values);
  std::sort(values.begin(), values.end(),
            [&](double a, double b) { return std::abs(a - center) < std::abs(b - center); });
  values.resize(values.size() - values.size() / kPairsForErrors);
  const auto count = static_cast<double>(values.size());
  const double mean = std::accumulate(values.begin(), values.end(), 0.0) / count;
  double squares = 0;
  for (const double value : values) squares += (value - mean) * (value - mean);
  const double half = errors * std::sqrt(squares / (count - 1) / count);
  return {mean - half, mean + half};
}

}  // namespace

void SpeedCheck::add_pair(double helper_ms, double target_ms, double spent_ms) {
  if (spent_ms_ >= options_.budget_ms) ++pairs_over_budget_;
  spent_ms_ += spent_ms;
  log_ratios_.push_back(std::log(std::max(target_ms, kShortestRunMs) / std::max(helper_ms, kShortestRunMs)));
}

bool SpeedCheck::out_of_pairs() const {
  return pairs() >= options_.max_pairs || (pairs_over_budget_ > 0 && pairs() >= options_.min_pairs);
}

SpeedCheck::Decision SpeedCheck::decide(double errors) const {
  if (pairs() < options_.min_pairs) return Decision::kUndecided;
  const Interval middle =
      log_ratios_.size() < kPairsForErrors ? widened_range(log_ratios_) : trimmed_mean(log_ratios_, errors);
  const double limit = std::log(options_.limit);
  if (middle.high <= limit + kRounding) return Decision::kAccept;
  return middle.low > limit + kRounding ? Decision::kReject : Decision::kUndecided;
}

SpeedCheck::Decision SpeedCheck::decision() const {
  if (out_of_pairs()) return final_decision();
  const Decision decision = decide(kErrorsWhileGoingOn);
  return decision == Decision::kUndecided ? Decision::kGoOn : decision;
}

SpeedCheck::Decision SpeedCheck::final_decision() const { return decide(kErrorsAtTheEnd); }

double SpeedCheck::ratio() const { return log_ratios_.empty() ? 0 : std::exp(median(log_ratios_)); }

SpeedCheck::Range SpeedCheck::spread() const {
  if (log_ratios_.empty()) return {};
  const auto [min, max] = std::minmax_element(log_ratios_.begin(), log_ratios_.end());
  return {std::exp(*min), std::exp(*max)};
}

std::string SpeedCheck::text() const {
  const auto [low, high] = spread();
  char text[128];
  std::snprintf(text, sizeof(text), "target/helper %.2f (median of %d pairs from %.2f to %.2f), limit %.2f", ratio(),
                pairs(), low, high, options_.limit);
  return text;
}

}  // namespace baton::policy
