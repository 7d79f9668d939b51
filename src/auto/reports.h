// SPDX-License-Identifier: Apache-2.0
// Copyright (C) 2026 The Baton authors
//
// What a compiled model tells about itself, made of what it decided and measured.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "auto/auto_model.h"
#include "auto/loaded_rung.h"
#include "auto/selection.h"
#include "policy/records.h"

namespace baton::autodev {

/// All but the candidates, the pairs and the phases.
policy::SelectionReport selection_report(const CompileSpec& spec, const Selection& selection);

policy::SelectionReport::Entry entry_of(const policy::Pair& pair, policy::Verdict verdict, policy::Reason reason,
                                        std::string text);

/// CANDIDATE_REJECTED for each candidate that is not used.
std::vector<policy::Event> rejections(const Selection& selection, base::TimePoint now);

/// AUTO, MULTI, or the name of a direct device: what messages and log lines begin with.
std::string tag_of(const CompileSpec& spec);

/// What is known of a pair that is loaded. REQUIRES: the lock that guards the counters.
void add_loaded(policy::SelectionReport::Entry& entry, const LoadedRung& rung);

/// What earlier processes measured of a pair stands beside what this one did.
void add_record(policy::SelectionReport::Entry& entry, const std::optional<policy::Record>& record);

/// Fills in the pairs, with those that were refused before the plan, and one entry per candidate (B-1303): what became
/// of the best pair of an accepted device, or why the device was rejected.
void add_entries(policy::SelectionReport& report, const CompileSpec& spec, const Selection& selection,
                 std::vector<policy::SelectionReport::Entry> planned);

/// Inferences and rate of each device, as the log says them at the end (B-1207); by rung.
void add_inferences(policy::Event& event, const std::map<int, PairStatistics>& pairs);
/// Inferences per second (B-1208); 0 where nothing was measured.
double rate_of(const PairStatistics& pair);

/// What `executable` says of `key`; kNotFound when it is null: nothing serves. Calls the engine.
base::Result<std::string> property_of(const std::shared_ptr<engine::Executable>& executable, const std::string& key);

/// REQUIRES: the lock that guards the counters.
PairStatistics statistics_of(const policy::Pair& pair, const RunCounters& counters);
inline PairStatistics statistics_of(const LoadedRung& rung) { return statistics_of(rung.pair, rung); }

}  // namespace baton::autodev
