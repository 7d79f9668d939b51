// SPDX-License-Identifier: Apache-2.0
// Copyright (C) 2026 The Baton authors
//
// The vocabulary of a selection: candidates, pairs, verdicts, reasons. Plain values, no behaviour.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "engine/device.h"
#include "engine/engine.h"

namespace baton::policy {

enum class Verdict { kTarget, kHelper, kStandby, kRejected, kFailed, kSuspended, kServing };

/// Why a candidate is what it is (B-1304).
enum class Reason {
  kSelected,
  kHelper,
  kLowerRank,
  kDeviceNotFound,
  kExcluded,
  kSoftwareDevice,
  kProbeFailed,
  kConfigUnsupported,
  kNoProfiling,
  kPrecisionUnsupported,
  kDynamicUnsupported,
  kNoEngine,
  kNotEnoughMemory,
  kOccupied,
  kCpuLeftToGpus,
  kLoadFailed,
  kLoadTimeout,
  kWarmupFailed,
  kOutputMismatch,
  kSlowerThanHelper,
  kSlowerOnRecord,
  kSuspendedOutOfMemory,
  kSuspendedDeviceLost,
  kSuspendedEngineError,
};

std::string_view to_string(Verdict verdict);  ///< "target", "helper", ...
std::string_view to_string(Reason reason);    ///< "SELECTED", "DEVICE_NOT_FOUND", ...

/// A device that the candidate list lets AUTO use, or that it had to reject.
struct Candidate {
  std::string device;         ///< as the user wrote it or as enumeration spells it (B-111)
  int record = -1;            ///< index into the device list; -1: not found
  int priority = 0;           ///< position of its token; instances of one family share one (B-109)
  std::uint32_t workers = 0;  ///< X(n); 0: not given
  bool accepted = true;
  Reason reason = Reason::kLowerRank;
  std::string text;  ///< one sentence with the value that decided
};

/// One way to run. The device is spelled as in Candidate.
struct Pair {
  std::string device;
  std::string engine;
  std::string handle;  ///< the engine's own name of the device
  engine::Profile profile = engine::Profile::kFull;
  engine::Precision precision = engine::Precision::kNative;

  bool operator==(const Pair&) const = default;
};

std::string to_string(const Pair& pair);  ///< "CPU/onnxruntime/fast", "CPU/openvino/full/f32"

}  // namespace baton::policy
