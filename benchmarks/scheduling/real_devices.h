// SPDX-License-Identifier: Apache-2.0
// Copyright (C) 2026 The Baton authors
#pragma once

#include <memory>
#include <string>

#include "engine/engine.h"
#include "engine/manifest.h"

namespace baton::benchmarks {

/// The CPU of a real engine under another device's name: two engines of one machine as two devices, for a measurement
/// where no second device is.
struct RenamedDevice {
  std::unique_ptr<engine::Engine> engine;
  engine::EngineManifest manifest;
};

/// REQUIRES: `engine` outlives the result.
RenamedDevice rename_cpu(engine::Engine& engine, const std::string& device);

}  // namespace baton::benchmarks
