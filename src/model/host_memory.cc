// SPDX-License-Identifier: Apache-2.0
// Copyright (C) 2026 The Baton authors
#include "model/host_memory.h"

#include <algorithm>
#include <new>
#include <utility>

namespace baton::model {
namespace {

// A cache line, and what every engine asks of memory it is to use without copying.
constexpr std::align_val_t kAlignment{64};
constexpr std::size_t kPageBytes = 4096;
constexpr std::align_val_t kPage{kPageBytes};

}  // namespace

HostMemory& HostMemory::instance() {
  static auto* const memory = new HostMemory;
  return *memory;
}

void* HostMemory::allocate(std::size_t bytes) {
  if (bytes < kLarge) return ::operator new(std::max<std::size_t>(bytes, 1), kAlignment);
  if (bytes > SIZE_MAX - kPageBytes) throw std::bad_alloc();
  const std::size_t whole = (bytes + kPageBytes - 1) / kPageBytes * kPageBytes;
  void* const data = ::operator new(whole, kPage);
  const base::MutexLock lock(mutex_);
  try {
    blocks_[data].bytes = whole;
  } catch (const std::bad_alloc&) {
    ::operator delete(data, kPage);
    throw;
  }
  return data;
}

void HostMemory::release(void* data, std::size_t bytes) noexcept {
  if (bytes < kLarge) return ::operator delete(data, kAlignment);
  Undo undo;
  {
    const base::MutexLock lock(mutex_);
    const auto block = blocks_.find(data);
    undo = std::move(block->second.undo);
    blocks_.erase(block);
  }
  if (undo) undo();
  ::operator delete(data, kPage);
}

void HostMemory::use(void* data, const Prepare& prepare) {
  std::size_t bytes = 0;
  {
    const base::MutexLock lock(mutex_);
    const auto block = blocks_.find(data);
    if (block == blocks_.end() || block->second.uses == kUsesToPrepare) return;
    if (++block->second.uses < kUsesToPrepare) return;
    bytes = block->second.bytes;
  }
  Undo undo = prepare(data, bytes);
  if (!undo) return;
  const base::MutexLock lock(mutex_);
  blocks_.at(data).undo = std::move(undo);
}

}  // namespace baton::model
