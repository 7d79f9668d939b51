// SPDX-License-Identifier: Apache-2.0
// Copyright (C) 2026 The Baton authors
#include <chrono>
#include <nlohmann/json.hpp>
#include <ostream>

#include "commands.h"
#include "model_setup.h"

namespace baton::tool {
namespace {

/// For the slowest compile that anyone waits for in front of a terminal.
constexpr std::chrono::seconds kLongestWait{60};

SelectionReport outcome(Core& core, const std::shared_ptr<const Model>& model, const ExplainOptions& options) {
  CompiledModel compiled = core.compile_model(model, options.device, parse_properties(options.properties));
  compiled.wait_until_steady(kLongestWait);
  return compiled.explain();
}

}  // namespace

void run_explain(const ExplainOptions& options, std::ostream& out) {
  Core core;
  const auto model = read_model(core, options);
  const SelectionReport report = options.compile
                                     ? outcome(core, model, options)
                                     : core.explain(model, options.device, parse_properties(options.properties));
  if (options.json) {
    const nlohmann::ordered_json all{{"schema_version", kSchemaVersion},
                                     {"model", options.model},
                                     {"compiled", options.compile},
                                     {"report", nlohmann::ordered_json::parse(report.to_json())}};
    out << all.dump(2) << "\n";
  } else {
    out << report.to_text();
  }
}

}  // namespace baton::tool
