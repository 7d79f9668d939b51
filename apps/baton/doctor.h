// SPDX-License-Identifier: Apache-2.0
// Copyright (C) 2026 The Baton authors
//
// What `baton doctor` makes of a machine. Pure, but for `look_at_machine`.
#pragma once

#include <map>
#include <nlohmann/json_fwd.hpp>
#include <string>
#include <vector>

#include "baton/core.hpp"

namespace baton::tool {

/// A model was compiled by one engine for one device and run once.
struct Trial {
  std::string device;
  std::string engine;
  double ms = 0;      ///< compile and first answer
  std::string error;  ///< empty: it answered
};

/// A file or folder that matters.
struct PathFact {
  std::string path;
  bool exists = false;
  bool usable = false;  ///< this user may do with it what Baton does
};

/// All that the doctor looks at.
struct MachineFacts {
  std::vector<EngineInfo> engines;
  std::vector<std::string> devices;
  std::vector<Trial> trials;
  std::vector<PathFact> device_nodes;              ///< of GPUs and NPUs
  std::map<std::string, std::string> environment;  ///< the variables that Baton or the engines read
  std::vector<PathFact> environment_paths;         ///< the paths that stand in them
  PathFact cache_folder;                           ///< where measured records are kept; an empty path: none
};

enum class FindingLevel { kOk, kNote, kProblem };

struct Finding {
  FindingLevel level = FindingLevel::kOk;
  std::string area;  ///< "engine", "device", "driver", "environment", "store"
  std::string subject;
  std::string text;
  std::string next_step;  ///< empty: nothing to do
};

/// Every fact as one finding.
std::vector<Finding> diagnose(const MachineFacts& facts);

/// True when a model runs somewhere.
bool can_serve(const MachineFacts& facts);

std::string to_text(const std::vector<Finding>& findings, bool serves);
nlohmann::ordered_json to_json(const std::vector<Finding>& findings, bool serves);

/// Opens every engine and tries every pair of device and engine with a small model.
MachineFacts look_at_machine();

}  // namespace baton::tool
