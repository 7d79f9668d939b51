// SPDX-License-Identifier: Apache-2.0
// Copyright (C) 2026 The Baton authors
#include "runtime/model_query.h"

#include <algorithm>
#include <iterator>
#include <optional>
#include <utility>

#include "runtime/device_properties.h"

namespace baton::runtime {
namespace {

using base::Result;
using base::Status;
using Names = std::set<std::string>;

/// Of the first engine of the device that can tell; else why the last one cannot.
Result<Names> ask_device(engine::Registry& registry, const std::string& device, const model::Model& model) {
  const auto record = find_record(registry, device);
  if (!record.is_ok()) return record.status();
  Status reason = Status::not_implemented("no engine of " + device + " is available");
  for (const engine::EngineOnDevice& way : record->engines) {
    const auto engine = registry.engine(way.engine);
    if (!engine.is_ok()) {
      reason = engine.status();
      continue;
    }
    const auto names = engine.value()->query(way.report.handle, model);
    if (names.is_ok()) return Names(names->begin(), names->end());
    reason = names.status();
  }
  return Status::not_implemented(reason.message());
}

}  // namespace

Result<Names> supported_nodes(engine::Registry& registry, const std::vector<std::string>& devices,
                              const model::Model& model) {
  std::optional<Names> common;
  std::string reasons;
  for (const std::string& device : devices) {
    auto names = ask_device(registry, device, model);
    if (!names.is_ok()) {
      reasons += "; " + device + ": " + names.status().message();
    } else if (!common) {
      common = std::move(names).value();
    } else {
      std::erase_if(*common, [&](const std::string& name) { return !names->contains(name); });
    }
  }
  if (!common) return Status::not_implemented("query_model: no candidate can tell" + reasons);
  return std::move(*common);
}

}  // namespace baton::runtime
