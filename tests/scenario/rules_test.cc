// SPDX-License-Identifier: Apache-2.0
// Copyright (C) 2026 The Baton authors
//
// Rules that other scenarios take for granted.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

#include "scenario/machines.h"
#include "scenario/scenario.h"

namespace baton::test {
namespace {

using autodev::Options;
using policy::Reason;
using policy::Verdict;
using What = sim::Entry::What;

Options with_priority(policy::ModelPriority priority) {
  Options options;
  options.model_priority = priority;
  return options;
}

TEST(Rules, B412_B417_the_best_that_is_left_is_the_target_and_a_later_high_model_moves_nobody) {
  Machine machine(m3());
  auto low = machine.model("AUTO", with_priority(policy::ModelPriority::kLow));
  machine.run_ms(5000);
  EXPECT_EQ(execution_devices(*low), "GPU");
  auto high = machine.model("AUTO", with_priority(policy::ModelPriority::kHigh));
  machine.run_ms(5000);
  EXPECT_EQ(execution_devices(*high), "GPU");
  EXPECT_EQ(execution_devices(*low), "GPU") << "no pre-emption";
  auto next = machine.model("AUTO", with_priority(policy::ModelPriority::kLow));
  machine.run_ms(5000);
  EXPECT_EQ(execution_devices(*next), "CPU");
}

TEST(Rules, B427_an_hour_later_the_choice_is_the_same) {
  Machine machine(m3());
  const auto chosen = [&] {
    auto model = machine.model("AUTO");
    machine.run_ms(5000);
    const std::string devices = execution_devices(*model);
    model->close();
    return devices;
  };
  const std::string before = chosen();
  machine.run_ms(3600e3);
  EXPECT_EQ(chosen(), before);
}

TEST(Rules, B509_a_helper_only_with_startup_fallback_one_target_and_no_state) {
  const auto loads = [](const std::string& device, bool startup_fallback, bool stateful) {
    Machine machine(m3());
    Options options;
    options.startup_fallback = startup_fallback;
    options.second_look = false;
    auto model = machine.model(device, options, stateful ? stateful_model() : tiny_model());
    machine.run_ms(5000);
    const auto entries = machine.event_names();
    return std::count(entries.begin(), entries.end(), "HELPER_READY CPU");
  };
  EXPECT_EQ(loads("AUTO:GPU,CPU", true, false), 1);
  EXPECT_EQ(loads("AUTO:GPU,CPU", false, false), 0);
  EXPECT_EQ(loads("AUTO:GPU,CPU", true, true), 0);
  EXPECT_EQ(loads("MULTI:GPU,CPU", true, false), 0);
}

TEST(Rules, B527_a_request_keeps_its_tensors_over_a_switch) {
  Machine machine(m3());
  auto model = machine.model("AUTO");
  Request request(5);
  model->infer(request);
  EXPECT_EQ(request.device, "CPU");
  const float value = request.first_output();
  machine.run_ms(5000);
  EXPECT_EQ(request.first_output(), value);
  request.completions = 0;
  model->infer(request);
  EXPECT_EQ(request.device, "GPU");
  EXPECT_EQ(request.first_output(), value) << "the inputs that were set before";
}

TEST(Rules, without_a_helper_there_are_no_checks) {
  Machine machine(m3());
  Options options;
  options.startup_fallback = false;
  options.second_look = false;
  auto model = machine.model("AUTO:GPU,CPU", options);
  machine.run_ms(5000);
  EXPECT_EQ(machine.recorder->count(What::kRunStarted), 0u);
}

TEST(Rules, B1210_B1306_events_and_the_report_say_what_became_of_a_refused_target) {
  Machine machine(m3(R"("output_error": {"scale": 1.5})"));
  auto model = machine.model("AUTO");
  Request request;
  model->infer(request);
  machine.run_ms(5000);
  const auto entry = pair_in(model->report(), "GPU/G/full");
  EXPECT_EQ(entry.verdict, Verdict::kFailed);
  EXPECT_EQ(entry.reason, Reason::kOutputMismatch);
  const auto check = std::find_if(machine.events.begin(), machine.events.end(), [](const policy::Event& event) {
    return event.type == policy::EventType::kCheckDone;
  });
  ASSERT_NE(check, machine.events.end());
  EXPECT_EQ(check->device + "/" + check->engine + "/" + check->profile, "GPU/G/full");
  EXPECT_EQ(check->reason, "OUTPUT_MISMATCH");
  EXPECT_EQ(check->generation, 1u);
  EXPECT_EQ(check->phase, policy::Phase::kChecking);
  EXPECT_GT(check->time, base::TimePoint());
  EXPECT_FALSE(check->text.empty());
  EXPECT_GT(check->values.at("error"), check->values.at("error_limit"));
}

TEST(Rules, B309_the_share_of_operators_on_the_device_is_in_the_report_where_it_is_known) {
  Options cumulative;
  cumulative.hint = autodev::PerformanceHint::kCumulativeThroughput;
  for (const Options& options : {Options(), cumulative}) {
    Machine machine(m3(R"("device_coverage": 0.9)"));
    auto model = machine.model("AUTO:GPU,CPU", options);
    machine.infer_until(*model, 2000);
    const auto report = model->report();
    EXPECT_EQ(pair_in(report, "GPU/G/full").figures.at("device_coverage"), 0.9);
    EXPECT_FALSE(pair_in(report, "CPU/C/full").figures.contains("device_coverage")) << "the engine does not say";
    EXPECT_THAT(to_json(report), testing::HasSubstr(R"("device_coverage":0.9)"));
  }
}

}  // namespace
}  // namespace baton::test
