// SPDX-License-Identifier: Apache-2.0
// Copyright (C) 2026 The Baton authors
#include "timeline.h"

#include <gtest/gtest.h>

namespace baton::tool {
namespace {

using Kind = Span::Kind;

TimedEvent event(double ms, std::string type, std::string engine, std::string profile) {
  TimedEvent timed{ms, {}};
  timed.event.type = std::move(type);
  timed.event.device = "CPU";
  timed.event.engine = std::move(engine);
  timed.event.profile = std::move(profile);
  return timed;
}

/// The order of B-1213: helper, target, check, switch.
std::vector<TimedEvent> plain_start() {
  return {event(0, "LOAD_STARTED", "b", "full"),   event(1, "LOAD_STARTED", "a", "fast"),
          event(20, "LOAD_FINISHED", "a", "fast"), event(20, "HELPER_READY", "a", "fast"),
          event(60, "LOAD_FINISHED", "b", "full"), event(70, "CHECK_DONE", "b", "full"),
          event(70, "SWITCHED", "b", "full"),      event(75, "HELPER_RELEASED", "a", "fast")};
}

TEST(Timeline, B1213_a_plain_start_has_two_rows) {
  const auto rows = timeline(plain_start(), 100);
  ASSERT_EQ(rows.size(), 2U);
  EXPECT_EQ(rows[0].label, "CPU/b/full");
  EXPECT_EQ(rows[0].spans,
            (std::vector<Span>{{Kind::kPreparing, 0, 60}, {Kind::kChecking, 60, 70}, {Kind::kServing, 70, 100}}));
  EXPECT_EQ(rows[1].label, "CPU/a/fast");
  EXPECT_EQ(rows[1].spans, (std::vector<Span>{{Kind::kPreparing, 1, 20}, {Kind::kServing, 20, 70}}));
}

TEST(Timeline, a_refused_candidate_ends_and_the_one_that_serves_goes_on) {
  auto events = plain_start();
  events.resize(5);
  events.push_back(event(70, "CHECK_DONE", "b", "full"));
  events.push_back(event(70, "CANDIDATE_FAILED", "b", "full"));
  const auto rows = timeline(events, 100);
  EXPECT_EQ(rows[0].spans.back(), (Span{Kind::kChecking, 60, 70}));
  EXPECT_EQ(rows[1].spans.back(), (Span{Kind::kServing, 20, 100}));
}

TEST(Timeline, what_has_not_ended_ends_with_the_recording) {
  const auto rows = timeline({event(5, "LOAD_STARTED", "a", "full")}, 50);
  ASSERT_EQ(rows.size(), 1U);
  EXPECT_EQ(rows[0].spans, (std::vector<Span>{{Kind::kPreparing, 5, 50}}));
}

TEST(Sparkline, one_character_per_column_relative_to_the_slowest) {
  const std::vector<Answer> answers{{5, 8, "a", 1}, {6, 8, "a", 1}, {15, 4, "a", 1}, {39, 1, "b", 2}};
  EXPECT_EQ(sparkline(answers, 40, 4), "█▄ ▁");
  EXPECT_EQ(sparkline({}, 40, 3), "   ");
}

TEST(Stages, answers_are_grouped_by_generation) {
  StartupTrace trace;
  trace.answers = {{10, 9, "a", 1}, {20, 7, "a", 1}, {30, 8, "a", 1}, {33, 3, "b", 2}};
  const auto list = stages(trace);
  ASSERT_EQ(list.size(), 2U);
  EXPECT_EQ(list[0].engine, "a");
  EXPECT_EQ(list[0].answers, 3U);
  EXPECT_EQ(list[0].median_ms, 8);
  EXPECT_EQ(list[0].last_end_ms, 30);
  EXPECT_EQ(list[1].generation, 2U);
}

TEST(DrawTimeline, every_row_is_as_wide_as_asked) {
  StartupTrace trace;
  trace.events = plain_start();
  trace.answers = {{50, 5, "a", 1}};
  trace.end_ms = 100;
  const std::string text = draw_timeline(trace, 10);
  EXPECT_NE(text.find("CPU/b/full          ░░░░░░▒███\n"), std::string::npos) << text;
  EXPECT_NE(text.find("CPU/a/fast          ░░██████  \n"), std::string::npos) << text;
  EXPECT_NE(text.find("100 ms\n"), std::string::npos) << text;
}

}  // namespace
}  // namespace baton::tool
