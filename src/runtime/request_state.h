// SPDX-License-Identifier: Apache-2.0
// Copyright (C) 2026 The Baton authors
#pragma once

#include <chrono>
#include <cstdint>
#include <exception>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "auto/infer_task.h"
#include "base/executor.h"
#include "base/mutex.h"
#include "base/status.h"
#include "baton/infer_request.hpp"
#include "runtime/compiled_handle.h"
#include "runtime/request_tensors.h"

namespace baton::runtime {

/// What is known of a request's last completed run (B-1502).
struct RunRecord {
  double latency_ms = 0;
  double run_ms = 0;
  std::string device;
  std::string engine;
  std::uint64_t generation = 0;
  int attempts = 0;
};

/// Hears of every asynchronous completion once the request is idle again.
/// Ownership: outlives every request that it observes, or keeps itself alive inside `request_done`.
class RequestObserver {
 public:
  virtual void request_done(std::size_t id, std::exception_ptr error) noexcept = 0;

 protected:
  ~RequestObserver() = default;
};

/// One request: tensors, and the state machine idle -> running -> in callback -> idle. Every start ends in exactly one
/// completion (B-618). A start from inside the callback takes effect when the callback returns, so callbacks of one
/// request never overlap. Thread-safety: safe. Blocking: `infer`, `wait`, `abandon`. Ownership: held by
/// InferRequest::Handle, and by itself while an asynchronous run is going on.
class RequestState final : public autodev::InferTask,
                           private base::Work,
                           public std::enable_shared_from_this<RequestState> {
 public:
  /// Throws when the model binds requests to workers and has none left (B-819).
  explicit RequestState(std::shared_ptr<CompiledModel::Handle> model, RequestObserver* observer = nullptr,
                        std::size_t id = 0);
  ~RequestState();

  const std::shared_ptr<CompiledModel::Handle>& model() const { return model_; }

  base::Status set_tensor(bool output, std::size_t index, const Tensor& tensor);
  base::Result<Tensor> get_tensor(bool output, std::size_t index);

  /// B-1505's callback; not called by `infer`.
  base::Status set_callback(std::function<void(std::exception_ptr)> callback);

  void infer();  ///< throws
  base::Status start();
  /// Throws what went wrong; false when `deadline` passed, or when nothing was ever started and there is a deadline.
  bool wait(std::optional<base::Duration> timeout);
  void cancel();
  RunRecord last_run() const;
  /// Of the last good run with PERF_COUNT; not implemented: there is none, or its engine keeps no counters (B-1424).
  base::Result<std::vector<engine::NodeCounters>> counters() const;

  /// The variables of this request of a stateful model.
  base::Result<std::vector<std::shared_ptr<engine::EngineState>>> states();
  base::Status check_idle() const {
    base::MutexLock lock(mu_);
    return check_free();
  }

  /// The user's last handle is gone: cancels, and waits unless called from inside the callback (B-546, B-549).
  void abandon();

  void on_done(const base::Status& status, const autodev::RunInfo& info) noexcept override;
  engine::TensorView output_view(std::size_t index) override { return tensors_.output_view(index); }
  void on_counters(base::Result<std::vector<engine::NodeCounters>> counters) noexcept override;

 private:
  enum class Phase { kIdle, kRunning, kCallback };
  using Callback = std::function<void(std::exception_ptr)>;

  void run() noexcept override { complete(); }
  bool in_own_callback() const BATON_REQUIRES(mu_) {
    return phase_ == Phase::kCallback && callback_thread_ == std::this_thread::get_id();
  }
  base::Status check_free() const BATON_REQUIRES(mu_);
  void launch();
  void complete() noexcept;
  bool finish_callback(std::exception_ptr thrown);

  const std::shared_ptr<CompiledModel::Handle> model_;
  RequestObserver* const observer_;  ///< null: a request of the user's own
  const std::size_t id_;

  RequestTensors tensors_;  // belongs to the run while one is going on, to mu_ otherwise

  mutable base::Mutex mu_;
  base::CondVar changed_;
  Phase phase_ BATON_GUARDED_BY(mu_) = Phase::kIdle;
  bool synchronous_run_ BATON_GUARDED_BY(mu_) = false;
  bool started_once_ BATON_GUARDED_BY(mu_) = false;
  bool restart_ BATON_GUARDED_BY(mu_) = false;  ///< started from inside the callback
  bool restart_cancelled_ BATON_GUARDED_BY(mu_) = false;
  bool abandoned_ BATON_GUARDED_BY(mu_) = false;
  std::thread::id callback_thread_ BATON_GUARDED_BY(mu_);
  std::thread::id launching_thread_ BATON_GUARDED_BY(mu_);  ///< inside AutoModel::start for run number `run_`
  std::uint64_t run_ BATON_GUARDED_BY(mu_) = 0;
  RunRecord record_ BATON_GUARDED_BY(mu_);
  std::optional<base::Result<std::vector<engine::NodeCounters>>> counters_ BATON_GUARDED_BY(mu_);
  base::Status status_ BATON_GUARDED_BY(mu_);                ///< of the last run
  std::exception_ptr callback_error_ BATON_GUARDED_BY(mu_);  ///< what the last callback threw
  std::shared_ptr<const Callback> callback_ BATON_GUARDED_BY(mu_);
  std::shared_ptr<RequestState> self_ BATON_GUARDED_BY(mu_);
};

}  // namespace baton::runtime

namespace baton {

/// The user's hold on a request.
class InferRequest::Handle {
 public:
  /// `pooled`: belongs to an AsyncInferQueue, which alone may start it.
  Handle(std::shared_ptr<runtime::RequestState> state, bool pooled) : state_(std::move(state)), pooled_(pooled) {}
  ~Handle() { state_->abandon(); }
  Handle(const Handle&) = delete;
  Handle& operator=(const Handle&) = delete;

  runtime::RequestState& state() const { return *state_; }
  bool pooled() const { return pooled_; }

 private:
  const std::shared_ptr<runtime::RequestState> state_;
  const bool pooled_;
};

}  // namespace baton
