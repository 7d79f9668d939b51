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
/// A quarter of a second may mislead: clocks swing, and what slows a set may need time to build up. So every set that
/// was close to the one that goes on (85 %) goes on for a second of full load as well, and the best of them stays. It
/// is watched further on: once it does 5 % less than another one of them did, that one takes over. What was seen last
/// counts, and each change doubles the time that the next one needs, so that equals do not take turns for ever.
///
/// Load is full as long as requests wait or nearly as many run as keep all devices busy. A program that works in bursts
/// has a round measured in pieces: a window that an idle moment ends is begun anew with the next burst, when that comes
/// within 10 s, but only some times.
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
  static constexpr double kFull = 0.9;  ///< of what keeps all busy runs, or somebody waits
  static constexpr double kClose = 0.85;
  static constexpr double kWatchMs = 1000;  ///< of full load
  static constexpr double kLongestWatchMs = 32'000;
  static constexpr double kParkedMs = 30'000;
  /// Of full load between rounds, so that they take the same share of the time of a program that works in bursts;
  /// doubled whenever it was right that all serve.
  static constexpr double kIntervalMs = 10'000;
  static constexpr double kLongestIntervalMs = 160'000;
  static constexpr double kLongestPauseMs = 10'000;  ///< of the program, within a round
  static constexpr int kMostPauses = 3;              ///< within a window

  explicit ContentionGuard(std::size_t devices, double settle_ms = kSettleMs)
      : devices_(devices), sets_(devices + 1), settle_ms_(settle_ms) {}

  struct Traits {
    bool exempt = false;             ///< never parked, as a device with a number of requests of its own (X(n))
    bool fed = true;                 ///< by threads of the CPU, as accelerators are
    bool joined_under_load = false;  ///< others ran while it warmed up
  };
  void join(Schedule& schedule, int device, const Traits& traits);
  /// Whoever is left serves again.
  void leave(Schedule& schedule, int device);

  /// Nothing runs and nothing waits.
  void idles();
  /// A run begins and no other goes on.
  void awakes(double now_ms) { awake_ms_ = now_ms; }

  /// What a round, the return of a parked device, or watching has found.
  struct Verdict {
    int parked = -1;  ///< the device takes no requests from now on; -1: all do
    double with_per_s = 0;
    std::vector<double> without_per_s;  ///< by device; 0: not tried
  };
  /// A run of `device` has ended. `busy`: Schedule::busy() until now, 1 where requests wait.
  std::optional<Verdict> completed(Schedule& schedule, int device, double busy, double now_ms);

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
    std::uint32_t runs = 0;   ///< that have ended, up to kWindowRuns
    bool missed = false;      ///< in the round before, the others did less than half of all
    bool ran = false;         ///< a run of it has ended in this window
    bool ran_before = false;  ///< it ran in the round's first window
  };
  /// Those that take requests, but for one or nobody.
  struct Set {
    double rate = 0;       ///< runs per ms, as it was seen last; 0: not tried in this round
    bool watched = false;  ///< since this round
  };
  struct Window {
    double began_ms = 0;
    std::uint32_t runs = 0;
    double busy = 0;  ///< sum over the runs
  };
  struct Watch {
    std::uint32_t runs = 0;
    double busy = 0;  ///< sum over the runs
    double ms = 0;
    void add(const Watch& more) {
      runs += more.runs;
      busy += more.busy;
      ms += more.ms;
    }
  };

  std::optional<Verdict> watch(Schedule& schedule, double busy, double ms, double now_ms);
  void begin_watch(int left_out);
  void goes_on_without(Schedule& schedule, int device, double now_ms);
  int next_left_out(double rate);
  Set& without(int device) { return sets_[static_cast<std::size_t>(device + 1)]; }  ///< -1: nobody
  const Set& without(int device) const { return sets_[static_cast<std::size_t>(device + 1)]; }
  void forget_sets();
  double faster_alone(std::size_t device) const;
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
  void all_serve();
  void enter(Phase phase, double now_ms);
  void pause(Schedule& schedule, double now_ms);
  void give_up(Phase phase, double now_ms);
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
  std::vector<Set> sets_;  ///< see without()
  double settle_ms_;
  Phase phase_ = Phase::kRest;
  Phase paused_ = Phase::kRest;  ///< where the round goes on; kRest: there is none that could
  double paused_ms_ = 0;
  int tried_ = -1;
  int quickest_ = -1;  ///< when the round began
  Window window_;
  int pauses_ = 0;     ///< that have ended this window so far
  int left_out_ = -1;  ///< by the last decision; -1: nobody
  double floor_ = 0;   ///< sets of a higher rate are to be watched too; 0: nothing is watched
  Watch watched_;      ///< of the set that goes on
  Watch since_full_;   ///< not part of it yet: an idle moment may follow
  double watch_ms_ = kWatchMs;
  bool idled_ = false;        ///< since the run before ended
  double last_ms_ = 0;        ///< the end of the run before
  double awake_ms_ = 0;       ///< the begin of the first run after an idle moment
  bool always_full_ = false;  ///< in the first window of the round
  double loaded_ms_ = 0;      ///< time under full load so far
  double next_ms_ = 0;        ///< the next round, in that time
  double interval_ms_ = kIntervalMs;
};

}  // namespace baton::policy
