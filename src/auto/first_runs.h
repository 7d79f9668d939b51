// SPDX-License-Identifier: Apache-2.0
// Copyright (C) 2026 The Baton authors
#pragma once

#include <atomic>
#include <functional>
#include <memory>
#include <vector>

#include "auto/loaded_rung.h"
#include "auto/sample.h"
#include "base/executor.h"
#include "policy/ladder_action.h"

namespace baton::autodev {

/// First runs of a newcomer, off the serving path: one, or more if times still fall (B-530). It runs one step at a
/// time, each started by the end of the one before, on a request and buffers of its own, which hold pseudo-random
/// input. Thread-safety: `start` once, `cancel` from any thread. Ownership: kept alive by its running step; holds the
/// rung.
class FirstRuns : public std::enable_shared_from_this<FirstRuns> {
 public:
  /// The figure "warm_up_ms" is the time of the last run, unless that compiled for its shapes (B-1112). A model that
  /// refuses generated input passes without it.
  using Done = std::function<void(policy::CheckResult)>;

  FirstRuns(base::Executor& executor, std::shared_ptr<LoadedRung> rung, const model::Model& model, int least_runs,
            Done done);

  void start();
  /// No further step is begun and `done` is never called.
  void cancel() { over_.store(true); }

 private:
  void prepare();
  void run();
  void run_done(const base::Status& status, base::Duration time);
  void finish(policy::CheckResult result);
  void refuse(std::string text);

  base::Executor& executor_;
  const std::shared_ptr<LoadedRung> rung_;
  const int least_runs_;
  const Done done_;
  const std::shared_ptr<Sample> sample_;
  std::vector<engine::TensorView> inputs_;
  std::vector<Buffer> outputs_;
  std::vector<engine::OutputSink*> sinks_;
  std::unique_ptr<engine::EngineRequest> request_;
  base::TimePoint began_;
  int runs_ = 0;
  double last_ms_ = 0;
  std::atomic<bool> over_{false};
  std::atomic<base::Executor::TimerId> hang_timer_{0};
};

}  // namespace baton::autodev
