// SPDX-License-Identifier: Apache-2.0
// Copyright (C) 2026 The Baton authors
#pragma once

#include <iosfwd>
#include <string>

#include "base/status.h"

namespace baton::engine::onnxruntime {

/// A file that lies in memory and is gone with this object, for a library that writes to paths only.
/// Thread-safety: one thread. Ownership: owns the file.
class MemoryFile {
 public:
  MemoryFile();
  ~MemoryFile();
  MemoryFile(const MemoryFile&) = delete;
  MemoryFile& operator=(const MemoryFile&) = delete;

  /// Where this process can open it; empty when the system gave none, which opening then reports.
  std::string path() const;
  base::Status copy_to(std::ostream& out) const;

 private:
  const int descriptor_;
};

}  // namespace baton::engine::onnxruntime
