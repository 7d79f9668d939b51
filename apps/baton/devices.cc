// SPDX-License-Identifier: Apache-2.0
// Copyright (C) 2026 The Baton authors
#include <nlohmann/json.hpp>
#include <ostream>

#include "baton/baton.hpp"
#include "commands.h"
#include "common/text.h"

namespace baton::tool {
namespace {

nlohmann::ordered_json device_json(const Core& core, const std::string& name) {
  return {{"device", name},
          {"full_name", core.get_property(name, device::full_name)},
          {"kind", core.get_property(name, auto_device::device_kind)},
          {"engines", core.get_property(name, auto_device::engines)},
          {"capabilities", core.get_property(name, device::capabilities)}};
}

void print_json(const Core& core, std::ostream& out) {
  nlohmann::ordered_json devices = nlohmann::ordered_json::array();
  for (const std::string& name : core.get_available_devices()) devices.push_back(device_json(core, name));
  nlohmann::ordered_json engines = nlohmann::ordered_json::array();
  for (const EngineInfo& engine : core.get_engines()) {
    engines.push_back(
        {{"engine", engine.name}, {"version", engine.version}, {"reason", engine.reason}, {"limit", engine.limit}});
  }
  const nlohmann::ordered_json all{{"schema_version", kSchemaVersion}, {"devices", devices}, {"engines", engines}};
  out << all.dump(2, ' ', false, nlohmann::ordered_json::error_handler_t::replace) << "\n";
}

}  // namespace

void run_devices(const DevicesOptions& options, std::ostream& out) {
  const Core core;
  if (options.json) return print_json(core, out);
  out << "Devices:\n";
  for (const std::string& name : core.get_available_devices()) {
    out << "  " << name << ": " << core.get_property(name, device::full_name) << " ("
        << core.get_property(name, auto_device::device_kind) << ")\n"
        << "    engines:      " << app::joined(core.get_property(name, auto_device::engines)) << "\n"
        << "    capabilities: " << app::joined(core.get_property(name, device::capabilities)) << "\n";
  }
  out << "Engines:\n";
  for (const EngineInfo& engine : core.get_engines()) {
    out << "  " << engine.name << (engine.reason.empty() ? " " + engine.version : ": not available: " + engine.reason)
        << (engine.limit.empty() ? "" : ", one request at a time: " + engine.limit) << "\n";
  }
}

}  // namespace baton::tool
