// SPDX-License-Identifier: Apache-2.0
// Copyright (C) 2026 The Baton authors
#include "serial_turns.h"

#include <utility>

namespace baton::engine::onnxruntime {

bool SerialTurns::enter(const std::function<bool()>& give_up) {
  base::MutexLock lock(mutex_);
  const auto place = waiting_.insert(waiting_.end(), 0);
  while (taken_ || waiting_.begin() != place) {
    if (give_up && give_up()) {
      waiting_.erase(place);
      changed_.notify_all();
      return false;
    }
    changed_.wait(mutex_);
  }
  waiting_.erase(place);
  taken_ = true;
  return true;
}

void SerialTurns::leave() {
  base::MutexLock lock(mutex_);
  while (!tasks_.empty()) {
    const auto tasks = std::exchange(tasks_, {});
    lock.unlock();
    for (const auto& task : tasks) task();
    lock.lock();
  }
  taken_ = false;
  changed_.notify_all();
}

/// Under the lock, or a thread that has just asked would miss it.
void SerialTurns::wake() {
  const base::MutexLock lock(mutex_);
  changed_.notify_all();
}

void SerialTurns::do_in_turn(std::function<void()> task) {
  base::MutexLock lock(mutex_);
  if (taken_) {
    tasks_.push_back(std::move(task));
    return;
  }
  taken_ = true;
  lock.unlock();
  task();
  leave();
}

}  // namespace baton::engine::onnxruntime
