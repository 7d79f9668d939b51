// SPDX-License-Identifier: Apache-2.0
// Copyright (C) 2026 The Baton authors
#pragma once

#include <functional>
#include <list>
#include <vector>

#include "base/mutex.h"

namespace baton::engine::onnxruntime {

/// Lets one thread at a time into a provider that is not known to bear two: two WebGPU sessions of one process that
/// run, or are created, at once crash it (B-827). Baton keeps runs of such an engine apart by itself, but a load beside
/// a run, and the end of a session, are known here only. First come, first served. Thread-safety: safe. Ownership:
/// lives as long as the process.
class SerialTurns {
 public:
  SerialTurns() = default;
  SerialTurns(const SerialTurns&) = delete;
  SerialTurns& operator=(const SerialTurns&) = delete;

  /// Waits for a turn. False: `give_up` said so; it is asked again after `wake`, under the lock of this.
  bool enter(const std::function<bool()>& give_up);
  void leave();
  void wake();

  /// Runs `task` in a turn of its own without waiting for one: now if it is free, else in the thread that leaves.
  void do_in_turn(std::function<void()> task);

 private:
  base::Mutex mutex_;
  base::CondVar changed_;
  bool taken_ BATON_GUARDED_BY(mutex_) = false;
  std::list<int> waiting_ BATON_GUARDED_BY(mutex_);  ///< places; what stands in them says nothing
  std::vector<std::function<void()>> tasks_ BATON_GUARDED_BY(mutex_);
};

/// A turn for a scope; without turns to take it is always granted.
class Turn {
 public:
  explicit Turn(SerialTurns* turns, const std::function<bool()>& give_up = {})
      : turns_(turns), granted_(turns == nullptr || turns->enter(give_up)) {}
  ~Turn() {
    if (turns_ != nullptr && granted_) turns_->leave();
  }
  Turn(const Turn&) = delete;
  Turn& operator=(const Turn&) = delete;

  bool granted() const { return granted_; }

 private:
  SerialTurns* const turns_;
  const bool granted_;
};

}  // namespace baton::engine::onnxruntime
