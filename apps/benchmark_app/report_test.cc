// SPDX-License-Identifier: Apache-2.0
// Copyright (C) 2026 The Baton authors
#include "report.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <nlohmann/json.hpp>
#include <sstream>

#include "console.h"
#include "counters.h"
#include "handover_log.h"

namespace baton::bench {
namespace {

using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;

Results example() {
  Results results{.topology = "net", .device = "AUTO", .api = "async", .automatic = true};
  results.requests = 2;
  results.iterations = 4;
  results.read_ms = 1;
  results.compile_ms = 30;
  results.first_inference_ms = 5.5;
  results.execution_devices = {"GPU.1"};
  results.count = 4;
  results.duration_ms = 20;
  results.latency = summarise({4, 1, 2, 3}, 50);
  results.fps = 200;
  results.switches = {{310.5, "CPU", "a/fast", "GPU.1", "b/full", true}};
  results.generations = {{1, {"CPU", "a"}, summarise({4, 3}, 50), 100},
                         {2, {"GPU.1", "b"}, summarise({1, 2}, 50), 400}};
  return results;
}

TEST(StartText, B1607_requests_streams_and_limits) {
  Results results{.device = "CPU", .api = "async", .time_limit_ms = 2000, .requests = 4};
  EXPECT_EQ(start_text(results), "Start inference asynchronously, 4 inference requests, limits: 2000 ms duration");
  results.iterations = 8;
  results.streams = "2";
  EXPECT_EQ(start_text(results),
            "Start inference asynchronously, 4 inference requests using 2 streams for CPU, limits: 2000 ms duration, 8 "
            "iterations");
  results.api = "sync";
  results.time_limit_ms = 0;
  EXPECT_EQ(start_text(results), "Start inference synchronously, limits: 8 iterations");
}

TEST(ReportLines, B1609_the_figures_in_order) {
  EXPECT_THAT(
      report_lines(example(), 50, false),
      ElementsAre("Execution Devices: [ GPU.1 ]", "Count:               4 iterations", "Duration:            20.00 ms",
                  "Latency:", "   Median:            2.00 ms", "   Average:           2.50 ms",
                  "   Min:               1.00 ms", "   Max:               4.00 ms", "   P90:               4.00 ms",
                  "   P99:               4.00 ms", "Throughput:          200.00 FPS"));
  EXPECT_THAT(report_lines(example(), 90, false), Contains("   90 percentile:     2.00 ms")) << "what was asked for";
}

TEST(Csv, B1612_streams_are_part_of_the_configuration) {
  Results results = example();
  EXPECT_THAT(report_csv({}, results), Not(HasSubstr("streams")));
  results.device = "CPU";
  results.streams = "2";
  EXPECT_THAT(report_csv({}, results), HasSubstr("\nnumber of CPU streams;2\n"));
}

TEST(ReportLines, B1610_start_up_and_phases_with_AUTO) {
  const auto lines = report_lines(example(), 50, true);
  EXPECT_THAT(lines, Contains("First inference latency: 35.50 ms"));
  EXPECT_THAT(lines, Contains("Switch: 310.50 ms after start, (CPU) -> GPU.1 [a/fast -> b/full]"));
  EXPECT_THAT(lines, Contains("Generation 1: CPU/a, Count: 2 iterations, Median: 3.00 ms, 99 percentile: 4.00 ms, "
                              "Throughput: 100.00 FPS"));
  Results direct = example();
  direct.automatic = false;
  EXPECT_THAT(report_lines(direct, 50, true), Not(Contains(HasSubstr("Generation"))));
}

TEST(ReportFiles, B1612_the_sections_of_the_csv) {
  Options options;
  options.given = {{"-m", "x.onnx"}, {"-d", "AUTO"}};
  const std::string csv = report_csv(options, example());
  EXPECT_THAT(csv, HasSubstr("Command line parameters\n-m;x.onnx\n-d;AUTO\n\nConfiguration setup\ntopology;net\n"));
  EXPECT_THAT(csv, HasSubstr("number of iterations;4\n"));
  EXPECT_THAT(csv, HasSubstr("\n\nExecution results\nread model time (ms);1.00\ncompile model time (ms);30.00\n"));
  EXPECT_THAT(csv, HasSubstr("latency (ms);2.00\navg latency;2.50\nmin latency;1.00\nmax latency;4.00\n"));
  EXPECT_THAT(csv, HasSubstr("\nGroup Latencies\n"));
  EXPECT_THAT(csv, HasSubstr("generation 2 (GPU.1, b);2;"));
}

TEST(ReportFiles, B1612_json_stats) {
  Options options;
  options.percentile = 90;
  options.given = {{"-niter", "4"}};
  const auto json = nlohmann::json::parse(report_json_stats(options, example()));
  EXPECT_EQ(json.at("cmd_options").at("-niter"), "4");
  EXPECT_EQ(json.at("configuration_setup").at("number of parallel infer requests"), "2");
  EXPECT_EQ(json.at("configuration_setup").at("inference_only"), true);
  EXPECT_EQ(json.at("execution_results").at("throughput"), "200.00");
  EXPECT_TRUE(json.at("execution_results").contains("latency (90 percentile) (ms)"));
  EXPECT_EQ(json.at("generations").at(1).at("device"), "GPU.1");
}

TEST(ReportFiles, a_failed_run_says_why) {
  Results failed{.device = "CPU", .api = "sync"};
  failed.error = "no such file";
  EXPECT_THAT(report_csv({}, failed), HasSubstr("Execution results\nerror;no such file\n"));
  EXPECT_EQ(nlohmann::json::parse(report_json_stats({}, failed)).at("execution_results").at("error"), "no such file");
  const auto json = nlohmann::json::parse(report_json({}, failed));
  EXPECT_EQ(json.at("error"), "no such file");
  EXPECT_TRUE(json.at("latency").is_null());
}

TEST(ReportFiles, json_has_a_schema_version_and_numbers) {
  Results results = example();
  results.explain_json = "{\"phases\": []}";
  results.groups = {{"x: [1,2]", summarise({1}, 50)}};
  const auto json = nlohmann::json::parse(report_json({}, results));
  EXPECT_EQ(json.at("schema_version"), 1);
  EXPECT_EQ(json.at("first_answer_ms"), 35.5);
  EXPECT_EQ(json.at("latency").at("p90_ms"), 4.0);
  EXPECT_EQ(json.at("switches").at(0).at("from").at("device"), "CPU");
  EXPECT_EQ(json.at("groups").at(0).at("shapes"), "x: [1,2]");
  EXPECT_TRUE(json.at("explain").contains("phases"));
}

ProfilingInfo node(const std::string& name, int us, ProfilingInfo::Status status = ProfilingInfo::Status::EXECUTED) {
  return {status, std::chrono::microseconds(us), std::chrono::microseconds(us), name, "jit", "Conv"};
}

TEST(CountersText, averages_csv_and_order) {
  const NodeCounters first{node("a", 100), node("b", 300), node("c", 0, ProfilingInfo::Status::NOT_RUN)};
  const NodeCounters average = average_counters({first, {node("a", 200), node("b", 100)}});
  EXPECT_EQ(average.at(0).real_time.count(), 150);
  EXPECT_EQ(average.at(1).real_time.count(), 200);
  EXPECT_THAT(counters_csv(first), HasSubstr("layerName;execStatus;layerType;execType;realTime (ms);cpuTime (ms)\n"
                                             "a;EXECUTED;Conv;jit;0.100;0.100\n"));
  EXPECT_THAT(counters_csv(first), HasSubstr("Total;;;;0.400;0.400\n"));
  const std::string sorted = counters_table(first, "simple_sort");
  EXPECT_LT(sorted.find("b  "), sorted.find("a  "));
  EXPECT_THAT(sorted, Not(HasSubstr("NOT_RUN")));
  EXPECT_THAT(counters_table(first, "no_sort"), HasSubstr("NOT_RUN"));
}

Event event(const std::string& type, const std::string& device, const std::string& engine, double ms) {
  Event result;
  result.type = type;
  result.device = device;
  result.engine = engine;
  result.profile = "full";
  result.values["since_start_ms"] = ms;
  return result;
}

TEST(HandoverLogTest, notes_who_took_over_from_whom) {
  HandoverLog log;
  log.note(event("HELPER_READY", "CPU", "a", 20));
  log.note(event("CHECK_DONE", "GPU", "b", 0));
  log.note(event("SWITCHED", "GPU", "b", 300));
  log.note(event("SWITCHED", "GPU", "c", 900));
  const auto switches = log.switches();
  ASSERT_EQ(switches.size(), 2U);
  EXPECT_EQ(switches[0].from_engine, "a/full");
  EXPECT_TRUE(switches[0].from_helper);
  EXPECT_EQ(switches[1].ms, 900);
  EXPECT_FALSE(switches[1].from_helper);
}

TEST(HandoverLogTest, the_first_to_serve_takes_over_from_nobody) {
  HandoverLog log;
  log.note(event("SWITCHED", "CPU", "a", 20));
  EXPECT_TRUE(log.switches().empty());
}

TEST(ConsoleTest, steps_and_lines) {
  std::ostringstream out, err;
  Console console(out, err, false);
  console.step(10, "Start inference");
  console.info("a");
  console.warning("b");
  console.progress(0.5);
  console.error("c");
  EXPECT_EQ(out.str(), "[Step 10/11] Measuring performance (Start inference)\n[ INFO ] a\n[ WARNING ] b\n");
  EXPECT_EQ(err.str(), "[ ERROR ] c\n");
}

TEST(ConsoleTest, progress_on_a_terminal_leaves_no_trace) {
  std::ostringstream out, err;
  Console console(out, err, true);
  console.progress(0.5);
  EXPECT_THAT(out.str(), HasSubstr("50 %"));
  console.info("done");
  EXPECT_THAT(out.str(), testing::EndsWith("\r\033[K[ INFO ] done\n"));
}

}  // namespace
}  // namespace baton::bench
