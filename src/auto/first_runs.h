// SPDX-License-Identifier: Apache-2.0
// Copyright (C) 2026 The Baton authors
#pragma once

#include <atomic>
#include <cstddef>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "auto/loaded_rung.h"
#include "auto/sample.h"
#include "base/executor.h"
#include "policy/ladder_action.h"

namespace baton::autodev {

/// First runs of a rung that is compared with nothing, off the serving path: one, or more if times still fall (B-530).
/// It runs one step at a time, each started by the end of the one before, on a request and outputs of its own.
/// Thread-safety: `start` once, `cancel` from any thread. Ownership: kept alive by its running step; holds the rung.
class FirstRuns : public std::enable_shared_from_this<FirstRuns> {
 public:
  struct Options {
    std::shared_ptr<LoadedRung> rung;
    std::shared_ptr<Sample> sample;
    std::size_t outputs = 0;  ///< of the model
    int least = 1;            ///< runs, however long; where the rung compiles for its shapes, two, if so many may be
    int most = 5;
  };
  /// Called once, without locks: with the failure (a run that takes too long is as good as lost: hang_limit) and as
  /// what it refuses the newcomer, or with a result that passes. There the figure "warm_up_ms" is the time of the last
  /// run, unless that compiled for its shapes (B-1112). A refusal of values that were made up says that the device
  /// works.
  using Done = std::function<void(const base::Status&, policy::CheckResult)>;

  FirstRuns(base::Executor& executor, Options options, Done done);

  void start();
  /// No further step is begun and `done` is never called.
  void cancel() { over_.store(true); }

 private:
  void prepare();
  void run();
  void run_done(const base::Status& status, base::Duration time);
  void pass(policy::CheckResult result);
  void refuse(const base::Status& status, const std::string& context = {});
  void finish(const base::Status& status, policy::CheckResult result);

  base::Executor& executor_;
  const Options options_;
  const Done done_;
  const std::vector<engine::TensorView> inputs_;
  std::vector<Buffer> outputs_;
  const std::vector<engine::OutputSink*> sinks_;
  std::unique_ptr<engine::EngineRequest> request_;
  base::TimePoint began_;
  int runs_ = 0;
  double last_ms_ = 0;
  std::atomic<bool> over_{false};
  std::atomic<base::Executor::TimerId> hang_timer_{0};
};

}  // namespace baton::autodev
