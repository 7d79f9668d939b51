// SPDX-License-Identifier: Apache-2.0
// Copyright (C) 2026 The Baton authors
#pragma once

#include <cstddef>
#include <filesystem>
#include <memory>
#include <span>
#include <string>

#include "base/status.h"

namespace baton::model {

/// Read-only bytes: a file mapped into memory (nothing is copied), or memory somebody owns.
/// Thread-safety: immutable.
class Bytes {
 public:
  /// Maps a regular, readable, non-empty file; the error names the path and the cause.
  static base::Result<std::shared_ptr<const Bytes>> map_file(const std::filesystem::path& path);
  static std::shared_ptr<const Bytes> own(std::string content);
  /// Borrows memory that `keep_alive` owns.
  static std::shared_ptr<const Bytes> borrow(std::span<const std::byte> memory, std::shared_ptr<const void> keep_alive);

  std::span<const std::byte> span() const { return memory_; }
  const std::byte* data() const { return memory_.data(); }
  std::size_t size() const { return memory_.size(); }

  /// Gives the pages of a mapped file back to the system; who reads on gets them from the page cache. Nothing for
  /// memory.
  void forget_pages() const;

  Bytes(std::span<const std::byte> memory, std::shared_ptr<const void> keep_alive, bool mapped = false)
      : memory_(memory), keep_alive_(std::move(keep_alive)), mapped_(mapped) {}

 private:
  std::span<const std::byte> memory_;
  std::shared_ptr<const void> keep_alive_;
  bool mapped_;
};

}  // namespace baton::model
