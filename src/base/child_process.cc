// SPDX-License-Identifier: Apache-2.0
// Copyright (C) 2026 The Baton authors
#include "base/child_process.h"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <optional>

namespace baton::base {
namespace {

using Clock = std::chrono::steady_clock;

/// Closed at the end of its scope.
class Descriptor {
 public:
  explicit Descriptor(int number) : number_(number) {}
  ~Descriptor() { close(); }
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;

  int number() const { return number_; }
  void close() {
    if (number_ >= 0) ::close(number_);
    number_ = -1;
  }

 private:
  int number_;
};

/// The child's streams: nothing in, `output` out. Descriptors of this process are closed on exec by whoever opened
/// them; those that are not are closed here.
class Actions {
 public:
  explicit Actions(int output) {
    posix_spawn_file_actions_init(&actions_);
    posix_spawn_file_actions_adddup2(&actions_, output, STDOUT_FILENO);
    posix_spawn_file_actions_addopen(&actions_, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
    posix_spawn_file_actions_addopen(&actions_, STDERR_FILENO, "/dev/null", O_WRONLY, 0);
#if defined(__GLIBC__) && (__GLIBC__ > 2 || __GLIBC_MINOR__ >= 34)
    posix_spawn_file_actions_addclosefrom_np(&actions_, STDERR_FILENO + 1);
#endif
  }
  ~Actions() { posix_spawn_file_actions_destroy(&actions_); }
  Actions(const Actions&) = delete;
  Actions& operator=(const Actions&) = delete;

  const posix_spawn_file_actions_t* get() const { return &actions_; }

 private:
  posix_spawn_file_actions_t actions_;
};

/// A group of its own, so that what the child starts ends with it; signals as in a fresh program.
class Attributes {
 public:
  Attributes() {
    posix_spawnattr_init(&attributes_);
    sigset_t none, all;
    sigemptyset(&none);
    sigfillset(&all);
    posix_spawnattr_setsigmask(&attributes_, &none);
    posix_spawnattr_setsigdefault(&attributes_, &all);
    posix_spawnattr_setpgroup(&attributes_, 0);
    posix_spawnattr_setflags(&attributes_, POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETPGROUP);
  }
  ~Attributes() { posix_spawnattr_destroy(&attributes_); }
  Attributes(const Attributes&) = delete;
  Attributes& operator=(const Attributes&) = delete;

  const posix_spawnattr_t* get() const { return &attributes_; }

 private:
  posix_spawnattr_t attributes_;
};

/// Readable once the process has ended; none on kernels before 5.3.
int end_of(pid_t child) { return static_cast<int>(::syscall(SYS_pidfd_open, child, 0)); }

/// Appends what comes until the other end is closed, or the child ended: something that it started may keep the other
/// end open. False: the deadline was first.
bool read_all(int descriptor, int child_end, Clock::time_point deadline, std::string& output) {
  std::array<char, 4096> buffer;
  while (true) {
    const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(deadline - Clock::now()).count();
    if (left <= 0) return false;
    std::array<pollfd, 2> waited{{{descriptor, POLLIN, 0}, {child_end, POLLIN, 0}}};
    const int ready = ::poll(waited.data(), waited.size(), static_cast<int>(std::min<long long>(left, 1 << 30)));
    if (ready < 0 && errno != EINTR) return true;
    if (ready <= 0) continue;
    if (waited[0].revents == 0) return true;
    const ssize_t got = ::read(descriptor, buffer.data(), buffer.size());
    if (got > 0) output.append(buffer.data(), static_cast<std::size_t>(got));
    if (got == 0 || (got < 0 && errno != EINTR && errno != EAGAIN)) return true;
  }
}

/// Its status, once it ended; nullopt: somebody else reaped it.
std::optional<int> reap(pid_t child) {
  int status = 0;
  pid_t ended = 0;
  do {
    ended = ::waitpid(child, &status, 0);
  } while (ended < 0 && errno == EINTR);
  return ended == child ? std::optional(status) : std::nullopt;
}

}  // namespace

ChildResult run_child(const std::filesystem::path& program, const std::vector<std::string>& arguments,
                      std::chrono::milliseconds limit) {
  ChildResult result;
  int ends[2];
  if (::pipe2(ends, O_CLOEXEC) != 0) {
    result.code = errno;
    return result;
  }
  const Descriptor read_end(ends[0]);
  Descriptor write_end(ends[1]);
  std::vector<std::string> words{program.string()};
  words.insert(words.end(), arguments.begin(), arguments.end());
  std::vector<char*> argv;
  for (std::string& word : words) argv.push_back(word.data());
  argv.push_back(nullptr);

  pid_t child = 0;
  const Actions actions(write_end.number());
  const Attributes attributes;
  if (const int error = ::posix_spawn(&child, program.c_str(), actions.get(), attributes.get(), argv.data(), environ);
      error != 0) {
    result.code = error;
    return result;
  }
  write_end.close();
  const Descriptor child_end(end_of(child));
  const bool in_time = read_all(read_end.number(), child_end.number(), Clock::now() + limit, result.output);
  // One that closed its output and goes on is over too.
  ::kill(-child, SIGKILL);
  const auto status = reap(child);
  result.end = !in_time                       ? ChildResult::End::kTooLong
               : status && WIFEXITED(*status) ? ChildResult::End::kExited
                                              : ChildResult::End::kKilled;
  if (status) result.code = WIFEXITED(*status) ? WEXITSTATUS(*status) : WTERMSIG(*status);
  else result.code = -1;
  return result;
}

}  // namespace baton::base
