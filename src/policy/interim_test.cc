// SPDX-License-Identifier: Apache-2.0
// Copyright (C) 2026 The Baton authors
#include "policy/interim.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace baton::policy {
namespace {

using engine::DeviceKind;
using engine::EngineOnDevice;
using engine::Hint;
using engine::Profile;
using testing::HasSubstr;

RungSpec rung(const std::string& device, const std::string& engine, int load_rank, int run_rank, bool heavy = false) {
  RungSpec spec;
  spec.pair = {device, engine, engine};
  spec.device = device == "GPU" ? 0 : 1;
  spec.load_rank = load_rank;
  spec.run_rank = run_rank;
  spec.cpu_heavy_load = heavy;
  return spec;
}

void on_record(RungSpec& spec, double load_ms, double run_ms, int observations = kDecidingObservations) {
  spec.record = Record{{.ms = load_ms, .observations = load_ms > 0 ? observations : 0},
                       {.ms = run_ms, .observations = run_ms > 0 ? observations : 0}};
}

class Interim : public testing::Test {
 protected:
  InterimVerdict judge(double elapsed_ms = 0) const {
    return judge_interim(plan_, helper_, target_, rung_, elapsed_ms);
  }

  Plan plan_;
  RungSpec helper_ = rung("CPU", "E1", 10, 40);
  RungSpec target_ = rung("GPU", "G", 1000, 2);
  RungSpec rung_ = rung("CPU", "E2", 60, 10);
};

TEST_F(Interim, B552_by_declared_ranks) {
  const InterimVerdict verdict = judge();
  EXPECT_TRUE(verdict.may_serve);
  EXPECT_THAT(verdict.text, HasSubstr("4 times as fast as the helper (declared)"));
}

TEST_F(Interim, B552_clearly_faster_is_at_least_1_3_times) {
  for (const auto& [rank, may] :
       {std::pair{30, true}, std::pair{31, false}, std::pair{40, false}, std::pair{80, false}}) {
    rung_.run_rank = rank;
    EXPECT_EQ(judge().may_serve, may) << rank;
  }
  EXPECT_THAT(judge().text, HasSubstr("it runs 0.5 times as fast as the helper (declared), the limit is 1.3"));
  rung_.run_rank = 35;
  EXPECT_THAT(judge().text, HasSubstr("it runs 1.14 times"));
  rung_.run_rank = 1;
  EXPECT_TRUE(judge().may_serve);
  rung_.run_rank = 0;
  EXPECT_FALSE(judge().may_serve) << "nothing is declared";
  EXPECT_THAT(judge().text, HasSubstr("it runs 0 times"));
}

TEST_F(Interim, B552_measured_figures_beat_declared_ones) {
  rung_.run_rank = 100;
  on_record(helper_, 0, 13);
  on_record(rung_, 0, 10);
  EXPECT_TRUE(judge().may_serve);
  on_record(rung_, 0, 10.1);
  EXPECT_FALSE(judge().may_serve);
  EXPECT_THAT(judge().text, HasSubstr("on record"));
  rung_.run_rank = 10;
  EXPECT_FALSE(judge().may_serve);
}

TEST_F(Interim, B552_measured_and_declared_figures_are_not_compared) {
  on_record(helper_, 0, 1);
  EXPECT_TRUE(judge().may_serve) << "the rung has no record";
  on_record(rung_, 0, 10, kDecidingObservations - 1);
  EXPECT_TRUE(judge().may_serve) << "its record does not decide yet";
  on_record(rung_, 0, 10);
  EXPECT_FALSE(judge().may_serve);
  rung_.hint = Hint::kThroughput;
  EXPECT_TRUE(judge().may_serve) << "that is another figure than the helper's";
}

TEST_F(Interim, B552_well_before_the_target_is_half_of_its_time) {
  target_.load_rank = 120;
  EXPECT_TRUE(judge().may_serve);
  target_.load_rank = 119;
  EXPECT_FALSE(judge().may_serve);
  EXPECT_THAT(judge().text, HasSubstr("(declared), the limit is 0.5"));
}

TEST_F(Interim, B552_loads_on_record_decide_and_what_has_passed_counts) {
  on_record(target_, 2000, 0);
  on_record(rung_, 1000, 0);
  EXPECT_TRUE(judge().may_serve);
  EXPECT_FALSE(judge(10).may_serve);
  for (const double elapsed_ms : {2000, 3000})
    EXPECT_THAT(judge(elapsed_ms).text, HasSubstr("its load takes 1 of the time"));
  on_record(rung_, 1001, 0);
  EXPECT_FALSE(judge().may_serve);
  EXPECT_THAT(judge().text, HasSubstr("on record"));
}

TEST_F(Interim, B552_the_target_needs_long) {
  on_record(target_, 600, 0);
  on_record(rung_, 100, 0);
  EXPECT_TRUE(judge().may_serve);
  EXPECT_FALSE(judge(1).may_serve) << "by less than half a second it does not pay";
  EXPECT_THAT(judge(1).text, HasSubstr("before the target by 499 (ms on record), worth it are 500"));
  target_.record.reset();
  rung_ = rung("CPU", "E2", 10, 10);
  target_.load_rank = 50;
  EXPECT_TRUE(judge().may_serve);
  target_.load_rank = 49;
  EXPECT_FALSE(judge().may_serve) << "by less than four loads of the helper";
}

TEST_F(Interim, B552_never_delays_the_target_by_more_than_a_tenth) {
  rung_.cpu_heavy_load = true;
  EXPECT_TRUE(judge().may_serve) << "the target's load does without the processor";
  target_.cpu_heavy_load = true;
  EXPECT_TRUE(judge().may_serve);
  target_.load_rank = 599;
  EXPECT_FALSE(judge().may_serve);
  EXPECT_THAT(judge().text, HasSubstr("the limit is 0.1 (both loads keep the processor busy)"));
  rung_.cpu_heavy_load = false;
  EXPECT_TRUE(judge().may_serve);
}

TEST_F(Interim, B552_not_on_few_cores_where_its_load_needs_them) {
  plan_.few_cores = true;
  EXPECT_TRUE(judge().may_serve);
  rung_.cpu_heavy_load = true;
  EXPECT_FALSE(judge().may_serve);
  EXPECT_THAT(judge().text, HasSubstr("fewer than 4 cores"));
}

TEST_F(Interim, B516_B552_not_beside_a_target_whose_load_holds_up_others) {
  target_.exclusive_load = true;
  EXPECT_FALSE(judge().may_serve);
  EXPECT_THAT(judge().text, HasSubstr("would hold up its own"));
  target_.lazy_first_run = true;
  EXPECT_TRUE(judge().may_serve) << "after the load there is the first run";
}

TEST_F(Interim, B516_B552_a_load_that_holds_up_others_takes_a_tenth_of_the_targets_at_most) {
  rung_.exclusive_load = true;
  target_.load_rank = 600;
  EXPECT_TRUE(judge().may_serve) << "as CUDA's before TensorRT's";
  target_.load_rank = 599;
  EXPECT_FALSE(judge().may_serve);
  EXPECT_THAT(judge().text, HasSubstr("the limit is 0.1 (the target's waits for all of it)"));
  rung_.exclusive_load = false;
  EXPECT_TRUE(judge().may_serve);
}

TEST_F(Interim, B552_another_engine_of_the_targets_device_both_of_them_lazy_and_exclusive) {
  rung_ = rung("GPU", "H", 300, 3);
  target_.load_rank = 5000;
  for (RungSpec* spec : {&target_, &rung_}) spec->exclusive_load = spec->lazy_first_run = true;
  EXPECT_TRUE(judge().may_serve);
  on_record(target_, 900, 1);
  on_record(rung_, 700, 2);
  EXPECT_TRUE(judge().may_serve) << "what is on record of their loads ends before their first runs";
  plan_.few_cores = true;
  EXPECT_TRUE(judge().may_serve) << "its load mostly waits for the GPU";
}

TEST_F(Interim, B552_a_load_on_record_says_nothing_of_a_lazy_first_run) {
  on_record(rung_, 200, 0);
  on_record(target_, 300, 0);
  EXPECT_FALSE(judge().may_serve);
  target_.lazy_first_run = true;
  EXPECT_TRUE(judge().may_serve) << "declared: 60 of 1000";
}

TEST_F(Interim, B547_B552_not_what_would_load_behind_or_before_the_target) {
  rung_ = rung("GPU", "G", 60, 10);
  EXPECT_FALSE(judge().may_serve);
  rung_ = rung("CPU", "G", 60, 10);
  EXPECT_TRUE(judge().may_serve) << "elsewhere its engine loads beside it";
  rung_ = rung("GPU", "H", 60, 10);
  EXPECT_TRUE(judge().may_serve);
}

// ---------------------------------------------------------------------------------------------------------------------

EngineOnDevice engine_with(const std::string& name, engine::DeclaredRanks ranks, bool heavy = false) {
  engine::DeviceReport report;
  report.handle = name;
  report.capabilities = {"FP32"};
  report.ranks = ranks;
  report.cpu_heavy_load = heavy;
  return {name, report};
}

PlanInput machine(int cores) {
  PlanInput in;
  in.label = "FP32";
  in.cores = cores;
  in.devices = {{.candidate = 0,
                 .name = "GPU",
                 .family = "GPU",
                 .kind = DeviceKind::kDiscreteGpu,
                 .engines = {engine_with("G", {.load_full = 5000, .run = 1})}},
                {.candidate = 1,
                 .name = "CPU",
                 .family = "CPU",
                 .kind = DeviceKind::kCpu,
                 .engines = {engine_with("E1", {.load_fast = 40, .load_full = 80, .run = 20}, true),
                             engine_with("E2", {.load_full = 300, .run = 8}, true)}}};
  return in;
}

std::string note_of(const Plan& plan, const std::string& pair) {
  for (const auto& [rung, note] : plan.interim_notes) {
    if (to_string(plan.rungs[static_cast<std::size_t>(rung)].pair) == pair) return note;
  }
  return {};
}

TEST(InterimPlan, B552_the_plan_names_it_and_says_why) {
  const Plan plan = make_plan(machine(8));
  ASSERT_GE(plan.interim, 0);
  EXPECT_EQ(to_string(plan.rungs[static_cast<std::size_t>(plan.interim)].pair), "CPU/E2/full");
  EXPECT_THAT(note_of(plan, "CPU/E2/full"), HasSubstr("in between: it runs 2.5 times as fast"));
  EXPECT_THAT(note_of(plan, "CPU/E1/full"), HasSubstr("not in between: it runs 1 times as fast"));
  EXPECT_EQ(plan.interim_notes.size(), 2u) << "none for helper and target";
}

TEST(InterimPlan, B552_two_cores_start_as_they_did) {
  PlanInput in = machine(2);
  const Plan plan = make_plan(in);
  EXPECT_EQ(plan.interim, -1);
  EXPECT_THAT(note_of(plan, "CPU/E2/full"), HasSubstr("not in between: with fewer than 4 cores"));
}

TEST(InterimPlan, B552_the_quickest_of_several) {
  PlanInput in = machine(8);
  in.devices.insert(in.devices.begin() + 1, PlanDevice{.candidate = 2,
                                                       .name = "NPU",
                                                       .family = "NPU",
                                                       .kind = DeviceKind::kAccelerator,
                                                       .engines = {engine_with("N", {.load_full = 500, .run = 4})}});
  Plan plan = make_plan(in);
  EXPECT_EQ(to_string(plan.rungs[static_cast<std::size_t>(plan.interim)].pair), "NPU/N/full");
  EXPECT_THAT(note_of(plan, "CPU/E2/full"), HasSubstr("not in between: NPU/N/full runs quicker"));
  in.devices[1].engines.front().report.ranks.run = 8;
  plan = make_plan(in);
  EXPECT_EQ(to_string(plan.rungs[static_cast<std::size_t>(plan.interim)].pair), "NPU/N/full") << "ranked higher";
  // Measured, the CPU's runs quicker.
  in.records = [](const Pair& pair, Hint) -> std::optional<Record> {
    Record record;
    record.run = {.ms = pair.engine == "N" ? 6.0 : pair.engine == "E2" ? 3.0 : 20.0, .observations = 3};
    return record;
  };
  plan = make_plan(in);
  EXPECT_EQ(to_string(plan.rungs[static_cast<std::size_t>(plan.interim)].pair), "CPU/E2/full");
}

TEST(InterimPlan, B509_B552_without_a_helper_there_is_nothing_to_come_after) {
  PlanInput in = machine(8);
  in.startup_fallback = false;
  const Plan plan = make_plan(in);
  EXPECT_EQ(plan.interim, -1);
  EXPECT_TRUE(plan.interim_notes.empty());
}

TEST(InterimPlan, B552_on_a_machine_with_nothing_but_a_cpu_the_target_is_not_held_up) {
  PlanInput in = machine(64);
  in.devices.erase(in.devices.begin());
  in.devices.front().candidate = 0;
  EXPECT_EQ(make_plan(in).interim, -1) << "E1's two profiles are declared to run alike";
}

}  // namespace
}  // namespace baton::policy
