// SPDX-License-Identifier: Apache-2.0
// Copyright (C) 2026 The Baton authors
//
// What a compiled model tells about itself: events as they happen, counters, and why the selection is what it is.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <vector>

#include "baton/api.hpp"
#include "baton/properties.hpp"

namespace baton {

/// One decision of the device AUTO.
struct Event {
  std::string type;  ///< "LOAD_STARTED", "SWITCHED", ... (docs/events.md)
  std::chrono::steady_clock::time_point time;
  std::string phase;  ///< after the decision: "HELPER", "STEADY", ...
  std::string device;
  std::string engine;
  std::string profile;                   ///< "fast" or "full"
  std::uint64_t generation = 0;          ///< after the decision
  std::string reason;                    ///< a code such as "OUTPUT_MISMATCH", or empty
  std::string text;                      ///< one sentence
  std::map<std::string, double> values;  ///< figures by name: "ms", "ratio", "error", ...
};

/// Called for one event at a time, in order, on a thread of Baton; what it throws is dropped. Not called any more once
/// it has been replaced, the last CompiledModel and request of its model are gone, or `compile_model` has thrown (it
/// has heard why by then): all wait for a call that goes on (2 s at most; not where the listener itself does it).
using EventCallback = std::function<void(const Event&)>;
/// Called for each line that the log level lets pass, on the thread that logs: by several at once where they do. What
/// it throws is dropped. Not called any more once it has been replaced, as above.
using LogCallback = std::function<void(log::Level level, const std::string& tag, const std::string& text)>;

/// Counters of one way to run.
struct PairStatistics {
  std::string device;
  std::string engine;
  std::string profile;
  std::uint64_t done = 0;
  std::uint64_t failed = 0;
  double mean_ms = 0;
  double median_ms = 0;
  double p99_ms = 0;
  double busy_ms = 0;
  double span_ms = 0;  ///< from the first start to the last completion
};

struct Statistics {
  std::vector<PairStatistics> pairs;
  double switch_ms = 0;    ///< from the compile call to the last switch; 0: none yet
  std::size_t queued = 0;  ///< requests that wait at this moment
};

/// Why a model runs where it runs: every token of the device string, or every device, exactly once.
struct SelectionReport {
  struct Candidate {
    std::string device;
    std::string engine;   ///< empty: rejected before engines were asked
    std::string verdict;  ///< "target", "helper", "standby", "rejected", "failed", "suspended", "serving"
    std::string reason;   ///< a code such as "DEVICE_NOT_FOUND"
    std::string text;     ///< one sentence with the value that decided
  };

  std::vector<Candidate> candidates;
  std::string json;  ///< everything, as SELECTION_REPORT (docs/explain.md)
  std::string text;  ///< for people: a line per candidate

  const std::string& to_json() const { return json; }
  const std::string& to_text() const { return text; }
};

}  // namespace baton
