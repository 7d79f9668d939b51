// SPDX-License-Identifier: Apache-2.0
// Copyright (C) 2026 The Baton authors
#pragma once

#include <map>
#include <optional>
#include <string>

#include "engine/device.h"

namespace baton::engine::onnxruntime {

/// What ONNX Runtime and a provider say of one of the provider's devices.
struct ProviderDevice {
  enum class Type { kCpu, kGpu, kNpu };

  std::string provider;  ///< "OpenVINOExecutionProvider"
  Type type = Type::kCpu;
  std::string vendor;                           ///< empty: unknown
  std::map<std::string, std::string> hardware;  ///< metadata of the hardware: pci_bus_id, Description, Discrete
  std::map<std::string, std::string> own;       ///< metadata of the provider; what there is differs from one to another
};

/// The device in Baton's words, numbered `ordinal` in its family; `engine` is whose it is. Without `handle`. nullopt:
/// it is no hardware but chooses among others (OpenVINO's AUTO, MULTI and HETERO offered as devices, B-308).
std::optional<DeviceReport> describe(const ProviderDevice& device, const std::string& engine, int ordinal);

/// "GPU"
std::string family_of(ProviderDevice::Type type);

/// Behind an engine that was written for the device (OpenVINO on Intel's, CUDA on NVIDIA's GPUs), before the CPU; on
/// the CPU behind the engines that reach it directly; a software adapter behind everything.
DeclaredRanks ranks_of(DeviceKind kind);

}  // namespace baton::engine::onnxruntime
