// SPDX-License-Identifier: Apache-2.0
// Copyright (C) 2026 The Baton authors
#include "runtime/listener.h"

#include <gtest/gtest.h>

#include <atomic>
#include <functional>
#include <memory>
#include <thread>

namespace baton::runtime {
namespace {

using Function = std::function<void()>;

void call(const Function& function) { function(); }

TEST(Listener, there_may_be_none) {
  Listener<Function> listener;
  EXPECT_FALSE(listener.visit(call));
  int calls = 0;
  listener.set([&] { ++calls; });
  EXPECT_TRUE(listener.visit(call));
  listener.set(nullptr);
  EXPECT_FALSE(listener.visit(call));
  EXPECT_EQ(calls, 1);
}

TEST(Listener, B549_B1211_one_that_was_replaced_is_not_being_called_any_more) {
  for (const bool throws : {false, true}) {
    Listener<Function> listener;
    std::atomic<int> inside = 0;
    std::atomic<bool> replacing = false;
    std::atomic<bool> replaced = false;
    listener.set([&] {
      ++inside;
      while (!replacing) std::this_thread::yield();
      for (int i = 0; i < 1000; ++i) std::this_thread::yield();
      EXPECT_FALSE(replaced);
      if (throws) throw 1;
    });
    const auto calls = [&] {
      try {
        listener.visit(call);
      } catch (int) {  // it is the caller's
      }
    };
    std::thread one(calls);
    std::thread other(calls);
    while (inside < 2) std::this_thread::yield();
    replacing = true;
    listener.set(nullptr);
    replaced = true;
    one.join();
    other.join();
  }
}

TEST(Listener, B549_one_may_replace_itself_and_call_itself) {
  Listener<Function> listener;
  int calls = 0;
  listener.set([&] {
    if (++calls == 1) listener.visit(call);
    listener.set(nullptr);
  });
  EXPECT_TRUE(listener.visit(call));
  EXPECT_FALSE(listener.visit(call));
  EXPECT_EQ(calls, 2);
}

TEST(Listener, what_one_owns_is_gone_when_it_was_replaced) {
  Listener<Function> listener;
  auto owned = std::make_shared<int>(1);
  listener.set([owned] {});
  EXPECT_EQ(owned.use_count(), 2);
  listener.set(nullptr);
  EXPECT_EQ(owned.use_count(), 1);
}

}  // namespace
}  // namespace baton::runtime
