// SPDX-License-Identifier: Apache-2.0
// Copyright (C) 2026 The Baton authors
#include "policy/event.h"

namespace baton::policy {

std::string_view to_string(Phase phase) {
  switch (phase) {
    case Phase::kPreparing: return "PREPARING";
    case Phase::kHelper: return "HELPER";
    case Phase::kChecking: return "CHECKING";
    case Phase::kDraining: return "DRAINING";
    case Phase::kSteady: return "STEADY";
    case Phase::kFailover: return "FAILOVER";
    case Phase::kFailed: return "FAILED";
  }
  return "UNKNOWN";
}

std::string_view to_string(EventType type) {
  switch (type) {
    case EventType::kCandidateRejected: return "CANDIDATE_REJECTED";
    case EventType::kLoadStarted: return "LOAD_STARTED";
    case EventType::kLoadFinished: return "LOAD_FINISHED";
    case EventType::kCandidateFailed: return "CANDIDATE_FAILED";
    case EventType::kHelperReady: return "HELPER_READY";
    case EventType::kCheckDone: return "CHECK_DONE";
    case EventType::kSwitched: return "SWITCHED";
    case EventType::kHelperKept: return "HELPER_KEPT";
    case EventType::kHelperReleased: return "HELPER_RELEASED";
    case EventType::kSecondLook: return "SECOND_LOOK";
    case EventType::kDeviceJoined: return "DEVICE_JOINED";
    case EventType::kDeviceSuspended: return "DEVICE_SUSPENDED";
    case EventType::kDevicesCompared: return "DEVICES_COMPARED";
    case EventType::kDeviceParked: return "DEVICE_PARKED";
    case EventType::kProbeDone: return "PROBE_DONE";
    case EventType::kReturned: return "RETURNED";
    case EventType::kStateReset: return "STATE_RESET";
    case EventType::kFailed: return "FAILED";
    case EventType::kClosed: return "CLOSED";
  }
  return "UNKNOWN";
}

}  // namespace baton::policy
