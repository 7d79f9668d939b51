// SPDX-License-Identifier: Apache-2.0
// Copyright (C) 2026 The Baton authors
#include "base/child_process.h"

#include <gtest/gtest.h>
#include <signal.h>

namespace baton::base {
namespace {

using End = ChildResult::End;
constexpr std::chrono::seconds kLimit(30);

ChildResult shell(const std::string& script, std::chrono::milliseconds limit = kLimit) {
  return run_child("/bin/sh", {"-c", script}, limit);
}

TEST(ChildProcess, output_and_exit_status_come_back) {
  const auto result = shell("echo one; echo two; echo unseen >&2; exit 3");
  EXPECT_EQ(result.end, End::kExited);
  EXPECT_EQ(result.code, 3);
  EXPECT_EQ(result.output, "one\ntwo\n");
}

TEST(ChildProcess, a_crash_is_told_from_an_end) {
  const auto result = shell("echo before; kill -SEGV $$");
  EXPECT_EQ(result.end, End::kKilled);
  EXPECT_EQ(result.code, SIGSEGV);
  EXPECT_EQ(result.output, "before\n");
}

TEST(ChildProcess, one_that_hangs_is_killed_with_what_it_started) {
  const auto begin = std::chrono::steady_clock::now();
  const auto result = shell("echo before; sleep 1000 & sleep 1000", std::chrono::milliseconds(50));
  EXPECT_EQ(result.end, End::kTooLong);
  EXPECT_EQ(result.output, "before\n");
  EXPECT_LT(std::chrono::steady_clock::now() - begin, kLimit);
}

TEST(ChildProcess, B306_what_it_leaves_behind_is_not_waited_for) {
  const auto result = shell("setsid sleep 2 & echo done; exit 4");
  EXPECT_EQ(result.end, End::kExited);
  EXPECT_EQ(result.code, 4);
  EXPECT_EQ(result.output, "done\n");
  EXPECT_EQ(shell("setsid sleep 2 & echo done", std::chrono::milliseconds(1500)).end, End::kExited);
}

TEST(ChildProcess, a_program_that_is_not_there_is_not_started) {
  const auto result = run_child("/no/such/program", {}, kLimit);
  EXPECT_EQ(result.end, End::kNotStarted);
  EXPECT_EQ(result.code, ENOENT);
}

TEST(ChildProcess, much_output_is_read_to_its_end) {
  EXPECT_EQ(shell("head -c 300000 /dev/zero").output.size(), 300000u);
}

}  // namespace
}  // namespace baton::base
