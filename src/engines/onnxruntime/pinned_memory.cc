// SPDX-License-Identifier: Apache-2.0
// Copyright (C) 2026 The Baton authors
#include "pinned_memory.h"

#include <dlfcn.h>

#include "library_function.h"

namespace baton::engine::onnxruntime {
namespace {

constexpr const char* kDriver = "libcuda.so.1";
constexpr unsigned kForAllContexts = 1;  // CU_MEMHOSTREGISTER_PORTABLE

}  // namespace

/// The context, current in this thread as long as this lives.
class PinnedMemory::Current {
 public:
  explicit Current(const PinnedMemory& owner) : owner_(owner), pushed_(owner.push_(owner.context_) == 0) {}
  ~Current() {
    Context popped = nullptr;
    if (pushed_) owner_.pop_(&popped);
  }
  Current(const Current&) = delete;
  Current& operator=(const Current&) = delete;
  bool is() const { return pushed_; }

 private:
  const PinnedMemory& owner_;
  const bool pushed_;
};

std::shared_ptr<const PinnedMemory> PinnedMemory::open(int ordinal) {
  void* const driver = ::dlopen(kDriver, RTLD_NOW | RTLD_LOCAL);
  if (driver == nullptr) return nullptr;
  const std::shared_ptr<PinnedMemory> memory(new PinnedMemory);
  const bool complete = find_function(driver, "cuDevicePrimaryCtxRetain", memory->retain_) &&
                        find_function(driver, "cuCtxPushCurrent_v2", memory->push_) &&
                        find_function(driver, "cuCtxPopCurrent_v2", memory->pop_) &&
                        find_function(driver, "cuMemHostRegister_v2", memory->register_) &&
                        find_function(driver, "cuMemHostUnregister", memory->unregister_);
  if (!complete || memory->retain_(&memory->context_, ordinal) != 0) return nullptr;
  return memory;
}

model::HostMemory::Undo PinnedMemory::pin(void* data, std::size_t bytes) const {
  const Current current(*this);
  if (!current.is() || register_(data, bytes, kForAllContexts) != 0) return {};
  // By value: memory may outlive the model that pinned it.
  return [self = *this, data] {
    const Current current_again(self);
    self.unregister_(data);
  };
}

}  // namespace baton::engine::onnxruntime
