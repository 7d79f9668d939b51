// SPDX-License-Identifier: Apache-2.0
// Copyright (C) 2026 The Baton authors
#include "support/manual_executor.h"

#include <gtest/gtest.h>

#include <string>
#include <thread>
#include <vector>

namespace baton::base {
namespace {

using std::chrono::milliseconds;

TEST(ManualExecutor, events_run_by_time_and_then_by_arrival) {
  ManualExecutor executor;
  std::string order;
  executor.run_at(executor.now() + milliseconds(20), [&] { order += 'd'; });
  executor.run_at(executor.now() + milliseconds(10), [&] { order += 'b'; });
  executor.run_at(executor.now() + milliseconds(10), [&] { order += 'c'; });
  executor.post([&] { order += 'a'; });
  EXPECT_EQ(order, "");
  executor.run_for(milliseconds(19));
  EXPECT_EQ(order, "abc");
  EXPECT_EQ(executor.elapsed(), milliseconds(19));
  executor.run_all();
  EXPECT_EQ(order, "abcd");
  EXPECT_EQ(executor.elapsed(), milliseconds(20));
  EXPECT_EQ(executor.pending(), 0u);
}

TEST(ManualExecutor, work_is_posted_without_copies) {
  struct Counter final : Work {
    void run() noexcept override { ++runs; }
    int runs = 0;
  } counter;
  ManualExecutor executor;
  executor.post(counter);
  executor.post(counter);
  executor.run_ready();
  EXPECT_EQ(counter.runs, 2);
}

TEST(ManualExecutor, a_cancelled_timer_does_not_run_and_an_old_id_is_ignored) {
  ManualExecutor executor;
  int runs = 0;
  const auto first = executor.run_at(executor.now() + milliseconds(1), [&] { ++runs; });
  const auto second = executor.run_at(executor.now() + milliseconds(1), [&] { ++runs; });
  executor.cancel_timer(first);
  executor.run_all();
  EXPECT_EQ(runs, 1);
  executor.cancel_timer(second);
  executor.cancel_timer(0);
}

TEST(ManualExecutor, a_wait_runs_events_until_its_condition_holds) {
  ManualExecutor executor;
  Mutex mutex;
  CondVar changed;
  bool ready = false;
  executor.run_at(executor.now() + milliseconds(5), [&] {
    MutexLock lock(mutex);
    ready = true;
    changed.notify_all();
  });
  executor.run_at(executor.now() + milliseconds(6), [] { FAIL() << "later than the wait"; });
  MutexLock lock(mutex);
  EXPECT_TRUE(executor.wait(
      mutex, changed, [&] { return ready; }, std::nullopt));
  EXPECT_EQ(executor.elapsed(), milliseconds(5));
}

TEST(ManualExecutor, a_wait_ends_at_its_deadline) {
  ManualExecutor executor;
  Mutex mutex;
  CondVar changed;
  MutexLock lock(mutex);
  EXPECT_FALSE(executor.wait(
      mutex, changed, [] { return false; }, executor.now() + milliseconds(7)));
  EXPECT_EQ(executor.elapsed(), milliseconds(7));
}

TEST(ManualExecutor, waits_nest) {
  ManualExecutor executor;
  Mutex mutex;
  CondVar changed;
  bool inner = false, outer = false;
  executor.start_job([&] {
    MutexLock lock(mutex);
    executor.wait(
        mutex, changed, [&] { return inner; }, std::nullopt);
    outer = true;
  });
  executor.run_at(executor.now() + milliseconds(3), [&] {
    MutexLock lock(mutex);
    inner = true;
  });
  MutexLock lock(mutex);
  EXPECT_TRUE(executor.wait(
      mutex, changed, [&] { return outer; }, std::nullopt));
  EXPECT_EQ(executor.elapsed(), milliseconds(3));
}

TEST(ManualExecutorDeathTest, a_wait_that_nothing_can_end_aborts) {
  GTEST_FLAG_SET(death_test_style, "threadsafe");
  EXPECT_DEATH(
      {
        ManualExecutor executor;
        Mutex mutex;
        CondVar changed;
        MutexLock lock(mutex);
        executor.wait(
            mutex, changed, [] { return false; }, std::nullopt);
      },
      "virtual deadlock");
}

TEST(ManualExecutorDeathTest, another_thread_aborts) {
  GTEST_FLAG_SET(death_test_style, "threadsafe");
  EXPECT_DEATH(
      {
        ManualExecutor executor;
        std::thread([&] { executor.post([] {}); }).join();
      },
      "not its own");
}

}  // namespace
}  // namespace baton::base
