// SPDX-License-Identifier: Apache-2.0
// Copyright (C) 2026 The Baton authors
#include "policy/serving_set.h"

#include <algorithm>
#include <utility>

namespace baton::policy {

using base::Status;
using base::StatusCode;
using base::TimePoint;

ServingSet::ServingSet(Plan plan, ServingSetOptions options)
    : plan_(std::move(plan)),
      options_(std::move(options)),
      positions_(plan_.devices.size()),
      suspensions_(plan_.devices.size(), Suspension(options_.recovery_backoff)),
      last_failures_(plan_.devices.size()),
      load_began_(plan_.rungs.size()) {
  for (const RungSpec& spec : plan_.rungs) rungs_.push_back({.spec = spec});
}

// ---------------------------------------------------------------------------------------------------------------------
// Actions

void ServingSet::add(Action::Kind kind, int rung, int other) {
  actions_.push_back({.kind = kind, .rung = rung, .other = other});
}

void ServingSet::emit(EventType type, int rung, std::string reason, std::string text,
                      std::map<std::string, double> values) {
  Event event{.type = type, .time = now_, .phase = phase_, .generation = generation_};
  event.reason = std::move(reason);
  event.text = std::move(text);
  event.values = std::move(values);
  actions_.push_back(emission(std::move(event), rung, rung >= 0 ? &rungs_[rung].spec.pair : nullptr));
}

Actions ServingSet::take() { return std::exchange(actions_, {}); }

// ---------------------------------------------------------------------------------------------------------------------
// What happened

Actions ServingSet::start(TimePoint now) {
  now_ = began_ = now;
  for (std::size_t d = 0; d < plan_.devices.size(); ++d) load(static_cast<int>(d));
  return take();
}

Actions ServingSet::loaded(int rung, const Status& status, TimePoint now) {
  now_ = now;
  Rung& r = rungs_[rung];
  if (closed_ || r.state != RungState::kPreparing) {  // given up meanwhile
    if (status.is_ok()) add(Action::Kind::kRelease, rung);
    return take();
  }
  if (!status.is_ok()) {
    if (suspended(r.spec.device)) probe_failed(rung, Reason::kLoadFailed, status);
    else load_failed(rung, Reason::kLoadFailed, status);
    return take();
  }
  r.figures["load_ms"] = base::to_ms(now - load_began_[rung]);
  emit(EventType::kLoadFinished, rung, {}, {}, {{"ms", r.figures["load_ms"]}});
  r.state = RungState::kVerifying;
  const std::vector<int> others = serving();
  add(Action::Kind::kCheck, rung, others.empty() ? -1 : others.front());
  return take();
}

Actions ServingSet::warmed(int rung, const CheckResult& result, TimePoint now) {
  now_ = now;
  Rung& r = rungs_[rung];
  if (closed_ || r.state != RungState::kVerifying) return take();
  for (const auto& [name, value] : result.figures) r.figures[name] = value;
  emit(EventType::kCheckDone, rung, result.passed ? "" : std::string(to_string(result.reason)), result.text,
       result.figures);
  if (result.passed) {
    r.text = result.text;
    join(rung);
  } else if (suspended(r.spec.device)) {
    add(Action::Kind::kRelease, rung);
    probe_failed(rung, result.reason, Status::device_failed(result.text));
  } else {
    attempts_.add(r.spec.pair, Status::device_failed(result.text));
    add(Action::Kind::kRelease, rung);
    give_up(rung, result.reason, result.text);
    next_rung(r.spec.device, false);
  }
  return take();
}

Actions ServingSet::run_failed(int rung, const Status& status, TimePoint now) {
  now_ = now;
  Rung& r = rungs_[rung];
  const FailureClass failure = failure_class(status.code());
  if (closed_ || r.state != RungState::kServing || !suspensions_[r.spec.device].fail(failure, now)) return take();
  r.state = RungState::kReleased;
  r.refusal = suspension_reason(failure);
  r.text = status.message();
  note_failure(rung, status);
  ++generation_;
  add(Action::Kind::kRelease, rung);
  if (serving().empty()) nobody_serves();
  emit(EventType::kDeviceSuspended, rung, std::string(to_string(*r.refusal)), status.message());
  schedule_probe(rung);
  return take();
}

Actions ServingSet::compared(const ContentionGuard::Verdict& verdict, TimePoint now) {
  now_ = now;
  std::map<std::string, double> figures{{"fps", verdict.with_per_s}};
  for (std::size_t d = 0; d < verdict.without_per_s.size(); ++d) {
    if (verdict.without_per_s[d] > 0) figures["fps_without_" + plan_.devices[d].name] = verdict.without_per_s[d];
  }
  emit(EventType::kDevicesCompared, -1, {}, {}, std::move(figures));
  if (verdict.parked >= 0) {
    emit(EventType::kDeviceParked, rung_of(verdict.parked), {}, {},
         {{"ms", ContentionGuard::kParkedMs},
          {"fps", verdict.with_per_s},
          {"fps_without", verdict.without_per_s[static_cast<std::size_t>(verdict.parked)]}});
  }
  return take();
}

Actions ServingSet::timer(Action::Timer timer, int rung, TimePoint now) {
  now_ = now;
  if (closed_) return take();
  const RungState state = rungs_[rung].state;
  const int device = rungs_[rung].spec.device;
  const bool late = now_ - load_began_[rung] >= options_.compile_timeout;  // else the timer is of a load before
  if (timer == Action::Timer::kLoadTimeout && state == RungState::kPreparing && late) {
    const Status status(StatusCode::kDeadlineExceeded, "loading took longer than COMPILE_TIMEOUT");
    add(Action::Kind::kCancelLoad, rung);
    if (suspended(device)) probe_failed(rung, Reason::kLoadTimeout, status);
    else load_failed(rung, Reason::kLoadTimeout, status);
  } else if (timer == Action::Timer::kProbe && suspended(device) && state == RungState::kReleased) {
    suspensions_[device].probe_began(now);
    load(device);
  }
  return take();
}

Actions ServingSet::close(TimePoint now) {
  now_ = now;
  if (std::exchange(closed_, true)) return take();
  for (std::size_t i = 0; i < rungs_.size(); ++i) {
    if (rungs_[i].state == RungState::kPreparing) add(Action::Kind::kCancelLoad, static_cast<int>(i));
    if (rungs_[i].state == RungState::kVerifying) add(Action::Kind::kCancelCheck, static_cast<int>(i));
  }
  emit(EventType::kClosed, -1);
  return take();
}

// ---------------------------------------------------------------------------------------------------------------------
// Loading

void ServingSet::load(int device) {
  const int rung = rung_of(device);
  rungs_[rung].state = RungState::kPreparing;
  load_began_[rung] = now_;
  add(Action::Kind::kLoad, rung);
  emit(EventType::kLoadStarted, rung);
  if (options_.compile_timeout.count() == 0) return;
  add(Action::Kind::kStartTimer, rung);
  actions_.back().timer = Action::Timer::kLoadTimeout;
  actions_.back().time = now_ + options_.compile_timeout;
}

void ServingSet::load_failed(int rung, Reason reason, const Status& status) {
  attempts_.add(rungs_[rung].spec.pair, status);
  give_up(rung, reason, status.message());
  next_rung(rungs_[rung].spec.device, device_is_done(status));
}

void ServingSet::give_up(int rung, Reason reason, const std::string& text) {
  Rung& r = rungs_[rung];
  r.state = RungState::kFailed;
  r.refusal = reason;
  r.text = text;
  emit(EventType::kCandidateFailed, rung, std::string(to_string(reason)), text);
}

/// The device's next engine, or the device leaves the list (B-806).
void ServingSet::next_rung(int device, bool device_is_done) {
  const std::size_t rungs = plan_.devices[device].rungs.size();
  positions_[device] = device_is_done ? rungs : positions_[device] + 1;
  if (positions_[device] < rungs) return load(device);
  if (options_.wait_for_all) begin_serving();
  if (serving().empty()) nobody_serves();
}

/// A suspended device is looked at again (B-624).
void ServingSet::schedule_probe(int rung) {
  const auto time = suspensions_[rungs_[rung].spec.device].next_probe();
  if (!time) return;
  add(Action::Kind::kStartTimer, rung);
  actions_.back().timer = Action::Timer::kProbe;
  actions_.back().time = *time;
}

void ServingSet::note_failure(int rung, const Status& status) {
  const RungSpec& spec = rungs_[rung].spec;
  last_failures_[spec.device] = {spec.pair.device, spec.pair.engine, status.code(), status.message()};
}

void ServingSet::probe_failed(int rung, Reason reason, const Status& status) {
  Rung& r = rungs_[rung];
  r.state = RungState::kReleased;
  r.text = status.message();
  note_failure(rung, status);
  Suspension& suspension = suspensions_[r.spec.device];
  suspension.probe_failed(failure_class(status.code()), now_);
  const auto next = suspension.next_probe();
  emit(EventType::kProbeDone, rung, std::string(to_string(reason)), status.message(),
       {{"next_ms", next ? base::to_ms(*next - now_) : 0}});
  if (serving().empty()) nobody_serves();
  schedule_probe(rung);
}

// ---------------------------------------------------------------------------------------------------------------------
// Serving

void ServingSet::join(int rung) {
  Rung& r = rungs_[rung];
  r.state = RungState::kServing;
  r.figures["joined_ms"] = base::to_ms(now_ - began_);
  const bool returns = suspended(r.spec.device);
  if (returns) {
    suspensions_[r.spec.device].recovered(now_);
    r.refusal.reset();
    emit(EventType::kProbeDone, rung);
  }
  const bool first = phase_ == Phase::kPreparing && serving().size() == 1;
  if (phase_ == Phase::kPreparing) begin_serving();
  else phase_ = Phase::kSteady;
  if (returns) ++generation_;
  add(Action::Kind::kPublish, rung);
  if (!first) emit(EventType::kDeviceJoined, rung, {}, {}, {{"since_start_ms", r.figures["joined_ms"]}});
}

/// compile_model returns.
void ServingSet::begin_serving() {
  if (phase_ != Phase::kPreparing || serving().empty() || (options_.wait_for_all && !settled())) return;
  phase_ = Phase::kSteady;
  generation_ = 1;
}

/// Somebody still loads, and is waited for; or nobody does.
void ServingSet::nobody_serves() {
  const bool compiling = phase_ == Phase::kPreparing;
  if (!settled()) {
    if (!compiling) phase_ = Phase::kFailover;
    return;
  }
  if (phase_ == Phase::kFailed) return;
  if (compiling) return fail(attempts_.error(options_.tag));
  std::vector<base::FailedAttempt> failures;
  for (std::size_t d = 0; d < plan_.devices.size(); ++d) {
    if (suspended(static_cast<int>(d))) failures.push_back(last_failures_[d]);
  }
  const Status error = final_error(failures);  // B-628
  fail(Status(StatusCode::kDeviceFailed, error.message(), {}, error.attempts()));
}

void ServingSet::fail(Status status) {
  phase_ = Phase::kFailed;
  emit(EventType::kFailed, -1, {}, status.message());
  add(Action::Kind::kFail);
  actions_.back().status = std::move(status);
}

int ServingSet::rung_of(int device) const {
  const DeviceRungs& rungs = plan_.devices[device];
  return positions_[device] < rungs.rungs.size() ? rungs.rungs[positions_[device]] : -1;
}

std::vector<int> ServingSet::serving() const {
  std::vector<int> serving;
  for (std::size_t d = 0; d < plan_.devices.size(); ++d) {
    const int rung = rung_of(static_cast<int>(d));
    if (rung >= 0 && rungs_[rung].state == RungState::kServing) serving.push_back(rung);
  }
  return serving;
}

bool ServingSet::settled() const {
  for (std::size_t d = 0; d < plan_.devices.size(); ++d) {
    const int rung = rung_of(static_cast<int>(d));
    if (rung >= 0 && rungs_[rung].state != RungState::kServing && !suspended(static_cast<int>(d))) return false;
  }
  return true;
}

}  // namespace baton::policy
