// SPDX-License-Identifier: Apache-2.0
// Copyright (C) 2026 The Baton authors
//
// A GPU with a quick engine and one that builds for long and then runs fastest, as CUDA and TensorRT are.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "auto/engine_run.h"
#include "scenario/scenario.h"
#include "support/memory_records.h"

namespace baton::test {
namespace {

using autodev::Options;
using policy::EventType;
using policy::Reason;
using testing::AllOf;
using testing::HasSubstr;
using testing::StartsWith;
using What = sim::Entry::What;

constexpr double kBuildMs = 20000;

struct Figures {
  double built_ms = 1;
  double build_ms = kBuildMs;
  std::string built_extra;
};

std::string machine_with(const Figures& figures = {}) {
  return R"({"only": true,
    "devices": [{"name": "CPU", "kind": "cpu"}, {"name": "GPU", "kind": "dgpu", "uuid": "GPU-b7b0573e"}],
    "pairs": [
      {"device": "CPU", "engine": "ort", "profile": "fast", "load_ms": 40, "load_rank": 10, "run_ms": 20, "run_rank": 20},
      {"device": "CPU", "engine": "ort", "load_ms": 80, "load_rank": 20, "run_ms": 18, "run_rank": 20},
      {"device": "CPU", "engine": "ov", "load_ms": 300, "load_rank": 60, "run_ms": 12, "run_rank": 10},
      {"device": "GPU", "engine": "cuda", "profile": "fast", "load_ms": 700, "load_rank": 150, "run_ms": 4,
       "run_rank": 3, "exclusive_load": true, "lazy_first_run": true, "cpu_heavy_load": false},
      {"device": "GPU", "engine": "cuda", "load_ms": 800, "load_rank": 300, "first_run_ms": 1000, "run_ms": 3,
       "run_rank": 3, "exclusive_load": true, "lazy_first_run": true, "cpu_heavy_load": false},
      {"device": "GPU", "engine": "trt", "load_rank": 5000, "run_rank": 4, "exclusive_load": true,
       "lazy_first_run": true, "cancel_load": false, "load_ms": )" +
         std::to_string(figures.build_ms) + R"(, "run_ms": )" + std::to_string(figures.built_ms) + figures.built_extra +
         R"(}]})";
}

Options first(const std::string& engine, const std::string& second) {
  Options options;
  options.engine_priorities = {{"GPU", {engine, second}}};
  return options;
}

TEST(SlowEngine, B423_by_declared_ranks_it_is_not_the_first_choice) {
  Machine machine(machine_with());
  const auto report = autodev::AutoModel::explain(machine.environment, machine.spec("AUTO", {}));
  ASSERT_TRUE(report.is_ok());
  EXPECT_EQ(pair_in(report.value(), "GPU/cuda/full").verdict, policy::Verdict::kTarget);
  auto model = machine.model("AUTO");
  machine.infer_until(*model, 4000);
  EXPECT_EQ(execution_engines(*model), "cuda");
}

TEST(SlowEngine, B553_what_cannot_be_stopped_is_waited_for) {
  Machine machine(machine_with());
  auto model = machine.model("AUTO");
  machine.infer_until(*model, kBuildMs);
  EXPECT_EQ(execution_engines(*model), "cuda");
  machine.infer_until(*model, kBuildMs + 20000);
  EXPECT_EQ(execution_engines(*model), "trt");
}

TEST(SlowEngine, B538_a_run_that_builds_may_take_minutes) {
  EXPECT_EQ(autodev::hang_limit({}), std::chrono::seconds(10));
  EXPECT_EQ(autodev::hang_limit({.builds_for_minutes = true}), std::chrono::minutes(15));
  EXPECT_EQ(autodev::hang_text("the warm-up run", {}), "the warm-up run did not end within 10 s");
}

TEST(SlowEngine, B553_not_where_it_would_build_for_every_shape) {
  Machine machine(machine_with());
  auto model = machine.model("AUTO", {}, dynamic_model());
  machine.infer_until(*model, kBuildMs + 20000);
  EXPECT_EQ(execution_engines(*model), "cuda");
  EXPECT_EQ(machine.recorder->count(What::kLoadStarted, "GPU", "trt"), 0u);
}

TEST(SlowEngine, B553_the_second_look_finds_it_out_and_keeps_what_is_better) {
  for (const double built_ms : {1.0, 2.9}) {
    Machine machine(machine_with({.built_ms = built_ms, .build_ms = 5000}));
    auto model = machine.model("AUTO:GPU,CPU");
    machine.infer_until(*model, 4000);
    machine.run_ms(20000);
    EXPECT_EQ(execution_engines(*model), built_ms == 1.0 ? "trt" : "cuda") << "10 % decide";
  }
}

TEST(SlowEngine, B424_B552_where_the_user_puts_it_first_the_quick_engine_of_the_gpu_serves_meanwhile) {
  for (const int cores : {2, 16}) {
    Machine machine(machine_with(), cores);
    auto model = machine.model("AUTO:GPU,CPU", first("trt", "cuda"));
    EXPECT_EQ(execution_engines(*model), "(ort)");
    const auto requests = machine.infer_until(*model, 10000);
    EXPECT_EQ(execution_devices(*model), "GPU") << "without parentheses: it is the target's device (B-505)";
    EXPECT_EQ(execution_engines(*model), "(cuda)") << cores;
    EXPECT_LT(machine.time_of(EventType::kSwitched, "cuda"), 3000) << cores;
    machine.infer_until(*model, kBuildMs + 3000);
    EXPECT_EQ(execution_engines(*model), "trt") << cores;
    EXPECT_NEAR(machine.time_of(EventType::kLoadFinished, "trt"), kBuildMs, 0.01 * kBuildMs) << "it was not held up";
    machine.run_ms(1000);
    EXPECT_EQ(phase(*model), "STEADY");
  }
}

TEST(SlowEngine, B425_B552_the_same_where_records_put_it_first) {
  MemoryRecords records;
  const auto live = [&](const Options& options, double until_ms) {
    Machine machine(machine_with());
    machine.environment.records = &records;
    auto model = machine.model("AUTO:GPU,CPU", options);
    machine.infer_until(*model, until_ms);
    std::string engines = execution_engines(*model);
    machine.run_ms(60000);
    return engines;
  };
  for (int start = 0; start < 3; ++start) {
    live(first("cuda", "trt"), 5000);
    live(first("trt", "cuda"), kBuildMs + 5000);
  }
  EXPECT_EQ(live({}, 10000), "(cuda)");
  EXPECT_EQ(live({}, kBuildMs + 3000), "trt");
}

TEST(SlowEngine, B601_B552_the_quick_engine_stays_when_building_fails) {
  Machine machine(machine_with(
      {.built_extra = R"(, "load_failures": [{"message": "TensorRT EP failed to create engine from network."}])"}));
  Options options = first("trt", "cuda");
  options.second_look = false;
  auto model = machine.model("AUTO:GPU,CPU", options);
  machine.infer_until(*model, kBuildMs + 3000);
  EXPECT_EQ(execution_engines(*model), "cuda");
  EXPECT_EQ(phase(*model), "STEADY");
  EXPECT_EQ(machine.recorder->entries(What::kLoadStarted).size(), 3u) << "nothing is loaded twice";
}

TEST(SlowEngine, B537_B552_the_quick_engine_stays_when_what_was_built_is_no_faster) {
  Machine machine(machine_with({.built_ms = 2.95}));
  auto model = machine.model("AUTO:GPU,CPU", first("trt", "cuda"));
  machine.infer_until(*model, kBuildMs + 5000);
  EXPECT_EQ(execution_engines(*model), "cuda");
  EXPECT_EQ(pair_in(model->report(), "GPU/trt/full").reason, Reason::kSlowerThanHelper);
}

TEST(SlowEngine, B511_B510_without_the_cpu_the_quick_engine_helps) {
  Machine machine(machine_with());
  auto model = machine.model("AUTO:GPU", first("trt", "cuda"));
  EXPECT_EQ(execution_engines(*model), "(cuda)");
  machine.infer_until(*model, kBuildMs + 5000);
  EXPECT_EQ(execution_engines(*model), "trt");
}

TEST(SlowEngine, B424_an_engine_that_the_user_left_out_does_not_serve_in_between) {
  Machine machine(machine_with());
  Options options;
  options.engine_priorities = {{"GPU", {"trt"}}, {"CPU", {"ort"}}};
  auto model = machine.model("AUTO:GPU,CPU", options);
  machine.infer_until(*model, 10000);
  EXPECT_EQ(execution_engines(*model), "(ort)");
}

TEST(SlowEngine, B552_B1302_explain_says_why_it_may_serve_in_between) {
  Machine machine(machine_with());
  const auto report = autodev::AutoModel::explain(machine.environment, machine.spec("AUTO", first("trt", "cuda")));
  ASSERT_TRUE(report.is_ok());
  EXPECT_THAT(pair_in(report.value(), "GPU/cuda/full").text,
              AllOf(StartsWith("in between: it runs 6.67 times as fast as the helper"), HasSubstr("well before")));
  EXPECT_THAT(pair_in(report.value(), "CPU/ov/full").text, HasSubstr("not in between: GPU/cuda/full runs quicker"));
}

}  // namespace
}  // namespace baton::test
