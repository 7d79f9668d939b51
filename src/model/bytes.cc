// SPDX-License-Identifier: Apache-2.0
// Copyright (C) 2026 The Baton authors
#include "model/bytes.h"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <system_error>
#include <utility>

namespace baton::model {

namespace {

base::Status cannot_read(const std::filesystem::path& path, const std::string& cause) {
  return base::Status::invalid_argument("cannot read " + path.string() + ": " + cause);
}

/// Closes on every way out; a mapping stays valid without its descriptor.
class FileDescriptor {
 public:
  explicit FileDescriptor(int fd) : fd_(fd) {}
  ~FileDescriptor() {
    if (fd_ >= 0) ::close(fd_);
  }
  FileDescriptor(const FileDescriptor&) = delete;
  FileDescriptor& operator=(const FileDescriptor&) = delete;
  int get() const { return fd_; }

 private:
  const int fd_;
};

}  // namespace

base::Result<std::shared_ptr<const Bytes>> Bytes::map_file(const std::filesystem::path& path) {
  // Non-blocking, because opening a named pipe would wait for its writer.
  const FileDescriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK));
  if (file.get() < 0) return cannot_read(path, std::generic_category().message(errno));
  struct stat info = {};
  if (::fstat(file.get(), &info) != 0) return cannot_read(path, std::generic_category().message(errno));
  if (S_ISDIR(info.st_mode)) return cannot_read(path, "it is a directory, expected a file");
  if (!S_ISREG(info.st_mode)) return cannot_read(path, "it is not a regular file");
  if (info.st_size == 0) return cannot_read(path, "the file is empty");
  const auto size = static_cast<std::size_t>(info.st_size);
  void* memory = ::mmap(nullptr, size, PROT_READ, MAP_PRIVATE, file.get(), 0);
  if (memory == MAP_FAILED) return cannot_read(path, std::generic_category().message(errno));
  std::shared_ptr<const void> mapping(memory, [size](const void* m) { ::munmap(const_cast<void*>(m), size); });
  return std::make_shared<const Bytes>(std::span(static_cast<const std::byte*>(memory), size), std::move(mapping),
                                       true);
}

void Bytes::forget_pages() const {
  if (mapped_) ::madvise(const_cast<std::byte*>(memory_.data()), memory_.size(), MADV_DONTNEED);
}

std::shared_ptr<const Bytes> Bytes::own(std::string content) {
  auto owned = std::make_shared<const std::string>(std::move(content));
  const auto memory = std::as_bytes(std::span(*owned));
  return borrow(memory, std::move(owned));
}

std::shared_ptr<const Bytes> Bytes::borrow(std::span<const std::byte> memory, std::shared_ptr<const void> keep_alive) {
  return std::make_shared<const Bytes>(memory, std::move(keep_alive));
}

}  // namespace baton::model
