// SPDX-License-Identifier: Apache-2.0
// Copyright (C) 2026 The Baton authors
#include "baton/async_infer_queue.hpp"

#include <deque>
#include <thread>
#include <utility>

#include "base/mutex.h"
#include "runtime/errors.h"
#include "runtime/request_state.h"

namespace baton {
namespace {

/// What a message can show of the userdata.
std::string describe(const std::any& userdata) {
  if (const auto* text = std::any_cast<std::string>(&userdata)) return ", userdata " + *text;
  if (const auto* text = std::any_cast<const char*>(&userdata)) return std::string(", userdata ") + *text;
  if (const auto* number = std::any_cast<int>(&userdata)) return ", userdata " + std::to_string(*number);
  if (const auto* number = std::any_cast<std::size_t>(&userdata)) return ", userdata " + std::to_string(*number);
  return {};
}

/// The same failure, saying which job it was (B-1525).
std::exception_ptr named_error(const std::exception_ptr& error, std::size_t id, const std::any& userdata) {
  const std::string prefix = "job " + std::to_string(id) + describe(userdata) + ": ";
  try {
    std::rethrow_exception(error);
  } catch (const Exception& e) {
    return std::make_exception_ptr(Exception(e.code(), prefix + e.what(), e.details(), e.attempts()));
  } catch (...) {
    return error;
  }
}

}  // namespace

/// Jobs, and which of them are free. A job is free from the end of its callback to its next start.
/// Thread-safety: safe. Ownership: jobs point back here; a completion keeps this alive while it is at work.
class AsyncInferQueue::Impl final : public runtime::RequestObserver, public std::enable_shared_from_this<Impl> {
 public:
  Impl(std::shared_ptr<CompiledModel::Handle> model, bool grows) : model_(std::move(model)), grows_(grows) {}

  void add_jobs(std::size_t count);
  template <typename SetInputs>
  void start(std::any userdata, const SetInputs& set_inputs);
  void set_callback(Callback callback);
  void set_error_callback(ErrorCallback callback);
  bool is_ready();
  bool wait_all(std::optional<base::Duration> timeout);
  std::size_t wait_idle();
  std::size_t size() const;
  InferRequest request(std::size_t index) const;
  std::vector<std::any> userdata() const;
  struct Job;
  void set_userdata(Job& job, std::any userdata);
  void close();

  void request_done(std::size_t id, std::exception_ptr error) noexcept override;

  struct Job {
    InferRequest request;
    std::shared_ptr<runtime::RequestState> state;
    std::any userdata;
    std::shared_ptr<const Callback> callback;
    std::shared_ptr<const ErrorCallback> error_callback;
    bool busy = false;
    std::thread::id callback_thread;  ///< inside the user's function
  };

 private:
  bool all_idle() const BATON_REQUIRES(mu_) { return idle_.size() == jobs_.size(); }
  bool in_callback() const BATON_REQUIRES(mu_);
  void throw_stored();
  void free_job(std::size_t id) BATON_REQUIRES(mu_);

  const std::shared_ptr<CompiledModel::Handle> model_;
  const bool grows_;

  mutable base::Mutex mu_;
  base::CondVar changed_;
  std::deque<Job> jobs_ BATON_GUARDED_BY(mu_);  // a deque: growing moves no job
  std::deque<std::size_t> idle_ BATON_GUARDED_BY(mu_);
  std::shared_ptr<const Callback> callback_ BATON_GUARDED_BY(mu_);
  std::shared_ptr<const ErrorCallback> error_callback_ BATON_GUARDED_BY(mu_);
  std::exception_ptr stored_ BATON_GUARDED_BY(mu_);
  bool closing_ BATON_GUARDED_BY(mu_) = false;
};

void AsyncInferQueue::Impl::add_jobs(std::size_t count) {
  base::MutexLock lock(mu_);
  while (jobs_.size() < count) {
    const std::size_t id = jobs_.size();
    Job& job = jobs_.emplace_back();
    job.state = std::make_shared<runtime::RequestState>(model_, this, id);
    job.request = InferRequest(std::make_shared<InferRequest::Handle>(job.state, true));
    idle_.push_back(id);
  }
}

bool AsyncInferQueue::Impl::in_callback() const {
  for (const Job& job : jobs_) {
    if (job.callback_thread == std::this_thread::get_id()) return true;
  }
  return false;
}

/// Throws the first stored error, once (B-1524).
void AsyncInferQueue::Impl::throw_stored() {
  std::exception_ptr error;
  {
    base::MutexLock lock(mu_);
    error = std::exchange(stored_, nullptr);
  }
  if (error) std::rethrow_exception(error);
}

/// Blocks until a job is free; grows first if the optimal number has become higher (B-1521).
std::size_t AsyncInferQueue::Impl::wait_idle() {
  std::size_t wanted = 0;
  {
    base::MutexLock lock(mu_);
    if (!idle_.empty()) return idle_.front();
  }
  if (grows_) wanted = model_->model().snapshot().optimal_requests;
  if (wanted > size()) add_jobs(wanted);
  base::MutexLock lock(mu_);
  if (idle_.empty() && jobs_.size() == 1 && in_callback()) {
    runtime::check(base::Status::busy("the queue is busy: its only job is the one whose callback asks for a free job"));
  }
  model_->executor().wait(
      mu_, changed_, [this]() BATON_REQUIRES(mu_) { return !idle_.empty(); }, std::nullopt);
  return idle_.front();
}

template <typename SetInputs>
void AsyncInferQueue::Impl::start(std::any userdata, const SetInputs& set_inputs) {
  const auto keep = shared_from_this();  // the callback may run, and delete the queue, before this returns
  throw_stored();
  std::size_t id = 0;
  Job* job = nullptr;
  for (;;) {
    wait_idle();
    base::MutexLock lock(mu_);
    if (idle_.empty()) continue;  // another thread was faster
    id = idle_.front();
    idle_.pop_front();
    job = &jobs_[id];
    job->busy = true;
    job->userdata = std::move(userdata);
    job->callback = callback_;
    job->error_callback = error_callback_;
    break;
  }
  try {
    set_inputs(*job, id);
    runtime::check(job->state->start());
  } catch (...) {
    Job dropped;  // what is the user's is destroyed after the lock
    base::MutexLock lock(mu_);
    dropped.userdata.swap(job->userdata);
    dropped.callback.swap(job->callback);
    dropped.error_callback.swap(job->error_callback);
    free_job(id);
    throw;
  }
}

/// REQUIRES: what the user gave was taken out of the job.
void AsyncInferQueue::Impl::free_job(std::size_t id) {
  Job& job = jobs_[id];
  job.busy = false;
  job.callback_thread = {};
  idle_.push_back(id);
  changed_.notify_all();
}

void AsyncInferQueue::Impl::request_done(std::size_t id, std::exception_ptr error) noexcept {
  const auto keep = shared_from_this();  // the user's function may delete the queue
  std::any userdata;
  std::shared_ptr<const Callback> callback;
  std::shared_ptr<const ErrorCallback> error_callback;
  InferRequest request;
  bool silent = false;
  {
    base::MutexLock lock(mu_);
    Job& job = jobs_[id];
    userdata.swap(job.userdata);
    callback.swap(job.callback);
    error_callback.swap(job.error_callback);
    request = job.request;
    silent = closing_;
    job.callback_thread = std::this_thread::get_id();
  }
  std::exception_ptr thrown;
  if (!silent) {
    try {
      if (error && error_callback) (*error_callback)(request, userdata, error);
      else if (error) thrown = named_error(error, id, userdata);
      else if (callback) (*callback)(request, userdata);
    } catch (...) {
      thrown = std::current_exception();
    }
  }
  userdata.reset();  // B-1528: released before the job is free again
  base::MutexLock lock(mu_);
  if (thrown && !stored_) stored_ = thrown;
  free_job(id);
}

void AsyncInferQueue::Impl::set_callback(Callback callback) {
  auto shared = callback ? std::make_shared<const Callback>(std::move(callback)) : nullptr;
  base::MutexLock lock(mu_);
  callback_.swap(shared);
  lock.unlock();
}

void AsyncInferQueue::Impl::set_error_callback(ErrorCallback callback) {
  auto shared = callback ? std::make_shared<const ErrorCallback>(std::move(callback)) : nullptr;
  base::MutexLock lock(mu_);
  error_callback_.swap(shared);
  lock.unlock();
}

bool AsyncInferQueue::Impl::is_ready() {
  throw_stored();
  base::MutexLock lock(mu_);
  return !idle_.empty();
}

bool AsyncInferQueue::Impl::wait_all(std::optional<base::Duration> timeout) {
  {
    base::MutexLock lock(mu_);
    if (in_callback())
      runtime::check(base::Status::busy("the queue is busy: it cannot be waited for inside its own callback"));
    const auto deadline = timeout ? std::optional(model_->executor().now() + *timeout) : std::nullopt;
    const auto idle = [this]() BATON_REQUIRES(mu_) { return all_idle(); };
    if (!model_->executor().wait(mu_, changed_, idle, deadline)) return false;
  }
  throw_stored();
  return true;
}

std::size_t AsyncInferQueue::Impl::size() const {
  base::MutexLock lock(mu_);
  return jobs_.size();
}

InferRequest AsyncInferQueue::Impl::request(std::size_t index) const {
  base::MutexLock lock(mu_);
  if (index >= jobs_.size()) {
    throw Exception(ErrorCode::InvalidArgument,
                    "job " + std::to_string(index) + " does not exist: the queue has " + std::to_string(jobs_.size()));
  }
  return jobs_[index].request;
}

/// Of a job that was taken and is not started yet.
void AsyncInferQueue::Impl::set_userdata(Job& job, std::any userdata) {
  base::MutexLock lock(mu_);
  job.userdata = std::move(userdata);
}

std::vector<std::any> AsyncInferQueue::Impl::userdata() const {
  base::MutexLock lock(mu_);
  std::vector<std::any> list;
  for (const Job& job : jobs_) list.push_back(job.userdata);
  return list;
}

/// B-1527. A queue that is deleted by its own callback does not wait for that callback.
void AsyncInferQueue::Impl::close() {
  std::vector<std::shared_ptr<runtime::RequestState>> running;
  {
    base::MutexLock lock(mu_);
    closing_ = true;
    for (const Job& job : jobs_) {
      if (job.busy) running.push_back(job.state);
    }
  }
  for (const auto& state : running) state->cancel();
  base::MutexLock lock(mu_);
  const auto over = [this]() BATON_REQUIRES(mu_) {
    for (const Job& job : jobs_) {
      if (job.busy && job.callback_thread != std::this_thread::get_id()) return false;
    }
    return true;
  };
  model_->executor().wait(mu_, changed_, over, std::nullopt);
}

// ---------------------------------------------------------------------------------------------------------------------

AsyncInferQueue::AsyncInferQueue(const CompiledModel& model, int jobs) {
  if (!model)
    throw Exception(ErrorCode::InvalidArgument, "an AsyncInferQueue needs a compiled model; this one is empty");
  if (jobs < 0)
    throw Exception(ErrorCode::InvalidArgument,
                    "an AsyncInferQueue of " + std::to_string(jobs) + " jobs is not possible");
  impl_ = std::make_shared<Impl>(model.handle(), jobs == 0);
  impl_->add_jobs(jobs > 0 ? static_cast<std::size_t>(jobs) : model.handle()->model().snapshot().optimal_requests);
}

AsyncInferQueue::~AsyncInferQueue() { impl_->close(); }

void AsyncInferQueue::start_async(std::any userdata) {
  impl_->start(std::move(userdata), [](Impl::Job&, std::size_t) {});
}

void AsyncInferQueue::start_async(const Tensor& input, std::any userdata) {
  impl_->start(std::move(userdata), [&](Impl::Job& job, std::size_t) {
    runtime::check(job.state->model()->ports()->check_single(false));
    runtime::check(job.state->set_tensor(false, 0, input));
  });
}

void AsyncInferQueue::start_async(const std::vector<Tensor>& inputs, std::any userdata) {
  impl_->start(std::move(userdata), [&](Impl::Job& job, std::size_t) {
    for (std::size_t i = 0; i < inputs.size(); ++i) {
      runtime::check(job.state->model()->ports()->check_index(false, i));
      runtime::check(job.state->set_tensor(false, i, inputs[i]));
    }
  });
}

void AsyncInferQueue::start_async(const std::map<std::string, Tensor>& inputs, std::any userdata) {
  impl_->start(std::move(userdata), [&](Impl::Job& job, std::size_t) {
    for (const auto& [name, tensor] : inputs) {
      const std::size_t index = runtime::value_or_throw(job.state->model()->ports()->find(false, name));
      runtime::check(job.state->set_tensor(false, index, tensor));
    }
  });
}

void AsyncInferQueue::start_prepared(const std::function<std::any(InferRequest&, std::size_t)>& prepare) {
  impl_->start({}, [&](Impl::Job& job, std::size_t id) { impl_->set_userdata(job, prepare(job.request, id)); });
}

void AsyncInferQueue::set_callback(Callback callback) { impl_->set_callback(std::move(callback)); }
void AsyncInferQueue::set_error_callback(ErrorCallback callback) { impl_->set_error_callback(std::move(callback)); }
bool AsyncInferQueue::is_ready() { return impl_->is_ready(); }
bool AsyncInferQueue::wait_all(std::optional<std::chrono::milliseconds> timeout) { return impl_->wait_all(timeout); }
std::size_t AsyncInferQueue::get_idle_request_id() { return impl_->wait_idle(); }
std::size_t AsyncInferQueue::size() const { return impl_->size(); }
InferRequest AsyncInferQueue::operator[](std::size_t index) const { return impl_->request(index); }
std::vector<std::any> AsyncInferQueue::userdata() const { return impl_->userdata(); }

}  // namespace baton
