// SPDX-License-Identifier: Apache-2.0
// Copyright (C) 2026 The Baton authors
#include "support/manual_executor.h"

#include <algorithm>
#include <cstdio>
#include <cstdlib>

namespace baton::base {

namespace {

constexpr auto kLongestRun = std::chrono::hours(24);

[[noreturn]] void fail(const char* message) {
  std::fprintf(stderr, "ManualExecutor: %s\n", message);
  std::abort();
}

}  // namespace

// Far from the clock's zero, so that code may subtract from a time.
ManualExecutor::ManualExecutor() : start_(TimePoint{} + std::chrono::hours(1000)), now_(start_) {}

void ManualExecutor::post(Work& work) {
  add(now_, [&work] { work.run(); });
}

void ManualExecutor::post(Task task) { add(now_, std::move(task)); }

void ManualExecutor::start_job(Task task) { add(now_, std::move(task)); }

Executor::TimerId ManualExecutor::run_at(TimePoint time, Task task) {
  return add(std::max(time, now_), std::move(task));
}

void ManualExecutor::cancel_timer(TimerId id) {
  check_thread();
  const auto timer = timers_.find(id);
  if (timer == timers_.end()) return;
  // The task is destroyed last: its destructor may come back to this executor.
  auto event = events_.extract(Key{timer->second, id});
  timers_.erase(timer);
}

bool ManualExecutor::wait(Mutex& mutex, CondVar& /*changed*/, const std::function<bool()>& done,
                          std::optional<TimePoint> deadline) {
  check_thread();
  while (!done()) {
    if (deadline && now_ >= *deadline) return false;
    mutex.unlock();
    if (!run_next(deadline)) {
      if (!deadline) fail("virtual deadlock: a wait without deadline, and no event left that could end it");
      now_ = *deadline;
    }
    mutex.lock();
  }
  return true;
}

void ManualExecutor::run_until(TimePoint time) {
  check_thread();
  while (run_next(time)) {
  }
  now_ = std::max(now_, time);
}

void ManualExecutor::run_all() {
  check_thread();
  const TimePoint limit = now_ + kLongestRun;
  while (run_next(limit)) {
  }
  if (!events_.empty()) fail("run_all: events still come after a virtual day");
}

Executor::TimerId ManualExecutor::add(TimePoint time, Task task) {
  check_thread();
  const TimerId id = ++last_id_;
  events_.emplace(Key{time, id}, std::move(task));
  timers_.emplace(id, time);
  return id;
}

bool ManualExecutor::run_next(std::optional<TimePoint> limit) {
  if (events_.empty()) return false;
  const auto first = events_.begin();
  if (limit && first->first.first > *limit) return false;
  now_ = std::max(now_, first->first.first);
  timers_.erase(first->first.second);
  const auto event = events_.extract(first);
  event.mapped()();
  return true;
}

void ManualExecutor::check_thread() const {
  if (std::this_thread::get_id() != thread_) fail("used from a thread that is not its own");
}

}  // namespace baton::base
