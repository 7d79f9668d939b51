// SPDX-License-Identifier: Apache-2.0
// Copyright (C) 2026 The Baton authors
#include "auto/request_queue.h"

namespace baton::autodev {

void RequestQueue::push(InferTask& task) {
  task.previous_ = tail_;
  task.next_ = nullptr;
  (tail_ ? tail_->next_ : head_) = &task;
  tail_ = &task;
  ++size_;
}

void RequestQueue::push_in_order(InferTask& task) {
  InferTask* behind = head_;
  while (behind != nullptr && behind->number_ < task.number_) behind = behind->next_;
  if (behind == nullptr) return push(task);
  task.previous_ = behind->previous_;
  task.next_ = behind;
  (behind->previous_ ? behind->previous_->next_ : head_) = &task;
  behind->previous_ = &task;
  ++size_;
}

InferTask& RequestQueue::at(std::size_t position) {
  InferTask* task = head_;
  for (; position > 0; --position) task = task->next_;
  return *task;
}

InferTask& RequestQueue::pop() {
  InferTask& task = *head_;
  remove(task);
  return task;
}

void RequestQueue::remove(InferTask& task) {
  (task.previous_ ? task.previous_->next_ : head_) = task.next_;
  (task.next_ ? task.next_->previous_ : tail_) = task.previous_;
  task.previous_ = task.next_ = nullptr;
  --size_;
}

}  // namespace baton::autodev
