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
    : plan_(std::move(plan)),
      options_(std::move(options)),
      health_(plan_.devices.size(), Health{.suspension = Suspension(options_.recovery_backoff)}),
      device_done_(plan_.devices.size()) {
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
  event.reason = std::move(reason);
  event.text = std::move(text);
  event.values = std::move(values);
  actions_.push_back(emission(std::move(event), rung, rung >= 0 ? &rungs_[rung].spec.pair : nullptr));
}

void Ladder::start_timer(Action::Timer timer, TimePoint time, int rung) {
  Action action{.kind = Action::Kind::kStartTimer};
  action.rung = rung;
  action.timer = timer;
  action.time = time;
  actions_.push_back(std::move(action));
}

void Ladder::ask_device(int device, bool claim, bool force) {
  Action action{.kind = Action::Kind::kAskDevice};
  action.device = device;
  action.claim = claim;
  action.force = force;
  actions_.push_back(std::move(action));
}

Actions Ladder::take() { return std::exchange(actions_, {}); }

// ---------------------------------------------------------------------------------------------------------------------
// Start-up

Actions Ladder::start(TimePoint now) {
  began_ = now_ = now;
  take_target(plan_.devices[plan_.first_device].rungs.front());
  if (plan_.target_cached && plan_.helper >= 0 && options_.startup_grace.count() > 0) {
    load_target();
    start_timer(Action::Timer::kStartupGrace, now_ + options_.startup_grace);
  } else {
    begin_loads(plan_.defer_target);
  }
  return take();
}

/// The target's load and, unless it serves already, the helper's.
void Ladder::begin_loads(bool defer) {
  const int helper = plan_.helper;
  const bool load_helper = helper >= 0 && rungs_[helper].state == RungState::kAbsent;
  // One engine compiles for one device one after the other (B-547): the helper must not wait behind its own target.
  const bool helper_first = load_helper && rungs_[helper].spec.device == rungs_[target_].spec.device &&
                            rungs_[helper].spec.pair.engine == rungs_[target_].spec.pair.engine;
  defer = defer && load_helper;
  if (helper_first) load(helper);
  if (!defer) load_target();
  if (load_helper && !helper_first) load(helper);
  if (defer && opens_ahead(target_)) add(Action::Kind::kOpenEngine, target_);
}

/// While the helper loads; not where opening the libraries is what holds up other loads.
bool Ladder::opens_ahead(int rung) const { return !rungs_[rung].spec.exclusive_load; }

/// The helper that a target from the cache seemed to make needless (B-1011).
void Ladder::start_waiting_helper() {
  if (plan_.helper >= 0 && rungs_[plan_.helper].state == RungState::kAbsent) load(plan_.helper);
}

/// A probe of what helped before its device failed is none.
bool Ladder::helper_loads() const {
  return plan_.helper >= 0 && rungs_[plan_.helper].state == RungState::kPreparing && !is_probe(plan_.helper);
}

Actions Ladder::entry_refused(int rung, TimePoint now) {
  now_ = now;
  if (closed_ || rungs_[rung].state != RungState::kPreparing) return take();
  rungs_[rung].state = RungState::kAbsent;
  if (rung == target_) plan_.target_cached = false;
  const bool helper_waits = plan_.helper >= 0 && rungs_[plan_.helper].state == RungState::kAbsent;
  if (rung == target_ && helper_waits) begin_loads(plan_.defer_target);
  else if (rung != target_ || !helper_loads() || !plan_.defer_target)
    load(rung, is_probe(rung) ? "PROBE" : rung == interim_ ? "INTERIM" : "");  // else after the helper (B-516)
  return take();
}

void Ladder::take_target(int rung) {
  if (rung == interim_) interim_ = -1;  // its load or check goes on as the target's
  target_ = rung;
  target_device_ = rungs_[rung].spec.device;
}

void Ladder::load(int rung, std::string reason) {
  rungs_[rung].state = RungState::kPreparing;
  load_began_[rung] = now_;
  add(Action::Kind::kLoad, rung);
  if (reason.empty() && rung == plan_.helper && rung != target_) reason = to_string(Reason::kHelper);
  emit(EventType::kLoadStarted, rung, std::move(reason));
  if (const auto limit = load_limit(rung)) start_timer(Action::Timer::kLoadTimeout, now_ + *limit, rung);
}

base::Duration Ladder::second_look_load(int rung) const {
  return rungs_[rung].spec.stoppable_load ? kSecondLookLoad : kSecondLookBuild;
}

std::optional<base::Duration> Ladder::load_limit(int rung) const {
  std::optional<base::Duration> limit;
  if (options_.compile_timeout.count() > 0) limit = options_.compile_timeout;
  if (rung == second_look_rung_) limit = std::min(limit.value_or(second_look_load(rung)), second_look_load(rung));
  return limit;
}

void Ladder::load_too_long(int rung) {
  const auto limit = load_limit(rung);
  if (rungs_[rung].state != RungState::kPreparing || !limit || now_ - load_began_[rung] < *limit) return;
  add(Action::Kind::kCancelLoad, rung);
  const bool looks = rung == second_look_rung_ && *limit == second_look_load(rung);
  if (looks) second_looks_ = kSecondLookPairs;  // its time is over for the other pair too
  const auto seconds = std::chrono::duration_cast<std::chrono::seconds>(*limit).count();
  const std::string text = looks ? "loading took longer than the " + std::to_string(seconds) + " s of a second look"
                                 : "loading took longer than COMPILE_TIMEOUT";
  load_failed(rung, Reason::kLoadTimeout, Status(StatusCode::kDeadlineExceeded, text));
}

/// The target may be the helper's own configuration, or loaded already: then there is nothing to load.
void Ladder::load_target() {
  const RungState state = rungs_[target_].state;
  if (state == RungState::kAbsent) load(target_);
  else if (state == RungState::kServing) keep_helper();
  else if (state == RungState::kVerifying) phase_ = Phase::kChecking;  // it was to serve in between
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
    want_check({.rung = rung, .second_look = true});
  } else if (is_probe(rung)) {
    probe_loaded(rung);
  } else if (rung == target_) {
    target_loaded(rung);
  } else if (rung == interim_) {
    interim_loaded(rung);
  } else {
    helper_loaded(rung);
  }
  return take();
}

void Ladder::serve(int rung, int old) {
  serving_ = rung;
  ++generation_;
  rungs_[rung].state = RungState::kServing;
  before_ = old;
  if (old >= 0) rungs_[old].state = RungState::kDraining;
  add(Action::Kind::kPublish, rung, old);
}

void Ladder::helper_loaded(int rung) {
  if (serving_ >= 0) {
    rungs_[rung].state = RungState::kReleased;
    add(Action::Kind::kRelease, rung);
    return;
  }
  phase_ = Phase::kHelper;
  const bool target_waits = target_ >= 0 && rungs_[target_].state == RungState::kAbsent;
  if (target_waits && opens_ahead(target_)) add(Action::Kind::kCancelLoad, target_);  // its engine is open long enough
  if (failing_over()) {
    serve_again(rung);
  } else {
    serve(rung);
    emit(EventType::kHelperReady, rung, {}, {}, {{"since_start_ms", base::to_ms(now_ - began_)}});
  }
  if (target_ < 0 && !choosing_device_) targets_exhausted();
  else if (target_waits || plan_.interim >= 0) start_timer(Action::Timer::kDeferredTarget, now_ + kDeferLimit);
}

void Ladder::target_loaded(int rung) {
  if (warms_up_first(rung)) {
    phase_ = Phase::kChecking;
    rungs_[rung].state = RungState::kVerifying;
    warming_ = rung;
    add(Action::Kind::kWarmUp, rung);
    return;
  }
  drop_interim();
  if (serving_ >= 0) {
    phase_ = Phase::kChecking;
    rungs_[rung].state = RungState::kVerifying;
    want_check({.rung = rung, .speed_check = !last_resort(rung)});
    return;
  }
  if (plan_.helper != rung && helper_loads()) drop(plan_.helper);
  phase_ = Phase::kSteady;
  if (failing_over()) serve_again(rung);
  else serve(rung);
  settle();
}

Actions Ladder::first_answer(TimePoint now) { return timer(Action::Timer::kDeferredTarget, -1, now); }

Actions Ladder::timer(Action::Timer timer, int rung, TimePoint now) {
  now_ = now;
  if (closed_) return take();
  switch (timer) {
    case Action::Timer::kDeferredTarget:
      if (target_ >= 0 && rungs_[target_].state == RungState::kAbsent) load(target_);
      begin_interim();
      break;
    case Action::Timer::kStartupGrace:
      if (target_ >= 0 && rungs_[target_].state == RungState::kPreparing) start_waiting_helper();
      break;
    case Action::Timer::kLoadTimeout: load_too_long(rung); break;
    case Action::Timer::kProbe: probe(rung); break;
  }
  return take();
}

// ---------------------------------------------------------------------------------------------------------------------
// Failures and the next candidate

void Ladder::load_failed(int rung, Reason reason, const Status& status) {
  Rung& r = rungs_[rung];
  if (is_probe(rung)) return probe_bad(rung, reason, status);
  r.state = RungState::kFailed;
  r.refusal = reason;
  r.text = status.message();
  attempts_.add(r.spec.pair, status);
  emit(EventType::kCandidateFailed, rung, std::string(to_string(reason)), status.message());

  if (rung == second_look_rung_) {
    next_second_look();
  } else if (rung == interim_) {
    interim_ = -1;
  } else if (rung == target_) {
    start_waiting_helper();
    next_target(device_is_done(status), &status);
  } else if (target_ >= 0) {  // the helper
    load_target();
  } else if (!choosing_device_) {
    targets_exhausted();
  }
}

bool Ladder::usable(int rung) const {
  const RungState state = rungs_[rung].state;
  return state == RungState::kAbsent || rung == interim_ ||
         (rung == plan_.helper && (state == RungState::kPreparing || state == RungState::kServing));
}

std::optional<int> Ladder::next_rung(int device) const {
  for (const int rung : plan_.devices[device].rungs) {
    if (usable(rung)) return rung;
  }
  return std::nullopt;
}

/// `why`: the load that failed last; after a run-time failure such a device is probed like any other.
void Ladder::next_target(bool device_is_done, const Status* why) {
  if (serving_ >= 0) phase_ = Phase::kHelper;
  if (const auto rung = device_is_done ? std::nullopt : next_rung(target_device_)) {
    take_target(*rung);
    load_target();
    return;
  }
  const int given_up = std::exchange(target_, -1);
  device_done_[target_device_] = true;
  add(Action::Kind::kLeaveDevice);
  // A device that serves by another of its engines works.
  const bool serves = serving_ >= 0 && rungs_[serving_].spec.device == rungs_[given_up].spec.device;
  if (failing_over() && !serves && why && tried_elsewhere(failure_class(why->code()))) suspend(given_up, *why);
  choose_next_device();
}

void Ladder::choose_next_device() {
  std::vector<int> left;
  for (std::size_t d = 0; d < plan_.devices.size(); ++d) {
    const int device = static_cast<int>(d);
    if (!device_done_[d] && !is_suspended(device) && next_rung(device)) left.push_back(device);
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
  if (closed_) {
    add(Action::Kind::kLeaveDevice);
    return take();
  }
  if (!std::exchange(choosing_device_, false)) {  // another device came back meanwhile: the registration is its
    ask_device(target_device_, true, true);
    return take();
  }
  if (device >= 0 && is_suspended(device)) {  // it failed meanwhile
    add(Action::Kind::kLeaveDevice);
    choose_next_device();
    return take();
  }
  const auto rung = device >= 0 ? next_rung(device) : std::nullopt;
  if (!rung) {
    targets_exhausted();
  } else {
    take_target(*rung);
    if (failing_over()) choose_helper_again();
    if (failing_over()) begin_loads(load_waits(plan_, rungs_[target_].spec));
    else load_target();
  }
  return take();
}

void Ladder::targets_exhausted() {
  if (helper_loads()) return;  // it may still serve
  drop_interim();
  if (serving_ < 0) {
    if (generation_ == 0) fail();
    else fail_running();
    return;
  }
  const RungSpec& helper = rungs_[serving_].spec;
  ask_device(helper.device, true, true);  // a helper registers nothing; what serves for good does (B-415)
  if (helper.pair.profile == engine::Profile::kFast) {
    // A full rung that was merely slower is still better for good than a fast one: it comes back unchecked for speed.
    int best = -1;
    for (const int rung : plan_.devices[helper.device].rungs) {
      const Rung& r = rungs_[rung];
      if (r.refusal != Reason::kSlowerThanHelper) continue;
      if (best < 0 || r.figures.at("ratio") < rungs_[best].figures.at("ratio")) best = rung;
    }
    if (best >= 0) {
      rungs_[best].refusal.reset();
      rungs_[best].text.clear();
      take_target(best);
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
  take_target(serving_);
  phase_ = Phase::kSteady;
  emit(EventType::kHelperKept, serving_, {}, "no candidate is left that would serve better");
  settle();
}

void Ladder::fail() {
  phase_ = Phase::kFailed;
  Action action{.kind = Action::Kind::kFail};
  action.status = attempts_.error(options_.tag);
  const std::string text = action.status.message();
  actions_.push_back(std::move(action));
  emit(EventType::kFailed, -1, {}, text);
}

// ---------------------------------------------------------------------------------------------------------------------
// Check, switch, release

Actions Ladder::checked(int rung, const CheckResult& result, TimePoint now) {
  now_ = now;
  Rung& r = rungs_[rung];
  if (closed_ || r.state != RungState::kVerifying || checking_ != rung) return take();
  checking_ = -1;
  for (const auto& [name, figure] : result.figures) r.figures[name] = figure;
  r.text = result.text;
  emit(EventType::kCheckDone, rung, std::string(result.passed ? "" : to_string(result.reason)), result.text,
       result.figures);
  if (is_probe(rung)) {
    if (result.passed) probe_good(rung);
    else if (result.reason == Reason::kSlowerThanHelper) usable_again(rung, result.text);
    else probe_bad(rung, result.reason, Status::device_failed(result.text));
  } else if (!result.passed) {
    refuse(rung, result);
  } else if (rung == second_look_rung_) {
    if (r.spec.device == rungs_[serving_].spec.device) second_look_answered(true, true);
    else ask_device(r.spec.device, true, false);  // B-415
  } else if (rung == interim_) {
    serve_interim(rung);
  } else if (options_.hold) {
    r.state = RungState::kReady;
    phase_ = Phase::kHelper;
  } else {
    switch_to(rung);
  }
  next_check();
  return take();
}

void Ladder::want_check(WaitingCheck check) {
  waiting_checks_.push_back(check);
  next_check();
}

/// Two checks beside each other would measure each other.
void Ladder::next_check() {
  if (checking_ >= 0 || serving_ < 0 || waiting_checks_.empty()) return;
  const WaitingCheck next = waiting_checks_.front();
  waiting_checks_.erase(waiting_checks_.begin());
  checking_ = next.rung;
  add(Action::Kind::kCheck, next.rung, serving_);
  actions_.back().second_look = next.second_look;
  actions_.back().speed_check = next.speed_check;
}

bool Ladder::wants_check(int rung) const {
  return checking_ == rung || std::any_of(waiting_checks_.begin(), waiting_checks_.end(),
                                          [rung](const WaitingCheck& check) { return check.rung == rung; });
}

void Ladder::cancel_check(int rung) {
  std::erase_if(waiting_checks_, [rung](const WaitingCheck& check) { return check.rung == rung; });
  if (checking_ != rung) return;
  checking_ = -1;
  add(Action::Kind::kCancelCheck, rung);
  next_check();
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
    std::vector<int>& order = plan_.devices[full.device].rungs;
    order.insert(std::find(order.begin(), order.end(), rung), static_cast<int>(rungs_.size()) - 1);
  }
  if (rung != interim_) return next_target(false);
  interim_ = -1;
  phase_ = Phase::kHelper;
}

void Ladder::switch_to(int rung, EventType type, Phase phase) {
  const int old = serving_;
  phase_ = phase;
  serve(rung, old);
  std::map<std::string, double> values = rungs_[rung].figures;
  values["since_start_ms"] = base::to_ms(now_ - began_);
  emit(type, rung, {}, "from " + to_string(rungs_[old].spec.pair) + " to " + to_string(rungs_[rung].spec.pair),
       std::move(values));
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
  if (options_.keep_helper && rung == plan_.helper && !is_suspended(r.spec.device)) {
    r.state = RungState::kReady;
  } else {
    r.state = RungState::kReleased;
    add(Action::Kind::kRelease, rung);
  }
  const bool others =
      std::any_of(rungs_.begin(), rungs_.end(), [](const Rung& other) { return other.state == RungState::kDraining; });
  if (phase_ == Phase::kDraining && !others) {
    phase_ = Phase::kSteady;
    settle();
  }
  return take();
}

Actions Ladder::released(int rung, TimePoint now) {
  now_ = now;
  const bool helped = rung == plan_.helper || rung == relieved_;
  if (!closed_ && helped && rungs_[rung].state == RungState::kReleased && serving_ >= 0) {
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

void Ladder::settle() {
  add(Action::Kind::kSettled);
  begin_second_look();
}

}  // namespace baton::policy
