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

/// One input and one output whose first dimension is free.
model::Model dynamic_model() {
  static const std::string bytes = onnx_model(OnnxGraph("dynamic")
                                                  .input("x", element::f32, {"n", 4})
                                                  .weights("w", {4, 4}, std::vector<float>(16, 0.5f))
                                                  .node("MatMul", {"x", "w"}, {"y"})
                                                  .output("y", element::f32, {"n", 4}));
  auto data = model::read_onnx(model::open_memory(model::Bytes::own(bytes)).value());
  return {data.value(), {data.value()->facts().inputs[0].shape}};
}

TEST(Stateful, B1101_B1102_no_helper_and_one_warning) {
  Machine machine(m3());
  auto model = machine.model("AUTO:GPU,CPU", {}, stateful_model());
  EXPECT_NEAR(machine.now_ms(), 1000, 1) << "compile_model waits for the target";
  EXPECT_EQ(execution_devices(*model), "GPU");
  machine.infer_until(*model, 4000);
  EXPECT_EQ(machine.recorder->count(What::kLoadStarted, "CPU"), 0u);
  EXPECT_THAT(model->report().notes, testing::Contains(testing::HasSubstr("keeps state")));
}

TEST(Stateful, B1102_a_failed_load_still_goes_on_with_the_next_device) {
  Machine machine(m3(R"("load_failures": [{}])"));
  auto model = machine.model("AUTO:GPU,CPU", {}, stateful_model());
  EXPECT_EQ(execution_devices(*model), "CPU");
}

TEST(Stateful, B1103_a_single_candidate_passes_through) {
  Machine machine(m3());
  auto model = machine.model("AUTO:GPU", {}, stateful_model());
  EXPECT_EQ(phase(*model), "STEADY");
  EXPECT_THAT(model->report().notes, testing::Not(testing::Contains(testing::HasSubstr("keeps state"))));
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

TEST(Stateful, B904_B1101_never_batched) { expect_never_batched(stateful_model(), "batching: the model keeps state"); }

TEST(Dynamic, B1107_B1109_dynamic_shapes_change_nothing_in_helper_and_hand_over) {
  Machine machine(m3());
  auto model = machine.model("AUTO:GPU,CPU", {}, dynamic_model());
  EXPECT_NEAR(machine.now_ms(), 50, 1);
  EXPECT_EQ(execution_devices(*model), "(CPU)");
  machine.infer_until(*model, 3000);
  EXPECT_EQ(execution_devices(*model), "GPU");
}

TEST(Dynamic, B1107_a_pair_that_cannot_do_them_is_passed_over_at_its_load) {
  Machine machine(m3(R"("dynamic_shapes": false)"));
  auto model = machine.model("AUTO:GPU,CPU", {}, dynamic_model());
  machine.infer_until(*model, 2000);
  EXPECT_EQ(execution_devices(*model), "CPU");
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
