// SPDX-License-Identifier: Apache-2.0
// Copyright (C) 2026 The Baton authors
#include "report/log_lines.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace baton::report {
namespace {

using base::LogLevel;
using policy::Event;
using policy::EventType;
using testing::HasSubstr;

Event event(EventType type) {
  Event e;
  e.type = type;
  e.device = "CPU";
  e.engine = "onnxruntime";
  e.profile = "fast";
  return e;
}

LogLine only_line(const Event& e) {
  const auto lines = log_lines(e);
  EXPECT_EQ(lines.size(), 1u);
  return lines.empty() ? LogLine{LogLevel::kNone, ""} : lines.front();
}

class CountingSink final : public base::LogSink {
 public:
  explicit CountingSink(LogLevel level) : level_(level) {}
  bool enabled(LogLevel level) const override { return level <= level_; }
  void write(LogLevel, std::string_view tag, std::string_view text, std::string_view, int) override {
    lines.push_back(std::string(tag) + " " + std::string(text));
  }
  std::vector<std::string> lines;

 private:
  LogLevel level_;
};

TEST(LogLines, B1207_helper_and_target_are_announced_in_their_own_words) {
  Event e = event(EventType::kLoadStarted);
  e.reason = "HELPER";
  EXPECT_EQ(only_line(e).level, LogLevel::kInfo);
  EXPECT_THAT(only_line(e).text, HasSubstr("will load CPU as helper"));
  e.reason = "SELECTED";
  e.device = "GPU.1";
  EXPECT_THAT(only_line(e).text, HasSubstr("select device:GPU.1"));
}

TEST(LogLines, B1207_loads_and_switches_say_how_long_they_took) {
  Event e = event(EventType::kLoadFinished);
  e.values["ms"] = 41.26;
  EXPECT_EQ(only_line(e).text, "device:CPU compiling model finished in 41.3 ms [onnxruntime fast]");
  e = event(EventType::kSwitched);
  e.values["since_start_ms"] = 512;
  EXPECT_THAT(only_line(e).text, HasSubstr("switched to CPU"));
  EXPECT_THAT(only_line(e).text, HasSubstr("512.0 ms"));
}

TEST(LogLines, B1207_levels_of_failures) {
  Event e = event(EventType::kCandidateFailed);
  e.reason = "LOAD_FAILED";
  e.text = "out of luck";
  EXPECT_EQ(only_line(e).level, LogLevel::kWarning);
  EXPECT_THAT(only_line(e).text, HasSubstr("failed to load, LOAD_FAILED: out of luck"));
  e.reason = "OUTPUT_MISMATCH";
  EXPECT_THAT(only_line(e).text, HasSubstr("was refused, OUTPUT_MISMATCH"));
  EXPECT_EQ(only_line(event(EventType::kFailed)).level, LogLevel::kError);
  EXPECT_THAT(only_line(event(EventType::kFailed)).text, HasSubstr("no serving device left"));
  e = event(EventType::kCheckDone);
  EXPECT_EQ(only_line(e).level, LogLevel::kDebug);
  e.values["warned"] = 1;
  EXPECT_EQ(only_line(e).level, LogLevel::kWarning);
}

TEST(LogLines, B1207_a_fail_over_names_both_sides_and_warns) {
  Event e = event(EventType::kSwitched);
  e.reason = "SUSPENDED_DEVICE_LOST";
  e.text = "fail-over from GPU/G/full to CPU/C/full";
  EXPECT_EQ(only_line(e).level, LogLevel::kWarning);
  EXPECT_THAT(only_line(e).text, HasSubstr("fail-over from GPU/G/full to CPU/C/full"));
  e = event(EventType::kDeviceSuspended);
  e.reason = "SUSPENDED_ENGINE_ERROR";
  e.text = "no luck";
  EXPECT_EQ(only_line(e).level, LogLevel::kWarning);
  EXPECT_THAT(only_line(e).text, HasSubstr("device:CPU [onnxruntime fast] suspended, SUSPENDED_ENGINE_ERROR: no luck"));
}

TEST(LogLines, B1207_probes_are_for_developers_and_returns_for_everybody) {
  Event e = event(EventType::kLoadStarted);
  e.reason = "PROBE";
  EXPECT_EQ(only_line(e).level, LogLevel::kDebug);
  EXPECT_EQ(only_line(event(EventType::kProbeDone)).level, LogLevel::kDebug);
  EXPECT_EQ(only_line(event(EventType::kReturned)).level, LogLevel::kInfo);
  EXPECT_THAT(only_line(event(EventType::kReturned)).text, HasSubstr("returned to CPU"));
  EXPECT_EQ(only_line(event(EventType::kStateReset)).level, LogLevel::kWarning);
}

TEST(LogLines, B1208_a_released_helper_reports_its_inferences) {
  Event e = event(EventType::kHelperReleased);
  e.values = {{"infer", 12}, {"fps", 30.5}};
  const auto lines = log_lines(e);
  ASSERT_EQ(lines.size(), 3u);
  EXPECT_EQ(lines[0].text, "CPU_HELP:infer:12");
  EXPECT_EQ(lines[1].text, "CPU_HELP:fps:30.5");
  EXPECT_EQ(lines[2].text, "helper released!!");
  e.values.clear();
  EXPECT_EQ(log_lines(e)[1].text, "CPU_HELP:fps:0");
}

TEST(LogLines, B1207_the_end_lists_figures_per_device) {
  Event e = event(EventType::kClosed);
  e.values = {{"CPU:infer", 3}, {"GPU.1:infer", 9}};
  const auto lines = log_lines(e);
  ASSERT_EQ(lines.size(), 2u);
  EXPECT_EQ(lines[0].text, "CPU:infer:3");
  EXPECT_EQ(lines[1].text, "GPU.1:infer:9");
}

TEST(LogLines, B1202_a_sink_gets_what_its_level_lets_pass) {
  CountingSink quiet(LogLevel::kWarning);
  write_log_lines(event(EventType::kLoadStarted), "AUTO", quiet);
  write_log_lines(event(EventType::kFailed), "AUTO", quiet);
  EXPECT_THAT(quiet.lines, testing::ElementsAre("AUTO no serving device left"));
}

}  // namespace
}  // namespace baton::report
