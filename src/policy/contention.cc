// SPDX-License-Identifier: Apache-2.0
// Copyright (C) 2026 The Baton authors
#include "policy/contention.h"

#include <algorithm>
#include <utility>

namespace baton::policy {

namespace {

/// A pause of the application longer than this many runs of the best device is not load.
constexpr double kPauseRuns = 4;

/// Alone a device may be faster than its fastest run was beside others: a GPU whose threads found no core by a factor
/// of five, one of two engines of a CPU by less than three.
constexpr double kFedFasterAlone = 5;
constexpr double kCpuFasterAlone = 3;

/// So many of the runs end under full load where there is always more to do.
constexpr double kAlwaysFull = 0.95;

/// Two windows that differ by less are of a steady machine.
constexpr double kSteady = 1.1;

/// The rate with all, from the windows before and after. The larger one, where the machine became faster or slower
/// meanwhile; else their mean, for the larger of two measurements flatters.
double of_two(double before, double after) {
  const auto [low, high] = std::minmax(before, after);
  return high > low * kSteady ? high : (low + high) / 2;
}

}  // namespace

void ContentionGuard::join(Schedule& schedule, int device, const Traits& traits) {
  set_changes(schedule);
  devices_[static_cast<std::size_t>(device)] = {.serves = true, .traits = traits};
}

void ContentionGuard::leave(Schedule& schedule, int device) {
  set_changes(schedule);
  devices_[static_cast<std::size_t>(device)].serves = false;
  unpark_all(schedule);
}

/// What was measured is of another set.
void ContentionGuard::set_changes(Schedule& schedule) {
  rest(schedule);
  for (Device& device : devices_) device.missed = false;
  round_follows();
}

std::optional<ContentionGuard::Verdict> ContentionGuard::completed(Schedule& schedule, int device, bool full,
                                                                   double now_ms) {
  const double worked_ms = now_ms - std::max(last_ms_, awake_ms_);
  const double pause_ms = now_ms - std::exchange(last_ms_, now_ms);
  if (full) loaded_ms_ += worked_ms;
  if (phase_ == Phase::kRest) {
    auto verdict = full ? watch(schedule, worked_ms, now_ms) : std::nullopt;
    if (full && !verdict) begin(schedule, now_ms);
    return verdict;
  }
  if (pause_ms > longest_pause_ms(schedule)) {
    pause(schedule, now_ms);
    return std::nullopt;
  }
  if (phase_ == Phase::kDrain) {
    if (schedule.running(tried_) == 0) enter(Phase::kWithout, now_ms);
    return std::nullopt;
  }
  if (now_ms <= window_.began_ms) return std::nullopt;  // what began earlier
  ++window_.runs;
  window_.full += full ? 1 : 0;
  devices_[static_cast<std::size_t>(device)].ran = true;
  if (!window_is_over(now_ms)) return std::nullopt;
  if (window_.full * 4 < window_.runs * 3) {
    pause(schedule, now_ms);
    return std::nullopt;
  }
  return step(schedule, window_.runs / (now_ms - window_.began_ms), now_ms);
}

/// Between rounds: a run has ended `ms` after the one before.
std::optional<ContentionGuard::Verdict> ContentionGuard::watch(Schedule& schedule, double ms, double now_ms) {
  if (rival_ < 0 || ms > longest_pause_ms(schedule)) return std::nullopt;
  watched_ms_ += ms;
  ++watched_runs_;
  if (watched_ms_ < kWatchMs || watched_runs_ < kWindowRuns) return std::nullopt;
  with_ = std::exchange(watched_runs_, 0) / std::exchange(watched_ms_, 0);
  const int rival = rival_;
  if (devices_[static_cast<std::size_t>(rival)].without <= with_ * kGain) return std::nullopt;
  park(schedule, rival, now_ms);
  return verdict(rival);
}

void ContentionGuard::begin(Schedule& schedule, double now_ms) {
  if (paused_ != Phase::kRest && now_ms - paused_ms_ <= kLongestPauseMs) return resume(schedule, now_ms);
  tried_ = longest_parked(now_ms);
  if (tried_ >= 0) return enter(Phase::kParked, now_ms);
  if (loaded_ms_ < next_ms_) return;
  for (std::size_t i = 0; i < devices_.size(); ++i) {
    if (may_be_tried(schedule, i)) return enter(Phase::kWith, now_ms);
  }
}

void ContentionGuard::resume(Schedule& schedule, double now_ms) {
  const Phase phase = std::exchange(paused_, Phase::kRest);
  if (phase == Phase::kWithout) try_without(schedule, tried_, now_ms);
  else enter(phase, now_ms);
}

/// The window that has just ended saw `rate` runs per millisecond.
std::optional<ContentionGuard::Verdict> ContentionGuard::step(Schedule& schedule, double rate, double now_ms) {
  switch (phase_) {
    case Phase::kWith:
      begin_round(schedule, rate);
      try_next(schedule, now_ms);
      return std::nullopt;
    case Phase::kWithout:
      devices_[static_cast<std::size_t>(tried_)].without = rate;
      schedule.hold(tried_, false);
      try_next(schedule, now_ms);
      return std::nullopt;
    case Phase::kWithAgain: return end_round(schedule, rate, now_ms);
    case Phase::kParked:
      for (Device& device : devices_) device.without = 0;
      devices_[static_cast<std::size_t>(tried_)].without = rate;
      schedule.hold(tried_, false);
      enter(Phase::kReturned, now_ms);
      return std::nullopt;
    case Phase::kReturned:
      with_ = rate;
      unpark(schedule, static_cast<std::size_t>(tried_));
      return decide(schedule, tried_, now_ms);
    case Phase::kRest:
    case Phase::kDrain: break;  // no windows
  }
  return std::nullopt;
}

void ContentionGuard::begin_round(const Schedule& schedule, double rate) {
  with_ = rate;
  always_full_ = window_.full >= kAlwaysFull * window_.runs;
  for (std::size_t i = 0; i < devices_.size(); ++i) {
    devices_[i].without = 0;
    devices_[i].ran_before = ran(schedule, i);
  }
}

/// The next device gets nothing new: the others in list order, then the quickest.
void ContentionGuard::try_next(Schedule& schedule, double now_ms) {
  const int last = std::exchange(tried_, -1);  // takes requests again
  if (phase_ == Phase::kWith) quickest_ = best(schedule);
  for (std::size_t i = 0; i < devices_.size() && last != quickest_; ++i) {
    const int device = static_cast<int>(i);
    if (device > last && device != quickest_ && may_be_tried(schedule, i)) return try_without(schedule, device, now_ms);
  }
  if (last != quickest_ && could_do_without_quickest(schedule)) return try_without(schedule, quickest_, now_ms);
  enter(Phase::kWithAgain, now_ms);
}

/// Without the quickest everybody waits for those that are left. So it is not tried where they are too slow to make up
/// for it by all that is known, nor where the load is less than full at times and would not be without it, and only in
/// every other round where they did less than half of what all do.
bool ContentionGuard::could_do_without_quickest(const Schedule& schedule) const {
  const auto quickest = static_cast<std::size_t>(quickest_);
  if (!may_be_tried(schedule, quickest) || devices_[quickest].missed || !always_full_) return false;
  double others = 0;
  for (std::size_t i = 0; i < devices_.size(); ++i) {
    if (i == quickest || !takes(i)) continue;
    const double faster = devices_[i].traits.fed ? kFedFasterAlone : kCpuFasterAlone;
    others += schedule.highest_rate(static_cast<int>(i)) * faster;
  }
  return others >= with_;
}

void ContentionGuard::try_without(Schedule& schedule, int device, double now_ms) {
  tried_ = device;
  schedule.hold(device, true);
  enter(schedule.running(device) > 0 ? Phase::kDrain : Phase::kWithout, now_ms);
}

ContentionGuard::Verdict ContentionGuard::end_round(Schedule& schedule, double rate_again, double now_ms) {
  for (Device& device : devices_) device.missed = device.without > 0 && device.without * 2 < with_;
  const auto most = std::ranges::max_element(devices_, {}, &Device::without);
  const int device = static_cast<int>(most - devices_.begin());
  // EARLIEST_FINISH may have no use for it while the others are quick, and return to it when something slows them, as
  // the round itself does: a window in which it had no run is none with it.
  if (ran(schedule, static_cast<std::size_t>(device)))
    with_ = most->ran_before ? of_two(with_, rate_again) : rate_again;
  return decide(schedule, device, now_ms);
}

/// What all do is known, and what they do without `device`.
ContentionGuard::Verdict ContentionGuard::decide(Schedule& schedule, int device, double now_ms) {
  const bool parks = devices_[static_cast<std::size_t>(device)].without > with_ * kGain;
  if (parks) park(schedule, device, now_ms);
  else all_serve(device);
  return verdict(parks ? device : -1);
}

ContentionGuard::Verdict ContentionGuard::verdict(int parked) const {
  Verdict verdict{.parked = parked, .with_per_s = with_ * 1000};
  for (const Device& device : devices_) verdict.without_per_s.push_back(device.without * 1000);
  return verdict;
}

/// A round without it follows.
void ContentionGuard::park(Schedule& schedule, int device, double now_ms) {
  phase_ = Phase::kRest;
  devices_[static_cast<std::size_t>(device)].parked_until_ms = now_ms + kParkedMs;
  schedule.hold(device, true);
  round_follows();
}

/// At once, and others after it as at first.
void ContentionGuard::round_follows() {
  rival_ = -1;
  next_ms_ = loaded_ms_;
  interval_ms_ = kIntervalMs;
}

/// `rival`: the device that was missed least when it was left out.
void ContentionGuard::all_serve(int rival) {
  phase_ = Phase::kRest;
  const bool close = rival >= 0 && devices_[static_cast<std::size_t>(rival)].without > with_ * kClose;
  rival_ = close ? rival : -1;
  watched_ms_ = 0;
  watched_runs_ = 0;
  next_ms_ = loaded_ms_ + interval_ms_;
  interval_ms_ = std::min(2 * interval_ms_, kLongestIntervalMs);
}

void ContentionGuard::enter(Phase phase, double now_ms) {
  phase_ = phase;
  window_ = {.began_ms = now_ms + settle_ms_};
  for (Device& device : devices_) device.ran = false;
}

/// There is too little load.
void ContentionGuard::pause(Schedule& schedule, double now_ms) {
  const Phase phase = phase_;
  rest(schedule);
  paused_ = phase == Phase::kDrain ? Phase::kWithout : phase == Phase::kReturned ? Phase::kParked : phase;
  paused_ms_ = now_ms;
}

/// What was measured says nothing any more.
void ContentionGuard::rest(Schedule& schedule) {
  if (phase_ == Phase::kDrain || phase_ == Phase::kWithout) schedule.hold(tried_, false);
  if (phase_ == Phase::kReturned) schedule.hold(tried_, true);
  phase_ = paused_ = Phase::kRest;
}

/// In this window, or it does now.
bool ContentionGuard::ran(const Schedule& schedule, std::size_t device) const {
  return devices_[device].ran || schedule.running(static_cast<int>(device)) > 0;
}

bool ContentionGuard::holds() const {
  return phase_ == Phase::kDrain || phase_ == Phase::kWithout ||
         std::any_of(devices_.begin(), devices_.end(), [](const Device& d) { return d.parked_until_ms.has_value(); });
}

/// A set that does less than half of what all do need not be watched for longer.
bool ContentionGuard::window_is_over(double now_ms) const {
  const double passed_ms = now_ms - window_.began_ms;
  const double of_all = passed_ms * with_;
  const bool hopeless =
      phase_ == Phase::kWithout && passed_ms >= kHopelessMs && of_all >= 2 * kWindowRuns && 2 * window_.runs < of_all;
  return hopeless || (window_.runs >= kWindowRuns && passed_ms >= kWindowMs);
}

double ContentionGuard::longest_pause_ms(const Schedule& schedule) const {
  return kWindowMs + kPauseRuns * schedule.service_ms(best(schedule));
}

std::optional<double> ContentionGuard::patience_ends_ms(const Schedule& schedule) const {
  return holds() ? std::optional(std::max(last_ms_, awake_ms_) + longest_pause_ms(schedule)) : std::nullopt;
}

void ContentionGuard::relent(Schedule& schedule, double now_ms) {
  const auto time = patience_ends_ms(schedule);
  if (!time || now_ms < *time) return;
  rest(schedule);
  unpark_all(schedule);
  all_serve(-1);
}

void ContentionGuard::unpark_all(Schedule& schedule) {
  for (std::size_t i = 0; i < devices_.size(); ++i) unpark(schedule, i);
}

void ContentionGuard::unpark(Schedule& schedule, std::size_t device) {
  if (std::exchange(devices_[device].parked_until_ms, std::nullopt)) schedule.hold(static_cast<int>(device), false);
}

bool ContentionGuard::takes(std::size_t device) const {
  const bool left_out = (phase_ == Phase::kDrain || phase_ == Phase::kWithout) && static_cast<int>(device) == tried_;
  return devices_[device].serves && !devices_[device].parked_until_ms && !left_out;
}

/// Another one takes requests then, and something is known of both.
bool ContentionGuard::may_be_tried(const Schedule& schedule, std::size_t device) const {
  const auto known = [&](std::size_t i) { return takes(i) && schedule.service_ms(static_cast<int>(i)) > 0; };
  std::size_t others = 0;
  for (std::size_t i = 0; i < devices_.size(); ++i) others += i != device && known(i) ? 1 : 0;
  return known(device) && !devices_[device].traits.exempt && others > 0;
}

/// The quickest of those that take requests.
int ContentionGuard::best(const Schedule& schedule) const {
  int best = -1;
  for (std::size_t i = 0; i < devices_.size(); ++i) {
    if (!takes(i)) continue;
    if (best < 0 || schedule.rate(static_cast<int>(i)) > schedule.rate(best)) best = static_cast<int>(i);
  }
  return best;
}

/// Of those whose time is over; -1: none.
int ContentionGuard::longest_parked(double now_ms) const {
  int longest = -1;
  for (std::size_t i = 0; i < devices_.size(); ++i) {
    const auto& until = devices_[i].parked_until_ms;
    if (!until || *until > now_ms) continue;
    if (longest < 0 || *until < devices_[static_cast<std::size_t>(longest)].parked_until_ms)
      longest = static_cast<int>(i);
  }
  return longest;
}

}  // namespace baton::policy
