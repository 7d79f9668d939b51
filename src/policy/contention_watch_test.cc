// SPDX-License-Identifier: Apache-2.0
// Copyright (C) 2026 The Baton authors
//
// What follows a round of the contention guard: the sets that were close have a second each, and are watched (B-820).
#include <gtest/gtest.h>

#include <vector>

#include "policy/contention_trial.h"

namespace baton::policy {
namespace {

TEST(ContentionWatch, B820_a_set_that_was_close_goes_on_for_a_second_too) {
  struct Case {
    int without;  ///< of 20
    double watched_ms;
    bool tried;
  };
  for (const Case& c : {Case{18, 1000, true}, Case{18, 999, false}, Case{17, 1000, false}}) {
    Trial trial = pair();
    ASSERT_FALSE(trial.whole(0, 20, c.without, 20));
    EXPECT_EQ(trial.ends(0, 68, c.watched_ms).has_value(), c.tried) << c.without << " for " << c.watched_ms << " ms";
    EXPECT_EQ(trial.takes(1), !c.tried);
  }
}

TEST(ContentionWatch, B820_what_a_second_says_counts) {
  struct Case {
    int all;
    int without;
    bool parked;
  };
  for (const Case& c : {Case{68, 72, true}, Case{69, 72, false}, Case{100, 80, false}}) {
    Trial trial = pair();
    ASSERT_FALSE(trial.whole(0, 20, 18, 20));
    ASSERT_TRUE(trial.ends(0, c.all, 1000));
    EXPECT_FALSE(trial.ends(0, c.without, 1000)) << "it stays as it is, or nobody is parked";
    EXPECT_EQ(trial.takes(1), !c.parked) << c.all << " and " << c.without;
    EXPECT_EQ(trial.last->parked, c.parked ? 1 : -1);
    trial.now += 9'000;
    EXPECT_EQ(trial.begins(0, 1), c.parked) << "no round before its time";
  }
}

TEST(ContentionWatch, B820_what_a_second_says_counts_also_where_one_was_parked_at_first) {
  for (const bool parked : {true, false}) {
    Trial trial = pair();
    ASSERT_TRUE(trial.whole(0, 20, 22, 20));
    ASSERT_FALSE(trial.ends(0, 84, 1000)) << "nobody is parked: all have their second";
    EXPECT_TRUE(trial.takes(1));
    EXPECT_EQ(trial.ends(0, parked ? 79 : 80, 1000).has_value(), parked) << "of 84 5 % more";
    EXPECT_EQ(trial.takes(1), !parked);
  }
}

/// Two devices: 58 runs without the second, 60 without the first, 20 with both. The second goes on alone.
Trial lucky() {
  Trial trial = close_pair();
  trial.ends(0, 1, 1);
  trial.ends(0, 20, 250);
  trial.ends(0, 58, 250);
  trial.ends(1, 60, 250);
  EXPECT_TRUE(trial.ends(1, 20, 250));
  EXPECT_FALSE(trial.takes(0));
  return trial;
}

TEST(ContentionWatch, B820_of_two_devices_the_better_one_goes_on_whoever_was_first) {
  for (const int other : {209, 211}) {
    Trial trial = lucky();
    const auto turn = trial.ends(1, 210, 1000);
    ASSERT_TRUE(turn);
    EXPECT_EQ(turn->device, 1) << "now the first one alone";
    EXPECT_TRUE(trial.takes(0));
    EXPECT_FALSE(trial.takes(1));
    trial.ends(0, other, 1000);
    EXPECT_EQ(trial.takes(0), other > 210);
    EXPECT_EQ(trial.takes(1), other < 210);
    EXPECT_EQ(trial.last->without_per_s[1], other > 210 ? 232 : other) << "as the last verdict told it";
  }
}

TEST(ContentionWatch, B820_each_later_change_doubles_the_time_that_the_next_one_needs) {
  Trial trial = lucky();
  ASSERT_TRUE(trial.ends(1, 210, 1000));
  EXPECT_FALSE(trial.ends(0, 220, 1000));
  EXPECT_FALSE(trial.ends(0, 200, 1000)) << "210 are not 5 % more";
  ASSERT_TRUE(trial.ends(0, 199, 1000));
  EXPECT_TRUE(trial.takes(1));
  EXPECT_FALSE(trial.takes(0));
  EXPECT_FALSE(trial.ends(1, 180, 1000));
  ASSERT_TRUE(trial.ends(1, 180, 1000)) << "180 a second for two of them";
  EXPECT_TRUE(trial.takes(0));
}

TEST(ContentionWatch, B820_the_first_100_ms_after_a_change_are_not_watched) {
  Trial trial({5, 10}, ContentionGuard::kSettleMs);
  const auto window = [&](int device, int runs) {
    trial.ends(device, 1, 100);
    return trial.ends(device, runs, 250.001);
  };
  trial.ends(0, 1, 1);
  window(0, 20);
  window(0, 58);
  window(1, 60);
  ASSERT_TRUE(window(1, 20));
  trial.ends(1, 1, 100);
  ASSERT_TRUE(trial.ends(1, 210, 1000.001));
  trial.ends(0, 1, 100);  // a GPU that wakes
  EXPECT_FALSE(trial.ends(0, 211, 1000.001));
  EXPECT_TRUE(trial.takes(0));
}

TEST(ContentionWatch, B820_what_ends_while_a_burst_runs_out_is_not_watched) {
  Trial trial = lucky();
  for (int burst = 0; burst < 4; ++burst) {
    ASSERT_TRUE(trial.takes(1)) << burst;
    trial.ends(1, 75, 333);
    trial.ends(1, 1, 100, 0);
    trial.idle(1000);
  }
  EXPECT_TRUE(trial.takes(0)) << "the second is over";
  ASSERT_TRUE(trial.last);
  EXPECT_NEAR(trial.last->without_per_s[0], 225, 1);
}

TEST(ContentionWatch, B820_a_second_of_less_than_full_load_says_nothing) {
  Trial trial = lucky();
  EXPECT_FALSE(trial.ends(1, 50, 500, 0));
  EXPECT_FALSE(trial.ends(1, 110, 500));
  EXPECT_FALSE(trial.ends(1, 219, 999));
  EXPECT_TRUE(trial.ends(1, 1, 1)) << "from then on";
}

TEST(ContentionWatch, B820_pauses_are_no_part_of_the_second_that_is_watched) {
  Trial trial = pair();
  ASSERT_FALSE(trial.whole(0, 20, 18, 20));
  for (int burst = 0; burst < 4; ++burst) {
    EXPECT_TRUE(trial.takes(1));
    trial.now += 5000;
    trial.guard.awakes(trial.now);
    trial.ends(0, 20, 250);
  }
  EXPECT_FALSE(trial.takes(1));
  EXPECT_DOUBLE_EQ(trial.last->with_per_s, 80);
}

}  // namespace
}  // namespace baton::policy
