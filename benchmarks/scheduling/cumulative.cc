// SPDX-License-Identifier: Apache-2.0
// Copyright (C) 2026 The Baton authors
//
// Several devices at once: what they reach together beside what each reaches alone.
//   cumulative                    simulated devices in virtual time: the same figures on every machine
//   cumulative --real MODEL.onnx  the CPU through two engines, as two devices, in real time
#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <memory>
#include <optional>
#include <sstream>
#include <string>
#include <vector>

#include "auto/auto_model.h"
#include "auto/shared_state.h"
#include "base/environment.h"
#include "base/executor.h"
#include "engine/registry.h"
#include "model/onnx_reader.h"
#include "model/source.h"
#include "real_devices.h"
#include "simulated_machine.h"
#include "workload.h"

namespace {

using namespace baton;
using autodev::Options;
using autodev::PerformanceHint;
using benchmarks::must;
using benchmarks::Outcome;
using benchmarks::SimulatedMachine;
using policy::SchedulePolicy;

constexpr int kInFlight = 64;
constexpr int kCount = 4000;
constexpr double kOpenLoad = 0.8;  ///< of what the best device can do alone

/// The options of one device alone, or of all of them with this policy.
Options options_for(std::optional<SchedulePolicy> policy) {
  Options options;
  options.hint = policy ? PerformanceHint::kCumulativeThroughput : PerformanceHint::kThroughput;
  options.schedule_policy = policy;
  return options;
}

// ---------------------------------------------------------------------------------------------------------------------
// Simulated devices

/// Devices GPU.0, GPU.1 ... that need `run_ms` each, with `workers` workers.
std::string script_of(const std::vector<double>& run_ms, int workers) {
  std::string devices;
  std::string pairs;
  for (std::size_t i = 0; i < run_ms.size(); ++i) {
    const std::string name = "GPU." + std::to_string(i);
    const std::string comma = i > 0 ? ", " : "";
    devices += comma + R"({"name": ")" + name + R"(", "kind": "dgpu"})";
    pairs += comma + R"({"device": ")" + name + R"(", "engine": "E", "load_ms": 10, "run_ms": )" +
             std::to_string(run_ms[i]) + R"(, "slots": )" + std::to_string(workers) + "}";
  }
  return R"({"only": true, "devices": [)" + devices + R"(], "pairs": [)" + pairs + "]}";
}

void print_simulated(const std::vector<double>& run_ms, int workers) {
  std::string name;
  double sum = 0;
  std::size_t best = 0;
  for (std::size_t i = 0; i < run_ms.size(); ++i) {
    char text[16];
    std::snprintf(text, sizeof(text), "%s%g", i > 0 ? " : " : "", run_ms[i]);
    name += text;
    sum += workers * 1000 / run_ms[i];
    if (run_ms[i] < run_ms[best]) best = i;
  }
  const std::string best_device = "GPU." + std::to_string(best);
  const std::string script = script_of(run_ms, workers);
  const auto closed = [&](const std::string& device, std::optional<SchedulePolicy> policy) {
    SimulatedMachine machine(script);
    const auto compiled = machine.compile(device, options_for(policy));
    return benchmarks::closed_loop(*compiled, machine.executor, machine.model, kInFlight, kCount);
  };
  const Outcome alone = closed(best_device, std::nullopt);
  const Outcome finish = closed("AUTO", SchedulePolicy::kEarliestFinish);
  const Outcome order = closed("AUTO", SchedulePolicy::kDevicePriority);
  const Outcome turns = closed("AUTO", SchedulePolicy::kRoundRobin);
  const auto open = [&](const std::string& device, std::optional<SchedulePolicy> policy) {
    SimulatedMachine machine(script);
    const auto compiled = machine.compile(device, options_for(policy));
    return benchmarks::open_loop(*compiled, machine.executor, machine.model, kOpenLoad * alone.per_second, kCount);
  };
  const Outcome open_alone = open(best_device, std::nullopt);
  const Outcome open_finish = open("AUTO", SchedulePolicy::kEarliestFinish);
  const Outcome open_order = open("AUTO", SchedulePolicy::kDevicePriority);
  std::printf("| %s | %d | %.0f | %.0f | %.0f (%.3f) | %.3f | %.3f | %.2f | %.2f | %.2f |\n", name.c_str(), workers,
              sum, alone.per_second, finish.per_second, finish.per_second / sum, order.per_second / sum,
              turns.per_second / sum, finish.p99_ms / alone.p99_ms, open_finish.p99_ms / open_alone.p99_ms,
              open_order.p99_ms / open_alone.p99_ms);
}

void simulated() {
  std::printf("%d requests in flight, %d in all; rates per second, in parentheses and without unit: of the sum.\n\n",
              kInFlight, kCount);
  std::printf(
      "| run times, ms | workers | sum alone | best alone | EARLIEST_FINISH | DEVICE_PRIORITY | ROUND_ROBIN "
      "| p99 / best alone's | the same at %.0f %% of its rate | DEVICE_PRIORITY there |\n"
      "|---|---|---|---|---|---|---|---|---|---|\n",
      100 * kOpenLoad);
  for (const auto& run_ms : std::vector<std::vector<double>>{
           {10, 10}, {10, 20}, {20, 10}, {10, 50}, {50, 10}, {10, 200}, {200, 10}, {10, 17, 43}, {43, 17, 10}}) {
    print_simulated(run_ms, 1);
  }
  print_simulated({10, 50}, 4);
  print_simulated({10, 17, 43}, 2);
}

// ---------------------------------------------------------------------------------------------------------------------
// Two engines of the CPU

void print_real(const char* name, const Outcome& outcome) {
  std::printf("| %s | %.1f | %.1f | %.1f |", name, outcome.per_second, outcome.p50_ms, outcome.p99_ms);
  for (const auto& [device, count] : outcome.by_device) std::printf(" %s %d", device.c_str(), count);
  std::printf(" |\n");
  std::fflush(stdout);
}

void real(const std::string& path, int count) {
  base::Executor& executor = base::thread_executor();
  engine::RegistryOptions options{.executor = &executor, .log = &benchmarks::no_log()};
  options.module_path = base::env::engine_path();
  options.module_path.emplace_back(BATON_BENCH_ENGINES);
  options.library_path = base::env::library_path();
  std::stringstream folders(BATON_DEFAULT_LIBRARY_PATH);
  for (std::string folder; std::getline(folders, folder, ':');) options.library_path.push_back(folder);
  static engine::Registry real_engines(options);
  options.module_path.clear();
  static engine::Registry registry(options);
  static autodev::SharedState shared;
  for (const auto& [name, device] : {std::pair{"openvino", "GPU"}, std::pair{"onnxruntime", "CPU"}}) {
    benchmarks::RenamedDevice renamed = benchmarks::rename_cpu(*must(real_engines.engine(name)), device);
    registry.add(std::move(renamed.manifest), std::move(renamed.engine));
  }
  const autodev::Environment environment{.executor = &executor, .registry = &registry, .shared = &shared};
  const model::Model model = [&] {
    auto data = must(model::read_onnx(must(model::open_source(path))));
    std::vector<PartialShape> shapes;
    for (const auto& input : data->facts().inputs) shapes.push_back(input.shape);
    return model::Model{data, shapes};
  }();
  std::printf("\n%s, %d requests in flight, %d in all; GPU stands for openvino, CPU for onnxruntime\n\n", path.c_str(),
              16, count);
  std::printf("| | per second | p50 ms | p99 ms | answered by |\n|---|---|---|---|---|\n");
  const auto measure = [&](const char* name, const char* device, std::optional<SchedulePolicy> policy, int requests) {
    const auto compiled = benchmarks::compile(environment, model, device, options_for(policy));
    benchmarks::closed_loop(*compiled, executor, model, 16, requests / 2);  // not measured
    print_real(name, benchmarks::closed_loop(*compiled, executor, model, 16, requests));
    compiled->close();
  };
  for (int repetition = 0; repetition < 5; ++repetition) {
    measure("openvino alone", "AUTO:GPU", std::nullopt, count);
    measure("onnxruntime alone", "AUTO:CPU", std::nullopt, count / 8);
    measure("EARLIEST_FINISH", "AUTO", SchedulePolicy::kEarliestFinish, count);
    measure("DEVICE_PRIORITY", "AUTO:GPU,CPU", SchedulePolicy::kDevicePriority, count);
  }
}

}  // namespace

int main(int argc, char** argv) {
  if (argc == 1) {
    simulated();
  } else if (argc >= 3 && std::strcmp(argv[1], "--real") == 0) {
    real(argv[2], argc > 3 ? std::atoi(argv[3]) : 1000);
  } else {
    std::fprintf(stderr, "usage: cumulative [--real MODEL.onnx [COUNT]]\n");
    return 2;
  }
  return 0;
}
