// SPDX-License-Identifier: Apache-2.0
// Copyright (C) 2026 The Baton authors
#include <nlohmann/json.hpp>
#include <ostream>

#include "commands.h"
#include "model_setup.h"
#include "printing.h"
#include "startup_recorder.h"
#include "timeline.h"

namespace baton::tool {
namespace {

constexpr std::chrono::seconds kLongest{60};
constexpr std::chrono::milliseconds kAfterwards{500};  ///< of steady work, to be seen beside what was before

void print_json(const TraceOptions& options, const StartupRecorder& recorder, const StartupTrace& trace,
                std::ostream& out) {
  nlohmann::ordered_json all{{"schema_version", kSchemaVersion}, {"model", options.model}, {"device", options.device}};
  all["trace"] = to_json(trace);
  all["report"] = nlohmann::ordered_json::parse(recorder.model().explain().to_json());
  out << all.dump(1, ' ', false, nlohmann::ordered_json::error_handler_t::replace) << "\n";
}

}  // namespace

void run_trace(const TraceOptions& options, std::ostream& out) {
  StartupRecorder recorder([&](const Core& core) { return read_model(core, options); }, options.device,
                           parse_properties(options.properties));
  fill_inputs(recorder.model(), recorder.request());
  const bool steady = recorder.run(std::chrono::duration<double>(options.seconds), kLongest);
  recorder.run(kAfterwards, kAfterwards);
  const StartupTrace trace = recorder.trace();
  if (options.json) return print_json(options, recorder, trace, out);

  out << options.model << " on " << options.device << ", times in ms from the construction of the Core\n\n"
      << print_milestones(trace) << "\n"
      << draw_timeline(trace, 72) << "\n"
      << print_events(trace) << "\n"
      << print_stages(trace);
  if (!steady) out << "not steady after " << kLongest.count() << " s\n";
}

}  // namespace baton::tool
