// SPDX-License-Identifier: Apache-2.0
// Copyright (C) 2026 The Baton authors
//
// Automatic batching on a simulated device, in virtual time: what it gains where a batch costs less than its items, and
// what it costs where it does not or where nobody else comes.
#include <cstdio>
#include <string>
#include <vector>

#include "simulated_machine.h"
#include "workload.h"

namespace {

using namespace baton;
using autodev::Options;
using benchmarks::Outcome;
using benchmarks::SimulatedMachine;

constexpr int kCount = 4000;
constexpr double kRunMs = 10;
constexpr int kBatch = 8;

/// A GPU on which a batch of n takes kRunMs + (n - 1) * item_ms.
std::string script_of(double item_ms, int slots) {
  return R"({"only": true, "devices": [{"name": "GPU", "kind": "dgpu", "capabilities": ["BATCHED_BLOB", "FP32"]}],
             "pairs": [{"device": "GPU", "engine": "E", "load_ms": 10, "run_ms": )" +
         std::to_string(kRunMs) + R"(, "batch_item_ms": )" + std::to_string(item_ms) + R"(, "slots": )" +
         std::to_string(slots) + R"(, "optimal_batch": )" + std::to_string(kBatch) + "}]}";
}

Options throughput(bool batching) {
  Options options;
  options.hint = autodev::PerformanceHint::kThroughput;
  options.allow_auto_batching = batching;
  return options;
}

struct Load {
  const char* name;
  double item_ms;
  int slots;
  int clients;            ///< each starts again when it is answered
  double per_second = 0;  ///< instead of clients: requests that arrive at random
};

Outcome measure(const Load& load, bool batching) {
  SimulatedMachine machine(script_of(load.item_ms, load.slots));
  const auto compiled = machine.compile("AUTO", throughput(batching));
  if (load.per_second > 0)
    return benchmarks::open_loop(*compiled, machine.executor, machine.model, load.per_second, kCount);
  return benchmarks::closed_loop(*compiled, machine.executor, machine.model, load.clients, kCount);
}

void print(const Load& load) {
  const Outcome single = measure(load, false);
  const Outcome batched = measure(load, true);
  std::printf("| %s | %g | %d |", load.name, load.item_ms, load.slots);
  if (load.per_second > 0) std::printf(" | | |");  // as many as arrive
  else
    std::printf(" %.1f | %.1f | %.3f |", single.per_second, batched.per_second, batched.per_second / single.per_second);
  std::printf(" %.1f | %.1f | %.3f |\n", single.p99_ms, batched.p99_ms, batched.p99_ms / single.p99_ms);
}

}  // namespace

int main() {
  std::printf("One run takes %g ms, a batch of %d as much and the time of each further item; %d requests.\n\n", kRunMs,
              kBatch, kCount);
  std::printf(
      "| requests | further item, ms | slots | per second | batched | ratio | p99 ms | batched | ratio |\n"
      "|---|---|---|---|---|---|---|---|---|\n");
  for (const Load& load : std::vector<Load>{
           {"8 in flight", 1, 1, 8},
           {"16 in flight", 1, 1, 16},
           {"64 in flight", 1, 1, 64},
           {"64 in flight", 0.1, 1, 64},
           {"5 in flight", 1, 1, 5},
           {"3 in flight", 1, 1, 3},
           {"16 in flight", 1, 4, 16},
           {"16 in flight", 9, 1, 16},
           {"16 in flight", 10, 1, 16},
           {"16 in flight", 10, 4, 16},
           {"16 in flight", 15, 1, 16},
           {"64 in flight", 15, 4, 64},
           {"1 in flight", 1, 1, 1},
           {"1 in flight", 10, 1, 1},
           {"at random, 20 per second", 1, 1, 0, 20},
           {"at random, 80 per second", 1, 1, 0, 80},
           {"at random, 80 per second", 10, 1, 0, 80},
           {"at random, 300 per second", 1, 1, 0, 300},
       }) {
    print(load);
  }
  return 0;
}
