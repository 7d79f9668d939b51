// SPDX-License-Identifier: Apache-2.0
// Copyright (C) 2026 The Baton authors
//
// Phases (B-501) and the one event stream (B-1210): every decision is one Event; log lines, EXECUTION_DEVICES,
// statistics, timelines and explain are made of nothing else.
#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>

namespace baton::policy {

enum class Phase { kPreparing, kHelper, kChecking, kDraining, kSteady, kFailover, kFailed };

std::string_view to_string(Phase phase);  ///< "PREPARING", "HELPER", ...

enum class EventType {
  kCandidateRejected,
  kLoadStarted,
  kLoadFinished,
  kCandidateFailed,
  kHelperReady,
  kCheckDone,
  kSwitched,
  kHelperKept,
  kHelperReleased,
  kSecondLook,
  kDeviceJoined,
  kDeviceSuspended,
  kDevicesCompared,
  kDeviceParked,
  kProbeDone,
  kReturned,
  kStateReset,
  kFailed,
  kClosed,
};

std::string_view to_string(EventType type);  ///< "LOAD_STARTED", ...

struct Event {
  EventType type = EventType::kLoadStarted;
  std::chrono::steady_clock::time_point time;
  Phase phase = Phase::kPreparing;  ///< after the decision
  std::string device;
  std::string engine;
  std::string profile;                   ///< "fast" or "full"
  std::uint64_t generation = 0;          ///< after the decision
  std::string reason;                    ///< code of B-1304, or empty
  std::string text;                      ///< one sentence
  std::map<std::string, double> values;  ///< "ms", "helper_ms", "target_ms", "ratio", "error", "limit", ...
};

}  // namespace baton::policy
