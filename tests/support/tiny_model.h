// SPDX-License-Identifier: Apache-2.0
// Copyright (C) 2026 The Baton authors
//
// What every test of the AUTO shell needs: a small model and a log that is off. Header only: users link baton::model.
#pragma once

#include <memory>
#include <utility>
#include <vector>

#include "base/log.h"
#include "model/onnx_reader.h"
#include "model/source.h"
#include "support/onnx_builder.h"

namespace baton::test {

class NoLog final : public base::LogSink {
 public:
  bool enabled(base::LogLevel) const override { return false; }
  void write(base::LogLevel, std::string_view, std::string_view, std::string_view, int) override {}
};

/// A model with one input "x" f32 [1,4] and one output "y" f32 [1,4].
inline model::Model tiny_model() {
  static const std::string bytes = onnx_model(OnnxGraph("tiny")
                                                  .input("x", element::f32, {1, 4})
                                                  .weights("w", {4, 4}, std::vector<float>(16, 0.5f))
                                                  .node("MatMul", {"x", "w"}, {"y"})
                                                  .output("y", element::f32, {1, 4}));
  auto data = model::read_onnx(model::open_memory(model::Bytes::own(bytes)).value());
  return {data.value(), {data.value()->facts().inputs[0].shape}};
}

/// The same with [?,4].
inline model::Model dynamic_model() {
  static const std::string bytes = onnx_model(OnnxGraph("dynamic")
                                                  .input("x", element::f32, {"n", 4})
                                                  .weights("w", {4, 4}, std::vector<float>(16, 0.5f))
                                                  .node("MatMul", {"x", "w"}, {"y"})
                                                  .output("y", element::f32, {"n", 4}));
  auto data = model::read_onnx(model::open_memory(model::Bytes::own(bytes)).value());
  return {data.value(), {data.value()->facts().inputs[0].shape}};
}

/// tiny_model, said to keep state between inferences.
inline model::Model stateful_model() {
  const model::Model model = tiny_model();
  model::Facts facts = model.facts();
  facts.stateful = true;
  return {std::make_shared<const model::ModelData>(model.data->source(), std::move(facts)), model.input_shapes};
}

}  // namespace baton::test
