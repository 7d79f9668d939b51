// SPDX-License-Identifier: Apache-2.0
// Copyright (C) 2026 The Baton authors
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <stop_token>

#include "auto/batch_loader.h"
#include "auto/executable_cache.h"
#include "auto/loaded_rung.h"
#include "auto/selection.h"
#include "engine/engine.h"
#include "policy/plan.h"
#include "policy/request_count.h"

namespace baton::autodev {

/// One load as its model orders it.
struct RungLoad {
  int rung = -1;
  policy::RungSpec spec;
  std::stop_token stop;
  std::shared_ptr<RequestPath> owner;   ///< the rung's workers belong to it; kept until `done` was called
  std::function<bool()> in_background;  ///< asked when the compile begins: does something else serve?
  /// The rung's cache entry was of no use, and is gone; the model orders the load anew, or not. Without this hook the
  /// loader compiles at once.
  std::function<void()> entry_refused;
  std::function<void(std::string)> note;  ///< for the report; may be null
  /// Told before the compile what the device says of itself; null: it is not asked.
  std::function<void(const policy::DeviceAnswers&)> answered;
  std::function<void()> released;  ///< the rung was destroyed; must not keep the owner alive
  /// The rung with its workers, or why there is none. `first`: the first load of this engine in the process.
  std::function<void(base::Status status, std::shared_ptr<LoadedRung> rung, bool first)> done;
};

/// Loads the rungs of one model, each on a job's thread or the engine's own, one compile per engine and device at a
/// time in the process (B-547). Thread-safety: safe. Ownership: a part of its model, whose things it borrows.
class RungLoader {
 public:
  RungLoader(const Environment& environment, const CompileSpec& spec, const Selection& selection)
      : environment_(environment),
        spec_(spec),
        selection_(selection),
        cache_(environment_, spec_, selection_),
        batches_(environment_, spec_, selection_, cache_) {}

  /// One that waits for its turn is dropped when it is stopped; `done` is called in every case.
  void load(RungLoad load) const;
  /// Opens the engine's libraries, on the core that is idle while something else loads; a load that follows finds it
  /// done.
  void open_engine(const policy::RungSpec& spec, std::stop_token stop, std::shared_ptr<RequestPath> owner) const;
  const ExecutableCache& cache() const { return cache_; }

 private:
  void begin(const std::shared_ptr<RungLoad>& load, bool use_cache = true) const;
  void ask_device(RungLoad& load) const;
  void compiled(const std::shared_ptr<RungLoad>& load, bool from_cache, engine::Engine::CompileResult result) const;
  std::optional<engine::Engine::CompileResult> compile(const std::shared_ptr<RungLoad>& load, bool& from_cache) const;
  void ended(const RungLoad& load, engine::Engine::CompileResult result) const;
  bool refuses_entry(const std::shared_ptr<RungLoad>& load, const base::Status& status) const;
  engine::CompileRequest compile_request(const RungLoad& load, bool use_cache) const;
  std::shared_ptr<BatchCollector> batched(const RungLoad& load, const std::shared_ptr<engine::Executable>& single,
                                          bool overlap) const;
  void load_batch(const RungLoad& load, std::stop_token stop, const std::shared_ptr<BatchCollector>& collector) const;
  base::Status create_workers(LoadedRung& rung, const RungLoad& load) const;
  SerialGate& gate(const policy::Pair& pair) const;
  SerialGate* run_gate(const policy::RungSpec& spec, const engine::Executable& executable) const;
  std::shared_ptr<LoadedRung> owned(std::shared_ptr<LoadedRung> rung, std::function<void()> released) const;

  const Environment& environment_;
  const CompileSpec& spec_;
  const Selection& selection_;
  const ExecutableCache cache_;
  const BatchLoader batches_;
};

}  // namespace baton::autodev
