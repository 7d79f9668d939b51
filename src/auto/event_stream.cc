// SPDX-License-Identifier: Apache-2.0
// Copyright (C) 2026 The Baton authors
#include "auto/event_stream.h"

#include <utility>

namespace baton::autodev {

void EventStream::add(policy::Event event) {
  if (!state_->listener) return;
  base::MutexLock lock(state_->mu);
  state_->waiting.push_back(std::move(event));
}

void EventStream::deliver() {
  {
    base::MutexLock lock(state_->mu);
    if (state_->waiting.empty() || std::exchange(state_->delivering, true)) return;
  }
  state_->executor.post([state = state_] { run(state); });
}

void EventStream::deliver_all(base::Duration limit) {
  deliver();
  State& state = *state_;
  base::MutexLock lock(state.mu);
  state.executor.wait(
      state.mu, state.delivered, [&state]() BATON_NO_THREAD_SAFETY_ANALYSIS { return !state.delivering; },
      state.executor.now() + limit);
}

void EventStream::run(const std::shared_ptr<State>& state) {
  for (;;) {
    policy::Event event;
    {
      base::MutexLock lock(state->mu);
      if (state->waiting.empty()) {
        state->delivering = false;
        state->delivered.notify_all();
        return;
      }
      event = std::move(state->waiting.front());
      state->waiting.pop_front();
    }
    try {
      state->listener(event);
    } catch (...) {  // a listener's failure is its own (B-1211)
    }
  }
}

}  // namespace baton::autodev
