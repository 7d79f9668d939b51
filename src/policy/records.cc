// SPDX-License-Identifier: Apache-2.0
// Copyright (C) 2026 The Baton authors
#include "policy/records.h"

#include <algorithm>
#include <cstdio>

#include "policy/speed_check.h"

namespace baton::policy {

namespace {

/// The mean follows a slow change: later observations weigh at least this much.
constexpr int kMeanOf = 8;

bool agree(const Figure& figure, double ms, double factor) {
  return figure.age <= kRecordLifetime && ms <= figure.ms * factor && figure.ms <= ms * factor;
}

Figure observe(const Figure& before, double ms, double factor) {
  if (!agree(before, ms, factor)) return {.ms = ms, .low_ms = ms, .high_ms = ms, .observations = 1};
  Figure after = before;
  ++after.observations;
  after.ms += (ms - after.ms) / std::min(after.observations, kMeanOf);
  after.low_ms = std::min(after.low_ms, ms);
  after.high_ms = std::max(after.high_ms, ms);
  after.age = std::chrono::seconds(0);
  return after;
}

}  // namespace

Record observe(const Record& before, const Observation& seen) {
  Record after = before;
  if (seen.load_ms) after.load = observe(before.load, *seen.load_ms, kLoadsAgree);
  if (seen.run_ms) after.run = observe(before.run, *seen.run_ms, kRunsAgree);
  return after;
}

std::optional<double> deciding(const Figure& figure) {
  if (figure.observations < kDecidingObservations || figure.age > kRecordLifetime) return std::nullopt;
  return figure.ms;
}

std::vector<LostSpeedCheck> lost_speed_checks(std::span<const DeviceOnRecord> devices) {
  std::vector<LostSpeedCheck> lost;
  for (const DeviceOnRecord& loser : devices) {
    for (const DeviceOnRecord& winner : devices) {
      if (loser.run_ms <= winner.run_ms * kOtherDeviceLimit) continue;
      char text[64];
      std::snprintf(text, sizeof(text), "%.3g ms against %.3g ms", loser.run_ms, winner.run_ms);
      lost.push_back({loser.identity, winner.identity, text + (" on " + winner.name)});
    }
  }
  return lost;
}

}  // namespace baton::policy
