// SPDX-License-Identifier: Apache-2.0
// Copyright (C) 2026 The Baton authors
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace baton::engine {

enum class DeviceKind { kCpu, kIntegratedGpu, kDiscreteGpu, kAccelerator, kSoftware };

std::string_view to_string(DeviceKind kind);  ///< "cpu", "igpu", "dgpu", "accelerator", "software" (B-310)

/// How early and how fast an engine is on a device before anything was measured: lower is better, comparable between
/// engines.
struct DeclaredRanks {
  int load_fast = -1;  ///< -1: the engine has no profile `fast` there
  int load_full = 100;
  int run = 100;
};

/// What one engine says of one device.
struct DeviceReport {
  std::string name;    ///< as users name it: "CPU", "GPU.1", "NPU"
  std::string handle;  ///< as the engine names it
  DeviceKind kind = DeviceKind::kCpu;
  std::string full_name;
  std::string vendor;
  std::string uuid;         ///< empty: unknown
  std::string pci_address;  ///< "0000:3b:00.0", empty: unknown
  std::string driver;
  std::uint64_t memory_bytes = 0;         ///< 0: unknown
  std::vector<std::string> capabilities;  ///< words of B-311, each only where true
  DeclaredRanks ranks;
  /// Keys that a compile for it accepts; "session.*" stands for every key that begins so.
  std::vector<std::string> supported_properties;
  /// Runs of executables of one group never overlap, whatever their model, device or engine (B-827); empty: none.
  std::string serial_group;
  bool cpu_heavy_load = true;   ///< compiling for it keeps the CPU's cores busy (B-516)
  bool exclusive_load = false;  ///< while it loads, other loads of the process hardly go on (B-516)
  bool stoppable_load = true;   ///< ends soon when it is given up; else it goes on, as TensorRT's does (B-553)
  bool lazy_first_run = false;  ///< the first run may take longer than the load; `ranks.load_*` cover it (B-552)
  bool dynamic_shapes = true;   ///< it takes models with dynamic shapes (B-1111)
  bool fixed_name = false;      ///< keeps its name when devices are numbered (a simulation script, B-302)
};

/// An engine's way to a device.
struct EngineOnDevice {
  std::string engine;
  DeviceReport report;
};

/// One piece of hardware with every engine that reaches it (B-303).
struct DeviceRecord {
  std::string name;    ///< as listed: "CPU", "GPU" when alone in its family, else "GPU.0"
  std::string family;  ///< "GPU"
  std::string id;      ///< "0"; empty when the family has no ids
  DeviceKind kind = DeviceKind::kCpu;
  std::string full_name;
  std::string identity;  ///< UUID, else PCI address, else name: what occupancy and records are keyed by
  std::string driver;
  std::uint64_t memory_bytes = 0;
  std::vector<std::string> capabilities;  ///< union over the engines, sorted
  std::vector<EngineOnDevice> engines;    ///< in order of engine name
};

}  // namespace baton::engine
