// SPDX-License-Identifier: Apache-2.0
// Copyright (C) 2026 The Baton authors
//
// Which device takes which waiting request when several serve (B-813 to B-818). Numbers in, numbers out: no threads, no
// clock; every time is in milliseconds since a moment of the caller's choice.
#pragma once

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

namespace baton::policy {

enum class SchedulePolicy { kDevicePriority, kRoundRobin, kEarliestFinish };

std::string_view to_string(SchedulePolicy policy);  ///< "DEVICE_PRIORITY", ...

/// What is in effect where the user says nothing (B-814). `default_order`: the list is not the user's.
SchedulePolicy default_schedule_policy(bool default_order);

/// A device of the set, by its place in list order, and the waiting request that it takes: 0 is the oldest.
struct Assignment {
  int device = -1;
  std::size_t position = 0;
  bool operator==(const Assignment&) const = default;
};

/// The devices with their workers, and how long a run takes on each.
///
/// DEVICE_PRIORITY and ROUND_ROBIN always give the oldest request away, and as soon as some worker is idle. Where it
/// would wait inside the engine of a device, that comes after all devices that would run it at once.
///
/// EARLIEST_FINISH places the waiting requests in their order, each where it will be finished first, counting what runs
/// and what was placed before it. As requests are alike, that is this: list all coming completions of all workers in
/// order of time (a worker that ends a run in r ms and needs s ms for one has them at r + s, r + 2s, ...); the n-th
/// waiting request has the n-th of them. So an idle worker's first completion belongs to the waiting request number
/// 1 + (completions of others before it), which starts there now; and if fewer are waiting, the worker stays idle,
/// because the busy ones will have done everything before it could. No request is placed where it ends later than it
/// would behind the others on the best device; and the fastest never idles while something waits. A worker whose run
/// would wait inside the engine has its completions when one of those that run there has ended, and those that wait
/// already have had theirs.
///
/// A run that takes longer than expected is expected to take as long again as it is late, so nobody waits for ever
/// behind a run that hangs (`look_again`).
///
/// Thread-safety: none; guarded by its owner. Nothing is allocated but in `join`.
class Schedule {
 public:
  Schedule(SchedulePolicy policy, std::size_t devices) : policy_(policy), devices_(devices) {}

  SchedulePolicy policy() const { return policy_; }

  /// `device` takes requests from now on. `at_once`: so many workers' runs keep it busy. `service_ms`: the time of a
  /// warm-up run (B-817); 0: unknown, it is tried at once. `waiting`: workers beyond those, whose runs wait inside the
  /// engine.
  void join(int device, std::size_t at_once, double service_ms, std::size_t waiting = 0);
  /// It takes no more of them.
  void leave(int device) { devices_[static_cast<std::size_t>(device)].serves = false; }
  /// It serves, but takes no more of them for the time being (B-820).
  void hold(int device, bool held) { devices_[static_cast<std::size_t>(device)].held = held; }

  /// The next request to start, if any of `waiting` should start now. The caller then calls `started`.
  std::optional<Assignment> next(std::size_t waiting, double now_ms) const;
  /// Requests wait although a worker is idle: when it is worth asking again if nothing happens before. Null: never.
  std::optional<double> look_again(std::size_t waiting, double now_ms) const;

  void started(int device, std::size_t worker, double now_ms);
  /// The run of the worker, which took `ms`, has succeeded (B-817). Its wait inside the engine does not count: where n
  /// runs share m places, each takes n / m times as long (Little's law).
  void measured(int device, std::size_t worker, double ms);
  /// The worker is idle again.
  void ended(int device, std::size_t worker, double now_ms);

  double service_ms(int device) const { return devices_[static_cast<std::size_t>(device)].service_ms; }
  std::size_t running(int device) const;
  /// Runs per millisecond when it is busy; 0: unknown.
  double rate(int device) const;
  /// The same if each run took as long as the fastest that it ever had.
  double highest_rate(int device) const;
  /// Runs on the devices that take requests, as a share of those that keep them busy, 1 at most; 1: there are none.
  double busy() const;

 private:
  struct Run {
    enum class State { kNone, kWaits, kGoesOn };
    State state = State::kNone;
    double began = 0;    ///< if it goes on
    double sharers = 1;  ///< of its place, when it was started
  };
  struct Device {
    bool serves = false;
    bool held = false;
    double service_ms = 0;
    double fastest_ms = 0;    ///< of its runs that did not wait, the warm-up included; 0: unknown
    std::size_t at_once = 0;  ///< runs that keep it busy
    std::size_t idle = 0;
    std::vector<Run> runs;             ///< by worker
    std::vector<std::size_t> waiting;  ///< those whose runs wait, the oldest first
    std::size_t going_on() const { return runs.size() - idle - waiting.size(); }
    bool is_full() const { return going_on() >= at_once; }
    /// Until the run that goes on ends.
    double rest(const Run& run, double now_ms) const { return std::abs(run.began + service_ms - now_ms); }
  };

  bool takes(std::size_t device) const { return devices_[device].serves && !devices_[device].held; }
  bool can_take(std::size_t device) const;
  std::optional<Assignment> next_in_order() const;
  std::size_t place_of(std::size_t device, double now_ms) const;
  double rate_at(int device, double ms) const;
  double time_to_completion(const Device& device, double now_ms) const;
  static std::size_t completions_before(const Device& device, double ms, double now_ms);

  SchedulePolicy policy_;
  std::vector<Device> devices_;
  std::size_t turn_ = 0;               ///< of ROUND_ROBIN
  mutable std::vector<double> rests_;  ///< for time_to_completion
};

}  // namespace baton::policy
