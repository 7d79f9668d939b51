// SPDX-License-Identifier: Apache-2.0
// Copyright (C) 2026 The Baton authors
//
// Section 11 of the behaviour specification: stateful and dynamic models.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "scenario/machines.h"
#include "scenario/scenario.h"

namespace baton::test {
namespace {

using autodev::Options;
using What = sim::Entry::What;

/// A machine whose models are stateful.
class StatefulMachine : public Machine {
 public:
  using Machine::Machine;
  std::shared_ptr<autodev::AutoModel> model(const std::string& device, Options options = {}) {
    return Machine::model(device, std::move(options), stateful_model());
  }
};

TEST(States, B1101_B1102_with_several_devices_the_first_alone_is_loaded) {
  StatefulMachine machine(m3());
  auto model = machine.model("AUTO:GPU,CPU");
  EXPECT_NEAR(machine.now_ms(), 1000, 1);
  EXPECT_EQ(phase(*model), "STEADY");
  EXPECT_EQ(execution_devices(*model), "GPU");
  machine.run_ms(20'000);
  EXPECT_EQ(machine.recorder->count(What::kLoadStarted), 1u) << "no helper";
  EXPECT_THAT(model->report().notes, testing::Contains(testing::HasSubstr("keeps state")));
}

TEST(States, B1102_a_load_that_fails_leads_to_the_next_device) {
  StatefulMachine machine(m3(R"("load_failures": [{"message": "no memory"}])"));
  auto model = machine.model("AUTO:GPU,CPU");
  EXPECT_EQ(execution_devices(*model), "CPU");
  EXPECT_EQ(phase(*model), "STEADY");
}

TEST(States, B1103_a_single_candidate_passes_through) {
  StatefulMachine machine(m3());
  auto model = machine.model("AUTO:GPU");
  EXPECT_EQ(phase(*model), "STEADY");
  EXPECT_THAT(model->report().notes, testing::Not(testing::Contains(testing::HasSubstr("keeps state"))));
}

TEST(States, B1103_one_device_with_two_engines_has_no_helper_either) {
  StatefulMachine machine(m1());
  auto model = machine.model("AUTO");
  EXPECT_EQ(phase(*model), "STEADY");
  EXPECT_EQ(execution_engines(*model), "E2");
  machine.infer_until(*model, machine.now_ms() + 30'000);
  EXPECT_EQ(model->snapshot().generation, 1u);
  EXPECT_EQ(machine.recorder->count(What::kLoadStarted), 1u);
}

TEST(States, B1105_every_request_has_a_worker_of_its_own) {
  StatefulMachine machine(m3(R"("slots": 1)"));
  auto model = machine.model("AUTO:GPU");
  std::vector<std::unique_ptr<Request>> requests;
  for (int i = 0; i < 4; ++i) requests.push_back(std::make_unique<Request>());
  for (int round = 0; round < 3; ++round) {
    for (auto& request : requests) {
      request->completions = 0;
      model->start(*request);
    }
    machine.run_ms(100);
    for (auto& request : requests) EXPECT_TRUE(request->done() && request->status.is_ok());
  }
  EXPECT_EQ(model->statistics().pairs.at(0).done, 12u);
}

TEST(States, B1510_a_request_that_was_cancelled_runs_again) {
  StatefulMachine machine(m3());
  auto model = machine.model("AUTO:GPU");
  Request request;
  model->start(request);
  model->cancel(request);
  machine.run_ms(100);
  EXPECT_EQ(request.completions, 1);
  request.completions = 0;
  model->start(request);
  machine.run_ms(100);
  EXPECT_TRUE(request.done() && request.status.is_ok()) << request.status.message();
}

TEST(States, B617_after_a_run_that_hangs_the_request_starts_from_a_fresh_state) {
  StatefulMachine machine(R"({"only": true, "devices": [{"name": "GPU", "kind": "dgpu"}],
    "pairs": [{"device": "GPU", "engine": "G", "slots": 2, "run_ms": 10, "cancel_run": false,
               "run_failures": [{"from": 1, "to": 1, "class": "HANG"}]}]})");
  Options options;
  options.infer_timeout_ms = 100;
  auto model = machine.model("GPU", options);
  auto request = std::make_unique<Request>();
  model->start(*request);
  machine.run_ms(100);
  EXPECT_EQ(request->status.code(), base::StatusCode::kDeviceLost);
  request->completions = 0;
  model->start(*request);  // while the engine has not let go of the worker before
  machine.run_ms(50);
  EXPECT_TRUE(request->done() && request->status.is_ok()) << request->status.message();
  request.reset();
}

TEST(States, a_request_may_end_before_and_after_the_model) {
  StatefulMachine machine(m3());
  auto model = machine.model("AUTO:GPU");
  auto first = std::make_unique<Request>(), second = std::make_unique<Request>();
  for (Request* request : {first.get(), second.get()}) {
    model->start(*request);
    machine.run_ms(100);
    EXPECT_TRUE(request->done());
  }
  first.reset();
  model->close();
  model->start(*second);
  EXPECT_EQ(second->status.code(), base::StatusCode::kCancelled);
}

TEST(States, a_model_without_state_has_no_variables) {
  Machine machine(m3());
  auto model = machine.model("AUTO:GPU");
  Request request;
  const auto states = model->states(request);
  ASSERT_TRUE(states.is_ok());
  EXPECT_TRUE(states->empty());
}

TEST(States, B1104_nothing_is_listed_while_a_helper_serves_nor_of_several_devices) {
  Machine machine(m3());
  Request request;
  auto model = machine.model("AUTO:GPU,CPU");
  EXPECT_EQ(phase(*model), "HELPER");
  EXPECT_EQ(model->states(request).status().code(), base::StatusCode::kNotImplemented);
  Options options;
  options.hint = autodev::PerformanceHint::kCumulativeThroughput;
  auto several = machine.model("AUTO:GPU,CPU", options);
  EXPECT_EQ(several->states(request).status().code(), base::StatusCode::kNotImplemented);
}

TEST(States, B1510_a_cancelled_request_may_end_while_its_run_hangs) {
  StatefulMachine machine(R"({"only": true, "devices": [{"name": "GPU", "kind": "dgpu"}],
    "pairs": [{"device": "GPU", "engine": "G", "run_ms": 1000, "cancel_run": false}]})");
  Options options;
  options.infer_timeout_ms = 100;
  auto model = machine.model("GPU", options);
  auto request = std::make_unique<Request>();
  model->start(*request);
  model->cancel(*request);
  machine.run_ms(200);
  EXPECT_TRUE(request->done());
  request.reset();  // the engine has its worker still
  machine.run_ms(2000);
}

/// On a device that batches what can be batched the model is loaded once, and the report says why.
void expect_never_batched(const model::Model& given, const std::string& reason) {
  Machine machine(R"({"only": true,
    "devices": [{"name": "GPU", "kind": "dgpu", "capabilities": ["BATCHED_BLOB", "FP32"]}],
    "pairs": [{"device": "GPU", "engine": "G", "load_ms": 10, "run_ms": 1, "optimal_batch": 8}]})");
  Options options;
  options.hint = autodev::PerformanceHint::kThroughput;
  auto model = machine.model("AUTO:GPU", options, given);
  machine.run_ms(500);
  EXPECT_EQ(machine.recorder->count(What::kLoadStarted), 1u);
  EXPECT_THAT(model->report().notes, testing::Contains(testing::HasSubstr(reason)));
}

TEST(States, B904_B1101_never_batched) { expect_never_batched(stateful_model(), "batching: the model keeps state"); }

TEST(Dynamic, B1107_B1109_dynamic_shapes_change_nothing_in_helper_and_hand_over) {
  Machine machine(m3());
  auto model = machine.model("AUTO:GPU,CPU", {}, dynamic_model());
  EXPECT_NEAR(machine.now_ms(), 50, 1);
  EXPECT_EQ(execution_devices(*model), "(CPU)");
  machine.infer_until(*model, 3000);
  EXPECT_EQ(execution_devices(*model), "GPU");
}

TEST(Dynamic, B530_B1110_earlier_runs_say_nothing) {
  Machine machine(m1());
  auto model = machine.model("AUTO", {}, dynamic_model());
  machine.infer_until(*model, 1000);
  const auto figures = pair_in(model->report(), "CPU/E2/full").figures;
  EXPECT_EQ(figures.at("pairs"), 3) << "of neighbouring runs";
}

TEST(Dynamic, B1113_never_batched) { expect_never_batched(dynamic_model(), "dynamic shape"); }

}  // namespace
}  // namespace baton::test
