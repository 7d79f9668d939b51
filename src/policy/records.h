// SPDX-License-Identifier: Apache-2.0
// Copyright (C) 2026 The Baton authors
//
// What was measured of a pair in this and earlier processes, and when it may decide instead of the declared ranks
// (B-425).
#pragma once

#include <algorithm>
#include <chrono>
#include <compare>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "policy/ranking.h"
#include "policy/selection.h"

namespace baton::policy {

/// One figure of one pair over several starts.
struct Figure {
  double ms = 0;      ///< mean of the observations that agree
  double low_ms = 0;  ///< smallest and largest of them: the spread
  double high_ms = 0;
  int observations = 0;         ///< that agree; 0: never measured
  std::chrono::seconds age{0};  ///< of the last one
};

/// Time of a load that the process began with (opening the engine's library is part of it), and of one inference.
struct Record {
  Figure load;
  Figure run;
};

/// What one process measured; nullopt: not measured.
struct Observation {
  std::optional<double> load_ms;
  std::optional<double> run_ms;
};

/// What a record belongs to. All texts; two keys are one when every part is equal.
struct RecordKey {
  std::string model;   ///< ModelData::fingerprint
  std::string shapes;  ///< of the inputs
  std::string device;  ///< identity, name of the hardware, number of cores of a CPU
  std::string driver;
  std::string engine;
  std::string version;  ///< of the engine
  std::string profile;
  std::string precision;
  std::string hint;
  std::string config;  ///< properties that the engine was given, and limits to its requests

  auto operator<=>(const RecordKey&) const = default;
};

/// Looks a pair up that is compiled with a hint; nullopt when nothing was measured.
using RecordLookup = std::function<std::optional<Record>(const Pair&, engine::Hint)>;

inline constexpr int kDecidingObservations = 3;
inline constexpr std::chrono::seconds kRecordLifetime = std::chrono::hours(30 * 24);
/// An observation agrees with a record when neither is more than this factor of the other. Six fresh processes on a
/// virtual machine of two cores: from the smallest to the largest, runs were 1.1 apart at 8 ms and more and up to 1.9
/// at 2 ms (1.5 from their mean), loads 1.25 to 2.6. What makes an engine lose its place (another power plan, half of
/// the cores) costs a factor of 2.
inline constexpr double kRunsAgree = 1.5;
inline constexpr double kLoadsAgree = 2;

/// The record after one more observation. One that contradicts it, or comes after its lifetime, takes its place with
/// the weight of a single observation: the old one decides nothing any more.
Record observe(const Record& before, const Observation& seen);

/// The figure in milliseconds when it may decide: enough observations that agree, not too old.
std::optional<double> deciding(const Figure& figure);

/// Of the load or the run on record; nullopt where nothing is, too.
inline std::optional<double> deciding_load(const std::optional<Record>& record) {
  return record ? deciding(record->load) : std::nullopt;
}
inline std::optional<double> deciding_run(const std::optional<Record>& record) {
  return record ? deciding(record->run) : std::nullopt;
}

/// Items with a deciding figure (`figure(item)`) change places among themselves, smallest first; the others keep the
/// place that their declared rank gave them, because measured and declared figures cannot be compared.
template <typename Item, typename GetFigure>
void order_by_record(std::span<Item> items, const GetFigure& figure) {
  std::vector<Item> measured;
  for (const Item& item : items) {
    if (figure(item)) measured.push_back(item);
  }
  std::stable_sort(measured.begin(), measured.end(),
                   [&](const Item& a, const Item& b) { return *figure(a) < *figure(b); });
  auto next = measured.begin();
  for (Item& item : items) {
    if (figure(item)) item = *next++;
  }
}

/// The quickest way to run that is on record for one device.
struct DeviceOnRecord {
  std::string identity;
  std::string name;
  double run_ms = 0;
};

/// Of each two devices, the one that would lose the speed check against the other (B-431, B-536).
std::vector<LostSpeedCheck> lost_speed_checks(std::span<const DeviceOnRecord> devices);

}  // namespace baton::policy
