// SPDX-License-Identifier: Apache-2.0
// Copyright (C) 2026 The Baton authors
#include "policy/selection.h"

namespace baton::policy {

std::string_view to_string(Verdict verdict) {
  switch (verdict) {
    case Verdict::kTarget: return "target";
    case Verdict::kHelper: return "helper";
    case Verdict::kStandby: return "standby";
    case Verdict::kRejected: return "rejected";
    case Verdict::kFailed: return "failed";
    case Verdict::kSuspended: return "suspended";
    case Verdict::kServing: return "serving";
  }
  return "unknown";
}

std::string_view to_string(Reason reason) {
  switch (reason) {
    case Reason::kSelected: return "SELECTED";
    case Reason::kHelper: return "HELPER";
    case Reason::kLowerRank: return "LOWER_RANK";
    case Reason::kDeviceNotFound: return "DEVICE_NOT_FOUND";
    case Reason::kExcluded: return "EXCLUDED";
    case Reason::kSoftwareDevice: return "SOFTWARE_DEVICE";
    case Reason::kProbeFailed: return "PROBE_FAILED";
    case Reason::kConfigUnsupported: return "CONFIG_UNSUPPORTED";
    case Reason::kNoProfiling: return "NO_PROFILING";
    case Reason::kPrecisionUnsupported: return "PRECISION_UNSUPPORTED";
    case Reason::kDynamicUnsupported: return "DYNAMIC_UNSUPPORTED";
    case Reason::kNoEngine: return "NO_ENGINE";
    case Reason::kNotEnoughMemory: return "NOT_ENOUGH_MEMORY";
    case Reason::kOccupied: return "OCCUPIED";
    case Reason::kCpuLeftToGpus: return "CPU_LEFT_TO_GPUS";
    case Reason::kLoadFailed: return "LOAD_FAILED";
    case Reason::kLoadTimeout: return "LOAD_TIMEOUT";
    case Reason::kWarmupFailed: return "WARMUP_FAILED";
    case Reason::kOutputMismatch: return "OUTPUT_MISMATCH";
    case Reason::kSlowerThanHelper: return "SLOWER_THAN_HELPER";
    case Reason::kSlowerOnRecord: return "SLOWER_ON_RECORD";
    case Reason::kSuspendedOutOfMemory: return "SUSPENDED_OUT_OF_MEMORY";
    case Reason::kSuspendedDeviceLost: return "SUSPENDED_DEVICE_LOST";
    case Reason::kSuspendedEngineError: return "SUSPENDED_ENGINE_ERROR";
  }
  return "UNKNOWN";
}

std::string to_string(const Pair& pair) {
  std::string text = pair.device + "/" + pair.engine + "/" + std::string(engine::to_string(pair.profile));
  if (pair.precision == engine::Precision::kFull) text += "/f32";
  return text;
}

}  // namespace baton::policy
