// SPDX-License-Identifier: Apache-2.0
// Copyright (C) 2026 The Baton authors
#include "serial_turns.h"

#include <gtest/gtest.h>

#include <atomic>
#include <optional>
#include <thread>
#include <vector>

namespace baton::engine::onnxruntime {
namespace {

TEST(SerialTurns, B827_one_thread_at_a_time) {
  SerialTurns turns;
  std::atomic<int> inside = 0, most = 0, count = 0;
  {
    std::vector<std::jthread> threads;
    for (int t = 0; t < 4; ++t) {
      threads.emplace_back([&] {
        for (int i = 0; i < 200; ++i) {
          const Turn turn(&turns);
          const int now = ++inside;
          if (now > most) most = now;
          ++count;
          --inside;
        }
      });
    }
  }
  EXPECT_EQ(most, 1);
  EXPECT_EQ(count, 800);
}

TEST(SerialTurns, who_gives_up_gets_no_turn_and_keeps_nobody_from_one) {
  SerialTurns turns;
  std::atomic<bool> give_up = false;
  std::optional<bool> granted;
  {
    const Turn first(&turns);
    std::jthread second([&] {
      const Turn turn(&turns, [&] { return give_up.load(); });
      granted = turn.granted();
    });
    give_up = true;
    turns.wake();
    second.join();
  }
  EXPECT_EQ(granted, false);
  EXPECT_TRUE(Turn(&turns).granted());
}

TEST(SerialTurns, a_task_waits_for_the_turn_that_goes_on_but_nobody_waits_for_the_task) {
  SerialTurns turns;
  bool done = false;
  {
    const Turn turn(&turns);
    turns.do_in_turn([&] { done = true; });
    EXPECT_FALSE(done);
  }
  EXPECT_TRUE(done);
  turns.do_in_turn([&] { done = false; });
  EXPECT_FALSE(done) << "free: at once";
  EXPECT_TRUE(Turn(&turns).granted());
}

TEST(SerialTurns, without_turns_nobody_waits) {
  const Turn one(nullptr), other(nullptr);
  EXPECT_TRUE(one.granted() && other.granted());
}

}  // namespace
}  // namespace baton::engine::onnxruntime
