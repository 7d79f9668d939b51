// SPDX-License-Identifier: Apache-2.0
// Copyright (C) 2026 The Baton authors
#include <unistd.h>

#include <algorithm>
#include <cctype>
#include <chrono>
#include <cstdlib>
#include <cstring>
#include <exception>
#include <filesystem>
#include <string_view>

#include "baton/baton.hpp"
#include "common/text.h"
#include "doctor.h"
#include "sample_model.h"

namespace baton::tool {
namespace {

namespace fs = std::filesystem;

/// Read by engines and drivers; what begins with BATON_ is shown anyway.
constexpr const char* kForeignVariables[] = {"CUDA_VISIBLE_DEVICES",
                                             "LD_LIBRARY_PATH",
                                             "NVIDIA_TF32_OVERRIDE",
                                             "OCL_ICD_VENDORS",
                                             "OMP_NUM_THREADS",
                                             "OPENVINO_LOG_LEVEL",
                                             "ORT_WEBGPU_EP_ALLOW_SOFTWARE_ADAPTER",
                                             "VK_DRIVER_FILES",
                                             "VK_ICD_FILENAMES"};

PathFact path_fact(const std::string& path, int mode) {
  std::error_code error;
  return {path, fs::exists(path, error), access(path.c_str(), mode) == 0};
}

Trial try_pair(Core& core, const std::shared_ptr<const Model>& model, const std::string& device,
               const std::string& engine) {
  Trial trial{.device = device, .engine = engine};
  const auto begin = std::chrono::steady_clock::now();
  try {
    CompiledModel compiled =
        core.compile_model(model, device, auto_device::engine_priorities(AnyMap{{device, Any(engine)}}));
    compiled.create_infer_request().infer();
  } catch (const std::exception& error) {
    trial.error = app::first_line(error.what());
  }
  trial.ms = std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - begin).count();
  return trial;
}

std::vector<Trial> try_all(Core& core, const std::vector<std::string>& devices) {
  const std::string bytes = sample_model();
  const auto model = core.read_model(bytes, Tensor());
  std::vector<Trial> trials;
  for (const std::string& device : devices) {
    for (const std::string& engine : core.get_property(device, auto_device::engines))
      trials.push_back(try_pair(core, model, device, engine));
  }
  return trials;
}

bool is_device_node(const std::string& name) {
  const auto numbered = [&](const char* prefix) {
    const std::size_t length = std::strlen(prefix);
    return name.starts_with(prefix) && name.size() > length &&
           std::all_of(name.begin() + static_cast<std::ptrdiff_t>(length), name.end(),
                       [](unsigned char c) { return std::isdigit(c); });
  };
  return numbered("renderD") || numbered("nvidia") || numbered("accel") || name == "dxg";
}

std::vector<PathFact> device_nodes() {
  std::vector<PathFact> nodes;
  for (const char* folder : {"/dev", "/dev/dri", "/dev/accel"}) {
    std::error_code error;
    for (const auto& entry : fs::directory_iterator(folder, error)) {
      if (!entry.is_directory(error) && is_device_node(entry.path().filename().string()))
        nodes.push_back(path_fact(entry.path().string(), R_OK | W_OK));
    }
  }
  std::sort(nodes.begin(), nodes.end(), [](const PathFact& a, const PathFact& b) { return a.path < b.path; });
  return nodes;
}

std::map<std::string, std::string> environment() {
  std::map<std::string, std::string> variables;
  for (char** entry = environ; *entry != nullptr; ++entry) {
    const std::string text = *entry;
    const std::size_t sign = text.find('=');
    const std::string name = text.substr(0, sign);
    const bool foreign =
        std::find(std::begin(kForeignVariables), std::end(kForeignVariables), name) != std::end(kForeignVariables);
    if (sign != std::string::npos && (foreign || name.starts_with("BATON_"))) variables[name] = text.substr(sign + 1);
  }
  return variables;
}

std::vector<PathFact> paths_in(const std::map<std::string, std::string>& variables) {
  std::vector<PathFact> paths;
  for (const char* name : {"BATON_ENGINE_PATH", "BATON_EP_PATH", "BATON_LIBRARY_PATH"}) {
    const auto found = variables.find(name);
    if (found == variables.end()) continue;
    const int mode = std::string_view(name) == "BATON_EP_PATH" ? R_OK : R_OK | X_OK;  // files, the others are folders
    for (std::size_t begin = 0; begin < found->second.size();) {
      const std::size_t end = std::min(found->second.find(':', begin), found->second.size());
      if (end > begin) paths.push_back(path_fact(found->second.substr(begin, end - begin), mode));
      begin = end + 1;
    }
  }
  const auto script = variables.find("BATON_SIM");
  const bool is_path = script != variables.end() && script->second.find('{') == std::string::npos;
  if (is_path) paths.push_back(path_fact(script->second, R_OK));
  return paths;
}

/// The folder of the measured records, or the nearest one above it that is there: it is made when it is needed.
PathFact record_folder(const std::map<std::string, std::string>& variables) {
  const auto value = [](const char* name) {
    const char* text = std::getenv(name);
    return std::string(text == nullptr ? "" : text);
  };
  fs::path folder;
  if (const auto store = variables.find("BATON_STORE"); store != variables.end()) {
    if (store->second == "off") return {};
    folder = fs::absolute(store->second).parent_path();
  } else if (value("XDG_CACHE_HOME").starts_with('/')) {  // relative ones are ignored, as the specification says
    folder = value("XDG_CACHE_HOME");
  } else if (!value("HOME").empty()) {
    folder = fs::path(value("HOME")) / ".cache";
  }
  if (folder.empty()) return {};
  fs::path existing = folder;
  std::error_code error;
  while (!fs::exists(existing, error) && existing.has_parent_path() && existing != existing.parent_path())
    existing = existing.parent_path();
  return {folder.string(), fs::exists(folder, error), access(existing.c_str(), W_OK | X_OK) == 0};
}

}  // namespace

MachineFacts look_at_machine() {
  MachineFacts facts;
  facts.environment = environment();
  facts.environment_paths = paths_in(facts.environment);
  facts.device_nodes = device_nodes();
  facts.cache_folder = record_folder(facts.environment);
  Core core;
  facts.engines = core.get_engines();
  facts.devices = core.get_available_devices();
  facts.trials = try_all(core, facts.devices);
  return facts;
}

}  // namespace baton::tool
