// SPDX-License-Identifier: Apache-2.0
// Copyright (C) 2026 The Baton authors
#include "printing.h"

#include "common/text.h"

namespace baton::tool {

using app::format;

std::string ms_text(double ms) { return format(ms < 1 ? "%.3f" : ms < 100 ? "%.1f" : "%.0f", ms); }

std::string print_milestones(const StartupTrace& trace) {
  std::string text = format("  %8s  model read\n  %8s  compile_model returned\n", ms_text(trace.read_ms).c_str(),
                            ms_text(trace.compile_ms).c_str());
  if (!trace.answers.empty()) {
    const Answer& first = trace.answers.front();
    text += format("  %8s  first answer, by %s\n", ms_text(first.end_ms).c_str(), first.engine.c_str());
  }
  return text;
}

std::string print_events(const StartupTrace& trace) {
  std::string text;
  for (const TimedEvent& timed : trace.events) {
    const Event& event = timed.event;
    text += format("  %8s  %-18s %s", ms_text(timed.ms).c_str(), event.type.c_str(), event.device.c_str());
    if (!event.engine.empty()) text += "/" + event.engine + "/" + event.profile;
    if (!event.reason.empty()) text += " " + event.reason;
    if (!event.text.empty()) text += ": " + event.text;
    text += "\n";
  }
  return text;
}

std::string print_stages(const StartupTrace& trace) {
  std::string text;
  for (const Stage& stage : stages(trace)) {
    text += format("  generation %llu, %-12s %6zu answers, median %s ms\n",
                   static_cast<unsigned long long>(stage.generation), stage.engine.c_str(), stage.answers,
                   ms_text(stage.median_ms).c_str());
  }
  return text;
}

}  // namespace baton::tool
