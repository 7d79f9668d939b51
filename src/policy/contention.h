// SPDX-License-Identifier: Apache-2.0
// Copyright (C) 2026 The Baton authors
//
// Devices that serve together may do less than one of them alone: two engines of one CPU, or a GPU whose feeding
// threads find no core. Nothing but trying shows it (B-820). Numbers in, numbers out, as in schedule.h.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "policy/schedule.h"

namespace baton::policy {

/// Looks, while all devices are busy, for the set of them that answers most. A round measures the rate over 250 ms with
/// all that take requests, without each of them in turn, and with all again, so that a machine whose clock changes does
/// not decide. Where one of the smaller sets does 5 % more than all, the device that the best of them lacks is parked:
/// it takes no requests for 30 s, and then one window with it says whether it stays away.
///
/// Who is the best device is what a round finds out. Beside others a GPU may be the slower one and alone three times as
/// fast as all together, so the quickest is left out in its turn too, unless the others could not make up for it.
///
/// What follows a change of set is not counted: threads that fed nobody spin on for a while, and a GPU that was given
/// two requests at a time sets up streams and handles when it gets sixteen.
///
/// In a round all may do more than they do for long: what slows them needs time to build up. So where a smaller set did
/// nearly as much as all (85 %), all are watched afterwards, and once they do 5 % less than that set for a second of
/// full load, it goes on alone. A mistake costs no more than the device was worth.
///
/// A program that works in bursts has a round measured in pieces: a window that a pause ends is begun anew with the
/// next burst, when that comes within 10 s.
///
/// Somebody always takes requests; and should nothing end for longer than a window, all do again.
///
/// Thread-safety: none; guarded by its owner.
class ContentionGuard {
 public:
  static constexpr double kWindowMs = 250;
  static constexpr double kSettleMs = 100;          ///< before each window
  static constexpr double kHopelessMs = 100;        ///< of a window, before it may end because little was done in it
  static constexpr std::uint32_t kWindowRuns = 16;  ///< at least: slow models make a window longer
  static constexpr double kGain = 1.05;
  static constexpr double kClose = 0.85;
  static constexpr double kWatchMs = 1000;  ///< of full load
  static constexpr double kParkedMs = 30'000;
  /// Of full load between rounds, so that they take the same share of the time of a program that works in bursts;
  /// doubled whenever it was right that all serve.
  static constexpr double kIntervalMs = 10'000;
  static constexpr double kLongestIntervalMs = 160'000;
  static constexpr double kLongestPauseMs = 10'000;  ///< of the program, within a round

  explicit ContentionGuard(std::size_t devices, double settle_ms = kSettleMs)
      : devices_(devices), settle_ms_(settle_ms) {}

  struct Traits {
    bool exempt = false;  ///< never parked, as a device with a number of requests of its own (X(n))
    bool fed = true;      ///< by threads of the CPU, as accelerators are
  };
  void join(Schedule& schedule, int device, const Traits& traits);
  /// Whoever is left serves again.
  void leave(Schedule& schedule, int device);

  /// A run begins and no other goes on.
  void awakes(double now_ms) { awake_ms_ = now_ms; }

  /// What a round, the return of a parked device, or watching has found.
  struct Verdict {
    int parked = -1;  ///< the device takes no requests from now on; -1: all do
    double with_per_s = 0;
    std::vector<double> without_per_s;  ///< by device; 0: not tried
  };
  /// A run of `device` has ended; `full`: others wait, or every worker is busy.
  std::optional<Verdict> completed(Schedule& schedule, int device, bool full, double now_ms);

  /// While requests wait and some device takes none because of this: when it shall, unless a run ends before; those
  /// that run may hang. Null: there is no such device.
  std::optional<double> patience_ends_ms(const Schedule& schedule) const;
  /// Ends the round and all parking if that time has come.
  void relent(Schedule& schedule, double now_ms);

 private:
  /// Of a round: kWith, for each device tried kDrain and kWithout, kWithAgain. For one that was parked long enough:
  /// kParked, kReturned.
  enum class Phase { kRest, kWith, kDrain, kWithout, kWithAgain, kParked, kReturned };
  struct Device {
    bool serves = false;
    Traits traits;
    std::optional<double> parked_until_ms;
    double without = 0;       ///< runs per ms of the others in this round; 0: not tried
    bool missed = false;      ///< in the round before, the others did less than half of all
    bool ran = false;         ///< a run of it has ended in this window
    bool ran_before = false;  ///< it ran in the round's first window
  };
  struct Window {
    double began_ms = 0;
    std::uint32_t runs = 0;
    std::uint32_t full = 0;
  };

  std::optional<Verdict> watch(Schedule& schedule, double ms, double now_ms);
  void begin(Schedule& schedule, double now_ms);
  void resume(Schedule& schedule, double now_ms);
  std::optional<Verdict> step(Schedule& schedule, double rate, double now_ms);
  void begin_round(const Schedule& schedule, double rate);
  void try_next(Schedule& schedule, double now_ms);
  bool could_do_without_quickest(const Schedule& schedule) const;
  void try_without(Schedule& schedule, int device, double now_ms);
  Verdict end_round(Schedule& schedule, double rate_again, double now_ms);
  Verdict decide(Schedule& schedule, int device, double now_ms);
  Verdict verdict(int parked) const;
  void park(Schedule& schedule, int device, double now_ms);
  void set_changes(Schedule& schedule);
  void round_follows();
  void all_serve(int rival);
  void enter(Phase phase, double now_ms);
  void pause(Schedule& schedule, double now_ms);
  void rest(Schedule& schedule);

  bool ran(const Schedule& schedule, std::size_t device) const;
  bool holds() const;
  bool window_is_over(double now_ms) const;
  double longest_pause_ms(const Schedule& schedule) const;
  void unpark(Schedule& schedule, std::size_t device);
  void unpark_all(Schedule& schedule);
  bool takes(std::size_t device) const;
  bool may_be_tried(const Schedule& schedule, std::size_t device) const;
  int best(const Schedule& schedule) const;
  int longest_parked(double now_ms) const;

  std::vector<Device> devices_;
  double settle_ms_;
  Phase phase_ = Phase::kRest;
  Phase paused_ = Phase::kRest;  ///< where the round goes on; kRest: there is none that could
  double paused_ms_ = 0;
  int tried_ = -1;
  int quickest_ = -1;  ///< when the round began
  Window window_;
  int rival_ = -1;  ///< without it the others did nearly as much; -1: nobody is watched
  double watched_ms_ = 0;
  std::uint32_t watched_runs_ = 0;
  double last_ms_ = 0;        ///< the end of the run before
  double awake_ms_ = 0;       ///< the begin of the first run after an idle moment
  double with_ = 0;           ///< runs per ms of all
  bool always_full_ = false;  ///< while that was measured
  double loaded_ms_ = 0;      ///< time under full load so far
  double next_ms_ = 0;        ///< the next round, in that time
  double interval_ms_ = kIntervalMs;
};

}  // namespace baton::policy
