// SPDX-License-Identifier: Apache-2.0
// Copyright (C) 2026 The Baton authors
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "base/executor.h"
#include "base/mutex.h"
#include "base/status.h"
#include "engine/engine.h"
#include "sim/recorder.h"
#include "sim/script.h"

namespace baton::sim {

/// When and how something that was begun will end, if nobody stops it.
struct Course {
  std::optional<base::TimePoint> end;  ///< nullopt: it hangs
  base::Status outcome;
  std::size_t slot = 0;  ///< of a run: the worker of the executable that does it
};

/// An executable as the hardware sees it; the machine's lock guards all but the first three.
struct Loaded {
  std::size_t pair = 0;
  engine::Precision precision = engine::Precision::kNative;
  std::uint64_t number = 0;
  base::TimePoint since;
  std::uint32_t runs = 0;
  std::uint32_t active = 0;
  std::set<std::string> shapes;            ///< that are compiled for
  std::vector<base::TimePoint> slot_free;  ///< when each worker will have done what it was given
};

/// The simulated hardware: decides how long everything takes and how it ends, and keeps the record. Nothing here waits.
/// Thread-safety: safe. Ownership: shared by the engines, executables and requests of a simulation; the executor
/// outlives it.
class Machine {
 public:
  Machine(Script script, base::Executor& executor, std::shared_ptr<Recorder> recorder);

  const Script& script() const { return script_; }
  base::Executor& executor() const { return executor_; }
  const Pair* find_pair(std::size_t engine, const std::string& device, engine::Profile profile) const;
  bool is_gone(std::size_t device) const;

  void record_probe(std::size_t engine);
  void record_cancel(std::size_t pair, engine::Precision precision, std::uint64_t number);

  /// A load ends with `end_load`, called once, with the executable when it succeeded.
  Course begin_load(std::size_t pair, const engine::CompileRequest& request, std::uint64_t& number);
  std::unique_ptr<Loaded> end_load(std::size_t pair, engine::Precision precision, std::uint64_t number,
                                   const Course& course, const base::Status& status);
  /// What an executable of the pair exports; a load accepts nothing else. kUnsupported without EXPORT_IMPORT.
  base::Result<std::string> exported(std::size_t pair, engine::Precision precision, const model::Model& model) const;
  void record(Entry::What what, const Loaded& loaded);

  /// Keeps a load that hangs, and that nobody else holds, until it is stopped or the simulation ends.
  void keep_hanging(std::uint64_t number, std::shared_ptr<void> load);
  void drop_hanging(std::uint64_t number);
  void drop_all_hanging();

  /// The executable is gone.
  void release(const Loaded& loaded);

  /// A run of `items` items of a batch; ends with `end_run`, called once. `shapes`: of its inputs, where the pair
  /// compiles for each.
  Course begin_run(Loaded& loaded, std::size_t items, const std::string& shapes);
  void end_run(Loaded& loaded, const Course& course, const base::Status& status);

 private:
  struct Use {
    std::uint32_t loads = 0;  ///< ever
    std::uint32_t imports = 0;
    std::uint32_t runs = 0;
    std::uint32_t loading = 0;  ///< now
    std::uint32_t running = 0;
  };

  Entry entry(Entry::What what, std::size_t pair, engine::Precision precision, std::uint64_t number) const;
  double slowdown(std::size_t pair) const BATON_REQUIRES(mutex_);
  void apply_failure(const std::vector<Failure>& failures, std::uint32_t count, Course& course) const;
  void apply_loss(std::size_t pair, base::TimePoint since, Course& course) const;
  bool overlaps(const Loaded& loaded) const BATON_REQUIRES(mutex_);
  double run_ms(const Loaded& loaded, std::size_t items) const;

  const Script script_;
  base::Executor& executor_;
  const std::shared_ptr<Recorder> recorder_;
  const base::TimePoint start_;
  mutable base::Mutex mutex_;
  std::vector<Use> uses_ BATON_GUARDED_BY(mutex_);                   ///< by pair
  std::vector<std::uint64_t> memory_used_ BATON_GUARDED_BY(mutex_);  ///< by device
  std::uint64_t loads_ BATON_GUARDED_BY(mutex_) = 0;
  std::map<std::uint64_t, std::shared_ptr<void>> hanging_ BATON_GUARDED_BY(mutex_);
};

}  // namespace baton::sim
