// SPDX-License-Identifier: Apache-2.0
// Copyright (C) 2026 The Baton authors
#include "runtime/public_report.h"

#include <string>
#include <utility>

namespace baton::runtime {

SelectionReport public_report(const policy::SelectionReport& report) {
  SelectionReport result;
  for (const auto& entry : report.candidates) {
    result.candidates.push_back({entry.device, entry.engine, std::string(to_string(entry.verdict)),
                                 std::string(to_string(entry.reason)), entry.text});
  }
  result.json = to_json(report);
  result.text = to_text(report);
  return result;
}

Statistics public_statistics(autodev::Statistics statistics) {
  Statistics result;
  for (autodev::PairStatistics& pair : statistics.pairs) {
    result.pairs.push_back({std::move(pair.device), std::move(pair.engine), std::move(pair.profile), pair.done,
                            pair.failed, pair.mean_ms, pair.median_ms, pair.p99_ms, pair.busy_ms, pair.span_ms});
  }
  result.switch_ms = statistics.switch_ms;
  result.queued = statistics.queued;
  return result;
}

}  // namespace baton::runtime
