// SPDX-License-Identifier: Apache-2.0
// Copyright (C) 2026 The Baton authors
#include "policy/shape_changes.h"

#include <gtest/gtest.h>

namespace baton::policy {
namespace {

/// `every`-th request has other shapes.
double share_of(int requests, int every) {
  ShapeTraffic traffic;
  std::uint64_t shapes = 0;
  for (int i = 1; i <= requests; ++i) traffic.add(every > 0 && i % every == 0 ? ++shapes : shapes);
  return traffic.share();
}

TEST(ShapeChanges, B1112_the_share_of_requests_with_other_shapes) {
  EXPECT_EQ(share_of(0, 1), 0);
  EXPECT_EQ(share_of(1000, 0), 0);
  EXPECT_DOUBLE_EQ(share_of(9, 1), 8.0 / 9) << "the first is no change";
  EXPECT_EQ(share_of(8, 1), 0) << "seven changes tell nothing";
  EXPECT_DOUBLE_EQ(share_of(80, 10), 0.1);
  EXPECT_NEAR(share_of(10'000, 10), 0.1, 0.01);
  EXPECT_EQ(share_of(10'000, 100), 0) << "of the last 256 no eight";
}

TEST(ShapeChanges, B1112_a_program_that_stops_changing_is_seen) {
  ShapeTraffic traffic;
  for (std::uint64_t i = 0; i < 100; ++i) traffic.add(i);
  EXPECT_GT(traffic.share(), 0.9);
  for (int i = 0; i < 2000; ++i) traffic.add(1);
  EXPECT_EQ(traffic.share(), 0);
}

TEST(ShapeChanges, B1112_costs_are_told_after_eight_changes) {
  ShapeCosts costs;
  for (int i = 0; i < 7; ++i) EXPECT_FALSE(costs.add(60, true));
  for (int i = 0; i < 4; ++i) EXPECT_FALSE(costs.add(3, false));
  const auto figures = costs.add(60, true);
  ASSERT_TRUE(figures);
  EXPECT_DOUBLE_EQ(figures->average_ms, (8 * 60 + 4 * 3) / 12.0);
  EXPECT_EQ(figures->plain_ms, 3);
  for (int i = 0; i < 7; ++i) EXPECT_FALSE(costs.add(50, true)) << "what was told is past";
  const auto next = costs.add(50, true);
  ASSERT_TRUE(next);
  EXPECT_DOUBLE_EQ(next->average_ms, 50);
  EXPECT_FALSE(next->plain_ms) << "every request had other shapes";
}

TEST(ShapeChanges, B1112_they_eat_up_what_was_gained) {
  // Took half of the other's time: 2.2 times its own and it is 10 % slower.
  EXPECT_FALSE(changes_eat_up({6.6, 3}, 0.5, 0));
  EXPECT_TRUE(changes_eat_up({6.7, 3}, 0.5, 0));
  EXPECT_TRUE(changes_eat_up({60, std::nullopt}, 0.1, 5)) << "where shapes never repeat, as at its check";
  EXPECT_FALSE(changes_eat_up({60, std::nullopt}, 0.1, 6));
}

}  // namespace
}  // namespace baton::policy
