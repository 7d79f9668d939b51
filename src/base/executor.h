// SPDX-License-Identifier: Apache-2.0
// Copyright (C) 2026 The Baton authors
//
// Where time and threads come from. Everything above asks an Executor for the time, for a thread and for
// blocking waits, so the same code runs on real threads (`thread_executor()`) and, in scenario tests, in
// virtual time on a single thread (tests/support/manual_executor.h).
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <optional>

#include "base/mutex.h"

namespace baton::base {

using Clock = std::chrono::steady_clock;
using TimePoint = Clock::time_point;
using Duration = Clock::duration;

inline double to_ms(Duration d) { return std::chrono::duration<double, std::milli>(d).count(); }
inline Duration from_ms(double ms) {
  return std::chrono::duration_cast<Duration>(std::chrono::duration<double, std::milli>(ms));
}

/// A piece of work that lives inside another object, so that posting it allocates nothing.
/// Ownership: the poster keeps it alive until `run` is called; `run` may destroy it.
class Work {
 public:
  virtual void run() noexcept = 0;

 protected:
  ~Work() = default;

 private:
  friend class ThreadExecutor;
  friend class ManualExecutor;
  Work* next_ = nullptr;
};

/// Thread-safety: every method may be called from any thread. Ownership: outlives everything that uses it.
class Executor {
 public:
  using Task = std::function<void()>;
  using TimerId = std::uint64_t;  ///< 0 is never a timer

  virtual ~Executor() = default;

  virtual TimePoint now() const = 0;

  /// Runs `work` soon on a pool thread. Work may block in an engine: the pool grows as needed.
  virtual void post(Work& work) = 0;
  /// The same for a function; allocates.
  virtual void post(Task task) = 0;
  /// Runs `task`, which may take seconds (a compile), on a thread of its own.
  virtual void start_job(Task task) = 0;
  /// Runs `task` on a pool thread once `time` is reached.
  virtual TimerId run_at(TimePoint time, Task task) = 0;
  /// The task will not start after this returns, but one that has started goes on. An id that is over is ignored.
  virtual void cancel_timer(TimerId id) = 0;

  /// Blocks until `done()`, which is called with `mutex` held, or until the deadline; returns the last `done()`.
  /// REQUIRES: `mutex` is held once; whoever makes `done` true does so under `mutex` and notifies `changed`.
  virtual bool wait(Mutex& mutex, CondVar& changed, const std::function<bool()>& done,
                    std::optional<TimePoint> deadline) BATON_REQUIRES(mutex) = 0;
};

/// The executor of the process. It is never destroyed: engines' threads may outlive static objects (see
/// process_exit.h).
Executor& thread_executor();

}  // namespace baton::base
