// SPDX-License-Identifier: Apache-2.0
// Copyright (C) 2026 The Baton authors
//
// The state machine of one compiled AUTO model in single-target mode (design.md section 6): start-up, hand-over, load
// failures, second look. It is told what happened and answers what to do; it has no thread, clock, engine or lock.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/executor.h"
#include "base/status.h"
#include "policy/event.h"
#include "policy/plan.h"

namespace baton::policy {

enum class RungState {
  kAbsent,     ///< never loaded
  kPreparing,  ///< being loaded
  kVerifying,  ///< loaded; being warmed up and checked off the serving path
  kReady,      ///< checked; waits for the hold to end, or kept as an idle helper
  kServing,    ///< takes new requests
  kDraining,   ///< takes none; some still run on it
  kReleased,   ///< served or was checked, and is gone
  kFailed,     ///< could not be loaded, or was refused
};

std::string_view to_string(RungState state);

/// One rung as the ladder sees it.
struct Rung {
  RungSpec spec;
  RungState state = RungState::kAbsent;
  std::optional<Reason> refusal;          ///< why it failed, or was not taken in a second look
  std::string text;                       ///< one sentence to that
  std::map<std::string, double> figures;  ///< "load_ms", "helper_ms", "target_ms", "ratio", "error", ...
};

/// The outcome of checking a newcomer against the serving rung (B-530 to B-538, B-553).
struct CheckResult {
  bool passed = false;
  Reason reason = Reason::kSelected;  ///< when refused: kOutputMismatch, kSlowerThanHelper, kWarmupFailed
  std::string text;
  std::map<std::string, double> figures;
  bool lowered_precision = false;  ///< the newcomer computed in less than full precision
};

/// One thing for the shell to do, in order.
struct Action {
  enum class Kind {
    kOpenEngine,   ///< `rung` will be loaded in a moment: open its engine's libraries until kCancelLoad; no answer
    kLoad,         ///< load `rung`; answer with `loaded`
    kCancelLoad,   ///< the result of loading `rung` is not wanted any more
    kCheck,        ///< check `rung` against `other`; answer with `checked`. `second_look`: in idle time, limit of B-553
    kCancelCheck,  ///< stop checking `rung`
    kPublish,      ///< `rung` serves from now on; `other` (or -1) drains; answer with `drained`
    kRelease,      ///< destroy `rung`'s executable in the background; answer with `released`
    kChooseDevice,  ///< occupancy's turn (B-601): answer with `device_chosen` out of `devices`
    kLeaveDevice,   ///< the target device's registration ends (B-604)
    kStartTimer,    ///< answer with `timer(timer, rung)` at `time`
    kWatchIdle,     ///< answer with `idle` as soon as no request came for 50 ms, at `time` at the latest
    kSettled,       ///< start-up work is over: let go of what only start-up needed
    kFail,          ///< nothing can serve: `status`
    kEmit,          ///< tell the listeners `event`
  };
  Kind kind;
  int rung = -1;
  int other = -1;
  bool second_look = false;
  bool speed_check = true;
  enum class Timer { kDeferredTarget, kLoadTimeout, kStartupGrace } timer = Timer::kDeferredTarget;
  base::TimePoint time{};
  std::vector<int> devices;
  base::Status status;
  std::optional<Event> event;
};

using Actions = std::vector<Action>;

struct LadderOptions {
  bool hold = false;                       ///< HANDOVER_HOLD
  bool keep_helper = false;                ///< KEEP_HELPER
  bool second_look = true;                 ///< SECOND_LOOK, and there is something a second look may decide
  bool second_look_across_devices = true;  ///< default lists only: an explicit order of devices is an order
  base::Duration compile_timeout{0};       ///< 0: none
  base::Duration startup_grace{0};         ///< what a target from the cache may take before a helper starts (B-1011)
  std::string tag = "AUTO";                ///< in error texts: AUTO, or MULTI
};

/// How long a deferred target waits for the helper's first answer (B-516).
inline constexpr base::Duration kDeferLimit = std::chrono::milliseconds(500);
/// Without an idle moment for this long the second look starts all the same: a program that never pauses must not be
/// bound for ever to the first acceptable pair. (Goes beyond B-553, which knows idle time only.)
inline constexpr base::Duration kSecondLookPatience = std::chrono::milliseconds(2000);
inline constexpr int kSecondLookPairs = 2;  ///< B-553
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
  const std::string& attempts() const { return attempts_; }
  bool second_look_over() const { return second_look_ == SecondLook::kOver; }

 private:
  enum class SecondLook { kNotBegun, kWaiting, kRunning, kOver };

  void emit(EventType type, int rung, std::string reason = {}, std::string text = {},
            std::map<std::string, double> values = {});
  void add(Action::Kind kind, int rung = -1, int other = -1);
  void start_timer(Action::Timer timer, base::Duration after, int rung = -1);
  Actions take();

  void load(int rung);
  void load_target();
  void load_first();
  void start_waiting_helper();
  void serve_first(int rung);
  void helper_loaded(int rung);
  void target_loaded(int rung);
  void load_failed(int rung, Reason reason, const base::Status& status);
  void refuse(int rung, const CheckResult& result);
  void next_target(bool device_is_done);
  std::optional<std::size_t> next_position(int device, std::size_t from) const;
  bool usable(int rung) const;
  void take_target(int device, std::size_t position);
  void targets_exhausted();
  bool helper_can_be_final() const;
  bool last_resort(int rung) const;
  void keep_helper();
  void switch_to(int rung);
  void settle();
  void begin_second_look();
  void next_second_look();
  std::optional<int> second_look_candidate() const;
  bool out_of_reach(int rung) const;
  void fail();

  Plan plan_;
  LadderOptions options_;
  std::vector<Rung> rungs_;
  Phase phase_ = Phase::kPreparing;
  std::uint64_t generation_ = 0;
  int serving_ = -1;
  int target_ = -1;         ///< the rung being prepared, checked or serving as target; -1: given up
  int target_device_ = -1;  ///< index into plan_.devices
  std::size_t target_position_ = 0;
  std::vector<bool> device_done_;
  bool choosing_device_ = false;  ///< kChooseDevice was asked and is not answered yet
  bool only_bad_models_ = true;   ///< every failed load said that the model itself is bad (B-608)
  SecondLook second_look_ = SecondLook::kNotBegun;
  int second_look_rung_ = -1;
  int second_looks_ = 0;
  bool closed_ = false;
  std::string attempts_;
  base::TimePoint began_{};
  base::TimePoint now_{};
  std::vector<base::TimePoint> load_began_;
  Actions actions_;
};

}  // namespace baton::policy
