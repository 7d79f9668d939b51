// SPDX-License-Identifier: Apache-2.0
// Copyright (C) 2026 The Baton authors
#include "vulkan_adapters.h"

#include <dlfcn.h>

#include <algorithm>
#include <array>
#include <cstdio>
#include <utility>

namespace baton::engine::onnxruntime {
namespace {

using base::Result;
using base::Status;

// Vulkan's binary interface, as far as it is used.
using Handle = void*;
constexpr int kSuccess = 0;
constexpr std::uint32_t kVersion11 = 1u << 22 | 1u << 12;

enum StructureType : std::int32_t {
  kApplicationInfo = 0,
  kInstanceCreateInfo = 1,
  kProperties2 = 1000059001,
  kIdProperties = 1000071004,
  kDriverProperties = 1000196000,
  kPciBusInfo = 1000212000,
};

struct ApplicationInfo {
  StructureType type = kApplicationInfo;
  const void* next = nullptr;
  const char* application = "baton";
  std::uint32_t application_version = 0;
  const char* engine = nullptr;
  std::uint32_t engine_version = 0;
  std::uint32_t api_version = kVersion11;
};

struct InstanceCreateInfo {
  StructureType type = kInstanceCreateInfo;
  const void* next = nullptr;
  std::uint32_t flags = 0;
  const ApplicationInfo* application = nullptr;
  std::uint32_t layer_count = 0;
  const char* const* layers = nullptr;
  std::uint32_t extension_count = 0;
  const char* const* extensions = nullptr;
};

struct IdProperties {
  StructureType type = kIdProperties;
  void* next = nullptr;
  std::array<std::uint8_t, 16> device_uuid{};
  std::array<std::uint8_t, 16> driver_uuid{};
  std::array<std::uint8_t, 8> device_luid{};
  std::uint32_t node_mask = 0;
  std::uint32_t luid_valid = 0;
};

struct DriverProperties {
  StructureType type = kDriverProperties;
  void* next = nullptr;
  std::int32_t id = 0;
  char name[256] = {};
  char info[256] = {};
  std::array<std::uint8_t, 4> conformance{};
};

/// Without the extension VK_EXT_pci_bus_info the fields stay as they are.
struct PciBusInfo {
  static constexpr std::uint32_t kUnknown = ~0u;
  StructureType type = kPciBusInfo;
  void* next = nullptr;
  std::uint32_t domain = kUnknown, bus = kUnknown, device = kUnknown, function = kUnknown;
};

struct Properties2 {
  StructureType type = kProperties2;
  void* next = nullptr;
  std::uint32_t api_version = 0;
  std::uint32_t driver_version = 0;
  std::uint32_t vendor_id = 0;
  std::uint32_t device_id = 0;
  std::int32_t device_type = 0;
  char name[256] = {};
  std::array<std::uint8_t, 16> cache_uuid{};
  alignas(8) std::array<std::uint8_t, 4096> limits{};  ///< never read; larger than any release fills
};

struct Functions {
  int (*create_instance)(const InstanceCreateInfo*, const void*, Handle*) = nullptr;
  int (*enumerate)(Handle, std::uint32_t*, Handle*) = nullptr;
  void (*properties)(Handle, Properties2*) = nullptr;
  void (*destroy)(Handle, const void*) = nullptr;
};

DeviceKind kind_of(std::int32_t device_type) {
  switch (device_type) {
    case 2:
    case 3: return DeviceKind::kDiscreteGpu;  // a virtual GPU is a share of one
    case 4: return DeviceKind::kSoftware;
    default: return DeviceKind::kIntegratedGpu;  // B-310
  }
}

std::string hexadecimal(const std::array<std::uint8_t, 16>& bytes) {
  std::string text;
  char digits[3];
  for (const std::uint8_t byte : bytes) {
    std::snprintf(digits, sizeof(digits), "%02x", byte);
    text += digits;
  }
  return text;
}

VulkanAdapter describe(const Functions& vulkan, Handle device) {
  PciBusInfo pci;
  DriverProperties driver;
  driver.next = &pci;
  IdProperties id;
  id.next = &driver;
  Properties2 properties;
  properties.next = &id;
  vulkan.properties(device, &properties);

  VulkanAdapter adapter;
  adapter.kind = kind_of(properties.device_type);
  adapter.name = properties.name;
  adapter.driver = driver.info[0] != '\0' ? std::string(driver.name) + " " + driver.info : std::string(driver.name);
  adapter.uuid = hexadecimal(id.device_uuid);
  adapter.vendor_id = properties.vendor_id;
  if (pci.domain != PciBusInfo::kUnknown && pci.bus != PciBusInfo::kUnknown) {
    char text[64];
    std::snprintf(text, sizeof(text), "%04x:%02x:%02x.%x", pci.domain, pci.bus, pci.device, pci.function);
    adapter.pci_address = text;
  }
  return adapter;
}

}  // namespace

Result<std::vector<VulkanAdapter>> list_vulkan_adapters() {
  void* library = ::dlopen("libvulkan.so.1", RTLD_NOW | RTLD_LOCAL);
  if (library == nullptr) return Status::unavailable("Vulkan's loader libvulkan.so.1 is not installed");
  using GetProc = void* (*)(Handle, const char*);
  const auto get = reinterpret_cast<GetProc>(::dlsym(library, "vkGetInstanceProcAddr"));
  if (get == nullptr) return Status::unavailable("libvulkan.so.1 has no vkGetInstanceProcAddr");
  Functions vulkan;
  const auto find = [&](Handle instance, auto& function, const char* name) {
    function = reinterpret_cast<std::remove_reference_t<decltype(function)>>(get(instance, name));
    return function != nullptr;
  };
  if (!find(nullptr, vulkan.create_instance, "vkCreateInstance"))
    return Status::unavailable("libvulkan.so.1 cannot create an instance");
  const ApplicationInfo application;
  InstanceCreateInfo info;
  info.application = &application;
  Handle instance = nullptr;
  if (const int code = vulkan.create_instance(&info, nullptr, &instance); code != kSuccess)
    return Status::unavailable("Vulkan does not start (error " + std::to_string(code) + "): is a driver installed?");
  const bool complete = find(instance, vulkan.enumerate, "vkEnumeratePhysicalDevices") &&
                        find(instance, vulkan.properties, "vkGetPhysicalDeviceProperties2") &&
                        find(instance, vulkan.destroy, "vkDestroyInstance");
  if (!complete) return Status::unavailable("libvulkan.so.1 is older than Vulkan 1.1");
  std::vector<VulkanAdapter> adapters;
  std::uint32_t count = 0;
  if (vulkan.enumerate(instance, &count, nullptr) == kSuccess && count > 0) {
    std::vector<Handle> devices(count);
    vulkan.enumerate(instance, &count, devices.data());
    devices.resize(count);
    for (Handle device : devices) adapters.push_back(describe(vulkan, device));
  }
  vulkan.destroy(instance, nullptr);
  return adapters;
}

std::optional<VulkanAdapter> webgpu_choice(const std::vector<VulkanAdapter>& adapters) {
  for (const DeviceKind kind : {DeviceKind::kDiscreteGpu, DeviceKind::kIntegratedGpu, DeviceKind::kSoftware}) {
    const auto found = std::find_if(adapters.begin(), adapters.end(), [&](auto& a) { return a.kind == kind; });
    if (found != adapters.end()) return *found;
  }
  return std::nullopt;
}

std::string vendor_name(std::uint32_t id) {
  constexpr std::pair<std::uint32_t, const char*> kVendors[] = {
      {0x10de, "NVIDIA"}, {0x8086, "Intel"}, {0x1002, "AMD"}, {0x1022, "AMD"}, {0x13b5, "Arm"}, {0x5143, "Qualcomm"}};
  for (const auto& [number, name] : kVendors) {
    if (number == id) return name;
  }
  return {};
}

}  // namespace baton::engine::onnxruntime
