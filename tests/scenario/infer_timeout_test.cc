// SPDX-License-Identifier: Apache-2.0
// Copyright (C) 2026 The Baton authors
//
// INFER_TIMEOUT (B-617, B-618): runs on memory of Baton's own, given up when they take too long.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "scenario/machines.h"
#include "scenario/scenario.h"

namespace baton::test {
namespace {

using autodev::Options;
using base::StatusCode;
using testing::HasSubstr;

Options with_timeout(std::uint32_t ms) {
  Options options;
  options.infer_timeout_ms = ms;
  return options;
}

/// One GPU whose third run hangs, until the device is lost at last (so that nothing is left behind).
std::string hanging_gpu(const std::string& extra = "", const std::string& hangs = R"({"from": 3, "to": 3,)") {
  return R"({"only": true, "devices": [{"name": "GPU", "kind": "dgpu", "gone": [{"from_ms": 100000}]}],
    "engines": [{"name": "G"}],
    "pairs": [{"device": "GPU", "engine": "G", "run_ms": 10, "run_failures": [)" +
         hangs + R"( "class": "HANG"}])" + (extra.empty() ? "" : ", " + extra) + "}]}";
}

TEST(InferTimeout, B617_runs_in_time_give_the_same_values_in_both_ways_of_calling) {
  Machine machine(hanging_gpu());
  Request plain(3);
  machine.model("GPU")->infer(plain);
  auto model = machine.model("GPU", with_timeout(100));
  Request synchronous(3);
  model->infer(synchronous);
  ASSERT_TRUE(synchronous.status.is_ok()) << synchronous.status.message();
  EXPECT_EQ(synchronous.first_output(), plain.first_output());
  EXPECT_EQ(synchronous.latency_ms, 10);
}

TEST(InferTimeout, B617_B618_a_run_that_hangs_ends_in_time_as_a_lost_device) {
  for (const bool synchronous : {true, false}) {
    Machine machine(hanging_gpu(R"("cancel_run": false)", R"({"from": 1, "to": 1,)"));
    auto model = machine.model("GPU", with_timeout(100));
    Request request;
    request.clock = &machine.executor;
    const auto began = machine.executor.now();
    if (synchronous) model->infer(request);
    else model->start(request);
    machine.run_ms(99);
    if (!synchronous) {
      EXPECT_EQ(request.completions, 0);
    }
    machine.run_ms(1);
    EXPECT_EQ(request.completions, 1);
    EXPECT_EQ(base::to_ms(request.completed_at - began), 100);
    EXPECT_EQ(request.status.code(), StatusCode::kDeviceLost);
    EXPECT_THAT(request.status.message(), HasSubstr("inference failed after 1 attempts: GPU[G] DEVICE_LOST: "));
    EXPECT_THAT(request.status.message(), HasSubstr("INFER_TIMEOUT (100 ms)"));
    EXPECT_EQ(request.attempts, 1);
    machine.run_ms(1000);
    EXPECT_EQ(request.completions, 1) << "once";
    EXPECT_EQ(machine.recorder->count(sim::Entry::What::kCancelAsked), 1u) << "the engine is told to stop";
  }
}

TEST(InferTimeout, B617_a_run_that_was_given_up_never_writes_into_the_users_memory) {
  // The run needs 500 ms and cannot be stopped; the request is over after 100 ms.
  Machine machine(R"({"only": true, "devices": [{"name": "GPU", "kind": "dgpu"}], "engines": [{"name": "G"}],
    "pairs": [{"device": "GPU", "engine": "G", "run_ms": [500, 10], "cancel_run": false}]})");
  auto model = machine.model("GPU", with_timeout(100));
  auto request = std::make_unique<Request>();
  model->infer(*request);
  EXPECT_FALSE(request->status.is_ok());
  EXPECT_FALSE(request->has_output());
  request.reset();  // the address sanitizer would see a run that still reads or writes it
  machine.run_ms(1000);
  Request next;
  model->infer(next);
  EXPECT_TRUE(next.status.is_ok()) << "the worker is back: " << next.status.message();
}

TEST(InferTimeout, B617_an_engine_that_stops_when_told_to_is_used_again_at_once) {
  Machine machine(hanging_gpu("", R"({"from": 1, "to": 1,)"));
  auto model = machine.model("GPU", with_timeout(100));
  Request first;
  Request second;
  model->start(first);
  model->start(second);  // waits behind it
  machine.run_ms(111);
  EXPECT_EQ(first.status.code(), StatusCode::kDeviceLost);
  EXPECT_EQ(second.completions, 1);
  EXPECT_TRUE(second.status.is_ok()) << second.status.message();
}

TEST(InferTimeout, B618_what_waits_behind_a_hang_ends_in_bounded_time) {
  Machine machine(hanging_gpu(R"("cancel_run": false)", R"({"from": 1,)"));
  auto model = machine.model("GPU", with_timeout(100));
  std::vector<std::unique_ptr<Request>> requests;
  for (int i = 0; i < 5; ++i) {
    requests.push_back(std::make_unique<Request>());
    model->start(*requests.back());
  }
  machine.run_ms(100);
  EXPECT_EQ(requests[0]->completions, 1);
  EXPECT_EQ(requests[1]->completions, 0);
  machine.run_ms(100);
  for (const auto& request : requests) {
    EXPECT_EQ(request->completions, 1);
    EXPECT_FALSE(request->status.is_ok());
  }
  EXPECT_THAT(requests[1]->status.message(), HasSubstr("no device became ready within 100 ms"));
  EXPECT_EQ(requests[1]->attempts, 0);
}

TEST(InferTimeout, B1510_cancelling_a_run_with_a_limit) {
  Machine machine(hanging_gpu("", R"({"from": 1, "to": 1,)"));
  auto model = machine.model("GPU", with_timeout(100));
  Request request;
  model->start(request);
  machine.run_ms(20);
  model->cancel(request);
  machine.run_ms(0);
  EXPECT_EQ(request.status.code(), StatusCode::kCancelled);
  // One that cannot be stopped ends with the limit, as cancelled.
  Machine deaf(hanging_gpu(R"("cancel_run": false)", R"({"from": 1, "to": 1,)"));
  auto other = deaf.model("GPU", with_timeout(100));
  Request stuck;
  other->start(stuck);
  other->cancel(stuck);
  deaf.run_ms(99);
  EXPECT_EQ(stuck.completions, 0);
  deaf.run_ms(1);
  EXPECT_EQ(stuck.status.code(), StatusCode::kCancelled);
  EXPECT_EQ(stuck.completions, 1);
}

TEST(InferTimeout, B544_B617_a_model_goes_while_a_run_hangs_that_was_given_up) {
  Machine machine(hanging_gpu(R"("cancel_run": false)", R"({"from": 1, "to": 1,)"));
  auto model = machine.model("GPU", with_timeout(100));
  Request request;
  model->infer(request);
  EXPECT_FALSE(request.status.is_ok());
  machine.models.clear();
  model->close();
  model.reset();
  machine.run_ms(1000);
}

}  // namespace
}  // namespace baton::test
