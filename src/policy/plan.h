// SPDX-License-Identifier: Apache-2.0
// Copyright (C) 2026 The Baton authors
//
// From ranked devices to rungs: which pairs may serve, in which order they are tried, and which one helps at the start.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "policy/records.h"
#include "policy/selection.h"

namespace baton::policy {

/// ENGINE_PRIORITIES (B-220): device or family to engine names in order; "-e" excludes.
using EnginePriorities = std::map<std::string, std::vector<std::string>>;

/// One accepted device, in ranking order.
struct PlanDevice {
  int candidate = -1;  ///< index into the candidate list
  std::string name;    ///< as spelled there
  std::string family;
  std::string id{};      ///< in the family; empty: it has none
  std::string identity;  ///< of the hardware (DeviceRecord::identity)
  engine::DeviceKind kind = engine::DeviceKind::kCpu;
  std::vector<engine::EngineOnDevice> engines;  ///< those that read the model's format
  std::optional<engine::Hint> hint;             ///< given for the device: instead of PlanInput::hint
  std::optional<engine::Precision> precision;   ///< the same, instead of PlanInput::accuracy
};

struct PlanInput {
  std::vector<PlanDevice> devices;  ///< ranking order
  int first_device = 0;             ///< index of the target device (occupancy may have skipped others)
  std::string label;                ///< precision label; engines without it come last
  engine::Hint hint = engine::Hint::kLatency;
  bool accuracy = false;         ///< every rung computes in full precision
  bool startup_fallback = true;  ///< a helper is wanted
  std::string startup_device;    ///< B-221
  EnginePriorities engine_priorities;
  RecordLookup records;  ///< may be null: nothing was measured
  int cores = 2;
};

/// A configuration that may serve. Two uses of one pair with one hint are one rung (B-504).
struct RungSpec {
  Pair pair;
  engine::Hint hint = engine::Hint::kLatency;
  int device = 0;  ///< index into PlanInput::devices
  int load_rank = 0;
  int run_rank = 0;  ///< declared
  bool cpu_heavy_load = false;
  bool exclusive_load = false;
  bool stoppable_load = true;
  bool lazy_first_run = false;
  std::optional<Record> record;  ///< what earlier processes measured of it, deciding or not
};

/// The full pairs of one device, best first.
struct DeviceRungs {
  int candidate = -1;
  std::string name;
  std::vector<int> rungs;
  std::optional<RungSpec> quickest;  ///< the pair that loads quickest, as a helper would (B-512)
};

struct Plan {
  std::vector<RungSpec> rungs;
  std::vector<DeviceRungs> devices;  ///< ranking order; a device no engine is left for has no rungs
  int first_device = 0;
  int helper = -1;                           ///< a rung, or -1
  int interim = -1;                          ///< B-552: a rung that may serve between helper and target, or -1
  std::map<int, std::string> interim_notes;  ///< by rung: why it may, or not
  bool target_cached = false;                ///< B-1009: the helper waits, because the target loads from the cache
  bool defer_target = false;                 ///< B-516: the target's load waits for the helper's first answer
  bool helpers = false;                      ///< startup fallback is on
  bool few_cores = false;                    ///< B-516
  std::vector<int> helper_devices;           ///< B-510: who is asked to help before the target's own device
  std::vector<std::string> notes;            ///< what was changed silently (B-1302)

  bool pass_through() const { return rungs.size() == 1; }
};

/// The helper of a target by B-510, out of the devices that `may_help`; nullopt: none, or the target loads quickest.
std::optional<RungSpec> choose_helper(const Plan& plan, const RungSpec& target,
                                      const std::function<bool(int device)>& may_help);

/// B-516: while it loads, what serves has a core less than it would use.
bool load_takes_a_core(const Plan& plan, const RungSpec& rung);

/// B-516: its load begins after the helper's first answer.
bool load_waits(const Plan& plan, const RungSpec& target);

/// Pure. Never fails: a device without a usable engine simply has no rungs.
Plan make_plan(const PlanInput& input);

/// The engines of a device in the order in which they are tried as target: the user's order if there is one (B-422),
/// else run time on record, else declared run rank (B-423). Engines the user excluded are left out.
std::vector<engine::EngineOnDevice> order_engines(const PlanDevice& device, const PlanInput& input);

/// The quickest full pair on record of each device that has one.
std::vector<DeviceOnRecord> devices_on_record(const PlanInput& input);

/// False when there is one way to run only: a record would change nothing.
bool records_matter(std::span<const PlanDevice> devices);

}  // namespace baton::policy
