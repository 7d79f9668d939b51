// SPDX-License-Identifier: Apache-2.0
// Copyright (C) 2026 The Baton authors
//
// What the stress tests share: machines of simulated devices on real threads, and requests that count their
// completions.
#pragma once

#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <cstdlib>
#include <deque>
#include <iostream>
#include <latch>
#include <memory>
#include <random>
#include <string>
#include <thread>
#include <vector>

#include "auto/auto_model.h"
#include "auto/sample.h"
#include "auto/shared_state.h"
#include "base/executor.h"
#include "engine/registry.h"
#include "policy/device_string.h"
#include "sim/simulation.h"
#include "support/tiny_model.h"

namespace baton::test {

inline NoLog no_log;

/// Printed, so that a failure can be had again with BATON_SEED.
inline unsigned seed() {
  static const unsigned value = [] {
    const char* given = std::getenv("BATON_SEED");
    const unsigned chosen = given ? static_cast<unsigned>(std::strtoul(given, nullptr, 10)) : std::random_device()();
    std::cout << "BATON_SEED=" << chosen << std::endl;
    return chosen;
  }();
  return value;
}

/// Simulated devices on real threads.
struct Machine {
  /// A machine that lives as long as the process: threads of an abandoned load may still use it.
  static const Machine& make(const std::string& script, store::RecordStore* records = nullptr) {
    static auto* const machines = new std::deque<Machine>;
    return machines->emplace_back(script, records);
  }

  Machine(const std::string& script, store::RecordStore* records) {
    engine::RegistryOptions options;
    options.executor = &base::thread_executor();
    options.log = &no_log;
    options.os_root = "/nonexistent";
    registry = std::make_unique<engine::Registry>(options);
    auto simulation = sim::make_simulation(script, {.executor = options.executor, .log = &no_log});
    EXPECT_TRUE(simulation.is_ok()) << simulation.status().message();
    for (std::size_t i = 0; i < simulation->engines.size(); ++i) {
      registry->add(simulation->machine.manifests[i], std::move(simulation->engines[i]));
    }
    environment = {.executor = options.executor,
                   .registry = registry.get(),
                   .shared = shared.get(),
                   .records = records,
                   .cores = 8};
  }

  std::shared_ptr<autodev::AutoModel> compile(const std::string& device, autodev::Options options = {}) const {
    autodev::CompileSpec spec;
    spec.options = std::move(options);
    spec.model = tiny_model();
    spec.device = policy::parse_device_string(device).value();
    spec.device_text = device;
    spec.log = std::shared_ptr<base::LogSink>(&no_log, [](auto*) {});
    auto model = autodev::AutoModel::compile(environment, std::move(spec));
    EXPECT_TRUE(model.is_ok()) << model.status().message();
    return model.is_ok() ? model.value() : nullptr;
  }

  std::unique_ptr<engine::Registry> registry;
  std::unique_ptr<autodev::SharedState> shared = std::make_unique<autodev::SharedState>();
  autodev::Environment environment;
};

class Request final : public autodev::InferTask {
 public:
  Request() {
    inputs = std::span(&input_, 1);
    outputs = std::span(&sink_, 1);
  }
  void on_done(const base::Status& status, const autodev::RunInfo&) noexcept override {
    result = status;
    if (completions.fetch_add(1) == 0) done.count_down();  // a second completion is seen in the counter
  }
  engine::TensorView output_view(std::size_t) override { return output_.view(); }

  base::Status result;
  std::atomic<int> completions{0};
  std::latch done{1};

 private:
  std::vector<float> values_ = std::vector<float>(4, 1);
  std::vector<std::size_t> shape_{1, 4};
  engine::TensorView input_{element::f32, shape_, values_.data(), 16};
  autodev::Buffer output_;
  engine::OutputSink* sink_ = &output_;
};

/// Models that `compile(round)` makes are closed, and their requests (fewer than `requests`) cancelled, within
/// `microseconds` of their start: every request completes exactly once.
template <typename Compile>
void close_at_random_moments(int rounds, unsigned requests, unsigned microseconds, const Compile& compile) {
  std::mt19937 random(seed());
  for (int round = 0; round < rounds; ++round) {
    std::shared_ptr<autodev::AutoModel> model = compile(round);
    std::vector<std::unique_ptr<Request>> started;
    for (unsigned r = random() % requests; r > 0; --r) {
      started.push_back(std::make_unique<Request>());
      model->start(*started.back());
    }
    std::this_thread::sleep_for(std::chrono::microseconds(random() % microseconds));
    for (const auto& request : started) {
      model->cancel(*request);
      request->done.wait();
    }
    model->close();
    model.reset();
    for (const auto& request : started) EXPECT_EQ(request->completions, 1);
  }
}

}  // namespace baton::test
