// SPDX-License-Identifier: Apache-2.0
// Copyright (C) 2026 The Baton authors
//
// The adapters that Vulkan shows. ONNX Runtime says nothing of the adapter behind its WebGPU provider, which chooses
// one by itself. Asking Vulkan loads every installed driver, so this is done in the child process of a trial only. No
// header of Vulkan is needed to build.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/status.h"
#include "engine/device.h"

namespace baton::engine::onnxruntime {

struct VulkanAdapter {
  DeviceKind kind = DeviceKind::kSoftware;
  std::string name;         ///< "llvmpipe (LLVM 15.0.6, 256 bits)"
  std::string driver;       ///< "Mesa 25.0.7-2", empty: unknown
  std::string uuid;         ///< 32 hexadecimal digits
  std::string pci_address;  ///< "0000:3b:00.0", empty: unknown
  std::uint32_t vendor_id = 0;
};

/// In Vulkan's order. kUnavailable: there is no libvulkan.so.1, or it does not start.
base::Result<std::vector<VulkanAdapter>> list_vulkan_adapters();

/// The one that the WebGPU provider takes when it asks for high performance: the first discrete one, else the first
/// integrated one, else the first software one.
std::optional<VulkanAdapter> webgpu_choice(const std::vector<VulkanAdapter>& adapters);

/// "NVIDIA" for 0x10de; empty: not known here.
std::string vendor_name(std::uint32_t id);

}  // namespace baton::engine::onnxruntime
