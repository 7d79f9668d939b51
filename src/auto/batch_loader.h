// SPDX-License-Identifier: Apache-2.0
// Copyright (C) 2026 The Baton authors
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "auto/batch_executable.h"
#include "auto/executable_cache.h"
#include "auto/selection.h"
#include "auto/shared_state.h"
#include "base/mutex.h"

namespace baton::autodev {

/// Decides for one loaded rung whether its requests are batched, and loads what batches run on (B-901 to B-908).
/// Thread-safety: safe. Ownership: borrows what it is made with.
class BatchLoader {
 public:
  BatchLoader(const Environment& environment, const CompileSpec& spec, const Selection& selection,
              const ExecutableCache& cache)
      : environment_(environment), spec_(spec), selection_(selection), cache_(cache) {}

  struct Choice {
    std::uint32_t size = 1;
    policy::BatchPorts ports;
    std::string why_not;  ///< empty: batched, or not asked for
  };
  /// May ask the engine for its optimal batch. `overlap`: its runs may.
  Choice choose(const policy::RungSpec& rung, bool overlap) const;
  void log_refusal(const policy::RungSpec& rung, const Choice& choice) const;

  /// Loads the batch and gives it to `collector`, unless that is gone or `stop` comes before. A batch that cannot be
  /// had is a warning: single runs go on. `alive` keeps what this object borrows.
  struct Order {
    policy::RungSpec rung;
    engine::CompileRequest request;  ///< of the single executable
    std::weak_ptr<BatchCollector> collector;
    std::stop_token stop;
    std::shared_ptr<void> alive;
  };
  void load(Order order, SerialGate& gate) const;

 private:
  policy::BatchTrigger trigger(const policy::RungSpec& rung) const;
  std::uint32_t optimal_batch(const policy::RungSpec& rung) const;
  std::string graph_obstacle(const policy::BatchPorts& ports) const;
  void compile(const std::shared_ptr<Order>& order, SerialGate& gate, bool use_cache) const;
  void arrived(const std::shared_ptr<Order>& order, SerialGate& gate, bool from_cache,
               engine::Engine::CompileResult result) const;

  const Environment& environment_;
  const CompileSpec& spec_;
  const Selection& selection_;
  const ExecutableCache& cache_;
  mutable base::Mutex mu_;
  mutable std::optional<std::string> graph_obstacle_ BATON_GUARDED_BY(mu_);  ///< once the graph was looked at
};

}  // namespace baton::autodev
