// SPDX-License-Identifier: Apache-2.0
// Copyright (C) 2026 The Baton authors
//
// Section 8 of the behaviour specification, CUMULATIVE_THROUGHPUT and MULTI: start and numbers of requests.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "scenario/cumulative_machines.h"

namespace baton::test {
namespace {

using autodev::Options;
using autodev::PerformanceHint;
using policy::Reason;
using policy::Verdict;
using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsSupersetOf;
using ::testing::Not;
using ::testing::Pair;
using ::testing::UnorderedElementsAre;
using What = sim::Entry::What;

TEST(Cumulative, B801_B802_serves_as_soon_as_one_device_can_and_the_others_join) {
  Machine machine(m2());
  auto model = machine.model("AUTO", cumulative());
  EXPECT_NEAR(machine.now_ms(), 50 + 20, 1) << "loaded and warmed up";
  EXPECT_EQ(phase(*model), "STEADY");
  EXPECT_EQ(execution_devices(*model), "CPU");
  EXPECT_FALSE(model->wait_until_steady(base::Duration(0))) << "two are still loading (B-551)";
  const auto loads = machine.recorder->entries(What::kLoadStarted);
  ASSERT_EQ(loads.size(), 3u);
  for (const auto& load : loads) EXPECT_EQ(load.at_ms, 0) << "in parallel";

  machine.run_ms(300);
  EXPECT_EQ(execution_devices(*model), "GPU.0 CPU") << "in order of ranking (B-804)";
  EXPECT_TRUE(model->wait_until_steady(std::nullopt));
  EXPECT_EQ(execution_devices(*model), "GPU.1 GPU.0 CPU");
  EXPECT_EQ(execution_engines(*model), "E_GPU E_GPU E_CPU");
  machine.run_ms(1);  // listeners hear of it on a thread of their own
  EXPECT_THAT(machine.event_names(), IsSupersetOf({"DEVICE_JOINED GPU.0", "DEVICE_JOINED GPU.1"}));
  EXPECT_THAT(machine.event_names(), Not(Contains("DEVICE_JOINED CPU"))) << "compile_model's return says that";
  EXPECT_EQ(model->snapshot().generation, 1u);
}

TEST(Cumulative, B530_B803_each_device_is_warmed_up_before_it_serves) {
  for (const char* first_ms :
       {"100", "2500"}) {  // a search beside busy devices was seen to take more than all of B-530
    Machine machine(
        m2("", R"("first_run_ms": 80)", R"("lazy_first_run": true, "first_run_ms": )" + std::string(first_ms)));
    auto model = machine.model("AUTO", cumulative());
    ASSERT_TRUE(model->wait_until_steady(std::nullopt));
    for (const sim::Entry& run : machine.recorder->entries(What::kRunStarted))
      EXPECT_LE(run.at_ms, machine.now_ms()) << "nobody has asked for anything yet: " << run.to_string();
    EXPECT_GE(machine.recorder->count(What::kRunEnded, "GPU.0"), 2u) << "the first run is no measure";
    const auto report = model->report();
    EXPECT_NEAR(pair_in(report, "GPU.0/E_GPU/full").figures.at("service_ms"), 5, 0.1) << "B-817";
    EXPECT_NEAR(pair_in(report, "GPU.1/E_GPU/full").figures.at("service_ms"), 2, 0.1) << first_ms;
  }
}

TEST(Cumulative, B803_a_device_whose_warm_up_fails_does_not_join) {
  Machine machine(m2("", R"("run_failures": [{"message": "kernel error"}])"));
  auto model = machine.model("AUTO", cumulative());
  ASSERT_TRUE(model->wait_until_steady(std::nullopt));
  EXPECT_EQ(execution_devices(*model), "GPU.1 CPU");
  const auto entry = pair_in(model->report(), "GPU.0/E_GPU/full");
  EXPECT_EQ(entry.verdict, Verdict::kFailed);
  EXPECT_EQ(entry.reason, Reason::kWarmupFailed);
  EXPECT_THAT(entry.text, HasSubstr("kernel error"));
  machine.run_ms(10);
  EXPECT_EQ(machine.recorder->count(What::kReleased, "GPU.0"), 1u);
}

TEST(Cumulative, B803_a_warm_up_that_hangs_is_given_up) {
  Machine machine(m2("", R"("run_failures": [{"class": "HANG"}])"));
  auto model = machine.model("AUTO", cumulative());
  machine.run_ms(11000);
  EXPECT_TRUE(model->wait_until_steady(base::Duration(0)));
  EXPECT_EQ(execution_devices(*model), "GPU.1 CPU");
}

TEST(Cumulative, B803_outputs_are_compared_when_the_user_asks_for_it) {
  const std::string script = m2("", R"("output_error": {"bias": 0.5})");
  {
    Machine machine(script);
    auto model = machine.model("AUTO", cumulative());
    ASSERT_TRUE(model->wait_until_steady(std::nullopt));
    EXPECT_EQ(execution_devices(*model), "GPU.1 GPU.0 CPU") << "no checks between devices";
  }
  Options options = cumulative();
  options.output_check = autodev::CheckMode::kRefuse;
  options.output_check_set = true;
  Machine machine(script);
  auto model = machine.model("AUTO", options);
  ASSERT_TRUE(model->wait_until_steady(std::nullopt));
  EXPECT_EQ(execution_devices(*model), "GPU.1 CPU");
  EXPECT_EQ(pair_in(model->report(), "GPU.0/E_GPU/full").reason, Reason::kOutputMismatch);

  options.output_check = autodev::CheckMode::kWarn;
  Machine warned(script);
  auto all = warned.model("AUTO", options);
  ASSERT_TRUE(all->wait_until_steady(std::nullopt));
  EXPECT_EQ(execution_devices(*all), "GPU.1 GPU.0 CPU");
}

TEST(Cumulative, B804_an_explicit_list_keeps_its_order) {
  Machine machine(m2());
  auto model = machine.model("AUTO:CPU,GPU.1,GPU.0", cumulative());
  ASSERT_TRUE(model->wait_until_steady(std::nullopt));
  EXPECT_EQ(execution_devices(*model), "CPU GPU.1 GPU.0");
  EXPECT_THAT(model->snapshot().accepted_devices, ElementsAre("CPU", "GPU.1", "GPU.0")) << "B-805";
}

TEST(Cumulative, B806_a_device_that_does_not_load_leaves_and_nobody_is_told_by_an_exception) {
  Machine machine(m2(R"("load_failures": [{"message": "no memory"}])"));
  auto model = machine.model("AUTO", cumulative());
  EXPECT_NEAR(machine.now_ms(), 300 + 5, 1);
  ASSERT_TRUE(model->wait_until_steady(std::nullopt));
  EXPECT_EQ(execution_devices(*model), "GPU.1 GPU.0");
  EXPECT_THAT(machine.event_names(), Contains("CANDIDATE_FAILED CPU"));
  for (const auto& entry : model->report().candidates) {
    if (entry.device == "CPU") {
      EXPECT_EQ(entry.verdict, Verdict::kFailed);
      EXPECT_EQ(entry.reason, Reason::kLoadFailed);
    } else {
      EXPECT_EQ(entry.verdict, Verdict::kServing);
    }
  }
}

TEST(Cumulative, B602_B806_all_failing_is_one_error_with_every_attempt) {
  const std::string bad = R"("load_failures": [{"message": "does not load"}])";
  for (const auto& [text, tag] : {std::pair{"AUTO:GPU.0,CPU", "[AUTO]"}, std::pair{"MULTI:GPU.0,CPU", "[MULTI]"}}) {
    Machine machine(m2(bad, bad));
    const auto model = machine.compile(text, cumulative());
    ASSERT_FALSE(model.is_ok());
    EXPECT_EQ(model.status().code(), base::StatusCode::kCompileFailed);
    EXPECT_EQ(model.status().message(),
              std::string(tag) + " compile model failed, CPU:[E_CPU] does not load; " + "GPU.0:[E_GPU] does not load;");
  }
}

TEST(Cumulative, B601_B809_one_engine_per_device_the_best_and_the_next_when_it_does_not_load) {
  const auto script = [](const std::string& best_extra) {
    return machine_of(
        {device("CPU", "cpu"), device("GPU", "dgpu")},
        {pair("CPU", R"("run_ms": 5, "run_rank": 20)", "SLOW"),
         pair("CPU", R"("run_ms": 2, "run_rank": 10)" + best_extra, "QUICK"), pair("GPU", R"("run_ms": 1)")});
  };
  Machine machine(script(""));
  auto model = machine.model("AUTO", cumulative());
  ASSERT_TRUE(model->wait_until_steady(std::nullopt));
  EXPECT_EQ(execution_engines(*model), "E_GPU QUICK");
  EXPECT_EQ(machine.recorder->count(What::kLoadStarted, "CPU"), 1u);

  Machine failing(script(R"(, "load_failures": [{}])"));
  auto second = failing.model("AUTO", cumulative());
  ASSERT_TRUE(second->wait_until_steady(std::nullopt));
  EXPECT_EQ(execution_engines(*second), "E_GPU SLOW");

  Machine lost(script(R"(, "load_failures": [{"class": "DEVICE_LOST"}])"));
  auto third = lost.model("AUTO", cumulative());
  ASSERT_TRUE(third->wait_until_steady(std::nullopt));
  EXPECT_EQ(execution_devices(*third), "GPU") << "the device is done";
}

TEST(Cumulative, B607_a_load_that_takes_too_long_is_given_up) {
  Options options = cumulative();
  options.compile_timeout_ms = 400;
  Machine machine(m2());
  auto model = machine.model("AUTO", options);
  ASSERT_TRUE(model->wait_until_steady(std::nullopt));
  EXPECT_EQ(execution_devices(*model), "GPU.0 CPU");
  EXPECT_EQ(pair_in(model->report(), "GPU.1/E_GPU/full").reason, Reason::kLoadTimeout);
}

TEST(Cumulative, B607_what_comes_too_late_changes_nothing) {
  Options options = cumulative();
  options.compile_timeout_ms = 100;
  Machine machine(machine_of(
      {device("CPU", "cpu"), device("GPU", "dgpu")},
      {pair("CPU", R"("run_ms": 50)"), pair("GPU", R"("load_ms": 500, "cancel_load": false, "run_rank": 1)", "LATE"),
       pair("GPU", R"("load_ms": 10, "run_rank": 2)", "PROMPT")}));
  auto model = machine.model("AUTO:GPU,CPU", options);
  ASSERT_TRUE(model->wait_until_steady(std::nullopt));
  EXPECT_EQ(execution_engines(*model), "PROMPT E_CPU");
  machine.run_ms(1000);
  EXPECT_EQ(machine.recorder->count(What::kReleased, "GPU", "LATE"), 1u);
  Request request;
  model->infer(request);
  EXPECT_EQ(request.engine, "PROMPT");
}

TEST(Cumulative, B807_three_gpus_leave_out_the_cpu_of_a_default_list_only) {
  const std::string script =
      machine_of({device("CPU", "cpu"), device("GPU.0", "dgpu"), device("GPU.1", "dgpu"), device("GPU.2", "igpu")},
                 {pair("CPU", ""), pair("GPU.0", ""), pair("GPU.1", ""), pair("GPU.2", "")});
  Machine machine(script);
  auto model = machine.model("AUTO", cumulative());
  ASSERT_TRUE(model->wait_until_steady(std::nullopt));
  EXPECT_EQ(execution_devices(*model), "GPU.0 GPU.1 GPU.2");
  for (const auto& entry : model->report().candidates) {
    if (entry.device == "CPU") {
      EXPECT_EQ(entry.reason, Reason::kCpuLeftToGpus);
    }
  }
  auto named = machine.model("AUTO:CPU,GPU", cumulative());
  ASSERT_TRUE(named->wait_until_steady(std::nullopt));
  EXPECT_EQ(execution_devices(*named), "CPU GPU.0 GPU.1 GPU.2");
  auto without = machine.model("AUTO:-GPU.2", cumulative());
  ASSERT_TRUE(without->wait_until_steady(std::nullopt));
  EXPECT_EQ(execution_devices(*without), "GPU.0 GPU.1 CPU") << "two GPUs are fed by a CPU that works itself";
  auto latency = machine.model("AUTO");
  EXPECT_THAT(latency->snapshot().accepted_devices, Contains("CPU")) << "no rule of the other hints";
}

TEST(Cumulative, B808_one_candidate_passes_through_for_throughput) {
  Machine machine(m2());
  for (const char* text : {"AUTO:GPU.1", "MULTI:GPU.1", "AUTO:GPU.1,NPU"}) {
    machine.recorder->clear();
    auto model = machine.model(text, cumulative());
    EXPECT_EQ(phase(*model), "STEADY") << text;
    EXPECT_EQ(execution_devices(*model), "GPU.1");
    machine.run_ms(3000);
    const auto loads = machine.recorder->entries(What::kLoadStarted);
    ASSERT_EQ(loads.size(), 1u) << text;
    EXPECT_EQ(loads[0].hint, engine::Hint::kThroughput);
  }
  EXPECT_TRUE(machine.shared.registrations().empty()) << "B-418";
}

TEST(Cumulative, B418_B628_a_single_device_that_returns_neither_registers_nor_is_blocked) {
  const std::string lost_once = R"("run_failures": [{"from": 2, "to": 2, "class": "DEVICE_LOST"}])";
  for (const char* text : {"AUTO:GPU.1", "MULTI:GPU.1"}) {
    Machine machine(m2("", "", lost_once));
    auto model = machine.model(text, cumulative());
    Request good;
    model->infer(good);
    Request failing;
    model->infer(failing);
    EXPECT_EQ(failing.status.code(), base::StatusCode::kDeviceLost) << text;
    EXPECT_EQ(phase(*model), "FAILED");
    Options high;
    high.model_priority = policy::ModelPriority::kHigh;
    auto holder = machine.model("AUTO:GPU.1", high);
    machine.run_ms(5000);
    EXPECT_EQ(phase(*model), "STEADY") << text;
    EXPECT_EQ(execution_devices(*model), "GPU.1");
    holder->close();
    EXPECT_TRUE(machine.shared.registrations().empty());
  }
}

TEST(Cumulative, B901_B916_a_device_that_batches_does_so_here_too) {
  Machine machine(R"({"only": true,
    "devices": [{"name": "CPU", "kind": "cpu"},
                {"name": "GPU", "kind": "dgpu", "capabilities": ["BATCHED_BLOB", "FP32"]}],
    "pairs": [{"device": "CPU", "engine": "C", "load_ms": 50, "run_ms": 40},
              {"device": "GPU", "engine": "G", "load_ms": 100, "run_ms": 10, "optimal_batch": 8, "batch_item_ms": 1}]})");
  auto model = machine.model("AUTO:GPU,CPU", cumulative());
  machine.run_ms(1000);
  EXPECT_EQ(machine.recorder->count(What::kLoadStarted, "GPU"), 2u) << "batch 1 and batch 8";
  EXPECT_EQ(model->snapshot().optimal_requests, 9u);
  const std::size_t before = machine.recorder->count(What::kRunStarted, "GPU");
  Load load(machine, *model, 8);
  machine.run_ms(1000);
  EXPECT_TRUE(std::all_of(load.requests.begin(), load.requests.end(),
                          [](const auto& request) { return request->done() && request->status.is_ok(); }));
  EXPECT_EQ(machine.recorder->count(What::kRunStarted, "GPU"), before + 1);
}

TEST(Cumulative, B703_every_device_is_told_throughput_unless_it_has_a_hint_of_its_own) {
  Machine machine(m2());
  machine.properties.devices["GPU.0"]["PERFORMANCE_HINT"] = "LATENCY";
  auto model = machine.model("AUTO", cumulative());
  ASSERT_TRUE(model->wait_until_steady(std::nullopt));
  std::map<std::string, engine::Hint> told;
  for (const auto& load : machine.recorder->entries(What::kLoadStarted)) told[load.device] = load.hint;
  EXPECT_EQ(told["CPU"], engine::Hint::kThroughput);
  EXPECT_EQ(told["GPU.0"], engine::Hint::kLatency);
  EXPECT_EQ(told["GPU.1"], engine::Hint::kThroughput);
}

TEST(Cumulative, B704_multi_serves_throughput_whatever_the_hint) {
  Options options;
  options.hint = PerformanceHint::kLatency;
  options.hint_set = true;
  Machine machine(m2());
  auto model = machine.model("MULTI:GPU,CPU", options);
  ASSERT_TRUE(model->wait_until_steady(std::nullopt));
  EXPECT_EQ(execution_devices(*model), "GPU.0 GPU.1 CPU");
  for (const auto& load : machine.recorder->entries(What::kLoadStarted))
    EXPECT_EQ(load.hint, engine::Hint::kThroughput);
  EXPECT_THAT(model->report().notes, Contains(HasSubstr("PERFORMANCE_HINT is ignored")));
  EXPECT_EQ(model->report().mode, "MULTI");

  auto silent = machine.model("MULTI:GPU,CPU");
  EXPECT_THAT(silent->report().notes, Not(Contains(HasSubstr("PERFORMANCE_HINT"))));
}

TEST(Cumulative, B418_B801_no_occupancy_and_no_precision_filter) {
  const std::string script = machine_of({R"({"name": "CPU", "kind": "cpu", "capabilities": ["INT8"]})",
                                         R"({"name": "GPU", "kind": "dgpu", "capabilities": ["FP32"]})"},
                                        {pair("CPU", ""), pair("GPU", "")});
  Machine machine(script);
  Options high;
  high.model_priority = policy::ModelPriority::kHigh;
  auto holder = machine.model("AUTO:GPU", high);
  auto model = machine.model("AUTO", cumulative());
  ASSERT_TRUE(model->wait_until_steady(std::nullopt));
  EXPECT_EQ(execution_devices(*model), "GPU CPU") << "held by a model of higher priority; without the label";
}

TEST(Cumulative, B824_B1412_a_stateful_model_runs_on_one_device) {
  Machine machine(m2());
  const auto several = machine.compile("AUTO:GPU.0,CPU", cumulative(), stateful_model());
  ASSERT_FALSE(several.is_ok());
  EXPECT_EQ(several.status().code(), base::StatusCode::kInvalidArgument);
  EXPECT_THAT(several.status().message(), HasSubstr("stateful"));
  EXPECT_THAT(several.status().message(), HasSubstr("GPU.0, CPU"));
  EXPECT_EQ(machine.recorder->count(What::kLoadStarted), 0u);
  EXPECT_FALSE(machine.compile("MULTI:GPU", Options{}, stateful_model()).is_ok());
  EXPECT_TRUE(machine.compile("AUTO:GPU.0", cumulative(), stateful_model()).is_ok());
}

TEST(Cumulative, B1302_the_report_says_how_work_is_divided) {
  Machine machine(m2());
  auto model = machine.model("AUTO", cumulative());
  EXPECT_EQ(model->report().mode, "CUMULATIVE_THROUGHPUT");
  EXPECT_THAT(model->report().notes, Contains("scheduled by EARLIEST_FINISH"));
  std::map<std::string, Verdict> verdicts;
  for (const auto& entry : model->report().candidates) verdicts[entry.device] = entry.verdict;
  EXPECT_THAT(verdicts, UnorderedElementsAre(Pair("CPU", Verdict::kServing), Pair("GPU.0", Verdict::kStandby),
                                             Pair("GPU.1", Verdict::kStandby)));
}

TEST(Cumulative, B1307_explain_predicts_who_will_serve_and_loads_nothing) {
  Machine machine(m2());
  autodev::CompileSpec spec = machine.spec("AUTO:GPU.1,CPU", cumulative());
  const auto report = autodev::AutoModel::explain(machine.environment, spec);
  ASSERT_TRUE(report.is_ok());
  for (const auto& entry : report->candidates) EXPECT_EQ(entry.verdict, Verdict::kServing);
  EXPECT_EQ(machine.recorder->count(What::kLoadStarted), 0u);
}

// ---------------------------------------------------------------------------------------------------------------------
// Numbers of requests

TEST(Cumulative, B718_the_optimal_number_is_the_sum_of_what_is_loaded_and_predicted) {
  const std::string script = machine_of(
      {device("CPU", "cpu"), R"({"name": "GPU", "kind": "dgpu", "properties": {"RANGE_FOR_STREAMS": "1 3"}})",
       device("NPU", "accelerator")},
      {pair("CPU", R"("load_ms": 10, "slots": 2)"), pair("GPU", R"("load_ms": 100, "slots": 5)"),
       pair("NPU", R"("load_ms": 200, "slots": 7)")});
  Machine machine(script);
  auto model = machine.model("AUTO", cumulative());
  EXPECT_EQ(model->snapshot().optimal_requests, 2u + 6u + 8u) << "two of its own, twice three streams, an NPU";
  machine.run_ms(110);
  EXPECT_EQ(model->snapshot().optimal_requests, 2u + 5u + 8u);
  ASSERT_TRUE(model->wait_until_steady(std::nullopt));
  EXPECT_EQ(model->snapshot().optimal_requests, 2u + 5u + 7u);

  Options capped = cumulative();
  capped.num_requests = 3;
  auto few = machine.model("AUTO", capped);
  EXPECT_EQ(few->snapshot().optimal_requests, 3u) << "B-707";
}

TEST(Cumulative, B718_devices_that_left_count_for_nothing) {
  Machine machine(m2(R"("slots": 2)", R"("load_failures": [{}])", R"("slots": 3)"));
  auto model = machine.model("AUTO", cumulative());
  ASSERT_TRUE(model->wait_until_steady(std::nullopt));
  EXPECT_EQ(model->snapshot().optimal_requests, 5u);
}

TEST(Cumulative, B710_B146_the_list_counts_workers) {
  Machine machine(machine_of_workers());
  auto model = machine.model("AUTO:CPU(2),GPU(4)", cumulative());
  ASSERT_TRUE(model->wait_until_steady(std::nullopt));
  EXPECT_EQ(model->snapshot().optimal_requests, 10u);
  const std::size_t before = machine.recorder->count(What::kRunStarted);
  Load load(machine, *model, 10);
  const auto runs = runs_since(machine, before);
  EXPECT_EQ(std::count(runs.begin(), runs.end(), "CPU"), 2);
  EXPECT_EQ(std::count(runs.begin(), runs.end(), "GPU.1"), 4);
  load.finish();
}

TEST(Cumulative, B710_requests_that_wait_inside_an_engine_are_workers_but_not_counted) {
  struct Case {
    std::string list;
    int on_cpu;
    std::uint32_t infer_timeout_ms = 0;
  };
  const std::string machine_text =
      machine_of({device("CPU", "cpu"), device("GPU", "dgpu")},
                 {pair("CPU", R"("run_ms": 10, "slots": 4, "waiting_requests": 2)"), pair("GPU", R"("run_ms": 10)")});
  for (const Case& c : {Case{"AUTO:CPU,GPU", 6}, Case{"AUTO:CPU(4),GPU", 4}, Case{"AUTO:CPU,GPU", 4, 1000}}) {
    Machine machine(machine_text);
    Options options = cumulative();
    options.infer_timeout_ms = c.infer_timeout_ms;
    auto model = machine.model(c.list, options);
    ASSERT_TRUE(model->wait_until_steady(std::nullopt));
    EXPECT_EQ(model->snapshot().optimal_requests, 5u) << c.list;
    const std::size_t before = machine.recorder->count(What::kRunStarted);
    Load load(machine, *model, 7);
    const auto runs = runs_since(machine, before);
    EXPECT_EQ(std::count(runs.begin(), runs.end(), "CPU"), c.on_cpu) << c.list;
    load.finish();
  }
}

TEST(Cumulative, B805_loaded_from_cache_needs_every_device) {
  Machine machine(m2());
  auto model = machine.model("AUTO", cumulative());
  EXPECT_FALSE(model->snapshot().loaded_from_cache);
}

}  // namespace
}  // namespace baton::test
