// SPDX-License-Identifier: Apache-2.0
// Copyright (C) 2026 The Baton authors
//
// The state machine of one compiled model that serves on several devices at once (CUMULATIVE_THROUGHPUT, MULTI; section
// 8 of the behaviour specification): who loads, who joins, who leaves. Which of them takes a request is Schedule's
// affair. Like Ladder it is told what happened and answers what to do; it has no thread, clock, engine or lock.
#pragma once

#include <string>
#include <vector>

#include "base/executor.h"
#include "base/status.h"
#include "policy/contention.h"
#include "policy/event.h"
#include "policy/ladder_action.h"
#include "policy/load_attempts.h"
#include "policy/plan.h"
#include "policy/suspension.h"

namespace baton::policy {

struct ServingSetOptions {
  bool wait_for_all = false;          ///< B-819: nobody serves before every device is settled
  base::Duration compile_timeout{0};  ///< 0: none
  base::Duration recovery_backoff = kDefaultBackoff;
  std::string tag = "AUTO";  ///< in error texts: AUTO, or MULTI
};

/// The devices of a plan, in list order; each loads its best pair, and the next one when that fails (B-601, B-809). One
/// whose run fails is suspended, and returns after a probe (B-811, B-812): the same way, from loading on.
///
/// Of the Actions it uses kLoad, kCancelLoad, kCheck (warm the rung up; with `other` >= 0 its outputs may be compared
/// with that rung's), kCancelCheck, kPublish (the rung joins), kRelease (it takes no more requests and ends with its
/// last run), kStartTimer, kFail (until the next kPublish nothing can serve) and kEmit.
///
/// Thread-safety: none; the shell guards it. Every event method may be called in any state: what came too late is
/// answered by releasing what it brought.
class ServingSet {
 public:
  ServingSet(Plan plan, ServingSetOptions options);

  // What happened, and when.
  Actions start(base::TimePoint now);
  Actions loaded(int rung, const base::Status& status, base::TimePoint now);
  Actions warmed(int rung, const CheckResult& result, base::TimePoint now);
  /// A run failed with a class that says something about the device (B-609).
  Actions run_failed(int rung, const base::Status& status, base::TimePoint now);
  /// B-820: sets of devices were compared; where others do more without one, it takes no requests for a while.
  Actions compared(const ContentionGuard::Verdict& verdict, base::TimePoint now);
  Actions timer(Action::Timer timer, int rung, base::TimePoint now);
  Actions close(base::TimePoint now);

  /// kPreparing until compile_model may return, then kSteady; kFailover while nobody serves but somebody loads, kFailed
  /// while nobody does.
  Phase phase() const { return phase_; }
  std::uint64_t generation() const { return generation_; }
  /// Every device serves, is suspended or was given up (B-551).
  bool settled() const;
  const std::vector<Rung>& rungs() const { return rungs_; }
  const Plan& plan() const { return plan_; }
  /// Rungs that take requests, in list order.
  std::vector<int> serving() const;
  /// The rung that stands for a device of the plan: it serves or is being prepared; -1: the device was given up.
  int rung_of(int device) const;
  bool suspended(int device) const { return suspensions_[static_cast<std::size_t>(device)].suspended(); }

 private:
  void load(int device);
  void load_failed(int rung, Reason reason, const base::Status& status);
  void give_up(int rung, Reason reason, const std::string& text);
  void next_rung(int device, bool device_is_done);
  void join(int rung);
  void begin_serving();
  void fail(base::Status status);
  void nobody_serves();
  void note_failure(int rung, const base::Status& status);
  void probe_failed(int rung, Reason reason, const base::Status& status);
  void schedule_probe(int rung);
  void add(Action::Kind kind, int rung = -1, int other = -1);
  void emit(EventType type, int rung, std::string reason = {}, std::string text = {},
            std::map<std::string, double> values = {});
  Actions take();

  Plan plan_;
  ServingSetOptions options_;
  std::vector<Rung> rungs_;
  std::vector<std::size_t> positions_;              ///< by device: the rung of DeviceRungs::rungs that stands for it
  std::vector<Suspension> suspensions_;             ///< by device
  std::vector<base::FailedAttempt> last_failures_;  ///< by device: why it is suspended
  std::vector<base::TimePoint> load_began_;
  Phase phase_ = Phase::kPreparing;
  std::uint64_t generation_ = 0;
  LoadAttempts attempts_;
  bool closed_ = false;
  base::TimePoint began_{};
  base::TimePoint now_{};
  Actions actions_;
};

}  // namespace baton::policy
