// SPDX-License-Identifier: Apache-2.0
// Copyright (C) 2026 The Baton authors
//
// NVIDIA's management library, opened at run time where the driver brought it: it knows each GPU's memory, and the GPUs
// themselves where the driver's list in /proc is hidden. No header of it is needed to build.
#pragma once

#include <optional>
#include <vector>

#include "base/status.h"
#include "nvidia_gpus.h"

namespace baton::engine::onnxruntime {

/// The functions used, as a table so that a test can stand in for the library. All return 0 on success.
struct Nvml {
  struct Memory {
    unsigned long long total, free, used;
  };
  /// The beginning is that of nvmlPciInfo_t, the rest is never read.
  struct Pci {
    char bus_id_legacy[16];
    unsigned domain, bus, device, pci_device_id, pci_subsystem_id;
    char bus_id[32];
    char reserve[64];
  };
  int (*init)() = nullptr;
  int (*count)(unsigned*) = nullptr;
  int (*by_index)(unsigned, void**) = nullptr;
  int (*name)(void*, char*, unsigned) = nullptr;
  int (*uuid)(void*, char*, unsigned) = nullptr;
  int (*pci)(void*, Pci*) = nullptr;
  int (*memory)(void*, Memory*) = nullptr;
  int (*driver)(char*, unsigned) = nullptr;

  /// kUnavailable: there is no such library, or it lacks a function.
  static base::Result<Nvml> open();
};

/// Every GPU that NVML lists, by PCI address. 15 ms on an H100, most of them in the library's start.
base::Result<std::vector<NvidiaGpu>> ask_nvml(const Nvml& nvml);

}  // namespace baton::engine::onnxruntime
