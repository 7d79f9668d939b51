// SPDX-License-Identifier: Apache-2.0
// Copyright (C) 2026 The Baton authors
//
// Memory of Baton's own for tensors. A GPU copies from and to memory faster that its driver was told of, and it must be
// told before that memory goes: of a caller's memory nobody can, of this one an engine can.
#pragma once

#include <cstddef>
#include <functional>
#include <unordered_map>

#include "base/mutex.h"

namespace baton::model {

/// Thread-safety: safe. Ownership: of the blocks, until they are released. Blocking: as preparations and their ends do;
/// no lock is held then.
class HostMemory {
 public:
  /// Ends a preparation; called before the block is given back, by the thread that gives it back.
  using Undo = std::function<void()>;
  /// Prepares a block for an engine. Null: it could not.
  using Prepare = std::function<Undo(void* data, std::size_t bytes)>;

  /// From this size on a block lies in pages of its own and can be prepared. What is smaller a driver copies into its
  /// commands.
  static constexpr std::size_t kLarge = 65536;
  /// Preparing takes longer than a copy, so it is for what is used again.
  static constexpr int kUsesToPrepare = 2;

  /// The process's; it never ends. A module is given that of the process (ModuleContext): its own is another.
  static HostMemory& instance();

  /// Aligned to a cache line at least. Throws std::bad_alloc.
  void* allocate(std::size_t bytes);
  void release(void* data, std::size_t bytes) noexcept;

  /// A run is about to use the block that begins at `data` and lives until it ends; the use number kUsesToPrepare of
  /// a block calls `prepare`, whoever's that is. Does nothing for other memory.
  void use(void* data, const Prepare& prepare);

 private:
  struct Block {
    std::size_t bytes = 0;
    int uses = 0;
    Undo undo;
  };

  base::Mutex mutex_;
  std::unordered_map<void*, Block> blocks_ BATON_GUARDED_BY(mutex_);  ///< the large ones
};

/// For containers whose elements are such memory.
template <typename T>
struct HostAllocator {
  using value_type = T;

  HostAllocator() = default;
  template <typename U>
  HostAllocator(const HostAllocator<U>&) {}  // NOLINT(google-explicit-constructor): the standard's requirement

  T* allocate(std::size_t count) { return static_cast<T*>(HostMemory::instance().allocate(count * sizeof(T))); }
  void deallocate(T* data, std::size_t count) noexcept { HostMemory::instance().release(data, count * sizeof(T)); }
  bool operator==(const HostAllocator&) const { return true; }
};

}  // namespace baton::model
