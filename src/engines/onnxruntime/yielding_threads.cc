// SPDX-License-Identifier: Apache-2.0
// Copyright (C) 2026 The Baton authors
#include "yielding_threads.h"

#include <sched.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <memory>
#include <system_error>
#include <thread>

#include "errors.h"

namespace baton::engine::onnxruntime {
namespace {

constexpr int kNiceness = 6;  ///< of 19: at 10 and more a run may wait for a starved thread longer than three runs take

/// Linux knows a priority per thread; elsewhere the whole process would lose its own. A batch thread takes its share
/// without interrupting others when it wakes up. SCHED_IDLE would give way further, but starves on a busy machine (an
/// answer after 2 s), and who is not root cannot leave it again.
void give_way() {
#if defined(__linux__)
  const sched_param priority{};
  sched_setscheduler(0, SCHED_BATCH, &priority);
  setpriority(PRIO_PROCESS, static_cast<id_t>(syscall(SYS_gettid)), kNiceness);
#endif
}

/// Called by ONNX Runtime, once per pool thread. Null means failure to it.
OrtCustomThreadHandle create_thread(void*, OrtThreadWorkerFn work, void* argument) {
  try {
    auto thread = std::make_unique<std::thread>([work, argument] {
      give_way();
      work(argument);
    });
    return reinterpret_cast<OrtCustomThreadHandle>(thread.release());
  } catch (const std::system_error&) {
    return nullptr;
  }
}

void join_thread(OrtCustomThreadHandle handle) {
  const std::unique_ptr<std::thread> thread(reinterpret_cast<std::thread*>(const_cast<OrtCustomHandleType*>(handle)));
  thread->join();
}

}  // namespace

base::Status use_yielding_threads(const OrtApi& api, OrtSessionOptions& options) {
  BATON_ORT_RETURN_IF_ERROR(api, api.SessionOptionsSetCustomCreateThreadFn(&options, create_thread),
                            "cannot set how threads are made");
  return to_status(api, api.SessionOptionsSetCustomJoinThreadFn(&options, join_thread), "cannot set how threads end");
}

}  // namespace baton::engine::onnxruntime
