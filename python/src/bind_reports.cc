// SPDX-License-Identifier: Apache-2.0
// Copyright (C) 2026 The Baton authors
#include "baton/report.hpp"

#include <nanobind/stl/chrono.h>
#include <nanobind/stl/map.h>
#include <nanobind/stl/string.h>
#include <nanobind/stl/vector.h>

#include "baton/core.hpp"
#include "baton/infer_request.hpp"
#include "bindings.h"

namespace baton::python {
namespace nb = nanobind;

namespace {

void bind_event(nb::module_& module) {
  nb::class_<Event>(module, "Event", "One decision of the device AUTO.")
      .def_ro("type", &Event::type, "As in 'SWITCHED'.")
      .def_prop_ro(
          "time", [](const Event& self) { return self.time.time_since_epoch().count(); },
          "ns of the clock behind time.monotonic_ns().")
      .def_ro("phase", &Event::phase, "After the decision, as in 'STEADY'.")
      .def_ro("device", &Event::device)
      .def_ro("engine", &Event::engine)
      .def_ro("profile", &Event::profile, "'fast' or 'full'.")
      .def_ro("generation", &Event::generation, "After the decision.")
      .def_ro("reason", &Event::reason, "A code such as 'OUTPUT_MISMATCH', or empty.")
      .def_ro("text", &Event::text, "One sentence.")
      .def_ro("values", &Event::values, "Figures by name; times in ms.")
      .def("__repr__", [](const Event& self) { return "<Event: " + self.type + " " + self.text + ">"; });
}

void bind_statistics(nb::module_& module) {
  nb::class_<PairStatistics>(module, "PairStatistics", "Counters of one way to run.")
      .def_ro("device", &PairStatistics::device)
      .def_ro("engine", &PairStatistics::engine)
      .def_ro("profile", &PairStatistics::profile, "'fast' or 'full'.")
      .def_ro("done", &PairStatistics::done, "Requests that ended well.")
      .def_ro("failed", &PairStatistics::failed, "Requests that did not.")
      .def_ro("mean_ms", &PairStatistics::mean_ms)
      .def_ro("median_ms", &PairStatistics::median_ms)
      .def_ro("p99_ms", &PairStatistics::p99_ms)
      .def_ro("busy_ms", &PairStatistics::busy_ms)
      .def_ro("span_ms", &PairStatistics::span_ms, "From the first start to the last completion.");
  nb::class_<Statistics>(module, "Statistics", "Counters of a compiled model.")
      .def_ro("pairs", &Statistics::pairs)
      .def_ro("switch_ms", &Statistics::switch_ms, "From the compile call to the last switch; 0: none yet.")
      .def_ro("queued", &Statistics::queued, "Requests that wait at this moment.");
}

void bind_selection_report(nb::module_& module) {
  nb::class_<SelectionReport> type(module, "SelectionReport", "Why a model runs where it runs.");
  nb::class_<SelectionReport::Candidate>(type, "Candidate")
      .def_ro("device", &SelectionReport::Candidate::device)
      .def_ro("engine", &SelectionReport::Candidate::engine)
      .def_ro("verdict", &SelectionReport::Candidate::verdict, "As in 'target', 'helper', 'rejected'.")
      .def_ro("reason", &SelectionReport::Candidate::reason, "A code such as 'DEVICE_NOT_FOUND'.")
      .def_ro("text", &SelectionReport::Candidate::text, "One sentence with the value that decided.");
  type.def_ro("candidates", &SelectionReport::candidates, "Every device asked for, exactly once.")
      .def("to_json", &SelectionReport::to_json, "Everything; the property SELECTION_REPORT.")
      .def("to_text", &SelectionReport::to_text, "A line per candidate.")
      .def("__str__", &SelectionReport::to_text);
}

}  // namespace

void bind_reports(nb::module_& module) {
  bind_event(module);
  bind_statistics(module);
  bind_selection_report(module);
  nb::class_<EngineInfo>(module, "EngineInfo", "An inference library that could be used here.")
      .def_ro("name", &EngineInfo::name)
      .def_ro("version", &EngineInfo::version, "Empty when it is not available.")
      .def_ro("reason", &EngineInfo::reason, "Why it is not available; empty when it is.")
      .def_ro("limit", &EngineInfo::limit, "Why it is given one request at a time; empty when it is not known to be.");
  nb::class_<ProfilingInfo> profiling(module, "ProfilingInfo", "Counters of one node of an executed graph.");
  nb::enum_<ProfilingInfo::Status>(profiling, "Status")
      .value("NOT_RUN", ProfilingInfo::Status::NOT_RUN)
      .value("OPTIMIZED_OUT", ProfilingInfo::Status::OPTIMIZED_OUT)
      .value("EXECUTED", ProfilingInfo::Status::EXECUTED)
      .export_values();
  profiling.def_ro("status", &ProfilingInfo::status)
      .def_ro("real_time", &ProfilingInfo::real_time, "A timedelta.")
      .def_ro("cpu_time", &ProfilingInfo::cpu_time, "A timedelta.")
      .def_ro("node_name", &ProfilingInfo::node_name)
      .def_ro("exec_type", &ProfilingInfo::exec_type)
      .def_ro("node_type", &ProfilingInfo::node_type);
}

}  // namespace baton::python
