// SPDX-License-Identifier: Apache-2.0
// Copyright (C) 2026 The Baton authors
//
// Ending a process while an engine works. The libraries' static objects are destroyed by exit() while their threads
// still run, which crashes; joining in an atexit handler comes too late, because a library loaded later is torn down
// earlier. What works (design.md section 10, 160 of 160 exits): the destructor of a thread_local object of the main
// thread runs before every atexit handler. There Baton stops starting work, waits up to 2 s for what runs and, if
// something still does, ends the process by _exit with the same status as soon as stdio is flushed. A child of fork()
// ends like that at once if an engine was ever called: the libraries' static objects wait for threads that it has not.
#pragma once

#include <memory>

#include "base/status.h"

namespace baton::base {

/// Stands for one call into an engine's library. Such a call is never begun once the process is exiting.
class EngineCall {
 public:
  /// On a thread of ours, or of the user's, that comes after exit began: waits for the end of the process, except on
  /// the exiting thread itself (a static object's destructor), which gets `allowed() == false`.
  EngineCall();
  ~EngineCall();
  EngineCall(const EngineCall&) = delete;
  EngineCall& operator=(const EngineCall&) = delete;

  bool allowed() const { return allowed_; }
  static Status refused() { return Status::cancelled("the process is exiting: no inference is started any more"); }

 private:
  bool allowed_ = true;
};

/// True from the moment exit() began. Objects of engines are then left alone: their libraries may be gone.
bool process_is_exiting();

/// Keeps `object` until the process is gone: what process_is_exiting() says is to be left alone stays reachable.
void leave_alone(std::shared_ptr<void> object);

/// The longest that exit() waits for running calls.
inline constexpr int kExitWaitMs = 2000;

}  // namespace baton::base
