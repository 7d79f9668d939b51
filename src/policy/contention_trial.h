// SPDX-License-Identifier: Apache-2.0
// Copyright (C) 2026 The Baton authors
//
// For tests: the contention guard run by run.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "policy/contention.h"

namespace baton::policy {

struct Parked {
  int device;
  double with_per_s;
  double without_per_s;
};

/// Devices with a worker each. Runs end when a test says so; what is said of a device's time decides who is best.
class Trial {
 public:
  /// `runs`: that each of them has had.
  explicit Trial(const std::vector<double>& service_ms, double settle_ms = 0, bool fed = true,
                 std::uint32_t runs = ContentionGuard::kWindowRuns)
      : devices(static_cast<int>(service_ms.size())),
        schedule(SchedulePolicy::kDevicePriority, service_ms.size()),
        guard(service_ms.size(), settle_ms) {
    for (std::size_t i = 0; i < service_ms.size(); ++i) {
      schedule.join(static_cast<int>(i), 1, service_ms[i]);
      guard.join(schedule, static_cast<int>(i), {.fed = fed, .joined_under_load = true});
      for (std::uint32_t run = 0; run < runs; ++run) guard.completed(schedule, static_cast<int>(i), 0, now);
    }
  }

  /// So many runs of `device` end, evenly, in the next `ms`; the first `full` of them under full load.
  std::optional<Parked> ends(int device, int count, double ms, int full) {
    const double began = now;
    std::optional<ContentionGuard::Verdict> found;
    for (int i = 1; i <= count; ++i) {
      now = began + ms * i / count;
      found = guard.completed(schedule, device, i <= full ? 1 : 0, now);
      if (found) last = found;
    }
    if (!found || found->parked < 0) return std::nullopt;
    return Parked{found->parked, found->with_per_s, found->without_per_s[static_cast<std::size_t>(found->parked)]};
  }
  std::optional<Parked> ends(int device, int count, double ms) { return ends(device, count, ms, count); }
  /// It would be given a request if it were the only one. REQUIRES: it is idle.
  bool takes(int device) const {
    Schedule alone = schedule;
    for (int other = 0; other < devices; ++other) {
      if (other != device) alone.leave(other);
    }
    return alone.next(1, now).has_value();
  }
  /// The program does nothing for so long.
  void idle(double ms) {
    guard.idles();
    now += ms;
    guard.awakes(now);
  }
  /// Of two devices: the windows with both and without the slower one are over.
  void before_the_quickest(int full = 20) {
    ends(0, 1, 1);
    ends(0, 20, 250, full);
    ends(0, 20, 250);
  }
  /// The windows of a whole round in which one device is tried, with so many runs of `best` each; nothing else runs.
  std::optional<Parked> whole(int best, int with, int without, int again) {
    ends(best, 1, 1);
    ends(best, with, 250);
    ends(best, without, 250);
    return ends(best, again, 250);
  }
  /// Is `device` tried when the next run of `best` ends?
  bool begins(int best, int device) {
    ends(best, 1, 0);
    ends(best, 20, 250);
    return !takes(device);
  }

  const int devices;
  double now = 0;
  Schedule schedule;
  ContentionGuard guard;
  std::optional<ContentionGuard::Verdict> last;
};

/// Two devices, the first one so much better that it is not tried itself.
inline Trial pair() { return Trial({5, 200}); }

/// Two between which a round decides, the first one quicker by what is said of it.
inline Trial close_pair() { return Trial({5, 10}); }

}  // namespace baton::policy
