// SPDX-License-Identifier: Apache-2.0
// Copyright (C) 2026 The Baton authors
//
// Section 6.2 of the behaviour specification: runs that fail.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

#include "scenario/failures.h"
#include "scenario/machines.h"
#include "scenario/scenario.h"

namespace baton::test {
namespace {

using autodev::Options;
using base::StatusCode;
using policy::Reason;
using policy::Verdict;
using testing::HasSubstr;
using testing::StartsWith;
using What = sim::Entry::What;

// ---------------------------------------------------------------------------------------------------------------------
// The same request, elsewhere

struct FailureRow {
  bool a;
  bool b;
  bool c;
  std::string device;               ///< that answers; empty: none
  std::vector<std::string> loaded;  ///< in order
};

class FailureTable : public testing::TestWithParam<FailureRow> {};

TEST_P(FailureTable, B620_B614_B615) {
  const FailureRow& row = GetParam();
  for (const bool synchronous : {true, false}) {
    Machine machine(abc(row.a ? "" : kFails, row.b ? "" : kFails, row.c ? "" : kFails));
    Options options = plain();
    options.recovery_backoff_ms = 0;
    auto model = machine.model("AUTO:A,B,C", options);
    Request request(3);
    if (synchronous) model->infer(request);
    else model->start(request);
    machine.run_ms(900);  // no probe yet
    EXPECT_EQ(request.completions, 1);
    std::vector<std::string> loaded;
    for (const auto& load : machine.recorder->entries(What::kLoadStarted)) loaded.push_back(load.device);
    EXPECT_EQ(loaded, row.loaded);
    EXPECT_EQ(request.attempts, static_cast<int>(row.loaded.size()));
    if (!row.device.empty()) {
      EXPECT_TRUE(request.status.is_ok()) << request.status.message();
      EXPECT_EQ(request.device, row.device);
      EXPECT_EQ(request.generation, row.loaded.size());
      EXPECT_EQ(execution_devices(*model), row.device);
      EXPECT_EQ(phase(*model), "STEADY");
    } else {
      EXPECT_EQ(request.status.code(), StatusCode::kDeviceFailed);
      EXPECT_EQ(request.status.message(),
                "inference failed after 3 attempts: A[a] ENGINE_ERROR: no luck; B[b] ENGINE_ERROR: no luck; C[c] "
                "ENGINE_ERROR: no luck");
      EXPECT_EQ(phase(*model), "FAILED");
      EXPECT_EQ(execution_devices(*model), "") << "B-506";
    }
  }
}

INSTANTIATE_TEST_SUITE_P(Failures, FailureTable,
                         testing::Values(FailureRow{true, true, true, "A", {"A"}},
                                         FailureRow{true, false, false, "A", {"A"}},
                                         FailureRow{false, true, true, "B", {"A", "B"}},
                                         FailureRow{false, true, false, "B", {"A", "B"}},
                                         FailureRow{false, false, true, "C", {"A", "B", "C"}},
                                         FailureRow{false, false, false, "", {"A", "B", "C"}}));

TEST(Failures, B611_the_same_request_runs_on_the_next_candidate_with_its_own_memory) {
  Machine plain_machine(abc());
  Request expected(7);
  plain_machine.model("AUTO:A,B,C", plain())->infer(expected);

  Machine machine(abc(kFails));
  auto model = machine.model("AUTO:A,B,C", plain());
  Request request(7);
  int calls = 0;
  request.then = [&](Request&) { ++calls; };
  model->start(request);
  machine.run_ms(900);
  EXPECT_EQ(calls, 1);
  ASSERT_TRUE(request.status.is_ok());
  EXPECT_EQ(request.first_output(), expected.first_output());
  EXPECT_EQ(request.attempts, 2);
  EXPECT_EQ(request.latency_ms, 10 + 100 + 10) << "two runs and a load (B-1503)";
}

TEST(Failures, B609_every_class_suspends_with_its_reason) {
  for (const std::string name : {"ENGINE_ERROR", "OUT_OF_MEMORY", "DEVICE_LOST", "UNSUPPORTED", "UNAVAILABLE"}) {
    Machine machine(abc(failing(name)));
    auto model = machine.model("AUTO:A,B,C", plain());
    Request request;
    model->infer(request);
    EXPECT_TRUE(request.status.is_ok()) << name;
    EXPECT_EQ(request.device, "B");
    const auto entry = pair_in(model->report(), "A/a/full");
    EXPECT_EQ(entry.verdict, Verdict::kSuspended);
    const std::string reason = name.starts_with("UN") ? "ENGINE_ERROR" : name;
    EXPECT_EQ(to_string(entry.reason), "SUSPENDED_" + reason);
    EXPECT_EQ(entry.text, "no luck");
    const auto candidates = model->report().candidates;
    ASSERT_EQ(candidates.size(), 3u);
    EXPECT_EQ(candidates[0].verdict, Verdict::kSuspended) << "B-1304";
    machine.run_ms(0);
    const auto names = machine.event_names();
    EXPECT_EQ(std::count(names.begin(), names.end(), "DEVICE_SUSPENDED A"), 1);
    EXPECT_EQ(machine.recorder->count(What::kReleased, "A"), 1u) << "what failed is dropped";
  }
}

TEST(Failures, B610_a_thousand_bad_requests_change_nothing) {
  Machine machine(abc(R"("run_failures": [{"from": 2, "class": "INVALID_ARGUMENT", "message": "bad shape"}])"));
  auto model = machine.model("AUTO:A,B,C", plain());
  Request good;
  model->infer(good);
  for (int i = 0; i < 1000; ++i) {
    Request bad;
    model->infer(bad);
    ASSERT_EQ(bad.status.code(), StatusCode::kInvalidArgument);
    ASSERT_EQ(bad.status.message(), "inference failed after 1 attempts: A[a] INVALID_ARGUMENT: bad shape");
  }
  EXPECT_EQ(execution_devices(*model), "A");
  EXPECT_EQ(model->snapshot().generation, 1u);
  EXPECT_EQ(phase(*model), "STEADY");
  EXPECT_EQ(machine.recorder->count(What::kLoadStarted), 1u);
  EXPECT_EQ(model->statistics().pairs.at(0).failed, 1000u) << "B-1214";
}

TEST(Failures, B610_bad_input_on_the_second_device_is_bad_input) {
  Machine machine(abc(kFails, R"("run_failures": [{"class": "INVALID_ARGUMENT", "message": "bad shape"}])"));
  auto model = machine.model("AUTO:A,B,C", plain());
  Request request;
  model->infer(request);
  EXPECT_EQ(request.status.code(), StatusCode::kInvalidArgument);
  EXPECT_THAT(request.status.message(), HasSubstr("after 2 attempts: A[a] ENGINE_ERROR: no luck; B[b] INVALID_ARG"));
  ASSERT_EQ(request.status.attempts().size(), 2u);
  EXPECT_EQ(request.status.attempts()[1].device, "B");
  EXPECT_EQ(execution_devices(*model), "B");
}

TEST(Failures, B613_the_failing_request_goes_first_and_the_others_keep_their_order) {
  // Two run at a time; both first ones fail.
  Machine machine(abc(R"("slots": 2, "run_failures": [{"from": 1, "to": 2, "message": "no luck"}])"));
  auto model = machine.model("AUTO:A,B,C", plain());
  std::vector<int> order;
  std::vector<std::unique_ptr<Request>> requests;
  for (int i = 0; i < 6; ++i) {
    requests.push_back(std::make_unique<Request>());
    requests.back()->then = [&order, i](Request&) { order.push_back(i); };
    model->start(*requests.back());
  }
  machine.run_ms(900);
  EXPECT_EQ(order, (std::vector<int>{0, 1, 2, 3, 4, 5}));
  for (const auto& request : requests) EXPECT_TRUE(request->status.is_ok()) << request->status.message();
  EXPECT_EQ(requests[0]->attempts, 2);
  EXPECT_EQ(requests[2]->attempts, 1);
}

TEST(Failures, B613_running_ones_on_the_suspended_device_end_by_themselves) {
  Machine machine(
      abc(R"("slots": 2, "run_ms": [10, 500], "run_failures": [{"from": 1, "to": 1, "message": "no luck"}])"));
  auto model = machine.model("AUTO:A,B,C", plain());
  Request fails;
  Request goes_on;
  model->start(fails);
  model->start(goes_on);
  machine.run_ms(600);
  EXPECT_EQ(fails.device, "B");
  EXPECT_TRUE(goes_on.status.is_ok());
  EXPECT_EQ(goes_on.device, "A");
  EXPECT_EQ(goes_on.attempts, 1);
  EXPECT_EQ(machine.recorder->count(What::kReleased, "A"), 1u) << "with its last run";
}

TEST(Failures, B614_the_property_bounds_the_attempts) {
  for (const std::uint32_t limit : {1u, 2u}) {
    Machine machine(abc(kFails, kFails));
    Options options = plain();
    options.max_attempts = limit;
    auto model = machine.model("AUTO:A,B,C", options);
    Request request;
    model->infer(request);
    EXPECT_FALSE(request.status.is_ok());
    EXPECT_EQ(request.attempts, static_cast<int>(limit));
    EXPECT_EQ(request.status.attempts().size(), limit);
    Request others;
    model->infer(others);
    EXPECT_EQ(others.attempts, 1) << "it finds the next device in its place";
  }
}

// ---------------------------------------------------------------------------------------------------------------------
// FAILOVER

TEST(Failures, B506_B612_while_the_next_candidate_is_compiled) {
  Machine machine(abc(failing_after(1), R"("load_ms": 5000)"));
  auto model = machine.model("AUTO:A,B", plain());
  Request first;
  model->infer(first);
  Request fails;
  model->start(fails);
  machine.run_ms(20);
  EXPECT_EQ(phase(*model), "FAILOVER");
  EXPECT_EQ(execution_devices(*model), "(A)");
  EXPECT_EQ(execution_engines(*model), "(a)");
  EXPECT_EQ(model->snapshot().generation, 1u);
  EXPECT_EQ(fails.completions, 0);
  Request waits;
  model->start(waits);
  EXPECT_EQ(model->statistics().queued, 2u);
  machine.run_ms(5050);
  EXPECT_EQ(phase(*model), "STEADY");
  EXPECT_EQ(execution_devices(*model), "B");
  EXPECT_TRUE(fails.status.is_ok());
  EXPECT_TRUE(waits.status.is_ok());
  EXPECT_EQ(fails.generation, 2u);
  EXPECT_EQ(fails.attempts, 2);
  EXPECT_EQ(waits.attempts, 1);
}

TEST(Failures, B612_what_waits_ends_after_thirty_seconds) {
  Machine machine(abc(failing_after(1), R"("load_ms": 90000)", R"("load_ms": 90000)"));
  Options options = plain();
  options.recovery_backoff_ms = 0;
  auto model = machine.model("AUTO:A,B,C", options);
  Request first;
  model->infer(first);
  const double failed_at = machine.now_ms() + 10;
  Request fails;
  Request later;
  fails.clock = later.clock = &machine.executor;
  const auto began = machine.executor.now();
  model->start(fails);
  machine.run_ms(5000);
  model->start(later);
  machine.run_ms(failed_at + 29999 - machine.now_ms());
  EXPECT_EQ(fails.completions, 0);
  machine.run_ms(40000);
  EXPECT_EQ(base::to_ms(fails.completed_at - began), 10 + 30000);
  EXPECT_EQ(base::to_ms(later.completed_at - began), 5000 + 30000);
  EXPECT_EQ(fails.status.code(), StatusCode::kDeviceFailed);
  EXPECT_EQ(fails.status.message(),
            "inference failed after 1 attempts: A[a] ENGINE_ERROR: no luck; no device became ready within 30 s");
  EXPECT_EQ(later.attempts, 0);
  EXPECT_THAT(later.status.message(), StartsWith("inference failed after 0 attempts: no device became ready"));
}

TEST(Failures, B612_with_a_time_limit_for_runs_waiting_has_the_same) {
  Machine machine(abc(failing_after(1), R"("load_ms": 90000)"));
  Options options = plain();
  options.infer_timeout_ms = 200;
  options.recovery_backoff_ms = 0;
  auto model = machine.model("AUTO:A,B", options);
  Request first;
  model->infer(first);
  Request fails;
  model->infer(fails);
  EXPECT_EQ(fails.latency_ms, 10 + 200);
  EXPECT_THAT(fails.status.message(), HasSubstr("A[a] ENGINE_ERROR: no luck; no device became ready within 200 ms"));
}

TEST(Failures, B612_a_request_that_waits_can_be_cancelled) {
  Machine machine(abc(kFails, R"("load_ms": 5000)"));
  auto model = machine.model("AUTO:A,B", plain());
  Request request;
  model->start(request);
  machine.run_ms(100);
  ASSERT_EQ(phase(*model), "FAILOVER");
  model->cancel(request);
  EXPECT_EQ(request.status.code(), StatusCode::kCancelled);
  EXPECT_EQ(request.completions, 1);
  machine.run_ms(6000);
  EXPECT_EQ(request.completions, 1);
}

TEST(Failures, B1510_a_cancelled_run_that_fails_is_not_tried_elsewhere) {
  Machine machine(abc(failing("ENGINE_ERROR", R"("cancel_run": false)")));
  auto model = machine.model("AUTO:A,B", plain());
  Request request;
  model->start(request);
  machine.run_ms(5);
  model->cancel(request);
  machine.run_ms(500);
  EXPECT_EQ(request.status.code(), StatusCode::kCancelled);
  EXPECT_EQ(machine.recorder->count(What::kRunStarted, "B"), 0u);
}

TEST(Failures, B612_a_helper_out_of_the_healthy_candidates_answers_meanwhile) {
  Machine machine(two_gpus_and_cpu(failing_after(5)));
  Options options;
  options.second_look = false;
  auto model = machine.model("AUTO:GPU.1,GPU.0,CPU", options);
  machine.infer_until(*model, 3000);
  // The fifth run came long ago: GPU.1 failed, the CPU helped again, GPU.0 serves.
  const auto names = machine.event_names();
  EXPECT_EQ(std::count(names.begin(), names.end(), "DEVICE_SUSPENDED GPU.1"), 1);
  std::vector<std::string> switched;
  for (const auto& event : machine.events) {
    if (event.type == policy::EventType::kSwitched && !event.reason.empty()) switched.push_back(event.text);
  }
  EXPECT_EQ(switched, (std::vector<std::string>{"fail-over from GPU.1/G/full to CPU/E1/fast"}));
}

TEST(Failures, B542_a_kept_helper_takes_over_without_a_compile) {
  Machine machine(m3(failing_after(12)));
  Options options;
  options.keep_helper = true;
  options.second_look = false;
  auto model = machine.model("AUTO:GPU,CPU", options);
  const auto requests = machine.infer_until(*model, 1900);
  const auto retried =
      std::find_if(requests.begin(), requests.end(), [](const auto& request) { return request->attempts == 2; });
  ASSERT_NE(retried, requests.end());
  EXPECT_EQ((*retried)->device, "CPU");
  EXPECT_EQ((*retried)->latency_ms, 2 + 20) << "no load between the two runs";
  EXPECT_EQ(execution_devices(*model), "CPU");
  EXPECT_EQ(phase(*model), "STEADY");
  EXPECT_EQ(machine.recorder->count(What::kLoadStarted, "CPU"), 1u);
}

TEST(Failures, B619_a_helper_that_fails_leaves_its_request_to_the_target) {
  Machine machine(m3("", kFails));
  Options options;
  options.recovery_backoff_ms = 0;
  auto model = machine.model("AUTO:GPU,CPU", options);
  Request request;
  model->infer(request);
  EXPECT_TRUE(request.status.is_ok()) << request.status.message();
  EXPECT_EQ(request.device, "GPU");
  EXPECT_EQ(request.attempts, 2);
  EXPECT_EQ(phase(*model), "STEADY");
  EXPECT_EQ(execution_devices(*model), "GPU");
  EXPECT_EQ(model->snapshot().generation, 2u);
}

TEST(Failures, B619_the_target_failing_too_ends_it) {
  Machine machine(m3(kFails, kFails));
  Options options;
  options.recovery_backoff_ms = 0;
  auto model = machine.model("AUTO:GPU,CPU", options);
  Request request;
  model->infer(request);
  EXPECT_FALSE(request.status.is_ok());
  EXPECT_EQ(request.status.attempts().size(), 2u);
  EXPECT_EQ(phase(*model), "FAILED");
}

// In the moment in which the check begins the helper's run fails: the target serves at once, and what is left of its
// check must not ask for a turn, in which requests would wait for nothing.
TEST(Failures, B526_B619_a_check_that_is_over_holds_no_request) {
  Machine machine(R"({"only": true,
    "devices": [{"name": "CPU", "kind": "cpu"}, {"name": "GPU", "kind": "dgpu"}],
    "engines": [{"name": "E1"}, {"name": "E2"}, {"name": "G"}],
    "pairs": [{"device": "CPU", "engine": "E1", "profile": "fast", "load_ms": 40, "run_ms": 20, )" +
                  failing_after(12) + R"(},
              {"device": "CPU", "engine": "E2", "load_ms": 300, "run_ms": 8, "cpu_heavy_load": false},
              {"device": "GPU", "engine": "G", "load_ms": 9000, "run_ms": 1, "cpu_heavy_load": false}]})");
  Options options;
  options.second_look = false;
  options.recovery_backoff_ms = 0;
  auto model = machine.model("AUTO:CPU,GPU", options);
  const auto requests = machine.infer_until(*model, 600);
  ASSERT_GT(requests.size(), 13u);
  EXPECT_EQ(machine.recorder->entries(What::kLoadEnded, "CPU", "E2").at(0).at_ms, 40 + 13 * 20);
  EXPECT_EQ(requests[12]->attempts, 2);
  EXPECT_EQ(requests[12]->latency_ms, 20 + 8);
  for (std::size_t i = 13; i < requests.size(); ++i) EXPECT_EQ(requests[i]->latency_ms, 8) << "request " << i;
  EXPECT_EQ(execution_engines(*model), "E2");
}

// ---------------------------------------------------------------------------------------------------------------------
// No fail-over

TEST(Failures, B621_with_runtime_fallback_off_the_first_error_is_the_requests) {
  for (const std::string name : {"ENGINE_ERROR", "OUT_OF_MEMORY", "DEVICE_LOST"}) {
    Machine machine(abc(R"("run_failures": [{"from": 1, "to": 1, "class": ")" + name + R"(", "message": "no luck"}])"));
    Options options = plain();
    options.runtime_fallback = false;
    auto model = machine.model("AUTO:A,B,C", options);
    Request request;
    model->infer(request);
    EXPECT_EQ(request.status.message(), "inference failed after 1 attempts: A[a] " + name + ": no luck");
    Request next;
    model->infer(next);
    EXPECT_TRUE(next.status.is_ok()) << "the device is not suspended";
    EXPECT_EQ(next.device, "A");
    machine.run_ms(5000);
    EXPECT_EQ(machine.recorder->count(What::kLoadStarted), 1u);
  }
}

TEST(Failures, B622_a_single_candidate_gives_its_errors_through) {
  for (const char* device : {"AUTO:A", "A"}) {
    Machine machine(abc(failing_after(0, "ENGINE_ERROR", 1)));
    auto model = machine.model(device, plain());
    Request request;
    model->infer(request);
    EXPECT_EQ(request.status.message(), "inference failed after 1 attempts: A[a] ENGINE_ERROR: no luck");
    Request next;
    model->infer(next);
    EXPECT_TRUE(next.status.is_ok());
    EXPECT_EQ(phase(*model), "STEADY");
    EXPECT_EQ(model->snapshot().generation, 1u);
  }
}

TEST(Failures, B609_B628_a_single_candidate_that_is_lost_is_waited_for) {
  Machine machine(abc(R"("run_failures": [{"from": 1, "to": 1, "class": "DEVICE_LOST", "message": "gone"}])"));
  auto model = machine.model("AUTO:A", plain());
  Request request;
  model->infer(request);
  EXPECT_EQ(request.status.attempts().size(), 1u);
  EXPECT_EQ(phase(*model), "FAILED");
  machine.run_ms(1500);
  EXPECT_EQ(phase(*model), "STEADY");
  Request next;
  model->infer(next);
  EXPECT_TRUE(next.status.is_ok()) << next.status.message();
}

TEST(Failures, B622_B1101_B1102_B1106_a_model_with_state_stays_where_its_state_is) {
  Machine machine(abc(failing_after(1, "DEVICE_LOST", 2)));
  auto model = machine.model("AUTO:A,B", plain(), stateful_model());
  EXPECT_EQ(machine.recorder->count(What::kLoadStarted), 1u) << "no helper";
  Request first;
  model->infer(first);
  Request request;
  model->infer(request);
  EXPECT_THAT(request.status.message(), HasSubstr("A[a] DEVICE_LOST: no luck; the state of the model is lost"));
  EXPECT_EQ(machine.recorder->count(What::kLoadStarted, "B"), 0u);
  machine.run_ms(2000);
  Request after;
  model->infer(after);
  EXPECT_TRUE(after.status.is_ok()) << after.status.message();
  EXPECT_EQ(after.device, "A");
  const auto names = machine.event_names();
  EXPECT_EQ(std::count(names.begin(), names.end(), "STATE_RESET A"), 1);
}

TEST(Failures, B622_B1102_another_failure_of_a_model_with_state_is_its_requests_alone) {
  Machine machine(abc(failing_after(1, "ENGINE_ERROR", 2)));
  auto model = machine.model("AUTO:A,B", plain(), stateful_model());
  Request first;
  Request fails;
  Request after;
  for (Request* request : {&first, &fails, &after}) model->infer(*request);
  EXPECT_FALSE(fails.status.is_ok());
  EXPECT_TRUE(after.status.is_ok());
  EXPECT_EQ(phase(*model), "STEADY");
}

// ---------------------------------------------------------------------------------------------------------------------
// Hangs, loads

TEST(Failures, B617_a_hang_moves_the_request_to_the_next_device) {
  for (const bool synchronous : {true, false}) {
    Machine machine(abc(R"("run_ms": 100000, "cancel_run": false)"));
    Options options = plain();
    options.infer_timeout_ms = 150;
    options.recovery_backoff_ms = 0;
    auto model = machine.model("AUTO:A,B", options);
    Request request(5);
    if (synchronous) model->infer(request);
    else model->start(request);
    machine.run_ms(400);
    ASSERT_TRUE(request.status.is_ok()) << request.status.message();
    EXPECT_EQ(request.device, "B");
    EXPECT_EQ(request.attempts, 2);
    EXPECT_EQ(pair_in(model->report(), "A/a/full").reason, Reason::kSuspendedDeviceLost);
  }
}

TEST(Failures, B607_a_load_that_hangs_is_given_up_in_a_fail_over_too) {
  Machine machine(abc(kFails, R"("load_failures": [{"class": "HANG"}], "cancel_load": false)"));
  Options options = plain();
  options.compile_timeout_ms = 1000;
  auto model = machine.model("AUTO:A,B,C", options);
  Request request;
  model->infer(request);
  EXPECT_TRUE(request.status.is_ok()) << request.status.message();
  EXPECT_EQ(request.device, "C");
  EXPECT_NEAR(request.latency_ms, 10 + 1000 + 100 + 10, 1);
  EXPECT_EQ(pair_in(model->report(), "B/b/full").reason, Reason::kLoadTimeout);
}

TEST(Failures, B518_without_startup_fallback_nothing_helps_in_a_fail_over_either) {
  Machine machine(two_gpus_and_cpu(failing_after(2)));
  Options options = plain();
  auto model = machine.model("AUTO:GPU.1,GPU.0,CPU", options);
  machine.infer_until(*model, 1400);
  EXPECT_EQ(machine.recorder->count(What::kLoadStarted, "CPU"), 0u);
  EXPECT_EQ(execution_devices(*model), "GPU.0");
}

}  // namespace
}  // namespace baton::test
