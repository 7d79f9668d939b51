// SPDX-License-Identifier: Apache-2.0
// Copyright (C) 2026 The Baton authors
//
// The hand-over of section 5 under PERFORMANCE_HINT=THROUGHPUT, with requests waiting.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "scenario/backlog.h"
#include "scenario/machines.h"
#include "scenario/scenario.h"

namespace baton::test {
namespace {

using autodev::Options;
using What = sim::Entry::What;
using testing::HasSubstr;

Options throughput() {
  Options options;
  options.hint = autodev::PerformanceHint::kThroughput;
  options.second_look = false;
  return options;
}

/// From the end of the target's load to the switch.
double check_ms(const Machine& machine, const std::string& engine) {
  return machine.time_of(policy::EventType::kSwitched, engine) -
         machine.time_of(policy::EventType::kLoadFinished, engine);
}

TEST(ThroughputHandover, B526_B535_under_a_backlog_the_targets_first_runs_decide_and_the_helper_runs_for_users_only) {
  Machine machine(m1(R"("slots": 4)"));
  auto model = machine.model("AUTO", throughput());
  const Backlog backlog(machine, *model, 8, 1000);
  EXPECT_EQ(execution_engines(*model), "E2");
  EXPECT_LE(check_ms(machine, "E2"), 20 + 8) << "the rest of the helper's run, then four runs at once";
  EXPECT_EQ(machine.recorder->count(What::kRunStarted, "CPU", "E1"), backlog.of("E1"));
  const auto target = pair_in(model->report(), "CPU/E2/full");
  EXPECT_DOUBLE_EQ(target.figures.at("ratio"), 8.0 / 4 / 20) << "answers per time";
  EXPECT_THAT(target.text, HasSubstr("its first run against the fastest of"));
}

TEST(ThroughputHandover, B535_what_needs_pairs_is_measured_with_as_many_at_a_time_and_takes_turns) {
  Machine machine(m1(R"("slots": 4, "run_ms": 40)"));
  auto model = machine.model("AUTO", throughput());
  const Backlog backlog(machine, *model, 8, 2000);
  EXPECT_EQ(execution_engines(*model), "E2");
  EXPECT_LE(check_ms(machine, "E2"), 2 * (20 + 40) + 20);
  EXPECT_LE(backlog.longest_gap_ms("E1"), 20 + 40) << "a request waits for one round of the target";
  EXPECT_EQ(machine.recorder->count(What::kRunStarted, "CPU", "E1"), backlog.of("E1"));
  EXPECT_DOUBLE_EQ(pair_in(model->report(), "CPU/E2/full").figures.at("ratio"), 40.0 / 4 / 20);
}

TEST(ThroughputHandover, B536_a_target_that_answers_no_more_per_time_is_refused) {
  Machine machine(m1(R"("slots": 2, "run_ms": 39)"));
  auto model = machine.model("AUTO", throughput());
  const Backlog backlog(machine, *model, 4, 4000);
  const auto target = pair_in(model->report(), "CPU/E2/full");
  EXPECT_EQ(target.reason, policy::Reason::kSlowerThanHelper);
  EXPECT_DOUBLE_EQ(target.figures.at("ratio"), 39.0 / 2 / 20);
  EXPECT_LE(backlog.longest_gap_ms("E1"), 20 + 39);
}

TEST(ThroughputHandover, B526_B535_on_another_device_nobody_waits_and_the_helper_runs_for_users_only) {
  Machine machine(m3(R"("run_ms": 15, "slots": 4)"));
  auto model = machine.model("AUTO:GPU,CPU", throughput());
  const Backlog backlog(machine, *model, 8, 3000);
  EXPECT_EQ(execution_devices(*model), "GPU");
  EXPECT_DOUBLE_EQ(backlog.longest_gap_ms("C"), 20);
  EXPECT_EQ(machine.recorder->count(What::kRunStarted, "CPU"), backlog.of("C"));
  EXPECT_DOUBLE_EQ(pair_in(model->report(), "GPU/G/full").figures.at("ratio"), 15.0 / 4 / 20);
}

TEST(ThroughputHandover, B535_where_several_requests_run_at_once_both_halves_are_the_checks_own) {
  Machine machine(m3(R"("run_ms": 15, "slots": 4)", R"("slots": 4)"));
  auto model = machine.model("AUTO:GPU,CPU", throughput());
  const Backlog backlog(machine, *model, 1, 3000);
  EXPECT_EQ(execution_devices(*model), "GPU");
  EXPECT_GE(machine.recorder->count(What::kRunStarted, "CPU"), backlog.of("C") + 2 * 4U);
}

TEST(ThroughputHandover, B535_B552_what_answers_several_at_once_is_measured_by_itself_under_a_backlog_too) {
  const auto with_gpu = [](const std::string& run_ms) {
    return R"({"only": true, "devices": [{"name": "CPU", "kind": "cpu"}, {"name": "GPU", "kind": "dgpu"}], "pairs": [
      {"device": "CPU", "engine": "E1", "profile": "fast", "load_ms": 40, "run_ms": 20},
      {"device": "CPU", "engine": "E1", "load_ms": 80, "run_ms": 18, "run_rank": 20},
      {"device": "CPU", "engine": "E2", "load_ms": 100, "run_ms": 8, "slots": 4},
      {"device": "GPU", "engine": "G", "load_ms": 5000, "run_rank": 1, "slots": 8, "cpu_heavy_load": false, "run_ms": )" +
           run_ms + "}]}";
  };
  for (const bool faster : {true, false}) {
    Machine machine(with_gpu(faster ? "16" : "20"), 16);  // answers per time: the same, or 0.8 of it
    auto model = machine.model("AUTO", throughput());
    const Backlog backlog(machine, *model, 12, 8000);
    EXPECT_EQ(execution_devices(*model), faster ? "GPU" : "CPU");
    EXPECT_DOUBLE_EQ(pair_in(model->report(), "GPU/G/full").figures.at("ratio"), (faster ? 2.0 : 2.5) / 2);
    EXPECT_LE(backlog.longest_gap_ms("E2"), 8 + 3 * (8 + 20)) << "three rounds of each";
  }
}

TEST(ThroughputHandover, B535_B553_the_second_look_finds_the_rate_of_what_came_too_late) {
  Machine machine(R"({"only": true, "devices": [{"name": "CPU", "kind": "cpu"}, {"name": "GPU", "kind": "dgpu"}],
    "pairs": [
      {"device": "CPU", "engine": "E1", "profile": "fast", "load_ms": 40, "run_ms": 20},
      {"device": "CPU", "engine": "E1", "load_ms": 80, "run_ms": 18, "run_rank": 20},
      {"device": "CPU", "engine": "E2", "load_ms": 100, "run_ms": 8, "run_rank": 10, "slots": 4},
      {"device": "GPU", "engine": "G", "load_ms": 80, "run_rank": 1, "slots": 8, "cpu_heavy_load": false,
       "run_ms": 20}]})",
                  16);
  Options options = throughput();
  options.second_look = true;
  auto model = machine.model("AUTO", options);
  const Backlog backlog(machine, *model, 12, 12000);
  EXPECT_EQ(execution_devices(*model), "CPU");
  EXPECT_EQ(execution_engines(*model), "E2");
}

TEST(ThroughputHandover, B535_nobody_infers_both_sides_run_as_many_at_a_time) {
  Machine machine(m1(R"("slots": 4)"));
  auto model = machine.model("AUTO", throughput());
  machine.run_ms(3000);
  EXPECT_EQ(execution_engines(*model), "E2");
  EXPECT_DOUBLE_EQ(pair_in(model->report(), "CPU/E2/full").figures.at("ratio"), 8.0 / 4 / 20)
      << "the helper's runs wait for its one slot";
}

}  // namespace
}  // namespace baton::test
