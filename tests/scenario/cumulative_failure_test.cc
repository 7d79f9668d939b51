// SPDX-License-Identifier: Apache-2.0
// Copyright (C) 2026 The Baton authors
//
// Section 8 of the behaviour specification, CUMULATIVE_THROUGHPUT and MULTI: failing devices.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "scenario/cumulative_machines.h"

namespace baton::test {
namespace {

using autodev::Options;
using policy::Reason;
using policy::Verdict;
using ::testing::Contains;
using ::testing::HasSubstr;
using What = sim::Entry::What;

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

}  // namespace
}  // namespace baton::test
