// SPDX-License-Identifier: Apache-2.0
// Copyright (C) 2026 The Baton authors
#include "engine/manifest.h"

#include <algorithm>

#include "base/file_content.h"
#include "engine/device_table.h"
#include "engine/engine.h"
#include "engine/json_reader.h"
#include "engine/words.h"

namespace baton::engine {

namespace {

EngineManifest read_engine(JsonReader& json) {
  EngineManifest engine;
  json.require({"name"});
  json.text("name", engine.name);
  if (engine.name.empty()) json.fail("name", "got an empty text, expected the engine's name");
  json.text("version", engine.version);
  json.choices<model::Format>("formats", engine.formats, kFormatWords);
  json.objects("devices", [&](JsonReader& device) { engine.devices.push_back(read_device(device)); });
  json.texts("probe_families", engine.probe_families);
  json.texts("probe_evidence", engine.probe_evidence);
  json.boolean("slow_probe", engine.slow_probe);
  json.object("providers", [&](JsonReader& providers) {
    std::string trial;
    providers.require({"packages", "trial"});
    providers.texts("packages", engine.provider_packages);
    providers.text("trial", trial);
    engine.provider_trial = trial;
    if (!engine.name.ends_with(".*"))
      json.fail("name", "got \"" + engine.name + "\", expected a name that ends with .*");
  });
  json.boolean("scripted", engine.scripted);
  return engine;
}

}  // namespace

DeviceReport read_device(JsonReader& json) {
  DeviceReport device;
  json.require({"name", "handle", "kind"});
  json.text("name", device.name);
  json.text("handle", device.handle);
  json.choice<DeviceKind>("kind", device.kind, kKindWords);
  json.text("full_name", device.full_name);
  json.text("vendor", device.vendor);
  json.text("uuid", device.uuid);
  json.text("pci_address", device.pci_address);
  json.text("driver", device.driver);
  json.integer("memory_bytes", device.memory_bytes);
  json.texts("capabilities", device.capabilities);
  json.object("ranks", [&](JsonReader& ranks) { read_ranks(ranks, device.ranks); });
  json.texts("supported_properties", device.supported_properties);
  json.boolean("cpu_heavy_load", device.cpu_heavy_load);
  json.boolean("exclusive_load", device.exclusive_load);
  json.boolean("stoppable_load", device.stoppable_load);
  json.boolean("lazy_first_run", device.lazy_first_run);
  json.boolean("dynamic_shapes", device.dynamic_shapes);
  json.text("serial_group", device.serial_group);
  if (const auto flaw = flaw_of(device); !flaw.empty()) json.fail("name", flaw);
  return device;
}

nlohmann::ordered_json device_json(const DeviceReport& device) {
  const auto kind =
      std::find_if(kKindWords.begin(), kKindWords.end(), [&](auto& k) { return k.second == device.kind; });
  return {{"name", device.name},
          {"handle", device.handle},
          {"kind", std::string(kind->first)},
          {"full_name", device.full_name},
          {"vendor", device.vendor},
          {"uuid", device.uuid},
          {"pci_address", device.pci_address},
          {"driver", device.driver},
          {"memory_bytes", device.memory_bytes},
          {"capabilities", device.capabilities},
          {"ranks",
           {{"load_fast", device.ranks.load_fast}, {"load_full", device.ranks.load_full}, {"run", device.ranks.run}}},
          {"supported_properties", device.supported_properties},
          {"cpu_heavy_load", device.cpu_heavy_load},
          {"exclusive_load", device.exclusive_load},
          {"stoppable_load", device.stoppable_load},
          {"lazy_first_run", device.lazy_first_run},
          {"dynamic_shapes", device.dynamic_shapes},
          {"serial_group", device.serial_group}};
}

void read_ranks(JsonReader& json, DeclaredRanks& ranks) {
  json.integer("load_fast", ranks.load_fast, -1);
  json.integer("load_full", ranks.load_full);
  json.integer("run", ranks.run);
}

base::Result<std::vector<EngineManifest>> read_manifest(const std::filesystem::path& file) {
  const auto text = base::content_of(file);
  if (!text) return base::Status::not_found(file.string() + ": cannot be read");

  std::vector<EngineManifest> engines;
  const auto status = JsonReader::read_document(*text, file.string(), [&](JsonReader& json) {
    int abi = 0;
    std::string module;
    std::vector<std::string> preload;
    json.require({"abi", "module", "engines"});
    json.integer("abi", abi);
    if (json.has("abi") && abi != kModuleAbi) {
      json.fail("abi", "the module is built for module interface " + std::to_string(abi) + ", expected " +
                           std::to_string(kModuleAbi) + "; install the module that belongs to this Baton");
    }
    json.text("module", module);
    if (module.empty()) json.fail("module", "got an empty text, expected a file name");
    json.texts("preload", preload);
    json.objects("engines", [&](JsonReader& engine) { engines.push_back(read_engine(engine)); });
    for (auto& engine : engines) {
      engine.module = std::filesystem::absolute(file).parent_path() / module;
      engine.preload = preload;
      if (!engine.provider_trial.empty()) engine.provider_trial = engine.module.parent_path() / engine.provider_trial;
    }
  });
  if (!status.is_ok()) return status;
  return engines;
}

}  // namespace baton::engine
