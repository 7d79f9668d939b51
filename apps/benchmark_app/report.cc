// SPDX-License-Identifier: Apache-2.0
// Copyright (C) 2026 The Baton authors
#include "report.h"

#include <nlohmann/json.hpp>
#include <utility>

#include "baton/version.hpp"
#include "common/text.h"
#include "counters.h"

namespace baton::bench {
namespace {

using app::format;
using app::joined;
using app::two_decimals;
using Json = nlohmann::ordered_json;
using Rows = std::vector<std::pair<std::string, std::string>>;

std::string percentile_name(unsigned percent) {
  return percent == 50 ? "Median:" : std::to_string(percent) + " percentile:";
}

std::string latency_line(const std::string& name, double ms) { return format("   %-18s %.2f ms", name.c_str(), ms); }

void add_latency(const LatencyFigures& latency, unsigned percentile, std::vector<std::string>& lines) {
  lines.push_back(latency_line(percentile_name(percentile), latency.chosen_ms));
  lines.push_back(latency_line("Average:", latency.average_ms));
  lines.push_back(latency_line("Min:", latency.min_ms));
  lines.push_back(latency_line("Max:", latency.max_ms));
}

void add_phases(const Results& results, std::vector<std::string>& lines) {
  if (const auto first = results.first_answer_ms())
    lines.push_back("First inference latency: " + two_decimals(*first) + " ms");
  for (const Switch& change : results.switches) {
    const std::string from = change.from_helper ? "(" + change.from_device + ")" : change.from_device;
    lines.push_back("Switch: " + two_decimals(change.ms) + " ms after start, " + from + " -> " + change.to_device +
                    " [" + change.from_engine + " -> " + change.to_engine + "]");
  }
  for (const GenerationFigures& own : results.generations) {
    lines.push_back(
        format("Generation %llu: %s/%s, Count: %zu iterations, Median: %.2f ms, 99 percentile: %.2f ms, "
               "Throughput: %.2f FPS",
               static_cast<unsigned long long>(own.generation), own.server.device.c_str(), own.server.engine.c_str(),
               own.latency.count, own.latency.median_ms, own.latency.p99_ms, own.fps));
  }
}

Rows configuration_rows(const Results& results) {
  Rows rows = {{"topology", results.topology},
               {"target device", results.device},
               {"API", results.api},
               {"inference_only", results.inference_only ? "True" : "False"},
               {"precision", "UNSPECIFIED"},
               {"batch size", results.batch},
               {"number of iterations", results.iterations ? std::to_string(*results.iterations) : "None"},
               {"number of parallel infer requests", std::to_string(results.requests)},
               {"duration (ms)", format("%.0f", results.time_limit_ms)}};
  if (!results.streams.empty()) rows.emplace_back("number of " + results.device + " streams", results.streams);
  return rows;
}

void add_row(Rows& rows, const char* name, const std::optional<double>& value) {
  if (value) rows.emplace_back(name, two_decimals(*value));
}

Rows result_rows(const Results& results, unsigned percentile) {
  Rows rows;
  add_row(rows, "read model time (ms)", results.read_ms);
  add_row(rows, "reshape model time (ms)", results.reshape_ms);
  add_row(rows, "compile model time (ms)", results.compile_ms);
  add_row(rows, "first inference time (ms)", results.first_inference_ms);
  if (results.automatic) add_row(rows, "first inference latency (ms)", results.first_answer_ms());
  if (results.automatic && !results.switches.empty()) add_row(rows, "switch (ms)", results.switches.back().ms);
  if (const auto& latency = results.latency) {
    rows.emplace_back("execution devices", joined(results.execution_devices));
    rows.emplace_back("total execution time (ms)", two_decimals(results.duration_ms));
    rows.emplace_back("total number of iterations", std::to_string(results.count));
    rows.emplace_back(percentile == 50 ? "latency (ms)" : format("latency (%u percentile) (ms)", percentile),
                      two_decimals(latency->chosen_ms));
    rows.emplace_back("avg latency", two_decimals(latency->average_ms));
    rows.emplace_back("min latency", two_decimals(latency->min_ms));
    rows.emplace_back("max latency", two_decimals(latency->max_ms));
    rows.emplace_back("p90 latency", two_decimals(latency->p90_ms));
    rows.emplace_back("p99 latency", two_decimals(latency->p99_ms));
    rows.emplace_back("throughput", two_decimals(results.fps));
  }
  if (results.interrupted) rows.emplace_back("interrupted", "True");
  if (!results.error.empty()) rows.emplace_back("error", results.error);
  return rows;
}

std::string section(const char* title, const Rows& rows) {
  if (rows.empty()) return {};
  std::string text = std::string(title) + "\n";
  for (const auto& [name, value] : rows) text += name + ";" + value + "\n";
  return text + "\n";
}

std::string group_row(const LatencyFigures& latency) {
  return format("%zu;%.2f;%.2f;%.2f;%.2f;%.2f", latency.count, latency.chosen_ms, latency.average_ms, latency.min_ms,
                latency.max_ms, latency.p99_ms);
}

/// One row for each set of data shapes where there are several, and for each generation of AUTO.
std::string group_section(const Results& results) {
  Rows rows;
  for (const GroupFigures& group : results.groups) rows.emplace_back(group.name, group_row(group.latency));
  for (const GenerationFigures& own : results.generations) {
    if (!results.automatic) break;
    rows.emplace_back(
        "generation " + std::to_string(own.generation) + " (" + own.server.device + ", " + own.server.engine + ")",
        group_row(own.latency));
  }
  if (rows.empty()) return {};
  rows.insert(rows.begin(), {"group", "count;latency (ms);avg latency;min latency;max latency;p99 latency"});
  return section("Group Latencies", rows);
}

Json object(const Rows& rows) {
  Json all = Json::object();
  for (const auto& [name, value] : rows) all[name] = value;
  return all;
}

Json latency_json(const LatencyFigures& latency) {
  return {{"count", latency.count},   {"p50_ms", latency.median_ms},      {"p90_ms", latency.p90_ms},
          {"p99_ms", latency.p99_ms}, {"average_ms", latency.average_ms}, {"min_ms", latency.min_ms},
          {"max_ms", latency.max_ms}};
}

Json generations_json(const Results& results) {
  Json all = Json::array();
  for (const GenerationFigures& own : results.generations) {
    all.push_back({{"generation", own.generation},
                   {"device", own.server.device},
                   {"engine", own.server.engine},
                   {"latency", latency_json(own.latency)},
                   {"throughput_fps", own.fps}});
  }
  return all;
}

Json switches_json(const Results& results) {
  Json all = Json::array();
  for (const Switch& change : results.switches) {
    all.push_back({{"ms", change.ms},
                   {"from", {{"device", change.from_device}, {"engine", change.from_engine}}},
                   {"to", {{"device", change.to_device}, {"engine", change.to_engine}}}});
  }
  return all;
}

Json counters_json(const std::vector<NodeCounters>& by_request) {
  Json all = Json::array();
  for (const NodeCounters& nodes : by_request) {
    Json list = Json::array();
    for (const ProfilingInfo& node : nodes) {
      list.push_back({{"name", node.node_name},
                      {"status", status_text(node.status)},
                      {"node_type", node.node_type},
                      {"exec_type", node.exec_type},
                      {"real_us", node.real_time.count()},
                      {"cpu_us", node.cpu_time.count()}});
    }
    all.push_back(list);
  }
  return all;
}

Json optional_json(const std::optional<double>& value) { return value ? Json(*value) : Json(); }

std::string written(const Json& json) { return json.dump(2, ' ', false, Json::error_handler_t::replace) + "\n"; }

}  // namespace

std::string start_text(const Results& results) {
  std::string text = "Start inference " + results.api + "hronously";
  if (results.api == "async") {
    text += ", " + std::to_string(results.requests) + " inference requests";
    if (!results.streams.empty()) text += " using " + results.streams + " streams for " + results.device;
  }
  std::vector<std::string> limits;
  if (results.time_limit_ms > 0) limits.push_back(format("%.0f ms duration", results.time_limit_ms));
  if (results.iterations) limits.push_back(std::to_string(*results.iterations) + " iterations");
  return text + ", limits: " + joined(limits, ", ");
}

std::vector<std::string> report_lines(const Results& results, unsigned percentile, bool phases) {
  std::vector<std::string> lines{"Execution Devices: [ " + joined(results.execution_devices) + " ]",
                                 "Count:               " + std::to_string(results.count) + " iterations",
                                 "Duration:            " + two_decimals(results.duration_ms) + " ms"};
  if (results.latency) {
    lines.emplace_back("Latency:");
    add_latency(*results.latency, percentile, lines);
    lines.push_back(latency_line("P90:", results.latency->p90_ms));
    lines.push_back(latency_line("P99:", results.latency->p99_ms));
    for (const GroupFigures& group : results.groups) {
      lines.push_back("Latency for data shape group " + group.name);
      add_latency(group.latency, percentile, lines);
    }
  }
  lines.push_back("Throughput:          " + two_decimals(results.fps) + " FPS");
  if (results.automatic && phases) add_phases(results, lines);
  return lines;
}

std::string report_csv(const Options& options, const Results& results) {
  return section("Command line parameters", options.given) +
         section("Configuration setup", configuration_rows(results)) +
         section("Execution results", result_rows(results, options.percentile)) + group_section(results);
}

std::string report_json_stats(const Options& options, const Results& results) {
  Json setup = object(configuration_rows(results));
  setup["inference_only"] = results.inference_only;
  return written({{"cmd_options", object(options.given)},
                  {"configuration_setup", setup},
                  {"execution_results", object(result_rows(results, options.percentile))},
                  {"generations", generations_json(results)}});
}

std::string report_json(const Options& options, const Results& results) {
  Json all{{"schema_version", kSchemaVersion},
           {"baton_version", get_baton_version().buildNumber},
           {"model", options.model},
           {"topology", results.topology},
           {"device", results.device},
           {"options", object(options.given)},
           {"api", results.api},
           {"inference_only", results.inference_only},
           {"batch", results.batch},
           {"requests", results.requests},
           {"properties", object(results.properties)},
           {"execution_devices", results.execution_devices},
           {"read_ms", optional_json(results.read_ms)},
           {"reshape_ms", optional_json(results.reshape_ms)},
           {"compile_ms", optional_json(results.compile_ms)},
           {"first_inference_ms", optional_json(results.first_inference_ms)},
           {"first_answer_ms", optional_json(results.first_answer_ms())},
           {"count", results.count},
           {"duration_ms", results.duration_ms},
           {"latency", results.latency ? latency_json(*results.latency) : Json()},
           {"throughput_fps", results.fps},
           {"switches", switches_json(results)},
           {"generations", generations_json(results)},
           {"groups", Json::array()},
           {"interrupted", results.interrupted},
           {"error", results.error.empty() ? Json() : Json(results.error)}};
  for (const GroupFigures& group : results.groups)
    all["groups"].push_back({{"shapes", group.name}, {"latency", latency_json(group.latency)}});
  if (!results.counters.empty()) all["counters"] = counters_json(results.counters);
  if (!results.explain_json.empty()) all["explain"] = Json::parse(results.explain_json, nullptr, false);
  return written(all);
}

}  // namespace baton::bench
