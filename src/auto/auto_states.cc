// SPDX-License-Identifier: Apache-2.0
// Copyright (C) 2026 The Baton authors
//
// Stateful models: a request stays with the worker of its first run (B-1105), which is its own.
#include <utility>

#include "auto/auto_model_impl.h"

namespace baton::autodev {

using base::Status;

Status AutoModelImpl::prepare(InferTask& task) {
  if (!keeps_state_) [[likely]]
    return {};
  std::shared_ptr<LoadedRung> rung;
  {
    base::MutexLock lock(mu_);
    BATON_RETURN_IF_ERROR(refusal());
    if (serving_ == nullptr)
      return Status(base::StatusCode::kDeviceFailed, "the device that kept the state is lost, and with it the state");
    rung = loaded_[static_cast<std::size_t>(serving_->index)];
  }
  if (task.own_ && task.own_->rung == rung) return {};
  const base::EngineCall call;
  if (!call.allowed()) return base::EngineCall::refused();
  auto request = rung->executable->create_request();
  if (!request.is_ok()) return request.status();
  task.own_ = std::make_shared<OwnWorker>(*this, std::move(rung), std::move(request).value(), timed());
  return {};
}

RequestPath::Dispatch AutoModelImpl::next_own_dispatch() {
  for (InferTask* task = queue_.first(); task != nullptr; task = queue_.next(*task)) {
    if (task->own_ && std::exchange(task->own_->worker.free, false)) return {&task->own_->worker, task};
  }
  return {};
}

base::Result<std::vector<std::shared_ptr<engine::EngineState>>> AutoModelImpl::states(InferTask& task) {
  if (!keeps_state_) return std::vector<std::shared_ptr<engine::EngineState>>();
  BATON_RETURN_IF_ERROR(prepare(task));
  const base::EngineCall call;
  if (!call.allowed()) return base::EngineCall::refused();
  return task.own_->worker.request->states();
}

}  // namespace baton::autodev
