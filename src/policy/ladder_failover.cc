// SPDX-License-Identifier: Apache-2.0
// Copyright (C) 2026 The Baton authors
//
// Run-time failures (section 6.2 and 6.3 of the behaviour specification): what serves next, and how a device comes
// back.
#include <algorithm>
#include <utility>

#include "policy/ladder.h"

namespace baton::policy {

using base::Status;
using base::StatusCode;
using base::TimePoint;

// ---------------------------------------------------------------------------------------------------------------------
// A run failed

std::optional<Reason> Ladder::suspended(int device) const {
  if (!is_suspended(device)) return std::nullopt;
  return suspension_reason(health_[static_cast<std::size_t>(device)].suspension.why());
}

Actions Ladder::run_failed(int rung, const Status& status, TimePoint now) {
  now_ = now;
  const Rung& r = rungs_[rung];
  const bool serves = rung == serving_;
  if (closed_ || (!serves && r.state != RungState::kDraining)) return take();  // told before, by another run of it
  const FailureClass failure = failure_class(status.code());
  if (!serves) {
    // What serves on the same device is another executable: it speaks for itself.
    if (serving_ >= 0 && rungs_[serving_].spec.device == r.spec.device) return take();
    suspend(rung, status);
    if (target_ < 0 && !choosing_device_ && serving_ >= 0) {  // the target was on it
      phase_ = Phase::kHelper;
      choose_next_device();
    }
    return take();
  }
  phase_ = Phase::kFailover;
  if (target_goes_on(rung, failure)) {
    rungs_[rung].state = RungState::kFailed;
    rungs_[rung].refusal = suspension_reason(failure);
    rungs_[rung].text = status.message();
    const Pair& pair = rungs_[rung].spec.pair;
    health_[static_cast<std::size_t>(rungs_[rung].spec.device)].last = {pair.device, pair.engine, status.code(),
                                                                        status.message()};
    emit(EventType::kCandidateFailed, rung, std::string(to_string(suspension_reason(failure))), status.message());
  } else {
    suspend(rung, status);
  }
  lose_serving(rung);
  return take();
}

/// The helper fails while the target is prepared on the same device, by another engine or in another way: what waits is
/// for the target (B-619), unless the whole device is lost.
bool Ladder::target_goes_on(int rung, FailureClass failure) const {
  return failure != FailureClass::kDeviceLost && target_ >= 0 && target_ != rung &&
         rungs_[target_].spec.device == rungs_[rung].spec.device;
}

/// The device of `rung` takes nothing more, and nothing is prepared on it (B-624, B-630).
void Ladder::suspend(int rung, const Status& status) {
  const RungSpec spec = rungs_[rung].spec;
  Health& health = health_[static_cast<std::size_t>(spec.device)];
  const FailureClass failure = failure_class(status.code());
  if (!health.suspension.fail(failure, now_)) return;
  health.last = {spec.pair.device, spec.pair.engine, status.code(), status.message()};
  health.rung = probe_rung(rung);
  emit(EventType::kDeviceSuspended, rung, std::string(to_string(suspension_reason(failure))), status.message());
  if (spec.device == target_device_) add(Action::Kind::kLeaveDevice);
  for (std::size_t i = 0; i < rungs_.size(); ++i) {
    if (rungs_[i].spec.device == spec.device && static_cast<int>(i) != rung) drop(static_cast<int>(i));
  }
  plan_probe(spec.device);
}

/// Nothing of it is wanted any more; what serves or drains goes its own way.
void Ladder::drop(int rung) {
  Rung& r = rungs_[rung];
  switch (r.state) {
    case RungState::kAbsent: break;  // a target whose load was put off, a second look that has merely asked
    case RungState::kPreparing: add(Action::Kind::kCancelLoad, rung); break;
    case RungState::kVerifying: cancel_check(rung); [[fallthrough]];
    case RungState::kReady: add(Action::Kind::kRelease, rung); break;
    default: return;
  }
  if (r.state != RungState::kAbsent) r.state = RungState::kReleased;
  if (rung == target_) target_ = -1;
  if (rung == second_look_rung_) second_look_rung_ = -1;
  if (rung == interim_) interim_ = -1;
  if (rung == warming_) warming_ = -1;
}

void Ladder::drop_second_look() {
  if (second_look_rung_ >= 0) drop(second_look_rung_);
  second_look_ = SecondLook::kOver;
}

/// What served is gone; the request that found out, and all others, wait for what comes.
void Ladder::lose_serving(int rung) {
  serving_ = -1;
  lost_ = rung;
  if (rungs_[rung].state == RungState::kServing) rungs_[rung].state = RungState::kReleased;
  if (target_ == rung) target_ = -1;
  add(Action::Kind::kRetire, rung);
  drop_second_look();
  drop_interim();
  if (!options_.fail_over) return fail_running();
  // A probe that was being compared with what is gone goes on with what comes, or alone.
  std::vector<int> probes;
  for (const Health& health : health_) {
    if (health.probing && rungs_[health.rung].state == RungState::kVerifying) probes.push_back(health.rung);
  }
  for (const int probed : probes) cancel_check(probed);
  renew();
  replace_serving();
  for (const int probed : probes) probe_loaded(probed);
}

/// Everything that may serve counts again, whatever was better before.
void Ladder::renew() {
  for (Rung& r : rungs_) {
    if (is_suspended(r.spec.device)) continue;
    const bool slower = r.refusal == Reason::kSlowerThanHelper;
    if (r.state == RungState::kReleased && (!r.refusal || slower || r.refusal == Reason::kOccupied)) {
      r.state = RungState::kAbsent;
    } else if (r.state == RungState::kFailed && slower) {
      r.state = RungState::kAbsent;
    } else {
      continue;
    }
    r.refusal.reset();
    r.text.clear();
  }
  for (std::size_t d = 0; d < device_done_.size(); ++d) device_done_[d] = is_suspended(static_cast<int>(d));
}

/// Best first: a target that is loaded already; else something that is loaded serves meanwhile; else a helper is loaded
/// beside the target (B-612).
void Ladder::replace_serving() {
  if (target_ >= 0) {
    const RungState state = rungs_[target_].state;
    if (state == RungState::kVerifying || state == RungState::kReady) {
      cancel_check(target_);
      warming_ = -1;
      target_loaded(target_);
      return;
    }
  }
  if (const int ready = loaded_rung(); ready >= 0) {
    plan_.helper = ready;
    phase_ = Phase::kHelper;
    serve_again(ready);
  }
  if (choosing_device_) return;
  if (target_ < 0) return choose_next_device();
  choose_helper_again();
  begin_loads(false);
}

/// The best that is loaded and idle, or that drains after a hand-over; -1: none.
int Ladder::loaded_rung() const {
  const auto is_loaded = [&](int rung) {
    const RungState state = rungs_[rung].state;
    return (state == RungState::kReady || state == RungState::kDraining) && !is_suspended(rungs_[rung].spec.device);
  };
  for (const DeviceRungs& device : plan_.devices) {
    for (const int rung : device.rungs) {
      if (is_loaded(rung)) return rung;
    }
  }
  for (std::size_t i = 0; i < rungs_.size(); ++i) {
    if (is_loaded(static_cast<int>(i))) return static_cast<int>(i);
  }
  return -1;
}

/// REQUIRES: failing_over().
void Ladder::serve_again(int rung) {
  serve(rung);
  const Rung& lost = rungs_[lost_];
  const Reason reason = suspended(lost.spec.device).value_or(lost.refusal.value_or(Reason::kSuspendedEngineError));
  emit(EventType::kSwitched, rung, std::string(to_string(reason)),
       "fail-over from " + to_string(lost.spec.pair) + " to " + to_string(rungs_[rung].spec.pair),
       {{"since_start_ms", base::to_ms(now_ - began_)}});
}

/// B-510 among the devices that work; one that is being loaded goes on.
void Ladder::choose_helper_again() {
  if (serving_ >= 0 || helper_loads()) return;
  const auto helper = choose_helper(plan_, rungs_[target_].spec, [this](int device) { return !is_suspended(device); });
  plan_.helper = helper ? rung_for(*helper) : -1;
}

int Ladder::rung_for(const RungSpec& spec) {
  for (std::size_t i = 0; i < rungs_.size(); ++i) {
    if (rungs_[i].spec.pair == spec.pair && rungs_[i].spec.hint == spec.hint) return static_cast<int>(i);
  }
  rungs_.push_back({.spec = spec});
  load_began_.emplace_back();
  return static_cast<int>(rungs_.size()) - 1;
}

void Ladder::fail_running() {
  phase_ = Phase::kFailed;
  std::vector<base::FailedAttempt> failures;
  for (const Health& health : health_) {
    if (!health.last.device.empty()) failures.push_back(health.last);  // suspended, or its target did not load either
  }
  const Status error = final_error(failures);
  Action action{.kind = Action::Kind::kFail};
  action.status = Status(StatusCode::kDeviceFailed, error.message(), {}, error.attempts());
  emit(EventType::kFailed, -1, {}, error.message());
  actions_.push_back(std::move(action));
}

// ---------------------------------------------------------------------------------------------------------------------
// Probes and return

/// What is loaded to see whether the device of `rung` works again: the pair that served, unless it only helped.
int Ladder::probe_rung(int rung) const {
  const std::vector<int>& full = plan_.devices[rungs_[rung].spec.device].rungs;
  if (std::find(full.begin(), full.end(), rung) != full.end()) return rung;
  const auto other = std::find_if(full.begin(), full.end(), [&](int r) { return !rungs_[r].refusal; });
  return other == full.end() ? rung : *other;
}

bool Ladder::is_probe(int rung) const {
  const Health& health = health_[static_cast<std::size_t>(rungs_[rung].spec.device)];
  return health.probing && health.rung == rung;
}

void Ladder::plan_probe(int device) {
  if (const auto next = health_[static_cast<std::size_t>(device)].suspension.next_probe())
    start_timer(Action::Timer::kProbe, *next, device);
}

bool Ladder::ranks_above_serving(int device) const { return serving_ < 0 || device < rungs_[serving_].spec.device; }

/// The timer: a device that would return asks first whether it may (B-630). Timers of earlier waits mean nothing.
void Ladder::probe(int device) {
  Health& health = health_[static_cast<std::size_t>(device)];
  const auto next = health.suspension.next_probe();
  if (!next || *next > now_) return;
  const RungState state = rungs_[health.rung].state;
  if (state == RungState::kDraining) {  // a run of before has not let go of it
    health.suspension.probe_put_off(now_);
    plan_probe(device);
  } else if (serving_ >= 0 && ranks_above_serving(device)) {
    ask_device(device, false, false);
  } else {
    begin_probe(device);
  }
}

void Ladder::begin_probe(int device) {
  Health& health = health_[static_cast<std::size_t>(device)];
  health.suspension.probe_began(now_);
  health.probing = true;
  load(health.rung, "PROBE");
}

void Ladder::probe_loaded(int rung) {
  rungs_[rung].state = RungState::kVerifying;
  rungs_[rung].refusal.reset();
  if (serving_ < 0) add(Action::Kind::kWarmUp, rung);
  else want_check({.rung = rung, .speed_check = ranks_above_serving(rungs_[rung].spec.device)});
}

Actions Ladder::warmed(int rung, const Status& status, TimePoint now) {
  now_ = now;
  if (closed_ || rungs_[rung].state != RungState::kVerifying) return take();
  if (rung == warming_) {
    target_warmed(rung, status);
    return take();
  }
  if (!is_probe(rung)) return take();
  if (wants_check(rung)) return take();  // something serves since, and the probe is compared with it
  if (!status.is_ok()) probe_bad(rung, Reason::kWarmupFailed, status);
  else if (serving_ >= 0) probe_loaded(rung);  // something else was quicker
  else probe_good(rung);
  return take();
}

void Ladder::probe_bad(int rung, Reason reason, const Status& status) {
  Rung& r = rungs_[rung];
  Health& health = health_[static_cast<std::size_t>(r.spec.device)];
  health.probing = false;
  health.suspension.probe_failed(failure_class(status.code()), now_);
  health.last = {r.spec.pair.device, r.spec.pair.engine, status.code(), status.message()};
  if (r.state == RungState::kVerifying) add(Action::Kind::kRelease, rung);
  r.state = RungState::kReleased;
  const auto next = health.suspension.next_probe();
  emit(EventType::kProbeDone, rung, std::string(to_string(reason)), status.message(),
       {{"next_ms", next ? base::to_ms(*next - now_) : 0}});
  plan_probe(r.spec.device);
}

void Ladder::probe_good(int rung) {
  const int device = rungs_[rung].spec.device;
  const bool better_comes = target_ >= 0 && target_ != serving_ && target_device_ < device;
  if (better_comes && serving_ < 0) serve_until_better(rung);
  else if (!better_comes && ranks_above_serving(device)) ask_device(device, true, serving_ < 0);
  else usable_again(rung, "usable again; what serves, or will, ranks higher");
}

void Ladder::recovered(int device) {
  Health& health = health_[static_cast<std::size_t>(device)];
  health.probing = false;
  health.suspension.recovered(now_);
}

void Ladder::serve_until_better(int rung) {
  recovered(rungs_[rung].spec.device);
  emit(EventType::kProbeDone, rung);
  if (helper_loads()) drop(plan_.helper);
  plan_.helper = rung;
  phase_ = Phase::kHelper;
  serve(rung);
  emit(EventType::kReturned, rung);
}

void Ladder::usable_again(int rung, std::string text) {
  recovered(rungs_[rung].spec.device);
  rungs_[rung].state = RungState::kReleased;
  add(Action::Kind::kRelease, rung);
  emit(EventType::kProbeDone, rung, {}, std::move(text));
}

Actions Ladder::device_answered(int device, bool claim, bool granted, TimePoint now) {
  now_ = now;
  if (closed_) {
    if (claim && granted) add(Action::Kind::kLeaveDevice);
    return take();
  }
  Health& health = health_[static_cast<std::size_t>(device)];
  const int rung = health.rung;
  const bool verified = health.probing && rungs_[rung].state == RungState::kVerifying;
  if (!health.suspension.suspended()) {
    const bool for_second_look = second_look_rung_ >= 0 && rungs_[second_look_rung_].spec.device == device &&
                                 rungs_[serving_].spec.device != device;
    const bool for_interim = interim_ >= 0 && !claim && rungs_[interim_].spec.device == device &&
                             rungs_[interim_].state == RungState::kAbsent;
    if (for_interim && granted) load_interim();
    else if (for_interim) interim_ = -1;
    else if (for_second_look) second_look_answered(claim, granted);
    else if (claim && granted) registration_astray(device);
  } else if (claim && granted) {
    if (verified) come_back(rung);
    else registration_astray(device);
  } else if (granted) {
    if (!health.probing) begin_probe(device);
  } else if (claim ? verified : !health.probing) {
    put_off(device);
  }
  return take();
}

/// Held by a higher level: no return now (B-630).
void Ladder::put_off(int device) {
  Health& health = health_[static_cast<std::size_t>(device)];
  if (std::exchange(health.probing, false)) {
    cancel_check(health.rung);
    rungs_[health.rung].state = RungState::kReleased;
    add(Action::Kind::kRelease, health.rung);
  }
  health.suspension.probe_put_off(now_);
  emit(EventType::kProbeDone, health.rung, std::string(to_string(Reason::kOccupied)),
       "held by a model of higher priority: no return");
  plan_probe(device);
}

/// What a registration was moved for did not come about.
void Ladder::registration_astray(int device) {
  if (serving_ < 0 && !choosing_device_ && target_ < 0) add(Action::Kind::kLeaveDevice);
  else if (!choosing_device_ && target_device_ != device) ask_device(target_device_, true, true);
}

/// B-625, B-628: like a hand-over, whatever is going on.
void Ladder::come_back(int rung) {
  recovered(rungs_[rung].spec.device);
  cancel_check(rung);  // begun anew because what it had been compared with is gone
  drop_second_look();
  drop_interim();
  if (target_ >= 0) drop(target_);
  if (helper_loads()) drop(plan_.helper);
  choosing_device_ = false;
  take_target(rung);
  if (serving_ >= 0) {
    emit(EventType::kProbeDone, rung);
    switch_to(rung, EventType::kReturned);
  } else {
    phase_ = Phase::kFailover;
    emit(EventType::kProbeDone, rung);
    phase_ = Phase::kSteady;
    serve(rung);
    emit(EventType::kReturned, rung);
    settle();
  }
  if (options_.stateful) emit(EventType::kStateReset, rung, {}, "the model begins with its initial state");
}

}  // namespace baton::policy
