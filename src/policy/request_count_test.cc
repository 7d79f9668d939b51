// SPDX-License-Identifier: Apache-2.0
// Copyright (C) 2026 The Baton authors
#include "policy/request_count.h"

#include <gtest/gtest.h>

namespace baton::policy {
namespace {

using engine::Hint;

TEST(RequestCount, B712_the_workers_of_the_list_come_first) {
  EXPECT_EQ(predict_requests({.workers = 3, .answers = {.optimal_requests = 7}, .hint = Hint::kThroughput}), 3u);
  EXPECT_EQ(predict_requests({.workers = 5, .hint = Hint::kLatency}), 5u);
}

TEST(RequestCount, B712_then_what_the_device_answers) {
  EXPECT_EQ(predict_requests({.answers = {.optimal_requests = 7, .streams = 2}, .hint = Hint::kThroughput}), 7u);
  EXPECT_EQ(predict_requests({.answers = {.optimal_requests = 2}, .hint = Hint::kLatency}), 2u);
  EXPECT_EQ(predict_requests({.answers = {.optimal_requests = 0}}), 1u) << "never less than one (B-235)";
}

TEST(RequestCount, B712_one_for_latency) {
  EXPECT_EQ(predict_requests({.answers = {.streams = 4, .batch = 8}, .hint = Hint::kLatency, .family = "NPU"}), 1u);
}

TEST(RequestCount, B712_B714_batches_times_streams_times_two) {
  EXPECT_EQ(predict_requests({.answers = {.streams = 3, .batch = 8}, .hint = Hint::kThroughput}), 48u);
  EXPECT_EQ(predict_requests({.answers = {.batch = 8}, .hint = Hint::kThroughput}), 16u) << "streams unknown: one";
  EXPECT_EQ(predict_requests({.answers = {.batch = 8}, .hint = Hint::kThroughput, .family = "NPU"}), 16u)
      << "row 4 before row 5";
  EXPECT_EQ(predict_requests({.answers = {.streams = 0, .batch = 8}, .hint = Hint::kThroughput}), 8u)
      << "at least a batch";
}

TEST(RequestCount, B712_an_npu_serves_eight) {
  EXPECT_EQ(predict_requests({.answers = {.streams = 2}, .hint = Hint::kThroughput, .family = "NPU"}), 8u);
}

TEST(RequestCount, B712_twice_the_streams_or_four) {
  EXPECT_EQ(predict_requests({.answers = {.streams = 3}, .hint = Hint::kThroughput, .family = "GPU"}), 6u);
  EXPECT_EQ(predict_requests({.hint = Hint::kThroughput, .family = "GPU"}), 4u);
}

TEST(RequestCount, B713_the_cap_comes_last) {
  EXPECT_EQ(predict_requests({.answers = {.streams = 3, .batch = 8}, .hint = Hint::kThroughput, .cap = 6}), 6u);
  EXPECT_EQ(predict_requests({.workers = 9, .cap = 4}), 4u);
  EXPECT_EQ(predict_requests({.hint = Hint::kLatency, .cap = 6}), 1u);
}

TEST(RequestCount, last_number_reads_what_devices_answer) {
  EXPECT_EQ(last_number("1 4"), 4u);
  EXPECT_EQ(last_number("{ 1, 16 }"), 16u);
  EXPECT_EQ(last_number("7"), 7u);
  EXPECT_EQ(last_number("1,2;"), 2u);
  EXPECT_FALSE(last_number(""));
  EXPECT_FALSE(last_number("unknown"));
  EXPECT_FALSE(last_number("99999999999999999999"));
}

TEST(RequestCount, B712_one_worker_of_the_list_is_one_request) {
  EXPECT_EQ(predict_requests({.workers = 1, .answers = {.optimal_requests = 7}, .hint = Hint::kThroughput}), 1u);
  EXPECT_EQ(predict_requests({.workers = 1, .hint = Hint::kThroughput}), 1u);
}

TEST(RequestCount, B712_a_batch_of_two_is_a_batch_and_one_of_one_is_none) {
  EXPECT_EQ(predict_requests({.answers = {.streams = 3, .batch = 2}, .hint = Hint::kThroughput}), 12u);
  EXPECT_EQ(predict_requests({.answers = {.streams = 3, .batch = 1}, .hint = Hint::kThroughput}), 6u);
}

TEST(RequestCount, B712_the_last_number_ends_where_the_text_ends) {
  const std::string_view text = "1 4 256";
  EXPECT_EQ(last_number(text.substr(0, 6)), 25u);
  EXPECT_EQ(last_number(text.substr(0, 5)), 2u);
  EXPECT_EQ(last_number(text.substr(0, 4)), 4u);
}

}  // namespace
}  // namespace baton::policy
