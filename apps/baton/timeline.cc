// SPDX-License-Identifier: Apache-2.0
// Copyright (C) 2026 The Baton authors
#include "timeline.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdio>

namespace baton::tool {
namespace {

/// Follows the events and keeps which span of each rung is open.
class TimelineBuilder {
 public:
  void add(const TimedEvent& timed) {
    const std::string& type = timed.event.type;
    if (type == "LOAD_STARTED") {
      begin(timed, Span::Kind::kPreparing);
    } else if (type == "LOAD_FINISHED") {
      // The first executable of all serves at once; any later one is checked first.
      begin(timed, somebody_serves_ ? Span::Kind::kChecking : Span::Kind::kServing);
      somebody_serves_ = true;
    } else if (type == "SWITCHED") {
      for (Open& row : rows_) {
        if (row.open && row.spans.back().kind == Span::Kind::kServing) end(row, timed.ms);
      }
      begin(timed, Span::Kind::kServing);
    } else if (type == "CHECK_DONE" || type == "CANDIDATE_FAILED") {
      end(row_of(timed.event), timed.ms);
    }
  }

  std::vector<TimelineRow> finish(double end_ms) {
    std::vector<TimelineRow> rows;
    for (Open& row : rows_) {
      end(row, end_ms);
      rows.push_back({std::move(row.label), std::move(row.spans)});
    }
    return rows;
  }

 private:
  struct Open : TimelineRow {
    bool open = false;  ///< the last span has not ended
  };

  Open& row_of(const Event& event) {
    const std::string label = event.device + "/" + event.engine + "/" + event.profile;
    const auto found = std::find_if(rows_.begin(), rows_.end(), [&](const Open& row) { return row.label == label; });
    return found != rows_.end() ? *found : rows_.emplace_back(Open{{label, {}}});
  }

  void begin(const TimedEvent& timed, Span::Kind kind) {
    Open& row = row_of(timed.event);
    end(row, timed.ms);
    row.spans.push_back({kind, timed.ms, timed.ms});
    row.open = true;
  }

  static void end(Open& row, double ms) {
    if (row.open) row.spans.back().to_ms = ms;
    row.open = false;
  }

  std::vector<Open> rows_;
  bool somebody_serves_ = false;
};

const char* mark(Span::Kind kind) {
  switch (kind) {
    case Span::Kind::kPreparing: return "░";
    case Span::Kind::kChecking: return "▒";
    case Span::Kind::kServing: return "█";
  }
  return "?";
}

/// A span shows in every column it touches, however short it is.
std::string bar(const std::vector<Span>& spans, double end_ms, std::size_t columns) {
  std::vector<const char*> cells(columns, " ");
  for (const Span& span : spans) {
    const auto column = [&](double ms) {
      return std::min(static_cast<std::size_t>(ms / end_ms * static_cast<double>(columns)), columns - 1);
    };
    std::fill(cells.begin() + static_cast<std::ptrdiff_t>(column(span.from_ms)),
              cells.begin() + static_cast<std::ptrdiff_t>(column(span.to_ms)) + 1, mark(span.kind));
  }
  std::string text;
  for (const char* cell : cells) text += cell;
  return text;
}

std::string padded(std::string text, std::size_t width) {
  text.resize(std::max(width, text.size()), ' ');
  return text;
}

}  // namespace

std::vector<TimelineRow> timeline(const std::vector<TimedEvent>& events, double end_ms) {
  TimelineBuilder builder;
  for (const TimedEvent& event : events) builder.add(event);
  return builder.finish(end_ms);
}

std::string sparkline(const std::vector<Answer>& answers, double end_ms, std::size_t columns) {
  static constexpr std::array<const char*, 8> kBars{"▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"};
  std::vector<std::vector<double>> bins(columns);
  for (const Answer& answer : answers) {
    const auto bin = static_cast<std::size_t>(answer.end_ms / end_ms * static_cast<double>(columns));
    bins[std::min(bin, columns - 1)].push_back(answer.latency_ms);
  }
  std::vector<double> medians;
  for (std::vector<double>& bin : bins) {
    std::sort(bin.begin(), bin.end());
    medians.push_back(bin.empty() ? 0 : bin[bin.size() / 2]);
  }
  const double highest = *std::max_element(medians.begin(), medians.end());
  std::string text;
  for (double value : medians) {
    const auto level = static_cast<std::size_t>(std::ceil(value / highest * kBars.size()));
    text += value > 0 ? kBars[level - 1] : " ";
  }
  return text;
}

std::string draw_timeline(const StartupTrace& trace, std::size_t columns) {
  const auto rows = timeline(trace.events, trace.end_ms);
  const std::string caption = "latency of answers";
  std::size_t width = caption.size();
  for (const TimelineRow& row : rows) width = std::max(width, row.label.size());
  char end[32];
  std::snprintf(end, sizeof end, "%.0f ms", trace.end_ms);
  const std::string axis_end = end;
  std::string text =
      padded("", width + 2) + padded("0", columns - std::min(columns, axis_end.size())) + axis_end + "\n";
  for (const TimelineRow& row : rows)
    text += padded(row.label, width + 2) + bar(row.spans, trace.end_ms, columns) + "\n";
  text += padded(caption, width + 2) + sparkline(trace.answers, trace.end_ms, columns) + "\n";
  return text + padded("", width + 2) + "░ preparing  ▒ being checked  █ serving\n";
}

}  // namespace baton::tool
