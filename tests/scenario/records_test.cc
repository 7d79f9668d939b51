// SPDX-License-Identifier: Apache-2.0
// Copyright (C) 2026 The Baton authors
//
// Measured records (B-423 to B-431, B-512, B-553): every machine here is a new process with the records of those before
// it.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "scenario/machines.h"
#include "scenario/scenario.h"
#include "support/memory_records.h"

namespace baton::test {
namespace {

using autodev::Options;
using policy::Reason;
using What = sim::Entry::What;

/// What one process did.
struct Life {
  std::string first_engine;  ///< of the helper
  std::string last_device;
  std::string last_engine;
  std::size_t loads = 0;
  std::vector<std::string> ranking;
  policy::SelectionReport report;
};

class Records : public ::testing::Test {
 protected:
  Life live(const std::string& script, const std::string& device = "AUTO", const Options& options = {}) {
    Machine machine(script);
    machine.environment.records = &records_;
    auto model = machine.model(device, options);
    Life life;
    life.first_engine = execution_engines(*model);
    machine.infer_until(*model, 2500);
    machine.run_ms(5000);  // idle: the second look
    life.last_device = execution_devices(*model);
    life.last_engine = execution_engines(*model);
    life.loads = machine.recorder->count(What::kLoadStarted);
    life.report = model->report();
    return life;
  }
  void live_times(int times, const std::string& script) {
    for (int i = 0; i < times; ++i) live(script);
  }

  MemoryRecords records_;
};

/// M1, but the engine with the better rank is the slower one.
const std::string kE1IsFaster = m1(R"("run_ms": 18)");

TEST_F(Records, B425_what_a_check_measured_is_kept) {
  live(kE1IsFaster);
  EXPECT_EQ(records_.size(), 3u) << "helper, target, second look";
  const Life second = live(kE1IsFaster);
  EXPECT_NEAR(pair_in(second.report, "CPU/E2/full").figures.at("record_run_ms"), 18, 0.1);
  EXPECT_EQ(pair_in(second.report, "CPU/E2/full").figures.at("record_run_observations"), 2)
      << "as target and in the second look";
  EXPECT_NEAR(pair_in(second.report, "CPU/E1/fast").figures.at("record_load_ms"), 40, 0.1);
}

TEST_F(Records, B423_B553_once_three_starts_agree_the_record_decides_and_nothing_is_looked_at_again) {
  for (int start = 0; start < 3; ++start) {
    const Life life = live(kE1IsFaster);
    EXPECT_EQ(life.last_engine, "E1");
    EXPECT_EQ(life.loads, 3u) << "E2 is the target by its declared rank; the second look finds E1";
  }
  const Life life = live(kE1IsFaster);
  EXPECT_EQ(life.last_engine, "E1");
  EXPECT_EQ(life.loads, 2u) << "E1 is the target at once, and E2 needs no look";
}

TEST_F(Records, B425_after_thirty_days_everything_is_measured_anew) {
  live_times(3, kE1IsFaster);
  records_.pass_time(policy::kRecordLifetime + std::chrono::seconds(1));
  EXPECT_EQ(live(kE1IsFaster).loads, 3u);
}

TEST_F(Records, B425_a_contradicted_record_decides_nothing) {
  live_times(3, kE1IsFaster);
  const std::string e1_became_slow = R"({"only": true,
    "devices": [{"name": "CPU", "kind": "cpu"}],
    "engines": [{"name": "E1"}, {"name": "E2"}],
    "pairs": [
      {"device": "CPU", "engine": "E1", "profile": "fast", "load_ms": 40, "run_ms": 40},
      {"device": "CPU", "engine": "E1", "profile": "full", "load_ms": 80, "run_ms": 32, "run_rank": 20},
      {"device": "CPU", "engine": "E2", "profile": "full", "load_ms": 300, "run_ms": 18, "run_rank": 10}]})";
  EXPECT_EQ(live(e1_became_slow).last_engine, "E1") << "by the record, and measured to be no longer true";
  const Life next = live(e1_became_slow);
  EXPECT_EQ(next.last_engine, "E2");
}

TEST_F(Records, B425_another_engine_version_driver_or_property_is_another_key) {
  live_times(3, kE1IsFaster);
  std::string newer = kE1IsFaster;
  newer.replace(newer.find(R"({"name": "E1"})"), 14, R"({"name": "E1", "version": "1.1"})");
  EXPECT_EQ(live(newer).loads, 3u);
  std::string driver = kE1IsFaster;
  driver.replace(driver.find(R"("kind": "cpu")"), 13, R"("kind": "cpu", "driver": "2")");
  EXPECT_EQ(live(driver).loads, 3u);
  EXPECT_EQ(live(kE1IsFaster).loads, 2u);
}

// An engine runs one request at a time until it is proven that it bears more (docs/accelerators.md).
TEST_F(Records, B425_B827_the_rate_of_one_run_at_a_time_says_nothing_once_several_may_run) {
  const auto script = [](const std::string& foreign) {
    return R"({"only": true, "devices": [{"name": "GPU", "kind": "dgpu"}],
      "engines": [{"name": "F")" +
           foreign + R"(}, {"name": "G"}],
      "pairs": [{"device": "GPU", "engine": "F", "load_ms": 200, "run_ms": 10, "run_rank": 7, "slots": 2},
                {"device": "GPU", "engine": "G", "load_ms": 100, "run_ms": 8, "run_rank": 5}]})";
  };
  const std::string serial = script(R"(, "serial_group": "F")");
  const std::string proven = script("");
  Options throughput;
  throughput.hint = autodev::PerformanceHint::kThroughput;
  for (const Options& options : {throughput, Options()}) {
    for (int start = 0; start < 3; ++start) EXPECT_EQ(live(serial, "AUTO", options).last_engine, "G");
    EXPECT_EQ(live(serial, "AUTO", options).loads, 1u) << "the record says what a look at F would find";
  }
  EXPECT_EQ(live(proven).loads, 1u) << "under LATENCY nothing has changed";
  const Life looked = live(proven, "AUTO", throughput);
  EXPECT_EQ(looked.loads, 2u);
  EXPECT_EQ(looked.last_engine, "F") << "two runs of 10 ms at a time are better than one of 8 ms";
  EXPECT_EQ(live(serial, "AUTO", throughput).loads, 1u) << "and what was known of one at a time is still known";
}

TEST_F(Records, B424_an_explicit_engine_order_stays_an_order) {
  live_times(3, kE1IsFaster);
  Options options;
  options.engine_priorities = {{"CPU", {"E2", "E1"}}};
  options.second_look = false;
  EXPECT_EQ(live(kE1IsFaster, "AUTO", options).last_engine, "E2");
}

TEST_F(Records, B512_the_helper_is_what_loads_quickest_on_record) {
  const auto script = [](int e1_ms, int e2_ms) {
    return R"({"only": true, "devices": [{"name": "CPU", "kind": "cpu"}, {"name": "GPU", "kind": "dgpu"}], "pairs": [
      {"device": "CPU", "engine": "E1", "load_ms": )" +
           std::to_string(e1_ms) + R"(, "load_rank": 10, "run_ms": 20},
      {"device": "CPU", "engine": "E2", "load_ms": )" +
           std::to_string(e2_ms) + R"(, "load_rank": 20, "run_ms": 10, "run_rank": 30},
      {"device": "GPU", "engine": "G", "load_ms": 1000, "run_ms": 2}]})";
  };
  // E1 says that it loads quickest; in fact E2 does.
  for (int start = 0; start < 3; ++start) EXPECT_EQ(live(script(400, 50)).first_engine, "(E1)");
  EXPECT_EQ(live(script(400, 50)).first_engine, "(E2)");
}

TEST_F(Records, B431_on_a_default_list_a_device_that_is_slower_on_record_ranks_behind) {
  const std::string slow_gpu = m3(R"("run_ms": 60)");
  live_times(3, slow_gpu);
  const Life life = live(slow_gpu);
  EXPECT_EQ(life.report.ranking, (std::vector<std::string>{"CPU", "GPU"}));
  EXPECT_EQ(life.last_device, "CPU");
  EXPECT_EQ(life.loads, 1u) << "neither as target nor in a second look";
  for (const auto& candidate : life.report.candidates) {
    if (candidate.device != "GPU") continue;
    EXPECT_EQ(candidate.reason, Reason::kSlowerOnRecord);
    EXPECT_THAT(candidate.text, testing::HasSubstr("60 ms against 20 ms on CPU"));
  }
}

TEST_F(Records, B431_an_explicit_list_is_never_reordered) {
  const std::string slow_gpu = m3(R"("run_ms": 60)");
  live_times(3, slow_gpu);
  const Life life = live(slow_gpu, "AUTO:GPU,CPU");
  EXPECT_EQ(life.report.ranking, (std::vector<std::string>{"GPU", "CPU"}));
  EXPECT_EQ(life.last_device, "GPU");
}

TEST_F(Records, B426_same_records_same_choice_and_explain_says_it_before) {
  live_times(3, kE1IsFaster);
  Machine machine(kE1IsFaster);
  machine.environment.records = &records_;
  autodev::CompileSpec spec;
  spec.model = tiny_model();
  spec.device = policy::parse_device_string("AUTO").value();
  spec.device_text = "AUTO";
  for (int i = 0; i < 2; ++i) {
    const auto report = autodev::AutoModel::explain(machine.environment, spec);
    ASSERT_TRUE(report.is_ok());
    const auto& target = pair_in(report.value(), "CPU/E1/full");
    EXPECT_EQ(target.verdict, policy::Verdict::kTarget);
    EXPECT_NEAR(target.figures.at("record_run_ms"), 16, 0.1);
    EXPECT_EQ(target.figures.at("record_run_age_days"), 0);
  }
  EXPECT_EQ(live(kE1IsFaster).last_engine, "E1");
}

TEST_F(Records, B425_B540_a_load_before_a_lazy_first_run_is_kept_with_its_own_time) {
  const std::string lazy = m3(R"("first_run_ms": 300, "lazy_first_run": true)");
  Options no_helper;
  no_helper.startup_fallback = false;
  for (const Options& options : {no_helper, Options()}) {  // with a helper the first run is the check's
    live(lazy, "AUTO:GPU,CPU", options);
    const Life next = live(lazy, "AUTO:GPU,CPU");
    EXPECT_NEAR(pair_in(next.report, "GPU/G/full").figures.at("record_load_ms"), 1000, 0.1);
  }
}

TEST_F(Records, nothing_is_written_before_the_first_answer) {
  Machine machine(m3());
  machine.environment.records = &records_;
  auto model = machine.model("AUTO:GPU,CPU");
  machine.run_ms(1);
  EXPECT_EQ(records_.size(), 0u) << "the helper is loaded, nobody has inferred yet";
  machine.infer_until(*model, 2000);
  EXPECT_EQ(records_.size(), 2u);
}

}  // namespace
}  // namespace baton::test
