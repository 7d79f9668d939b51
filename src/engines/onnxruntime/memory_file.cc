// SPDX-License-Identifier: Apache-2.0
// Copyright (C) 2026 The Baton authors
#include "memory_file.h"

#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <ostream>

namespace baton::engine::onnxruntime {

MemoryFile::MemoryFile() : descriptor_(::memfd_create("baton export", MFD_CLOEXEC)) {}

MemoryFile::~MemoryFile() {
  if (descriptor_ >= 0) ::close(descriptor_);
}

std::string MemoryFile::path() const {
  return descriptor_ < 0 ? std::string() : "/proc/self/fd/" + std::to_string(descriptor_);
}

base::Status MemoryFile::copy_to(std::ostream& out) const {
  struct stat info = {};
  if (::fstat(descriptor_, &info) != 0 || info.st_size == 0) return base::Status::internal("nothing was exported");
  const auto size = static_cast<std::size_t>(info.st_size);
  void* memory = ::mmap(nullptr, size, PROT_READ, MAP_SHARED, descriptor_, 0);
  if (memory == MAP_FAILED) return base::Status(base::StatusCode::kResourceExhausted, "cannot map what was exported");
  out.write(static_cast<const char*>(memory), info.st_size);
  ::munmap(memory, size);
  return out.good() ? base::Status::ok() : base::Status::unavailable("the export could not be written");
}

}  // namespace baton::engine::onnxruntime
