// SPDX-License-Identifier: Apache-2.0
// Copyright (C) 2026 The Baton authors
//
// A machine of simulated devices in virtual time, models compiled for AUTO on it, and requests: what a scenario is told
// with.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "auto/auto_model.h"
#include "auto/sample.h"
#include "auto/shared_state.h"
#include "engine/registry.h"
#include "sim/recorder.h"
#include "support/manual_executor.h"
#include "support/tiny_model.h"

namespace baton::test {

/// One inference of a model with one f32 input [rows, 4].
class Request final : public autodev::InferTask {
 public:
  explicit Request(float value = 1, std::size_t rows = 1);

  void on_done(const base::Status& result, const autodev::RunInfo& run) noexcept override;
  engine::TensorView output_view(std::size_t) override { return output_.view(); }

  bool done() const { return completions == 1; }
  bool has_output() const { return !output_.bytes.empty(); }
  float first_output() const;

  int completions = 0;
  base::Status status;
  std::string device;
  std::string engine;
  std::uint64_t generation = 0;
  int attempts = 0;
  double latency_ms = 0;
  base::TimePoint completed_at;
  std::function<void(Request&)> then;  ///< called last in on_done
  base::Executor* clock = nullptr;

 private:
  std::vector<float> values_;
  std::vector<std::size_t> shape_;
  engine::TensorView input_;
  autodev::Buffer output_;
  engine::OutputSink* sink_ = &output_;
};

/// A machine. `script` is the JSON of docs/simulation.md.
class Machine {
 public:
  explicit Machine(const std::string& script, int cores = 8);
  ~Machine();

  /// What compile() compiles.
  autodev::CompileSpec spec(const std::string& device, autodev::Options options, model::Model model = tiny_model());
  /// Compiles a model; virtual time runs until compile_model would return.
  base::Result<std::shared_ptr<autodev::AutoModel>> compile(const std::string& device, autodev::Options options = {},
                                                            model::Model model = tiny_model());
  /// The same, which must succeed.
  std::shared_ptr<autodev::AutoModel> model(const std::string& device, autodev::Options options = {},
                                            model::Model model = tiny_model());

  /// Milliseconds of virtual time.
  void run_ms(double ms) { executor.run_for(base::from_ms(ms)); }
  double now_ms() const { return base::to_ms(executor.elapsed()); }

  /// Starts requests one after another, each when the one before is done, until `end_ms`; all must succeed.
  std::vector<std::unique_ptr<Request>> infer_until(autodev::AutoModel& model, double end_ms);

  /// "LOAD_STARTED GPU", "SWITCHED GPU" ... of the models compiled here.
  std::vector<std::string> event_names() const;
  /// When the first such event of a pair of `engine` was sent, in milliseconds of virtual time; there must be one.
  double time_of(policy::EventType type, const std::string& engine) const;

  base::ManualExecutor executor;
  NoLog log;
  autodev::SharedState shared;
  std::unique_ptr<engine::Registry> registry;
  std::shared_ptr<sim::Recorder> recorder;
  std::vector<policy::Event> events;
  autodev::Environment environment;
  policy::GivenProperties properties;                       ///< of the compiles that follow
  std::vector<std::shared_ptr<autodev::AutoModel>> models;  ///< closed at the end
};

/// "GPU (CPU)" as EXECUTION_DEVICES prints it.
std::string execution_devices(const autodev::AutoModel& model);
std::string execution_engines(const autodev::AutoModel& model);
std::string phase(const autodev::AutoModel& model);

/// The pair of a report: "CPU/E1/fast".
const policy::SelectionReport::Entry& pair_in(const policy::SelectionReport& report, const std::string& name);

}  // namespace baton::test
