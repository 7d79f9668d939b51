// SPDX-License-Identifier: Apache-2.0
// Copyright (C) 2026 The Baton authors
#include "auto/reports.h"

#include <algorithm>
#include <utility>

#include "base/process_exit.h"
#include "policy/dynamic_shapes.h"

namespace baton::autodev {

using policy::Reason;
using policy::Verdict;

namespace {

std::string mode_of(const CompileSpec& spec) {
  if (spec.device.kind == policy::DeviceString::Kind::kMulti) return "MULTI";
  switch (spec.options.hint) {
    case PerformanceHint::kLatency: return "LATENCY";
    case PerformanceHint::kThroughput: return "THROUGHPUT";
    case PerformanceHint::kCumulativeThroughput: return "CUMULATIVE_THROUGHPUT";
  }
  return {};
}

}  // namespace

policy::SelectionReport selection_report(const CompileSpec& spec, const Selection& selection) {
  policy::SelectionReport report;
  report.request = spec.device_text;
  report.list_source = to_string(selection.list.source);
  report.mode = mode_of(spec);
  report.label = selection.label.name;
  report.label_row = selection.label.row;
  for (std::size_t d = 0; d < selection.ranking.size(); ++d)
    report.ranking.push_back(selection.candidate(static_cast<int>(d)).device);
  report.occupancy = selection.occupancy;
  report.notes = selection.list.warnings;
  report.notes.insert(report.notes.end(), selection.list.notes.begin(), selection.list.notes.end());
  report.notes.insert(report.notes.end(), selection.notes.begin(), selection.notes.end());
  return report;
}

policy::SelectionReport::Entry entry_of(const policy::Pair& pair, Verdict verdict, Reason reason, std::string text) {
  return {.device = pair.device,
          .engine = pair.engine,
          .profile = std::string(to_string(pair.profile)),
          .precision = pair.precision == engine::Precision::kFull ? "f32" : "",
          .verdict = verdict,
          .reason = reason,
          .text = std::move(text)};
}

void add_loaded(policy::SelectionReport::Entry& entry, const LoadedRung& rung) {
  entry.precision = rung.traits.precision;
  entry.figures["run_ms"] = rung.run_times.quantile_ms(0.5);
  if (rung.traits.device_coverage) entry.figures["device_coverage"] = *rung.traits.device_coverage;
}

void add_record(policy::SelectionReport::Entry& entry, const std::optional<policy::Record>& record) {
  if (!record) return;
  const auto add = [&](const std::string& name, const policy::Figure& figure) {
    if (figure.observations == 0) return;
    entry.figures[name + "_ms"] = figure.ms;
    entry.figures[name + "_spread"] = figure.low_ms > 0 ? figure.high_ms / figure.low_ms : 1;
    entry.figures[name + "_observations"] = figure.observations;
    entry.figures[name + "_age_days"] = std::chrono::duration<double, std::ratio<86400>>(figure.age).count();
  };
  add("record_load", record->load);
  add("record_run", record->run);
}

namespace {

std::vector<policy::SelectionReport::Entry> candidate_entries(
    const Selection& selection, const std::vector<policy::SelectionReport::Entry>& pairs) {
  const auto weight = [](Verdict verdict) {
    switch (verdict) {
      case Verdict::kServing:
      case Verdict::kTarget: return 0;
      case Verdict::kHelper: return 1;
      case Verdict::kSuspended:
      case Verdict::kFailed: return 2;
      case Verdict::kRejected: return 4;
      default: return 3;
    }
  };
  std::vector<policy::SelectionReport::Entry> entries;
  for (const policy::Candidate& candidate : selection.list.candidates) {
    const policy::SelectionReport::Entry* best = nullptr;
    for (const auto& pair : pairs) {
      if (candidate.accepted && pair.device == candidate.device &&
          (!best || weight(pair.verdict) < weight(best->verdict)))
        best = &pair;
    }
    if (best) {
      entries.push_back(*best);
      entries.back().figures.clear();  // they stand with the pair
      const bool passed_over = candidate.reason == Reason::kOccupied || candidate.reason == Reason::kSlowerOnRecord;
      if (best->verdict == Verdict::kStandby && passed_over) {
        entries.back().reason = candidate.reason;
        entries.back().text = candidate.text;
      }
    } else {
      entries.push_back({.device = candidate.device,
                         .verdict = Verdict::kRejected,
                         .reason = candidate.reason,
                         .text = candidate.text});
    }
  }
  return entries;
}

}  // namespace

void add_entries(policy::SelectionReport& report, const CompileSpec& spec, const Selection& selection,
                 std::vector<policy::SelectionReport::Entry> planned) {
  for (const policy::Pair& pair : selection.refused) {
    planned.push_back(entry_of(pair, Verdict::kRejected, Reason::kDynamicUnsupported,
                               policy::dynamic_refusal(policy::dynamic_inputs(spec.model), pair.engine)));
  }
  report.candidates = candidate_entries(selection, planned);
  report.pairs = std::move(planned);
}

std::vector<policy::Event> rejections(const Selection& selection, base::TimePoint now) {
  std::vector<policy::Event> events;
  for (const policy::Candidate& candidate : selection.list.candidates) {
    if (candidate.accepted) continue;
    events.push_back({.type = policy::EventType::kCandidateRejected,
                      .time = now,
                      .device = candidate.device,
                      .reason = std::string(to_string(candidate.reason)),
                      .text = candidate.text});
  }
  return events;
}

std::string tag_of(const CompileSpec& spec) {
  return spec.device.is_one_device() ? spec.device.name : policy::to_string(spec.device.kind);
}

double rate_of(const PairStatistics& pair) {
  return pair.span_ms > 0 ? static_cast<double>(pair.done) * 1000 / pair.span_ms : 0;
}

void add_inferences(policy::Event& event, const std::map<int, PairStatistics>& pairs) {
  for (const auto& [rung, pair] : pairs) {
    event.values[pair.device + ":infer"] += static_cast<double>(pair.done);
    double& fps = event.values[pair.device + ":fps"];
    fps = std::max(fps, rate_of(pair));
  }
}

base::Result<std::string> property_of(const std::shared_ptr<engine::Executable>& executable, const std::string& key) {
  if (!executable) return base::Status::not_found("nothing serves that could answer " + key);
  const base::EngineCall call;
  if (!call.allowed()) return base::EngineCall::refused();
  return executable->property(key);
}

PairStatistics statistics_of(const policy::Pair& pair, const RunCounters& counters) {
  return {.device = pair.device,
          .engine = pair.engine,
          .profile = std::string(to_string(pair.profile)),
          .done = counters.run_times.count(),
          .failed = counters.failed,
          .mean_ms = counters.run_times.mean_ms(),
          .median_ms = counters.run_times.quantile_ms(0.5),
          .p99_ms = counters.run_times.quantile_ms(0.99),
          .busy_ms = base::to_ms(counters.busy),
          .span_ms =
              counters.first_start && counters.last_end ? base::to_ms(*counters.last_end - *counters.first_start) : 0};
}

}  // namespace baton::autodev
