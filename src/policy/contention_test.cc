// SPDX-License-Identifier: Apache-2.0
// Copyright (C) 2026 The Baton authors
#include "policy/contention.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <functional>
#include <vector>

namespace baton::policy {
namespace {

struct Parked {
  int device;
  double with_per_s;
  double without_per_s;
};

/// Devices with a worker each under a closed loop; how long a run takes may depend on what runs beside it.
class Loop {
 public:
  struct Run {
    int device;
    double end_ms;
    double ms;
  };
  /// Of a run on `device` that begins now, with those beside it.
  std::function<double(int device, const std::vector<Run>& beside, double now_ms)> run_ms;

  Loop(std::vector<double> alone_ms, SchedulePolicy policy = SchedulePolicy::kEarliestFinish)
      : alone_ms_(std::move(alone_ms)), schedule(policy, alone_ms_.size()), guard(alone_ms_.size()) {
    run_ms = [this](int device, const std::vector<Run>&, double) {
      return alone_ms_[static_cast<std::size_t>(device)];
    };
    for (std::size_t i = 0; i < alone_ms_.size(); ++i) join(static_cast<int>(i), false);
  }
  void join(int device, bool exempt) {
    schedule.join(device, 1, alone_ms_[static_cast<std::size_t>(device)]);
    guard.join(schedule, device, {.exempt = exempt});
  }

  /// Answers per second while `in_flight` requests are kept going until `end_ms`.
  double work_until(double end_ms, std::size_t in_flight = 8) {
    const double began = now_ms;
    int answers = 0;
    for (std::size_t waiting = in_flight - running_.size();; ++waiting) {
      while (const auto next = schedule.next(waiting, now_ms)) {
        schedule.started(next->device, 0, now_ms);
        const double ms = run_ms(next->device, running_, now_ms);
        running_.push_back({next->device, now_ms + ms, ms});
        --waiting;
      }
      if (first()->end_ms > end_ms) break;
      end_first(waiting > 0 ? 1 : schedule.busy());
      ++answers;
    }
    now_ms = end_ms;
    return answers * 1000 / (end_ms - began);
  }
  /// Nothing is started until `end_ms`.
  void pause_until(double end_ms) {
    while (!running_.empty()) end_first(0);
    guard.idles();
    now_ms = end_ms;
  }

 private:
  std::vector<Run>::iterator first() {
    return std::min_element(running_.begin(), running_.end(),
                            [](const Run& a, const Run& b) { return a.end_ms < b.end_ms; });
  }
  void end_first(double busy) {
    const Run done = *first();
    running_.erase(first());
    now_ms = done.end_ms;
    schedule.measured(done.device, 0, done.ms);
    const auto found = guard.completed(schedule, done.device, busy, now_ms);
    if (found) parked = found->parked;
    if (found && found->parked >= 0)
      verdicts.push_back(
          {found->parked, found->with_per_s, found->without_per_s[static_cast<std::size_t>(found->parked)]});
    schedule.ended(done.device, 0, 0);
  }

  std::vector<double> alone_ms_;
  std::vector<Run> running_;

 public:
  Schedule schedule;
  ContentionGuard guard;
  std::vector<Parked> verdicts;
  int parked = -1;  ///< by the last one of all
  double now_ms = 0;
};

bool beside(const std::vector<Loop::Run>& runs, int device) {
  return std::any_of(runs.begin(), runs.end(), [&](const Loop::Run& run) { return run.device == device; });
}

/// Device 0 needs 5 ms, or three times as long while device 1 runs, which needs 30.
Loop contending(SchedulePolicy policy = SchedulePolicy::kEarliestFinish) {
  Loop loop({5, 30}, policy);
  loop.run_ms = [](int device, const std::vector<Loop::Run>& runs, double) {
    return device == 1 ? 30.0 : beside(runs, 1) ? 15.0 : 5.0;
  };
  return loop;
}

TEST(Contention, B820_B818_a_device_that_slows_the_best_by_more_than_it_adds_is_parked) {
  for (const SchedulePolicy policy : {SchedulePolicy::kEarliestFinish, SchedulePolicy::kDevicePriority}) {
    Loop loop = contending(policy);
    EXPECT_LT(loop.work_until(250), 130);
    loop.work_until(2000);
    ASSERT_EQ(loop.verdicts.size(), 1u);
    EXPECT_EQ(loop.verdicts[0].device, 1);
    EXPECT_NEAR(loop.verdicts[0].with_per_s, 100, 15);
    EXPECT_NEAR(loop.verdicts[0].without_per_s, 200, 5);
    EXPECT_NEAR(loop.work_until(30000), 200, 1);
  }
}

TEST(Contention, B820_a_device_that_is_only_wanted_because_it_slows_the_others_is_parked_too) {
  Loop loop({5, 100});
  loop.run_ms = [](int device, const std::vector<Loop::Run>& runs, double) {
    return device == 1 ? 100.0 : beside(runs, 1) ? 15.0 : 5.0;
  };
  loop.schedule.join(0, 1, 15);  // as it was measured beside the other
  loop.work_until(2000, 16);
  ASSERT_EQ(loop.verdicts.size(), 1u);
  EXPECT_NEAR(loop.work_until(20000, 16), 200, 1);
}

TEST(Contention, B820_after_half_a_minute_it_is_tried_again) {
  Loop loop = contending();
  loop.work_until(2000);
  ASSERT_EQ(loop.verdicts.size(), 1u);
  loop.work_until(40000);
  ASSERT_EQ(loop.verdicts.size(), 2u) << "it still contends";
  loop.run_ms = [](int device, const std::vector<Loop::Run>&, double) { return device == 1 ? 30.0 : 5.0; };
  loop.work_until(70000);
  EXPECT_NEAR(loop.work_until(90000), 233, 5) << "both serve";
}

TEST(Contention, B820_a_device_that_adds_is_kept_and_tried_less_and_less) {
  Loop loop({10, 10});
  EXPECT_GE(loop.work_until(60000), 0.97 * 200);
  EXPECT_TRUE(loop.verdicts.empty());
  EXPECT_GE(loop.work_until(600000), 0.995 * 200);
}

/// A GPU and a CPU that feeds it: beside each other the GPU needs ten times as long and seems to be the slower one.
Loop starving() {
  Loop loop({3, 8});
  loop.run_ms = [](int device, const std::vector<Loop::Run>& runs, double) {
    return device == 1 ? 8.0 : beside(runs, 1) ? 30.0 : 3.0;
  };
  return loop;
}

TEST(Contention, B820_B818_the_best_device_alone_is_found_though_beside_the_other_it_is_the_slower_one) {
  for (const bool seen_alone : {true, false}) {
    Loop loop = starving();
    if (!seen_alone) loop.schedule.join(0, 1, 30);  // its warm-up ran beside the other
    loop.work_until(4000, 16);
    ASSERT_EQ(loop.verdicts.size(), 1u);
    EXPECT_EQ(loop.verdicts[0].device, 1);
    EXPECT_NEAR(loop.work_until(30000, 16), 333, 2);
    EXPECT_GE(loop.work_until(300000, 16), 0.98 * 333) << "a window of contention in half a minute";
  }
}

/// Beside each other both need twice as long, but only after they have been for a second: caches, clocks.
TEST(Contention, B820_what_slows_them_only_after_a_while_is_seen_afterwards) {
  Loop loop({3, 20});
  double together_since = -1;
  loop.run_ms = [&](int device, const std::vector<Loop::Run>& runs, double now_ms) {
    if (!beside(runs, 1 - device)) together_since = -1;
    else if (together_since < 0) together_since = now_ms;
    const bool slow = together_since >= 0 && now_ms - together_since > 1000;
    return (device == 1 ? 20.0 : 3.0) * (slow ? 2 : 1);
  };
  loop.work_until(10000);
  ASSERT_EQ(loop.verdicts.size(), 1u);
  EXPECT_EQ(loop.verdicts[0].device, 1);
  EXPECT_NEAR(loop.work_until(30000), 333, 5);
}

/// Alone one does 100 and the other 105 per second, both together 90; while each is tried for a quarter of a second the
/// clock misleads.
TEST(Contention, B820_a_lucky_quarter_of_a_second_decides_nothing_for_long) {
  for (const double lucky : {1.2, 1.0, 0.8}) {
    Loop loop({10, 9.5});
    loop.run_ms = [=](int device, const std::vector<Loop::Run>& runs, double now_ms) {
      const double clock = device == 0 && now_ms < 1500 ? lucky : 1.0;
      return (beside(runs, 1 - device) ? 22.0 : device == 0 ? 10.0 : 9.5) / clock;
    };
    loop.work_until(6000);
    EXPECT_EQ(loop.parked, 0) << lucky;
    EXPECT_NEAR(loop.work_until(30000), 105, 1) << lucky;
  }
}

TEST(Contention, B820_three_that_add_are_kept_though_one_adds_little) {
  Loop loop({10, 17, 43});
  EXPECT_GE(loop.work_until(24'000, 64), 0.97 * 182);
  EXPECT_EQ(loop.parked, -1);
}

TEST(Contention, B820_five_percent_decide) {
  // Alone 10 ms; beside the other, which adds 20 per second, so much that the sum is 1.03 or 1.08 times smaller.
  for (const auto& [slower, parked] : {std::pair{1.28, false}, std::pair{1.40, true}}) {
    Loop loop({10, 50});
    loop.run_ms = [slower = slower](int device, const std::vector<Loop::Run>& runs, double) {
      return device == 1 ? 50.0 : beside(runs, 1) ? 10.0 * slower : 10.0;
    };
    loop.work_until(5000);
    EXPECT_EQ(loop.parked, parked ? 1 : -1) << slower;
  }
}

TEST(Contention, B820_the_best_device_and_exempt_ones_are_never_parked) {
  Loop loop = contending();
  loop.join(1, true);
  loop.work_until(60000);
  EXPECT_TRUE(loop.verdicts.empty());
}

TEST(Contention, B820_without_full_load_nothing_is_tried) {
  Loop loop = contending(SchedulePolicy::kRoundRobin);
  loop.work_until(20000, 1);  // of two workers one is used
  EXPECT_TRUE(loop.verdicts.empty());
}

TEST(Contention, B820_a_machine_that_becomes_faster_meanwhile_is_no_reason) {
  for (const double faster_at : {250.0, 300.0, 400.0, 500.0, 600.0}) {
    Loop loop({5, 10});
    loop.run_ms = [=](int device, const std::vector<Loop::Run>&, double now_ms) {
      return (device == 1 ? 10.0 : 5.0) * (now_ms < faster_at ? 2 : 1);
    };
    loop.work_until(5000);
    EXPECT_TRUE(loop.verdicts.empty()) << faster_at;
  }
}

TEST(Contention, B820_slow_models_are_watched_for_longer) {
  Loop loop({500, 3000});
  loop.run_ms = [](int device, const std::vector<Loop::Run>& runs, double) {
    return device == 1 ? 3000.0 : beside(runs, 1) ? 1500.0 : 500.0;
  };
  loop.work_until(20000);
  EXPECT_TRUE(loop.verdicts.empty());
  loop.work_until(90000);
  EXPECT_EQ(loop.verdicts.size(), 1u);
}

TEST(Contention, B820_when_a_device_leaves_all_others_serve_again) {
  Loop loop = contending();
  loop.work_until(2000);
  ASSERT_EQ(loop.verdicts.size(), 1u);
  loop.pause_until(2100);
  loop.schedule.leave(0);
  loop.guard.leave(loop.schedule, 0);
  EXPECT_NEAR(loop.work_until(5000), 33, 2);
  loop.join(0, false);
  loop.work_until(5100);
  EXPECT_EQ(loop.verdicts.size(), 1u);
  loop.work_until(8000);
  EXPECT_EQ(loop.verdicts.size(), 2u) << "and the trials begin anew";
}

TEST(Contention, B820_a_pause_ends_a_trial) {
  Loop loop = contending();
  loop.work_until(400);  // without the second device by now
  loop.pause_until(5000);
  loop.work_until(5100);
  EXPECT_TRUE(loop.verdicts.empty());
  loop.work_until(7000);
  EXPECT_EQ(loop.verdicts.size(), 1u);
}

}  // namespace
}  // namespace baton::policy
