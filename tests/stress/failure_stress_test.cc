// SPDX-License-Identifier: Apache-2.0
// Copyright (C) 2026 The Baton authors
//
// Random failures on real threads: every request completes exactly once, whatever fails, hangs, returns or is closed.
// Run under TSan and ASan.
#include <gtest/gtest.h>

#include <atomic>
#include <random>
#include <sstream>
#include <thread>

#include "stress/stress.h"

namespace baton::test {
namespace {

using base::StatusCode;

/// Some runs, and now and then a load, fail with a random class.
std::string random_failures(std::mt19937& random, bool hangs) {
  static constexpr const char* kClasses[] = {"ENGINE_ERROR", "DEVICE_LOST", "OUT_OF_MEMORY", "HANG"};
  std::ostringstream text;
  text << R"("run_failures": [)";
  unsigned run = 0;
  for (int i = 0; i < 12; ++i) {
    run += 1 + random() % 120;
    const unsigned length = random() % 3;
    text << (i > 0 ? "," : "") << R"({"from": )" << run << R"(, "to": )" << run + length << R"(, "class": ")"
         << kClasses[random() % (hangs ? 4 : 3)] << R"("})";
    run += length;
  }
  const unsigned load = 2 + random() % 4;
  text << R"(], "load_failures": [{"from": )" << load << R"(, "to": )" << load + random() % 3 << "}]";
  return text.str();
}

std::string random_machine(std::mt19937& random, bool hangs) {
  const auto pair = [&](const char* device, const char* engine, const char* rest) {
    return std::string(R"({"device": ")") + device + R"(", "engine": ")" + engine + R"(", )" + rest + ", " +
           random_failures(random, hangs) + "}";
  };
  return R"({"only": true,
    "devices": [{"name": "CPU", "kind": "cpu"}, {"name": "GPU", "kind": "dgpu"}, {"name": "NPU", "kind": "accelerator"}],
    "engines": [{"name": "C"}, {"name": "G"}, {"name": "N"}],
    "pairs": [)" +
         pair("CPU", "C", R"("load_ms": 2, "run_ms": 0.3, "slots": 2)") + "," +
         pair("GPU", "G", R"("load_ms": 8, "run_ms": 0.1, "slots": 2, "cpu_heavy_load": false)") + "," +
         pair("NPU", "N", R"("load_ms": 5, "run_ms": 0.2, "cpu_heavy_load": false)") + "]}";
}

autodev::Options random_options(std::mt19937& random, bool hangs) {
  autodev::Options options;
  options.recovery_backoff_ms = 1 + random() % 20;
  options.keep_helper = random() % 2 == 0;
  options.startup_fallback = random() % 4 != 0;
  options.max_attempts = random() % 5;
  if (hangs) options.infer_timeout_ms = 20 + random() % 20;
  return options;
}

void check_ending(const Request& request) {
  EXPECT_EQ(request.completions, 1);
  if (request.result.is_ok()) return;
  const StatusCode code = request.result.code();
  EXPECT_TRUE(code == StatusCode::kDeviceFailed || code == StatusCode::kDeviceLost ||
              code == StatusCode::kResourceExhausted || code == StatusCode::kCancelled)
      << request.result.message();
}

/// A thread that was choosing a device when the model closed takes its registration back a moment later.
void expect_no_registration(const Machine& machine) {
  for (int i = 0; i < 2000 && !machine.environment.shared->registrations().empty(); ++i)
    std::this_thread::sleep_for(std::chrono::milliseconds(1));
  EXPECT_TRUE(machine.environment.shared->registrations().empty());
}

void infer_from_many_threads(bool hangs, int rounds, int each) {
  std::mt19937 random(seed());
  std::atomic<int> good{0};
  for (int round = 0; round < rounds; ++round) {
    const Machine& machine = Machine::make(random_machine(random, hangs));
    auto model = machine.compile("AUTO:GPU,NPU,CPU", random_options(random, hangs));
    if (!model) continue;
    std::vector<std::jthread> threads;
    for (int t = 0; t < 6; ++t) {
      threads.emplace_back([&, t, own = random()] {
        std::mt19937 choice(own);
        for (int i = 0; i < each; ++i) {
          Request request;
          if ((i + t) % 2 == 0) model->infer(request);
          else model->start(request);
          if (choice() % 16 == 0) model->cancel(request);
          request.done.wait();
          check_ending(request);
          if (request.result.is_ok()) ++good;
          if (i % 10 == 0) {
            model->snapshot();
            model->report();
            model->statistics();
          }
        }
      });
    }
    threads.clear();
    model->close();
    expect_no_registration(machine);
  }
  EXPECT_GT(good, 0);
}

TEST(FailureStress, B618_random_failures_with_fail_over_and_return) { infer_from_many_threads(false, 4, 150); }

TEST(FailureStress, B617_B618_random_failures_and_hangs_with_a_time_limit) { infer_from_many_threads(true, 3, 60); }

TEST(FailureStress, B544_B618_models_closed_in_the_middle_of_failures) {
  std::mt19937 random(seed());
  for (int i = 0; i < 60; ++i) {
    const bool hangs = i % 2 == 0;
    const Machine& machine = Machine::make(random_machine(random, hangs));
    auto model = machine.compile("AUTO:GPU,NPU,CPU", random_options(random, hangs));
    if (!model) continue;
    std::vector<std::unique_ptr<Request>> requests;
    for (int r = 0; r < 20; ++r) {
      requests.push_back(std::make_unique<Request>());
      model->start(*requests.back());
    }
    std::this_thread::sleep_for(std::chrono::microseconds(random() % 15000));
    for (const auto& request : requests) {
      model->cancel(*request);
      request->done.wait();
      check_ending(*request);
    }
    model->close();
    model.reset();
    expect_no_registration(machine);
  }
}

}  // namespace
}  // namespace baton::test
