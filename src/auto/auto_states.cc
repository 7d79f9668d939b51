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
  if (task.own_ && task.own_->own_rung == rung) return {};
  const base::EngineCall call;
  if (!call.allowed()) return base::EngineCall::refused();
  auto request = rung->executable->create_request();
  if (!request.is_ok()) return request.status();
  task.own_ = std::make_shared<Worker>(*this, *rung, /*index=*/0, std::move(request).value(), timed(), rung);
  task.bound_ = task.own_.get();
  return {};
}

base::Result<std::vector<std::shared_ptr<engine::EngineState>>> AutoModelImpl::states(InferTask& task) {
  if (!keeps_state_) {
    base::MutexLock lock(mu_);
    if (const policy::Phase phase = ladder_.phase();
        phase == policy::Phase::kHelper || phase == policy::Phase::kChecking)
      return Status::not_implemented(
          "query_state: a helper serves until the target is ready; wait_until_steady waits for it");
    return std::vector<std::shared_ptr<engine::EngineState>>();
  }
  BATON_RETURN_IF_ERROR(prepare(task));
  const base::EngineCall call;
  if (!call.allowed()) return base::EngineCall::refused();
  return task.own_->request->states();
}

}  // namespace baton::autodev
