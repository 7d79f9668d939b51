// SPDX-License-Identifier: Apache-2.0
// Copyright (C) 2026 The Baton authors
//
// What serves between helper and target, where the target needs long (B-552).
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

#include "scenario/scenario.h"
#include "support/memory_records.h"

namespace baton::test {
namespace {

using autodev::Options;
using policy::EventType;
using policy::Reason;
using policy::Verdict;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::StartsWith;
using What = sim::Entry::What;

constexpr int kManyCores = 16;

/// A CPU with a quick helper E1 and a fast engine E2, and a GPU that takes five seconds to load.
std::string slow_gpu(const std::string& e2_extra = "", const std::string& gpu_extra = "") {
  const auto and_then = [](const std::string& extra) { return extra.empty() ? "" : ", " + extra; };
  return R"({"only": true,
    "devices": [{"name": "CPU", "kind": "cpu"}, {"name": "GPU", "kind": "dgpu"}],
    "pairs": [
      {"device": "CPU", "engine": "E1", "profile": "fast", "load_ms": 40, "run_ms": 20},
      {"device": "CPU", "engine": "E1", "load_ms": 80, "run_ms": 18, "run_rank": 20},
      {"device": "CPU", "engine": "E2", "load_ms": 300, "run_ms": 8)" +
         and_then(e2_extra) + R"(},
      {"device": "GPU", "engine": "G", "load_ms": 5000, "run_ms": 2, "cpu_heavy_load": false)" +
         and_then(gpu_extra) + R"(}]})";
}

/// "SWITCHED CPU/E2 2": hand-overs with the generation, and helpers that are gone.
std::vector<std::string> changes(const Machine& machine) {
  std::vector<std::string> found;
  for (const policy::Event& event : machine.events) {
    const bool hand_over = event.type == EventType::kSwitched;
    if (!hand_over && event.type != EventType::kHelperReleased) continue;
    found.push_back(std::string(to_string(event.type)) + " " + event.device + "/" + event.engine +
                    (hand_over ? " " + std::to_string(event.generation) : ""));
  }
  return found;
}

TEST(Interim, B552_it_is_switched_to_like_a_target_and_shown_like_a_helper) {
  Machine machine(slow_gpu(), kManyCores);
  auto model = machine.model("AUTO:GPU,CPU");
  EXPECT_EQ(execution_engines(*model), "(E1)");
  auto requests = machine.infer_until(*model, 1500);
  EXPECT_EQ(execution_engines(*model), "(E2)");
  EXPECT_EQ(execution_devices(*model), "(CPU)");
  EXPECT_EQ(phase(*model), "HELPER");
  EXPECT_EQ(model->snapshot().generation, 2u);
  EXPECT_FALSE(model->wait_until_steady(base::Duration(0)));
  EXPECT_LT(machine.time_of(EventType::kSwitched, "E2"), 600);
  EXPECT_EQ(pair_in(model->report(), "CPU/E2/full").verdict, Verdict::kHelper);

  for (auto& request : machine.infer_until(*model, 6000)) requests.push_back(std::move(request));
  EXPECT_EQ(execution_devices(*model), "GPU");
  EXPECT_EQ(model->snapshot().generation, 3u);
  machine.run_ms(1000);
  EXPECT_EQ(phase(*model), "STEADY");
  EXPECT_THAT(changes(machine),
              ElementsAre("SWITCHED CPU/E2 2", "HELPER_RELEASED CPU/E1", "SWITCHED GPU/G 3", "HELPER_RELEASED CPU/E2"));
  EXPECT_NEAR(machine.time_of(EventType::kLoadFinished, "G"), 5000, 1) << "its load was not held up";
  for (const auto& request : requests) EXPECT_TRUE(request->done());
}

/// The GPU takes 7 ms in its check and thereafter, or 12 ms once it has served for a while: E2's 8 ms are better then.
TEST(Interim, B553_what_the_target_beat_narrowly_is_measured_once_more) {
  for (const bool slows : {false, true}) {
    std::string runs;
    for (int i = 0; i < 50; ++i) runs += "7, ";
    Machine machine(slow_gpu("", R"("run_ms": [)" + runs + (slows ? "12]" : "7]")), kManyCores);
    auto model = machine.model("AUTO");
    machine.infer_until(*model, 6000);
    EXPECT_EQ(execution_devices(*model), "GPU");
    machine.infer_until(*model, 30'000);
    EXPECT_EQ(execution_devices(*model) + "/" + execution_engines(*model), slows ? "CPU/E2" : "GPU/G");
    const auto looks_back = [](const policy::Event& event) {
      return event.type == EventType::kSecondLook && event.engine == "E2";
    };
    EXPECT_EQ(std::ranges::count_if(machine.events, looks_back), 1) << "once";
    EXPECT_EQ(std::ranges::find_if(machine.events, looks_back)->text, "it served before, and the check was close");
  }
}

TEST(Interim, B552_requests_are_counted_for_whom_they_ran_on) {
  Machine machine(slow_gpu(), kManyCores);
  auto model = machine.model("AUTO:GPU,CPU");
  machine.infer_until(*model, 6000);
  std::vector<double> counts;
  for (const policy::Event& event : machine.events) {
    if (event.type == EventType::kHelperReleased) counts.push_back(event.values.at("infer"));
  }
  ASSERT_EQ(counts.size(), 2u);
  EXPECT_LT(counts[0], 40) << "E1's, until E2 was there";
  EXPECT_GT(counts[1], 400) << "E2's";
}

TEST(Interim, B552_on_two_cores_nothing_is_loaded_before_the_target) {
  Machine machine(slow_gpu(), 2);
  auto model = machine.model("AUTO:GPU,CPU");
  machine.infer_until(*model, 4900);
  EXPECT_EQ(execution_engines(*model), "(E1)");
  EXPECT_EQ(machine.recorder->count(What::kLoadStarted), 2u);
  machine.infer_until(*model, 6000);
  EXPECT_EQ(execution_devices(*model), "GPU");
  EXPECT_THAT(pair_in(model->report(), "CPU/E2/full").text, HasSubstr("not in between: with fewer than 4 cores"));
}

TEST(Interim, B552_B1302_explain_says_who_and_why) {
  for (const int cores : {2, kManyCores}) {
    Machine machine(slow_gpu(), cores);
    const auto report = autodev::AutoModel::explain(machine.environment, machine.spec("AUTO:GPU,CPU", {}));
    ASSERT_TRUE(report.is_ok());
    const auto& e2 = pair_in(report.value(), "CPU/E2/full");
    EXPECT_EQ(e2.verdict, Verdict::kStandby);
    EXPECT_THAT(e2.text, cores == 2 ? StartsWith("not in between: with fewer than 4 cores")
                                    : StartsWith("in between: it runs 2.5 times as fast as the helper (declared)"));
    EXPECT_THAT(pair_in(report.value(), "CPU/E1/full").text, StartsWith("not in between"));
    EXPECT_EQ(pair_in(report.value(), "GPU/G/full").text, "");
  }
}

TEST(Interim, B552_a_target_that_is_not_slow_is_waited_for) {
  Machine machine(slow_gpu("", R"("load_ms": 500)"), kManyCores);
  auto model = machine.model("AUTO:GPU,CPU");
  machine.infer_until(*model, 450);
  EXPECT_EQ(machine.recorder->count(What::kLoadStarted), 2u);
  EXPECT_THAT(pair_in(model->report(), "CPU/E2/full").text, HasSubstr("the limit is 0.5"));
}

TEST(Interim, B552_a_target_that_comes_earlier_than_declared_is_not_kept_waiting) {
  Machine machine(slow_gpu("", R"("load_ms": 200, "load_rank": 5000)"), kManyCores);
  auto model = machine.model("AUTO:GPU,CPU");
  machine.infer_until(*model, 1000);
  EXPECT_EQ(execution_devices(*model), "GPU");
  EXPECT_EQ(model->snapshot().generation, 2u);
  EXPECT_LT(machine.time_of(EventType::kSwitched, "G"), 320);
  EXPECT_THAT(changes(machine), ElementsAre("SWITCHED GPU/G 2", "HELPER_RELEASED CPU/E1"));
  EXPECT_EQ(machine.recorder->count(What::kLoadStarted), 3u) << "it had begun";
}

TEST(Interim, B535_B552_one_that_is_slower_than_declared_is_refused) {
  Machine machine(slow_gpu(R"("run_ms": 19.5, "run_rank": 8)"), kManyCores);
  auto model = machine.model("AUTO:GPU,CPU");
  machine.infer_until(*model, 3000);
  EXPECT_EQ(execution_engines(*model), "(E1)");
  EXPECT_EQ(phase(*model), "HELPER");
  EXPECT_EQ(pair_in(model->report(), "CPU/E2/full").reason, Reason::kSlowerThanHelper);
  machine.infer_until(*model, 6000);
  EXPECT_THAT(changes(machine), ElementsAre("SWITCHED GPU/G 2", "HELPER_RELEASED CPU/E1"));
}

TEST(Interim, B531_B552_one_that_computes_something_else_is_refused) {
  Machine machine(slow_gpu(R"("output_error": {"bias": 5})"), kManyCores);
  auto model = machine.model("AUTO:GPU,CPU");
  const auto requests = machine.infer_until(*model, 6000);
  EXPECT_THAT(changes(machine), ElementsAre("SWITCHED GPU/G 2", "HELPER_RELEASED CPU/E1"));
  EXPECT_EQ(pair_in(model->report(), "CPU/E2/full").reason, Reason::kOutputMismatch);
  for (const auto& request : requests) EXPECT_EQ(request->first_output(), requests.front()->first_output());
}

TEST(Interim, B539_B552_it_stays_when_the_target_is_refused) {
  Machine machine(slow_gpu("", R"("run_ms": 60, "run_rank": 1)"), kManyCores);
  auto model = machine.model("AUTO");
  machine.infer_until(*model, 7000);
  EXPECT_EQ(execution_engines(*model), "E2");
  EXPECT_EQ(phase(*model), "STEADY");
  EXPECT_EQ(model->snapshot().generation, 2u);
}

TEST(Interim, B601_B552_it_becomes_the_target_when_that_fails_to_load) {
  Machine machine(slow_gpu("", R"("load_failures": [{"message": "no luck"}])"), kManyCores);
  Options options;
  options.second_look = false;
  auto model = machine.model("AUTO:GPU,CPU", options);
  machine.infer_until(*model, 7000);
  EXPECT_EQ(execution_engines(*model), "E2");
  EXPECT_EQ(phase(*model), "STEADY");
  EXPECT_EQ(machine.recorder->entries(What::kLoadStarted).size(), 3u) << "E2 is not loaded twice";
}

/// As CUDA is: a load that holds up others, then a first run that takes longer.
std::string lazy_gpu(const std::string& extra = "") {
  return slow_gpu("", R"("load_ms": 400, "load_rank": 4000, "first_run_ms": 2000, "lazy_first_run": true,
                         "exclusive_load": true)" +
                          extra);
}

TEST(Interim, B552_it_serves_during_a_first_run_that_takes_long) {
  Machine machine(lazy_gpu(), kManyCores);
  auto model = machine.model("AUTO:GPU,CPU");
  const auto requests = machine.infer_until(*model, 4000);
  EXPECT_THAT(changes(machine),
              ElementsAre("SWITCHED CPU/E2 2", "HELPER_RELEASED CPU/E1", "SWITCHED GPU/G 3", "HELPER_RELEASED CPU/E2"));
  EXPECT_LT(machine.time_of(EventType::kSwitched, "E2"), 600);
  EXPECT_LT(machine.time_of(EventType::kSwitched, "G"), 2600) << "its run was not held up";
  for (const auto& request : requests) EXPECT_EQ(request->first_output(), requests.front()->first_output());
}

TEST(Interim, B538_B552_it_stays_when_that_first_run_fails) {
  Machine machine(lazy_gpu(R"(, "run_failures": [{"from": 1}])"), kManyCores);
  auto model = machine.model("AUTO:GPU,CPU");
  machine.infer_until(*model, 6000);  // every one of them succeeds
  EXPECT_EQ(execution_engines(*model), "E2");
  EXPECT_EQ(pair_in(model->report(), "GPU/G/full").reason, Reason::kWarmupFailed);
}

TEST(Interim, B611_B552_when_it_fails_its_requests_run_elsewhere) {
  Machine machine(slow_gpu(R"("run_failures": [{"from": 60}])"), kManyCores);
  auto model = machine.model("AUTO:GPU,CPU");
  machine.infer_until(*model, 8000);  // every one of them succeeds
  EXPECT_EQ(execution_devices(*model), "GPU");
}

TEST(Interim, B525_B552_a_held_switch_keeps_the_helper) {
  Options options;
  options.handover_hold = true;
  Machine machine(slow_gpu(), kManyCores);
  auto model = machine.model("AUTO:GPU,CPU", options);
  machine.infer_until(*model, 6000);
  EXPECT_EQ(execution_engines(*model), "(E1)");
  EXPECT_EQ(machine.recorder->count(What::kLoadStarted), 2u);
}

// ---------------------------------------------------------------------------------------------------------------------

/// An NPU that is ready well before the GPU and faster than the CPU.
const std::string kWithNpu = R"({"only": true,
  "devices": [{"name": "CPU", "kind": "cpu"}, {"name": "NPU", "kind": "accelerator"}, {"name": "GPU", "kind": "dgpu"}],
  "pairs": [
    {"device": "CPU", "engine": "C", "load_ms": 40, "run_ms": 20},
    {"device": "NPU", "engine": "N", "load_ms": 400, "run_ms": 5, "cpu_heavy_load": false},
    {"device": "GPU", "engine": "G", "load_ms": 5000, "run_ms": 2, "cpu_heavy_load": false}]})";

TEST(Interim, B552_another_device_may_serve_in_between_on_few_cores_too) {
  for (const int cores : {2, kManyCores}) {
    Machine machine(kWithNpu, cores);
    auto model = machine.model("AUTO:GPU,NPU,CPU");
    machine.infer_until(*model, 2000);
    EXPECT_EQ(execution_devices(*model), "(NPU)") << "its load needs no core of the CPU";
    machine.infer_until(*model, 7000);
    EXPECT_EQ(execution_devices(*model), "GPU");
  }
}

TEST(Interim, B413_B552_a_device_that_a_higher_model_holds_is_left_alone) {
  Machine machine(kWithNpu, kManyCores);
  Options high;
  high.model_priority = policy::ModelPriority::kHigh;
  auto holder = machine.model("AUTO:NPU", high);
  Options low;
  low.model_priority = policy::ModelPriority::kLow;
  auto model = machine.model("AUTO:GPU,NPU,CPU", low);
  machine.infer_until(*model, 3000);
  EXPECT_EQ(execution_devices(*model), "(CPU)");
  machine.infer_until(*model, 7000);
  EXPECT_EQ(execution_devices(*model), "GPU");
}

TEST(Interim, B552_measured_figures_decide_once_they_are_there) {
  MemoryRecords records;
  const std::string modest = slow_gpu(R"("run_rank": 19)");  // by its own word no faster than E1
  const auto live = [&] {
    Machine machine(modest, kManyCores);
    machine.environment.records = &records;
    auto model = machine.model("AUTO");
    machine.infer_until(*model, 3000);
    const std::string between = execution_engines(*model);
    machine.infer_until(*model, 7000);
    machine.run_ms(6000);  // the second look measures E2
    return between;
  };
  for (int start = 0; start < 3; ++start) EXPECT_EQ(live(), "(E1)") << start;
  EXPECT_EQ(live(), "(E2)");
}

}  // namespace
}  // namespace baton::test
