// SPDX-License-Identifier: Apache-2.0
// Copyright (C) 2026 The Baton authors
#include "runtime/event_hub.h"

#include <exception>

#include "report/log_lines.h"

namespace baton::runtime {
namespace {

Event public_event(const policy::Event& event) {
  return {std::string(to_string(event.type)),
          event.time,
          std::string(to_string(event.phase)),
          event.device,
          event.engine,
          event.profile,
          event.generation,
          event.reason,
          event.text,
          event.values};
}

}  // namespace

void EventHub::set_callback(EventCallback callback) {
  auto shared = callback ? std::make_shared<const EventCallback>(std::move(callback)) : nullptr;
  const auto limit = std::chrono::steady_clock::now() + kLongestWait;
  base::MutexLock lock(mu_);
  callback_.swap(shared);  // the old one is destroyed after the lock: it may own anything
  const std::uint64_t call = calls_;
  const auto goes_on = [&]() BATON_REQUIRES(mu_) {
    return calls_ == call && calling_ != std::thread::id() && calling_ != std::this_thread::get_id();
  };
  while (goes_on() && called_.wait_until(mu_, limit)) {
  }
  lock.unlock();
}

void EventHub::handle(const policy::Event& event) noexcept {
  report::write_log_lines(event, tag_, *log_);
  std::shared_ptr<const EventCallback> callback;
  {
    base::MutexLock lock(mu_);
    if (!callback_) return;
    callback = callback_;
    calling_ = std::this_thread::get_id();
    ++calls_;
  }
  call(*callback, event);
  callback.reset();  // may be the last owner of what it refers to
  base::MutexLock lock(mu_);
  calling_ = {};
  called_.notify_all();
}

void EventHub::call(const EventCallback& callback, const policy::Event& event) noexcept {
  try {
    callback(public_event(event));
  } catch (const std::exception& error) {
    BATON_LOG(*log_, base::LogLevel::kWarning, tag_, std::string("the event listener threw: ") + error.what());
  } catch (...) {
    BATON_LOG(*log_, base::LogLevel::kWarning, tag_, "the event listener threw something that is no std::exception");
  }
}

}  // namespace baton::runtime
