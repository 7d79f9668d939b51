// SPDX-License-Identifier: Apache-2.0
// Copyright (C) 2026 The Baton authors
#include "auto/request_path.h"

#include <utility>

#include "auto/sample.h"

namespace baton::autodev {

using base::MutexLock;
using base::Status;
using base::StatusCode;

void RequestPath::assign(Worker& worker, InferTask& task) {
  worker.task = &task;
  task.worker_ = &worker;
  task.state_ = InferTask::State::kRunning;
  ++worker.rung.running;
  ++running_;
  run_assigned(worker, task);
}

/// REQUIRES: it is free. Its own worker, if one takes it at once, is the submitter's affair.
void RequestPath::submit(InferTask& task, Effects& others) {
  task.state_ = InferTask::State::kQueued;
  queue_.push(task);
  dispatch_waiting(others, &task);
}

/// Until somebody gives the task a worker, or refuses it.
void RequestPath::wait_for_worker(InferTask& task) {
  if (task.state_ == InferTask::State::kQueued) {
    executor().wait(
        mu_, task.assigned_, [&task] { return task.state_ != InferTask::State::kQueued; }, std::nullopt);
  }
  task.synchronous_ = false;
}

void RequestPath::infer(InferTask& task) {
  task.started_ = executor().now();
  Worker* worker = nullptr;
  {
    MutexLock lock(mu_);
    task.refusal_ = refusal();
    if (task.refusal_.is_ok()) {
      Effects others;
      task.synchronous_ = true;
      submit(task, others);
      if (!others.empty()) [[unlikely]] {
        lock.unlock();
        carry_out(std::move(others));
        lock.lock();
      }
      wait_for_worker(task);
      worker = task.worker_;
    }
  }
  if (!worker) {
    task.on_done(std::exchange(task.refusal_, Status::ok()), {});
    return;
  }
  const Status status = run_on(*worker);
  Effects effects;
  RunInfo info;
  {
    MutexLock lock(mu_);
    info = end_run(*worker, status, effects);
  }
  carry_out(std::move(effects));
  task.on_done(status.is_ok() ? status : request_status(status, info), info);
}

void RequestPath::start(InferTask& task) {
  task.started_ = executor().now();
  Worker* worker = nullptr;
  Effects others;
  Status refused;
  {
    MutexLock lock(mu_);
    refused = refusal();
    if (refused.is_ok()) {
      submit(task, others);
      worker = task.worker_;  // later it is somebody else's: the task may be over
    }
  }
  if (!refused.is_ok()) task.on_done(refused, {});
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
  if (profiling_ && status.is_ok()) [[unlikely]]
    worker.task->on_counters(worker.request->counters());
}

void RequestPath::start_on(Worker& worker) {
  copy_sample_inputs(*worker.task);
  if (worker.rung.gate) {  // the next run begins inside another's end: not on its stack
    worker.rung.gate->enter([this, &worker] { executor().post(worker); });
    return;
  }
  worker.call.emplace();
  if (!worker.call->allowed()) return run_ended(worker, base::EngineCall::refused());
  worker.run_began = executor().now();
  if (worker.request->start(worker.task->inputs, worker.task->outputs, worker.native_done)) return;
  worker.call.reset();
  executor().post(worker);
}

void RequestPath::run_ended(Worker& worker, Status status) {
  collect_counters(worker, status);
  worker.call.reset();
  if (worker.rung.gate) worker.rung.gate->leave();
  InferTask& task = *worker.task;
  Effects effects;
  RunInfo info;
  {
    MutexLock lock(mu_);
    info = end_run(worker, status, effects);
  }
  carry_out(std::move(effects));
  task.on_done(status.is_ok() ? status : request_status(status, info), info);  // the model may be gone after this
}

RunInfo RequestPath::end_run(Worker& worker, const Status& status, Effects& effects) {
  InferTask& task = *worker.task;
  LoadedRung& rung = worker.rung;
  const base::TimePoint now = executor().now();
  RunInfo info{.device = &rung.device_name, .engine = &rung.engine_name, .generation = rung.generation, .attempts = 1};
  info.latency_ms = base::to_ms(now - task.started_);
  info.run_ms = base::to_ms(now - worker.run_began);

  if (!rung.first_start) rung.first_start = worker.run_began;
  rung.last_end = last_use_ = now;
  if (status.is_ok()) {
    rung.run_times.add(now - worker.run_began);
    rung.busy += now - worker.run_began;
  } else {
    ++rung.failed;
  }
  --running_;
  run_over(worker, task, status, info, effects);
  worker.task = nullptr;
  task.worker_ = nullptr;
  task.state_ = InferTask::State::kIdle;
  if (worker.cancels > 0) worker.recycle = true;
  else recycle(worker, effects);
  return info;
}

void RequestPath::recycle(Worker& worker, Effects& effects) {
  LoadedRung& rung = worker.rung;
  --rung.running;
  worker.next_idle = std::exchange(rung.idle, &worker);
  worker_idle(rung, effects);
}

void RequestPath::dispatch_waiting(Effects& effects, const InferTask* submitted) {
  while (!queue_.empty()) {
    const Dispatch next = next_dispatch();
    if (!next.worker) return;
    queue_.remove(*next.task);
    assign(*next.worker, *next.task);
    if (next.task == submitted) continue;
    if (next.task->synchronous_) next.task->assigned_.notify_all();
    else effects.starts.push_back(next.worker);
  }
}

void RequestPath::begin_runs(const Effects& effects) {
  for (Worker* worker : effects.starts) start_on(*worker);
  for (InferTask* task : effects.refused) task->on_done(task->refusal_, {});
}

void RequestPath::do_later(Effects& effects) {
  for (const auto& action : effects.later) action();
}

void RequestPath::cancel(InferTask& task) {
  Worker* worker = nullptr;
  bool waiting = false;
  {
    MutexLock lock(mu_);
    if (task.state_ == InferTask::State::kQueued) {
      queue_.remove(task);
      task.state_ = InferTask::State::kIdle;
      waiting = !task.synchronous_;
      task.refusal_ = Status::cancelled("the inference was cancelled before it ran");
      if (task.synchronous_) task.assigned_.notify_all();
    } else if (task.state_ == InferTask::State::kRunning) {
      worker = task.worker_;
      ++worker->cancels;  // until it is over the worker takes no other task that this could hit
    }
  }
  if (waiting) task.on_done(std::exchange(task.refusal_, Status::ok()), {});
  if (!worker) return;
  worker->request->cancel();
  Effects effects;
  {
    MutexLock lock(mu_);
    if (--worker->cancels == 0 && std::exchange(worker->recycle, false)) recycle(*worker, effects);
  }
  carry_out(std::move(effects));
}

void RequestPath::refuse_waiting(const Status& status, Effects& effects) {
  while (!queue_.empty()) {
    InferTask& task = queue_.pop();
    task.state_ = InferTask::State::kIdle;
    task.refusal_ = status;
    if (task.synchronous_) task.assigned_.notify_all();
    else effects.refused.push_back(&task);
  }
}

/// B-623, in the form of one attempt.
Status RequestPath::request_status(const Status& status, const RunInfo& info) {
  if (status.code() == StatusCode::kCancelled) return Status::cancelled("the inference was cancelled");
  return Status(status.code(),
                "inference failed after 1 attempts: " + *info.device + "[" + *info.engine + "] " +
                    std::string(base::to_string(status.code())) + ": " + status.message(),
                status.details());
}

}  // namespace baton::autodev
