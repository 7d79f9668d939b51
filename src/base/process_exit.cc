// SPDX-License-Identifier: Apache-2.0
// Copyright (C) 2026 The Baton authors
#include "base/process_exit.h"

#include <pthread.h>
#include <unistd.h>

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstdio>
#include <cstdlib>
#include <mutex>
#include <thread>
#include <utility>

namespace baton::base {
namespace {

struct LeftAlone {
  std::shared_ptr<void> object;
  LeftAlone* next = nullptr;
};

/// Never destroyed: threads use it until the very end.
struct ExitState {
  std::atomic<int> calls{0};
  std::atomic<bool> used{false};    ///< an engine was called
  std::atomic<bool> forked{false};  ///< this process is a child, and its engines' threads are the parent's
  std::atomic<bool> exiting{false};
  std::thread::id exiting_thread;  // written before `exiting`
  std::mutex mutex;
  std::condition_variable call_ended;
  std::atomic<LeftAlone*> left_alone{nullptr};
};

ExitState& state() {
  static ExitState* const instance = new ExitState;
  return *instance;
}

void end_now(int status, void*) {
  std::fflush(nullptr);
  _exit(status);
}

void begin_exit() {
  ExitState& s = state();
  if (s.exiting.load()) return;
  s.exiting_thread = std::this_thread::get_id();
  s.exiting.store(true);
  if (s.forked.load() && s.used.load()) {
    on_exit(end_now, nullptr);
    return;
  }
  std::unique_lock<std::mutex> lock(s.mutex);
  const bool quiet =
      s.call_ended.wait_for(lock, std::chrono::milliseconds(kExitWaitMs), [&] { return s.calls.load() == 0; });
  if (!quiet) on_exit(end_now, nullptr);  // registered last, so it runs before every destructor of a static object
}

struct ExitGuard {
  bool armed = false;
  ~ExitGuard() {
    if (armed) begin_exit();
  }
};

thread_local ExitGuard exit_guard;

/// The thread that forked is the child's main thread.
void after_fork_in_child() {
  state().forked.store(true);
  exit_guard.armed = true;
}

/// Runs on the thread that loads the library: the main thread for a linked program and for a Python import.
__attribute__((constructor)) void arm_exit_guard() {
  state();
  if (getpid() == gettid()) exit_guard.armed = true;
  ::pthread_atfork(nullptr, nullptr, after_fork_in_child);
  std::atexit(begin_exit);  // for exit() called on another thread: late, but better than never
}

}  // namespace

EngineCall::EngineCall() {
  ExitState& s = state();
  s.calls.fetch_add(1);
  if (!s.used.load(std::memory_order_relaxed)) s.used.store(true);
  if (!s.exiting.load()) [[likely]]
    return;
  s.calls.fetch_sub(1);
  allowed_ = false;
  if (std::this_thread::get_id() == s.exiting_thread) return;
  for (;;) pause();
}

EngineCall::~EngineCall() {
  if (!allowed_) return;
  ExitState& s = state();
  if (s.calls.fetch_sub(1) == 1 && s.exiting.load()) [[unlikely]] {
    const std::lock_guard<std::mutex> lock(s.mutex);
    s.call_ended.notify_all();
  }
}

bool process_is_exiting() { return state().exiting.load(); }

void leave_alone(std::shared_ptr<void> object) {
  std::atomic<LeftAlone*>& head = state().left_alone;
  auto* const node = new LeftAlone{std::move(object), head.load()};
  while (!head.compare_exchange_weak(node->next, node)) {
  }
}

}  // namespace baton::base
