// SPDX-License-Identifier: Apache-2.0
// Copyright (C) 2026 The Baton authors
#include "nvidia_gpus.h"

#include <algorithm>
#include <cctype>
#include <charconv>
#include <fstream>
#include <sstream>

namespace baton::engine::onnxruntime {
namespace {

namespace fs = std::filesystem;

std::string_view trimmed(std::string_view text) {
  const auto blank = [](char c) { return std::isspace(static_cast<unsigned char>(c)) != 0; };
  while (!text.empty() && blank(text.front())) text.remove_prefix(1);
  while (!text.empty() && blank(text.back())) text.remove_suffix(1);
  return text;
}

/// "NVRM version: NVIDIA UNIX Open Kernel Module for x86_64  580.159.04  Release Build ..." -> "580.159.04".
std::string driver_version(const fs::path& file) {
  std::ifstream stream(file);
  std::string line;
  std::getline(stream, line);
  std::istringstream words(line);
  for (std::string word; words >> word;) {
    const bool version = std::isdigit(static_cast<unsigned char>(word.front())) != 0 &&
                         word.find('.') != std::string::npos &&
                         word.find_first_not_of("0123456789.") == std::string::npos;
    if (version) return word;
  }
  return {};
}

/// nullopt: its device node is not there, as in a container that was given other GPUs.
std::optional<NvidiaGpu> read_gpu(const fs::path& folder, const fs::path& nodes) {
  NvidiaGpu gpu;
  gpu.pci_address = folder.filename().string();
  std::error_code error;
  std::ifstream stream(folder / "information");
  for (std::string line; std::getline(stream, line);) {
    const std::size_t colon = line.find(':');
    if (colon == std::string::npos) continue;
    const std::string_view key = trimmed(std::string_view(line).substr(0, colon));
    const std::string_view value = trimmed(std::string_view(line).substr(colon + 1));
    if (key == "Model") gpu.name = value;
    // A driver that has not started the GPU yet shows question marks.
    if (key == "GPU UUID" && value.find('?') == std::string_view::npos) gpu.uuid = value;
    if (key == "Device Minor" && !fs::exists(nodes / ("nvidia" + std::string(value)), error)) return std::nullopt;
  }
  return gpu;
}

bool all_alike(const std::vector<NvidiaGpu>& gpus) {
  return std::all_of(gpus.begin(), gpus.end(), [&](const NvidiaGpu& gpu) { return gpu.name == gpus.front().name; });
}

/// The GPU that an entry names: a number, or the beginning of a UUID. nullopt: none.
std::optional<std::size_t> find_gpu(const std::vector<NvidiaGpu>& gpus, std::string_view entry) {
  std::size_t number = 0;
  const auto [end, error] = std::from_chars(entry.data(), entry.data() + entry.size(), number);
  if (error == std::errc() && end == entry.data() + entry.size()) {
    return number < gpus.size() ? std::optional(number) : std::nullopt;
  }
  for (std::size_t i = 0; i < gpus.size(); ++i) {
    if (entry.starts_with("GPU-") && gpus[i].uuid.starts_with(entry)) return i;
  }
  return std::nullopt;
}

}  // namespace

std::vector<NvidiaGpu> read_driver_list(const fs::path& root) {
  const fs::path driver = root / "proc/driver/nvidia";
  std::vector<NvidiaGpu> gpus;
  std::error_code error;
  for (fs::directory_iterator entry(driver / "gpus", error), end; !error && entry != end; entry.increment(error)) {
    if (auto gpu = read_gpu(entry->path(), root / "dev")) gpus.push_back(*std::move(gpu));
  }
  if (gpus.empty()) return gpus;
  const std::string version = driver_version(driver / "version");
  for (NvidiaGpu& gpu : gpus) gpu.driver = version;
  std::sort(gpus.begin(), gpus.end(), [](const auto& a, const auto& b) { return a.pci_address < b.pci_address; });
  return gpus;
}

std::vector<NvidiaGpu> visible_gpus(std::vector<NvidiaGpu> gpus, const std::optional<std::string>& variable) {
  if (!variable || gpus.empty()) return gpus;
  std::vector<NvidiaGpu> visible;
  const bool numbers_are_sure = all_alike(gpus);
  const bool uuids_are_sure = std::ranges::none_of(gpus, &std::string::empty, &NvidiaGpu::uuid);
  std::string_view rest = *variable;
  while (!rest.empty()) {
    const std::size_t comma = std::min(rest.find(','), rest.size());
    const std::string_view entry = trimmed(rest.substr(0, comma));
    rest.remove_prefix(std::min(comma + 1, rest.size()));
    const bool is_uuid = entry.starts_with("GPU-");
    const auto index = find_gpu(gpus, entry);
    if (entry.starts_with("MIG-") || (!index && is_uuid && !uuids_are_sure)) return gpus;
    if (!index) break;
    if (!is_uuid && !numbers_are_sure) return gpus;
    visible.push_back(gpus[*index]);
  }
  std::sort(visible.begin(), visible.end(), [](const auto& a, const auto& b) { return a.pci_address < b.pci_address; });
  const auto same = [](const auto& a, const auto& b) { return a.pci_address == b.pci_address; };
  visible.erase(std::unique(visible.begin(), visible.end(), same), visible.end());
  return visible;
}

DeviceReport cuda_report(const NvidiaGpu& gpu, std::size_t index) {
  DeviceReport report;
  report.name = "GPU." + std::to_string(index);
  report.handle = gpu.pci_address;
  report.kind = DeviceKind::kDiscreteGpu;
  report.full_name = gpu.name;
  report.vendor = "NVIDIA";
  report.uuid = gpu.uuid;
  report.pci_address = gpu.pci_address;
  report.driver = gpu.driver;
  report.memory_bytes = gpu.memory_bytes;
  // No INT8: the provider has no kernels for quantised operators, they run on the CPU.
  report.capabilities = {"FP16", "FP32"};
  report.exclusive_load = true;   // its libraries, 1 GB, are opened under the dynamic linker's lock
  report.lazy_first_run = true;   // cuDNN tries its algorithms
  report.cpu_heavy_load = false;  // one thread, which mostly waits
  // Until it has run once, from 1.3 s on (profile full, benchmarks/RESULTS.md).
  report.ranks = {.load_fast = 150, .load_full = 300, .run = 3};
  report.supported_properties = {
      "INFERENCE_NUM_THREADS", "INFERENCE_PRECISION_HINT", "cuda.*", "ep.*", "memory.*", "optimization.*", "session.*"};
  return report;
}

}  // namespace baton::engine::onnxruntime
