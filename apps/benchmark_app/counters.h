// SPDX-License-Identifier: Apache-2.0
// Copyright (C) 2026 The Baton authors
//
// Counters of single nodes as tables. Pure.
#pragma once

#include <string>
#include <vector>

#include "baton/infer_request.hpp"

namespace baton::bench {

using NodeCounters = std::vector<ProfilingInfo>;

/// One list whose times are the means over all requests; nodes are matched by name.
NodeCounters average_counters(const std::vector<NodeCounters>& by_request);

/// "layerName;execStatus;layerType;execType;realTime (ms);cpuTime (ms)", a line per node and one for the total.
std::string counters_csv(const NodeCounters& nodes);

/// For people. `sort`: "sort" (slowest first), "simple_sort" (the same without nodes that did not run), anything else:
/// in the engine's order.
std::string counters_table(const NodeCounters& nodes, const std::string& sort);

/// "EXECUTED", ...
const char* status_text(ProfilingInfo::Status status);

}  // namespace baton::bench
