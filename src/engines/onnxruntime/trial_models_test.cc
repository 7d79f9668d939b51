// SPDX-License-Identifier: Apache-2.0
// Copyright (C) 2026 The Baton authors
#include "trial_models.h"

#include <gtest/gtest.h>

#include <cmath>

namespace baton::engine::onnxruntime {
namespace {

void expect_ports(const base::Result<model::Model>& model, element::Type type, const PartialShape& shape) {
  ASSERT_TRUE(model.is_ok()) << model.status().message();
  const model::Facts& facts = model->facts();
  ASSERT_EQ(facts.inputs.size(), 2u);
  ASSERT_EQ(facts.outputs.size(), 1u);
  for (const model::Port& port : {facts.inputs[0], facts.inputs[1], facts.outputs[0]}) {
    EXPECT_EQ(port.type, type);
    EXPECT_EQ(port.shape, shape);
  }
}

TEST(TrialModels, are_read_like_any_model) {
  expect_ports(trial_model(addition(1)), element::f32, PartialShape{kTrialSide});
  expect_ports(trial_model(addition(10)), element::f16, PartialShape{kTrialSide});
  expect_ports(trial_model(chain()), element::f32, PartialShape{kTrialSide, kTrialSide});
}

/// bf16 keeps eight significant bits: what is exact there is exact everywhere.
TEST(TrialModels, answers_are_exact_in_any_precision_and_far_from_each_other) {
  for (const float a : {1.F, 2.F, 4.F}) {
    for (const float b : {1.F, 2.F, 4.F}) {
      int exponent = 0;
      const float scaled = std::ldexp(std::frexp(chain_answer(a, b), &exponent), 8);
      EXPECT_EQ(scaled, std::trunc(scaled)) << a << " " << b;
      EXPECT_GT(chain_answer(2 * a, b), 1.5F * chain_answer(a, b));
      EXPECT_GT(chain_answer(a, 2 * b), 1.5F * chain_answer(a, b));
    }
  }
}

}  // namespace
}  // namespace baton::engine::onnxruntime
