// SPDX-License-Identifier: Apache-2.0
// Copyright (C) 2026 The Baton authors
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "policy/selection.h"

namespace baton::policy {

/// Why a compiled model runs where it runs: what explain() and SELECTION_REPORT answer (B-1301 to B-1308).
/// Thread-safety: a value. Ownership: owns all its texts.
struct SelectionReport {
  struct Entry {
    std::string device;
    std::string engine;     ///< empty when the device was rejected before an engine was chosen
    std::string profile;    ///< "fast", "full", or empty like the engine
    std::string precision;  ///< arithmetic, once known
    Verdict verdict = Verdict::kRejected;
    Reason reason = Reason::kLowerRank;
    std::string text;
    std::map<std::string, double> figures;  ///< measured values by name: "load_ms", "run_ms", "ratio", "error"
  };
  /// A registration seen on a device when the choice was made.
  struct Occupied {
    std::string device;
    std::string priority;  ///< "HIGH"
  };
  struct PhaseChange {
    std::string phase;
    double ms = 0;  ///< since the compile call
    std::string device;
    std::string engine;
    std::uint64_t generation = 0;
  };

  std::string request;      ///< the device string as given
  std::string list_source;  ///< to_string(ListSource)
  std::string mode;         ///< "LATENCY", "CUMULATIVE_THROUGHPUT", "MULTI"
  std::string label;        ///< B-402
  int label_row = 0;
  std::vector<std::string> ranking;  ///< accepted devices, best first
  std::vector<Entry> candidates;     ///< every token or device exactly once (B-1303), with what became of its best pair
  std::vector<Entry> pairs;          ///< every way to run that was planned, with its figures
  std::vector<Occupied> occupancy;
  std::vector<std::string> notes;
  std::vector<PhaseChange> phases;
};

/// SELECTION_REPORT: keys are stable, new ones may be added; bytes that are no UTF-8 are replaced.
std::string to_json(const SelectionReport& report);

/// For people: a heading, one line per candidate, one per way to run.
std::string to_text(const SelectionReport& report);

}  // namespace baton::policy
