// SPDX-License-Identifier: Apache-2.0
// Copyright (C) 2026 The Baton authors
#include "measurement.h"

#include <gtest/gtest.h>

namespace baton::bench {
namespace {

TEST(RunLimitsTest, of_two_limits_the_later_one_ends_the_run) {
  const RunLimits iterations{.iterations = 3};
  EXPECT_TRUE(iterations.goes_on(2, 100));
  EXPECT_FALSE(iterations.goes_on(3, 0));
  const RunLimits time{.seconds = 2};
  EXPECT_TRUE(time.goes_on(1000, 1.9));
  EXPECT_FALSE(time.goes_on(0, 2));
  const RunLimits both{.iterations = 3, .seconds = 2};
  EXPECT_TRUE(both.goes_on(5, 1));
  EXPECT_TRUE(both.goes_on(2, 5));
  EXPECT_FALSE(both.goes_on(3, 2));
  EXPECT_FALSE((RunLimits{.iterations = 0}.goes_on(0, 0)));
}

/// Notes what it is asked for.
class NotingRunner final : public Runner {
 public:
  std::size_t requests() const override { return 1; }
  double first_inference() override { return 0; }
  void start(std::uint64_t turn) override { turns.push_back(turn); }
  void finish() override { ++finished; }
  std::vector<std::vector<ProfilingInfo>> counters() override { return {}; }

  std::vector<std::uint64_t> turns;
  int finished = 0;
};

TEST(Measure, starts_turn_after_turn_and_waits_for_the_last) {
  NotingRunner runner;
  Recorder recorder;
  double share = 0;
  measure(
      runner, recorder, {.iterations = 3}, 1, [] { return false; }, [&share](double done) { share = done; });
  EXPECT_EQ(runner.turns, (std::vector<std::uint64_t>{0, 1, 2}));
  EXPECT_EQ(runner.finished, 1);
  EXPECT_EQ(share, 1);
}

TEST(Measure, B1614_an_interruption_ends_the_starts_and_not_what_runs) {
  NotingRunner runner;
  Recorder recorder;
  measure(
      runner, recorder, {.seconds = 60}, 1, [&runner] { return runner.turns.size() == 2; }, [](double) {});
  EXPECT_EQ(runner.turns.size(), 2U);
  EXPECT_EQ(runner.finished, 1);
}

}  // namespace
}  // namespace baton::bench
