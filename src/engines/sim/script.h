// SPDX-License-Identifier: Apache-2.0
// Copyright (C) 2026 The Baton authors
//
// A simulation script as data; docs/simulation.md is its manual.
#pragma once

#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <vector>

#include "base/status.h"
#include "engine/device.h"
#include "engine/engine.h"
#include "model/model.h"

namespace baton::sim {

/// A span of time since the simulation began.
struct Window {
  double from_ms = 0;
  double to_ms = std::numeric_limits<double>::infinity();
};

struct DeviceScript {
  engine::DeviceReport report;  ///< without what belongs to the engine (ranks, handle)
  std::vector<Window> gone;
  engine::Properties properties;
};

struct EngineScript {
  std::string name;
  std::string version = "1.0";
  std::vector<model::Format> formats;
  engine::Concurrency concurrency = engine::Concurrency::kParallel;
  std::string serial_group;  ///< of all its devices
  double probe_ms = 0;
  std::string probe_error;
  bool probe_throws = false;
};

/// Loads or runs number `from` to `to`, counted per pair from 1, end like this.
struct Failure {
  std::uint32_t from = 1;
  std::uint32_t to = std::numeric_limits<std::uint32_t>::max();
  base::StatusCode code = base::StatusCode::kDeviceFailed;
  bool hang = false;
  std::string message;
};

/// How outputs of floating type differ from what they should be.
struct OutputError {
  double bias = 0;
  double scale = 1;
  bool nan = false;  ///< the first value of each output
};

/// What depends on the precision.
struct Behaviour {
  std::string precision = "f32";
  double load_ms = 0;
  double cached_load_ms = -1;  ///< from what was exported; -1: as any load
  double first_run_ms = -1;    ///< -1: as any run
  std::vector<double> run_ms = {1};
  double batch_item_ms = -1;  ///< for each further item of a batch; -1: as long as the first
  OutputError output_error;
};

/// While this pair runs or loads, another takes `factor` times as long.
struct Slowdown {
  std::string device;
  std::string engine;  ///< empty: all of the device
  double factor = 1;
  bool while_loading = false;
  bool while_running = true;
};

struct Pair {
  std::size_t device = 0;  ///< index into Script::devices
  std::size_t engine = 0;  ///< index into Script::engines
  engine::Profile profile = engine::Profile::kFull;
  Behaviour native;
  Behaviour full_precision;
  int load_rank = -1;  ///< -1: from load_ms
  int run_rank = -1;   ///< -1: from run_ms
  std::uint32_t slots = 1;
  std::uint32_t waiting_requests = 0;  ///< ExecutableTraits::waiting_requests
  std::uint32_t optimal_batch = 1;
  std::uint64_t memory_bytes = 0;
  bool cancel_load = true;
  bool cancel_run = true;
  bool lazy_first_run = false;
  bool cpu_heavy_load = true;
  bool exclusive_load = false;
  bool dynamic_shapes = true;
  double shape_compile_ms = 0;  ///< what the first run at new shapes takes more; 0: declares no such compiles
  bool forgets_shapes = false;  ///< every run at other shapes than the one before does
  std::optional<double> device_coverage;
  std::string refuses;  ///< why it supports no model; empty: it does
  bool any_property = true;
  std::vector<std::string> supported_properties;  ///< when not any_property
  std::vector<std::string> capabilities;          ///< empty: the device's
  std::vector<Slowdown> slows;
  std::vector<Failure> load_failures;
  std::vector<Failure> import_failures;  ///< of loads from what was exported, counted by themselves
  std::vector<Failure> run_failures;

  const Behaviour& behaviour(engine::Precision precision) const {
    return precision == engine::Precision::kNative ? native : full_precision;
  }
};

struct Script {
  bool only = false;
  std::vector<DeviceScript> devices;
  std::vector<EngineScript> engines;
  std::vector<Pair> pairs;
};

/// Reads a script: JSON text when `script` begins with a brace, else a file. The error names the file and the key.
base::Result<Script> read_script(const std::string& script);

}  // namespace baton::sim
