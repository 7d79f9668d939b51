// SPDX-License-Identifier: Apache-2.0
// Copyright (C) 2026 The Baton authors
#include "runtime/request_state.h"

#include <utility>

#include "runtime/errors.h"

namespace baton::runtime {

RequestState::RequestState(std::shared_ptr<CompiledModel::Handle> model, RequestObserver* observer, std::size_t id)
    : model_(std::move(model)), observer_(observer), id_(id), tensors_(model_->ports()) {
  inputs = tensors_.inputs();
  outputs = tensors_.outputs();
  check(model_->model().bind(*this));
  model_->model().batch_settings()->request_made();
}

RequestState::~RequestState() {
  model_->model().unbind(*this);
  model_->model().batch_settings()->request_gone();
}

base::Status RequestState::check_free() const {
  if (phase_ == Phase::kIdle || (in_own_callback() && !restart_)) [[likely]]
    return {};
  return base::Status::busy("the request is busy: an inference is running; wait for it first");
}

base::Status RequestState::set_tensor(bool output, std::size_t index, const Tensor& tensor) {
  base::MutexLock lock(mu_);
  BATON_RETURN_IF_ERROR(check_free());
  return tensors_.set(output, index, tensor);
}

base::Result<Tensor> RequestState::get_tensor(bool output, std::size_t index) {
  base::MutexLock lock(mu_);
  BATON_RETURN_IF_ERROR(check_free());
  if (output && !status_.is_ok()) return status_;  // B-1504: what a failed run left there is not readable
  return tensors_.get(output, index);
}

base::Status RequestState::set_callback(Callback callback) {
  auto shared = callback ? std::make_shared<const Callback>(std::move(callback)) : nullptr;
  base::MutexLock lock(mu_);
  BATON_RETURN_IF_ERROR(check_free());
  callback_.swap(shared);  // the old one is destroyed after the lock: it may own anything
  lock.unlock();
  return {};
}

void RequestState::infer() {
  bool nested = false;
  {
    base::MutexLock lock(mu_);
    check(check_free());
    check(tensors_.prepare());
    nested = phase_ == Phase::kCallback;  // inside its own callback: the phase stays
    if (!nested) phase_ = Phase::kRunning;
    synchronous_run_ = true;
    started_once_ = true;
  }
  model_->model().infer(*this);
  base::Status status;
  {
    base::MutexLock lock(mu_);
    synchronous_run_ = false;
    callback_error_ = nullptr;
    status = status_;
    if (!nested) {
      phase_ = Phase::kIdle;
      changed_.notify_all();
    }
  }
  check(status);
}

base::Status RequestState::start() {
  const auto keep = shared_from_this();  // the callback may run, and drop the last handle, before this returns
  {
    base::MutexLock lock(mu_);
    BATON_RETURN_IF_ERROR(check_free());
    BATON_RETURN_IF_ERROR(tensors_.prepare());
    started_once_ = true;
    if (phase_ == Phase::kCallback) {
      restart_ = true;
      return {};
    }
    phase_ = Phase::kRunning;
    self_ = shared_from_this();
  }
  launch();
  return {};
}

/// REQUIRES: phase kRunning, `self_` set, and the caller keeps this alive.
void RequestState::launch() {
  std::uint64_t run = 0;
  {
    base::MutexLock lock(mu_);
    run = ++run_;
    launching_thread_ = std::this_thread::get_id();
  }
  model_->model().start(*this);
  base::MutexLock lock(mu_);
  if (run_ == run) launching_thread_ = {};
}

void RequestState::on_done(const base::Status& status, const autodev::RunInfo& info) noexcept {
  bool failed_at_once = false;
  {
    base::MutexLock lock(mu_);
    record_.latency_ms = info.latency_ms;
    record_.run_ms = info.run_ms;
    record_.generation = info.generation;
    record_.attempts = info.attempts;
    if (info.device != nullptr) record_.device = *info.device;
    else record_.device.clear();
    if (info.engine != nullptr) record_.engine = *info.engine;
    else record_.engine.clear();
    status_ = run_error(status);
    if (synchronous_run_) return;
    failed_at_once = launching_thread_ == std::this_thread::get_id();
  }
  // A completion inside start() goes to another thread: callbacks never run on the caller's (B-1505), and a callback
  // that starts a request which fails at once does not recurse.
  if (failed_at_once) model_->executor().post(static_cast<base::Work&>(*this));
  else complete();
}

void RequestState::complete() noexcept {
  for (;;) {
    std::shared_ptr<const Callback> callback;
    std::exception_ptr error;
    {
      base::MutexLock lock(mu_);
      phase_ = Phase::kCallback;
      callback_thread_ = std::this_thread::get_id();
      callback = callback_;
      if (!status_.is_ok()) error = to_exception(status_);
    }
    std::exception_ptr thrown;
    if (callback) {
      try {
        (*callback)(error);
      } catch (...) {
        thrown = std::current_exception();
      }
    }
    callback.reset();
    if (finish_callback(thrown)) continue;
    return;
  }
}

/// What follows a callback: idle, the run that the callback started, or (true) the completion of one that was cancelled
/// before it could begin. Nothing of this object is touched after it went idle: the last handle may be gone.
bool RequestState::finish_callback(std::exception_ptr thrown) {
  std::shared_ptr<RequestState> self;
  std::exception_ptr error;
  {
    base::MutexLock lock(mu_);
    callback_error_ = std::move(thrown);
    if (restart_) {
      restart_ = false;
      if (std::exchange(restart_cancelled_, false) || abandoned_) {
        record_ = {};
        status_ = base::Status::cancelled("the request was cancelled before it began");
        return true;
      }
      phase_ = Phase::kRunning;
      self = self_;
    } else {
      phase_ = Phase::kIdle;
      if (observer_ != nullptr && !status_.is_ok()) error = to_exception(status_);
      self.swap(self_);
      changed_.notify_all();
      lock.unlock();
      if (observer_ != nullptr) observer_->request_done(id_, std::move(error));
      return false;
    }
  }
  launch();
  return false;
}

bool RequestState::wait(std::optional<base::Duration> timeout) {
  std::exception_ptr thrown;
  base::Status status;
  {
    base::MutexLock lock(mu_);
    if (in_own_callback())
      check(base::Status::busy("the request is busy: it cannot be waited for inside its own callback"));
    if (!started_once_) return !timeout;
    const auto deadline = timeout ? std::optional(model_->executor().now() + *timeout) : std::nullopt;
    const auto idle = [this]() BATON_REQUIRES(mu_) { return phase_ == Phase::kIdle; };
    if (!model_->executor().wait(mu_, changed_, idle, deadline)) return false;
    thrown = callback_error_;
    status = status_;
  }
  if (thrown) std::rethrow_exception(thrown);
  check(status);
  return true;
}

void RequestState::cancel() {
  const auto keep = shared_from_this();  // as in start
  {
    base::MutexLock lock(mu_);
    if (restart_) restart_cancelled_ = true;
    if (phase_ != Phase::kRunning) return;
  }
  model_->model().cancel(*this);
}

base::Result<std::vector<engine::NodeCounters>> RequestState::counters() const {
  base::MutexLock lock(mu_);
  BATON_RETURN_IF_ERROR(check_free());
  if (!counters_) {
    return base::Status::not_implemented(
        "profiling: there are no counters yet; compile with PERF_COUNT=YES and run the request first");
  }
  if (!counters_->is_ok()) return base::Status::not_implemented("profiling: " + counters_->status().message());
  return *counters_;
}

void RequestState::on_counters(base::Result<std::vector<engine::NodeCounters>> counters) noexcept {
  base::MutexLock lock(mu_);
  counters_ = std::move(counters);
}

base::Result<std::vector<std::shared_ptr<engine::EngineState>>> RequestState::states() {
  BATON_RETURN_IF_ERROR(check_idle());
  return model_->model().states(*this);
}

RunRecord RequestState::last_run() const {
  base::MutexLock lock(mu_);
  return record_;
}

void RequestState::abandon() {
  {
    base::MutexLock lock(mu_);
    abandoned_ = true;
    if (phase_ == Phase::kIdle || in_own_callback()) return;
  }
  cancel();
  base::MutexLock lock(mu_);
  model_->executor().wait(
      mu_, changed_, [this]() BATON_REQUIRES(mu_) { return phase_ == Phase::kIdle; }, std::nullopt);
}

}  // namespace baton::runtime
