// SPDX-License-Identifier: Apache-2.0
// Copyright (C) 2026 The Baton authors
#include "doctor.h"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <ostream>
#include <string_view>

#include "commands.h"
#include "common/text.h"

namespace baton::tool {
namespace {

using Level = FindingLevel;
using Findings = std::vector<Finding>;

/// docs/environment.md.
constexpr std::string_view kVariables[] = {"BATON_ALLOW_SOFTWARE_GPU",
                                           "BATON_ENGINES",
                                           "BATON_ENGINE_PATH",
                                           "BATON_EP_PATH",
                                           "BATON_FUZZ_SECONDS",
                                           "BATON_LIBRARY_PATH",
                                           "BATON_LOG_LEVEL",
                                           "BATON_REQUIRE_WEBGPU",
                                           "BATON_SEED",
                                           "BATON_SIM",
                                           "BATON_STORE",
                                           "BATON_TEST_DATA"};

/// Where CUDA's engine is there nothing is wrong without it.
constexpr std::string_view kTensorRt = "onnxruntime.tensorrt";

std::string remedy(const std::string& engine) {
  if (engine == "onnxruntime.cuda") {
    return "pip install 'onnxruntime-gpu[cuda,cudnn]' instead of onnxruntime, or name the folder of its libraries in "
           "BATON_LIBRARY_PATH";
  }
  if (engine == kTensorRt) {
    return "needed only if measuring is to find out whether TensorRT is faster than CUDA here: install the packages "
           "that "
           "the reason names, or name the folder of their libraries in LD_LIBRARY_PATH";
  }
  if (engine.starts_with("onnxruntime.")) {
    return "update onnxruntime and the package of the provider, or the driver that the reason names; BATON_EP_PATH "
           "names "
           "provider libraries that no package brought";
  }
  if (engine.starts_with("onnxruntime")) {
    return "pip install onnxruntime (1.23 or newer), or name the folder of libonnxruntime.so in BATON_LIBRARY_PATH; in "
           "a checkout: scripts/setup";
  }
  if (engine == "openvino") {
    return "pip install openvino of the release in the text, or name the folder of its libraries in "
           "BATON_LIBRARY_PATH; in a checkout: scripts/setup";
  }
  return "see the reason; BATON_ENGINE_PATH names folders with engine modules";
}

void check_engines(const MachineFacts& facts, Findings& findings) {
  for (const EngineInfo& engine : facts.engines) {
    if (engine.reason.empty()) {
      findings.push_back({Level::kOk, "engine", engine.name, "version " + engine.version, {}});
      if (!engine.limit.empty())
        findings.push_back(
            {Level::kNote, "engine", engine.name, "is given one request at a time: " + engine.limit, {}});
    } else {
      const Level level = engine.name == kTensorRt ? Level::kNote : Level::kProblem;
      // A reason that names the variable says what to do: nothing is to be installed.
      const bool hidden = engine.reason.find("CUDA_VISIBLE_DEVICES is") != std::string::npos;
      findings.push_back({level, "engine", engine.name, engine.reason,
                          hidden ? "correct or unset CUDA_VISIBLE_DEVICES" : remedy(engine.name)});
    }
  }
  if (facts.engines.empty()) {
    findings.push_back({Level::kProblem, "engine", "none", "no engine module is offered",
                        "unset BATON_ENGINES, or install Baton with its folder of engine modules"});
  }
}

void check_devices(const MachineFacts& facts, Findings& findings) {
  for (const Trial& trial : facts.trials) {
    const std::string subject = trial.device + "/" + trial.engine;
    if (trial.error.empty()) {
      findings.push_back({Level::kOk,
                          "device",
                          subject,
                          "a test model answered " + app::format("%.0f", trial.ms) + " ms after the compile call",
                          {}});
    } else {
      findings.push_back({Level::kProblem, "device", subject, trial.error,
                          "leave the pair out with ENGINE_PRIORITIES (" + trial.device + ": -" + trial.engine +
                              "), or repair its driver"});
    }
  }
  if (facts.devices.empty())
    findings.push_back({Level::kProblem, "device", "none", "no engine reaches any device", "see the engines above"});
}

bool has_accelerator(const MachineFacts& facts) {
  return std::any_of(facts.devices.begin(), facts.devices.end(),
                     [](const std::string& device) { return !device.starts_with("CPU"); });
}

void check_drivers(const MachineFacts& facts, Findings& findings) {
  for (const PathFact& node : facts.device_nodes) {
    if (!node.usable) {
      findings.push_back({Level::kProblem, "driver", node.path, "this user may not use the device",
                          "add the user to the group of the file (often render or video)"});
    } else if (has_accelerator(facts)) {
      findings.push_back({Level::kOk, "driver", node.path, "is there and may be used", {}});
    } else {
      findings.push_back(
          {Level::kNote, "driver", node.path, "is there, but no engine reaches a GPU or NPU",
           "install an engine for it: onnxruntime with the provider of its vendor, or the vendor's OpenCL "
           "driver for openvino"});
    }
  }
  if (facts.device_nodes.empty())
    findings.push_back({Level::kOk, "driver", "none", "no GPU or NPU driver: models run on the CPU", {}});
}

void check_environment(const MachineFacts& facts, Findings& findings) {
  for (const auto& [name, value] : facts.environment) {
    const bool unknown = name.starts_with("BATON_") &&
                         std::find(std::begin(kVariables), std::end(kVariables), name) == std::end(kVariables);
    if (unknown) {
      findings.push_back({Level::kProblem, "environment", name, "Baton knows no such variable: it has no effect",
                          "docs/environment.md lists them"});
    } else {
      findings.push_back({Level::kNote, "environment", name, "is set to " + value, {}});
    }
  }
  for (const PathFact& path : facts.environment_paths) {
    if (path.usable) continue;
    findings.push_back({Level::kProblem, "environment", path.path,
                        path.exists ? "cannot be read by this user" : "is named in a variable but does not exist",
                        "correct the variable or the path"});
  }
}

void check_store(const MachineFacts& facts, Findings& findings) {
  const PathFact& folder = facts.cache_folder;
  if (folder.path.empty()) {
    findings.push_back({Level::kNote, "store", "off", "measured records are not kept: every start measures anew",
                        "unset BATON_STORE and set HOME to keep them"});
  } else if (folder.usable) {
    findings.push_back({Level::kOk, "store", folder.path, "measured records can be kept here", {}});
  } else {
    findings.push_back({Level::kProblem, "store", folder.path, "this user may not write here: nothing is remembered",
                        "set BATON_STORE to a file in a folder that may be written"});
  }
}

const char* word(Level level) {
  switch (level) {
    case Level::kOk: return "ok";
    case Level::kNote: return "note";
    case Level::kProblem: return "problem";
  }
  return "";
}

std::string verdict(const Findings& findings, bool serves) {
  const auto problems = std::count_if(findings.begin(), findings.end(),
                                      [](const Finding& finding) { return finding.level == Level::kProblem; });
  if (!serves) return "Nothing can serve: no device answered.";
  return problems == 0 ? "All is well." : "Models run; " + std::to_string(problems) + " things could be better.";
}

}  // namespace

Findings diagnose(const MachineFacts& facts) {
  Findings findings;
  check_engines(facts, findings);
  check_devices(facts, findings);
  check_drivers(facts, findings);
  check_environment(facts, findings);
  check_store(facts, findings);
  return findings;
}

bool can_serve(const MachineFacts& facts) {
  return std::any_of(facts.trials.begin(), facts.trials.end(), [](const Trial& trial) { return trial.error.empty(); });
}

std::string to_text(const Findings& findings, bool serves) {
  std::string text;
  for (const Finding& finding : findings) {
    text += app::format("%-8s %-12s ", word(finding.level), finding.area.c_str());
    text += finding.subject + ": " + finding.text + "\n";
    if (!finding.next_step.empty()) text += "         -> " + finding.next_step + "\n";
  }
  return text + verdict(findings, serves) + "\n";
}

nlohmann::ordered_json to_json(const Findings& findings, bool serves) {
  nlohmann::ordered_json list = nlohmann::ordered_json::array();
  for (const Finding& finding : findings) {
    list.push_back({{"level", word(finding.level)},
                    {"area", finding.area},
                    {"subject", finding.subject},
                    {"text", finding.text},
                    {"next_step", finding.next_step}});
  }
  return {{"schema_version", kSchemaVersion}, {"serves", serves}, {"findings", list}};
}

int run_doctor(const DoctorOptions& options, std::ostream& out) {
  const MachineFacts facts = look_at_machine();
  const Findings findings = diagnose(facts);
  const bool serves = can_serve(facts);
  if (options.json) {
    out << to_json(findings, serves).dump(2, ' ', false, nlohmann::ordered_json::error_handler_t::replace) << "\n";
  } else {
    out << to_text(findings, serves);
  }
  return serves ? 0 : 1;
}

}  // namespace baton::tool
