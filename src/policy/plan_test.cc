// SPDX-License-Identifier: Apache-2.0
// Copyright (C) 2026 The Baton authors
#include "policy/plan.h"

#include <gtest/gtest.h>

#include <algorithm>

namespace baton::policy {
namespace {

using engine::DeviceKind;
using engine::EngineOnDevice;
using engine::Hint;
using engine::Profile;

EngineOnDevice engine_with(const std::string& name, engine::DeclaredRanks ranks, bool cpu_heavy = true) {
  engine::DeviceReport report;
  report.handle = name + "-handle";
  report.capabilities = {"FP32", "FP16"};
  report.ranks = ranks;
  report.cpu_heavy_load = cpu_heavy;
  return {name, report};
}

/// Machine M1: E1 loads quickly (and has a fast profile), E2 runs quickly.
PlanDevice cpu() {
  return {.candidate = 0,
          .name = "CPU",
          .family = "CPU",
          .kind = DeviceKind::kCpu,
          .engines = {engine_with("E1", {.load_fast = 10, .load_full = 20, .run = 20}),
                      engine_with("E2", {.load_full = 60, .run = 10})}};
}

PlanDevice gpu(int candidate = 1, std::string name = "GPU") {
  return {.candidate = candidate,
          .name = std::move(name),
          .family = "GPU",
          .kind = DeviceKind::kDiscreteGpu,
          .engines = {engine_with("G", {.load_full = 90, .run = 1})}};
}

PlanInput input(std::vector<PlanDevice> devices) {
  PlanInput in;
  in.devices = std::move(devices);
  in.label = "FP32";
  in.cores = 2;
  return in;
}

std::vector<std::string> names(const Plan& plan, const std::vector<int>& rungs) {
  std::vector<std::string> result;
  for (const int rung : rungs) result.push_back(to_string(plan.rungs[rung].pair));
  return result;
}

struct OnRecord {
  double load = 0;  ///< 0: not measured
  double run = 0;
  int observations = kDecidingObservations;
};

Record on_record(const OnRecord& r) {
  const auto figure = [&](double ms) { return ms > 0 ? Figure{.ms = ms, .observations = r.observations} : Figure{}; };
  return {.load = figure(r.load), .run = figure(r.run)};
}

/// Borrows `records`, which are by name of the pair.
RecordLookup lookup(const std::map<std::string, Record>& records) {
  return [&records](const Pair& pair, Hint) {
    const auto found = records.find(to_string(pair));
    return found == records.end() ? std::nullopt : std::optional(found->second);
  };
}

std::string helper_name(const Plan& plan) { return plan.helper < 0 ? "none" : to_string(plan.rungs[plan.helper].pair); }

using Names = std::vector<std::string>;

TEST(Plan, B423_without_records_the_declared_run_rank_orders_the_engines) {
  const Plan plan = make_plan(input({cpu()}));
  EXPECT_EQ(names(plan, plan.devices[0].rungs), (Names{"CPU/E2/full", "CPU/E1/full"}));
}

TEST(Plan, B423_B425_run_times_on_record_beat_the_declared_ranks) {
  PlanInput in = input({cpu()});
  std::map<std::string, Record> records{{"CPU/E1/full", on_record({.run = 2})}, {"CPU/E2/full", on_record({.run = 3})}};
  in.records = lookup(records);
  const Plan plan = make_plan(in);
  EXPECT_EQ(names(plan, plan.devices[0].rungs), (Names{"CPU/E1/full", "CPU/E2/full"}));
  EXPECT_EQ(plan.rungs[plan.devices[0].rungs[0]].record->run.ms, 2) << "for explain";

  records["CPU/E2/full"].run.observations = 2;
  EXPECT_EQ(order_engines(in.devices[0], in).front().engine, "E2") << "one figure alone cannot be compared with a rank";
}

TEST(Plan, B424_records_do_not_change_the_users_order) {
  PlanInput in = input({cpu()});
  const std::map<std::string, Record> records{{"CPU/E1/full", on_record({.run = 2})},
                                              {"CPU/E2/full", on_record({.run = 3})}};
  in.records = lookup(records);
  in.engine_priorities = {{"CPU", {"E2", "E1"}}};
  EXPECT_EQ(order_engines(in.devices[0], in).front().engine, "E2");
}

TEST(Plan, B425_records_belong_to_a_hint) {
  PlanInput in = input({cpu()});
  in.hint = Hint::kThroughput;
  in.records = [](const Pair& pair, Hint hint) -> std::optional<Record> {
    if (hint == Hint::kLatency) return std::nullopt;
    return on_record({.run = pair.engine == "E1" ? 2.0 : 3.0});
  };
  EXPECT_EQ(order_engines(in.devices[0], in).front().engine, "E1");
  in.hint = Hint::kLatency;
  EXPECT_EQ(order_engines(in.devices[0], in).front().engine, "E2");
}

TEST(Plan, B431_the_quickest_pair_on_record_speaks_for_its_device) {
  PlanInput in = input({gpu(), cpu()});
  in.devices[0].identity = "gpu-id";
  in.devices[1].identity = "cpu-id";
  std::map<std::string, Record> records{{"CPU/E1/full", on_record({.run = 2})}, {"CPU/E2/full", on_record({.run = 3})}};
  in.records = lookup(records);
  ASSERT_EQ(devices_on_record(in).size(), 1u);
  EXPECT_EQ(devices_on_record(in)[0].identity, "cpu-id");
  EXPECT_EQ(devices_on_record(in)[0].run_ms, 2);
}

TEST(Plan, records_matter_where_there_is_a_choice) {
  EXPECT_FALSE(records_matter(std::vector{gpu()}));
  EXPECT_TRUE(records_matter(std::vector{cpu()}));
  EXPECT_TRUE(records_matter(std::vector{gpu(), gpu(1)}));
}

TEST(Plan, B510_the_pair_of_the_cpu_that_loads_quickest_helps) {
  EXPECT_EQ(helper_name(make_plan(input({cpu()}))), "CPU/E1/fast");
  EXPECT_EQ(helper_name(make_plan(input({gpu(), cpu()}))), "CPU/E1/fast");
}

TEST(Plan, B510_another_pair_of_the_target_device_helps_when_there_is_no_cpu) {
  PlanDevice device = gpu();
  device.engines.push_back(engine_with("H", {.load_full = 5, .run = 50}));
  EXPECT_EQ(helper_name(make_plan(input({device}))), "GPU/H/full");
}

TEST(Plan, B510_the_users_startup_device_helps_if_it_is_a_candidate) {
  PlanInput in = input({gpu(0, "GPU.1"), gpu(1, "GPU.0"), cpu()});
  in.startup_device = "GPU.0";
  EXPECT_EQ(helper_name(make_plan(in)), "GPU.0/G/full");
  in.startup_device = "NPU";
  EXPECT_EQ(helper_name(make_plan(in)), "CPU/E1/fast");
}

TEST(Plan, B512_the_target_that_loads_quickest_itself_needs_no_helper) {
  PlanDevice device = cpu();
  device.engines = {engine_with("E1", {.load_full = 5, .run = 1}), engine_with("E2", {.load_full = 60, .run = 10})};
  EXPECT_EQ(helper_name(make_plan(input({device}))), "none");
}

TEST(Plan, B512_load_times_on_record_decide) {
  PlanInput in = input({cpu()});
  std::map<std::string, Record> records{{"CPU/E1/fast", on_record({.load = 50})},
                                        {"CPU/E2/full", on_record({.load = 5})}};
  in.records = lookup(records);
  EXPECT_EQ(helper_name(make_plan(in)), "none") << "E2 is the target, and now known to load quickest";
  // One record is missing: measured and declared figures are not mixed.
  records.erase("CPU/E1/fast");
  EXPECT_EQ(helper_name(make_plan(in)), "CPU/E1/fast");
  // Two observations are not enough.
  records["CPU/E1/fast"] = on_record({.load = 50, .observations = 2});
  EXPECT_EQ(helper_name(make_plan(in)), "CPU/E1/fast");
}

TEST(Plan, B513_the_helper_is_compiled_for_latency_whatever_the_hint) {
  PlanInput in = input({gpu(), cpu()});
  in.hint = Hint::kThroughput;
  const Plan plan = make_plan(in);
  EXPECT_EQ(plan.rungs[plan.helper].hint, Hint::kLatency);
  EXPECT_EQ(plan.rungs[plan.devices[0].rungs[0]].hint, Hint::kThroughput);
}

TEST(Plan, B504_helper_and_final_configuration_are_one_rung_when_they_are_equal) {
  PlanDevice device = cpu();
  device.engines = {engine_with("E2", {.load_full = 60, .run = 10})};  // no fast profile
  PlanInput in = input({gpu(), device});
  Plan plan = make_plan(in);
  EXPECT_EQ(plan.helper, plan.devices[1].rungs[0]);
  in.hint = Hint::kThroughput;
  plan = make_plan(in);
  EXPECT_NE(plan.helper, plan.devices[1].rungs[0]);
}

TEST(Plan, B508_one_pair_in_all_passes_through) {
  PlanDevice device = cpu();
  device.engines = {engine_with("E2", {.load_full = 60, .run = 10})};
  const Plan plan = make_plan(input({device}));
  EXPECT_TRUE(plan.pass_through());
  EXPECT_EQ(plan.helper, -1);
}

TEST(Plan, B511_a_cpu_that_is_no_candidate_never_helps) { EXPECT_EQ(helper_name(make_plan(input({gpu()}))), "none"); }

TEST(Plan, B518_no_helper_without_startup_fallback) {
  PlanInput in = input({gpu(), cpu()});
  in.startup_fallback = false;
  const Plan plan = make_plan(in);
  EXPECT_EQ(plan.helper, -1);
  EXPECT_EQ(plan.rungs.size(), 3u);  // no fast rung either
}

TEST(Plan, B516_a_cpu_heavy_load_is_deferred_on_few_cores_only) {
  PlanInput in = input({cpu()});
  in.cores = 3;
  EXPECT_TRUE(make_plan(in).defer_target);
  in.cores = 4;
  EXPECT_FALSE(make_plan(in).defer_target);
  in.cores = 2;
  in.devices[0].engines[1].report.cpu_heavy_load = false;
  EXPECT_FALSE(make_plan(in).defer_target);
}

TEST(Plan, B516_a_load_that_holds_up_others_is_deferred_on_any_machine) {
  PlanInput in = input({cpu()});
  in.cores = 64;
  in.devices[0].engines[1].report.cpu_heavy_load = false;
  in.devices[0].engines[1].report.exclusive_load = true;
  const Plan plan = make_plan(in);
  EXPECT_TRUE(plan.defer_target);
  EXPECT_FALSE(load_takes_a_core(plan, plan.rungs.front()));  // serving keeps its cores meanwhile
  ASSERT_FALSE(plan.notes.empty());
  EXPECT_NE(plan.notes.back().find("it holds up other loads: loading "), std::string::npos) << plan.notes.back();
}

TEST(Plan, B422_engine_priorities_order_exclude_and_choose) {
  PlanInput in = input({cpu()});
  const auto order = [&](std::vector<std::string> list) {
    in.engine_priorities = {{"CPU", std::move(list)}};
    Names result;
    for (const auto& engine : order_engines(in.devices[0], in)) result.push_back(engine.engine);
    return result;
  };
  EXPECT_EQ(order({"E1", "E2"}), (Names{"E1", "E2"}));
  EXPECT_EQ(order({"E1"}), (Names{"E1"}));
  EXPECT_EQ(order({"-E2"}), (Names{"E1"}));
  EXPECT_EQ(order({"-E1"}), (Names{"E2"}));
  EXPECT_EQ(order({"unknown"}), Names{});
}

TEST(Plan, B422_the_list_of_an_instance_beats_that_of_its_family) {
  PlanInput in = input({gpu(0, "GPU.1")});
  in.devices[0].engines.push_back(engine_with("H", {.run = 2}));
  in.engine_priorities = {{"GPU", {"H", "G"}}, {"GPU.1", {"G"}}};
  EXPECT_EQ(order_engines(in.devices[0], in).size(), 1u);
  EXPECT_EQ(order_engines(in.devices[0], in)[0].engine, "G");
}

TEST(Plan, B110_B422_the_only_device_of_a_family_has_two_names) {
  PlanInput in = input({gpu(0, "GPU")});
  in.devices[0].id = "0";
  in.devices[0].engines.push_back(engine_with("H", {.run = 2}));
  in.engine_priorities = {{"GPU.0", {"H"}}};
  ASSERT_EQ(order_engines(in.devices[0], in).size(), 1u);
  EXPECT_EQ(order_engines(in.devices[0], in)[0].engine, "H");
  in.engine_priorities["GPU"] = {"G"};
  EXPECT_EQ(order_engines(in.devices[0], in)[0].engine, "H") << "and the one with an id says more";
}

TEST(Plan, B422_engines_without_the_label_come_last) {
  PlanInput in = input({cpu()});
  in.devices[0].engines[1].report.capabilities = {"FP16"};  // E2, the faster one
  const Plan plan = make_plan(in);
  EXPECT_EQ(names(plan, plan.devices[0].rungs), (Names{"CPU/E1/full", "CPU/E2/full"}));
}

TEST(Plan, B708_accuracy_computes_in_full_precision_on_every_rung) {
  PlanInput in = input({gpu(), cpu()});
  in.accuracy = true;
  for (const RungSpec& rung : make_plan(in).rungs) EXPECT_EQ(rung.pair.precision, engine::Precision::kFull);
}

TEST(Plan, B413_the_target_is_the_device_that_occupancy_left) {
  PlanInput in = input({gpu(), cpu()});
  in.first_device = 1;
  const Plan plan = make_plan(in);
  EXPECT_EQ(plan.first_device, 1);
  EXPECT_EQ(helper_name(plan), "CPU/E1/fast");
}

TEST(Plan, B512_a_rung_carries_the_declared_rank_of_its_own_profile) {
  const Plan plan = make_plan(input({cpu()}));
  EXPECT_EQ(plan.rungs[plan.helper].load_rank, 10) << "E1, fast";
  EXPECT_EQ(plan.rungs[plan.devices[0].rungs[0]].load_rank, 60) << "E2, full";
  EXPECT_EQ(plan.rungs[plan.devices[0].rungs[1]].load_rank, 20) << "E1, full";
}

TEST(Plan, B512_rank_0_loads_quickest_and_a_negative_one_means_not_at_all) {
  PlanDevice device = cpu();
  device.engines = {engine_with("E1", {.load_fast = 0, .load_full = 20, .run = 20}),
                    engine_with("E2", {.load_full = 1, .run = 10})};
  EXPECT_EQ(helper_name(make_plan(input({device}))), "CPU/E1/fast");
  device.engines[0].report.ranks.load_fast = -1;
  EXPECT_EQ(helper_name(make_plan(input({device}))), "none") << "E2, the target, loads quickest";
  device.engines[0].report.ranks.load_full = 0;
  EXPECT_EQ(helper_name(make_plan(input({device}))), "CPU/E1/full");
}

TEST(Plan, B512_of_equal_ranks_the_engine_first_in_the_alphabet_loads_quickest) {
  PlanDevice device = cpu();
  device.engines = {engine_with("Z", {.load_full = 5, .run = 3}), engine_with("B", {.load_full = 5, .run = 2}),
                    engine_with("T", {.load_full = 60, .run = 1})};
  EXPECT_EQ(helper_name(make_plan(input({device}))), "CPU/B/full");
}

TEST(Plan, B504_a_helper_that_is_the_first_configuration_of_all_is_one_rung_with_it) {
  PlanDevice device = cpu();
  device.engines = {engine_with("E2", {.load_full = 60, .run = 10})};
  PlanInput in = input({device, gpu()});
  in.first_device = 1;  // the CPU is occupied
  const Plan plan = make_plan(in);
  EXPECT_EQ(helper_name(plan), "CPU/E2/full");
  EXPECT_EQ(plan.helper, plan.devices[0].rungs[0]);
  EXPECT_EQ(plan.rungs.size(), 2u);
}

TEST(Plan, B509_helpers_are_asked_for_only_with_startup_fallback) {
  PlanInput in = input({gpu(), cpu()});
  EXPECT_TRUE(make_plan(in).helpers);
  in.startup_fallback = false;
  const Plan plan = make_plan(in);
  EXPECT_FALSE(plan.helpers);
  EXPECT_TRUE(plan.helper_devices.empty());
  EXPECT_TRUE(plan.notes.empty());
}

TEST(Plan, B510_who_is_asked_to_help_wherever_it_stands_in_the_ranking) {
  PlanInput in = input({cpu(), gpu(1, "GPU.0"), gpu(2, "GPU.1")});
  EXPECT_EQ(make_plan(in).helper_devices, (std::vector<int>{0}));
  in.startup_device = "GPU.1";
  EXPECT_EQ(make_plan(in).helper_devices, (std::vector<int>{2, 0}));
  in.devices = {gpu(0, "GPU.1"), gpu(1, "GPU.0"), cpu()};
  EXPECT_EQ(make_plan(in).helper_devices, (std::vector<int>{0, 2}));
  in.devices.pop_back();
  EXPECT_EQ(make_plan(in).helper_devices, (std::vector<int>{0})) << "B-511: no CPU in the list";
  in.startup_device = "NPU";
  EXPECT_TRUE(make_plan(in).helper_devices.empty());
}

TEST(Plan, B510_the_startup_device_may_be_the_first_of_the_ranking) {
  PlanInput in = input({gpu(0, "GPU.1"), gpu(1, "GPU.0"), cpu()});
  in.first_device = 1;
  in.startup_device = "GPU.1";
  EXPECT_EQ(helper_name(make_plan(in)), "GPU.1/G/full");
}

TEST(Plan, B422_a_target_device_without_a_usable_engine_has_no_helper) {
  PlanInput in = input({gpu(), cpu()});
  in.engine_priorities = {{"GPU", {"unknown"}}};
  const Plan plan = make_plan(in);
  EXPECT_TRUE(plan.devices[0].rungs.empty());
  EXPECT_EQ(plan.helper, -1);
  EXPECT_EQ(make_plan(input({})).helper, -1) << "no device at all";
}

TEST(Plan, B1302_what_was_changed_silently_is_noted) {
  PlanInput in = input({gpu(), cpu()});
  in.cores = 8;
  EXPECT_EQ(make_plan(in).notes, Names{});
  in.hint = Hint::kThroughput;
  EXPECT_EQ(make_plan(in).notes, (Names{"the helper is compiled for LATENCY whatever the hint"}));
  in.cores = 2;
  EXPECT_EQ(make_plan(in).notes,
            (Names{"the helper is compiled for LATENCY whatever the hint",
                   "fewer than 4 cores: loading GPU/G/full begins after the helper's first answer"}));
  in.hint = Hint::kLatency;
  EXPECT_EQ(make_plan(in).notes,
            (Names{"fewer than 4 cores: loading GPU/G/full begins after the helper's first answer"}));
}

TEST(Plan, B431_the_quickest_pair_of_a_device_stands_for_it_whatever_its_place) {
  for (const double second : {1.0, 3.0, 5.0}) {
    PlanInput in = input({cpu()});
    const std::map<std::string, Record> records{{"CPU/E1/full", on_record({.run = 3})},
                                                {"CPU/E2/full", on_record({.run = second})}};
    in.records = lookup(records);
    EXPECT_EQ(devices_on_record(in)[0].run_ms, std::min(3.0, second));
  }
}

TEST(Plan, B425_records_matter_as_soon_as_there_are_two_ways_to_run) {
  PlanDevice device = gpu();
  device.engines = {engine_with("G", {.load_fast = 0, .load_full = 90, .run = 1})};
  EXPECT_TRUE(records_matter(std::vector{device})) << "fast and full";
  device.engines[0].report.ranks.load_fast = -1;
  EXPECT_FALSE(records_matter(std::vector{device}));
  device.engines.push_back(engine_with("H", {.run = 2}));
  EXPECT_TRUE(records_matter(std::vector{device})) << "two engines";
  EXPECT_FALSE(records_matter({}));
}

}  // namespace
}  // namespace baton::policy
