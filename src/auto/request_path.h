// SPDX-License-Identifier: Apache-2.0
// Copyright (C) 2026 The Baton authors
#pragma once

#include <functional>
#include <vector>

#include "auto/auto_model.h"
#include "auto/loaded_rung.h"
#include "auto/request_queue.h"
#include "base/mutex.h"

namespace baton::autodev {

/// The way of a request, whatever decides where it runs: a worker or the queue, the run, the end. The model behind it
/// says which waiting task gets which worker. In steady state a synchronous inference takes the lock twice, allocates
/// nothing and stays on its thread.
///
/// Locking: `mu_` guards the queue and everything of the model behind it that changes. It is dropped before any engine,
/// callback, executor or gate is called; what must be done afterwards is collected in Effects.
class RequestPath : public AutoModel {
 public:
  void infer(InferTask& task) final;
  void start(InferTask& task) final;
  void cancel(InferTask& task) final;

  /// For Worker: the end of a run that was started on it. The worker may be reused before this returns.
  void run_ended(Worker& worker, base::Status status);
  base::Executor& executor() const { return executor_; }

 protected:
  /// What a locked section found to do once the lock is dropped, in order.
  struct Effects {
    std::vector<Worker*> starts;               ///< asynchronous tasks that got a worker
    std::vector<InferTask*> refused;           ///< tasks that end with their `refusal_`
    std::vector<std::function<void()>> later;  ///< what the model behind has to do then
    bool empty() const { return starts.empty() && refused.empty() && later.empty(); }
  };
  /// A waiting task and the idle worker that takes it.
  struct Dispatch {
    Worker* worker = nullptr;  ///< null: nothing that waits can be given to anybody
    InferTask* task = nullptr;
  };

  RequestPath(base::Executor& executor, bool profiling)
      : executor_(executor), profiling_(profiling), last_use_(executor.now()) {}

  /// What the queue does next, if anything. REQUIRES: the queue is not empty. The worker leaves its rung's idle list.
  virtual Dispatch next_dispatch() BATON_REQUIRES(mu_) = 0;
  /// Why no request is taken any more, or ok.
  virtual base::Status refusal() const BATON_REQUIRES(mu_) = 0;
  /// `task` was given to `worker`.
  virtual void run_assigned(Worker& worker, InferTask& task) BATON_REQUIRES(mu_) = 0;
  /// A run of `task` on `worker` is over; the worker is not idle yet.
  virtual void run_over(Worker& worker, InferTask& task, const base::Status& status, const RunInfo& info,
                        Effects& effects) BATON_REQUIRES(mu_) = 0;
  /// A worker of `rung` is idle again.
  virtual void worker_idle(LoadedRung& rung, Effects& effects) BATON_REQUIRES(mu_) = 0;

  /// Gives waiting tasks to workers as long as there is one for somebody. The submitter itself sees to `submitted`.
  void dispatch_waiting(Effects& effects, const InferTask* submitted = nullptr) BATON_REQUIRES(mu_);
  /// Everything that waits ends with `status`.
  void refuse_waiting(const base::Status& status, Effects& effects) BATON_REQUIRES(mu_);
  void begin_runs(const Effects& effects);  ///< and ends those that were refused
  static void do_later(Effects& effects);
  void carry_out(Effects effects) {
    begin_runs(effects);
    do_later(effects);
  }

  mutable base::Mutex mu_;
  RequestQueue queue_ BATON_GUARDED_BY(mu_);
  int running_ BATON_GUARDED_BY(mu_) = 0;

 private:
  void submit(InferTask& task, Effects& others) BATON_REQUIRES(mu_);
  void wait_for_worker(InferTask& task) BATON_REQUIRES(mu_);
  void assign(Worker& worker, InferTask& task) BATON_REQUIRES(mu_);
  void start_on(Worker& worker);
  base::Status run_on(Worker& worker);
  void copy_sample_inputs(InferTask& task);
  void collect_counters(Worker& worker, const base::Status& status);
  RunInfo end_run(Worker& worker, const base::Status& status, Effects& effects) BATON_REQUIRES(mu_);
  void recycle(Worker& worker, Effects& effects) BATON_REQUIRES(mu_);
  static base::Status request_status(const base::Status& status, const RunInfo& info);

  base::Executor& executor_;
  const bool profiling_;

 protected:
  base::TimePoint last_use_ BATON_GUARDED_BY(mu_);  ///< the end of the last run
};

}  // namespace baton::autodev
