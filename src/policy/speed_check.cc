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
constexpr double kClearFactor = 1.25;
constexpr double kClearWidening = 0.5;
constexpr double kClearAtOnce = 2;
constexpr double kClearAtOnceOfFew = 3;  // fewer runs than `min_pairs` tell little of the helper's noise
constexpr double kErrorsWhileGoingOn = 5;
constexpr double kErrorsAtTheEnd = 3;
constexpr double kRounding = 1e-9;       // a ratio that equals the limit passes
constexpr double kShortestRunMs = 1e-6;  // a clock may read zero

/// REQUIRES: there are values.
double median(std::vector<double> values) {
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
  std::ranges::sort(values, {}, [&](double value) { return std::abs(value - center); });
  values.resize(values.size() - values.size() / kPairsForErrors);
  const auto count = static_cast<double>(values.size());
  const double mean = std::accumulate(values.begin(), values.end(), 0.0) / count;
  double squares = 0;
  for (const double value : values) squares += std::pow(value - mean, 2);
  const double half = errors * std::sqrt(squares / (count - 1) / count);
  return {mean - half, mean + half};
}

}  // namespace

SpeedCheck::Runs SpeedCheck::runs_of(double helper_ms, double target_ms) {
  return {std::log(std::max(helper_ms, kShortestRunMs)), std::log(std::max(target_ms, kShortestRunMs))};
}

void SpeedCheck::add_pair(double helper_ms, double target_ms, double spent_ms) {
  if (spent_ms_ >= options_.budget_ms) ++pairs_over_budget_;
  spent_ms_ += spent_ms;
  runs_.push_back(runs_of(helper_ms, target_ms));
}

void SpeedCheck::add_cold_pair(double helper_ms, double target_ms, const Served& served) {
  cold_ = runs_of(helper_ms, target_ms);
  served_ = served;
}

bool SpeedCheck::first_run_alone() const { return runs_.empty() && cold_ && served_.runs > 0; }

double SpeedCheck::first_run_ratio() const {
  const double fastest = std::log(std::max(served_.fastest_ms, kShortestRunMs));
  return cold_->target - std::min(cold_->helper, fastest);
}

/// Of the pairs; while there are two only, also of the neighbours between them.
std::vector<double> SpeedCheck::log_ratios() const {
  std::vector<double> ratios;
  for (const Runs& runs : runs_) ratios.push_back(runs.target - runs.helper);
  if (runs_.size() == 2) ratios.push_back(runs_[0].target - runs_[1].helper);
  if (first_run_alone()) ratios.push_back(first_run_ratio());
  if (with_cold()) {
    ratios.push_back(cold_->target - cold_->helper);
    ratios.push_back(cold_->target - runs_[0].helper);
  }
  return ratios;
}

bool SpeedCheck::out_of_pairs() const {
  const auto count = static_cast<int>(runs_.size());
  return count >= options_.max_pairs || (pairs_over_budget_ > 0 && count >= options_.min_pairs);
}

/// A first run or two pairs that are enough (see the class).
SpeedCheck::Decision SpeedCheck::clear_case() const {
  if (first_run_alone()) {
    const bool few = served_.runs < static_cast<std::uint64_t>(options_.min_pairs);
    const double factor = few ? kClearAtOnceOfFew : kClearAtOnce;
    const bool clear = first_run_ratio() + std::log(factor) <= std::log(options_.limit) + kRounding;
    return clear ? Decision::kAccept : Decision::kUndecided;
  }
  if (!with_cold() && runs_.size() != 2) return Decision::kUndecided;
  const Runs& first = with_cold() ? *cold_ : runs_[0];
  const Runs& second = runs_.back();
  const auto [least_helper, most_helper] = std::minmax(first.helper, second.helper);
  const auto [least_target, most_target] = std::minmax(first.target, second.target);
  const Interval seen{least_target - most_helper, most_target - least_helper};
  const double extra = kClearWidening * (seen.high - seen.low) + std::log(kClearFactor);
  const double limit = std::log(options_.limit);
  if (seen.high + extra <= limit) return Decision::kAccept;
  return !with_cold() && seen.low - extra > limit ? Decision::kReject : Decision::kUndecided;
}

SpeedCheck::Decision SpeedCheck::decide(double errors) const {
  if (static_cast<int>(runs_.size()) < options_.min_pairs) return clear_case();
  const std::vector<double> ratios = log_ratios();
  const Interval middle = ratios.size() < kPairsForErrors ? widened_range(ratios) : trimmed_mean(ratios, errors);
  const double limit = std::log(options_.limit);
  if (middle.high <= limit + kRounding) return Decision::kAccept;
  return middle.low > limit + kRounding ? Decision::kReject : Decision::kUndecided;
}

SpeedCheck::Decision SpeedCheck::decision() const {
  if (out_of_pairs()) return final_decision();
  const Decision decision = decide(kErrorsWhileGoingOn);
  return decision == Decision::kUndecided ? Decision::kGoOn : decision;
}

SpeedCheck::Decision SpeedCheck::final_decision() const {
  if (runs_.empty()) return clear_case();
  if (static_cast<int>(runs_.size()) >= options_.min_pairs) {
    const Decision decision = decide(kErrorsAtTheEnd);
    if (decision != Decision::kUndecided || !options_.median_decides) return decision;
  }
  return ratio() <= options_.limit ? Decision::kAccept : Decision::kReject;
}

bool SpeedCheck::may_be_disturbed() const {
  const Range seen = spread();
  return final_decision() != Decision::kAccept && seen.high > seen.low * kUndisturbed &&
         ratio() <= options_.limit * kDisturbed;
}

int SpeedCheck::pairs() const { return static_cast<int>(first_run_alone() ? served_.runs + 1 : log_ratios().size()); }

double SpeedCheck::ratio() const {
  if (with_cold()) return std::exp(runs_[0].target - runs_[0].helper);
  const std::vector<double> ratios = log_ratios();
  return ratios.empty() ? 0 : std::exp(median(ratios));
}

SpeedCheck::Range SpeedCheck::spread() const {
  const std::vector<double> ratios = log_ratios();
  if (ratios.empty()) return {};
  const auto [min, max] = std::minmax_element(ratios.begin(), ratios.end());
  return {std::exp(*min), std::exp(*max)};
}

std::string SpeedCheck::text() const {
  const auto [low, high] = spread();
  char text[160];
  if (first_run_alone()) {
    std::snprintf(text, sizeof(text), "target/helper %.2f (its first run against the fastest of %d), limit %.2f",
                  ratio(), pairs(), options_.limit);
    return text;
  }
  std::snprintf(text, sizeof(text), "target/helper %.2f (%s of %d pairs from %.2f to %.2f), limit %.2f", ratio(),
                with_cold() ? "last" : "median", pairs(), low, high, options_.limit);
  return text;
}

}  // namespace baton::policy
