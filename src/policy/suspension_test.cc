// SPDX-License-Identifier: Apache-2.0
// Copyright (C) 2026 The Baton authors
#include "policy/suspension.h"

#include <gtest/gtest.h>

#include <vector>

namespace baton::policy {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

const base::TimePoint kStart{std::chrono::hours(1)};

/// Seconds after `since` at which a device that stays broken is probed; each probe takes `length`.
std::vector<double> probes(Suspension& suspension, base::TimePoint since, int count,
                           base::Duration length = milliseconds(0)) {
  std::vector<double> times;
  for (int i = 0; i < count; ++i) {
    const base::TimePoint now = suspension.next_probe().value();
    times.push_back(std::chrono::duration<double>(now - since).count());
    suspension.probe_began(now);
    EXPECT_FALSE(suspension.next_probe());
    suspension.probe_failed(FailureClass::kEngineError, now + length);
  }
  return times;
}

TEST(Suspension, B627_a_device_that_stays_broken_is_probed_after_1_3_7_15_seconds_and_at_last_every_60) {
  Suspension suspension(seconds(1));
  EXPECT_FALSE(suspension.suspended());
  EXPECT_TRUE(suspension.fail(FailureClass::kEngineError, kStart));
  EXPECT_TRUE(suspension.suspended());
  EXPECT_EQ(probes(suspension, kStart, 9), (std::vector<double>{1, 3, 7, 15, 31, 63, 123, 183, 243}));
}

TEST(Suspension, B627_probes_that_take_a_while_keep_the_pace_but_leave_a_pause) {
  Suspension quick(seconds(1));
  quick.fail(FailureClass::kEngineError, kStart);
  EXPECT_EQ(probes(quick, kStart, 4, milliseconds(500)), (std::vector<double>{1, 3, 7, 15}));
  Suspension slow(seconds(1));
  slow.fail(FailureClass::kEngineError, kStart);
  EXPECT_EQ(probes(slow, kStart, 4, seconds(5)), (std::vector<double>{1, 7, 13, 21}));
}

TEST(Suspension, B626_other_back_offs) {
  Suspension quick(milliseconds(100));
  quick.fail(FailureClass::kEngineError, kStart);
  EXPECT_EQ(probes(quick, kStart, 3), (std::vector<double>{0.1, 0.3, 0.7}));
  Suspension slow(seconds(90));
  slow.fail(FailureClass::kEngineError, kStart);
  EXPECT_EQ(probes(slow, kStart, 3), (std::vector<double>{90, 180, 270})) << "what the user said is not shortened";
  Suspension shortest{base::Duration{1}};
  shortest.fail(FailureClass::kEngineError, kStart);
  EXPECT_EQ(shortest.next_probe(), kStart + base::Duration{1});
}

TEST(Suspension, B626_without_back_off_it_never_returns) {
  Suspension suspension(seconds(0));
  EXPECT_TRUE(suspension.fail(FailureClass::kDeviceLost, kStart));
  EXPECT_TRUE(suspension.suspended());
  EXPECT_FALSE(suspension.next_probe());
}

TEST(Suspension, B626_failing_soon_after_a_return_goes_on_doubling) {
  Suspension suspension(seconds(1));
  suspension.fail(FailureClass::kEngineError, kStart);
  probes(suspension, kStart, 1);  // the next wait is 2 s
  const base::TimePoint back = kStart + seconds(3);
  suspension.recovered(back);
  EXPECT_FALSE(suspension.suspended());
  EXPECT_FALSE(suspension.next_probe());
  suspension.fail(FailureClass::kEngineError, back + seconds(10));
  EXPECT_EQ(suspension.next_probe(), back + seconds(14));
  suspension.recovered(back + seconds(14));
  suspension.fail(FailureClass::kEngineError, back + seconds(14) + milliseconds(10001));
  EXPECT_EQ(suspension.next_probe(), back + seconds(15) + milliseconds(10001)) << "later it begins anew";
}

TEST(Suspension, failures_while_it_is_suspended_change_nothing) {
  Suspension suspension(seconds(1));
  EXPECT_TRUE(suspension.fail(FailureClass::kOutOfMemory, kStart));
  EXPECT_FALSE(suspension.fail(FailureClass::kEngineError, kStart + milliseconds(500)));
  EXPECT_EQ(suspension.next_probe(), kStart + seconds(1));
  EXPECT_EQ(suspension.why(), FailureClass::kOutOfMemory);
}

TEST(Suspension, B629_a_model_that_the_device_calls_bad_is_not_probed_again) {
  Suspension suspension(seconds(1));
  suspension.fail(FailureClass::kOutOfMemory, kStart);
  suspension.probe_began(kStart + seconds(1));
  suspension.probe_failed(FailureClass::kInvalidArgument, kStart + seconds(1));
  EXPECT_TRUE(suspension.suspended());
  EXPECT_FALSE(suspension.next_probe());
  EXPECT_EQ(suspension.why(), FailureClass::kOutOfMemory) << "why it is suspended";
  Suspension early(seconds(1));
  early.fail(FailureClass::kOutOfMemory, kStart);
  early.probe_failed(FailureClass::kInvalidArgument, kStart);
  EXPECT_FALSE(early.next_probe()) << "nor when the probe had not begun";
}

TEST(Suspension, the_reason_is_that_of_the_last_failure) {
  Suspension suspension(seconds(1));
  suspension.fail(FailureClass::kOutOfMemory, kStart);
  suspension.probe_began(kStart + seconds(1));
  suspension.probe_failed(FailureClass::kDeviceLost, kStart + seconds(1));
  EXPECT_EQ(suspension.why(), FailureClass::kDeviceLost);
}

TEST(Suspension, B630_a_probe_that_was_put_off_comes_after_the_same_wait) {
  Suspension suspension(seconds(1));
  suspension.fail(FailureClass::kEngineError, kStart);
  suspension.probe_put_off(kStart + seconds(1));
  EXPECT_EQ(suspension.next_probe(), kStart + seconds(2));
  suspension.recovered(kStart + seconds(2));
  suspension.probe_put_off(kStart + seconds(3));
  EXPECT_FALSE(suspension.next_probe());
  suspension.probe_failed(FailureClass::kEngineError, kStart + seconds(3));
  EXPECT_FALSE(suspension.next_probe()) << "a healthy device";
}

}  // namespace
}  // namespace baton::policy
