// SPDX-License-Identifier: Apache-2.0
// Copyright (C) 2026 The Baton authors
#pragma once

#include <memory>

#include "baton/baton.hpp"
#include "console.h"
#include "device_config.h"
#include "handover_log.h"
#include "input_data.h"
#include "input_plan.h"
#include "measurement.h"
#include "options.h"
#include "results.h"

namespace baton::bench {

/// The eleven steps over the public API. One use. Thread-safety: one thread; events arrive on another one.
/// Ownership: `options` and `console` outlive it.
class BenchmarkRun {
 public:
  BenchmarkRun(const Options& options, Console& console);

  /// Returns the exit status; what went wrong is printed, and written to the reports that were asked for.
  int run();

 private:
  void fail(const std::string& what);
  void load_runtime();
  void configure();
  void read_model();
  void resize_model();
  void describe_inputs();
  void compile();
  void query_properties();
  void prepare_requests();
  void measure_performance();
  void report();

  void plan(const std::vector<Output<const Node>>& ports);
  void skip(int step, const std::string& why);
  bool fills_once() const;
  std::shared_ptr<OutputConverter> output_converter() const;  ///< null: nothing is to be converted
  void summarise_samples();
  void print_counters();
  void write_reports();
  void write_counters() const;

  const Options& options_;
  Console& console_;
  Results results_;
  Core core_;
  DeviceConfig loaded_config_;
  EffectiveConfig config_;
  std::shared_ptr<Model> model_;
  InputPlans plans_;
  std::vector<element::Type> output_types_;
  std::shared_ptr<HandoverLog> handovers_ = std::make_shared<HandoverLog>();
  CompiledModel compiled_;
  std::unique_ptr<InputData> data_;
  Recorder recorder_;
  std::unique_ptr<Runner> runner_;
  RunLimits limits_;
};

}  // namespace baton::bench
