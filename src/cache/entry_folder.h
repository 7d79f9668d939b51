// SPDX-License-Identifier: Apache-2.0
// Copyright (C) 2026 The Baton authors
//
// A folder of cache entries, shared by any number of processes. One entry is one file, "<hash of the key>.blob": a head
// with key, sizes and checksum, then what an engine exported, from a page's boundary on, so that it is used where it is
// mapped. Files are written under another name and renamed: whoever opens one sees all of it (B-1004).
#pragma once

#include <filesystem>
#include <functional>
#include <iosfwd>
#include <memory>
#include <string>

#include "base/status.h"
#include "model/bytes.h"

namespace baton::cache {

/// Thread-safety: safe, and safe beside other processes. Blocking: file system.
class EntryFolder {
 public:
  explicit EntryFolder(std::filesystem::path path) : path_(std::move(path)) {}

  /// kInvalidArgument when a file is in the folder's place (B-1006); the folder need not exist.
  base::Status check() const;
  /// Makes the folder if need be; kUnavailable, with the cause, when nothing can be written there.
  base::Status prepare() const;

  /// Nothing can be found: a key need not be made, which takes reading the model.
  bool is_empty() const;
  /// A file of this key with a good head and of the right size. A look at its head: what follows may still be damaged.
  bool contains(const std::string& key) const;
  /// The bytes of the entry, mapped; null when there is none. One that is damaged is removed; `removed` is then told
  /// its name and what is wrong.
  std::shared_ptr<const model::Bytes> find(const std::string& key,
                                           const std::function<void(const std::string& what)>& removed = nullptr) const;
  /// Writes what `content` writes. Of several writers of one key the last one stays.
  base::Status write(const std::string& key, const std::function<base::Status(std::ostream&)>& content) const;
  void remove(const std::string& key) const;

  std::filesystem::path file_of(const std::string& key) const;

 private:
  const std::filesystem::path path_;
};

}  // namespace baton::cache
