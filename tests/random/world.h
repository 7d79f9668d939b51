// SPDX-License-Identifier: Apache-2.0
// Copyright (C) 2026 The Baton authors
//
// One random scenario: a machine, models compiled on it and what is done with them, all from one seed.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "auto/shared_state.h"
#include "engine/registry.h"
#include "random/checked_engine.h"
#include "random/random_machine.h"
#include "random/story.h"
#include "sim/recorder.h"
#include "support/manual_executor.h"
#include "support/memory_records.h"

namespace baton::test {

/// Takes every line, so that lines are made; none may be made under a lock.
class CheckedLog final : public base::LogSink {
 public:
  CheckedLog(Verdict& verdict, bool on) : verdict_(verdict), on_(on) {}
  bool enabled(base::LogLevel) const override { return on_; }
  void write(base::LogLevel, std::string_view, std::string_view, std::string_view, int) override {
    verdict_.expect_no_lock("LogSink::write");
  }

 private:
  Verdict& verdict_;
  const bool on_;
};

/// Thread-safety: none. `run` once; afterwards everything is over and only the records are left.
class World {
 public:
  /// `told`: events are printed as they come.
  explicit World(std::uint64_t seed, bool told = false);

  void run();

  const RandomMachine& machine() const { return machine_; }
  const std::vector<std::unique_ptr<ModelStory>>& stories() const { return stories_; }
  const sim::Recorder& recorder() const { return *recorder_; }
  Verdict& verdict() { return verdict_; }
  base::TimePoint start() const { return start_; }

 private:
  bool over() const { return base::to_ms(executor_.elapsed()) >= kEndOfTimeMs; }
  void run_ms(double ms) { executor_.run_for(base::from_ms(ms)); }

  void plan_acts();
  void step();
  void compile();
  void infer_in_turn();
  void act();
  void look(ModelStory& story);
  void cancel_some(ModelStory& story);
  void end_softly(ModelStory& story);
  void close(ModelStory& story);
  void drop_idle_call(ModelStory& story);
  Call& new_call(ModelStory& story);
  ModelStory* living();
  void finish();
  void check_remains();

  const bool told_;
  RandomSource random_;
  Verdict verdict_;
  EngineWatch watch_;
  RandomMachine machine_;
  base::ManualExecutor executor_;
  CheckedLog log_;
  std::unique_ptr<autodev::SharedState> shared_ = std::make_unique<autodev::SharedState>();
  MemoryRecords records_;
  std::unique_ptr<engine::Registry> registry_;
  std::shared_ptr<sim::Recorder> recorder_;
  autodev::Environment environment_;
  std::vector<std::unique_ptr<ModelStory>> stories_;
  std::uint32_t most_models_ = 1;
  std::uint32_t calls_ = 0;
  base::TimePoint start_;
};

}  // namespace baton::test
