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
#include "policy/device_string.h"
#include "real_devices.h"
#include "sim/simulation.h"
#include "support/manual_executor.h"
#include "support/tiny_model.h"
#include "workload.h"

namespace {

using namespace baton;
using autodev::Options;
using autodev::PerformanceHint;
using benchmarks::Outcome;
using policy::SchedulePolicy;

constexpr int kInFlight = 64;
constexpr int kCount = 4000;
constexpr double kOpenLoad = 0.8;  ///< of what the best device can do alone

test::NoLog no_log;

template <typename T>
T must(base::Result<T> result) {
  if (!result.is_ok()) {
    std::fprintf(stderr, "%s\n", result.status().message().c_str());
    std::exit(1);
  }
  return std::move(result).value();
}

std::shared_ptr<autodev::AutoModel> compile(const autodev::Environment& environment, const model::Model& model,
                                            const std::string& device, std::optional<SchedulePolicy> policy) {
  autodev::CompileSpec spec;
  spec.model = model;
  spec.device = must(policy::parse_device_string(device));
  spec.device_text = device;
  spec.options.hint = policy ? PerformanceHint::kCumulativeThroughput : PerformanceHint::kThroughput;
  spec.options.schedule_policy = policy;
  spec.options.second_look = false;
  spec.log = std::shared_ptr<base::LogSink>(&no_log, [](auto*) {});
  auto compiled = must(autodev::AutoModel::compile(environment, std::move(spec)));
  compiled->wait_until_steady(std::nullopt);
  return compiled;
}

// ---------------------------------------------------------------------------------------------------------------------
// Simulated devices

/// Devices GPU.0, GPU.1 ... that need `run_ms` each, with `workers` workers, in virtual time.
class SimulatedMachine {
 public:
  SimulatedMachine(const std::vector<double>& run_ms, int workers) {
    std::string devices;
    std::string pairs;
    for (std::size_t i = 0; i < run_ms.size(); ++i) {
      const std::string name = "GPU." + std::to_string(i);
      const std::string comma = i > 0 ? ", " : "";
      devices += comma + R"({"name": ")" + name + R"(", "kind": "dgpu"})";
      pairs += comma + R"({"device": ")" + name + R"(", "engine": "E", "load_ms": 10, "run_ms": )" +
               std::to_string(run_ms[i]) + R"(, "slots": )" + std::to_string(workers) + "}";
    }
    registry_ = std::make_unique<engine::Registry>(
        engine::RegistryOptions{.executor = &executor_, .log = &no_log, .os_root = "/nonexistent"});
    auto simulation =
        must(sim::make_simulation(R"({"only": true, "devices": [)" + devices + R"(], "pairs": [)" + pairs + "]}",
                                  {.executor = &executor_, .log = &no_log}));
    for (std::size_t i = 0; i < simulation.engines.size(); ++i)
      registry_->add(simulation.machine.manifests[i], std::move(simulation.engines[i]));
  }

  Outcome closed(const std::string& device, std::optional<SchedulePolicy> policy, int in_flight) {
    const auto compiled = compile(environment(), model_, device, policy);
    const Outcome outcome = benchmarks::closed_loop(*compiled, executor_, model_, in_flight, kCount);
    compiled->close();
    return outcome;
  }
  Outcome open(const std::string& device, std::optional<SchedulePolicy> policy, double per_second) {
    const auto compiled = compile(environment(), model_, device, policy);
    const Outcome outcome = benchmarks::open_loop(*compiled, executor_, model_, per_second, kCount);
    compiled->close();
    return outcome;
  }

 private:
  autodev::Environment environment() {
    return {.executor = &executor_, .registry = registry_.get(), .shared = &shared_, .cores = 8};
  }
  base::ManualExecutor executor_;
  autodev::SharedState shared_;
  std::unique_ptr<engine::Registry> registry_;
  const model::Model model_ = test::tiny_model();
};

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
  const auto fresh = [&] { return std::make_unique<SimulatedMachine>(run_ms, workers); };
  const Outcome alone = fresh()->closed(best_device, std::nullopt, kInFlight);
  const Outcome finish = fresh()->closed("AUTO", SchedulePolicy::kEarliestFinish, kInFlight);
  const Outcome order = fresh()->closed("AUTO", SchedulePolicy::kDevicePriority, kInFlight);
  const Outcome turns = fresh()->closed("AUTO", SchedulePolicy::kRoundRobin, kInFlight);
  const double load = kOpenLoad * alone.per_second;
  const Outcome open_alone = fresh()->open(best_device, std::nullopt, load);
  const Outcome open_finish = fresh()->open("AUTO", SchedulePolicy::kEarliestFinish, load);
  const Outcome open_order = fresh()->open("AUTO", SchedulePolicy::kDevicePriority, load);
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
  engine::RegistryOptions options{.executor = &executor, .log = &no_log};
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
  const auto measure = [&](const char* name, const char* device, std::optional<SchedulePolicy> policy) {
    const auto compiled = compile(environment, model, device, policy);
    benchmarks::closed_loop(*compiled, executor, model, 16, count / 5);  // not measured
    print_real(name, benchmarks::closed_loop(*compiled, executor, model, 16, count));
    compiled->close();
  };
  for (int repetition = 0; repetition < 3; ++repetition) {
    measure("openvino alone", "AUTO:GPU", std::nullopt);
    measure("onnxruntime alone", "AUTO:CPU", std::nullopt);
    measure("EARLIEST_FINISH", "AUTO", SchedulePolicy::kEarliestFinish);
    measure("DEVICE_PRIORITY", "AUTO:GPU,CPU", SchedulePolicy::kDevicePriority);
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
