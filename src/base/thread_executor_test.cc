// SPDX-License-Identifier: Apache-2.0
// Copyright (C) 2026 The Baton authors
#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <atomic>
#include <functional>
#include <latch>
#include <thread>

#include "base/executor.h"
#include "base/process_exit.h"

namespace baton::base {
namespace {

Executor& executor() { return thread_executor(); }

TEST(ThreadExecutor, posted_work_runs_elsewhere) {
  std::latch done(1);
  std::thread::id runner;
  executor().post([&] {
    runner = std::this_thread::get_id();
    done.count_down();
  });
  done.wait();
  EXPECT_NE(runner, std::this_thread::get_id());
}

/// The exit status of a child process that does this.
int status_of_child(const std::function<void()>& child) {
  const pid_t pid = ::fork();
  if (pid == 0) {
    ::alarm(20);  // a hang ends by a signal
    child();
    ::_exit(7);
  }
  int status = 0;
  return ::waitpid(pid, &status, 0) == pid && WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

TEST(ThreadExecutor, a_child_process_has_threads_of_its_own) {
#ifdef __has_feature
#if __has_feature(thread_sanitizer)
  GTEST_SKIP() << "the thread sanitizer ends a child that starts threads";
#endif
#endif
  std::latch idle(2), timer_waits(1);
  for (int i = 0; i < 2; ++i) executor().post([&] { idle.arrive_and_wait(); });
  idle.wait();  // the pool's threads wait for more now, or soon
  const auto far = executor().run_at(executor().now() + std::chrono::hours(1), [] { ::_exit(1); });
  executor().run_at(executor().now(), [&] { timer_waits.count_down(); });
  timer_waits.wait();
  EXPECT_EQ(status_of_child([] {
              std::latch done(3);
              for (int i = 0; i < 2; ++i) executor().post([&] { done.count_down(); });
              executor().run_at(executor().now() + std::chrono::milliseconds(1), [&] { done.count_down(); });
              done.wait();
            }),
            7);
  executor().cancel_timer(far);
  std::latch parent(1);
  executor().post([&] { parent.count_down(); });
  parent.wait();
}

TEST(ThreadExecutor, work_that_blocks_never_starves_other_work) {
  constexpr int kTasks = 16;
  std::latch all_here(kTasks);  // every task waits for all others: they must run at the same time
  std::latch done(kTasks);
  for (int i = 0; i < kTasks; ++i) {
    executor().post([&] {
      all_here.arrive_and_wait();
      done.count_down();
    });
  }
  done.wait();
}

TEST(ThreadExecutor, work_is_begun_in_order_and_exactly_once) {
  struct Counter final : Work {
    void run() noexcept override {
      ++runs;
      done->count_down();
    }
    std::atomic<int> runs{0};
    std::latch* done = nullptr;
  };
  constexpr int kWorks = 200;
  std::latch done(kWorks);
  std::vector<Counter> works(kWorks);
  for (Counter& work : works) {
    work.done = &done;
    executor().post(work);
  }
  done.wait();
  for (const Counter& work : works) EXPECT_EQ(work.runs, 1);
}

TEST(ThreadExecutor, timers_fire_in_order_of_time_and_not_when_cancelled) {
  Mutex mutex;
  CondVar changed;
  std::vector<int> fired;
  const TimePoint now = executor().now();
  const auto note = [&](int n) {
    return [&, n] {
      MutexLock lock(mutex);
      fired.push_back(n);
      changed.notify_all();
    };
  };
  const auto cancelled = executor().run_at(now + std::chrono::seconds(3600), note(9));
  executor().run_at(now + std::chrono::milliseconds(30), note(2));
  executor().run_at(now, note(1));
  executor().cancel_timer(cancelled);
  executor().cancel_timer(cancelled);  // an id that is over is ignored
  MutexLock lock(mutex);
  EXPECT_TRUE(executor().wait(
      mutex, changed, [&] { return fired.size() == 2; }, std::nullopt));
  EXPECT_EQ(fired, (std::vector<int>{1, 2}));
}

TEST(ThreadExecutor, a_wait_ends_at_its_deadline) {
  Mutex mutex;
  CondVar changed;
  MutexLock lock(mutex);
  EXPECT_FALSE(executor().wait(
      mutex, changed, [] { return false; }, executor().now()));
}

TEST(EngineCall, is_allowed_while_the_process_lives) {
  const EngineCall outer;
  const EngineCall inner;
  EXPECT_TRUE(outer.allowed());
  EXPECT_TRUE(inner.allowed());
  EXPECT_FALSE(process_is_exiting());
}

TEST(ProcessExit, what_is_left_alone_is_never_destroyed) {
  auto first = std::make_shared<int>(1);
  auto second = std::make_shared<int>(2);
  const std::weak_ptr<int> watched[] = {first, second};
  leave_alone(std::move(first));
  leave_alone(std::move(second));
  for (const std::weak_ptr<int>& object : watched) EXPECT_FALSE(object.expired());
}

}  // namespace
}  // namespace baton::base
