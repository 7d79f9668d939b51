// SPDX-License-Identifier: Apache-2.0
// Copyright (C) 2026 The Baton authors
#include "policy/ladder.h"

#include <algorithm>
#include <utility>

namespace baton::policy {

using base::Status;
using base::StatusCode;
using base::TimePoint;

std::string_view to_string(RungState state) {
  switch (state) {
    case RungState::kAbsent: return "absent";
    case RungState::kPreparing: return "preparing";
    case RungState::kVerifying: return "verifying";
    case RungState::kReady: return "ready";
    case RungState::kServing: return "serving";
    case RungState::kDraining: return "draining";
    case RungState::kReleased: return "released";
    case RungState::kFailed: return "failed";
  }
  return "unknown";
}

Ladder::Ladder(Plan plan, LadderOptions options)
    : plan_(std::move(plan)), options_(std::move(options)), device_done_(plan_.devices.size()) {
  for (const RungSpec& spec : plan_.rungs) rungs_.push_back({.spec = spec});
  load_began_.resize(rungs_.size());
}

// ---------------------------------------------------------------------------------------------------------------------
// Actions

void Ladder::add(Action::Kind kind, int rung, int other) {
  Action action{.kind = kind};
  action.rung = rung;
  action.other = other;
  actions_.push_back(std::move(action));
}

void Ladder::emit(EventType type, int rung, std::string reason, std::string text,
                  std::map<std::string, double> values) {
  Event event{.type = type, .time = now_, .phase = phase_, .generation = generation_};
  if (rung >= 0) {
    const Pair& pair = rungs_[rung].spec.pair;
    event.device = pair.device;
    event.engine = pair.engine;
    event.profile = to_string(pair.profile);
  }
  event.reason = std::move(reason);
  event.text = std::move(text);
  event.values = std::move(values);
  Action action{.kind = Action::Kind::kEmit};
  action.rung = rung;
  action.event = std::move(event);
  actions_.push_back(std::move(action));
}

void Ladder::start_timer(Action::Timer timer, base::Duration after, int rung) {
  Action action{.kind = Action::Kind::kStartTimer};
  action.rung = rung;
  action.timer = timer;
  action.time = now_ + after;
  actions_.push_back(std::move(action));
}

Actions Ladder::take() { return std::exchange(actions_, {}); }

// ---------------------------------------------------------------------------------------------------------------------
// Start-up

Actions Ladder::start(TimePoint now) {
  began_ = now_ = now;
  take_target(plan_.first_device, 0);
  if (plan_.target_cached && plan_.helper >= 0 && options_.startup_grace.count() > 0) {
    load_target();
    start_timer(Action::Timer::kStartupGrace, options_.startup_grace);
  } else {
    load_first();
  }
  return take();
}

/// Helper and target, or the target alone where there is no helper.
void Ladder::load_first() {
  const int helper = plan_.helper;
  // One engine compiles for one device one after the other (B-547): the helper must not wait behind its own target.
  const bool helper_first = helper >= 0 && rungs_[helper].spec.device == rungs_[target_].spec.device &&
                            rungs_[helper].spec.pair.engine == rungs_[target_].spec.pair.engine;
  const bool defer = helper >= 0 && plan_.defer_target;
  if (helper_first) load(helper);
  if (!defer) load_target();
  if (helper >= 0 && !helper_first) load(helper);
  if (defer) add(Action::Kind::kOpenEngine, target_);
}

/// The helper that a target from the cache seemed to make needless (B-1011).
void Ladder::start_waiting_helper() {
  if (serving_ < 0 && plan_.helper >= 0 && plan_.helper != target_ && rungs_[plan_.helper].state == RungState::kAbsent)
    load(plan_.helper);
}

Actions Ladder::entry_refused(int rung, TimePoint now) {
  now_ = now;
  if (closed_ || rungs_[rung].state != RungState::kPreparing) return take();
  rungs_[rung].state = RungState::kAbsent;
  const int helper = plan_.helper;
  const bool helper_waits = helper >= 0 && rungs_[helper].state == RungState::kAbsent && serving_ < 0;
  const bool helper_loads = helper >= 0 && rungs_[helper].state == RungState::kPreparing;
  if (rung == target_ && helper_waits) load_first();
  else if (rung != target_ || !helper_loads || !plan_.defer_target) load(rung);  // else after the helper (B-516)
  return take();
}

void Ladder::take_target(int device, std::size_t position) {
  target_device_ = device;
  target_position_ = position;
  target_ = plan_.devices[device].rungs[position];
}

void Ladder::load(int rung) {
  rungs_[rung].state = RungState::kPreparing;
  load_began_[rung] = now_;
  add(Action::Kind::kLoad, rung);
  const bool helps = rung == plan_.helper && rung != target_;
  emit(EventType::kLoadStarted, rung, helps ? std::string(to_string(Reason::kHelper)) : "");
  if (options_.compile_timeout.count() > 0) start_timer(Action::Timer::kLoadTimeout, options_.compile_timeout, rung);
}

/// The target may be the helper's own configuration: then there is nothing to load.
void Ladder::load_target() {
  const RungState state = rungs_[target_].state;
  if (state == RungState::kAbsent) load(target_);
  else if (state == RungState::kServing) keep_helper();
}

Actions Ladder::loaded(int rung, const Status& status, TimePoint now) {
  now_ = now;
  Rung& r = rungs_[rung];
  if (closed_ || r.state != RungState::kPreparing) {  // given up meanwhile
    if (status.is_ok()) add(Action::Kind::kRelease, rung);
    return take();
  }
  if (!status.is_ok()) {
    load_failed(rung, Reason::kLoadFailed, status);
    return take();
  }
  r.figures["load_ms"] = base::to_ms(now - load_began_[rung]);
  emit(EventType::kLoadFinished, rung, {}, {}, {{"ms", r.figures["load_ms"]}});
  if (rung == second_look_rung_) {
    r.state = RungState::kVerifying;
    add(Action::Kind::kCheck, rung, serving_);
    actions_.back().second_look = true;
  } else if (rung == target_) {
    target_loaded(rung);
  } else {
    helper_loaded(rung);
  }
  return take();
}

void Ladder::serve_first(int rung) {
  serving_ = rung;
  generation_ = 1;
  rungs_[rung].state = RungState::kServing;
  add(Action::Kind::kPublish, rung, -1);
}

void Ladder::helper_loaded(int rung) {
  if (serving_ >= 0) {
    rungs_[rung].state = RungState::kReleased;
    add(Action::Kind::kRelease, rung);
    return;
  }
  phase_ = Phase::kHelper;
  if (plan_.defer_target && target_ >= 0 && rungs_[target_].state == RungState::kAbsent)
    add(Action::Kind::kCancelLoad, target_);
  serve_first(rung);
  emit(EventType::kHelperReady, rung, {}, {}, {{"since_start_ms", base::to_ms(now_ - began_)}});
  if (target_ < 0 && !choosing_device_) targets_exhausted();
  else if (target_ >= 0 && rungs_[target_].state == RungState::kAbsent)
    start_timer(Action::Timer::kDeferredTarget, kDeferLimit);
}

void Ladder::target_loaded(int rung) {
  if (serving_ >= 0) {
    phase_ = Phase::kChecking;
    rungs_[rung].state = RungState::kVerifying;
    const bool speed_check = !last_resort(rung);
    add(Action::Kind::kCheck, rung, serving_);
    actions_.back().speed_check = speed_check;
    return;
  }
  if (const int helper = plan_.helper; helper >= 0 && helper != rung && rungs_[helper].state == RungState::kPreparing) {
    rungs_[helper].state = RungState::kReleased;
    add(Action::Kind::kCancelLoad, helper);
  }
  phase_ = Phase::kSteady;
  serve_first(rung);
  settle();
}

Actions Ladder::first_answer(TimePoint now) { return timer(Action::Timer::kDeferredTarget, -1, now); }

Actions Ladder::timer(Action::Timer timer, int rung, TimePoint now) {
  now_ = now;
  if (closed_) return take();
  switch (timer) {
    case Action::Timer::kDeferredTarget:
      if (target_ >= 0 && rungs_[target_].state == RungState::kAbsent) load(target_);
      break;
    case Action::Timer::kStartupGrace:
      if (target_ >= 0 && rungs_[target_].state == RungState::kPreparing) start_waiting_helper();
      break;
    case Action::Timer::kLoadTimeout:
      if (rungs_[rung].state == RungState::kPreparing) {
        add(Action::Kind::kCancelLoad, rung);
        load_failed(rung, Reason::kLoadTimeout,
                    Status(StatusCode::kDeadlineExceeded, "loading took longer than COMPILE_TIMEOUT"));
      }
      break;
  }
  return take();
}

// ---------------------------------------------------------------------------------------------------------------------
// Failures and the next candidate

void Ladder::load_failed(int rung, Reason reason, const Status& status) {
  Rung& r = rungs_[rung];
  r.state = RungState::kFailed;
  r.refusal = reason;
  r.text = status.message();
  if (!attempts_.empty()) attempts_ += ' ';
  attempts_ += r.spec.pair.device + ":[" + r.spec.pair.engine + "] " + status.message() + ";";
  only_bad_models_ &= status.code() == StatusCode::kInvalidArgument;
  emit(EventType::kCandidateFailed, rung, std::string(to_string(reason)), status.message());

  if (rung == second_look_rung_) {
    next_second_look();
  } else if (rung == target_) {
    start_waiting_helper();
    next_target(status.code() == StatusCode::kDeviceLost || status.code() == StatusCode::kResourceExhausted);
  } else if (target_ >= 0) {  // the helper
    load_target();
  } else if (!choosing_device_) {
    targets_exhausted();
  }
}

bool Ladder::usable(int rung) const {
  const RungState state = rungs_[rung].state;
  return state == RungState::kAbsent ||
         (rung == plan_.helper && (state == RungState::kPreparing || state == RungState::kServing));
}

std::optional<std::size_t> Ladder::next_position(int device, std::size_t from) const {
  const std::vector<int>& rungs = plan_.devices[device].rungs;
  for (std::size_t p = from; p < rungs.size(); ++p) {
    if (usable(rungs[p])) return p;
  }
  return std::nullopt;
}

void Ladder::next_target(bool device_is_done) {
  if (serving_ >= 0) phase_ = Phase::kHelper;
  if (const auto position = device_is_done ? std::nullopt : next_position(target_device_, target_position_ + 1)) {
    take_target(target_device_, *position);
    load_target();
    return;
  }
  target_ = -1;
  device_done_[target_device_] = true;
  add(Action::Kind::kLeaveDevice);
  std::vector<int> left;
  for (std::size_t d = 0; d < plan_.devices.size(); ++d) {
    if (!device_done_[d] && next_position(static_cast<int>(d), 0)) left.push_back(static_cast<int>(d));
  }
  if (left.empty()) {
    targets_exhausted();
    return;
  }
  choosing_device_ = true;
  add(Action::Kind::kChooseDevice);
  actions_.back().devices = std::move(left);
}

Actions Ladder::device_chosen(int device, TimePoint now) {
  now_ = now;
  choosing_device_ = false;
  if (closed_) return take();
  const auto position = device >= 0 ? next_position(device, 0) : std::nullopt;
  if (!position) {
    targets_exhausted();
  } else {
    take_target(device, *position);
    load_target();
  }
  return take();
}

void Ladder::targets_exhausted() {
  target_ = -1;
  const int helper = plan_.helper;
  if (helper >= 0 && rungs_[helper].state == RungState::kPreparing) return;  // it may still serve
  if (serving_ < 0) {
    fail();
    return;
  }
  if (rungs_[helper].spec.pair.profile == engine::Profile::kFast) {
    // A full rung that was merely slower is still better for good than a fast one: it comes back unchecked for speed.
    int best = -1;
    for (std::size_t i = 0; i < rungs_.size(); ++i) {
      const Rung& r = rungs_[i];
      if (r.refusal != Reason::kSlowerThanHelper || r.spec.device != rungs_[helper].spec.device) continue;
      if (best < 0 || r.figures.at("ratio") < rungs_[best].figures.at("ratio")) best = static_cast<int>(i);
    }
    if (best >= 0) {
      rungs_[best].refusal.reset();
      rungs_[best].text.clear();
      target_ = best;
      load(best);
      return;
    }
  }
  keep_helper();
}

/// The helper's configuration is one that may serve for good.
bool Ladder::helper_can_be_final() const {
  for (const DeviceRungs& device : plan_.devices) {
    if (std::find(device.rungs.begin(), device.rungs.end(), plan_.helper) != device.rungs.end()) return true;
  }
  return false;
}

/// B-515: nothing but this rung is left, and the helper cannot stay: being a little slower is no reason to refuse it.
bool Ladder::last_resort(int rung) const {
  if (plan_.helper < 0 || helper_can_be_final() || rungs_[rung].spec.device != rungs_[plan_.helper].spec.device)
    return false;
  return std::none_of(rungs_.begin(), rungs_.end(), [&](const Rung& r) {
    return r.state == RungState::kAbsent && r.spec.pair.profile == engine::Profile::kFull;
  });
}

void Ladder::keep_helper() {
  target_ = serving_;
  phase_ = Phase::kSteady;
  emit(EventType::kHelperKept, serving_, {}, "no candidate is left that would serve better");
  settle();
}

void Ladder::fail() {
  phase_ = Phase::kFailed;
  Action action{.kind = Action::Kind::kFail};
  const std::string text = "[" + options_.tag + "] compile model failed, " + attempts_;
  action.status = Status(only_bad_models_ ? StatusCode::kInvalidArgument : StatusCode::kCompileFailed, text);
  actions_.push_back(std::move(action));
  emit(EventType::kFailed, -1, {}, text);
}

// ---------------------------------------------------------------------------------------------------------------------
// Check, switch, release

Actions Ladder::checked(int rung, const CheckResult& result, TimePoint now) {
  now_ = now;
  Rung& r = rungs_[rung];
  if (closed_ || r.state != RungState::kVerifying) return take();
  r.figures.insert(result.figures.begin(), result.figures.end());
  r.text = result.text;
  emit(EventType::kCheckDone, rung, std::string(result.passed ? "" : to_string(result.reason)), result.text,
       result.figures);
  if (!result.passed) {
    refuse(rung, result);
  } else if (rung == second_look_rung_) {
    second_look_rung_ = -1;
    second_look_ = SecondLook::kNotBegun;
    target_ = rung;
    switch_to(rung);
  } else if (options_.hold) {
    r.state = RungState::kReady;
    phase_ = Phase::kHelper;
  } else {
    switch_to(rung);
  }
  return take();
}

void Ladder::refuse(int rung, const CheckResult& result) {
  rungs_[rung].refusal = result.reason;
  add(Action::Kind::kRelease, rung);
  if (rung == second_look_rung_) {
    rungs_[rung].state = RungState::kReleased;
    next_second_look();
    return;
  }
  rungs_[rung].state = RungState::kFailed;
  emit(EventType::kCandidateFailed, rung, std::string(to_string(result.reason)), result.text);
  if (result.reason == Reason::kOutputMismatch && result.lowered_precision &&
      rungs_[rung].spec.pair.precision == engine::Precision::kNative) {
    RungSpec full = rungs_[rung].spec;
    full.pair.precision = engine::Precision::kFull;
    full.record.reset();
    rungs_.push_back({.spec = full});
    load_began_.emplace_back();
    std::vector<int>& order = plan_.devices[target_device_].rungs;
    order.insert(order.begin() + static_cast<std::ptrdiff_t>(target_position_) + 1,
                 static_cast<int>(rungs_.size()) - 1);
  }
  next_target(false);
}

void Ladder::switch_to(int rung) {
  const int old = serving_;
  serving_ = rung;
  ++generation_;
  phase_ = Phase::kDraining;
  rungs_[old].state = RungState::kDraining;
  rungs_[rung].state = RungState::kServing;
  add(Action::Kind::kPublish, rung, old);
  std::map<std::string, double> values = rungs_[rung].figures;
  values["since_start_ms"] = base::to_ms(now_ - began_);
  emit(EventType::kSwitched, rung, {},
       "from " + to_string(rungs_[old].spec.pair) + " to " + to_string(rungs_[rung].spec.pair), std::move(values));
}

Actions Ladder::set_hold(bool hold, TimePoint now) {
  now_ = now;
  options_.hold = hold;
  if (!closed_ && !hold && target_ >= 0 && rungs_[target_].state == RungState::kReady) switch_to(target_);
  return take();
}

Actions Ladder::drained(int rung, TimePoint now) {
  now_ = now;
  Rung& r = rungs_[rung];
  if (closed_ || r.state != RungState::kDraining) return take();
  if (options_.keep_helper && rung == plan_.helper) {
    r.state = RungState::kReady;
  } else {
    r.state = RungState::kReleased;
    add(Action::Kind::kRelease, rung);
  }
  if (phase_ == Phase::kDraining) {
    phase_ = Phase::kSteady;
    settle();
  }
  return take();
}

Actions Ladder::released(int rung, TimePoint now) {
  now_ = now;
  if (!closed_ && rung == plan_.helper && rungs_[rung].state == RungState::kReleased && serving_ >= 0) {
    emit(EventType::kHelperReleased, rung);
  }
  return take();
}

bool Ladder::serving_is_interim() const {
  return serving_ >= 0 && serving_ == plan_.helper && (phase_ == Phase::kHelper || phase_ == Phase::kChecking);
}

Actions Ladder::close(TimePoint now) {
  now_ = now;
  if (std::exchange(closed_, true)) return take();
  for (std::size_t i = 0; i < rungs_.size(); ++i) {
    if (rungs_[i].state == RungState::kPreparing) add(Action::Kind::kCancelLoad, static_cast<int>(i));
    if (rungs_[i].state == RungState::kVerifying) add(Action::Kind::kCancelCheck, static_cast<int>(i));
  }
  add(Action::Kind::kLeaveDevice);
  emit(EventType::kClosed, -1);
  return take();
}

// ---------------------------------------------------------------------------------------------------------------------
// Second look

void Ladder::settle() {
  add(Action::Kind::kSettled);
  begin_second_look();
}

/// The serving rung was checked against the fast profile of this pair's own engine and left it far behind.
bool Ladder::out_of_reach(int rung) const {
  if (plan_.helper < 0 || serving_ == plan_.helper || generation_ != 2) return false;
  const Pair& helper = rungs_[plan_.helper].spec.pair;
  const Pair& pair = rungs_[rung].spec.pair;
  if (helper.profile != engine::Profile::kFast || pair.device != helper.device || pair.engine != helper.engine)
    return false;
  const auto ratio = rungs_[serving_].figures.find("ratio");
  return ratio != rungs_[serving_].figures.end() && ratio->second < kOutOfReach;
}

std::optional<int> Ladder::second_look_candidate() const {
  for (const DeviceRungs& device : plan_.devices) {
    for (const int rung : device.rungs) {
      const RungSpec& spec = rungs_[rung].spec;
      if (rungs_[rung].state != RungState::kAbsent) continue;
      if (spec.record && deciding(spec.record->run)) continue;  // "at most once per key": its place is known
      if (out_of_reach(rung)) continue;
      if (options_.second_look_across_devices || spec.device == rungs_[serving_].spec.device) return rung;
    }
  }
  return std::nullopt;
}

void Ladder::begin_second_look() {
  if (second_look_ != SecondLook::kNotBegun) return;
  for (std::size_t i = 0; i < rungs_.size(); ++i) {
    if (rungs_[i].state == RungState::kAbsent && out_of_reach(static_cast<int>(i))) {
      rungs_[i].text = "not tried: what serves is more than twice as fast as this engine's fast profile";
    }
  }
  if (!options_.second_look || second_looks_ >= kSecondLookPairs || !second_look_candidate()) {
    second_look_ = SecondLook::kOver;
    return;
  }
  second_look_ = SecondLook::kWaiting;
  add(Action::Kind::kWatchIdle);
  actions_.back().time = now_ + kSecondLookPatience;
}

Actions Ladder::idle(TimePoint now) {
  now_ = now;
  if (closed_ || second_look_ != SecondLook::kWaiting || phase_ != Phase::kSteady) return take();
  second_look_ = SecondLook::kRunning;
  second_look_rung_ = *second_look_candidate();
  ++second_looks_;
  emit(EventType::kSecondLook, second_look_rung_);
  load(second_look_rung_);
  return take();
}

void Ladder::next_second_look() {
  second_look_rung_ = -1;
  second_look_ = SecondLook::kNotBegun;
  begin_second_look();
}

}  // namespace baton::policy
