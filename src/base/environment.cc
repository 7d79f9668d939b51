// SPDX-License-Identifier: Apache-2.0
// Copyright (C) 2026 The Baton authors
#include "base/environment.h"

#include <cstdlib>
#include <string_view>

namespace baton::base::env {
namespace {

std::optional<std::string> get(const char* name) {
  const char* value = std::getenv(name);
  if (value == nullptr || *value == '\0') return std::nullopt;
  return value;
}

std::vector<std::string> get_list(const char* name, char separator) {
  std::vector<std::string> items;
  const std::string text = get(name).value_or("");
  std::size_t begin = 0;
  while (begin <= text.size() && !text.empty()) {
    const std::size_t end = text.find(separator, begin);
    if (std::string item = text.substr(begin, end - begin); !item.empty()) items.push_back(std::move(item));
    if (end == std::string::npos) break;
    begin = end + 1;
  }
  return items;
}

}  // namespace

std::vector<std::string> only_engines() { return get_list("BATON_ENGINES", ','); }
std::vector<std::string> engine_path() { return get_list("BATON_ENGINE_PATH", ':'); }
std::vector<std::string> library_path() { return get_list("BATON_LIBRARY_PATH", ':'); }
std::vector<std::string> provider_libraries() { return get_list("BATON_EP_PATH", ':'); }
std::string sim_script() { return get("BATON_SIM").value_or(""); }
bool allow_software_gpu() { return get("BATON_ALLOW_SOFTWARE_GPU") == "1"; }

std::optional<std::string> log_level() {
  if (auto level = get("BATON_LOG_LEVEL")) return level;
  return get("OPENVINO_LOG_LEVEL");
}

std::optional<std::string> store() { return get("BATON_STORE"); }

std::optional<std::string> cuda_visible_devices() {
  const char* value = std::getenv("CUDA_VISIBLE_DEVICES");
  return value == nullptr ? std::nullopt : std::optional<std::string>(value);
}

bool tf32_turned_off() { return get("NVIDIA_TF32_OVERRIDE") == "0"; }

std::string linker_path() { return get("LD_LIBRARY_PATH").value_or(""); }

std::string provider_surroundings() {
  std::string text;
  for (const char* name : {"CUDA_VISIBLE_DEVICES", "LD_LIBRARY_PATH", "ORT_WEBGPU_EP_ALLOW_SOFTWARE_ADAPTER",
                           "VK_ADD_DRIVER_FILES", "VK_DRIVER_FILES", "VK_ICD_FILENAMES"}) {
    if (const auto value = get(name)) text += std::string(name) + "=" + *value + "\n";
  }
  return text;
}

bool vulkan_drivers_given() { return get("VK_DRIVER_FILES") || get("VK_ICD_FILENAMES") || get("VK_ADD_DRIVER_FILES"); }

std::optional<std::string> user_cache_folder() {
  // The XDG specification has relative paths ignored.
  if (auto folder = get("XDG_CACHE_HOME"); folder && folder->starts_with('/')) return folder;
  if (auto home = get("HOME")) return *home + "/.cache";
  return std::nullopt;
}

}  // namespace baton::base::env
