// SPDX-License-Identifier: Apache-2.0
// Copyright (C) 2026 The Baton authors
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "base/executor.h"
#include "base/mutex.h"
#include "base/status.h"
#include "engine/engine.h"

namespace baton::autodev {

class Rung;
class Worker;
struct Sample;

/// Who ran a task and how long it took (B-1502).
struct RunInfo {
  const std::string* device = nullptr;  ///< borrowed from the executable that ran it; valid inside on_done only
  const std::string* engine = nullptr;
  std::uint64_t generation = 0;
  double latency_ms = 0;  ///< from start to completion, waiting included
  double run_ms = 0;      ///< on the device
  bool compiled = false;  ///< the run compiled for its shapes, too (B-1112)
  int attempts = 0;       ///< runs, failed ones included; 0: never ran
};

/// One inference on its way through a compiled model. Lives in the user's request; nothing is allocated per run.
/// Thread-safety: belongs to the model from `infer`/`start` until `on_done`, to the request otherwise.
class InferTask {
 public:
  /// One view per input, one sink per output, in port order; stable from start to on_done.
  std::span<const engine::TensorView> inputs;
  std::span<engine::OutputSink* const> outputs;

  /// The single completion. Called without locks; may start the task again or destroy it.
  virtual void on_done(const base::Status& status, const RunInfo& info) noexcept = 0;
  /// The memory that output `index` holds now; called between the end of a run and `on_done`.
  virtual engine::TensorView output_view(std::size_t index) = 0;
  /// With PERF_COUNT, between the end of a good run and `on_done`; without locks.
  virtual void on_counters(base::Result<std::vector<engine::NodeCounters>> counters) noexcept { (void)counters; }

 protected:
  ~InferTask() = default;

 private:
  friend class AutoModelImpl;
  friend class MultiModel;
  friend class RequestPath;
  friend class RequestQueue;

  enum class State { kIdle, kQueued, kRunning };
  State state_ = State::kIdle;
  bool synchronous_ = false;  ///< a thread waits in infer()
  bool cancelled_ = false;    ///< the user does not want it any more: no further attempt
  std::uint64_t number_ = 0;  ///< of the submission; the queue is in this order
  InferTask* previous_ = nullptr;
  InferTask* next_ = nullptr;
  Worker* worker_ = nullptr;
  Worker* bound_ = nullptr;  ///< the only worker that may run it; null: any may
  base::TimePoint started_;
  base::TimePoint queued_at_;
  std::vector<base::FailedAttempt> attempts_;  ///< empty in almost every run
  base::CondVar changed_;                      ///< for a synchronous task: `state_` changed
  base::Status result_;                        ///< of a task that is over
  RunInfo info_;
  std::shared_ptr<Sample> sample_;
  std::shared_ptr<Worker> own_;  ///< the bound one of a stateful model's task, from the first run on
};

}  // namespace baton::autodev
