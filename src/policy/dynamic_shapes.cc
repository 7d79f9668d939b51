// SPDX-License-Identifier: Apache-2.0
// Copyright (C) 2026 The Baton authors
#include "policy/dynamic_shapes.h"

#include <algorithm>
#include <set>

namespace baton::policy {
namespace {

/// B-311, of the engines that are left.
std::vector<std::string> capabilities_of(const engine::DeviceRecord& device) {
  std::set<std::string> words;
  for (const engine::EngineOnDevice& engine : device.engines)
    words.insert(engine.report.capabilities.begin(), engine.report.capabilities.end());
  return {words.begin(), words.end()};
}

}  // namespace

std::string dynamic_inputs(const model::Model& model) {
  std::string text;
  for (std::size_t i = 0; i < model.input_shapes.size(); ++i) {
    if (!model.input_shapes[i].is_dynamic()) continue;
    text.append(text.empty() ? "" : ", ").append(model.facts().inputs[i].any_name());
    text.append(" ").append(model.input_shapes[i].to_string());
  }
  return text;
}

std::string dynamic_refusal(const std::string& inputs, const std::string& engines) {
  return "the shapes of the inputs " + inputs + " are dynamic, " + engines + " runs static shapes only";
}

std::vector<Pair> filter_by_dynamic_shapes(const std::string& inputs, std::span<Candidate> candidates,
                                           std::span<engine::DeviceRecord> devices) {
  std::vector<Pair> taken;
  for (Candidate& candidate : candidates) {
    if (!candidate.accepted) continue;
    engine::DeviceRecord& device = devices[static_cast<std::size_t>(candidate.record)];
    std::string engines;
    for (const engine::EngineOnDevice& engine : device.engines) {
      if (engine.report.dynamic_shapes) continue;
      taken.push_back({candidate.device, engine.engine, engine.report.handle});
      engines.append(engines.empty() ? "" : ", ").append(engine.engine);
    }
    if (engines.empty()) continue;
    std::erase_if(device.engines, [](const auto& engine) { return !engine.report.dynamic_shapes; });
    device.capabilities = capabilities_of(device);
    if (!device.engines.empty()) continue;
    candidate.accepted = false;
    candidate.reason = Reason::kDynamicUnsupported;
    candidate.text = dynamic_refusal(inputs, engines);
  }
  return taken;
}

}  // namespace baton::policy
