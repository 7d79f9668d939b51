// SPDX-License-Identifier: Apache-2.0
// Copyright (C) 2026 The Baton authors
#pragma once

#include <string>
#include <vector>

#include "auto/auto_model.h"
#include "policy/candidates.h"
#include "policy/plan.h"
#include "policy/precision_filter.h"
#include "policy/request_count.h"

namespace baton::autodev {

/// Everything that was decided before the first load (section 4 of the behaviour specification, in its order).
struct Selection {
  std::vector<engine::DeviceRecord> devices;
  policy::CandidateList list;
  std::vector<int> ranking;  ///< accepted candidates that have an engine, best first; index i is Plan::devices[i]
  model::PrecisionLabel label;
  policy::PrecisionChoice precision;
  policy::Plan plan;
  std::vector<policy::Pair> refused;  ///< of accepted candidates too: they run no dynamic shapes (B-1111)
  std::vector<std::string> notes;
  std::vector<policy::SelectionReport::Occupied> occupancy;
  bool registered = false;  ///< the target device is (B-415)

  const policy::Candidate& candidate(int plan_device) const { return list.candidates[ranking[plan_device]]; }
  const engine::DeviceRecord& record(int plan_device) const { return devices[candidate(plan_device).record]; }
};

/// Selects, and registers the target device unless `dry_run` (B-415). Engines are asked only for the families that the
/// device string can mean.
base::Result<Selection> select(const Environment& environment, const CompileSpec& spec, bool dry_run);

/// The policy in effect among several serving devices (B-814).
policy::SchedulePolicy schedule_policy(const CompileSpec& spec, const Selection& selection);

/// Most requests at a time that the user wants on a device; 0: no cap.
std::uint32_t requests_cap(const CompileSpec& spec, const engine::DeviceRecord& device);

/// The optimal number of requests of a rung that is not loaded yet (B-712).
std::uint32_t predicted_requests(const CompileSpec& spec, const Selection& selection, const policy::RungSpec& rung,
                                 const policy::DeviceAnswers& answers);

int core_count(const Environment& environment);

}  // namespace baton::autodev
