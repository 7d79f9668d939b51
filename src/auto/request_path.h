// SPDX-License-Identifier: Apache-2.0
// Copyright (C) 2026 The Baton authors
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "auto/auto_model.h"
#include "auto/loaded_rung.h"
#include "auto/request_queue.h"
#include "base/mutex.h"
#include "policy/failure.h"

namespace baton::autodev {

/// The way of a request, whatever decides where it runs: a worker or the queue, the run, the end; after a failure the
/// queue again. The model behind it says which waiting task gets which worker. In steady state a synchronous inference
/// takes the lock twice, allocates nothing and stays on its thread. With a time limit (INFER_TIMEOUT) every run is
/// asynchronous, on memory of Baton's own. Two files: request_path.cc, and request_failures.cc for failures and limits.
///
/// Locking: `mu_` guards the queue and everything of the model behind it that changes. It is dropped before any engine,
/// callback, executor or gate is called; what must be done afterwards is collected in Effects.
class RequestPath : public AutoModel {
 public:
  struct Limits {
    bool profiling = false;
    std::size_t attempt_limit = 1;    ///< most runs of one request (B-614)
    base::Duration infer_timeout{0};  ///< of one run (B-617); 0: none
  };

  void infer(InferTask& task) final;
  void start(InferTask& task) final;
  void cancel(InferTask& task) final;

  /// For Worker: the end of a run that was started on it. The worker may be reused before this returns.
  void run_ended(Worker& worker, base::Status status);
  /// For Worker: a blocking run on this thread.
  void run_blocking(Worker& worker) noexcept;
  bool timed() const { return limits_.infer_timeout.count() > 0; }
  base::Executor& executor() const { return executor_; }

 protected:
  /// What a locked section found to do once the lock is dropped, in order.
  struct Effects {
    std::vector<Worker*> starts;               ///< asynchronous tasks that got a worker
    std::vector<InferTask*> ended;             ///< tasks that end with their `result_`
    std::vector<std::function<void()>> later;  ///< what the model behind has to do then
    bool empty() const { return starts.empty() && ended.empty() && later.empty(); }
  };
  /// A waiting task and the idle worker that takes it.
  struct Dispatch {
    Worker* worker = nullptr;  ///< null: nothing that waits can be given to anybody
    InferTask* task = nullptr;
  };

  RequestPath(base::Executor& executor, Limits limits)
      : executor_(executor), limits_(limits), last_use_(executor.now()) {}

  /// Called before the queue sees the task, without the lock: makes what the task will need. An error ends the task.
  virtual base::Status prepare(InferTask& task) {
    (void)task;
    return {};
  }
  /// What the queue does next, if anything. REQUIRES: the queue is not empty. The worker leaves its rung's idle list.
  virtual Dispatch next_dispatch(Effects& effects) BATON_REQUIRES(mu_) = 0;
  /// Why no request is taken any more, or ok.
  virtual base::Status refusal() const BATON_REQUIRES(mu_) = 0;
  /// `task` was given to `worker`.
  virtual void run_assigned(Worker& worker, InferTask& task) BATON_REQUIRES(mu_) = 0;
  /// A run of `task` on `worker` is over; the worker is not idle yet.
  virtual void run_over(Worker& worker, InferTask& task, const base::Status& status, const RunInfo& info,
                        Effects& effects) BATON_REQUIRES(mu_) = 0;
  /// The worker is in its rung's idle list again.
  virtual void worker_idle(Worker& worker, Effects& effects) BATON_REQUIRES(mu_) = 0;

  /// Whether a request that failed like this may run again elsewhere (B-611, B-621, B-622).
  virtual bool fails_over() const BATON_REQUIRES(mu_) = 0;
  /// A run failed with a class that says something about the device. Its task waits in the queue already, or has had
  /// its last attempt. When nothing is left to wait for, `refuse_waiting` ends what waits.
  virtual void run_failed(Worker& worker, const base::Status& status, Effects& effects) BATON_REQUIRES(mu_) = 0;
  /// Something takes requests, now or when one of its workers is idle. Otherwise waiting has a limit (B-612).
  virtual bool can_serve() const BATON_REQUIRES(mu_) = 0;
  /// What the final error of a request adds to its attempts; often nothing.
  virtual std::string failure_note(const base::Status& status) const BATON_REQUIRES(mu_) = 0;

  /// The oldest task whose bound worker is idle, where every task has one (B-819, B-1105).
  Dispatch next_bound() BATON_REQUIRES(mu_);
  /// Gives waiting tasks to workers as long as there is one for somebody. The submitter itself sees to `submitted`.
  void dispatch_waiting(Effects& effects, const InferTask* submitted = nullptr) BATON_REQUIRES(mu_);
  /// Everything that waits ends with `status`; what has failed attempts behind it lists them.
  void refuse_waiting(const base::Status& status, Effects& effects) BATON_REQUIRES(mu_);
  void begin_runs(const Effects& effects);  ///< and ends those that are over
  static void do_later(Effects& effects);
  void carry_out(Effects effects) {
    begin_runs(effects);
    do_later(effects);
  }

  mutable base::Mutex mu_;
  RequestQueue queue_ BATON_GUARDED_BY(mu_);
  int running_ BATON_GUARDED_BY(mu_) = 0;  ///< tasks

 private:
  bool prepared(InferTask& task);
  bool submit(InferTask& task, bool synchronous, Effects& others) BATON_REQUIRES(mu_);
  void wait_for_change(InferTask& task, InferTask::State from) BATON_REQUIRES(mu_);
  void infer_limited(InferTask& task);
  static void complete(InferTask& task);
  static std::shared_ptr<void> keeper_of(const Worker& worker);
  void assign(Worker& worker, InferTask& task) BATON_REQUIRES(mu_);
  void start_on(Worker& worker);
  void begin_on_engine(Worker& worker);
  base::Status run_on(Worker& worker);
  void leave_engine(Worker& worker);
  void copy_sample_inputs(InferTask& task);
  void collect_counters(Worker& worker, const base::Status& status);
  bool end_run(Worker& worker, const base::Status& status, Effects& effects) BATON_REQUIRES(mu_);
  bool end_for_task(Worker& worker, base::TimePoint began, const base::Status& status, Effects& effects)
      BATON_REQUIRES(mu_);
  void let_go(Worker& worker, Effects& effects) BATON_REQUIRES(mu_);
  void recycle(Worker& worker, Effects& effects) BATON_REQUIRES(mu_);
  /// REQUIRES: the caller counted itself in `cancels` and keeps the worker.
  void cancel_run(Worker& worker);

  // request_failures.cc
  bool end_failed_run(Worker& worker, InferTask& task, const base::Status& status, Effects& effects)
      BATON_REQUIRES(mu_);
  void conclude(InferTask& task, base::Status status, Effects& effects) BATON_REQUIRES(mu_);
  void watch_waiting(Effects& effects) BATON_REQUIRES(mu_);
  base::TimePoint waits_until(const InferTask& task) const BATON_REQUIRES(mu_);
  void watch(base::TimePoint at, Effects& effects) BATON_REQUIRES(mu_);
  void look_at_limits();
  void end_overdue_waits(base::TimePoint now, Effects& effects) BATON_REQUIRES(mu_);
  void start_limited(Worker& worker);
  void give_up(Worker& worker, Effects& effects) BATON_REQUIRES(mu_);
  void unlimit(Worker& worker) BATON_REQUIRES(mu_);
  bool take_outputs(Worker& worker, base::Status& status);
  bool still_wanted(Worker& worker);
  void end_given_up(Worker& worker);

  base::Executor& executor_;
  const Limits limits_;
  std::uint64_t submitted_ BATON_GUARDED_BY(mu_) = 0;
  std::vector<Worker*> limited_ BATON_GUARDED_BY(mu_);                  ///< whose run has a limit, first limit first
  std::optional<base::TimePoint> watched_at_ BATON_GUARDED_BY(mu_);     ///< when limits are looked at next
  std::optional<base::TimePoint> stalled_since_ BATON_GUARDED_BY(mu_);  ///< nothing can serve since then

 protected:
  base::TimePoint last_use_ BATON_GUARDED_BY(mu_);  ///< the end of the last run
};

}  // namespace baton::autodev
