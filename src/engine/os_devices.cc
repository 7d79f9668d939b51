// SPDX-License-Identifier: Apache-2.0
// Copyright (C) 2026 The Baton authors
#include "engine/os_devices.h"

#include <algorithm>
#include <cctype>
#include <fstream>
#include <sstream>

#include "engine/manifest.h"

namespace baton::engine {

namespace {

namespace fs = std::filesystem;

/// Files of one folder that speak for something: prefix + (anything, or digits only) + suffix.
struct Sign {
  const char* evidence;
  const char* folder;
  const char* prefix;
  const char* suffix;
  bool digits_between;
};

constexpr Sign kSigns[] = {
    {"render", "dev/dri", "renderD", "", true},
    {"nvidia", "dev", "nvidia", "", true},
    {"dxg", "dev", "dxg", "", false},
    {"accel", "dev/accel", "accel", "", true},
    {"opencl", "etc/OpenCL/vendors", "", ".icd", false},
    {"vulkan", "etc/vulkan/icd.d", "", ".json", false},
    {"vulkan", "usr/share/vulkan/icd.d", "", ".json", false},
};

bool matches(const Sign& sign, std::string_view name) {
  const std::string_view prefix = sign.prefix, suffix = sign.suffix;
  if (name.size() < prefix.size() + suffix.size() || !name.starts_with(prefix) || !name.ends_with(suffix)) return false;
  const auto between = name.substr(prefix.size(), name.size() - prefix.size() - suffix.size());
  // "nvidiactl" is there without any GPU.
  if (sign.digits_between) return !between.empty() && std::all_of(between.begin(), between.end(), ::isdigit);
  return true;
}

/// The value of "key : value" in a file of /proc.
std::string proc_value(const fs::path& file, std::string_view key) {
  std::ifstream stream(file);
  for (std::string line; std::getline(stream, line);) {
    if (!line.starts_with(key)) continue;
    const auto colon = line.find(':');
    if (colon == std::string::npos) continue;
    const auto begin = line.find_first_not_of(" \t", colon + 1);
    return begin == std::string::npos ? std::string() : line.substr(begin);
  }
  return {};
}

/// NVIDIA's driver makes nodes of its own, and render nodes too where it drives a display.
bool is_nvidia_render_node(const fs::path& root, const std::string& node) {
  std::string vendor;
  std::ifstream(root / "sys/class/drm" / node / "device/vendor") >> vendor;
  return vendor == "0x10de";
}

}  // namespace

bool OsDevices::has(std::string_view word) const { return std::binary_search(evidence.begin(), evidence.end(), word); }

OsDevices look_at_os(const fs::path& root) {
  OsDevices os;
  for (const Sign& sign : kSigns) {
    std::error_code error;
    for (fs::directory_iterator entry(root / sign.folder, error), end; !error && entry != end; entry.increment(error)) {
      const std::string name = entry->path().filename().string();
      if (!matches(sign, name)) continue;
      const std::string_view word = sign.evidence;
      if (word == "nvidia" || word == "dxg" || (word == "render" && !is_nvidia_render_node(root, name))) ++os.gpus;
      os.found.push_back((fs::path("/") / sign.folder / entry->path().filename()).string());
      os.evidence.push_back(sign.evidence);
    }
  }
  std::sort(os.found.begin(), os.found.end());
  std::sort(os.evidence.begin(), os.evidence.end());
  os.evidence.erase(std::unique(os.evidence.begin(), os.evidence.end()), os.evidence.end());

  os.cpu_name = proc_value(root / "proc/cpuinfo", "model name");
  std::uint64_t kilobytes = 0;
  std::istringstream(proc_value(root / "proc/meminfo", "MemTotal")) >> kilobytes;
  os.memory_bytes = kilobytes * 1024;
  return os;
}

bool worth_asking(const OsDevices& os, std::string_view family, std::span<const std::string> evidence) {
  const auto shown = [&](const auto& words) {
    return std::any_of(std::begin(words), std::end(words),
                       [&](std::string_view word) { return word == kAlways || os.has(word); });
  };
  if (family != "GPU" && family != "NPU") return true;
  if (!evidence.empty()) return shown(evidence);
  constexpr std::string_view kGpu[] = {"render", "nvidia", "dxg", "opencl"};
  constexpr std::string_view kNpu[] = {"accel"};
  return family == "GPU" ? shown(kGpu) : shown(kNpu);
}

}  // namespace baton::engine
