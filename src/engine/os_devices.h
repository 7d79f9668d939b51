// SPDX-License-Identifier: Apache-2.0
// Copyright (C) 2026 The Baton authors
//
// The cheap look at the operating system that decides which engines are asked for devices (B-307): a few directory
// listings, well under a millisecond, no driver is touched.
#pragma once

#include <cstdint>
#include <filesystem>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace baton::engine {

/// What the operating system shows of its hardware.
struct OsDevices {
  /// Device nodes and driver lists, sorted; a change means that engines must be asked again.
  std::vector<std::string> found;
  /// What they speak for, sorted: "render" (GPU render nodes), "nvidia", "dxg" (GPU of a Windows host), "opencl",
  /// "vulkan" (installed drivers), "accel" (accelerator nodes).
  std::vector<std::string> evidence;
  std::size_t gpus = 0;            ///< by their nodes, one that has two counted once
  std::string cpu_name;            ///< empty: unknown
  std::uint64_t memory_bytes = 0;  ///< of the machine; 0: unknown

  bool has(std::string_view word) const;
  bool operator==(const OsDevices&) const = default;
};

/// Looks below `root` ("/" but in tests). What cannot be read is not there.
OsDevices look_at_os(const std::filesystem::path& root);

/// Whether an engine should be asked for a family: always for families that have no node of their own kind, for GPU and
/// NPU when any word of `evidence` is there (empty: the usual ones of that family).
bool worth_asking(const OsDevices& os, std::string_view family, std::span<const std::string> evidence);

}  // namespace baton::engine
