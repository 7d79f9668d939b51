// SPDX-License-Identifier: Apache-2.0
// Copyright (C) 2026 The Baton authors
#pragma once

#include <span>

#include "auto/auto_model.h"
#include "engine/device.h"
#include "policy/plan.h"

namespace baton::autodev {

/// What was measured in this and earlier processes (B-425), and is used to plan the next compile.
/// Thread-safety: safe.
class RecordStore {
 public:
  virtual ~RecordStore() = default;
  /// A lookup for one compile; null when nothing is known of the model.
  virtual policy::MeasuredLookup lookup(const CompileSpec& spec, std::span<const engine::DeviceRecord> devices) = 0;
  /// One check: what loading and running cost.
  virtual void add(const CompileSpec& spec, const engine::DeviceRecord& device, const policy::Pair& pair,
                   const policy::Measured& measured) = 0;
};

}  // namespace baton::autodev
