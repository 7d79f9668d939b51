// SPDX-License-Identifier: Apache-2.0
// Copyright (C) 2026 The Baton authors
#pragma once

#include <deque>
#include <functional>
#include <memory>
#include <utility>

#include "base/executor.h"
#include "base/mutex.h"
#include "policy/event.h"

namespace baton::autodev {

/// Delivers the events of one model one at a time, in order, on a thread of the executor (B-1211). What a listener
/// throws is dropped; a slow one delays nothing but later events. Thread-safety: safe; `add` may be called under the
/// model's lock (it takes only its own). Ownership: undelivered events outlive the stream.
class EventStream {
 public:
  using Listener = std::function<void(const policy::Event&)>;

  /// `listener` may be null: nothing is kept then.
  EventStream(base::Executor& executor, Listener listener)
      : state_(std::make_shared<State>(executor, std::move(listener))) {}

  void add(policy::Event event);
  /// Begins delivering what was added; not to be called under a lock.
  void deliver();
  /// The same, and waits for its end, for `limit` at most. Not to be called by the listener.
  void deliver_all(base::Duration limit);

 private:
  struct State {
    State(base::Executor& executor_, Listener listener_) : executor(executor_), listener(std::move(listener_)) {}
    base::Executor& executor;
    const Listener listener;
    base::Mutex mu;
    base::CondVar delivered;
    std::deque<policy::Event> waiting BATON_GUARDED_BY(mu);
    bool delivering BATON_GUARDED_BY(mu) = false;
  };
  static void run(const std::shared_ptr<State>& state);

  std::shared_ptr<State> state_;
};

}  // namespace baton::autodev
