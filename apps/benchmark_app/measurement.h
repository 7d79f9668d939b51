// SPDX-License-Identifier: Apache-2.0
// Copyright (C) 2026 The Baton authors
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <vector>

#include "baton/baton.hpp"
#include "input_data.h"
#include "output_data.h"
#include "statistics.h"

namespace baton::bench {

/// When a measurement ends; with two limits, at the later one.
struct RunLimits {
  std::optional<std::uint64_t> iterations;
  std::optional<double> seconds;
  double max_rate = 0;  ///< frames per second; 0: no limit

  bool goes_on(std::uint64_t started, double elapsed_seconds) const {
    return (iterations && started < *iterations) || (seconds && elapsed_seconds < *seconds);
  }
};

/// Collects completed inferences. Thread-safety: safe. Ownership: outlives the requests that report to it.
class Recorder {
 public:
  /// Time zero of what follows.
  void begin() { zero_ = Clock::now(); }
  /// `more_ms`: what the inference needed after the request was done.
  void add(const InferRequest& request, std::size_t group, std::size_t frames, double more_ms = 0);
  double elapsed_ms() const;

  std::vector<Sample> samples() const;
  std::map<std::uint64_t, Server> servers() const;

 private:
  using Clock = std::chrono::steady_clock;

  Clock::time_point zero_ = Clock::now();  // const while requests run
  mutable std::mutex mutex_;
  std::vector<Sample> samples_;              // guarded by mutex_
  std::map<std::uint64_t, Server> servers_;  // guarded by mutex_
};

/// The inferences of one run: how inputs are fed and requests are started.
/// Thread-safety: one thread. Blocking: all but `requests`.
class Runner {
 public:
  virtual ~Runner() = default;
  virtual std::size_t requests() const = 0;
  /// One inference that the recorder does not see; its latency in ms.
  virtual double first_inference() = 0;
  /// Starts inference number `turn` as soon as a request is free. Throws what went wrong in an earlier one.
  virtual void start(std::uint64_t turn) = 0;
  virtual void finish() = 0;
  /// Counters of the last run of each request.
  virtual std::vector<std::vector<ProfilingInfo>> counters() = 0;
};

struct RunnerOptions {
  bool async = true;
  int requests = 0;                          ///< 0: the optimal number, and growing with it
  bool fill_once = true;                     ///< false: set the inputs before every inference
  std::vector<std::size_t> frames{1};        ///< by set of data shapes
  std::shared_ptr<OutputConverter> outputs;  ///< null: outputs are as the model has them
};

/// `data` and `recorder` outlive the runner.
std::unique_ptr<Runner> make_runner(CompiledModel& model, const RunnerOptions& options, const InputData& data,
                                    Recorder& recorder);

/// Starts inferences until the limit or until `stop` says so, and waits for the last one. `progress` hears the share
/// that is done. Throws what went wrong in an inference.
void measure(Runner& runner, Recorder& recorder, const RunLimits& limits, std::size_t frames,
             const std::function<bool()>& stop, const std::function<void(double)>& progress);

}  // namespace baton::bench
