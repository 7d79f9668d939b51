// SPDX-License-Identifier: Apache-2.0
// Copyright (C) 2026 The Baton authors
#include "driver.h"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <ctime>
#include <fstream>
#include <iostream>
#include <stdexcept>
#include <string_view>
#include <thread>

#include "command_line.h"

namespace startup {
namespace {

double process_cpu_s() {
  timespec t{};
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
  return static_cast<double>(t.tv_sec) + static_cast<double>(t.tv_nsec) * 1e-9;
}

/// A line of /proc/self/status in MB: "VmRSS" now, "VmHWM" at its highest.
double memory_mb(std::string_view key) {
  std::ifstream status("/proc/self/status");
  for (std::string line; std::getline(status, line);) {
    if (line.starts_with(key)) return std::stod(line.substr(key.size() + 1)) / 1024;
  }
  return 0;
}

double percentile(std::vector<double> values, double share) {
  if (values.empty()) return 0;
  const auto rank = static_cast<std::size_t>(std::ceil(share * static_cast<double>(values.size())));
  const auto at = values.begin() + static_cast<std::ptrdiff_t>(std::max<std::size_t>(rank, 1) - 1);
  std::nth_element(values.begin(), at, values.end());
  return *at;
}

/// Rounded to whole microseconds: a trace of a small model has tens of thousands of entries.
Json rounded(const std::vector<double>& ms) {
  Json list = Json::array();
  for (double value : ms) list.push_back(std::round(value * 1e3) / 1e3);
  return list;
}

/// The bytes go to files for the comparison of implementations; shape and type go into the record.
Json save_outputs(const std::vector<Output>& outputs, const std::string& prefix, std::string_view when) {
  Json list = Json::array();
  for (std::size_t i = 0; i < outputs.size(); ++i) {
    const Output& output = outputs[i];
    Json entry{{"name", output.name}, {"type", output.type}, {"shape", output.shape}};
    if (!prefix.empty()) {
      const std::string path = prefix + "." + std::string(when) + "." + std::to_string(i);
      std::ofstream file(path, std::ios::binary);
      file.write(static_cast<const char*>(output.data), static_cast<std::streamsize>(output.bytes));
      if (!file) throw std::runtime_error("cannot write " + path);
      entry["file"] = path;
    }
    list.push_back(std::move(entry));
  }
  return list;
}

struct Trace {
  std::vector<double> end_ms;      ///< of each answer, from time zero
  std::vector<double> latency_ms;  ///< of each answer
};

/// Answers, back to back, until `until`; at least one.
Trace answers_until(Implementation& implementation, Clock::time_point zero, Clock::time_point until) {
  Trace trace;
  trace.end_ms.reserve(1 << 16);  // growing would show as gaps
  trace.latency_ms.reserve(1 << 16);
  Clock::time_point end;
  do {
    const auto begin = Clock::now();
    implementation.infer();
    end = Clock::now();
    trace.end_ms.push_back(ms_between(zero, end));
    trace.latency_ms.push_back(ms_between(begin, end));
  } while (end < until);
  return trace;
}

Clock::time_point after(Clock::time_point from, double seconds) {
  return from + std::chrono::duration_cast<Clock::duration>(std::chrono::duration<double>(seconds));
}

/// Works until the implementation's speed is final, or for as long as the options allow.
bool settle(Implementation& implementation, const Options& options) {
  const auto limit = after(options.started, options.settle_s);
  while (!implementation.settled()) {
    if (Clock::now() >= limit) return false;
    if (options.throughput) implementation.flood(after(Clock::now(), 0.5));
    else implementation.infer();
  }
  return true;
}

/// Foreign libraries' messages may hold anything.
void print(const Json& record) {
  std::printf("%s\n", record.dump(-1, ' ', false, Json::error_handler_t::replace).c_str());
  std::fflush(stdout);
}

/// Steady speed in turns with other processes: each line of the standard input is a number of seconds to work.
void take_turns(Implementation& implementation, const Options& options, Json& record) {
  implementation.load(options);
  implementation.infer();
  record["settled"] = settle(implementation, options);
  implementation.describe(record);
  record["outputs"] = {{"steady", save_outputs(implementation.outputs(), options.outputs, "steady")}};
  print(record);
  for (std::string line; std::getline(std::cin, line);) {
    const auto begin = Clock::now();
    if (options.throughput) {
      const std::size_t answers = implementation.flood(after(begin, std::stod(line)));
      print({{"fps", 1e3 * static_cast<double>(answers) / ms_between(begin, Clock::now())}, {"answers", answers}});
      continue;
    }
    const Trace trace = answers_until(implementation, begin, after(begin, std::stod(line)));
    print({{"p50_ms", percentile(trace.latency_ms, 0.5)}, {"answers", trace.latency_ms.size()}});
  }
}

void run(Implementation& implementation, const Options& options, Json& record) {
  const auto main_reached = Clock::now();
  implementation.load(options);
  const auto loaded = Clock::now();
  implementation.infer();
  const auto first = Clock::now();
  // Copying the first answer takes time of the trace, the same for everybody.
  Json first_outputs = save_outputs(implementation.outputs(), options.outputs, "first");
  Trace trace = answers_until(implementation, options.started, after(options.started, options.trace_s));
  trace.end_ms.insert(trace.end_ms.begin(), ms_between(options.started, first));
  trace.latency_ms.insert(trace.latency_ms.begin(), ms_between(loaded, first));

  const bool settled = settle(implementation, options);
  const double settle_ms = ms_between(options.started, Clock::now());
  const double rss_settled = memory_mb("VmRSS:");
  answers_until(implementation, options.started, after(Clock::now(), 0.2));  // caches and clocks are warm for everybody
  const Trace steady = answers_until(implementation, options.started, after(Clock::now(), options.steady_s));
  const double busy = process_cpu_s();
  std::this_thread::sleep_for(std::chrono::duration<double>(options.idle_s));
  const double idle_cpu_s = process_cpu_s() - busy;

  record["main_ms"] = ms_between(options.started, main_reached);
  record["load_ms"] = ms_between(main_reached, loaded);
  record["first_ms"] = ms_between(options.started, first);
  record["steady"] = {{"p50_ms", percentile(steady.latency_ms, 0.5)},
                      {"p90_ms", percentile(steady.latency_ms, 0.9)},
                      {"p99_ms", percentile(steady.latency_ms, 0.99)},
                      {"answers", steady.latency_ms.size()}};
  record["settled"] = settled;
  record["settle_ms"] = settle_ms;
  record["rss_settled_mb"] = rss_settled;
  record["rss_peak_mb"] = memory_mb("VmHWM:");
  record["idle_cpu_s"] = idle_cpu_s;
  record["outputs"] = {{"first", std::move(first_outputs)},
                       {"steady", save_outputs(implementation.outputs(), options.outputs, "steady")}};
  implementation.describe(record);
  record["trace"] = {{"end_ms", rounded(trace.end_ms)}, {"latency_ms", rounded(trace.latency_ms)}};
}

}  // namespace

int measure(int argc, char** argv, Implementation& implementation) {
  Options options;
  try {
    options = parse_command_line(argc, argv, Clock::now());
  } catch (const std::exception& error) {
    std::fprintf(stderr, "%s: %s\n%s", argv[0], error.what(), usage());
    return 2;
  }
  Json record{{"schema_version", 1}, {"status", "ok"}, {"device", options.device}};
  try {
    if (options.turns) {
      take_turns(implementation, options, record);
      return 0;
    }
    run(implementation, options, record);
  } catch (const std::exception& error) {
    record = {{"schema_version", 1}, {"status", "failed"}, {"reason", error.what()}};
  }
  print(record);
  return record["status"] == "ok" ? 0 : 1;
}

}  // namespace startup
