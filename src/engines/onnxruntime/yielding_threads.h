// SPDX-License-Identifier: Apache-2.0
// Copyright (C) 2026 The Baton authors
#pragma once

#if defined(__linux__)
#include <sched.h>
#endif

#include <atomic>
#include <vector>

#include "base/mutex.h"
#include "base/status.h"
#include "ort_library.h"

namespace baton::engine::onnxruntime {

/// The pool threads of one session that gives way to others.
///
/// A helper runs while the executable that will replace it is being loaded. On two cores its pool threads would take
/// half of what that load could have, and everybody waits longer for the faster engine. So they have a lower priority,
/// which only privileged processes can raise again (therefore this is for sessions that do not stay), and while
/// `leave_a_core` holds they keep off one core: they follow the caller's thread, where they wait for none but it. The
/// caller's own thread is left as it is. Measured on two cores: benchmarks/RESULTS.md.
///
/// Thread-safety: safe. Ownership: outlives the session. Linux only; elsewhere it does nothing.
class YieldingThreads {
 public:
  YieldingThreads() = default;
  YieldingThreads(const YieldingThreads&) = delete;
  YieldingThreads& operator=(const YieldingThreads&) = delete;

  /// Gives the session made with `options` such threads.
  base::Status use(const OrtApi& api, OrtSessionOptions& options);
  void leave_a_core(bool on);
  /// At the start of every run, in the caller's thread.
  void follow_caller() {
    if (leaves_a_core_.load(std::memory_order_relaxed)) [[unlikely]]
      keep_to_caller();
  }

 private:
  static OrtCustomThreadHandle create_thread(void* self, OrtThreadWorkerFn work, void* argument);
  void add_this_thread();
  void keep_to_caller();

  std::atomic<bool> leaves_a_core_{false};
  base::Mutex mutex_;
  bool kept_ BATON_GUARDED_BY(mutex_) = false;  ///< to the caller's core, and off another
#if defined(__linux__)
  std::vector<pid_t> threads_ BATON_GUARDED_BY(mutex_);
  cpu_set_t cores_ BATON_GUARDED_BY(mutex_){};  ///< that they may use otherwise
#endif
};

}  // namespace baton::engine::onnxruntime
