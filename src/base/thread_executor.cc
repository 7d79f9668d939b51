// SPDX-License-Identifier: Apache-2.0
// Copyright (C) 2026 The Baton authors
#include <pthread.h>

#include <map>
#include <memory>
#include <new>
#include <thread>
#include <utility>

#include "base/executor.h"
#include "base/process_exit.h"

namespace baton::base {
namespace {

/// Idle pool threads end after this time, so a process that stopped inferring keeps no threads of ours.
constexpr auto kThreadIdle = std::chrono::seconds(2);

class FunctionWork final : public Work {
 public:
  explicit FunctionWork(Executor::Task task) : task_(std::move(task)) {}
  void run() noexcept override {
    task_();
    delete this;
  }

 private:
  Executor::Task task_;
};

}  // namespace

/// Real threads: a pool that grows when work waits and nobody is idle, one timer thread while timers exist, one thread
/// per job. The threads are detached because the executor is never destroyed; process_exit.h says how a process ends
/// under them. After fork() the child has none of them, and begins anew.
class ThreadExecutor final : public Executor {
 public:
  void before_fork() BATON_NO_THREAD_SAFETY_ANALYSIS { mu_.lock(); }
  void after_fork_in_parent() BATON_NO_THREAD_SAFETY_ANALYSIS { mu_.unlock(); }
  /// What the parent waits for and has planned stays the parent's.
  void after_fork_in_child() BATON_NO_THREAD_SAFETY_ANALYSIS {
    new (&work_added_) CondVar;  // the old ones count waiters that are not here, and would wait for them
    new (&timers_changed_) CondVar;
    leave_alone(std::make_shared<Timers>(std::exchange(timers_, {})));
    times_.clear();
    head_ = tail_ = nullptr;
    queued_ = idle_ = 0;
    timer_thread_ = false;
    mu_.unlock();
  }

  TimePoint now() const override { return Clock::now(); }

  void post(Work& work) override {
    bool grow = false;
    {
      MutexLock lock(mu_);
      work.next_ = nullptr;
      (tail_ ? tail_->next_ : head_) = &work;
      tail_ = &work;
      ++queued_;
      grow = queued_ > idle_;
      if (grow) ++idle_;  // the new thread counts as idle from now on, so that two posts make two threads
    }
    if (grow) {
      std::thread([this] { work_loop(); }).detach();
    } else {
      work_added_.notify_one();
    }
  }

  void post(Task task) override { post(*new FunctionWork(std::move(task))); }

  void start_job(Task task) override { std::thread(std::move(task)).detach(); }

  TimerId run_at(TimePoint time, Task task) override {
    bool start = false;
    TimerId id = 0;
    {
      MutexLock lock(mu_);
      id = ++last_timer_;
      timers_.emplace(std::pair(time, id), std::move(task));
      times_.emplace(id, time);
      start = !std::exchange(timer_thread_, true);
    }
    if (start) std::thread([this] { timer_loop(); }).detach();
    else timers_changed_.notify_one();
    return id;
  }

  void cancel_timer(TimerId id) override {
    Task dropped;  // destroyed after the lock: it may own anything
    MutexLock lock(mu_);
    const auto found = times_.find(id);
    if (found == times_.end()) return;
    const auto timer = timers_.find(std::pair(found->second, id));
    dropped = std::move(timer->second);
    timers_.erase(timer);
    times_.erase(found);
    timers_changed_.notify_one();
  }

  bool wait(Mutex& mutex, CondVar& changed, const std::function<bool()>& done,
            std::optional<TimePoint> deadline) override BATON_REQUIRES(mutex) {
    while (!done()) {
      if (!deadline) changed.wait(mutex);
      else if (!changed.wait_until(mutex, *deadline)) return done();
    }
    return true;
  }

 private:
  using Timers = std::map<std::pair<TimePoint, TimerId>, Task>;

  void work_loop() {
    MutexLock lock(mu_);
    for (;;) {
      const TimePoint give_up = now() + kThreadIdle;
      while (head_ == nullptr) {
        if (!work_added_.wait_until(mu_, give_up) && head_ == nullptr) {
          --idle_;
          return;
        }
      }
      Work& work = *head_;
      head_ = work.next_;
      if (head_ == nullptr) tail_ = nullptr;
      --queued_;
      --idle_;
      lock.unlock();
      work.run();
      lock.lock();
      ++idle_;
    }
  }

  void timer_loop() {
    MutexLock lock(mu_);
    while (!timers_.empty()) {
      const auto first = timers_.begin();
      const auto [time, id] = first->first;
      if (time > now()) {
        timers_changed_.wait_until(mu_, time);
        continue;
      }
      Task task = std::move(first->second);
      timers_.erase(first);
      times_.erase(id);
      lock.unlock();
      post(std::move(task));
      lock.lock();
    }
    timer_thread_ = false;
  }

  Mutex mu_;
  CondVar work_added_;
  CondVar timers_changed_;
  Work* head_ BATON_GUARDED_BY(mu_) = nullptr;
  Work* tail_ BATON_GUARDED_BY(mu_) = nullptr;
  std::size_t queued_ BATON_GUARDED_BY(mu_) = 0;
  std::size_t idle_ BATON_GUARDED_BY(mu_) = 0;
  Timers timers_ BATON_GUARDED_BY(mu_);
  std::map<TimerId, TimePoint> times_ BATON_GUARDED_BY(mu_);
  TimerId last_timer_ BATON_GUARDED_BY(mu_) = 0;
  bool timer_thread_ BATON_GUARDED_BY(mu_) = false;
};

namespace {

ThreadExecutor& instance() {
  static ThreadExecutor* const executor = [] {
    ::pthread_atfork([] { instance().before_fork(); }, [] { instance().after_fork_in_parent(); },
                     [] { instance().after_fork_in_child(); });
    return new ThreadExecutor;
  }();
  return *executor;
}

}  // namespace

Executor& thread_executor() { return instance(); }

}  // namespace baton::base
