// SPDX-License-Identifier: Apache-2.0
// Copyright (C) 2026 The Baton authors
//
// What serves between helper and target (B-552): the plan says who may (policy/interim.h). It is loaded once the helper
// has answered, checked against it, and takes its place; everything that holds for a helper then holds for it. Nothing
// of this keeps the target waiting: as soon as that is loaded, and has run once where its first run takes as long as a
// load, a load or check that is not over is given up.
#include "policy/interim.h"

#include "policy/ladder.h"

namespace baton::policy {

/// Only the target that the plan compared it with, and only as long as that is away.
bool Ladder::interim_pays() const {
  const int planned = plan_.devices[static_cast<std::size_t>(plan_.first_device)].rungs.front();
  if (failing_over() || options_.hold || plan_.target_cached || serving_ < 0 || serving_ != plan_.helper) return false;
  if (target_ != planned || rungs_[target_].state != RungState::kPreparing) return false;
  const Rung& rung = rungs_[plan_.interim];
  if (rung.state != RungState::kAbsent || is_suspended(rung.spec.device)) return false;
  return judge_interim(plan_, rungs_[serving_].spec, rungs_[target_].spec, rung.spec,
                       base::to_ms(now_ - load_began_[target_]))
      .may_serve;
}

void Ladder::begin_interim() {
  if (plan_.interim < 0) return;
  if (interim_pays()) {
    interim_ = plan_.interim;
    const int device = rungs_[interim_].spec.device;
    if (device == rungs_[serving_].spec.device || device == target_device_) load_interim();
    else ask_device(device, false, false);  // B-413; like a helper it registers nothing
  }
  plan_.interim = -1;
}

void Ladder::load_interim() { load(interim_, "INTERIM"); }

void Ladder::interim_loaded(int rung) {
  phase_ = Phase::kChecking;
  rungs_[rung].state = RungState::kVerifying;
  want_check({.rung = rung});
}

void Ladder::serve_interim(int rung) {
  if (options_.hold) {
    drop_interim();
    phase_ = Phase::kHelper;
    return;
  }
  interim_ = -1;
  relieved_ = plan_.helper;
  plan_.helper = rung;
  switch_to(rung, EventType::kSwitched, Phase::kHelper);
}

/// The target's first run takes longer than the rest of what shall serve in between.
bool Ladder::warms_up_first(int rung) const {
  return serving_ >= 0 && interim_ >= 0 && rungs_[rung].spec.lazy_first_run;
}

void Ladder::target_warmed(int rung, const base::Status& status) {
  warming_ = -1;
  if (status.is_ok()) {
    drop_interim();
    return target_loaded(rung);
  }
  CheckResult failed{.reason = Reason::kWarmupFailed, .text = "the warm-up run failed: " + status.message()};
  rungs_[rung].text = failed.text;
  refuse(rung, failed);
}

/// It was not refused: it may be a target, or be looked at, later.
void Ladder::drop_interim() {
  plan_.interim = -1;
  if (interim_ < 0) return;
  const int rung = interim_;
  drop(rung);
  rungs_[rung].state = RungState::kAbsent;
}

}  // namespace baton::policy
