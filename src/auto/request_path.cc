// SPDX-License-Identifier: Apache-2.0
// Copyright (C) 2026 The Baton authors
#include "auto/request_path.h"

#include <utility>

#include "auto/sample.h"

namespace baton::autodev {

using base::MutexLock;
using base::Status;

void RequestPath::assign(Worker& worker, InferTask& task) {
  worker.task = &task;
  task.worker_ = &worker;
  task.state_ = InferTask::State::kRunning;
  ++worker.rung.running;
  ++running_;
  stalled_since_.reset();
  LoadedRung& rung = worker.rung;
  worker.compiles =
      rung.compiles_for_shapes() && rung.shapes.begin(rung.traits.shape_compiles, shapes_number(task.inputs));
  run_assigned(worker, task);
}

/// False: it is over before the queue sees it.
bool RequestPath::prepared(InferTask& task) {
  task.result_ = prepare(task);
  if (task.result_.is_ok()) [[likely]]
    return true;
  task.info_ = {};
  return false;
}

/// False: it is refused. Its own worker, if one takes it at once, is the submitter's affair.
bool RequestPath::submit(InferTask& task, bool synchronous, Effects& others) {
  task.info_ = {};  // of the inference before
  task.result_ = refusal();
  if (!task.result_.is_ok()) [[unlikely]]
    return false;
  task.synchronous_ = synchronous;
  task.cancelled_ = false;
  task.attempts_.clear();
  task.number_ = ++submitted_;
  task.queued_at_ = task.started_;
  task.state_ = InferTask::State::kQueued;
  queue_.push(task);
  dispatch_waiting(others, &task);
  if (task.state_ == InferTask::State::kQueued) watch_waiting(others);
  return true;
}

/// For a synchronous task.
void RequestPath::wait_for_change(InferTask& task, InferTask::State from) {
  if (task.state_ != from) return;
  executor().wait(
      mu_, task.changed_, [&task, from] { return task.state_ != from; }, std::nullopt);
}

/// The result is out of the task before anybody hears of it: hearing of it may be the task's end.
void RequestPath::complete(InferTask& task) {
  const Status result = std::exchange(task.result_, Status::ok());
  const RunInfo info = task.info_;
  task.on_done(result, info);
}

void RequestPath::infer(InferTask& task) {
  if (timed()) [[unlikely]]
    return infer_limited(task);
  task.started_ = executor().now();
  Worker* worker = nullptr;
  if (prepared(task)) {
    MutexLock lock(mu_);
    Effects others;
    if (submit(task, true, others)) {
      if (!others.empty()) [[unlikely]] {
        lock.unlock();
        carry_out(std::move(others));
        lock.lock();
      }
      wait_for_change(task, InferTask::State::kQueued);
      worker = task.worker_;
    }
  }
  while (worker) {
    const Status status = run_on(*worker);
    Effects effects;
    bool over = false;
    {
      MutexLock lock(mu_);
      over = end_run(*worker, status, effects);
    }
    carry_out(std::move(effects));
    if (over) break;
    MutexLock lock(mu_);
    wait_for_change(task, InferTask::State::kQueued);
    worker = task.worker_;
  }
  complete(task);
}

/// Another thread runs it, so that this one can leave it when its time is over.
void RequestPath::infer_limited(InferTask& task) {
  task.started_ = executor().now();
  Worker* worker = nullptr;
  Effects others;
  bool taken = false;
  if (prepared(task)) {
    MutexLock lock(mu_);
    taken = submit(task, true, others);
    worker = task.worker_;
  }
  if (worker) start_on(*worker);
  carry_out(std::move(others));
  if (taken) {
    MutexLock lock(mu_);
    executor().wait(
        mu_, task.changed_, [&task] { return task.state_ == InferTask::State::kIdle; }, std::nullopt);
  }
  complete(task);
}

void RequestPath::start(InferTask& task) {
  task.started_ = executor().now();
  Worker* worker = nullptr;
  Effects others;
  bool taken = false;
  if (prepared(task)) {
    MutexLock lock(mu_);
    taken = submit(task, false, others);
    worker = task.worker_;  // later it is somebody else's: the task may be over
  }
  if (!taken) complete(task);
  else if (worker) start_on(*worker);
  carry_out(std::move(others));
}

/// Inputs are copied before the run, because the caller may reuse the memory for outputs.
void RequestPath::copy_sample_inputs(InferTask& task) {
  if (task.sample_) [[unlikely]]
    task.sample_->copy_inputs(task.inputs);
}

Status RequestPath::run_on(Worker& worker) {
  const base::EngineCall call;
  if (!call.allowed()) return base::EngineCall::refused();
  copy_sample_inputs(*worker.task);
  SerialGate* const gate = worker.rung.gate;
  if (gate) [[unlikely]] {
    base::Mutex mutex;
    base::CondVar entered;
    bool in = false;
    gate->enter([&] {
      MutexLock lock(mutex);
      in = true;
      entered.notify_all();
    });
    MutexLock lock(mutex);
    executor().wait(
        mutex, entered, [&in] { return in; }, std::nullopt);
  }
  worker.run_began = executor().now();
  Status status = worker.request->run(worker.task->inputs, worker.task->outputs);
  if (gate) gate->leave();
  collect_counters(worker, status);
  return status;
}

/// While the worker still belongs to the task: the next run would overwrite them.
void RequestPath::collect_counters(Worker& worker, const Status& status) {
  if (limits_.profiling && status.is_ok()) [[unlikely]]
    worker.task->on_counters(worker.request->counters());
}

void RequestPath::start_on(Worker& worker) {
  if (worker.memory) [[unlikely]]
    return start_limited(worker);
  copy_sample_inputs(*worker.task);
  begin_on_engine(worker);
}

void RequestPath::begin_on_engine(Worker& worker) {
  if (worker.rung.gate) {  // the next run begins inside another's end: not on its stack
    worker.rung.gate->enter([this, &worker] { executor().post(worker); });
    return;
  }
  worker.call.emplace();
  if (!worker.call->allowed()) return run_ended(worker, base::EngineCall::refused());
  worker.run_began = executor().now();
  if (worker.request->start(worker.inputs(), worker.outputs(), worker.native_done)) return;
  worker.call.reset();
  executor().post(worker);
}

void RequestPath::run_blocking(Worker& worker) noexcept {
  worker.call.emplace();
  if (!worker.call->allowed()) return run_ended(worker, base::EngineCall::refused());
  if (worker.memory && !still_wanted(worker)) [[unlikely]]
    return run_ended(worker, Status::cancelled("given up before it began"));
  worker.run_began = executor().now();
  run_ended(worker, worker.request->run(worker.inputs(), worker.outputs()));
}

void RequestPath::leave_engine(Worker& worker) {
  worker.call.reset();
  if (worker.rung.gate) worker.rung.gate->leave();
}

void RequestPath::run_ended(Worker& worker, Status status) {
  if (worker.memory && !take_outputs(worker, status)) [[unlikely]]
    return end_given_up(worker);
  collect_counters(worker, status);
  leave_engine(worker);
  InferTask& task = *worker.task;
  // A failed request may end in the middle of what follows, one that another thread waits for right after the lock is
  // dropped; and the model with it.
  const std::shared_ptr<AutoModel> keep = status.is_ok() && !task.synchronous_ ? nullptr : shared_from_this();
  Effects effects;
  bool over = false;
  {
    MutexLock lock(mu_);
    over = end_run(worker, status, effects);
    if (over && task.synchronous_) {  // its own thread ends it
      task.changed_.notify_all();
      over = false;
    }
  }
  carry_out(std::move(effects));
  if (over) complete(task);  // the model may be gone after this
}

/// False: the task waits for another run.
bool RequestPath::end_run(Worker& worker, const Status& status, Effects& effects) {
  const bool over = end_for_task(worker, worker.run_began, status, effects);
  let_go(worker, effects);
  return over;
}

bool RequestPath::end_for_task(Worker& worker, base::TimePoint began, const Status& status, Effects& effects) {
  InferTask& task = *worker.task;
  LoadedRung& rung = worker.rung;
  const base::TimePoint now = executor().now();
  task.info_ = {.device = &rung.device_name,
                .engine = &rung.engine_name,
                .generation = rung.generation,
                .latency_ms = base::to_ms(now - task.started_),
                .run_ms = base::to_ms(now - began),
                .compiled = worker.compiles,
                .attempts = static_cast<int>(task.attempts_.size()) + 1};

  if (!rung.first_start) rung.first_start = began;
  rung.last_end = last_use_ = now;
  if (status.is_ok()) {
    rung.run_times.add(now - began);
    rung.busy += now - began;
    if (worker.compiles) rung.shapes.compiled(rung.traits.shape_compiles, shapes_number(task.inputs));
  } else {
    ++rung.failed;
  }
  --running_;
  run_over(worker, task, status, task.info_, effects);
  worker.task = nullptr;
  task.worker_ = nullptr;
  task.state_ = InferTask::State::kIdle;
  return status.is_ok() || end_failed_run(worker, task, status, effects);
}

void RequestPath::let_go(Worker& worker, Effects& effects) {
  if (worker.cancels > 0) worker.recycle = true;
  else recycle(worker, effects);
}

void RequestPath::recycle(Worker& worker, Effects& effects) {
  --worker.rung.running;
  worker.rung.add_idle(worker);
  worker_idle(worker, effects);
}

RequestPath::Dispatch RequestPath::next_bound() {
  for (InferTask* task = queue_.first(); task != nullptr; task = queue_.next(*task)) {
    Worker* const worker = task->bound_;
    if (worker == nullptr || !worker->is_idle()) continue;
    worker->rung.take_idle(*worker);
    return {worker, task};
  }
  return {};
}

void RequestPath::dispatch_waiting(Effects& effects, const InferTask* submitted) {
  while (!queue_.empty()) {
    const Dispatch next = next_dispatch(effects);
    if (!next.worker) return;
    queue_.remove(*next.task);
    assign(*next.worker, *next.task);
    if (next.task == submitted) continue;
    if (next.task->synchronous_ && !timed()) next.task->changed_.notify_all();
    else effects.starts.push_back(next.worker);
  }
}

void RequestPath::begin_runs(const Effects& effects) {
  for (Worker* worker : effects.starts) start_on(*worker);
  for (InferTask* task : effects.ended) complete(*task);
}

void RequestPath::do_later(Effects& effects) {
  for (const auto& action : effects.later) action();
}

void RequestPath::cancel(InferTask& task) {
  Worker* worker = nullptr;
  std::shared_ptr<void> keep;  // a run that is given up meanwhile no longer holds it in place
  Effects effects;
  {
    MutexLock lock(mu_);
    if (task.state_ == InferTask::State::kQueued) {
      queue_.remove(task);
      conclude(task, Status::cancelled("the inference was cancelled while it waited"), effects);
    } else if (task.state_ == InferTask::State::kRunning) {
      task.cancelled_ = true;
      worker = task.worker_;
      keep = keeper_of(*worker);
      ++worker->cancels;  // until it is over the worker takes no other task that this could hit
    }
  }
  carry_out(std::move(effects));
  if (worker) cancel_run(*worker);
}

/// What the worker, which has a task, goes with.
std::shared_ptr<void> RequestPath::keeper_of(const Worker& worker) {
  if (worker.own_rung) return worker.task->own_;
  return worker.rung.self.lock();
}

void RequestPath::cancel_run(Worker& worker) {
  worker.request->cancel();
  Effects effects;
  {
    MutexLock lock(mu_);
    if (--worker.cancels == 0 && std::exchange(worker.recycle, false)) recycle(worker, effects);
  }
  carry_out(std::move(effects));
}

void RequestPath::refuse_waiting(const Status& status, Effects& effects) {
  while (!queue_.empty()) {
    InferTask& task = queue_.pop();
    const bool plain = task.attempts_.empty() || status.code() == base::StatusCode::kCancelled;
    const std::string untried = plain ? "" : policy::not_tried(task.attempts_, status.attempts());
    conclude(task, plain ? status : policy::final_error(task.attempts_, untried), effects);
  }
}

}  // namespace baton::autodev
