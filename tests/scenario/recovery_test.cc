// SPDX-License-Identifier: Apache-2.0
// Copyright (C) 2026 The Baton authors
//
// Section 6.3 of the behaviour specification: suspension, probes, return.
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
using policy::EventType;
using policy::ModelPriority;
using testing::HasSubstr;
using What = sim::Entry::What;

/// Milliseconds after `since` at which a device was loaded.
std::vector<double> loads_of(const Machine& machine, const std::string& device, double since) {
  std::vector<double> times;
  for (const auto& entry : machine.recorder->entries(What::kLoadStarted, device)) {
    if (entry.at_ms > since) times.push_back(entry.at_ms - since);
  }
  return times;
}

std::ptrdiff_t count(const Machine& machine, EventType type) {
  return std::count_if(machine.events.begin(), machine.events.end(),
                       [type](const policy::Event& event) { return event.type == type; });
}

void must_work(autodev::AutoModel& model) {
  Request request;
  model.infer(request);
  EXPECT_TRUE(request.status.is_ok()) << request.status.message();
}

TEST(Recovery, B624_B625_a_device_that_works_again_returns_like_a_hand_over) {
  Machine machine(abc(failing_after(1, "ENGINE_ERROR", 2)));
  auto model = machine.model("AUTO:A,B", plain());
  must_work(*model);
  must_work(*model);  // fails on A
  ASSERT_EQ(execution_devices(*model), "B");
  for (const auto& request : machine.infer_until(*model, 4000)) EXPECT_EQ(request->attempts, 1);
  EXPECT_EQ(execution_devices(*model), "A");
  EXPECT_EQ(phase(*model), "STEADY");
  EXPECT_EQ(model->snapshot().generation, 3u);
  EXPECT_EQ(count(machine, EventType::kReturned), 1);
  EXPECT_EQ(count(machine, EventType::kProbeDone), 1);
  EXPECT_EQ(machine.recorder->count(What::kReleased, "B"), 1u);
  EXPECT_EQ(pair_in(model->report(), "A/a/full").verdict, policy::Verdict::kTarget);
  // Counting goes on where it was.
  for (const auto& pair : model->statistics().pairs) {
    if (pair.device != "A") continue;
    EXPECT_EQ(pair.failed, 1u);
    EXPECT_GT(pair.done, 10u);
  }
}

TEST(Recovery, B624_without_requests_the_probe_runs_on_made_up_input) {
  Machine machine(abc(failing_after(1, "ENGINE_ERROR", 2)));
  auto model = machine.model("AUTO:A,B", plain());
  must_work(*model);
  must_work(*model);
  machine.run_ms(10000);
  EXPECT_EQ(execution_devices(*model), "A");
}

TEST(Recovery, B626_B627_probes_of_a_device_that_stays_broken) {
  Machine machine(abc(failing_after(1)));
  auto model = machine.model("AUTO:A,B", plain());
  must_work(*model);
  must_work(*model);
  const double failed_at = 120;  // load, run, run
  machine.infer_until(*model, 20000);
  EXPECT_EQ(loads_of(machine, "A", failed_at), (std::vector<double>{1000, 3000, 7000, 15000}));
  machine.run_ms(280000);
  const auto times = loads_of(machine, "A", failed_at);
  ASSERT_GE(times.size(), 9u);
  EXPECT_EQ(times[4], 31000);
  EXPECT_EQ(times[5], 63000);
  EXPECT_EQ(times[6], 123000);
  EXPECT_EQ(times[7], 183000);
  EXPECT_EQ(execution_devices(*model), "B");
  EXPECT_EQ(model->snapshot().generation, 2u);
}

TEST(Recovery, B626_B627_another_back_off_and_none) {
  Machine machine(abc(failing_after(1)));
  Options options = plain();
  options.recovery_backoff_ms = 500;
  auto model = machine.model("AUTO:A,B", options);
  must_work(*model);
  must_work(*model);
  machine.infer_until(*model, 4000);
  EXPECT_EQ(loads_of(machine, "A", 120), (std::vector<double>{500, 1500, 3500}));

  Machine never(abc(failing_after(1, "ENGINE_ERROR", 2)));
  options.recovery_backoff_ms = 0;
  auto other = never.model("AUTO:A,B", options);
  must_work(*other);
  must_work(*other);
  never.run_ms(600000);
  EXPECT_EQ(execution_devices(*other), "B");
  EXPECT_TRUE(loads_of(never, "A", 120).empty());
}

TEST(Recovery, B626_failing_again_soon_after_a_return_goes_on_doubling) {
  // Run 2 fails, the probe's runs work, and soon after the return one fails again.
  Machine machine(abc(
      R"("run_failures": [{"from": 2, "to": 2, "message": "no luck"}, {"from": 40, "to": 40, "message": "no luck"}])"));
  auto model = machine.model("AUTO:A,B", plain());
  must_work(*model);
  must_work(*model);
  machine.infer_until(*model, 8000);
  const auto times = loads_of(machine, "A", 120);
  ASSERT_GE(times.size(), 2u);
  EXPECT_EQ(times[0], 1000);
  ASSERT_EQ(count(machine, EventType::kDeviceSuspended), 2);
  double again = 0;
  for (const auto& event : machine.events) {
    if (event.type == EventType::kDeviceSuspended)
      again = base::to_ms(event.time - (machine.executor.now() - machine.executor.elapsed()));
  }
  EXPECT_NEAR(times[1] + 120 - again, 2000, 1) << "twice the first wait";
}

TEST(Recovery, B625_a_device_that_ranks_lower_is_merely_usable_again) {
  Machine machine(abc(failing_after(1, "ENGINE_ERROR", 2), failing_after(0, "ENGINE_ERROR", 1)));
  auto model = machine.model("AUTO:A,B,C", plain());
  must_work(*model);
  must_work(*model);  // fails on A and on B
  ASSERT_EQ(execution_devices(*model), "C");
  machine.infer_until(*model, 6000);
  EXPECT_EQ(execution_devices(*model), "A");
  EXPECT_NE(pair_in(model->report(), "B/b/full").verdict, policy::Verdict::kSuspended);
  EXPECT_EQ(machine.recorder->count(What::kLoadEnded, "B"), machine.recorder->count(What::kReleased, "B"));
  EXPECT_GE(count(machine, EventType::kReturned), 1);
}

TEST(Recovery, B609_a_device_that_goes_and_comes_back) {
  Machine machine(R"({"only": true,
    "devices": [{"name": "GPU", "kind": "dgpu", "gone": [{"from_ms": 500, "to_ms": 4000}]}, {"name": "CPU", "kind": "cpu"}],
    "engines": [{"name": "G"}, {"name": "C"}],
    "pairs": [{"device": "GPU", "engine": "G", "load_ms": 100, "run_ms": 5},
              {"device": "CPU", "engine": "C", "load_ms": 50, "run_ms": 20}]})");
  auto model = machine.model("AUTO:GPU,CPU", plain());
  machine.infer_until(*model, 3900);
  EXPECT_EQ(execution_devices(*model), "CPU");
  machine.infer_until(*model, 9000);
  EXPECT_EQ(execution_devices(*model), "GPU");
}

TEST(Recovery, B628_B1425_when_everything_failed_new_requests_fail_at_once_until_a_probe_succeeds) {
  Machine machine(abc(failing_after(1, "DEVICE_LOST", 3), failing_after(0, "OUT_OF_MEMORY", 5)));
  auto model = machine.model("AUTO:A,B", plain());
  must_work(*model);
  Request last;
  model->infer(last);
  EXPECT_EQ(last.status.attempts().size(), 2u);
  EXPECT_EQ(phase(*model), "FAILED");
  EXPECT_EQ(execution_devices(*model), "");
  EXPECT_TRUE(model->wait_until_steady(std::chrono::milliseconds(0))) << "B-551";
  Request refused;
  const double before = machine.now_ms();
  model->infer(refused);
  EXPECT_EQ(machine.now_ms(), before);
  EXPECT_EQ(refused.status.code(), StatusCode::kDeviceFailed);
  EXPECT_THAT(refused.status.message(), HasSubstr("A[a] DEVICE_LOST: no luck; B[b] OUT_OF_MEMORY: no luck"));
  EXPECT_EQ(refused.attempts, 0);
  machine.run_ms(0);
  EXPECT_EQ(count(machine, EventType::kFailed), 1);
  // Run 3 of A, the first probe's, fails too; the second probe's works.
  machine.run_ms(2000);
  EXPECT_EQ(phase(*model), "FAILED");
  machine.run_ms(2000);
  EXPECT_EQ(phase(*model), "STEADY");
  EXPECT_EQ(execution_devices(*model), "A");
  must_work(*model);
  EXPECT_GE(count(machine, EventType::kReturned), 1);
}

TEST(Recovery, B544_B629_probes_end_with_the_model) {
  Machine machine(abc(failing_after(1)));
  auto model = machine.model("AUTO:A,B", plain());
  must_work(*model);
  must_work(*model);
  model->close();
  machine.run_ms(100000);
  EXPECT_TRUE(loads_of(machine, "A", 120).empty());
}

TEST(Recovery, B544_closing_while_a_probe_loads) {
  Machine machine(abc(failing_after(1)));
  auto model = machine.model("AUTO:A,B", plain());
  must_work(*model);
  must_work(*model);
  machine.run_ms(1000);
  ASSERT_EQ(loads_of(machine, "A", 120).size(), 1u);
  model->close();
  machine.run_ms(10000);
  EXPECT_EQ(loads_of(machine, "A", 120).size(), 1u);
  EXPECT_EQ(machine.recorder->count(What::kReleased, "B"), 1u);
}

TEST(Recovery, B629_a_device_that_calls_the_model_bad_is_never_probed_again) {
  Machine machine(abc(failing_after(1) + R"(, "load_failures": [{"from": 2, "class": "INVALID_ARGUMENT"}])"));
  auto model = machine.model("AUTO:A,B", plain());
  must_work(*model);
  must_work(*model);
  machine.run_ms(300000);
  EXPECT_EQ(loads_of(machine, "A", 120).size(), 1u);
}

TEST(Recovery, B415_B604_B630_the_registration_follows) {
  Machine machine(abc(failing_after(1, "ENGINE_ERROR", 2)));
  Options options = plain();
  options.model_priority = ModelPriority::kHigh;
  auto model = machine.model("AUTO:A,B", options);
  const auto holds = [&](const std::string& device) {
    Options other = plain();
    other.model_priority = ModelPriority::kLow;
    auto probe = machine.model("AUTO:A,B,C", other);
    const std::string chosen = execution_devices(*probe);
    probe->close();
    return chosen != device;
  };
  must_work(*model);
  EXPECT_TRUE(holds("A"));
  Request fails;
  model->start(fails);
  machine.run_ms(10);
  ASSERT_EQ(phase(*model), "FAILOVER");
  EXPECT_FALSE(holds("A")) << "suspension removes the entry";
  machine.run_ms(200);
  ASSERT_EQ(execution_devices(*model), "B");
  machine.run_ms(10000);
  ASSERT_EQ(execution_devices(*model), "A");
  EXPECT_TRUE(holds("A")) << "return registers again";
  model->close();
  EXPECT_TRUE(machine.shared.registrations().empty());
}

TEST(Recovery, B630_no_return_while_a_higher_level_holds_the_device) {
  Machine machine(abc(failing_after(1, "ENGINE_ERROR", 2)));
  auto model = machine.model("AUTO:A,B", plain());
  must_work(*model);
  must_work(*model);
  Options high = plain();
  high.model_priority = ModelPriority::kHigh;
  auto other = machine.model("AUTO:A", high);
  const std::size_t loads = machine.recorder->count(What::kLoadStarted, "A");
  machine.run_ms(20000);
  EXPECT_EQ(execution_devices(*model), "B");
  EXPECT_EQ(machine.recorder->count(What::kLoadStarted, "A"), loads) << "not even a compile";
  other->close();
  machine.run_ms(10000);
  EXPECT_EQ(execution_devices(*model), "A") << "and when it has gone the device returns";
}

TEST(Recovery, B413_a_fail_over_respects_higher_levels_too) {
  Machine machine(abc(failing_after(1)));
  Options high = plain();
  high.model_priority = ModelPriority::kHigh;
  auto other = machine.model("AUTO:B", high);
  auto model = machine.model("AUTO:A,B,C", plain());
  must_work(*model);
  must_work(*model);
  EXPECT_EQ(execution_devices(*model), "C");
}

TEST(Recovery, B415_a_second_look_that_changes_the_device_moves_the_registration) {
  // A default list: the GPU comes first, but the CPU turns out to be quicker.
  const std::string script = m3(R"("run_ms": 30, "load_ms": 20)", R"("load_ms": 100)");
  Options high;
  high.model_priority = ModelPriority::kHigh;
  high.startup_fallback = false;
  Machine machine(script);
  auto model = machine.model("AUTO", high);
  ASSERT_EQ(execution_devices(*model), "GPU");
  machine.run_ms(5000);
  ASSERT_EQ(execution_devices(*model), "CPU");
  auto next = machine.model("AUTO", plain());
  EXPECT_EQ(execution_devices(*next), "GPU") << "the GPU is free again";
  model->close();
  next->close();
  EXPECT_TRUE(machine.shared.registrations().empty());
}

}  // namespace
}  // namespace baton::test
