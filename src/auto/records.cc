// SPDX-License-Identifier: Apache-2.0
// Copyright (C) 2026 The Baton authors
#include "auto/records.h"

#include <algorithm>
#include <map>
#include <memory>
#include <set>
#include <string>

#include "base/process_exit.h"
#include "engine/device_table.h"
#include "store/record_store.h"

namespace baton::autodev {
namespace {

using policy::Pair;
using policy::Record;
using policy::RecordKey;

const engine::DeviceRecord& device_of(const Selection& selection, const Pair& pair) {
  const auto& candidates = selection.list.candidates;
  const auto found = std::find_if(candidates.begin(), candidates.end(), [&](const policy::Candidate& candidate) {
    return candidate.accepted && candidate.device == pair.device;
  });
  return selection.devices[static_cast<std::size_t>(found->record)];
}

/// Two CPUs have no identity to tell them apart, and a home folder may be shared between machines.
std::string name_of(const engine::DeviceRecord& device, int cores) {
  std::string name = device.identity + ", " + device.full_name;
  if (device.kind == engine::DeviceKind::kCpu) name += ", " + std::to_string(cores) + " cores";
  return name;
}

std::string shapes_of(const model::Model& model) {
  std::string text;
  for (const PartialShape& shape : model.input_shapes) text += shape.to_string();
  return text;
}

/// Properties change times as much as another device does, and so does what else decides how many requests run at a
/// time: the rate of an engine that is given one (until more is proven, B-827) says nothing of the same with several.
std::string config_of(const CompileSpec& spec, const engine::DeviceRecord& device, const Pair& pair,
                      engine::Hint hint) {
  std::string text;
  const auto told = policy::properties_for(spec.properties, device, pair.engine);
  for (const auto& [key, value] : told) text += key + "=" + value + "\n";
  if (const std::uint32_t cap = requests_cap(spec, device); cap > 0) {
    text += "requests=" + std::to_string(cap) + "\n";
  }
  const engine::DeviceReport* report = engine::report_of(device, pair.engine);
  if (hint == engine::Hint::kThroughput && report != nullptr && !report->serial_group.empty())
    text += "one at a time\n";
  return text;
}

std::string version_of(engine::Registry& registry, const std::string& engine) {
  const base::EngineCall call;
  if (!call.allowed()) return {};
  auto version = registry.version(engine);
  return version.is_ok() ? std::move(version).value() : std::string();
}

}  // namespace

RecordKey record_key(const Environment& environment, const CompileSpec& spec, const Selection& selection,
                     const Pair& pair, engine::Hint hint) {
  const engine::DeviceRecord& device = device_of(selection, pair);
  return {.model = {},
          .shapes = shapes_of(spec.model),
          .device = name_of(device, core_count(environment)),
          .driver = device.driver,
          .engine = pair.engine,
          .version = version_of(*environment.registry, pair.engine),
          .profile = std::string(to_string(pair.profile)),
          .precision = std::string(to_string(pair.precision)),
          .hint = std::string(to_string(hint)),
          .config = config_of(spec, device, pair, hint)};
}

policy::RecordLookup look_up_records(const Environment& environment, const CompileSpec& spec,
                                     const Selection& selection) {
  if (environment.records == nullptr || !environment.records->may_know()) return nullptr;
  const std::string model = spec.model.data->fingerprint();
  auto records = std::make_shared<const std::map<RecordKey, Record>>(environment.records->find(model));
  if (records->empty()) return nullptr;
  std::set<std::string> engines;
  for (const auto& [key, record] : *records) engines.insert(key.engine);
  return [&environment, &spec, &selection, model, records, engines = std::move(engines)](
             const Pair& pair, engine::Hint hint) -> std::optional<Record> {
    if (!engines.contains(pair.engine)) return std::nullopt;
    RecordKey key = record_key(environment, spec, selection, pair, hint);
    key.model = model;
    const auto found = records->find(key);
    return found == records->end() ? std::nullopt : std::optional(found->second);
  };
}

void RecordKeeper::note(const policy::RungSpec& rung, const policy::Observation& seen) {
  if (environment_.records == nullptr) return;
  base::MutexLock lock(mu_);
  noted_.push_back({rung, seen});
}

void RecordKeeper::save() {
  std::vector<Noted> noted;
  {
    base::MutexLock lock(mu_);
    noted = std::exchange(noted_, {});
  }
  if (noted.empty()) return;
  std::vector<std::pair<RecordKey, policy::Observation>> entries;
  for (const Noted& n : noted) {
    entries.emplace_back(record_key(environment_, spec_, selection_, n.rung.pair, n.rung.hint), n.seen);
  }
  environment_.executor->post(
      [store = environment_.records, data = spec_.model.data, entries = std::move(entries)]() mutable {
        // Like a call into an engine: exit waits for one that has begun, and one that has not is dropped.
        const base::EngineCall call;
        if (!call.allowed()) return;
        for (auto& [key, seen] : entries) {
          key.model = data->fingerprint();
          store->add(key, seen);
        }
      });
}

}  // namespace baton::autodev
