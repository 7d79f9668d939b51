// SPDX-License-Identifier: Apache-2.0
// Copyright (C) 2026 The Baton authors
//
// std::mutex and std::condition_variable behind names that Clang's thread-safety analysis understands
// (-Wthread-safety; the annotations vanish under other compilers).
#pragma once

#include <chrono>
#include <condition_variable>
#include <mutex>

#if defined(__clang__)
#define BATON_THREAD_ANNOTATION(x) __attribute__((x))
#else
#define BATON_THREAD_ANNOTATION(x)
#endif

#define BATON_CAPABILITY(x) BATON_THREAD_ANNOTATION(capability(x))
#define BATON_SCOPED_CAPABILITY BATON_THREAD_ANNOTATION(scoped_lockable)
#define BATON_GUARDED_BY(x) BATON_THREAD_ANNOTATION(guarded_by(x))
#define BATON_REQUIRES(...) BATON_THREAD_ANNOTATION(requires_capability(__VA_ARGS__))
#define BATON_EXCLUDES(...) BATON_THREAD_ANNOTATION(locks_excluded(__VA_ARGS__))
#define BATON_ACQUIRE(...) BATON_THREAD_ANNOTATION(acquire_capability(__VA_ARGS__))
#define BATON_RELEASE(...) BATON_THREAD_ANNOTATION(release_capability(__VA_ARGS__))
#define BATON_NO_THREAD_SAFETY_ANALYSIS BATON_THREAD_ANNOTATION(no_thread_safety_analysis)

namespace baton::base {

/// One mutex per object; never held while an engine, a callback, the event stream or the logger runs.
class BATON_CAPABILITY("mutex") Mutex {
 public:
  Mutex() = default;
  Mutex(const Mutex&) = delete;
  Mutex& operator=(const Mutex&) = delete;

  void lock() BATON_ACQUIRE() { mutex_.lock(); }
  void unlock() BATON_RELEASE() { mutex_.unlock(); }

 private:
  friend class CondVar;
  std::mutex mutex_;
};

/// Holds a Mutex for a scope; may be dropped and taken again inside it.
class BATON_SCOPED_CAPABILITY MutexLock {
 public:
  explicit MutexLock(Mutex& mutex) BATON_ACQUIRE(mutex) : mutex_(mutex) { mutex_.lock(); }
  ~MutexLock() BATON_RELEASE() {
    if (held_) mutex_.unlock();
  }
  MutexLock(const MutexLock&) = delete;
  MutexLock& operator=(const MutexLock&) = delete;

  void unlock() BATON_RELEASE() {
    mutex_.unlock();
    held_ = false;
  }
  void lock() BATON_ACQUIRE() {
    mutex_.lock();
    held_ = true;
  }

 private:
  Mutex& mutex_;
  bool held_ = true;
};

/// A condition variable for `Mutex`. Waits always sit in a loop over fields that the mutex guards.
class CondVar {
 public:
  void wait(Mutex& mutex) BATON_REQUIRES(mutex) {
    std::unique_lock<std::mutex> lock(mutex.mutex_, std::adopt_lock);
    cv_.wait(lock);
    lock.release();
  }
  /// False when the deadline passed first.
  bool wait_until(Mutex& mutex, std::chrono::steady_clock::time_point deadline) BATON_REQUIRES(mutex) {
    std::unique_lock<std::mutex> lock(mutex.mutex_, std::adopt_lock);
    const bool in_time = cv_.wait_until(lock, deadline) == std::cv_status::no_timeout;
    lock.release();
    return in_time;
  }
  void notify_one() { cv_.notify_one(); }
  void notify_all() { cv_.notify_all(); }

 private:
  std::condition_variable cv_;
};

}  // namespace baton::base
