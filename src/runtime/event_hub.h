// SPDX-License-Identifier: Apache-2.0
// Copyright (C) 2026 The Baton authors
#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <string>
#include <thread>
#include <utility>

#include "base/log.h"
#include "base/mutex.h"
#include "baton/report.hpp"
#include "policy/event.h"

namespace baton::runtime {

/// Takes the events of one compiled model and gives them to the log and to the user's listener.
/// Thread-safety: safe; `handle` is called for one event at a time.
class EventHub {
 public:
  EventHub(std::shared_ptr<base::LogSink> log, std::string tag) : log_(std::move(log)), tag_(std::move(tag)) {}

  /// The listener from now on. When this returns, the one before is neither called nor being called: what it refers to
  /// may go. A call that goes on is waited for, unless this is called by the listener itself or it takes longer than
  /// `kLongestWait`.
  void set_callback(EventCallback callback);
  void handle(const policy::Event& event) noexcept;

 private:
  /// A listener that hangs harms nothing else (B-1211); as long as the end of the process waits (B-548).
  static constexpr std::chrono::seconds kLongestWait{2};

  void call(const EventCallback& callback, const policy::Event& event) noexcept;

  const std::shared_ptr<base::LogSink> log_;
  const std::string tag_;
  base::Mutex mu_;
  base::CondVar called_;
  std::shared_ptr<const EventCallback> callback_ BATON_GUARDED_BY(mu_);
  std::thread::id calling_ BATON_GUARDED_BY(mu_);  ///< the thread that calls it; none: nobody does
  std::uint64_t calls_ BATON_GUARDED_BY(mu_) = 0;
};

}  // namespace baton::runtime
