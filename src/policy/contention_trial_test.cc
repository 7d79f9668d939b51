// SPDX-License-Identifier: Apache-2.0
// Copyright (C) 2026 The Baton authors
//
// One round of the contention guard, run by run: where its limits lie. What it achieves is in contention_test.cc.
#include <gtest/gtest.h>

#include <optional>
#include <vector>

#include "policy/contention_trial.h"

namespace baton::policy {
namespace {

/// Device 1 is held, the window without it has just begun.
Trial without() {
  Trial trial = pair();
  trial.ends(0, 1, 1);
  trial.ends(0, 20, 250);
  EXPECT_FALSE(trial.takes(1));
  return trial;
}

TEST(ContentionTrial, B820_a_window_is_250_ms_and_16_runs) {
  struct Case {
    int runs;
    double ms;
    bool over;
  };
  for (const Case& c : {Case{16, 250, true}, Case{16, 249, false}, Case{15, 250, false}, Case{15, 2500, false}}) {
    Trial trial = pair();
    trial.ends(0, 1, 1);
    trial.ends(0, c.runs, c.ms);
    EXPECT_EQ(!trial.takes(1), c.over) << c.runs << " runs in " << c.ms << " ms";
    trial.ends(0, 1, 1);
    EXPECT_FALSE(trial.takes(1)) << "one run and one ms more";
  }
}

TEST(ContentionTrial, B820_each_window_begins_100_ms_after_a_change_of_set) {
  Trial trial({5, 200}, ContentionGuard::kSettleMs);
  trial.ends(0, 1, 1);
  trial.ends(0, 100, 100);
  trial.ends(0, 20, 249);
  EXPECT_TRUE(trial.takes(1));
  trial.ends(0, 1, 1);
  EXPECT_FALSE(trial.takes(1));
  trial.ends(0, 3, 100);
  trial.ends(0, 20, 250);
  EXPECT_TRUE(trial.takes(1));
  trial.ends(0, 3, 100);
  trial.ends(0, 20, 250);
  ASSERT_TRUE(trial.last);
  EXPECT_DOUBLE_EQ(trial.last->without_per_s[1], 80) << "the 3 in the first 100 ms do not count";
}

TEST(ContentionTrial, B820_a_round_after_which_all_serve_is_told_too) {
  Trial trial = pair();
  EXPECT_FALSE(trial.whole(0, 20, 16, 20));
  ASSERT_TRUE(trial.last);
  EXPECT_EQ(trial.last->parked, -1);
  EXPECT_DOUBLE_EQ(trial.last->with_per_s, 80);
  EXPECT_EQ(trial.last->without_per_s, (std::vector<double>{0, 64})) << "the first was not tried";
}

TEST(ContentionTrial, B820_under_full_load_nine_of_ten_workers_run) {
  Trial full = pair();
  full.ends(0, 1, 1);
  full.ends(0, 20, 250, 18);
  EXPECT_FALSE(full.takes(1));
  Trial less = pair();
  less.ends(0, 1, 1);
  less.ends(0, 20, 250, 17);
  EXPECT_TRUE(less.takes(1));
  Trial later = without();
  later.ends(0, 20, 250, 17);
  EXPECT_TRUE(later.takes(1)) << "nothing can be said";
  EXPECT_FALSE(later.ends(0, 40, 250));
}

TEST(ContentionTrial, B820_a_pause_of_four_runs_beyond_a_window_ends_it) {
  Trial kept = without();
  kept.ends(0, 1, 250 + 4 * 5);
  EXPECT_FALSE(kept.takes(1));
  Trial ended = without();
  ended.ends(0, 1, 250 + 4 * 5 + 0.5);
  EXPECT_TRUE(ended.takes(1));
}

TEST(ContentionTrial, B820_more_than_five_percent_park_and_the_rates_are_told) {
  EXPECT_FALSE(pair().whole(0, 20, 21, 20)) << "exactly 5 %";
  const auto verdict = pair().whole(0, 20, 40, 20);
  ASSERT_TRUE(verdict);
  EXPECT_EQ(verdict->device, 1);
  EXPECT_DOUBLE_EQ(verdict->with_per_s, 80);
  EXPECT_DOUBLE_EQ(verdict->without_per_s, 160);
}

TEST(ContentionTrial, B820_the_window_before_counts_also_where_the_one_after_says_nothing) {
  EXPECT_FALSE(pair().whole(0, 40, 40, 20));
  EXPECT_TRUE(pair().whole(0, 20, 40, 40)) << "nothing ran on it in the window after: that is no rate with it";
}

TEST(ContentionTrial, B820_the_window_after_counts_where_the_device_ran_in_it) {
  Trial ended = without();
  ended.ends(0, 40, 250);
  ended.ends(1, 1, 10);
  EXPECT_FALSE(ended.ends(0, 39, 240)) << "one of its runs has ended";
  Trial running = without();
  running.ends(0, 40, 250);
  running.schedule.started(1, 0, running.now);
  EXPECT_FALSE(running.ends(0, 40, 250)) << "one of its runs goes on";
}

TEST(ContentionTrial, B820_without_begins_when_the_devices_last_run_is_over) {
  Trial idle = without();
  idle.ends(0, 20, 250);
  EXPECT_TRUE(idle.takes(1)) << "it had none: 250 ms later it takes requests again";
  Trial busy = pair();
  busy.ends(0, 1, 1);
  busy.schedule.started(1, 0, busy.now);
  busy.ends(0, 20, 250);
  busy.ends(0, 40, 250);
  busy.ends(1, 1, 1);
  busy.schedule.ended(1, 0, 0);
  EXPECT_FALSE(busy.takes(1));
  busy.ends(0, 1, 1);
  busy.ends(0, 20, 240);
  EXPECT_FALSE(busy.takes(1));
  busy.ends(0, 1, 10);
  EXPECT_TRUE(busy.takes(1));
}

TEST(ContentionTrial, B820_whoever_comes_or_leaves_ends_the_trial) {
  for (const bool comes : {true, false}) {
    Trial trial({5, 10, 20});
    trial.ends(0, 1, 1);
    trial.ends(0, 20, 250);
    ASSERT_FALSE(trial.takes(1));
    if (comes) trial.guard.join(trial.schedule, 2, {});
    else trial.guard.leave(trial.schedule, 2);
    EXPECT_TRUE(trial.takes(1)) << comes;
    EXPECT_FALSE(trial.ends(0, 40, 250));
  }
}

TEST(ContentionTrial, B820_parked_for_30_s_whichever_place_it_has) {
  for (const int best : {0, 1}) {
    const int other = 1 - best;
    Trial trial(best == 0 ? std::vector<double>{5, 200} : std::vector<double>{200, 5});
    const auto verdict = trial.whole(best, 20, 40, 20);
    ASSERT_TRUE(verdict);
    EXPECT_EQ(verdict->device, other);
    trial.ends(best, 1, 29'999);
    trial.ends(best, 20, 250);
    EXPECT_FALSE(trial.takes(other)) << "nothing began 1 ms before its time";
    trial.ends(best, 1, 1);
    trial.ends(best, 20, 250);
    EXPECT_TRUE(trial.takes(other)) << "a window without it, then it takes requests";
  }
}

TEST(ContentionTrial, B820_who_leaves_ends_all_parking) {
  Trial trial({5, 400, 400});
  trial.ends(0, 1, 1);
  trial.ends(0, 20, 250);
  trial.ends(0, 40, 250);
  trial.ends(0, 20, 250);
  ASSERT_TRUE(trial.ends(0, 20, 250));
  EXPECT_FALSE(trial.takes(1));
  trial.guard.leave(trial.schedule, 2);
  EXPECT_TRUE(trial.takes(1)) << "what was measured was another set";
}

/// Device 1 is parked, its time is over, and the window before it returns has seen 40 runs.
Trial returning() {
  Trial trial = pair();
  EXPECT_TRUE(trial.whole(0, 20, 40, 20));
  trial.now += 30'000;
  trial.ends(0, 1, 1);
  trial.ends(0, 40, 250);
  EXPECT_TRUE(trial.takes(1));
  return trial;
}

TEST(ContentionTrial, B820_it_stays_away_where_the_others_still_do_more_without_it) {
  Trial worse = returning();
  const auto verdict = worse.ends(0, 38, 250);
  ASSERT_TRUE(verdict) << "40 of 38 are more than 5 %";
  EXPECT_EQ(verdict->device, 1);
  EXPECT_DOUBLE_EQ(verdict->without_per_s, 160);
  EXPECT_DOUBLE_EQ(verdict->with_per_s, 152);
  EXPECT_FALSE(worse.takes(1));
  Trial alike = returning();
  EXPECT_FALSE(alike.ends(0, 39, 250));
  EXPECT_TRUE(alike.takes(1));
  alike.now += 9'999;
  EXPECT_FALSE(alike.begins(0, 1)) << "the next round as after one in which all were right to serve";
}

TEST(ContentionTrial, B820_a_return_that_is_broken_off_is_tried_again) {
  Trial trial = returning();
  trial.ends(0, 1, 1000);  // a pause
  EXPECT_FALSE(trial.takes(1)) << "parked as before";
  trial.ends(0, 1, 1);
  trial.ends(0, 40, 250);
  EXPECT_TRUE(trial.takes(1));
}

TEST(ContentionTrial, B820_the_best_device_is_the_one_without_which_least_is_done) {
  // Beside each other the first one looks quicker; alone the second does three times what both do together.
  Trial trial = close_pair();
  trial.ends(0, 1, 1);
  trial.ends(0, 20, 250);
  EXPECT_FALSE(trial.takes(1)) << "who looks slower is tried first";
  trial.ends(0, 22, 250);
  EXPECT_FALSE(trial.takes(0));
  EXPECT_TRUE(trial.takes(1));
  trial.ends(1, 60, 250);
  EXPECT_TRUE(trial.takes(0));
  const auto verdict = trial.ends(1, 20, 250);
  ASSERT_TRUE(verdict);
  EXPECT_EQ(verdict->device, 0) << "22 of 20 would park the second, 60 of 20 are more";
  EXPECT_DOUBLE_EQ(verdict->with_per_s, 80);
  EXPECT_DOUBLE_EQ(verdict->without_per_s, 240);
}

TEST(ContentionTrial, B820_the_quickest_is_not_tried_where_the_others_are_too_slow_at_their_fastest) {
  struct Case {
    bool fed;
    std::uint32_t runs;
    double slower_ms;
    bool tried;
  };
  // All do 0.08 per ms: an accelerator may be 5 times as fast alone, a CPU 3 times, and one that hardly ran 50 times.
  for (const Case& c : {Case{true, 16, 62.5, true}, Case{true, 16, 62.6, false}, Case{false, 16, 37.5, true},
                        Case{false, 16, 37.6, false}, Case{true, 15, 625, true}, Case{true, 15, 626, false},
                        Case{false, 15, 37.6, false}}) {
    Trial trial({5, c.slower_ms}, 0, c.fed, c.runs);
    trial.before_the_quickest();
    EXPECT_EQ(!trial.takes(0), c.tried) << c.slower_ms;
  }
}

TEST(ContentionTrial, B820_the_quickest_is_tried_in_every_other_round_where_the_others_did_less_than_half) {
  for (const int without : {16, 15}) {
    const bool misses = without == 15;
    Trial trial = close_pair();
    const auto tries_quickest = [&] {
      trial.before_the_quickest();
      const bool tried = !trial.takes(0);
      if (tried) trial.ends(1, without, 400);
      trial.ends(0, 20, 250);
      trial.now += 100'000;
      return tried;
    };
    EXPECT_TRUE(tries_quickest());
    EXPECT_EQ(tries_quickest(), !misses);
    EXPECT_TRUE(tries_quickest());
  }
}

TEST(ContentionTrial, B820_the_quickest_is_tried_only_where_the_load_is_always_full) {
  for (const int full : {19, 18}) {
    Trial trial = close_pair();
    trial.before_the_quickest(full);
    EXPECT_EQ(!trial.takes(0), full == 19) << full << " of 20";
  }
}

TEST(ContentionTrial, B820_a_set_with_less_than_half_of_the_answers_is_tried_for_100_ms) {
  for (const int runs : {39, 40}) {
    Trial trial({1, 2});
    trial.ends(0, 1, 1);
    trial.ends(0, 200, 250);  // 80 in 100 ms
    trial.ends(0, runs - 1, 99);
    EXPECT_FALSE(trial.takes(1));
    trial.ends(0, 1, 1);
    EXPECT_EQ(trial.takes(1), runs == 39) << runs;
  }
}

TEST(ContentionTrial, B820_a_fastest_run_counts_for_what_a_device_could_do) {
  Trial trial({5, 200});
  trial.schedule.measured(1, 0, 60);
  trial.before_the_quickest();
  EXPECT_FALSE(trial.takes(0));
}

TEST(ContentionTrial, B820_without_the_quickest_no_16_runs_are_waited_for_once_it_is_clear) {
  Trial trial = close_pair();
  trial.before_the_quickest();
  ASSERT_FALSE(trial.takes(0));
  trial.ends(1, 7, 399);
  EXPECT_FALSE(trial.takes(0)) << "all together would have had not quite 32";
  trial.ends(1, 1, 1);
  EXPECT_TRUE(trial.takes(0));
}

TEST(ContentionTrial, B820_after_10_s_again_and_every_time_it_was_right_twice_as_late) {
  for (const auto& [after_ms, begins] : {std::pair{9'999.0, false}, std::pair{10'000.0, true}}) {
    Trial trial = pair();
    ASSERT_FALSE(trial.whole(0, 20, 20, 20));
    trial.now += after_ms;
    EXPECT_EQ(trial.begins(0, 1), begins) << after_ms;
  }
  for (const auto& [after_ms, begins] : {std::pair{19'999.0, false}, std::pair{20'000.0, true}}) {
    Trial trial = pair();
    trial.whole(0, 20, 20, 20);
    trial.now += 10'000;
    trial.whole(0, 20, 20, 20);
    trial.now += after_ms;
    EXPECT_EQ(trial.begins(0, 1), begins) << after_ms;
  }
}

TEST(ContentionTrial, B820_once_it_was_parked_it_is_tried_as_often_as_at_first) {
  Trial trial = pair();
  trial.whole(0, 20, 20, 20);
  trial.now += 10'000;
  ASSERT_TRUE(trial.whole(0, 20, 40, 20));
  trial.now += 30'000;
  ASSERT_FALSE(trial.whole(0, 20, 20, 20));
  trial.now += 10'000;
  EXPECT_TRUE(trial.begins(0, 1));
}

TEST(ContentionTrial, B820_who_is_tried) {
  const auto tried = [](const std::vector<double>& service_ms, int best) {
    Trial trial(service_ms);
    trial.ends(best, 1, 0);
    trial.ends(best, 20, 250);  // the slower ones are tried first
    std::vector<int> held;
    for (int device = 0; device < trial.devices; ++device) {
      if (!trial.takes(device)) held.push_back(device);
    }
    return held;
  };
  EXPECT_EQ(tried({10, 10}, 0), std::vector{1}) << "of two equal ones the first is the best";
  EXPECT_EQ(tried({5, 10, 10}, 0), std::vector{1}) << "in list order where both wait equally long";
  EXPECT_EQ(tried({10, 5, 20}, 1), std::vector{0});
  EXPECT_EQ(tried({5, 0}, 0), std::vector<int>()) << "of a device that never ran nothing is known";
  EXPECT_EQ(tried({0.25, 0.5}, 0), std::vector{1});
}

TEST(ContentionTrial, B820_who_serves_beside_a_parked_one_goes_on_though_that_one_was_quicker) {
  Trial trial = pair();
  ASSERT_TRUE(trial.whole(0, 20, 30, 20));
  EXPECT_FALSE(trial.takes(1));
  for (int i = 0; i < 100; ++i) trial.schedule.measured(0, 0, 50);  // the parked one's 10 ms are what it had before
  for (int second = 0; second < 28; ++second) {
    trial.ends(0, 20, 1000);
    EXPECT_TRUE(trial.takes(0)) << "or nobody takes requests";
  }
}

TEST(ContentionTrial, B820_where_nothing_ends_any_more_all_take_requests) {
  Trial trial = without();
  const double last = trial.now;
  const auto time = trial.guard.patience_ends_ms(trial.schedule);
  ASSERT_TRUE(time.has_value());
  EXPECT_DOUBLE_EQ(*time, last + 250 + 4 * 5);
  trial.guard.relent(trial.schedule, *time - 1);
  EXPECT_FALSE(trial.takes(1));
  trial.guard.relent(trial.schedule, *time);
  EXPECT_TRUE(trial.takes(1)) << "the trial is over";
  EXPECT_FALSE(trial.guard.patience_ends_ms(trial.schedule));

  Trial parked = pair();
  ASSERT_TRUE(parked.whole(0, 20, 30, 20));
  EXPECT_FALSE(parked.takes(1));
  parked.guard.relent(parked.schedule, *parked.guard.patience_ends_ms(parked.schedule));
  EXPECT_TRUE(parked.takes(1)) << "it is not parked any longer";
}

TEST(ContentionTrial, B820_after_a_pause_of_the_program_nothing_hangs) {
  Trial trial = pair();
  ASSERT_TRUE(trial.whole(0, 20, 30, 20));
  trial.now += 5000;
  trial.guard.awakes(trial.now);
  trial.guard.relent(trial.schedule, trial.now + 269);
  EXPECT_FALSE(trial.takes(1)) << "still parked: requests have waited for no longer";
  trial.guard.relent(trial.schedule, trial.now + 270);
  EXPECT_TRUE(trial.takes(1));
}

TEST(ContentionTrial, B820_a_program_that_works_in_bursts_has_a_round_in_pieces) {
  Trial trial = pair();
  const auto burst = [&](int runs) {
    trial.now += 1000;
    trial.ends(0, 1, 0);  // ends the window that the pause spoilt, or goes on with the round
    trial.ends(0, 1, 1);
    return trial.ends(0, runs, 250);
  };
  EXPECT_FALSE(burst(20));
  EXPECT_FALSE(trial.takes(1)) << "the window without it has begun";
  trial.now += 1000;
  trial.ends(0, 1, 0);
  EXPECT_TRUE(trial.takes(1)) << "in pauses all take requests";
  trial.now -= 1000;
  EXPECT_FALSE(burst(40));
  EXPECT_TRUE(trial.takes(1));
  const auto verdict = burst(20);
  ASSERT_TRUE(verdict);
  EXPECT_EQ(verdict->device, 1);
}

TEST(ContentionTrial, B820_an_idle_moment_ends_a_window) {
  Trial trial = pair();
  trial.ends(0, 1, 1);
  trial.ends(0, 10, 125);
  trial.idle(1);
  trial.ends(0, 1, 1);
  trial.ends(0, 1, 1);  // the window begins anew
  trial.ends(0, 20, 249);
  EXPECT_TRUE(trial.takes(1));
  trial.ends(0, 1, 1);
  EXPECT_FALSE(trial.takes(1));
  trial.idle(1);
  trial.ends(0, 1, 1);
  EXPECT_TRUE(trial.takes(1));
  trial.ends(0, 1, 1);
  EXPECT_FALSE(trial.takes(1)) << "its window too";
}

TEST(ContentionTrial, B820_bursts_that_are_too_short_for_a_window_are_left_alone_after_some) {
  Trial trial = without();
  for (int burst = 0; burst < ContentionGuard::kMostPauses; ++burst) {
    trial.idle(1);
    trial.ends(0, 1, 1);
    trial.ends(0, 10, 125);
    EXPECT_FALSE(trial.takes(1)) << burst;
  }
  trial.idle(1);
  trial.ends(0, 1, 1);
  trial.ends(0, 10, 125);
  EXPECT_TRUE(trial.takes(1));
  trial.now += 9'800;
  EXPECT_FALSE(trial.begins(0, 1));
  trial.now += 200;
  EXPECT_TRUE(trial.begins(0, 1)) << "a round after 10 s of load";

  Trial back = returning();
  for (int burst = 0; burst <= ContentionGuard::kMostPauses; ++burst) {
    back.idle(1);
    back.ends(0, 1, 1);
    EXPECT_FALSE(back.takes(1)) << "parked as before";
    back.ends(0, 1, 1);
    back.ends(0, 40, 250);
    EXPECT_EQ(back.takes(1), burst < ContentionGuard::kMostPauses) << burst;
  }
  back.ends(0, 1, 29'000);
  back.ends(0, 40, 250);
  EXPECT_FALSE(back.takes(1)) << "for another half a minute";
}

TEST(ContentionTrial, B820_a_window_in_which_it_had_no_run_is_none_with_it) {
  Trial trial = pair();
  trial.ends(0, 1, 1);
  trial.ends(0, 40, 250);  // EARLIEST_FINISH has no use for the second
  trial.ends(0, 40, 250);
  trial.ends(1, 1, 10);  // now it has, and all slow down
  const auto verdict = trial.ends(0, 15, 240);
  ASSERT_TRUE(verdict);
  EXPECT_EQ(verdict->device, 1);
  EXPECT_DOUBLE_EQ(verdict->with_per_s, 64);
  EXPECT_DOUBLE_EQ(verdict->without_per_s, 160);
}

TEST(ContentionTrial, B820_the_interval_is_one_of_full_load) {
  Trial trial = pair();
  ASSERT_FALSE(trial.whole(0, 20, 16, 20));
  for (int burst = 0; burst < 9; ++burst) {
    trial.now += 60'000;
    trial.guard.awakes(trial.now);
    trial.ends(0, 40, 1000);
    EXPECT_TRUE(trial.takes(1));
  }
  trial.ends(0, 100, 60'000, 0);
  EXPECT_FALSE(trial.begins(0, 1)) << "9 s of full load, the rest was none";
  trial.ends(0, 40, 1000);
  EXPECT_TRUE(trial.begins(0, 1));
}

TEST(ContentionTrial, B820_the_two_windows_with_it_are_averaged_where_they_are_alike) {
  struct Case {
    int without;
    int again;
    bool parked;
  };
  for (const Case& c : {Case{44, 42, true}, Case{43, 42, false}, Case{46, 45, false}, Case{48, 45, true}}) {
    Trial trial = pair();
    trial.ends(0, 1, 1);
    trial.ends(0, 39, 200);
    trial.ends(1, 1, 50);
    trial.ends(0, c.without, 250);
    trial.schedule.started(1, 0, trial.now);
    EXPECT_EQ(trial.ends(0, c.again, 250).has_value(), c.parked) << c.without << " against 40 and " << c.again;
  }
}

TEST(ContentionTrial, B820_what_was_measured_before_a_long_pause_is_forgotten) {
  for (const auto& [pause_ms, goes_on] : {std::pair{10'000.0, true}, std::pair{10'001.0, false}}) {
    Trial trial = without();
    trial.ends(0, 1, 500);  // a pause
    trial.now += pause_ms;
    trial.ends(0, 1, 0);
    EXPECT_EQ(!trial.takes(1), goes_on) << pause_ms;
  }
}

TEST(ContentionTrial, B820_of_three_two_may_be_parked_and_one_serves) {
  Trial trial({5, 400, 400});
  trial.ends(0, 1, 1);
  trial.ends(0, 20, 250);
  trial.ends(0, 30, 250);
  trial.ends(0, 30, 250);
  ASSERT_TRUE(trial.ends(0, 20, 250));
  ASSERT_TRUE(trial.whole(0, 20, 30, 20)) << "the second round follows at once";
  for (int i = 0; i < 100; ++i) trial.schedule.measured(0, 0, 50);
  for (int second = 0; second < 28; ++second) {
    trial.ends(0, 20, 1000);
    EXPECT_TRUE(trial.takes(0));
  }
}

}  // namespace
}  // namespace baton::policy
