// SPDX-License-Identifier: Apache-2.0
// Copyright (C) 2026 The Baton authors
//
// Section 8 of the behaviour specification, CUMULATIVE_THROUGHPUT and MULTI: who takes a request.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "scenario/cumulative_machines.h"

namespace baton::test {
namespace {

using autodev::Options;
using policy::SchedulePolicy;
using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::Gt;
using ::testing::HasSubstr;
using ::testing::Pair;
using ::testing::UnorderedElementsAre;
using What = sim::Entry::What;

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

/// Together the GPU is `factor` times slower, as a rule three times: 67 and 33 per second instead of 200.
std::string contending_machine(double factor = 3) {
  const std::string slows = R"(, "slows": [{"device": "GPU", "factor": )" + std::to_string(factor) + "}]";
  return machine_of(
      {device("CPU", "cpu"), device("GPU", "dgpu")},
      {pair("CPU", R"("load_ms": 50, "run_ms": 30)" + slows), pair("GPU", R"("load_ms": 100, "run_ms": 5)")});
}

int count_parked(const Machine& machine) {
  return static_cast<int>(std::count_if(machine.events.begin(), machine.events.end(), [](const policy::Event& event) {
    return event.type == policy::EventType::kDeviceParked && event.device == "CPU";
  }));
}

TEST(Cumulative, B818_B820_a_device_that_slows_the_others_is_parked_and_tried_again_later) {
  for (const SchedulePolicy policy : {SchedulePolicy::kEarliestFinish, SchedulePolicy::kDevicePriority}) {
    Machine machine(contending_machine());
    auto model = machine.model("AUTO", by(policy));
    machine.run_ms(500);
    ClosedLoop loop(machine, *model, 16);
    EXPECT_LT(loop.rate(250), 130);
    loop.rate(1500);
    ASSERT_EQ(count_parked(machine), 1);
    EXPECT_GE(loop.rate(20000), 0.99 * 200) << "the best alone";
    EXPECT_EQ(model->snapshot().execution_devices, (std::vector<std::string>{"GPU", "CPU"}));
    loop.rate(15000);
    EXPECT_EQ(count_parked(machine), 2);
    loop.stop();
  }
}

TEST(Cumulative, B820_B1210_a_comparison_is_told_with_its_figures) {
  for (const double factor : {3.0, 1.0}) {  // parked, and not
    Machine machine(contending_machine(factor));
    auto model = machine.model("AUTO", cumulative());
    machine.run_ms(500);
    ClosedLoop loop(machine, *model, 16);
    loop.rate(2000);
    loop.stop();
    const auto told = std::ranges::find(machine.events, policy::EventType::kDevicesCompared, &policy::Event::type);
    ASSERT_NE(told, machine.events.end());
    EXPECT_NEAR(told->values.at("fps_without_CPU"), 200, 10);
    EXPECT_NEAR(told->values.at("fps"), factor == 1.0 ? 233 : 100, 15);
    EXPECT_EQ(count_parked(machine), factor == 1.0 ? 0 : 1);
  }
}

TEST(Cumulative, B820_a_pause_of_the_program_ends_no_parking) {
  for (const SchedulePolicy policy : {SchedulePolicy::kEarliestFinish, SchedulePolicy::kDevicePriority}) {
    Machine machine(contending_machine());
    auto model = machine.model("AUTO", by(policy));
    machine.run_ms(500);
    {
      ClosedLoop loop(machine, *model, 16);
      loop.rate(2000);
      ASSERT_EQ(count_parked(machine), 1);
      loop.stop();
    }
    machine.run_ms(3000);
    ClosedLoop loop(machine, *model, 16);
    EXPECT_GE(loop.rate(1000), 0.97 * 200);
    loop.stop();
  }
}

/// Answers per second in the last of ten bursts of half a second.
double last_of_ten_bursts(Machine& machine, autodev::AutoModel& model) {
  double rate = 0;
  for (int burst = 0; burst < 10; ++burst) {
    ClosedLoop loop(machine, model, 32);
    rate = loop.rate(500);
    loop.stop();
  }
  return rate;
}

/// As an H100 beside 16 cores: alone 940 and 333 per second, together less than 400, and then the GPU looks no better.
TEST(Cumulative, B820_the_best_device_is_found_in_bursts_too) {
  Machine machine(machine_of(
      {device("CPU", "cpu"), device("GPU", "dgpu")},
      {pair("CPU", R"("load_ms": 50, "run_ms": 48, "slots": 16, "slows": [{"device": "GPU", "factor": 10}])"),
       pair("GPU", R"("load_ms": 100, "run_ms": 17, "slots": 16, "slows": [{"device": "CPU", "factor": 2}])")}));
  auto model = machine.model("AUTO", cumulative());
  machine.run_ms(500);
  const double rate = last_of_ten_bursts(machine, *model);
  EXPECT_EQ(count_parked(machine), 1);
  EXPECT_GE(rate, 0.9 * 940);
}

/// Beside 16 busy cores its warm-up took thirty times as long as a run takes alone.
TEST(Cumulative, B820_the_best_device_is_found_though_it_joined_under_load) {
  Machine machine(machine_of(
      {device("CPU", "cpu"), device("GPU", "dgpu")},
      {pair("CPU", R"("load_ms": 50, "run_ms": 33, "slots": 16, "slows": [{"device": "GPU", "factor": 30}])"),
       pair("GPU", R"("load_ms": 400, "run_ms": 11, "slots": 16)")}));
  auto model = machine.model("AUTO", cumulative());
  machine.run_ms(100);
  const double rate = last_of_ten_bursts(machine, *model);
  EXPECT_EQ(count_parked(machine), 1);
  EXPECT_GE(rate, 0.9 * 16 * 1000 / 11);
}

TEST(Cumulative, B820_neither_under_round_robin_nor_with_a_number_of_requests_of_its_own) {
  for (const auto& [list, policy] : {std::pair{"AUTO", SchedulePolicy::kRoundRobin},
                                     std::pair{"AUTO:GPU,CPU(1)", SchedulePolicy::kDevicePriority}}) {
    Machine machine(contending_machine());
    auto model = machine.model(list, by(policy));
    machine.run_ms(500);
    ClosedLoop loop(machine, *model, 16);
    EXPECT_LT(loop.rate(15000), 130);
    EXPECT_EQ(count_parked(machine), 0);
    loop.stop();
  }
}

/// The GPU's runs fail, or hang, from one on that begins while the CPU is parked.
void expect_parked_cpu_takes_over(const std::string& failure, const Options& options) {
  Machine machine(machine_of(
      {device("CPU", "cpu"), device("GPU", "dgpu")},
      {pair("CPU", R"("load_ms": 50, "run_ms": 30, "slows": [{"device": "GPU", "factor": 3}])"),
       pair("GPU", R"("load_ms": 100, "run_ms": 5, "run_failures": [{"from": 400, "class": ")" + failure + R"("}])")}));
  auto model = machine.model("AUTO", options);
  machine.run_ms(500);
  ClosedLoop loop(machine, *model, 16);
  loop.rate(1500);
  ASSERT_EQ(count_parked(machine), 1);
  loop.rate(2000);
  EXPECT_NEAR(loop.rate(3000), 33, 2);
  loop.stop();
  model->close();  // a run may hang
}

TEST(Cumulative, B811_B820_a_parked_device_serves_as_soon_as_the_best_one_fails) {
  expect_parked_cpu_takes_over("DEVICE_LOST", cumulative());
}

TEST(Cumulative, B820_a_parked_device_serves_when_the_runs_of_the_others_hang) {
  for (const SchedulePolicy policy : {SchedulePolicy::kEarliestFinish, SchedulePolicy::kDevicePriority})
    expect_parked_cpu_takes_over("HANG", by(policy));
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
