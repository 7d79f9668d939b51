// SPDX-License-Identifier: Apache-2.0
// Copyright (C) 2026 The Baton authors
//
// What happened to one compiled model in a scenario: its events, its requests and their answers.
#pragma once

#include <array>
#include <memory>
#include <string>
#include <vector>

#include "auto/auto_model.h"
#include "auto/sample.h"
#include "random/checked_engine.h"
#include "random/random_compile.h"
#include "sim/script.h"

namespace baton::test {

struct ModelStory;

/// One completion.
struct Answer {
  base::Status status;
  std::string device;
  std::string engine;
  std::uint64_t generation = 0;
  int attempts = 0;
  base::TimePoint started;  ///< the request
  base::TimePoint began;    ///< its run
  base::TimePoint at;
  bool cancelled = false;  ///< by the scenario, before
  bool closed = false;     ///< the model was, before
  std::array<float, 4> values{};
};

/// What is left of a request when it is gone.
struct CallRecord {
  float value = 0;  ///< of every element of the input
  bool in_flight = false;
  int starts = 0;
  std::vector<Answer> answers;

  /// The values of an executable with this error.
  std::array<float, 4> expected(const sim::OutputError& error) const;
};

/// A request of the scenario: one f32 input [1, 4], one output alike. May start again when it is done.
class Call final : public CallRecord, public autodev::InferTask {
 public:
  Call(ModelStory& story, base::Executor& executor, Verdict& verdict, float of_all, int repeats);

  void on_done(const base::Status& status, const autodev::RunInfo& info) noexcept override;
  engine::TensorView output_view(std::size_t) override { return output_.view(); }

  /// REQUIRES: not in flight.
  void begin();
  void start();
  void infer();
  void cancel();

 private:
  ModelStory& story_;
  base::Executor& executor_;
  Verdict& verdict_;
  std::vector<float> values_;
  std::vector<std::size_t> shape_{1, 4};
  engine::TensorView input_;
  autodev::Buffer output_;
  engine::OutputSink* sink_ = &output_;
  int repeats_;
  base::TimePoint started_;
  bool cancelled_ = false;
};

struct ModelStory {
  int number = 0;
  RandomCompile compile;
  std::shared_ptr<const model::ModelData> data;  ///< its own, so that its loads can be told from those of others
  base::Status compiled;
  std::shared_ptr<autodev::AutoModel> model;  ///< null: not compiled, or gone
  std::weak_ptr<autodev::AutoModel> remains;
  std::vector<std::string> accepted;
  std::vector<policy::Event> events;
  std::vector<std::unique_ptr<Call>> calls;
  std::vector<CallRecord> records;  ///< of all calls, when the scenario is over
  bool multi = false;
  bool ending = false;  ///< nothing new is started
  bool closed = false;
  std::uint64_t last_generation = 0;

  bool busy() const;
  std::string name() const { return "model " + std::to_string(number); }
};

}  // namespace baton::test
