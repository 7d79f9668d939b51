// SPDX-License-Identifier: Apache-2.0
// Copyright (C) 2026 The Baton authors
//
// A start-up as a picture made of text. Pure: no engine, no clock.
#pragma once

#include <string>
#include <vector>

#include "startup_recorder.h"

namespace baton::tool {

/// What a rung did, and when.
struct Span {
  enum class Kind { kPreparing, kChecking, kServing };
  Kind kind;
  double from_ms = 0;
  double to_ms = 0;
  bool operator==(const Span&) const = default;
};

/// One rung of the ladder: a device, an engine and a profile.
struct TimelineRow {
  std::string label;  ///< "CPU/onnxruntime/fast"
  std::vector<Span> spans;
};

/// The rows in order of first appearance. What has not ended ends at `end_ms`.
std::vector<TimelineRow> timeline(const std::vector<TimedEvent>& events, double end_ms);

/// The rows as bars over a time axis of `columns` characters, and under them the latency of the answers.
std::string draw_timeline(const StartupTrace& trace, std::size_t columns);

/// One character per column for the median latency of the answers that ended in it; blank where there was none.
std::string sparkline(const std::vector<Answer>& answers, double end_ms, std::size_t columns);

}  // namespace baton::tool
