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
#include <utility>

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

void join_thread(OrtCustomThreadHandle handle) {
  const std::unique_ptr<std::thread> thread(reinterpret_cast<std::thread*>(const_cast<OrtCustomHandleType*>(handle)));
  thread->join();
}

#if defined(__linux__)
/// All of `cores` but one, which is not `kept`; never none.
cpu_set_t without_one(cpu_set_t cores, int kept) {
  if (CPU_COUNT(&cores) < 2) return cores;
  for (int core = 0; core < CPU_SETSIZE; ++core) {
    if (core == kept || !CPU_ISSET(core, &cores)) continue;
    CPU_CLR(core, &cores);
    break;
  }
  return cores;
}
#endif

}  // namespace

/// Called by ONNX Runtime, once per pool thread. Null means failure to it.
OrtCustomThreadHandle YieldingThreads::create_thread(void* self, OrtThreadWorkerFn work, void* argument) {
  try {
    auto thread = std::make_unique<std::thread>([self, work, argument] {
      give_way();
      static_cast<YieldingThreads*>(self)->add_this_thread();
      work(argument);
    });
    return reinterpret_cast<OrtCustomThreadHandle>(thread.release());
  } catch (const std::system_error&) {
    return nullptr;
  }
}

base::Status YieldingThreads::use(const OrtApi& api, OrtSessionOptions& options) {
  BATON_ORT_RETURN_IF_ERROR(api, api.SessionOptionsSetCustomCreateThreadFn(&options, create_thread),
                            "cannot set how threads are made");
  BATON_ORT_RETURN_IF_ERROR(api, api.SessionOptionsSetCustomThreadCreationOptions(&options, this),
                            "cannot set how threads are made");
  return to_status(api, api.SessionOptionsSetCustomJoinThreadFn(&options, join_thread), "cannot set how threads end");
}

#if defined(__linux__)

void YieldingThreads::add_this_thread() {
  const base::MutexLock lock(mutex_);
  if (threads_.empty()) sched_getaffinity(0, sizeof(cores_), &cores_);
  threads_.push_back(static_cast<pid_t>(syscall(SYS_gettid)));
}

void YieldingThreads::leave_a_core(bool on) {
  const base::MutexLock lock(mutex_);
  leaves_a_core_.store(on, std::memory_order_relaxed);
  if (on || !std::exchange(kept_, false)) return;
  for (const pid_t thread : threads_) sched_setaffinity(thread, sizeof(cores_), &cores_);
}

/// Every time: ONNX Runtime binds a pool thread to a core as it begins, which on a busy machine may be after a run or
/// two. Where nothing changes the kernel does nothing.
void YieldingThreads::keep_to_caller() {
  const int core = sched_getcpu();
  const base::MutexLock lock(mutex_);
  if (core < 0 || !leaves_a_core_.load(std::memory_order_relaxed)) return;
  kept_ = true;
  const cpu_set_t cores = without_one(cores_, core);
  for (const pid_t thread : threads_) sched_setaffinity(thread, sizeof(cores), &cores);
}

#else

void YieldingThreads::add_this_thread() {}
void YieldingThreads::leave_a_core(bool) {}
void YieldingThreads::keep_to_caller() {}

#endif

}  // namespace baton::engine::onnxruntime
