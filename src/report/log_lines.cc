// SPDX-License-Identifier: Apache-2.0
// Copyright (C) 2026 The Baton authors
#include "report/log_lines.h"

#include <cstdio>

#include "policy/number.h"

namespace baton::report {
namespace {

using base::LogLevel;
using policy::Event;
using policy::EventType;

constexpr int kDigits = 6;

std::string ms(double value) {
  char buffer[32];
  std::snprintf(buffer, sizeof buffer, "%.1f ms", value);
  return buffer;
}

double value_of(const Event& event, const char* key) {
  const auto found = event.values.find(key);
  return found == event.values.end() ? 0 : found->second;
}

std::string values_text(const Event& event) {
  std::string text;
  for (const auto& [key, value] : event.values)
    text.append(" ").append(key).append("=").append(policy::number(value, kDigits));
  return text;
}

/// " [openvino full]"; nothing for an event without an engine.
std::string way(const Event& event) {
  if (event.engine.empty()) return {};
  return " [" + event.engine + (event.profile.empty() ? "" : " ") + event.profile + "]";
}

std::string who(const Event& event) { return "device:" + event.device + way(event); }

std::string with(std::string text, const Event& event) {
  if (!event.reason.empty()) text.append(", ").append(event.reason);
  if (!event.text.empty()) text.append(": ").append(event.text);
  return text;
}

LogLine load_started(const Event& event) {
  if (event.reason == "PROBE") return {LogLevel::kDebug, "probing " + who(event)};
  if (event.reason == "HELPER")
    return {LogLevel::kInfo, "will load " + event.device + " as helper [" + event.engine + "]"};
  return {LogLevel::kInfo, "select " + who(event)};
}

std::vector<LogLine> helper_released(const Event& event) {
  const std::string tag = event.device + "_HELP:";
  return {{LogLevel::kInfo, tag + "infer:" + policy::number(value_of(event, "infer"), kDigits)},
          {LogLevel::kInfo, tag + "fps:" + policy::number(value_of(event, "fps"), kDigits)},
          {LogLevel::kInfo, "helper released!!"}};
}

std::vector<LogLine> closed(const Event& event) {
  std::vector<LogLine> lines;
  for (const auto& [key, value] : event.values)
    lines.push_back({LogLevel::kInfo, key + ":" + policy::number(value, kDigits)});
  return lines;
}

}  // namespace

std::vector<LogLine> log_lines(const Event& event) {
  switch (event.type) {
    case EventType::kCandidateRejected: return {{LogLevel::kInfo, with(who(event) + " rejected", event)}};
    case EventType::kLoadStarted: return {load_started(event)};
    case EventType::kLoadFinished:
      return {{LogLevel::kInfo,
               "device:" + event.device + " compiling model finished in " + ms(value_of(event, "ms")) + way(event)}};
    case EventType::kCandidateFailed: {
      const bool load = event.reason == "LOAD_FAILED" || event.reason == "LOAD_TIMEOUT";
      return {{LogLevel::kWarning, with(who(event) + (load ? " failed to load" : " was refused"), event)}};
    }
    case EventType::kHelperReady: return {{LogLevel::kDebug, who(event) + " answers first"}};
    case EventType::kCheckDone: {
      const LogLevel level = value_of(event, "warned") != 0 ? LogLevel::kWarning : LogLevel::kDebug;
      return {{level, with(who(event) + " checked", event) + values_text(event)}};
    }
    case EventType::kDeviceSuspended: return {{LogLevel::kWarning, with(who(event) + " suspended", event)}};
    case EventType::kDevicesCompared:
      return {{LogLevel::kDebug, "devices compared under full load" + values_text(event)}};
    case EventType::kDeviceParked:
      return {{LogLevel::kInfo, who(event) + " parked: the others do more without it" + values_text(event)}};
    case EventType::kProbeDone: return {{LogLevel::kDebug, with(who(event) + " probed", event) + values_text(event)}};
    case EventType::kReturned:
      return {{LogLevel::kInfo, "returned to " + event.device + " [" + event.engine + "]" +
                                    (event.text.empty() ? "" : ": " + event.text)}};
    case EventType::kStateReset: return {{LogLevel::kWarning, with(who(event) + " state reset", event)}};
    case EventType::kSwitched:
      if (!event.reason.empty()) return {{LogLevel::kWarning, event.text + ", " + event.reason}};  // fail-over from/to
      return {{LogLevel::kInfo, "switched to " + event.device + " [" + event.engine + "] after " +
                                    ms(value_of(event, "since_start_ms")) +
                                    (event.text.empty() ? "" : ": " + event.text)}};
    case EventType::kHelperKept: return {{LogLevel::kInfo, with(who(event) + " keeps serving", event)}};
    case EventType::kHelperReleased: return helper_released(event);
    case EventType::kSecondLook:
      return {{LogLevel::kDebug, with(who(event) + " second look", event) + values_text(event)}};
    case EventType::kDeviceJoined:
      return {{LogLevel::kInfo, who(event) + " joined after " + ms(value_of(event, "since_start_ms"))}};
    case EventType::kFailed: return {{LogLevel::kError, with("no serving device left", event)}};
    case EventType::kClosed: return closed(event);
  }
  return {};
}

void write_log_lines(const Event& event, std::string_view tag, base::LogSink& sink) {
  if (!sink.enabled(LogLevel::kError)) return;
  for (const LogLine& line : log_lines(event)) BATON_LOG(sink, line.level, tag, line.text);
}

}  // namespace baton::report
