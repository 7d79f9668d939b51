// SPDX-License-Identifier: Apache-2.0
// Copyright (C) 2026 The Baton authors
//
// The way of a request: an idle worker or the queue, the run, the end. In steady state a synchronous inference takes
// the lock twice, allocates nothing and stays on its thread.
#include <utility>

#include "auto/auto_model_impl.h"

namespace baton::autodev {

using base::MutexLock;
using base::Status;
using base::StatusCode;

Worker* AutoModelImpl::idle_worker() {
  if (serving_ == nullptr || serving_->idle == nullptr || held_) return nullptr;
  return std::exchange(serving_->idle, serving_->idle->next_idle);
}

void AutoModelImpl::assign(Worker& worker, InferTask& task) {
  worker.task = &task;
  task.worker_ = &worker;
  task.state_ = InferTask::State::kRunning;
  ++worker.rung.running;
  ++running_;
  if (sample_wanted_ && !sample_running_) {
    sample_running_ = true;
    task.sample_ = std::make_shared<Sample>();
  }
}

Status AutoModelImpl::refusal() const {
  if (closed_) return Status::cancelled("the compiled model was closed");
  return failure_;
}

void AutoModelImpl::infer(InferTask& task) {
  task.started_ = executor().now();
  Worker* worker = nullptr;
  {
    MutexLock lock(mu_);
    task.refusal_ = refusal();
    if (task.refusal_.is_ok()) {
      worker = queue_.empty() ? idle_worker() : nullptr;
      if (worker) {
        assign(*worker, task);
      } else {
        task.synchronous_ = true;
        task.state_ = InferTask::State::kQueued;
        queue_.push(task);
        executor().wait(
            mu_, task.assigned_, [&task] { return task.state_ != InferTask::State::kQueued; }, std::nullopt);
        task.synchronous_ = false;
        worker = task.worker_;
      }
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

void AutoModelImpl::start(InferTask& task) {
  task.started_ = executor().now();
  Worker* worker = nullptr;
  Status refused;
  {
    MutexLock lock(mu_);
    refused = refusal();
    if (refused.is_ok()) {
      worker = queue_.empty() ? idle_worker() : nullptr;
      if (worker) {
        assign(*worker, task);
      } else {
        task.state_ = InferTask::State::kQueued;
        queue_.push(task);
      }
    }
  }
  if (!refused.is_ok()) task.on_done(refused, {});
  else if (worker) start_on(*worker);
}

/// Inputs are copied before the run, because the caller may reuse the memory for outputs.
void AutoModelImpl::copy_sample_inputs(InferTask& task) {
  if (task.sample_) [[unlikely]]
    task.sample_->copy_inputs(task.inputs);
}

Status AutoModelImpl::run_on(Worker& worker) {
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
void AutoModelImpl::collect_counters(Worker& worker, const Status& status) {
  if (spec_.options.profiling && status.is_ok()) [[unlikely]]
    worker.task->on_counters(worker.request->counters());
}

void AutoModelImpl::start_on(Worker& worker) {
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

void AutoModelImpl::run_ended(Worker& worker, Status status) {
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

RunInfo AutoModelImpl::end_run(Worker& worker, const Status& status, Effects& effects) {
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
    if (!std::exchange(answered_, true)) effects.first_answer = true;
  } else {
    ++rung.failed;
  }
  if (task.sample_) [[unlikely]] {
    std::shared_ptr<Sample> sample = std::move(task.sample_);
    sample_running_ = false;
    if (status.is_ok() && sample_wanted_ && &rung == serving_) {
      for (std::size_t i = 0; i < task.outputs.size(); ++i) sample->outputs.emplace_back(task.output_view(i));
      sample->complete = true;
      last_sample_ = sample;
      effects.sample_ready = [use = std::exchange(sample_wanted_, nullptr), sample] { use(sample); };
    }
  }
  worker.task = nullptr;
  task.worker_ = nullptr;
  task.state_ = InferTask::State::kIdle;
  --running_;
  if (turn_wanted_ && &rung == serving_ && status.is_ok()) [[unlikely]] {
    held_ = turn_holds_;
    if (running_ == 0 || !held_)
      effects.turn = [go = std::exchange(turn_wanted_, nullptr), ms = info.run_ms] { go(ms); };
  }
  if (worker.cancels > 0) worker.recycle = true;
  else recycle(worker, effects);
  return info;
}

void AutoModelImpl::recycle(Worker& worker, Effects& effects) {
  LoadedRung& rung = worker.rung;
  --rung.running;
  worker.next_idle = std::exchange(rung.idle, &worker);
  if (&rung == serving_) dispatch_waiting(effects);
  else if (rung.running == 0) effects.drained.push_back(rung.index);
}

void AutoModelImpl::dispatch_waiting(Effects& effects) {
  while (!queue_.empty()) {
    Worker* const worker = idle_worker();
    if (!worker) return;
    InferTask& task = queue_.pop();
    assign(*worker, task);
    if (task.synchronous_) task.assigned_.notify_all();
    else effects.starts.push_back(worker);
  }
}

void AutoModelImpl::cancel(InferTask& task) {
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

void AutoModelImpl::refuse_waiting(const Status& status, Effects& effects) {
  while (!queue_.empty()) {
    InferTask& task = queue_.pop();
    task.state_ = InferTask::State::kIdle;
    task.refusal_ = status;
    if (task.synchronous_) task.assigned_.notify_all();
    else effects.refused.push_back(&task);
  }
}

/// B-623, in the form of one attempt.
Status AutoModelImpl::request_status(const Status& status, const RunInfo& info) {
  if (status.code() == StatusCode::kCancelled) return Status::cancelled("the inference was cancelled");
  return Status(status.code(),
                "inference failed after 1 attempts: " + *info.device + "[" + *info.engine + "] " +
                    std::string(base::to_string(status.code())) + ": " + status.message(),
                status.details());
}

}  // namespace baton::autodev
