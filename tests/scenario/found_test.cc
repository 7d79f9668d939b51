// SPDX-License-Identifier: Apache-2.0
// Copyright (C) 2026 The Baton authors
//
// What random scenarios (tests/random) found, each told on purpose.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "scenario/failures.h"
#include "scenario/machines.h"
#include "scenario/scenario.h"

namespace baton::test {
namespace {

using autodev::Options;
using What = sim::Entry::What;

TEST(Found, B553_waiting_for_an_idle_moment_lets_time_pass_while_requests_wait_for_a_device) {
  Machine machine(abc(failing_after(1), R"("load_ms": 5000)", R"("load_ms": 5000)"));
  Options options = plain();
  options.second_look = true;
  auto model = machine.model("AUTO", options);
  Request first;
  model->infer(first);
  Request fails;
  model->start(fails);
  machine.run_ms(500);  // it asked again and again at one moment
  EXPECT_EQ(phase(*model), "FAILOVER");
  EXPECT_LT(machine.executor.pending(), 20u);
  machine.run_ms(5000);
  EXPECT_TRUE(fails.status.is_ok()) << fails.status.message();
}

TEST(Found, B526_requests_held_for_a_check_go_on_when_the_last_one_before_it_is_cancelled) {
  Machine machine(m1());
  auto model = machine.model("AUTO:CPU(2)");
  while (machine.now_ms() < 1500) {
    Request ends;
    Request cancelled;
    model->start(ends);
    model->start(cancelled);  // behind it, in the device's one slot
    machine.run_ms(23);
    model->cancel(cancelled);
    machine.run_ms(200);
    ASSERT_TRUE(ends.done()) << "at " << machine.now_ms() << " ms";
    ASSERT_TRUE(cancelled.done()) << "at " << machine.now_ms() << " ms";
  }
  EXPECT_EQ(phase(*model), "STEADY");
}

TEST(Found, B1502_a_request_that_is_cancelled_while_it_waits_says_nothing_of_the_inference_before) {
  Machine machine(abc());
  auto model = machine.model("AUTO:A,B", plain());
  Request request;
  model->infer(request);
  ASSERT_EQ(request.generation, 1u);
  request.device.clear();
  request.completions = 0;
  Request runs;
  model->start(runs);
  model->start(request);
  model->cancel(request);
  machine.run_ms(100);
  EXPECT_EQ(request.status.code(), base::StatusCode::kCancelled);
  EXPECT_EQ(request.device, "");
  EXPECT_EQ(request.generation, 0u);
}

TEST(Found, B612_B617_a_target_whose_load_was_put_off_is_not_loaded_on_a_lost_device) {
  const std::string script = R"({"only": true,
    "devices": [{"name": "A", "kind": "accelerator"}, {"name": "B", "kind": "accelerator"}],
    "engines": [{"name": "quick"}, {"name": "good"}, {"name": "other"}],
    "pairs": [
      {"device": "A", "engine": "quick", "profile": "fast", "load_ms": 10, "run_ms": 600},
      {"device": "A", "engine": "good", "load_ms": 300, "run_ms": 5},
      {"device": "B", "engine": "other", "load_ms": 100, "run_ms": 10}]})";
  Machine machine(script, /*cores=*/2);
  Options options;
  options.infer_timeout_ms = 150;
  auto model = machine.model("AUTO:A,B", options);
  ASSERT_EQ(execution_engines(*model), "(quick)");
  Request request;
  model->start(request);
  machine.run_ms(900);
  EXPECT_TRUE(request.status.is_ok()) << request.status.message();
  EXPECT_EQ(request.device, "B");
  EXPECT_EQ(machine.recorder->count(What::kLoadStarted, "A", "good"), 0u);
}

TEST(Found, B531_after_a_fail_over_a_newcomer_is_compared_with_what_serves_now) {
  // B answers right, A's two engines do not; nobody asked before B failed and A's quick engine took over.
  const std::string script = R"({"only": true,
    "devices": [{"name": "A", "kind": "accelerator"}, {"name": "CPU", "kind": "cpu"}],
    "engines": [{"name": "quick"}, {"name": "good"}, {"name": "c"}],
    "pairs": [
      {"device": "A", "engine": "quick", "profile": "fast", "load_ms": 10, "run_ms": 20, "output_error": {"scale": 1.5},
       "full_precision": {"output_error": {"scale": 1.5}}},
      {"device": "A", "engine": "good", "load_ms": 300, "run_ms": 5, "cpu_heavy_load": false},
      {"device": "CPU", "engine": "c", "load_ms": 5, "run_ms": 30,
       "run_failures": [{"from": 2, "class": "DEVICE_LOST", "message": "no luck"}]}]})";
  Machine machine(script);
  Options options;
  options.recovery_backoff_ms = 0;
  auto model = machine.model("AUTO:A,CPU", options);
  ASSERT_EQ(execution_devices(*model), "(CPU)");
  Request before;
  model->infer(before);  // the check's sample is taken from it
  Request fails;
  model->infer(fails);
  ASSERT_TRUE(fails.status.is_ok()) << fails.status.message();
  const auto again = machine.infer_until(*model, machine.now_ms() + 1500);
  const float first = again.front()->first_output();
  for (const auto& request : again) {
    if (request->generation == again.front()->generation) continue;
    EXPECT_EQ(request->first_output(), first) << "generation " << request->generation;
  }
}

TEST(Found, B538_what_fails_on_the_serving_device_is_not_the_newcomers_fault) {
  Machine machine(R"({"only": true,
    "devices": [{"name": "GPU", "kind": "dgpu"}, {"name": "CPU", "kind": "cpu"}],
    "engines": [{"name": "G"}, {"name": "C"}],
    "pairs": [
      {"device": "GPU", "engine": "G", "load_ms": 100, "run_ms": 5, "cpu_heavy_load": false},
      {"device": "CPU", "engine": "C", "load_ms": 10, "run_ms": 20,
       "run_failures": [{"from": 3, "class": "DEVICE_LOST", "message": "no luck"}]}]})");
  auto model = machine.model("AUTO:GPU,CPU");
  Request first;
  model->infer(first);
  Request sampled;
  model->infer(sampled);
  machine.run_ms(3000);  // nobody infers: both halves of a pair are runs of the check
  EXPECT_EQ(execution_devices(*model), "GPU");
  EXPECT_EQ(phase(*model), "STEADY");
}

TEST(Found, B819_the_first_generation_counts_also_when_the_last_device_waited_for_fails) {
  Machine machine(abc("", R"("load_ms": 200, "load_failures": [{"message": "no luck"}])"));
  Options options = plain();
  options.bind_buffer = true;
  auto model = machine.model("MULTI:A,B", options);
  Request request;
  ASSERT_TRUE(model->bind(request).is_ok());
  model->infer(request);
  EXPECT_EQ(request.generation, 1u);
  model->unbind(request);
}

}  // namespace
}  // namespace baton::test
