// SPDX-License-Identifier: Apache-2.0
// Copyright (C) 2026 The Baton authors
//
// What the tests of the simulation share: a simulation in virtual time and a small model.
#pragma once

#include <gtest/gtest.h>

#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "sim/simulation.h"
#include "support/manual_executor.h"

namespace baton::sim {

class NoLog final : public base::LogSink {
 public:
  bool enabled(base::LogLevel) const override { return false; }
  void write(base::LogLevel, std::string_view, std::string_view, std::string_view, int) override {}
};

/// Memory for one output, of any size.
class BufferSink final : public engine::OutputSink {
 public:
  void* reserve(element::Type type, std::span<const std::size_t> shape) override {
    shape_ = Shape(std::vector<std::size_t>(shape.begin(), shape.end()));
    if (shape_size(shape_) > limit) return nullptr;
    bytes_.assign(shape_size(shape_) * type.size(), std::byte{0xEE});
    return bytes_.data();
  }
  const Shape& shape() const { return shape_; }
  std::vector<float> floats() const {
    const auto* data = reinterpret_cast<const float*>(bytes_.data());
    return {data, data + bytes_.size() / sizeof(float)};
  }
  std::size_t limit = static_cast<std::size_t>(-1);

 private:
  Shape shape_;
  std::vector<std::byte> bytes_;
};

/// One inference of a model with one f32 input and one output. Lives until its completion.
struct Inference {
  explicit Inference(std::vector<float> v, Shape s) : values(std::move(v)), shape(std::move(s)) {
    input = {element::f32, shape, values.data(), values.size() * sizeof(float)};
  }
  engine::EngineRequest::Completion completion() {
    return [this](base::Status s) {
      ++completions;
      status = std::move(s);
    };
  }
  void start(engine::EngineRequest& request) {
    EXPECT_TRUE(request.start({&input, 1}, {&sink_pointer, 1}, completion()));
  }
  base::Status run(engine::EngineRequest& request) { return request.run({&input, 1}, {&sink_pointer, 1}); }

  std::vector<float> values;
  Shape shape;
  engine::TensorView input;
  BufferSink sink;
  engine::OutputSink* sink_pointer = &sink;
  int completions = 0;
  base::Status status;
};

class SimTest : public ::testing::Test {
 public:
  /// One f32 input, one f32 output.
  static model::Model make_model(PartialShape input = PartialShape{1, 4}, PartialShape output = PartialShape{1, 3}) {
    model::Facts facts;
    facts.inputs = {{{"in"}, element::f32, input}};
    facts.outputs = {{{"out"}, element::f32, output}};
    facts.output_is_distribution = {false};
    return {std::make_shared<const model::ModelData>(model::Source{}, facts), {input}};
  }

 protected:
  void make(const std::string& script) {
    auto result = make_simulation(script, context());
    ASSERT_TRUE(result.is_ok()) << result.status().message();
    simulation_.emplace(std::move(result).value());
    executables_.clear();
  }
  engine::ModuleContext context() {
    engine::ModuleContext context;
    context.executor = &executor_;
    context.log = &log_;
    return context;
  }
  engine::Engine& engine(std::size_t index = 0) { return *simulation_->engines[index]; }
  Recorder& record() { return *simulation_->recorder; }
  double now_ms() const { return base::to_ms(executor_.elapsed()); }

  static engine::CompileRequest compile_request(const std::string& device = "CPU",
                                                engine::Profile profile = engine::Profile::kFull) {
    engine::CompileRequest request;
    request.model = make_model();
    request.device = device;
    request.profile = profile;
    return request;
  }
  base::Result<std::unique_ptr<engine::Executable>> compile(const engine::CompileRequest& request,
                                                            std::size_t index = 0) {
    return engine(index).compile(request, {});
  }
  std::unique_ptr<engine::Executable> must_compile(const engine::CompileRequest& request, std::size_t index = 0) {
    auto result = compile(request, index);
    EXPECT_TRUE(result.is_ok()) << result.status().message();
    return result.is_ok() ? std::move(result).value() : nullptr;
  }
  std::unique_ptr<engine::EngineRequest> must_request(const engine::CompileRequest& request, std::size_t index = 0) {
    executables_.push_back(must_compile(request, index));
    return executables_.back()->create_request().value();
  }
  /// How long one run takes now.
  double timed_run(engine::EngineRequest& request) {
    Inference inference({1, 2, 3, 4}, {1, 4});
    const double before = now_ms();
    const base::Status status = inference.run(request);
    EXPECT_TRUE(status.is_ok()) << status.message();
    return now_ms() - before;
  }
  static base::StatusCode run_code(engine::EngineRequest& request) {
    return Inference({1, 2, 3, 4}, {1, 4}).run(request).code();
  }

  base::ManualExecutor executor_;
  NoLog log_;
  std::optional<Simulation> simulation_;
  std::vector<std::unique_ptr<engine::Executable>> executables_;
};

/// A script of one CPU pair of engine E with these members.
inline std::string cpu_script(const std::string& members, const std::string& device_members = "") {
  return R"({"devices": [{"name": "CPU", "kind": "cpu")" + (device_members.empty() ? "" : ", " + device_members) +
         R"(}], "pairs": [{"device": "CPU", "engine": "E")" + (members.empty() ? "" : ", " + members) + "}]}";
}

}  // namespace baton::sim
