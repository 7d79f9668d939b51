// SPDX-License-Identifier: Apache-2.0
// Copyright (C) 2026 The Baton authors
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <nlohmann/json_fwd.hpp>
#include <string>
#include <vector>

#include "baton/baton.hpp"

namespace baton::tool {

using Clock = std::chrono::steady_clock;

/// One completed inference. Times are in ms since the recording began.
struct Answer {
  double end_ms = 0;
  double latency_ms = 0;
  std::string engine;
  std::uint64_t generation = 0;
};

/// A decision, on the same clock.
struct TimedEvent {
  double ms = 0;
  Event event;
};

/// The answers that one executable gave.
struct Stage {
  std::string engine;
  std::uint64_t generation = 0;
  std::size_t answers = 0;
  double median_ms = 0;
  double last_end_ms = 0;
};

/// What was recorded of one start-up.
struct StartupTrace {
  double read_ms = 0;     ///< until the model was read
  double compile_ms = 0;  ///< until compile_model returned
  std::vector<Answer> answers;
  std::vector<TimedEvent> events;
  double end_ms = 0;
};

/// By generation, in order of time.
std::vector<Stage> stages(const StartupTrace& trace);

/// Runs a model from its start, one synchronous inference after the other, and writes down what happens. Time zero is
/// the construction, before any engine is opened. Thread-safety: one thread; events arrive on another one. Ownership:
/// owns the compiled model.
class StartupRecorder {
 public:
  using Reader = std::function<std::shared_ptr<Model>(const Core&)>;

  /// Reads and compiles; `Reader` gives the model its shapes.
  StartupRecorder(const Reader& read, const std::string& device, const AnyMap& properties);

  /// The request whose inputs the caller sets before the first inference.
  InferRequest& request() { return request_; }
  const CompiledModel& model() const { return model_; }

  void infer();
  /// Infers for at least `shortest`, then until the model is steady, but not beyond `longest`. True when it is steady.
  bool run(std::chrono::duration<double> shortest, std::chrono::duration<double> longest);

  StartupTrace trace() const;

 private:
  struct Journal;

  double now_ms() const;

  const Clock::time_point zero_ = Clock::now();
  std::shared_ptr<Journal> journal_;
  StartupTrace trace_;
  Core core_;
  CompiledModel model_;
  InferRequest request_;
};

nlohmann::ordered_json to_json(const StartupTrace& trace);

}  // namespace baton::tool
