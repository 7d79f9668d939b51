// SPDX-License-Identifier: Apache-2.0
// Copyright (C) 2026 The Baton authors
#include "policy/contention.h"

#include <algorithm>
#include <utility>

namespace baton::policy {

namespace {

/// A pause of the application longer than this many runs of the best device is not load.
constexpr double kPauseRuns = 4;

}  // namespace

void ContentionGuard::join(Schedule& schedule, int device, bool exempt, double now_ms) {
  rest(schedule);
  devices_[static_cast<std::size_t>(device)] = {.serves = true, .exempt = exempt, .next_ms = now_ms};
}

void ContentionGuard::leave(Schedule& schedule, int device) {
  rest(schedule);
  devices_[static_cast<std::size_t>(device)].serves = false;
  for (std::size_t i = 0; i < devices_.size(); ++i) {
    unpark(schedule, i);
    devices_[i] = {.serves = devices_[i].serves, .exempt = devices_[i].exempt};
  }
}

std::optional<ContentionGuard::Verdict> ContentionGuard::completed(Schedule& schedule, int device, bool full,
                                                                   double now_ms) {
  end_parking(schedule, now_ms);
  const double pause_ms = now_ms - std::exchange(last_ms_, now_ms);
  if (phase_ == Phase::kRest) {
    tried_ = full ? due(schedule, now_ms) : -1;
    if (tried_ >= 0) enter(Phase::kWith, now_ms);
    return std::nullopt;
  }
  if (pause_ms > longest_pause_ms(schedule)) {
    rest(schedule);
    return std::nullopt;
  }
  if (phase_ == Phase::kDrain) {
    if (schedule.running(tried_) == 0) enter(Phase::kWithout, now_ms);
    return std::nullopt;
  }
  ++window_.runs;
  window_.full += full ? 1 : 0;
  window_.of_tried += device == tried_ ? 1 : 0;
  const double passed_ms = now_ms - window_.began_ms;
  if (passed_ms < kWindowMs || window_.runs < kWindowRuns) return std::nullopt;
  if (window_.full * 4 < window_.runs * 3) {
    rest(schedule);
    return std::nullopt;
  }
  return step(schedule, window_.runs / passed_ms, now_ms);
}

/// The window that has just ended saw `rate` runs per millisecond.
std::optional<ContentionGuard::Verdict> ContentionGuard::step(Schedule& schedule, double rate, double now_ms) {
  if (phase_ == Phase::kWith) {
    with_ = rate;
    schedule.hold(tried_, true);
    enter(schedule.running(tried_) > 0 ? Phase::kDrain : Phase::kWithout, now_ms);
    return std::nullopt;
  }
  if (phase_ == Phase::kWithout) {
    without_ = rate;
    schedule.hold(tried_, false);
    enter(Phase::kWithAgain, now_ms);
    return std::nullopt;
  }
  // EARLIEST_FINISH may have no use for it while the others are quick, and return to it when something slows them.
  if (window_.of_tried > 0 || schedule.running(tried_) > 0) with_ = std::max(with_, rate);
  phase_ = Phase::kRest;
  Device& device = devices_[static_cast<std::size_t>(tried_)];
  if (without_ <= with_ * kGain) {
    device.next_ms = now_ms + device.interval_ms;
    device.interval_ms = std::min(2 * device.interval_ms, kLongestIntervalMs);
    return std::nullopt;
  }
  device.parked_until_ms = device.next_ms = now_ms + kParkedMs;
  device.interval_ms = kIntervalMs;
  schedule.hold(tried_, true);
  return Verdict{tried_, with_ * 1000, without_ * 1000};
}

void ContentionGuard::enter(Phase phase, double now_ms) {
  phase_ = phase;
  window_ = {.began_ms = now_ms};
}

/// Nothing can be said: there is too little load, or the set has changed.
void ContentionGuard::rest(Schedule& schedule) {
  if (phase_ == Phase::kDrain || phase_ == Phase::kWithout) schedule.hold(tried_, false);
  phase_ = Phase::kRest;
}

bool ContentionGuard::holds() const {
  return phase_ == Phase::kDrain || phase_ == Phase::kWithout ||
         std::any_of(devices_.begin(), devices_.end(), [](const Device& d) { return d.parked_until_ms.has_value(); });
}

double ContentionGuard::longest_pause_ms(const Schedule& schedule) const {
  return kWindowMs + kPauseRuns * schedule.service_ms(best(schedule));
}

std::optional<double> ContentionGuard::patience_ends_ms(const Schedule& schedule) const {
  return holds() ? std::optional(last_ms_ + longest_pause_ms(schedule)) : std::nullopt;
}

void ContentionGuard::relent(Schedule& schedule, double now_ms) {
  const auto time = patience_ends_ms(schedule);
  if (!time || now_ms < *time) return;
  rest(schedule);
  for (std::size_t i = 0; i < devices_.size(); ++i) unpark(schedule, i);
}

void ContentionGuard::unpark(Schedule& schedule, std::size_t device) {
  if (std::exchange(devices_[device].parked_until_ms, std::nullopt)) schedule.hold(static_cast<int>(device), false);
}

void ContentionGuard::end_parking(Schedule& schedule, double now_ms) {
  for (std::size_t i = 0; i < devices_.size(); ++i) {
    if (devices_[i].parked_until_ms && now_ms >= *devices_[i].parked_until_ms) unpark(schedule, i);
  }
}

/// Of those that take requests: it is left alone, so that somebody takes them whoever is tried.
int ContentionGuard::best(const Schedule& schedule) const {
  int best = -1;
  for (std::size_t i = 0; i < devices_.size(); ++i) {
    if (!devices_[i].serves || devices_[i].parked_until_ms) continue;
    if (best < 0 || schedule.rate(static_cast<int>(i)) > schedule.rate(best)) best = static_cast<int>(i);
  }
  return best;
}

/// The device that waits longest to be tried; -1: none.
int ContentionGuard::due(const Schedule& schedule, double now_ms) const {
  const int first = best(schedule);
  int due = -1;
  for (std::size_t i = 0; i < devices_.size(); ++i) {
    const Device& device = devices_[i];
    const bool may = device.serves && !device.exempt && !device.parked_until_ms && static_cast<int>(i) != first;
    if (!may || device.next_ms > now_ms || schedule.service_ms(static_cast<int>(i)) <= 0) continue;
    if (due < 0 || device.next_ms < devices_[static_cast<std::size_t>(due)].next_ms) due = static_cast<int>(i);
  }
  return due;
}

}  // namespace baton::policy
