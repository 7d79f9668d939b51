// SPDX-License-Identifier: Apache-2.0
// Copyright (C) 2026 The Baton authors
#pragma once

#include <cstddef>

#include "auto/infer_task.h"

namespace baton::autodev {

/// Waiting tasks, first in, first out; links live in the tasks, so nothing is allocated.
/// Thread-safety: none; guarded by its owner.
class RequestQueue {
 public:
  bool empty() const { return head_ == nullptr; }
  std::size_t size() const { return size_; }
  void push(InferTask& task);
  /// Where it was before: behind those that were submitted earlier (B-613).
  void push_in_order(InferTask& task);
  /// REQUIRES: not empty.
  InferTask& front() { return *head_; }
  InferTask* first() const { return head_; }  ///< null: empty
  InferTask* next(const InferTask& task) const { return task.next_; }
  /// The task at a position, 0 being the oldest. REQUIRES: position < size().
  InferTask& at(std::size_t position);
  /// REQUIRES: not empty.
  InferTask& pop();
  /// REQUIRES: `task` is in this queue.
  void remove(InferTask& task);

 private:
  InferTask* head_ = nullptr;
  InferTask* tail_ = nullptr;
  std::size_t size_ = 0;
};

}  // namespace baton::autodev
