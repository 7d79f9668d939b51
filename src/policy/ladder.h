// SPDX-License-Identifier: Apache-2.0
// Copyright (C) 2026 The Baton authors
//
// The state machine of one compiled AUTO model in single-target mode (design.md section 6): start-up, hand-over
// (ladder.cc), what serves between helper and target (ladder_interim.cc), second look (ladder_second_look.cc); run-time
// failures, fail-over and return (ladder_failover.cc). It is told what happened and answers what to do; it has no
// thread, clock, engine or lock.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "policy/ladder_action.h"
#include "policy/load_attempts.h"
#include "policy/suspension.h"

namespace baton::policy {

/// How long a deferred target, and what serves before it, wait for the helper's first answer (B-516).
inline constexpr base::Duration kDeferLimit = std::chrono::milliseconds(500);
/// Without an idle moment for this long the second look starts all the same: a program that never pauses must not be
/// bound for ever to the first acceptable pair. (Goes beyond B-553, which knows idle time only.)
inline constexpr base::Duration kSecondLookPatience = std::chrono::milliseconds(2000);
inline constexpr int kSecondLookPairs = 2;  ///< B-553; what builds for minutes is one more
inline constexpr base::Duration kSecondLookLoad = std::chrono::seconds(10);  ///< B-553
/// Of one that cannot be stopped, as TensorRT's: it goes on all the same, so giving it up would only waste it.
inline constexpr base::Duration kSecondLookBuild = std::chrono::minutes(15);
/// One device that took more than this of another's time was close to it: right after their loads two devices look up
/// to 1.45 times slower than they are, as an H100 on the wrong core, or 16 cores beside its load
/// (benchmarks/RESULTS.md).
inline constexpr double kCloseCall = 0.7;
/// An engine's full profile ran up to 1.7 times as fast as its fast one (benchmarks/RESULTS.md). What serves twice as
/// fast as the fast profile is out of its reach, because the second look would have to find it 2.2 times as fast: it
/// is spared, with the load and the memory that it leaves behind.
inline constexpr double kOutOfReach = 0.5;

/// Thread-safety: none; the shell guards it. Every event method may be called in any state: what came too late is
/// answered by releasing what it brought.
class Ladder {
 public:
  Ladder(Plan plan, LadderOptions options);

  // What happened, and when.
  Actions start(base::TimePoint now);
  Actions loaded(int rung, const base::Status& status, base::TimePoint now);
  /// The cache's entry for `rung`, which is being loaded, is of no use: it must be compiled.
  Actions entry_refused(int rung, base::TimePoint now);
  Actions first_answer(base::TimePoint now);               ///< the first request completed
  Actions device_chosen(int device, base::TimePoint now);  ///< index into Plan::devices, or -1
  Actions checked(int rung, const CheckResult& result, base::TimePoint now);
  Actions drained(int rung, base::TimePoint now);
  Actions released(int rung, base::TimePoint now);
  Actions set_hold(bool hold, base::TimePoint now);
  Actions timer(Action::Timer timer, int rung, base::TimePoint now);
  Actions idle(base::TimePoint now);  ///< or patience is over
  /// What serves compiles whenever shapes change, and they do so often that it has lost what it gained by its speed:
  /// its runs take `average_ms`, at unchanged shapes `plain_ms`.
  Actions shapes_change(int rung, double average_ms, double plain_ms, base::TimePoint now);
  /// A run of a request failed with a class that says something about the device (B-609).
  Actions run_failed(int rung, const base::Status& status, base::TimePoint now);
  Actions warmed(int rung, const base::Status& status, base::TimePoint now);
  Actions device_answered(int device, bool claim, bool granted, base::TimePoint now);
  Actions close(base::TimePoint now);

  Phase phase() const { return phase_; }
  std::uint64_t generation() const { return generation_; }
  int serving() const { return serving_; }
  int target() const { return target_; }
  int helper() const { return plan_.helper; }
  /// True while `serving()` is the helper and something else may still take over (its name is shown in parentheses).
  bool serving_is_interim() const;
  const std::vector<Rung>& rungs() const { return rungs_; }
  const Plan& plan() const { return plan_; }
  /// "CPU:[onnxruntime] ...;GPU:[...] ...;" of every failed load so far (B-602).
  const std::string& attempts() const { return attempts_.text(); }
  bool second_look_over() const { return second_look_ == SecondLook::kOver; }
  /// Why the device takes no requests; nullopt: it does.
  std::optional<Reason> suspended(int device) const;
  /// The last failure of a device (index into Plan::devices).
  const base::FailedAttempt& last_failure(int device) const { return health_[static_cast<std::size_t>(device)].last; }

 private:
  enum class SecondLook { kNotBegun, kWaiting, kRunning, kOver };
  /// A device as this model sees it.
  struct Health {
    Suspension suspension;
    int rung = -1;             ///< what a probe loads
    bool probing = false;      ///< it is loaded or checked now
    base::FailedAttempt last;  ///< why it is suspended
  };
  struct WaitingCheck {
    int rung = -1;
    bool second_look = false;
    bool speed_check = true;
  };

  void emit(EventType type, int rung, std::string reason = {}, std::string text = {},
            std::map<std::string, double> values = {});
  void add(Action::Kind kind, int rung = -1, int other = -1);
  void start_timer(Action::Timer timer, base::TimePoint time, int rung = -1);
  void ask_device(int device, bool claim, bool force);
  Actions take();

  void load(int rung, std::string reason = {});
  void load_target();
  void begin_loads(bool defer);
  bool opens_ahead(int rung) const;
  void start_waiting_helper();
  bool helper_loads() const;
  void serve(int rung, int old = -1);
  void helper_loaded(int rung);
  void target_loaded(int rung);
  base::Duration second_look_load(int rung) const;
  std::optional<base::Duration> load_limit(int rung) const;
  void load_too_long(int rung);
  void load_failed(int rung, Reason reason, const base::Status& status);
  void refuse(int rung, const CheckResult& result);
  void next_target(bool device_is_done, const base::Status* why = nullptr);
  void choose_next_device();
  std::optional<int> next_rung(int device) const;
  bool usable(int rung) const;
  void take_target(int rung);
  void targets_exhausted();
  bool helper_can_be_final() const;
  bool last_resort(int rung) const;
  void keep_helper();
  void switch_to(int rung, EventType type = EventType::kSwitched, Phase phase = Phase::kDraining);
  void settle();
  void begin_second_look();
  void look();
  void next_second_look();
  void load_second_look();
  void second_look_answered(bool claim, bool granted);
  std::optional<int> second_look_candidate() const;
  bool out_of_reach(int rung) const;
  bool close_call() const;
  void want_check(WaitingCheck check);
  void next_check();
  bool wants_check(int rung) const;  ///< one is going on, or waits for its turn
  void cancel_check(int rung);
  void fail();

  // ladder_interim.cc
  void begin_interim();
  bool interim_pays() const;
  void load_interim();
  void interim_loaded(int rung);
  bool warms_up_first(int rung) const;
  void target_warmed(int rung, const base::Status& status);
  void serve_interim(int rung);
  void drop_interim();

  // ladder_failover.cc
  bool failing_over() const { return lost_ >= 0; }  ///< or did: then start-up is over for good
  bool is_suspended(int device) const { return health_[static_cast<std::size_t>(device)].suspension.suspended(); }
  bool target_goes_on(int rung, FailureClass failure) const;
  void suspend(int rung, const base::Status& status);
  void lose_serving(int rung);
  void renew();
  void replace_serving();
  int loaded_rung() const;
  void serve_again(int rung);
  void choose_helper_again();
  int rung_for(const RungSpec& spec);
  void drop(int rung);
  void drop_second_look();
  void fail_running();
  int probe_rung(int rung) const;
  bool is_probe(int rung) const;
  void plan_probe(int device);
  void probe(int device);
  void begin_probe(int device);
  void probe_loaded(int rung);
  void probe_bad(int rung, Reason reason, const base::Status& status);
  void probe_good(int rung);
  void usable_again(int rung, std::string text);
  void come_back(int rung);
  void recovered(int device);
  void serve_until_better(int rung);
  void put_off(int device);
  void registration_astray(int device);
  bool ranks_above_serving(int device) const;

  Plan plan_;
  LadderOptions options_;
  std::vector<Rung> rungs_;
  std::vector<Health> health_;  ///< by device
  Phase phase_ = Phase::kPreparing;
  std::uint64_t generation_ = 0;
  int serving_ = -1;
  int lost_ = -1;           ///< what failed last while it served; -1: nothing did
  int target_ = -1;         ///< the rung being prepared, checked or serving as target; -1: given up
  int target_device_ = -1;  ///< index into plan_.devices
  std::vector<bool> device_done_;
  int interim_ = -1;              ///< asked for, loaded or checked to serve before the target does; -1: nothing is
  int relieved_ = -1;             ///< helped until that served
  int warming_ = -1;              ///< a loaded target whose first run goes on while `interim_` is prepared; -1: none
  bool choosing_device_ = false;  ///< kChooseDevice was asked and is not answered yet
  SecondLook second_look_ = SecondLook::kNotBegun;
  int second_look_rung_ = -1;
  int second_looks_ = 0;
  std::string shapes_change_;  ///< why what was measured at shapes that did not change decides nothing; or empty
  std::uint64_t shapes_generation_ = 0;  ///< what served when others were looked at for that reason
  int before_ = -1;                      ///< what served before
  int look_back_ = -1;                   ///< it, when it is to be measured once more; once in a life, or for shapes
  int checking_ = -1;                    ///< one check at a time
  std::vector<WaitingCheck> waiting_checks_;  ///< in order of arrival
  bool closed_ = false;
  LoadAttempts attempts_;
  base::TimePoint began_{};
  base::TimePoint now_{};
  std::vector<base::TimePoint> load_began_;
  Actions actions_;
};

}  // namespace baton::policy
