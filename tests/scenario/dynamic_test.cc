// SPDX-License-Identifier: Apache-2.0
// Copyright (C) 2026 The Baton authors
//
// Engines that run no dynamic shapes (B-1111), and engines that compile again for new shapes or at every change
// (B-1112).
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "scenario/machines.h"
#include "scenario/scenario.h"

namespace baton::test {
namespace {

using autodev::Options;
using autodev::PerformanceHint;
using policy::Reason;
using policy::Verdict;
using testing::HasSubstr;
using What = sim::Entry::What;

const std::string kStaticOnly = R"("dynamic_shapes": false)";

const policy::SelectionReport::Entry& candidate_in(const policy::SelectionReport& report, const std::string& device) {
  for (const auto& entry : report.candidates) {
    if (entry.device == device) return entry;
  }
  ADD_FAILURE() << "no candidate " << device;
  static const policy::SelectionReport::Entry none;
  return none;
}

Options cumulative() {
  Options options;
  options.hint = PerformanceHint::kCumulativeThroughput;
  options.hint_set = true;
  return options;
}

TEST(DynamicUnsupported, B1111_the_next_device_is_taken_and_the_reason_is_shown) {
  for (const std::string device : {"AUTO:GPU,CPU", "AUTO"}) {
    Machine machine(m3(kStaticOnly));
    auto model = machine.model(device, {}, dynamic_model());
    EXPECT_EQ(execution_devices(*model), "CPU");
    machine.infer_until(*model, 2000);
    machine.run_ms(5000);
    EXPECT_EQ(machine.recorder->count(What::kLoadStarted, "GPU"), 0u) << "not even in a second look";
    const auto report = model->report();
    EXPECT_EQ(candidate_in(report, "GPU").verdict, Verdict::kRejected);
    EXPECT_EQ(candidate_in(report, "GPU").reason, Reason::kDynamicUnsupported);
    EXPECT_THAT(candidate_in(report, "GPU").text, HasSubstr("x [?,4]"));
    EXPECT_EQ(pair_in(report, "GPU/G/full").reason, Reason::kDynamicUnsupported);
    EXPECT_THAT(machine.event_names(), testing::Contains("CANDIDATE_REJECTED GPU"));
  }
}

TEST(DynamicUnsupported, B1111_the_next_engine_of_the_device_is_taken) {
  Machine machine(m1(kStaticOnly));
  auto model = machine.model("AUTO", {}, dynamic_model());
  machine.infer_until(*model, 2000);
  EXPECT_EQ(execution_engines(*model), "E1");
  const auto report = model->report();
  EXPECT_EQ(pair_in(report, "CPU/E2/full").verdict, Verdict::kRejected);
  EXPECT_EQ(pair_in(report, "CPU/E2/full").reason, Reason::kDynamicUnsupported);
  EXPECT_THAT(pair_in(report, "CPU/E2/full").text, HasSubstr("E2 runs static shapes only"));
  EXPECT_EQ(candidate_in(report, "CPU").engine, "E1");
  EXPECT_EQ(machine.recorder->count(What::kLoadStarted), 2u) << "E1's two profiles";
}

TEST(DynamicUnsupported, B1111_nobody_left_is_an_error_that_names_the_inputs) {
  for (const std::string device : {"AUTO", "AUTO:GPU,CPU", "GPU", "MULTI:GPU,CPU"}) {
    Machine machine(m3(kStaticOnly, kStaticOnly));
    const auto compiled = machine.compile(device, {}, dynamic_model());
    ASSERT_FALSE(compiled.is_ok()) << device;
    EXPECT_EQ(compiled.status().code(), base::StatusCode::kNotFound);
    EXPECT_THAT(compiled.status().message(), HasSubstr("DYNAMIC_UNSUPPORTED"));
    EXPECT_THAT(compiled.status().message(), HasSubstr("x [?,4]"));
    EXPECT_EQ(machine.recorder->count(What::kLoadStarted), 0u);
    EXPECT_TRUE(machine.compile(device).is_ok()) << "the same with static shapes";
  }
}

TEST(DynamicUnsupported, B1111_what_the_users_engine_order_leaves_counts) {
  Options options;
  options.engine_priorities = {{"CPU", {"E2"}}};
  Machine machine(m1(kStaticOnly));
  const auto compiled = machine.compile("AUTO", options, dynamic_model());
  ASSERT_FALSE(compiled.is_ok());
  EXPECT_THAT(compiled.status().message(), HasSubstr("DYNAMIC_UNSUPPORTED"));
  EXPECT_THAT(compiled.status().message(), HasSubstr("x [?,4]"));
}

TEST(DynamicUnsupported, B1111_several_devices_serve_without_it) {
  Machine machine(m3(kStaticOnly));
  auto model = machine.model("AUTO:GPU,CPU", cumulative(), dynamic_model());
  machine.run_ms(3000);
  EXPECT_EQ(execution_devices(*model), "CPU");
  EXPECT_EQ(candidate_in(model->report(), "GPU").reason, Reason::kDynamicUnsupported);
}

TEST(DynamicUnsupported, B1111_what_it_alone_could_do_keeps_no_device_in_the_list) {
  // Only G computes in FP16; without it both devices offload, and the list decides.
  Machine machine(R"({"only": true,
    "devices": [{"name": "CPU", "kind": "cpu"}, {"name": "GPU", "kind": "dgpu"}],
    "pairs": [{"device": "CPU", "engine": "C", "load_ms": 10, "capabilities": ["FP32"]},
              {"device": "GPU", "engine": "G", "load_ms": 10, "capabilities": ["FP16"], "dynamic_shapes": false},
              {"device": "GPU", "engine": "H", "load_ms": 10, "capabilities": ["FP32"]}]})");
  Options half;
  half.inference_precision = "f16";
  half.startup_fallback = false;
  EXPECT_EQ(execution_devices(*machine.model("AUTO:CPU,GPU", half)), "GPU");
  EXPECT_EQ(execution_devices(*machine.model("AUTO:CPU,GPU", half, dynamic_model())), "CPU");
}

// ---------------------------------------------------------------------------------------------------------------------

/// One inference after the other, each with as many rows as `rows` says.
void infer_rows(Machine& machine, autodev::AutoModel& model, double end_ms, const std::function<std::size_t()>& rows) {
  while (machine.now_ms() < end_ms) {
    Request request(1, rows());
    model.infer(request);
    EXPECT_TRUE(request.status.is_ok()) << request.status.message();
  }
}

TEST(ShapeCompiles, B817_B1112_runs_that_compile_are_left_out_of_the_service_time) {
  Machine machine(m3(R"("shape_compile_ms": 500, "batch_item_ms": 0)", R"("batch_item_ms": 0)"));
  Options options = cumulative();
  options.schedule_policy = policy::SchedulePolicy::kEarliestFinish;
  auto model = machine.model("AUTO:GPU,CPU", options, dynamic_model());
  machine.run_ms(3000);
  ASSERT_EQ(execution_devices(*model), "GPU CPU");
  const auto service_ms = [&] { return pair_in(model->report(), "GPU/G/full").figures.at("service_ms"); };
  EXPECT_NEAR(service_ms(), 2, 0.1) << "the warm-up ran once more after its compile";
  std::size_t rows = 10;
  infer_rows(machine, *model, machine.now_ms() + 6000, [&rows] { return ++rows; });
  EXPECT_GT(rows, 20u);
  EXPECT_NEAR(service_ms(), 2, 0.1);
  infer_rows(machine, *model, machine.now_ms() + 100, [] { return 11; });
  EXPECT_EQ(machine.recorder->entries(What::kRunStarted).back().device, "GPU") << "its place is what it was";
}

TEST(ShapeCompiles, B817_B1112_runs_at_shapes_it_has_had_count) {
  Machine machine(m3(R"("shape_compile_ms": 500, "batch_item_ms": 30)"));
  auto model = machine.model("AUTO:GPU,CPU", cumulative(), dynamic_model());
  machine.run_ms(3000);
  infer_rows(machine, *model, machine.now_ms() + 8000, [] { return 2; });
  EXPECT_NEAR(pair_in(model->report(), "GPU/G/full").figures.at("service_ms"), 32, 1);
}

TEST(ShapeCompiles, B535_B1112_a_newcomers_compile_is_no_part_of_its_speed) {
  for (const std::string where : {"GPU", "CPU"}) {
    const std::string extra = R"("shape_compile_ms": 400, "batch_item_ms": 0)";
    Machine machine(where == "GPU" ? m3(extra, R"("batch_item_ms": 0)") : m1(extra));
    auto model = machine.model(where == "GPU" ? "AUTO:GPU,CPU" : "AUTO", {}, dynamic_model());
    infer_rows(machine, *model, 4000, [] { return 1; });
    const std::string pair = where == "GPU" ? "GPU/G/full" : "CPU/E2/full";
    EXPECT_TRUE(execution_engines(*model) == "G" || execution_engines(*model) == "E2") << where;
    const auto report = model->report();
    const auto& figures = pair_in(report, pair).figures;
    EXPECT_NEAR(figures.at("newcomer_ms"), where == "GPU" ? 2 : 8, 0.1);
    EXPECT_NEAR(figures.at("ratio"), where == "GPU" ? 0.1 : 0.4, 0.01);
    EXPECT_GT(figures.at("warm_up_ms"), 400) << "it is not hidden";
  }
}

TEST(ShapeCompiles, B535_B1112_nor_is_the_serving_rungs_compile_for_a_user) {
  // E2 takes longer than E1; only beside E1's compiles for the user's shapes it would look good.
  const std::string script = R"({"only": true,
    "devices": [{"name": "CPU", "kind": "cpu"}],
    "pairs": [
      {"device": "CPU", "engine": "E1", "load_ms": 40, "run_ms": 20, "batch_item_ms": 0, "shape_compile_ms": 100,
       "run_rank": 20},
      {"device": "CPU", "engine": "E2", "load_ms": 300, "run_ms": 30, "batch_item_ms": 0, "run_rank": 10}]})";
  Machine machine(script);
  auto model = machine.model("AUTO", {}, dynamic_model());
  std::size_t rows = 1;
  infer_rows(machine, *model, 4000, [&rows] { return ++rows; });
  EXPECT_EQ(execution_engines(*model), "E1");
  const auto report = model->report();
  const auto& refused = pair_in(report, "CPU/E2/full");
  EXPECT_EQ(refused.reason, Reason::kSlowerThanHelper) << refused.text;
  EXPECT_NEAR(refused.figures.at("serving_ms"), 20, 0.1);
  EXPECT_NEAR(refused.figures.at("ratio"), 1.5, 0.01);
}

TEST(ShapeCompiles, B535_runs_of_users_at_other_shapes_are_not_compared) {
  // Each row takes its time: eight of a user's against the sample's one would make E2 look good.
  const std::string script = R"({"only": true,
    "devices": [{"name": "CPU", "kind": "cpu"}],
    "pairs": [
      {"device": "CPU", "engine": "E1", "load_ms": 40, "run_ms": 10, "batch_item_ms": 10, "run_rank": 20},
      {"device": "CPU", "engine": "E2", "load_ms": 300, "run_ms": 15, "batch_item_ms": 15, "run_rank": 10}]})";
  Machine machine(script);
  auto model = machine.model("AUTO", {}, dynamic_model());
  machine.run_ms(300);
  bool first = true;
  infer_rows(machine, *model, 4000, [&first] { return std::exchange(first, false) ? 1 : 8; });
  EXPECT_EQ(execution_engines(*model), "E1");
  const auto report = model->report();
  EXPECT_NEAR(pair_in(report, "CPU/E2/full").figures.at("ratio"), 1.5, 0.01);
}

TEST(ShapeCompiles, B535_B1112_as_many_at_a_time_as_are_compared_have_compiled) {
  Options options;
  options.hint = PerformanceHint::kThroughput;
  Machine machine(m3(R"("slots": 4, "shape_compile_ms": 400, "batch_item_ms": 0)",
                     R"("slots": 4, "shape_compile_ms": 50, "batch_item_ms": 0)"));
  auto model = machine.model("AUTO:GPU,CPU", options, dynamic_model());
  machine.run_ms(5000);  // nobody infers: a user's run would take one of the slots
  ASSERT_EQ(execution_devices(*model), "GPU");
  EXPECT_NEAR(pair_in(model->report(), "GPU/G/full").figures.at("ratio"), 0.1, 0.01);
}

// ---------------------------------------------------------------------------------------------------------------------

/// The GPU needs 2 ms, and 60 more whenever shapes change; the CPU 5 ms.
std::string forgetful_gpu() {
  return m3(R"("batch_item_ms": 0, "shape_compile_ms": 60, "forgets_shapes": true)",
            R"("batch_item_ms": 0, "run_ms": 5)");
}

/// Every `every`-th request has two rows, the others one.
std::function<std::size_t()> rows_that_change(std::size_t every) {
  return [every, count = std::size_t{0}]() mutable { return ++count % every == 0 ? 2 : 1; };
}

TEST(ShapeChanges, B535_B1112_a_newcomer_is_charged_for_the_changes_that_users_make) {
  Machine machine(forgetful_gpu());
  auto model = machine.model("AUTO", {}, dynamic_model());
  infer_rows(machine, *model, 6000, rows_that_change(2));
  EXPECT_EQ(execution_devices(*model), "CPU");
  const auto report = model->report();
  const auto& gpu = pair_in(report, "GPU/G/full");
  EXPECT_EQ(gpu.reason, Reason::kSlowerThanHelper);
  EXPECT_NEAR(gpu.figures.at("newcomer_changes_ms"), 62, 1);
  EXPECT_NEAR(gpu.figures.at("newcomer_ms"), 2, 0.1) << "what it takes where they do not change";
  EXPECT_THAT(gpu.text, HasSubstr("what changing shapes cost per inference: target 6"));
}

TEST(ShapeChanges, B1112_rare_changes_leave_it_the_better_one) {
  Machine machine(forgetful_gpu());
  auto model = machine.model("AUTO", {}, dynamic_model());
  infer_rows(machine, *model, 20'000, rows_that_change(100));
  EXPECT_EQ(execution_devices(*model), "GPU");
}

TEST(ShapeChanges, B553_B1112_a_program_that_begins_to_change_shapes_goes_back) {
  for (const auto hint : {PerformanceHint::kLatency, PerformanceHint::kThroughput}) {
    Machine machine(forgetful_gpu());
    Options options;
    options.hint = hint;
    auto model = machine.model("AUTO", options, dynamic_model());
    infer_rows(machine, *model, 6000, [] { return 1; });
    ASSERT_EQ(execution_devices(*model), "GPU");
    const auto rows = rows_that_change(2);
    int slow = 0;
    for (int i = 0; i < 400; ++i) {
      Request request(1, rows());
      const double began = machine.now_ms();
      model->infer(request);
      ASSERT_TRUE(request.status.is_ok());
      slow += machine.now_ms() - began > 50 ? 1 : 0;
    }
    EXPECT_EQ(execution_devices(*model), "CPU");
    EXPECT_LT(slow, 30);
    EXPECT_THAT(machine.event_names(), testing::Contains("SECOND_LOOK CPU"));
    infer_rows(machine, *model, machine.now_ms() + 5000, rows_that_change(2));
    EXPECT_EQ(execution_devices(*model), "CPU") << "once and for all";
  }
}

TEST(ShapeChanges, B553_B1112_also_where_a_second_look_goes_on_when_they_begin) {
  const std::string script = R"({"only": true,
    "devices": [{"name": "CPU", "kind": "cpu"}, {"name": "GPU", "kind": "dgpu"}],
    "pairs": [
      {"device": "CPU", "engine": "E1", "profile": "fast", "load_ms": 40, "run_ms": 20, "batch_item_ms": 0},
      {"device": "CPU", "engine": "E1", "load_ms": 2000, "run_ms": 16, "batch_item_ms": 0, "run_rank": 20},
      {"device": "CPU", "engine": "E2", "load_ms": 1000, "run_ms": 5, "batch_item_ms": 0, "run_rank": 10},
      {"device": "GPU", "engine": "G", "load_ms": 1000, "run_ms": 2, "batch_item_ms": 0, "run_rank": 1,
       "shape_compile_ms": 60, "forgets_shapes": true, "cpu_heavy_load": false}]})";
  for (const double steady_ms : {500.0, 2500.0, 4000.0, 8000.0}) {
    Machine machine(script);
    auto model = machine.model("AUTO", {}, dynamic_model());
    while (execution_devices(*model) != "GPU") infer_rows(machine, *model, machine.now_ms() + 20, [] { return 1; });
    infer_rows(machine, *model, machine.now_ms() + steady_ms, [] { return 1; });
    infer_rows(machine, *model, machine.now_ms() + 15'000, rows_that_change(2));
    EXPECT_EQ(execution_devices(*model) + execution_engines(*model), "CPUE2") << steady_ms;
  }
}

TEST(ShapeChanges, B537_B1112_an_order_of_devices_is_an_order) {
  Machine machine(forgetful_gpu());
  auto model = machine.model("AUTO:GPU,CPU", {}, dynamic_model());
  infer_rows(machine, *model, 6000, rows_that_change(2));
  EXPECT_EQ(execution_devices(*model), "GPU");
}

TEST(ShapeChanges, B817_B1112_they_are_part_of_the_service_time_of_one_that_forgets) {
  Machine machine(forgetful_gpu());
  auto model = machine.model("AUTO:GPU,CPU", cumulative(), dynamic_model());
  machine.run_ms(3000);
  infer_rows(machine, *model, machine.now_ms() + 8000, rows_that_change(2));
  EXPECT_NEAR(pair_in(model->report(), "GPU/G/full").figures.at("service_ms"), 62, 1);
}

}  // namespace
}  // namespace baton::test
