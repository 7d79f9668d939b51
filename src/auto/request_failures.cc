// SPDX-License-Identifier: Apache-2.0
// Copyright (C) 2026 The Baton authors
//
// What becomes of a request whose run failed (B-611 to B-615), and the time limits of runs and of waiting (B-612,
// B-617).
#include <algorithm>
#include <utility>

#include "auto/request_path.h"

namespace baton::autodev {
namespace {

using base::MutexLock;
using base::Status;
using base::StatusCode;
using policy::FailureClass;

constexpr base::Duration kLongestWait = std::chrono::seconds(30);  ///< B-612

std::string text_of(base::Duration time) {
  const auto ms = std::chrono::duration_cast<std::chrono::milliseconds>(time).count();
  return ms % 1000 == 0 ? std::to_string(ms / 1000) + " s" : std::to_string(ms) + " ms";
}

}  // namespace

// ---------------------------------------------------------------------------------------------------------------------
// The end of a failed run

bool RequestPath::end_failed_run(Worker& worker, InferTask& task, const Status& status, Effects& effects) {
  const FailureClass failure = policy::failure_class(status.code());
  if (failure == FailureClass::kCancelled || (task.cancelled_ && policy::tried_elsewhere(failure))) {
    task.result_ = Status::cancelled("the inference was cancelled");
    return true;
  }
  task.attempts_.push_back({worker.rung.pair.device, worker.rung.pair.engine, status.code(), status.message()});
  if (policy::tried_elsewhere(failure)) {
    // In the queue before the model hears of it: so it is among those that move to the next device, or that are
    // refused when there is none.
    const bool again = fails_over() && task.attempts_.size() < limits_.attempt_limit;
    if (again) {
      task.state_ = InferTask::State::kQueued;
      task.queued_at_ = executor_.now();
      queue_.push_in_order(task);
    }
    run_failed(worker, status, effects);
    dispatch_waiting(effects);
    watch_waiting(effects);
    if (again) return false;
  }
  task.result_ = policy::final_error(task.attempts_, failure_note(status), status.details());
  return true;
}

/// The task's single completion, by whoever finds it over while it does not run.
void RequestPath::conclude(InferTask& task, Status status, Effects& effects) {
  task.state_ = InferTask::State::kIdle;
  task.worker_ = nullptr;
  task.info_.latency_ms = base::to_ms(executor_.now() - task.started_);
  task.info_.attempts = static_cast<int>(task.attempts_.size());
  task.result_ = std::move(status);
  if (task.synchronous_) task.changed_.notify_all();
  else effects.ended.push_back(&task);
}

// ---------------------------------------------------------------------------------------------------------------------
// Time limits

/// What waits is bounded while nothing can serve, and only then.
void RequestPath::watch_waiting(Effects& effects) {
  if (can_serve()) {
    stalled_since_.reset();
    return;
  }
  const base::TimePoint now = executor_.now();
  if (!stalled_since_) stalled_since_ = now;
  std::optional<base::TimePoint> first;
  for (const InferTask* task = queue_.first(); task != nullptr; task = queue_.next(*task)) {
    const base::TimePoint limit = waits_until(*task);
    if (!first || limit < *first) first = limit;
  }
  if (first) watch(*first, effects);
}

base::TimePoint RequestPath::waits_until(const InferTask& task) const {
  return std::max(task.queued_at_, stalled_since_.value_or(task.queued_at_)) +
         (timed() ? limits_.infer_timeout : kLongestWait);
}

void RequestPath::watch(base::TimePoint at, Effects& effects) {
  if (watched_at_ && *watched_at_ <= at) return;
  watched_at_ = at;
  effects.later.emplace_back([this, at] {
    executor_.run_at(at, [weak = weak_from_this()] {
      if (const auto model = weak.lock()) static_cast<RequestPath&>(*model).look_at_limits();
    });
  });
}

void RequestPath::look_at_limits() {
  Effects effects;
  {
    MutexLock lock(mu_);
    const base::TimePoint now = executor_.now();
    if (watched_at_ && *watched_at_ <= now) watched_at_.reset();
    // A copy: giving a run up begins others. Limits are in the order of the starts.
    const std::vector<Worker*> running = limited_;
    for (Worker* worker : running) {
      if (worker->limit && *worker->limit <= now) give_up(*worker, effects);
    }
    if (!can_serve() && stalled_since_) end_overdue_waits(now, effects);
    if (!limited_.empty()) watch(*limited_.front()->limit, effects);
    watch_waiting(effects);
  }
  carry_out(std::move(effects));
}

void RequestPath::end_overdue_waits(base::TimePoint now, Effects& effects) {
  const std::string ending = "no device became ready within " + text_of(timed() ? limits_.infer_timeout : kLongestWait);
  for (InferTask* task = queue_.first(); task != nullptr;) {
    InferTask* const next = queue_.next(*task);
    if (waits_until(*task) <= now) {
      queue_.remove(*task);
      conclude(*task, policy::final_error(task->attempts_, ending), effects);
    }
    task = next;
  }
}

// ---------------------------------------------------------------------------------------------------------------------
// Runs with a limit

/// From the moment the limit is set the task may be taken away: only the worker's own memory is used then.
void RequestPath::start_limited(Worker& worker) {
  copy_sample_inputs(*worker.task);
  worker.memory->copy_in(worker.task->inputs, worker.task->outputs.size());
  Effects effects;
  const std::shared_ptr<AutoModel> keep = shared_from_this();
  {
    MutexLock lock(mu_);
    worker.limit = executor_.now() + limits_.infer_timeout;
    worker.began = executor_.now();
    limited_.push_back(&worker);
    watch(*worker.limit, effects);
  }
  begin_on_engine(worker);
  carry_out(std::move(effects));
}

/// The limit passed: for its task the run is over, for the engine it may go on for ever.
void RequestPath::give_up(Worker& worker, Effects& effects) {
  unlimit(worker);
  worker.given_up = true;
  worker.keeps_model = shared_from_this();
  worker.keeps_itself = keeper_of(worker);
  worker.task->own_.reset();  // its state is lost with the run
  ++worker.rung.given_up;
  ++worker.cancels;
  effects.later.emplace_back([this, &worker, keep = worker.keeps_itself] { cancel_run(worker); });
  InferTask& task = *worker.task;
  const Status status(StatusCode::kDeviceLost,
                      "the run took longer than INFER_TIMEOUT (" + text_of(limits_.infer_timeout) + ")");
  if (end_for_task(worker, worker.began, status, effects))
    conclude(task, std::exchange(task.result_, Status::ok()), effects);
}

void RequestPath::unlimit(Worker& worker) {
  worker.limit.reset();
  limited_.erase(std::find(limited_.begin(), limited_.end(), &worker));
}

/// False: the run was given up before. Otherwise it cannot be any more, and `status` says how it ended.
bool RequestPath::take_outputs(Worker& worker, Status& status) {
  InferTask* task = nullptr;
  {
    MutexLock lock(mu_);
    if (worker.given_up) return false;
    unlimit(worker);
    task = worker.task;
  }
  if (status.is_ok() && !worker.memory->copy_out(task->outputs))
    status = Status::invalid_argument("an output tensor that was set is too small for the output");
  return true;
}

bool RequestPath::still_wanted(Worker& worker) {
  MutexLock lock(mu_);
  return !worker.given_up;
}

/// The engine let go at last of a run that was given up.
void RequestPath::end_given_up(Worker& worker) {
  leave_engine(worker);
  std::shared_ptr<AutoModel> model;
  std::shared_ptr<void> itself;
  Effects effects;
  {
    MutexLock lock(mu_);
    model = std::move(worker.keeps_model);
    itself = std::move(worker.keeps_itself);
    worker.given_up = false;
    --worker.rung.given_up;
    let_go(worker, effects);
  }
  carry_out(std::move(effects));
}

}  // namespace baton::autodev
