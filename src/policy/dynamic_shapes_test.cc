// SPDX-License-Identifier: Apache-2.0
// Copyright (C) 2026 The Baton authors
#include "policy/dynamic_shapes.h"

#include <gtest/gtest.h>

#include <memory>

namespace baton::policy {
namespace {

engine::EngineOnDevice engine_with(const std::string& name, bool dynamic, std::vector<std::string> capabilities) {
  engine::EngineOnDevice engine{name, {.handle = name + "'s", .capabilities = std::move(capabilities)}};
  engine.report.dynamic_shapes = dynamic;
  return engine;
}

TEST(DynamicShapes, B1111_the_dynamic_inputs_are_named) {
  model::Facts facts;
  facts.inputs = {
      {.names = {"a"}, .shape = {1, 4}}, {.names = {"b"}, .shape = {-1, 4}}, {.names = {"c"}, .shape = {1}}};
  model::Model model{std::make_shared<const model::ModelData>(model::Source{}, facts),
                     {{1, 4}, {-1, 4}, {Dimension(2, 8)}}};
  EXPECT_EQ(dynamic_inputs(model), "b [?,4], c [2..8]");
  model.input_shapes = {{1, 4}, {2, 4}, {3}};
  EXPECT_EQ(dynamic_inputs(model), "");
}

TEST(DynamicShapes, B1111_engines_without_them_go_and_devices_without_engines_are_rejected) {
  std::vector<engine::DeviceRecord> devices(3);
  devices[0].engines = {engine_with("A", false, {"FP16", "FP32"})};
  devices[1].engines = {engine_with("A", false, {"FP16", "FP32"}), engine_with("B", true, {"FP32", "INT8"})};
  devices[1].capabilities = {"FP16", "FP32", "INT8"};
  devices[2].engines = {engine_with("A", false, {"FP32"})};
  std::vector<Candidate> candidates = {{.device = "GPU", .record = 0},
                                       {.device = "CPU", .record = 1},
                                       {.device = "NPU", .record = 2, .accepted = false, .reason = Reason::kExcluded}};
  const auto taken = filter_by_dynamic_shapes("x [?,4]", candidates, devices);
  ASSERT_EQ(taken.size(), 2u);
  EXPECT_EQ(to_string(taken[0]), "GPU/A/full");
  EXPECT_EQ(to_string(taken[1]), "CPU/A/full");
  EXPECT_EQ(taken[1].handle, "A's");

  EXPECT_FALSE(candidates[0].accepted);
  EXPECT_EQ(candidates[0].reason, Reason::kDynamicUnsupported);
  EXPECT_EQ(candidates[0].text, "the shapes of the inputs x [?,4] are dynamic, A runs static shapes only");
  EXPECT_TRUE(candidates[1].accepted);
  ASSERT_EQ(devices[1].engines.size(), 1u);
  EXPECT_EQ(devices[1].engines[0].engine, "B");
  EXPECT_EQ(devices[1].capabilities, (std::vector<std::string>{"FP32", "INT8"})) << "what only A could do is gone";
  EXPECT_EQ(candidates[2].reason, Reason::kExcluded) << "its reason stays";
}

}  // namespace
}  // namespace baton::policy
