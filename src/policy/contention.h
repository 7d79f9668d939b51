// SPDX-License-Identifier: Apache-2.0
// Copyright (C) 2026 The Baton authors
//
// Devices that serve together may do less than one of them alone: two engines of one CPU, or a GPU whose feeding thread
// finds no core. Nothing but trying shows it (B-820). Numbers in, numbers out, as in schedule.h.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "policy/schedule.h"

namespace baton::policy {

/// Tries, while all devices are busy, whether more requests are answered without one of them: the rate over 250 ms with
/// it, without it, and with it again, so that a machine whose clock changes does not decide. Where it is higher without
/// by 5 % the device is parked for 30 s: it takes no requests. Of those that take them the one that does most is never
/// tried, so somebody takes them; and should nothing end for longer than a window, all do again.
///
/// Thread-safety: none; guarded by its owner.
class ContentionGuard {
 public:
  static constexpr double kWindowMs = 250;
  static constexpr std::uint32_t kWindowRuns = 16;  ///< at least: slow models make a window longer
  static constexpr double kGain = 1.05;
  static constexpr double kParkedMs = 30'000;
  static constexpr double kIntervalMs =
      10'000;  ///< between trials of one device; doubled whenever it was right to serve
  static constexpr double kLongestIntervalMs = 160'000;

  explicit ContentionGuard(std::size_t devices) : devices_(devices) {}

  /// `exempt`: never parked, as a device with a number of requests of its own (X(n)).
  void join(Schedule& schedule, int device, bool exempt, double now_ms);
  /// Whoever is left serves again.
  void leave(Schedule& schedule, int device);

  struct Verdict {
    int device = -1;  ///< is parked from now on
    double with_per_s = 0;
    double without_per_s = 0;
  };
  /// A run of `device` has ended; `full`: others wait, or every worker is busy.
  std::optional<Verdict> completed(Schedule& schedule, int device, bool full, double now_ms);

  /// While requests wait and some device takes none because of this: when it shall, unless a run ends before; those
  /// that run may hang. Null: there is no such device.
  std::optional<double> patience_ends_ms(const Schedule& schedule) const;
  /// Ends the trial and all parking if that time has come.
  void relent(Schedule& schedule, double now_ms);

 private:
  enum class Phase { kRest, kWith, kDrain, kWithout, kWithAgain };
  struct Device {
    bool serves = false;
    bool exempt = false;
    double next_ms = 0;  ///< when it may be tried
    double interval_ms = kIntervalMs;
    std::optional<double> parked_until_ms;
  };
  struct Window {
    double began_ms = 0;
    std::uint32_t runs = 0;
    std::uint32_t full = 0;
    std::uint32_t of_tried = 0;
  };

  std::optional<Verdict> step(Schedule& schedule, double rate, double now_ms);
  void enter(Phase phase, double now_ms);
  void rest(Schedule& schedule);
  bool holds() const;
  double longest_pause_ms(const Schedule& schedule) const;
  void unpark(Schedule& schedule, std::size_t device);
  void end_parking(Schedule& schedule, double now_ms);
  int best(const Schedule& schedule) const;
  int due(const Schedule& schedule, double now_ms) const;

  std::vector<Device> devices_;
  Phase phase_ = Phase::kRest;
  int tried_ = -1;
  Window window_;
  double last_ms_ = 0;  ///< the run before
  double with_ = 0;     ///< runs per ms
  double without_ = 0;
};

}  // namespace baton::policy
