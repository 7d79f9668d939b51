// SPDX-License-Identifier: Apache-2.0
// Copyright (C) 2026 The Baton authors
#include "statistics.h"

#include <gtest/gtest.h>

namespace baton::bench {
namespace {

TEST(Percentile, is_the_smallest_value_that_enough_values_do_not_exceed) {
  const std::vector<double> values{1, 2, 3, 4, 5, 6, 7, 8, 9, 10};
  EXPECT_EQ(percentile(values, 50), 5);
  EXPECT_EQ(percentile(values, 90), 9);
  EXPECT_EQ(percentile(values, 91), 10);
  EXPECT_EQ(percentile(values, 100), 10);
  EXPECT_EQ(percentile({7}, 1), 7);
  EXPECT_EQ(percentile({1, 2, 3}, 50), 2);
}

TEST(Summarise, all_figures_of_unsorted_latencies) {
  const LatencyFigures figures = summarise({3, 1, 2, 10}, 75);
  EXPECT_EQ(figures.count, 4U);
  EXPECT_EQ(figures.chosen_ms, 3);
  EXPECT_EQ(figures.median_ms, 2);
  EXPECT_EQ(figures.p99_ms, 10);
  EXPECT_EQ(figures.average_ms, 4);
  EXPECT_EQ(figures.min_ms, 1);
  EXPECT_EQ(figures.max_ms, 10);
}

const std::vector<Sample> kSamples{{.end_ms = 10, .latency_ms = 8, .generation = 1, .group = 0, .frames = 2},
                                   {.end_ms = 20, .latency_ms = 10, .generation = 1, .group = 1, .frames = 2},
                                   {.end_ms = 22, .latency_ms = 1, .generation = 2, .group = 0, .frames = 2}};

TEST(Throughput, B1611_from_the_first_start_to_the_last_completion) {
  EXPECT_DOUBLE_EQ(duration_ms(kSamples), 20);
  EXPECT_DOUBLE_EQ(frames_per_second(kSamples), 6 * 1000.0 / 20);
  EXPECT_GT(duration_ms({{.end_ms = 1}}), 0) << "no division by zero";
}

TEST(Generations, are_kept_apart) {
  const auto figures = by_generation(kSamples, {{1, {"CPU", "a"}}, {2, {"GPU", "b"}}}, 50);
  ASSERT_EQ(figures.size(), 2U);
  EXPECT_EQ(figures[0].server.device, "CPU");
  EXPECT_EQ(figures[0].latency.count, 2U);
  EXPECT_DOUBLE_EQ(figures[0].fps, 4 * 1000.0 / 18);
  EXPECT_EQ(figures[1].server.engine, "b");
  EXPECT_DOUBLE_EQ(figures[1].fps, 2000);
}

TEST(Groups, without_a_sample_are_left_out) {
  const auto figures = by_group(kSamples, {"x: [1]", "x: [2]", "x: [3]"}, 50);
  ASSERT_EQ(figures.size(), 2U);
  EXPECT_EQ(figures[0].name, "x: [1]");
  EXPECT_EQ(figures[0].latency.count, 2U);
}

TEST(AlignedIterations, B1603_a_multiple_of_requests_or_of_shapes) {
  EXPECT_EQ(aligned_iterations(7, 2, 1), 8U);
  EXPECT_EQ(aligned_iterations(8, 4, 1), 8U);
  EXPECT_EQ(aligned_iterations(5, 2, 3), 6U);
  EXPECT_EQ(aligned_iterations(0, 4, 1), 0U);
}

}  // namespace
}  // namespace baton::bench
