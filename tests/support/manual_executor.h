// SPDX-License-Identifier: Apache-2.0
// Copyright (C) 2026 The Baton authors
#pragma once

#include <cstddef>
#include <map>
#include <optional>
#include <thread>
#include <unordered_map>
#include <utility>

#include "base/executor.h"

namespace baton::base {

/// An Executor in virtual time on the one thread that made it: work, jobs and timers are events in one queue, which run
/// when somebody waits or when the test lets time pass. Time stands still while an event runs, and the order (time,
/// then order of arrival) is the same in every run.
///
/// Waits may nest: an event that waits runs other events. The outer wait then ends no sooner than the inner one, as on
/// any single thread. A wait that nothing can end is a mistake of the test or of the code under test: it aborts the
/// program with the message "virtual deadlock".
/// Thread-safety: none; use from another thread aborts. Ownership: outlives everything that uses it; what is still
/// queued at the end is dropped.
class ManualExecutor final : public Executor {
 public:
  ManualExecutor();

  TimePoint now() const override { return now_; }
  void post(Work& work) override;
  void post(Task task) override;
  void start_job(Task task) override;
  TimerId run_at(TimePoint time, Task task) override;
  void cancel_timer(TimerId id) override;
  bool wait(Mutex& mutex, CondVar& changed, const std::function<bool()>& done,
            std::optional<TimePoint> deadline) override BATON_REQUIRES(mutex);

  /// Runs everything due up to `time`, which is then the time.
  void run_until(TimePoint time);
  void run_for(Duration duration) { run_until(now_ + duration); }
  /// Runs what is due now, without letting time pass.
  void run_ready() { run_until(now_); }
  /// Runs until nothing is left. Timers that renew themselves for ever abort after a virtual day.
  void run_all();

  /// Events that wait for their time.
  std::size_t pending() const { return events_.size(); }
  /// Time since the executor was made.
  Duration elapsed() const { return now_ - start_; }

 private:
  using Key = std::pair<TimePoint, TimerId>;

  TimerId add(TimePoint time, Task task);
  bool run_next(std::optional<TimePoint> limit);
  void check_thread() const;

  const std::thread::id thread_ = std::this_thread::get_id();
  const TimePoint start_;
  TimePoint now_;
  TimerId last_id_ = 0;
  std::map<Key, Task> events_;
  std::unordered_map<TimerId, TimePoint> timers_;
};

}  // namespace baton::base
