// SPDX-License-Identifier: Apache-2.0
// Copyright (C) 2026 The Baton authors
#include "auto/event_stream.h"

#include <utility>

namespace baton::autodev {

void EventStream::listen(Listener listener) {
  base::MutexLock lock(state_->mu);
  state_->listeners.push_back(std::move(listener));
}

void EventStream::set_user_listener(Listener listener) {
  base::MutexLock lock(state_->mu);
  state_->user.swap(listener);
}

void EventStream::add(policy::Event event) {
  base::MutexLock lock(state_->mu);
  if (state_->listeners.empty() && !state_->user) return;
  state_->waiting.push_back(std::move(event));
}

void EventStream::deliver() {
  {
    base::MutexLock lock(state_->mu);
    if (state_->waiting.empty() || std::exchange(state_->delivering, true)) return;
  }
  state_->executor.post([state = state_] { run(state); });
}

void EventStream::run(const std::shared_ptr<State>& state) {
  for (;;) {
    policy::Event event;
    std::vector<Listener> listeners;
    {
      base::MutexLock lock(state->mu);
      if (state->waiting.empty()) {
        state->delivering = false;
        return;
      }
      event = std::move(state->waiting.front());
      state->waiting.pop_front();
      listeners = state->listeners;
      if (state->user) listeners.push_back(state->user);
    }
    for (const Listener& listener : listeners) {
      try {
        listener(event);
      } catch (...) {  // a listener's failure is its own (B-1211)
      }
    }
  }
}

}  // namespace baton::autodev
