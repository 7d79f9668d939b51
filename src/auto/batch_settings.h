// SPDX-License-Identifier: Apache-2.0
// Copyright (C) 2026 The Baton authors
#pragma once

#include <atomic>
#include <cstdint>
#include <memory>
#include <vector>

#include "base/mutex.h"

namespace baton::autodev {

/// What the collectors of one compiled model are told while it lives: the timeout, and how many requests there are, so
/// that none waits for one that cannot come (B-910).
/// Thread-safety: safe. Ownership: shared by the model and its collectors.
class BatchSettings {
 public:
  /// Is told when fewer requests can come than before.
  class Watcher {
   public:
    virtual void fewer_requests() = 0;

   protected:
    ~Watcher() = default;
  };

  std::uint32_t timeout_ms() const { return timeout_ms_.load(std::memory_order_relaxed); }
  void set_timeout_ms(std::uint32_t ms) {
    timeout_ms_.store(ms, std::memory_order_relaxed);
    tell_watchers();
  }

  std::uint32_t living_requests() const { return living_.load(std::memory_order_relaxed); }
  void request_made() { living_.fetch_add(1, std::memory_order_relaxed); }
  void request_gone() {
    living_.fetch_sub(1, std::memory_order_relaxed);
    tell_watchers();
  }

  void watch(std::weak_ptr<Watcher> watcher) {
    base::MutexLock lock(mu_);
    watchers_.push_back(std::move(watcher));
    any_.store(true, std::memory_order_relaxed);
  }

 private:
  void tell_watchers() {
    if (!any_.load(std::memory_order_relaxed)) return;
    std::vector<std::weak_ptr<Watcher>> watchers;
    {
      base::MutexLock lock(mu_);
      watchers = watchers_;
    }
    for (const auto& weak : watchers) {
      if (const auto watcher = weak.lock()) watcher->fewer_requests();
    }
  }

  std::atomic<std::uint32_t> timeout_ms_{1000};
  std::atomic<std::uint32_t> living_{0};
  std::atomic<bool> any_{false};  ///< models without batching pay nothing for it
  base::Mutex mu_;
  std::vector<std::weak_ptr<Watcher>> watchers_ BATON_GUARDED_BY(mu_);
};

}  // namespace baton::autodev
