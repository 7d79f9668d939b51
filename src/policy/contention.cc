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

/// Where next to nothing ran there but a warm-up beside others: an H100 alone needs 3 ms instead of 150.
constexpr double kUnprovenFasterAlone = 50;

/// So much of what keeps all busy runs on average where there is always more to do.
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
  floor_ = 0;
  for (Device& device : devices_) device.missed = false;
  round_follows();
}

void ContentionGuard::idles() {
  idled_ = true;
  since_full_ = {};
}

std::optional<ContentionGuard::Verdict> ContentionGuard::completed(Schedule& schedule, int device, double busy,
                                                                   double now_ms) {
  std::uint32_t& runs = devices_[static_cast<std::size_t>(device)].runs;
  runs = std::min(runs + 1, kWindowRuns);
  const bool full = busy >= kFull;
  const double worked_ms = now_ms - std::max(last_ms_, awake_ms_);
  const double pause_ms = now_ms - std::exchange(last_ms_, now_ms);
  const bool idled = std::exchange(idled_, false);
  if (full) loaded_ms_ += worked_ms;
  if (phase_ == Phase::kRest) {
    auto verdict = watch(schedule, busy, worked_ms, now_ms);
    if (full && !verdict) begin(schedule, now_ms);
    return verdict;
  }
  if (idled || pause_ms > longest_pause_ms(schedule)) {
    pause(schedule, now_ms);
    return std::nullopt;
  }
  if (phase_ == Phase::kDrain) {
    if (schedule.running(tried_) == 0) enter(Phase::kWithout, now_ms);
    return std::nullopt;
  }
  if (now_ms <= window_.began_ms) return std::nullopt;  // what began earlier
  ++window_.runs;
  window_.busy += busy;
  devices_[static_cast<std::size_t>(device)].ran = true;
  if (!window_is_over(now_ms)) return std::nullopt;
  if (window_.busy < kFull * window_.runs) {
    pause(schedule, now_ms);
    return std::nullopt;
  }
  if (phase_ != Phase::kParked) pauses_ = 0;  // a return has two windows, and begins anew with the first
  return step(schedule, window_.runs / (now_ms - window_.began_ms), now_ms);
}

/// Between rounds: a run has ended `ms` after the one before. What ends while a burst runs out says nothing.
std::optional<ContentionGuard::Verdict> ContentionGuard::watch(Schedule& schedule, double busy, double ms,
                                                               double now_ms) {
  if (floor_ <= 0 || ms > longest_pause_ms(schedule)) return std::nullopt;
  since_full_.add({1, busy, ms});
  if (busy < kFull) return std::nullopt;
  const bool settles = watched_.ms < 0;
  watched_.add(std::exchange(since_full_, {}));
  if (settles && watched_.ms >= 0) watched_ = {};
  if (watched_.ms < watch_ms_ || watched_.runs < kWindowRuns) return std::nullopt;
  const Watch over = std::exchange(watched_, {});
  if (over.busy < kFull * over.runs) return std::nullopt;
  const int next = next_left_out(over.runs / over.ms);
  if (next == left_out_) return std::nullopt;
  goes_on_without(schedule, next, now_ms);
  return verdict(next);
}

/// From now on, with the sets of the round that were close to the one that goes on.
void ContentionGuard::begin_watch(int left_out) {
  left_out_ = left_out;
  floor_ = kClose * without(left_out).rate;
  watch_ms_ = kWatchMs;
  watched_ = {.ms = -settle_ms_};
  since_full_ = {};
}

/// -1: all serve.
void ContentionGuard::goes_on_without(Schedule& schedule, int device, double now_ms) {
  if (left_out_ >= 0) unpark(schedule, static_cast<std::size_t>(left_out_));
  if (device >= 0) park(schedule, device, now_ms);
  next_ms_ = loaded_ms_ + interval_ms_;
  left_out_ = device;
  watched_ = {.ms = -settle_ms_};
}

/// Which device is left out after a watch that saw `rate`: the sets that were not watched yet have their turn, then
/// the best one goes on.
int ContentionGuard::next_left_out(double rate) {
  const bool last = !std::exchange(without(left_out_).watched, true);
  without(left_out_).rate = rate;
  const auto worth = [this](int device) { return without(device).rate * (device < 0 ? kGain : 1); };
  int best = left_out_;
  for (int device = -1; device < static_cast<int>(devices_.size()); ++device) {
    const Set& set = without(device);
    if (!set.watched && set.rate > floor_) return device;
    if (set.watched && worth(device) > worth(best)) best = device;
  }
  if (last) return best;
  if (without(best).rate <= rate * kGain) return left_out_;
  watch_ms_ = std::min(2 * watch_ms_, kLongestWatchMs);
  return best;
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
      without(tried_).rate = rate;
      schedule.hold(tried_, false);
      try_next(schedule, now_ms);
      return std::nullopt;
    case Phase::kWithAgain: return end_round(schedule, rate, now_ms);
    case Phase::kParked:
      forget_sets();
      without(tried_).rate = rate;
      schedule.hold(tried_, false);
      enter(Phase::kReturned, now_ms);
      return std::nullopt;
    case Phase::kReturned:
      without(-1).rate = rate;
      unpark(schedule, static_cast<std::size_t>(tried_));
      return decide(schedule, tried_, now_ms);
    case Phase::kRest:
    case Phase::kDrain: break;  // no windows
  }
  return std::nullopt;
}

void ContentionGuard::begin_round(const Schedule& schedule, double rate) {
  forget_sets();
  without(-1).rate = rate;
  always_full_ = window_.busy >= kAlwaysFull * window_.runs;
  for (std::size_t i = 0; i < devices_.size(); ++i) devices_[i].ran_before = ran(schedule, i);
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
    others += schedule.highest_rate(static_cast<int>(i)) * faster_alone(i);
  }
  return others >= without(-1).rate;
}

/// So many times at most.
double ContentionGuard::faster_alone(std::size_t device) const {
  if (!devices_[device].traits.fed) return kCpuFasterAlone;
  const bool unproven = devices_[device].traits.joined_under_load && devices_[device].runs < kWindowRuns;
  return unproven ? kUnprovenFasterAlone : kFedFasterAlone;
}

void ContentionGuard::try_without(Schedule& schedule, int device, double now_ms) {
  tried_ = device;
  schedule.hold(device, true);
  enter(schedule.running(device) > 0 ? Phase::kDrain : Phase::kWithout, now_ms);
}

ContentionGuard::Verdict ContentionGuard::end_round(Schedule& schedule, double rate_again, double now_ms) {
  double& with = without(-1).rate;
  for (std::size_t i = 0; i < devices_.size(); ++i) {
    const double rate = without(static_cast<int>(i)).rate;
    devices_[i].missed = rate > 0 && rate * 2 < with;
  }
  const auto most = std::ranges::max_element(sets_.begin() + 1, sets_.end(), {}, &Set::rate);
  const auto device = static_cast<std::size_t>(most - sets_.begin()) - 1;
  // EARLIEST_FINISH may have no use for it while the others are quick, and return to it when something slows them, as
  // the round itself does: a window in which it had no run is none with it.
  if (ran(schedule, device)) with = devices_[device].ran_before ? of_two(with, rate_again) : rate_again;
  return decide(schedule, static_cast<int>(device), now_ms);
}

/// What all do is known, and what they do without `device`.
ContentionGuard::Verdict ContentionGuard::decide(Schedule& schedule, int device, double now_ms) {
  const bool parks = without(device).rate > without(-1).rate * kGain;
  if (parks) {
    park(schedule, device, now_ms);
    round_follows();
  } else {
    all_serve();
  }
  begin_watch(parks ? device : -1);
  return verdict(left_out_);
}

ContentionGuard::Verdict ContentionGuard::verdict(int parked) const {
  Verdict verdict{.parked = parked, .with_per_s = sets_.front().rate * 1000};
  for (auto set = sets_.begin() + 1; set != sets_.end(); ++set) verdict.without_per_s.push_back(set->rate * 1000);
  return verdict;
}

void ContentionGuard::forget_sets() {
  floor_ = 0;
  for (Set& set : sets_) set = {};
}

void ContentionGuard::park(Schedule& schedule, int device, double now_ms) {
  phase_ = Phase::kRest;
  devices_[static_cast<std::size_t>(device)].parked_until_ms = now_ms + kParkedMs;
  schedule.hold(device, true);
}

/// At once, and others after it as at first.
void ContentionGuard::round_follows() {
  next_ms_ = loaded_ms_;
  interval_ms_ = kIntervalMs;
}

void ContentionGuard::all_serve() {
  phase_ = Phase::kRest;
  next_ms_ = loaded_ms_ + interval_ms_;
  interval_ms_ = std::min(2 * interval_ms_, kLongestIntervalMs);
}

void ContentionGuard::enter(Phase phase, double now_ms) {
  phase_ = phase;
  window_ = {.began_ms = now_ms + settle_ms_};
  for (Device& device : devices_) device.ran = false;
}

/// There is too little load. A window that never ends would leave a device out in every burst.
void ContentionGuard::pause(Schedule& schedule, double now_ms) {
  const Phase phase = phase_;
  rest(schedule);
  if (++pauses_ > kMostPauses) return give_up(phase, now_ms);
  paused_ = phase == Phase::kDrain ? Phase::kWithout : phase == Phase::kReturned ? Phase::kParked : phase;
  paused_ms_ = now_ms;
}

/// What goes on does so until the next round, or until the parked device's next return.
void ContentionGuard::give_up(Phase phase, double now_ms) {
  pauses_ = 0;
  if (phase == Phase::kParked || phase == Phase::kReturned)
    devices_[static_cast<std::size_t>(tried_)].parked_until_ms = now_ms + kParkedMs;
  else all_serve();
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
  const double of_all = passed_ms * without(-1).rate;
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
  floor_ = 0;
  all_serve();
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
