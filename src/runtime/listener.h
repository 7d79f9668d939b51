// SPDX-License-Identifier: Apache-2.0
// Copyright (C) 2026 The Baton authors
#pragma once

#include <algorithm>
#include <chrono>
#include <memory>
#include <thread>
#include <utility>
#include <vector>

#include "base/mutex.h"

namespace baton::runtime {

/// A function of the user's that Baton's threads call and the user may replace at any time. `Function`: a
/// std::function. Thread-safety: safe; it is called without a lock, by several threads at once where they do.
template <typename Function>
class Listener {
 public:
  /// From now on. When this returns, the one before is neither called nor being called: what it refers to may go. A
  /// call that goes on is waited for, unless this is called from inside it or it takes longer than `kLongestWait`.
  void set(Function function) {
    auto other = function ? std::make_shared<const Function>(std::move(function)) : nullptr;
    const auto limit = std::chrono::steady_clock::now() + kLongestWait;
    base::MutexLock lock(mu_);
    function_.swap(other);
    while (called_elsewhere(other.get()) && left_.wait_until(mu_, limit)) {
    }
    lock.unlock();  // the old one is destroyed after it: it may own anything
  }

  /// Gives the function to `use`; what that throws passes through. False: there is none.
  template <typename Use>
  bool visit(Use&& use) {
    const Visit visit(*this);
    if (visit.function) use(*visit.function);
    return visit.function != nullptr;
  }

 private:
  /// One that hangs harms nothing else (B-1211); as long as the end of the process waits (B-548).
  static constexpr std::chrono::seconds kLongestWait{2};

  struct Call {
    const Function* function;
    std::thread::id thread;
    bool operator==(const Call&) const = default;
  };

  struct Visit {
    explicit Visit(Listener& listener_) : listener(listener_) {
      base::MutexLock lock(listener.mu_);
      if (!listener.function_) return;
      listener.calls_.push_back({listener.function_.get(), std::this_thread::get_id()});
      function = listener.function_;
    }
    ~Visit() {
      if (!function) return;
      const Call call{function.get(), std::this_thread::get_id()};
      function.reset();  // this may be the last owner of what it refers to
      base::MutexLock lock(listener.mu_);
      listener.calls_.erase(std::find(listener.calls_.begin(), listener.calls_.end(), call));
      listener.left_.notify_all();
    }
    Visit(const Visit&) = delete;
    Visit& operator=(const Visit&) = delete;

    Listener& listener;
    std::shared_ptr<const Function> function;
  };

  bool called_elsewhere(const Function* function) const BATON_REQUIRES(mu_) {
    return std::ranges::any_of(calls_, [&](const Call& call) {
      return call.function == function && call.thread != std::this_thread::get_id();
    });
  }

  base::Mutex mu_;
  base::CondVar left_;
  std::shared_ptr<const Function> function_ BATON_GUARDED_BY(mu_);
  std::vector<Call> calls_ BATON_GUARDED_BY(mu_);  ///< that go on
};

}  // namespace baton::runtime
