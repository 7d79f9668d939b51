// SPDX-License-Identifier: Apache-2.0
// Copyright (C) 2026 The Baton authors
//
// Results as text for people and as files for programs. Pure.
#pragma once

#include <string>
#include <vector>

#include "options.h"
#include "results.h"

namespace baton::bench {

/// Version of what --json writes.
inline constexpr int kSchemaVersion = 1;

/// What step 10 says it begins: requests, streams, limits (B-1607).
std::string start_text(const Results& results);

/// The last lines that are printed (B-1609, B-1610). `phases`: also what is told of start-up and hand-over.
std::vector<std::string> report_lines(const Results& results, unsigned percentile, bool phases);

/// benchmark_report.csv (B-1612).
std::string report_csv(const Options& options, const Results& results);
/// benchmark_report.json: the same, and `generations`.
std::string report_json_stats(const Options& options, const Results& results);
/// What --json writes: numbers as numbers, with everything that was measured.
std::string report_json(const Options& options, const Results& results);

}  // namespace baton::bench
