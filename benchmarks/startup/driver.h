// SPDX-License-Identifier: Apache-2.0
// Copyright (C) 2026 The Baton authors
//
// One method of measurement for every implementation: what happens between the start of the process and steady speed.
// A driver is a program that links one implementation as its users do and calls `measure`; benchmarks/run_startup.py
// starts it, afresh for every sample.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

namespace startup {

using Clock = std::chrono::steady_clock;  // CLOCK_MONOTONIC: comparable with the parent's reading of it
using Json = nlohmann::ordered_json;

/// One input of the model. `data` is a read-only file mapped by the harness: every driver reads the same numbers.
struct Input {
  std::string name;
  std::string type;  ///< "f32", "i32", "i64"
  std::vector<std::size_t> shape;
  void* data = nullptr;
  std::size_t bytes = 0;
};

/// One output of the last inference; `data` lives until the next one.
struct Output {
  std::string name;
  std::string type;
  std::vector<std::size_t> shape;
  const void* data = nullptr;
  std::size_t bytes = 0;
};

struct Options {
  std::string model;  ///< path
  std::vector<Input> inputs;
  bool reshape = false;       ///< the model's shapes are dynamic: make them those of the inputs where that is possible
  std::string device;         ///< device string, or the implementation's own variant; empty: its default
  std::string precision;      ///< "f32": arithmetic asked for; empty: the implementation's default
  std::string cache;          ///< CACHE_DIR; empty: none
  Clock::time_point started;  ///< TIME ZERO: read by the parent just before it started this process
  double trace_s = 2;         ///< length of the start-up trace, from time zero
  double settle_s = 15;       ///< longest wait for a hand-over to finish, from time zero
  double steady_s = 3;        ///< length of the steady measurement
  double idle_s = 2;          ///< idle time after it, of which the CPU time is measured
  bool turns = false;         ///< instead of the steady and the idle measurement: take_turns()
  bool throughput = false;    ///< turns of flood(); loaded with the hint THROUGHPUT where there is one
  bool cumulative = false;    ///< with `throughput`: on all devices at once, where the implementation can
  std::string outputs;        ///< prefix of files that take the outputs' bytes; empty: they are not written
};

/// One way to run a model. A failure is an exception. Thread-safety: one thread.
class Implementation {
 public:
  virtual ~Implementation() = default;
  /// Everything from nothing to a model that can run. `options` outlives the implementation.
  virtual void load(const Options& options) = 0;
  /// One synchronous inference on the inputs given.
  virtual void infer() = 0;
  virtual std::vector<Output> outputs() = 0;
  /// Inferences until `until`, as many at a time as the implementation does best with; the number of answers.
  virtual std::size_t flood(Clock::time_point until) = 0;
  /// True when its speed is final. While it is not, inferences go on and it is asked again after each.
  virtual bool settled() { return true; }
  /// Adds what it knows of itself: version, precision, devices. Called after all measuring.
  virtual void describe(Json& record) = 0;
};

/// Measures `implementation` as the command line says and prints one line of JSON. Returns the exit status: 0, or 1
/// when the implementation failed (the line then holds the reason), or 2 for a wrong command line.
int measure(int argc, char** argv, Implementation& implementation);

/// Milliseconds from `from` to `to`.
inline double ms_between(Clock::time_point from, Clock::time_point to) {
  return std::chrono::duration<double, std::milli>(to - from).count();
}

}  // namespace startup
