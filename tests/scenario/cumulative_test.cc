// SPDX-License-Identifier: Apache-2.0
// Copyright (C) 2026 The Baton authors
//
// Section 8 of the behaviour specification: CUMULATIVE_THROUGHPUT and MULTI.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <map>

#include "scenario/scenario.h"

namespace baton::test {
namespace {

using autodev::Options;
using autodev::PerformanceHint;
using policy::Reason;
using policy::SchedulePolicy;
using policy::Verdict;
using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::Gt;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::IsSupersetOf;
using ::testing::Not;
using ::testing::Pair;
using ::testing::UnorderedElementsAre;
using What = sim::Entry::What;

Options cumulative() {
  Options options;
  options.hint = PerformanceHint::kCumulativeThroughput;
  options.hint_set = true;
  return options;
}

Options by(SchedulePolicy policy) {
  Options options = cumulative();
  options.schedule_policy = policy;
  return options;
}

/// One device of a machine: keys of its pair beside "device" and "engine".
std::string device(const std::string& name, const std::string& kind) {
  return R"({"name": ")" + name + R"(", "kind": ")" + kind + R"("})";
}
std::string pair(const std::string& name, const std::string& extra, const std::string& engine = {}) {
  return R"({"device": ")" + name + R"(", "engine": ")" + (engine.empty() ? "E_" + name.substr(0, 3) : engine) +
         R"(")" + (extra.empty() ? "" : ", " + extra) + "}";
}
std::string machine_of(const std::vector<std::string>& devices, const std::vector<std::string>& pairs,
                       const std::string& engines = "") {
  std::string text = R"({"only": true, "devices": [)";
  for (const std::string& d : devices) text += (text.back() == '[' ? "" : ", ") + d;
  text += R"(], "engines": [)" + engines + R"(], "pairs": [)";
  for (const std::string& p : pairs) text += (text.back() == '[' ? "" : ", ") + p;
  return text + "]}";
}

/// M2: a CPU and two GPUs, the better the later they are ready.
std::string m2(const std::string& cpu = "", const std::string& gpu0 = "", const std::string& gpu1 = "") {
  const auto and_then = [](const std::string& extra) { return extra.empty() ? "" : ", " + extra; };
  return machine_of({device("CPU", "cpu"), device("GPU.0", "igpu"), device("GPU.1", "dgpu")},
                    {pair("CPU", R"("load_ms": 50, "run_ms": 20)" + and_then(cpu)),
                     pair("GPU.0", R"("load_ms": 300, "run_ms": 5)" + and_then(gpu0)),
                     pair("GPU.1", R"("load_ms": 600, "run_ms": 2)" + and_then(gpu1))});
}

/// Requests that run at once, with the devices they ran on.
class Load {
 public:
  Load(Machine& machine, autodev::AutoModel& model, std::size_t count) : machine_(machine) {
    for (std::size_t i = 0; i < count; ++i) {
      requests.push_back(std::make_unique<Request>(static_cast<float>(i)));
      requests.back()->clock = &machine.executor;
      model.start(*requests.back());
    }
  }
  /// Waits until all are done; milliseconds since the start.
  double finish() {
    while (!all_done()) machine_.run_ms(0.5);
    for (const auto& request : requests) EXPECT_TRUE(request->status.is_ok()) << request->status.message();
    return machine_.now_ms() - began_;
  }
  bool all_done() const {
    return std::all_of(requests.begin(), requests.end(), [](const auto& request) { return request->done(); });
  }
  std::map<std::string, int> by_device() const {
    std::map<std::string, int> counts;
    for (const auto& request : requests) ++counts[request->device];
    return counts;
  }
  std::vector<std::unique_ptr<Request>> requests;

 private:
  Machine& machine_;
  const double began_ = machine_.now_ms();
};

/// The devices of the runs that were started since `from`, in order.
std::vector<std::string> runs_since(const Machine& machine, std::size_t from) {
  std::vector<std::string> devices;
  for (const sim::Entry& entry : machine.recorder->entries(What::kRunStarted)) devices.push_back(entry.device);
  devices.erase(devices.begin(), devices.begin() + static_cast<std::ptrdiff_t>(from));
  return devices;
}

// ---------------------------------------------------------------------------------------------------------------------
// Start

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

TEST(Cumulative, B803_each_device_is_warmed_up_before_it_serves) {
  Machine machine(m2("", R"("first_run_ms": 80)", R"("lazy_first_run": true, "first_run_ms": 100)"));
  auto model = machine.model("AUTO", cumulative());
  ASSERT_TRUE(model->wait_until_steady(std::nullopt));
  for (const sim::Entry& run : machine.recorder->entries(What::kRunStarted))
    EXPECT_LE(run.at_ms, machine.now_ms()) << "nobody has asked for anything yet: " << run.to_string();
  EXPECT_GE(machine.recorder->count(What::kRunEnded, "GPU.0"), 2u) << "the first run is no measure";
  const auto report = model->report();
  EXPECT_NEAR(pair_in(report, "GPU.0/E_GPU/full").figures.at("service_ms"), 5, 0.1) << "B-817";
  EXPECT_NEAR(pair_in(report, "GPU.1/E_GPU/full").figures.at("service_ms"), 2, 0.1);
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
// Scheduling

/// Three devices with 1, 3 and 2 workers; all run for 10 ms.
std::string machine_of_workers() {
  return machine_of({device("CPU", "cpu"), device("GPU.0", "igpu"), device("GPU.1", "dgpu")},
                    {pair("CPU", R"("run_ms": 10, "slots": 1)"), pair("GPU.0", R"("run_ms": 10, "slots": 3)"),
                     pair("GPU.1", R"("run_ms": 10, "slots": 2)")});
}

TEST(Cumulative, B815_round_robin_and_device_priority_on_idle_devices) {
  using Sequence = std::vector<std::string>;
  for (const auto& [policy, expected] :
       {std::pair{SchedulePolicy::kRoundRobin, Sequence{"CPU", "GPU.0", "GPU.1", "GPU.0", "GPU.1", "GPU.0"}},
        std::pair{SchedulePolicy::kDevicePriority, Sequence{"CPU", "GPU.0", "GPU.0", "GPU.0", "GPU.1", "GPU.1"}}}) {
    Machine machine(machine_of_workers());
    auto model = machine.model("AUTO:CPU,GPU.0,GPU.1", by(policy));
    ASSERT_TRUE(model->wait_until_steady(std::nullopt));
    const std::size_t before = machine.recorder->count(What::kRunStarted);
    Load load(machine, *model, 6);
    EXPECT_EQ(runs_since(machine, before), expected) << to_string(policy);
    load.finish();
  }
}

TEST(Cumulative, B814_the_policy_in_effect_follows_the_kind_of_list) {
  Machine machine(m2());
  EXPECT_EQ(machine.model("AUTO", cumulative())->snapshot().schedule_policy, SchedulePolicy::kEarliestFinish);
  EXPECT_EQ(machine.model("AUTO:-GPU.0", cumulative())->snapshot().schedule_policy, SchedulePolicy::kEarliestFinish);
  EXPECT_EQ(machine.model("AUTO:GPU,CPU", cumulative())->snapshot().schedule_policy, SchedulePolicy::kDevicePriority);
  EXPECT_EQ(machine.model("MULTI:GPU,CPU")->snapshot().schedule_policy, SchedulePolicy::kDevicePriority);
  EXPECT_EQ(machine.model("AUTO", by(SchedulePolicy::kRoundRobin))->snapshot().schedule_policy,
            SchedulePolicy::kRoundRobin);
  EXPECT_EQ(machine.model("MULTI:CPU,GPU", by(SchedulePolicy::kEarliestFinish))->snapshot().schedule_policy,
            SchedulePolicy::kEarliestFinish);
}

TEST(Cumulative, B816_waiting_requests_go_first_in_first_out) {
  for (const auto policy :
       {SchedulePolicy::kRoundRobin, SchedulePolicy::kDevicePriority, SchedulePolicy::kEarliestFinish}) {
    Machine machine(machine_of_workers());
    auto model = machine.model("AUTO:CPU,GPU.0,GPU.1", by(policy));
    ASSERT_TRUE(model->wait_until_steady(std::nullopt));
    Load load(machine, *model, 60);
    EXPECT_EQ(model->statistics().queued, 54u);
    EXPECT_NEAR(load.finish(), 100, 1) << "six workers, never idle";
    for (std::size_t i = 1; i < load.requests.size(); ++i)
      EXPECT_LE(load.requests[i - 1]->completed_at, load.requests[i]->completed_at) << to_string(policy);
    EXPECT_THAT(load.by_device(), UnorderedElementsAre(Pair("CPU", 10), Pair("GPU.0", 30), Pair("GPU.1", 20)));
  }
}

TEST(Cumulative, B822_the_cpu_helps_only_while_the_gpu_is_full) {
  const std::string script =
      machine_of({device("CPU", "cpu"), device("GPU", "dgpu")},
                 {pair("CPU", R"("run_ms": 50, "slots": 2)"), pair("GPU", R"("run_ms": 5, "slots": 2)")});
  Machine machine(script);
  auto model = machine.model("AUTO:GPU,CPU", cumulative());
  ASSERT_TRUE(model->wait_until_steady(std::nullopt));
  Load two(machine, *model, 2);
  two.finish();
  EXPECT_THAT(two.by_device(), ElementsAre(Pair("GPU", 2)));
  Load three(machine, *model, 3);
  three.finish();
  EXPECT_THAT(three.by_device(), UnorderedElementsAre(Pair("GPU", 2), Pair("CPU", 1)));
}

TEST(Cumulative, B823_all_devices_of_a_default_list_serve) {
  Machine machine(m2());
  auto model = machine.model("AUTO", cumulative());
  ASSERT_TRUE(model->wait_until_steady(std::nullopt));
  Load load(machine, *model, 100);
  load.finish();
  EXPECT_THAT(load.by_device(), UnorderedElementsAre(Pair("CPU", Gt(3)), Pair("GPU.0", Gt(15)), Pair("GPU.1", Gt(50))));
  auto gpus = machine.model("AUTO:GPU", cumulative());
  ASSERT_TRUE(gpus->wait_until_steady(std::nullopt));
  EXPECT_EQ(execution_devices(*gpus), "GPU.0 GPU.1");
}

TEST(Cumulative, B813_B818_earliest_finish_uses_a_slow_device_only_where_it_gains) {
  for (const double slow : {5, 10, 25, 100, 500}) {
    const std::string script =
        machine_of({device("CPU", "cpu"), device("GPU", "dgpu")},
                   {pair("CPU", R"("run_ms": )" + std::to_string(slow)), pair("GPU", R"("run_ms": 5)")});
    Machine machine(script);
    auto model = machine.model("AUTO", cumulative());
    ASSERT_TRUE(model->wait_until_steady(std::nullopt));
    for (int i = 0; i < 20; ++i) {
      Request alone;
      model->infer(alone);
      EXPECT_EQ(alone.device, "GPU") << slow;
    }
    Load all(machine, *model, 200);
    EXPECT_LE(all.finish(), 1.05 * 200 * 5 + 5) << slow;
    if (slow <= 100) {
      EXPECT_GT(all.by_device()["CPU"], 0) << slow;
    }
  }
}

TEST(Cumulative, B813_a_run_that_hangs_does_not_hold_up_what_waits_for_its_device) {
  const std::string script = machine_of(
      {device("CPU", "cpu"), device("GPU", "dgpu")},
      {pair("CPU", R"("run_ms": 100)"), pair("GPU", R"("run_ms": 5, "run_failures": [{"from": 4, "class": "HANG"}])")});
  Machine machine(script);
  auto model = machine.model("AUTO", cumulative());
  ASSERT_TRUE(model->wait_until_steady(std::nullopt));
  Load load(machine, *model, 4);
  machine.run_ms(1000);
  EXPECT_EQ(std::count_if(load.requests.begin(), load.requests.end(), [](const auto& r) { return r->done(); }), 3);
  for (const auto& request : load.requests) model->cancel(*request);
  machine.run_ms(10);
}

TEST(Cumulative, B825_outputs_do_not_depend_on_the_device) {
  Machine machine(machine_of_workers());
  auto model = machine.model("AUTO:CPU,GPU.0,GPU.1", cumulative());
  ASSERT_TRUE(model->wait_until_steady(std::nullopt));
  std::map<std::string, float> outputs;
  std::vector<std::unique_ptr<Request>> requests;
  for (int i = 0; i < 6; ++i) {
    requests.push_back(std::make_unique<Request>(7.0F));
    model->start(*requests.back());
  }
  machine.run_ms(20);
  for (const auto& request : requests) EXPECT_EQ(request->first_output(), requests[0]->first_output());
}

TEST(Cumulative, B520_B826_a_device_that_joins_takes_what_waits_at_once) {
  Machine machine(m2(R"("first_run_ms": 20, "run_ms": 1000)", R"("slots": 4)"));
  auto model = machine.model("AUTO:GPU.0,CPU", cumulative());
  Load load(machine, *model, 20);
  while (execution_devices(*model) != "GPU.0 CPU") machine.run_ms(0.5);
  EXPECT_NEAR(machine.now_ms(), 300 + 2 * 5, 1);
  EXPECT_EQ(model->statistics().queued, 15u) << "one on the CPU and four on the GPU";
  machine.run_ms(5 * 5 + 1);
  EXPECT_EQ(std::count_if(load.requests.begin(), load.requests.end(), [](const auto& r) { return r->done(); }), 19);
  load.finish();
}

TEST(Cumulative, B828_B544_closing_returns_while_devices_load) {
  Machine machine(m2("", R"("load_ms": 60000, "cancel_load": false)", R"("load_ms": 60000)"));
  auto model = machine.model("AUTO", cumulative());
  const double before = machine.now_ms();
  Load waiting(machine, *model, 3);
  for (const auto& request : waiting.requests) model->cancel(*request);
  machine.run_ms(1);
  model->close();
  EXPECT_LE(machine.now_ms() - before, 50);
  EXPECT_EQ(machine.recorder->count(What::kCancelAsked, "GPU.1"), 1u);
  machine.run_ms(1);
  EXPECT_THAT(machine.event_names().back(), "CLOSED");
  machine.run_ms(60000);
  EXPECT_EQ(machine.recorder->count(What::kReleased, "GPU.0"), 1u) << "its result is thrown away";
  Request late;
  model->infer(late);
  EXPECT_EQ(late.status.code(), base::StatusCode::kCancelled);
}

TEST(Cumulative, B828_what_waits_is_cancelled_when_the_model_is_closed) {
  Machine machine(m2());
  auto model = machine.model("AUTO:CPU,GPU.0", cumulative());
  Load load(machine, *model, 3);
  model->close();
  machine.run_ms(30);
  EXPECT_TRUE(load.all_done());
  EXPECT_EQ(load.requests[2]->status.code(), base::StatusCode::kCancelled);
}

TEST(Cumulative, B827_engines_of_one_group_never_run_at_the_same_time) {
  const auto script = [](const std::string& group) {
    const std::string engine = group.empty() ? "" : R"(, "serial_group": ")" + group + R"(")";
    return machine_of({device("CPU", "cpu"), device("GPU", "dgpu"), device("NPU", "accelerator")},
                      {pair("CPU", R"("run_ms": 10, "slots": 4)"), pair("GPU", R"("run_ms": 10, "slots": 4)"),
                       pair("NPU", R"("run_ms": 10, "slots": 4)")},
                      R"({"name": "E_GPU")" + engine + R"(}, {"name": "E_NPU")" + engine + "}");
  };
  Machine machine(script("webgpu"));
  auto model = machine.model("AUTO:GPU,NPU,CPU", cumulative());
  auto other = machine.model("AUTO:NPU");
  ASSERT_TRUE(model->wait_until_steady(std::nullopt));
  Load load(machine, *model, 40);
  Load beside(machine, *other, 5);  // another compiled model
  load.finish();
  beside.finish();
  EXPECT_EQ(machine.recorder->count(What::kOverlap), 0u);
  EXPECT_GT(load.by_device()["GPU"], 0);
  EXPECT_GT(load.by_device()["NPU"], 0);

  Machine free(script(""));
  auto parallel = free.model("AUTO:GPU,NPU", cumulative());
  ASSERT_TRUE(parallel->wait_until_steady(std::nullopt));
  EXPECT_NEAR(Load(free, *parallel, 8).finish(), 10, 1) << "eight at once";
}

TEST(Cumulative, B827_the_same_for_an_engine_that_declares_it_of_its_executables) {
  Machine machine(
      machine_of({device("GPU.0", "igpu"), device("GPU.1", "dgpu")},
                 {pair("GPU.0", R"("run_ms": 10, "slots": 2)"), pair("GPU.1", R"("run_ms": 10, "slots": 2)")},
                 R"({"name": "E_GPU", "concurrency": "serial_per_engine"})"));
  auto model = machine.model("AUTO", cumulative());
  ASSERT_TRUE(model->wait_until_steady(std::nullopt));
  Load load(machine, *model, 10);
  EXPECT_NEAR(load.finish(), 100, 1);
  EXPECT_EQ(machine.recorder->count(What::kOverlap), 0u);
}

// ---------------------------------------------------------------------------------------------------------------------
// Failures

/// A GPU whose runs number 4 to `last` fail (two of them are its warm-up), and a CPU.
std::string failing_gpu(const std::string& to, const std::string& cpu_extra = "") {
  return machine_of({device("CPU", "cpu"), device("GPU", "dgpu")},
                    {pair("CPU", R"("load_ms": 10, "run_ms": 20)" + cpu_extra),
                     pair("GPU", R"("load_ms": 50, "run_ms": 5, "slots": 2, "run_failures": [{"from": 4, )" + to +
                                     R"("message": "kernel error"}])")});
}

TEST(Cumulative, B811_a_failing_device_is_suspended_and_its_request_runs_on_another) {
  Machine machine(failing_gpu(""));
  auto model = machine.model("AUTO:GPU,CPU", cumulative());
  ASSERT_TRUE(model->wait_until_steady(std::nullopt));
  EXPECT_EQ(model->snapshot().optimal_requests, 3u);
  Request good;
  model->infer(good);
  EXPECT_EQ(good.device, "GPU");
  Request failing;
  model->infer(failing);
  EXPECT_TRUE(failing.status.is_ok()) << failing.status.message();
  EXPECT_EQ(failing.device, "CPU");
  EXPECT_EQ(failing.attempts, 2);
  EXPECT_EQ(execution_devices(*model), "CPU");
  EXPECT_EQ(model->snapshot().optimal_requests, 1u) << "a suspended device counts for nothing (B-718)";
  EXPECT_EQ(model->snapshot().generation, 2u);
  EXPECT_EQ(phase(*model), "STEADY");
  EXPECT_TRUE(model->wait_until_steady(base::Duration(0)));
  const auto entry = pair_in(model->report(), "GPU/E_GPU/full");
  EXPECT_EQ(entry.verdict, Verdict::kSuspended);
  EXPECT_EQ(entry.reason, Reason::kSuspendedEngineError);
  machine.run_ms(10);
  EXPECT_THAT(machine.event_names(), Contains("DEVICE_SUSPENDED GPU"));
  EXPECT_EQ(machine.recorder->count(What::kReleased, "GPU"), 1u);
}

TEST(Cumulative, B812_a_suspended_device_returns_after_a_probe) {
  Machine machine(failing_gpu(R"("to": 4, )"));
  auto model = machine.model("AUTO:GPU,CPU", cumulative());
  ASSERT_TRUE(model->wait_until_steady(std::nullopt));
  Load load(machine, *model, 6);
  load.finish();
  const double suspended_at = machine.now_ms();
  EXPECT_EQ(execution_devices(*model), "CPU");
  machine.run_ms(900);
  EXPECT_EQ(machine.recorder->count(What::kLoadStarted, "GPU"), 1u) << "RECOVERY_BACKOFF is not over";
  while (execution_devices(*model) != "GPU CPU") machine.run_ms(1);
  EXPECT_NEAR(machine.now_ms() - suspended_at, 1000 + 50 + 10, 100);
  EXPECT_EQ(model->snapshot().generation, 3u);
  EXPECT_THAT(machine.event_names(), Contains("DEVICE_JOINED GPU"));
  EXPECT_EQ(model->snapshot().optimal_requests, 3u);
  Request back;
  model->infer(back);
  EXPECT_EQ(back.device, "GPU");
}

TEST(Cumulative, B626_B627_B812_a_device_that_stays_broken_is_probed_less_and_less) {
  Machine machine(failing_gpu(""));
  auto model = machine.model("AUTO:GPU,CPU", cumulative());
  ASSERT_TRUE(model->wait_until_steady(std::nullopt));
  Load load(machine, *model, 6);
  load.finish();
  const double failed_at = machine.now_ms();
  machine.run_ms(16000);
  std::vector<double> probes;
  for (const sim::Entry& entry : machine.recorder->entries(What::kLoadStarted, "GPU")) probes.push_back(entry.at_ms);
  ASSERT_EQ(probes.size(), 1u + 4u);
  for (const auto& [probe, expected] :
       {std::pair{1, 1000}, std::pair{2, 3000}, std::pair{3, 7000}, std::pair{4, 15000}})
    EXPECT_NEAR(probes[static_cast<std::size_t>(probe)] - failed_at, expected, 100);
  EXPECT_EQ(execution_devices(*model), "CPU");

  Options never = cumulative();
  never.recovery_backoff_ms = 0;
  Machine other(failing_gpu(""));
  auto left = other.model("AUTO:GPU,CPU", never);
  ASSERT_TRUE(left->wait_until_steady(std::nullopt));
  Load once(other, *left, 6);
  once.finish();
  other.run_ms(100000);
  EXPECT_EQ(other.recorder->count(What::kLoadStarted, "GPU"), 1u);
}

TEST(Cumulative, B811_B628_the_last_one_failing_is_an_error_until_a_probe_succeeds) {
  Machine machine(failing_gpu(R"("to": 4, )", R"(, "run_failures": [{"from": 2, "to": 2, "message": "out of luck"}])"));
  auto model = machine.model("AUTO:GPU,CPU", cumulative());
  ASSERT_TRUE(model->wait_until_steady(std::nullopt));
  Request good;
  model->infer(good);
  Request failing;
  model->infer(failing);
  EXPECT_EQ(failing.status.code(), base::StatusCode::kDeviceFailed);
  EXPECT_THAT(failing.status.message(), HasSubstr("inference failed after 2 attempts: GPU[E_GPU]"));
  EXPECT_THAT(failing.status.message(), HasSubstr("CPU[E_CPU]"));
  EXPECT_EQ(phase(*model), "FAILED");
  EXPECT_EQ(execution_devices(*model), "");
  Request refused;
  const double before = machine.now_ms();
  model->infer(refused);
  EXPECT_FALSE(refused.status.is_ok());
  EXPECT_THAT(refused.status.message(), HasSubstr("inference failed after 2 attempts: GPU[E_GPU]"));
  EXPECT_EQ(machine.now_ms(), before) << "at once";
  machine.run_ms(2000);
  EXPECT_EQ(phase(*model), "STEADY");
  EXPECT_EQ(execution_devices(*model), "GPU CPU");
  Request again;
  model->infer(again);
  EXPECT_TRUE(again.status.is_ok());
}

TEST(Cumulative, B621_B811_without_runtime_fallback_the_request_fails_and_the_device_stays) {
  Options options = cumulative();
  options.runtime_fallback = false;
  Machine machine(failing_gpu(R"("to": 4, )"));
  auto model = machine.model("AUTO:GPU,CPU", options);
  ASSERT_TRUE(model->wait_until_steady(std::nullopt));
  Request good;
  model->infer(good);
  Request failing;
  model->infer(failing);
  EXPECT_FALSE(failing.status.is_ok());
  EXPECT_THAT(failing.status.message(), HasSubstr("inference failed after 1 attempts: GPU[E_GPU]"));
  EXPECT_EQ(execution_devices(*model), "GPU CPU");
  Request next;
  model->infer(next);
  EXPECT_EQ(next.device, "GPU");
}

TEST(Cumulative, B610_bad_input_suspends_nobody) {
  Machine machine(failing_gpu(R"("class": "INVALID_ARGUMENT", )"));
  auto model = machine.model("AUTO:GPU,CPU", cumulative());
  ASSERT_TRUE(model->wait_until_steady(std::nullopt));
  for (int i = 0; i < 10; ++i) {
    Request request;
    model->infer(request);
  }
  EXPECT_EQ(execution_devices(*model), "GPU CPU");
  EXPECT_EQ(model->snapshot().generation, 1u);
}

TEST(Cumulative, B811_requests_that_run_on_a_suspended_device_end_by_themselves) {
  Machine machine(failing_gpu(R"("to": 4, )"));
  auto model = machine.model("AUTO:GPU,CPU", cumulative());
  ASSERT_TRUE(model->wait_until_steady(std::nullopt));
  Load load(machine, *model, 12);  // run number 4 fails while number 5 runs beside it
  load.finish();
  for (const auto& request : load.requests) EXPECT_EQ(request->completions, 1);
  machine.run_ms(100);
  EXPECT_EQ(machine.recorder->count(What::kReleased, "GPU"), 1u);
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

TEST(Cumulative, B805_loaded_from_cache_needs_every_device) {
  Machine machine(m2());
  auto model = machine.model("AUTO", cumulative());
  EXPECT_FALSE(model->snapshot().loaded_from_cache);
}

// ---------------------------------------------------------------------------------------------------------------------
// DEVICE_BIND_BUFFER

TEST(Cumulative, B819_each_request_has_a_worker_of_its_own) {
  Options options = cumulative();
  options.bind_buffer = true;
  Machine machine(machine_of({device("CPU", "cpu"), device("GPU", "dgpu")},
                             {pair("CPU", R"("load_ms": 10, "run_ms": 20, "slots": 1)"),
                              pair("GPU", R"("load_ms": 500, "run_ms": 2, "slots": 2)")}));
  auto model = machine.model("AUTO:CPU,GPU", options);
  EXPECT_GE(machine.now_ms(), 500) << "it waits for all devices";
  EXPECT_EQ(execution_devices(*model), "CPU GPU");
  std::vector<std::unique_ptr<Request>> requests;
  for (int i = 0; i < 3; ++i) {
    requests.push_back(std::make_unique<Request>());
    ASSERT_TRUE(model->bind(*requests.back()).is_ok());
  }
  Request too_many;
  const base::Status refused = model->bind(too_many);
  ASSERT_FALSE(refused.is_ok());
  EXPECT_THAT(refused.message(), HasSubstr("request number 4")) << "B-1419";
  EXPECT_THAT(refused.message(), HasSubstr("3 workers"));

  for (int round = 0; round < 3; ++round) {
    for (const auto& request : requests) {
      request->completions = 0;
      model->start(*request);
    }
    machine.run_ms(30);
    EXPECT_EQ(requests[0]->device, "CPU") << "although the GPU is quicker and idle";
    EXPECT_EQ(requests[1]->device, "GPU");
    EXPECT_EQ(requests[2]->device, "GPU");
    for (const auto& request : requests) EXPECT_TRUE(request->done());
  }
  model->unbind(*requests[1]);
  ASSERT_TRUE(model->bind(too_many).is_ok()) << "its worker is free again";
  model->infer(too_many);
  EXPECT_EQ(too_many.device, "GPU");
}

TEST(Cumulative, B622_B819_a_bound_request_is_not_run_elsewhere) {
  Options options = cumulative();
  options.bind_buffer = true;
  Machine machine(failing_gpu(R"("to": 4, )"));
  auto model = machine.model("AUTO:GPU,CPU", options);
  Request request;
  ASSERT_TRUE(model->bind(request).is_ok());
  model->infer(request);
  request.completions = 0;
  model->infer(request);
  EXPECT_FALSE(request.status.is_ok());
  request.completions = 0;
  model->infer(request);
  EXPECT_TRUE(request.status.is_ok());
  EXPECT_EQ(request.device, "GPU");
}

TEST(Cumulative, B819_a_device_that_does_not_load_has_no_workers) {
  Options options = cumulative();
  options.bind_buffer = true;
  Machine machine(m2("", R"("load_failures": [{}])"));
  auto model = machine.model("AUTO", options);
  EXPECT_EQ(execution_devices(*model), "GPU.1 CPU");
  Request first;
  Request second;
  Request third;
  EXPECT_TRUE(model->bind(first).is_ok());
  EXPECT_TRUE(model->bind(second).is_ok());
  EXPECT_FALSE(model->bind(third).is_ok());
}

TEST(Cumulative, B819_has_no_effect_where_one_device_serves) {
  Options options;
  options.bind_buffer = true;
  Machine machine(m2());
  auto model = machine.model("AUTO", options);
  Request requests[5];
  for (Request& request : requests) EXPECT_TRUE(model->bind(request).is_ok());
  EXPECT_THAT(model->report().notes, Contains(HasSubstr("DEVICE_BIND_BUFFER")));
}

}  // namespace
}  // namespace baton::test
