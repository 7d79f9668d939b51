// SPDX-License-Identifier: Apache-2.0
// Copyright (C) 2026 The Baton authors
#include "engine/engine.h"

namespace baton::engine {

std::string_view to_string(DeviceKind kind) {
  switch (kind) {
    case DeviceKind::kCpu: return "cpu";
    case DeviceKind::kIntegratedGpu: return "igpu";
    case DeviceKind::kDiscreteGpu: return "dgpu";
    case DeviceKind::kAccelerator: return "accelerator";
    case DeviceKind::kSoftware: return "software";
  }
  return "unknown";
}

std::string_view to_string(Profile profile) { return profile == Profile::kFast ? "fast" : "full"; }

std::string_view to_string(Precision precision) { return precision == Precision::kNative ? "native" : "full"; }

std::string_view to_string(Hint hint) {
  switch (hint) {
    case Hint::kLatency: return "LATENCY";
    case Hint::kThroughput: return "THROUGHPUT";
    case Hint::kNone: return "NONE";
  }
  return "unknown";
}

}  // namespace baton::engine
