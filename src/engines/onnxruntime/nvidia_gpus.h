// SPDX-License-Identifier: Apache-2.0
// Copyright (C) 2026 The Baton authors
//
// The NVIDIA GPUs of a machine, as its driver lists them in /proc: half a millisecond, where asking CUDA or NVML
// (15 ms, measured on an H100) would stand on the way to a first answer.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "engine/device.h"

namespace baton::engine::onnxruntime {

struct NvidiaGpu {
  std::string name;                ///< "NVIDIA H100 80GB HBM3"
  std::string uuid;                ///< "GPU-b7b0573e-...", empty: unknown
  std::string pci_address;         ///< "0000:3b:00.0"
  std::string driver;              ///< "580.159.04", empty: unknown
  std::uint64_t memory_bytes = 0;  ///< 0: unknown
};

/// What the driver lists below `root` ("/" but in tests) and has a device node, by PCI address. Empty without driver,
/// or where a container does not show its list.
std::vector<NvidiaGpu> read_driver_list(const std::filesystem::path& root);

/// Those that CUDA shows to this process, by the rules of CUDA_VISIBLE_DEVICES: the first entry that names no GPU ends
/// the list. Numbers count in the order of PCI addresses, which is CUDA's among equal GPUs; between different ones they
/// do not say which GPU they mean, nor do names of MIG devices, or UUIDs where one is unknown: then all stay and a load
/// tells. nullopt: the variable is not set.
std::vector<NvidiaGpu> visible_gpus(std::vector<NvidiaGpu> gpus, const std::optional<std::string>& variable);

/// What Baton is told of a GPU that the CUDA provider reaches; `index` names it, its PCI address is the handle.
DeviceReport cuda_report(const NvidiaGpu& gpu, std::size_t index);

}  // namespace baton::engine::onnxruntime
