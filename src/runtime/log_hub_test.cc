// SPDX-License-Identifier: Apache-2.0
// Copyright (C) 2026 The Baton authors
#include "runtime/log_hub.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>

#include "baton/core.hpp"

namespace baton::runtime {
namespace {

using base::LogLevel;
using testing::ElementsAre;
using testing::MatchesRegex;

TEST(LogHub, B1201_form_of_a_line) {
  const auto line =
      format_line(std::chrono::system_clock::now(), LogLevel::kInfo, "AUTO", "select device:CPU", "plan.cc", 12);
  EXPECT_THAT(line,
              MatchesRegex(R"(\[[0-9]{2}:[0-9]{2}:[0-9]{2}\.[0-9]{4}\]I\[plan\.cc:12\] \[AUTO\]: select device:CPU)"));
  const auto error = format_line({}, LogLevel::kError, "MULTI", "x", "a.cc", 1);
  EXPECT_THAT(error, MatchesRegex(R"(.*\]ERROR\[a\.cc:1\] \[MULTI\]: x)"));
}

TEST(LogHub, B1202_B1206_the_level_decides_and_the_callback_takes_over_from_stderr) {
  std::vector<std::string> lines;
  Core::set_log_callback([&](log::Level level, const std::string& tag, const std::string& text) {
    lines.push_back(to_string(level) + " " + tag + " " + text);
  });
  LevelSink sink(LogLevel::kWarning);
  testing::internal::CaptureStderr();
  BATON_LOG(sink, LogLevel::kError, "AUTO", "one");
  BATON_LOG(sink, LogLevel::kWarning, "AUTO", "two");
  BATON_LOG(sink, LogLevel::kInfo, "AUTO", "three");
  EXPECT_EQ(testing::internal::GetCapturedStderr(), "");
  EXPECT_THAT(lines, ElementsAre("LOG_ERROR AUTO one", "LOG_WARNING AUTO two"));

  Core::set_log_callback(nullptr);
  testing::internal::CaptureStderr();
  BATON_LOG(sink, LogLevel::kError, "AUTO", "four");
  EXPECT_THAT(testing::internal::GetCapturedStderr(), testing::HasSubstr("[AUTO]: four\n"));
  EXPECT_EQ(lines.size(), 2U);
}

TEST(LogHub, a_throwing_callback_harms_nothing) {
  Core::set_log_callback([](log::Level, const std::string&, const std::string&) { throw 1; });
  LevelSink sink(LogLevel::kError);
  EXPECT_NO_THROW(sink.write(LogLevel::kError, "AUTO", "x", "a.cc", 1));
  Core::set_log_callback(nullptr);
}

TEST(LogHub, B1203_the_environment_sets_the_default) {
  unsetenv("BATON_LOG_LEVEL");
  unsetenv("OPENVINO_LOG_LEVEL");
  EXPECT_EQ(default_log_level(), LogLevel::kNone);
  setenv("OPENVINO_LOG_LEVEL", "3", 1);
  EXPECT_EQ(default_log_level(), LogLevel::kInfo);
  setenv("BATON_LOG_LEVEL", "LOG_ERROR", 1);
  EXPECT_EQ(default_log_level(), LogLevel::kError);
  setenv("BATON_LOG_LEVEL", "loud", 1);
  testing::internal::CaptureStderr();
  EXPECT_EQ(default_log_level(), LogLevel::kNone);
  EXPECT_EQ(default_log_level(), LogLevel::kNone);
  const std::string shown = testing::internal::GetCapturedStderr();
  EXPECT_EQ(shown.find("loud"), shown.rfind("loud")) << "one line only: " << shown;
  EXPECT_NE(shown.find("loud"), std::string::npos);
  unsetenv("BATON_LOG_LEVEL");
  unsetenv("OPENVINO_LOG_LEVEL");
}

}  // namespace
}  // namespace baton::runtime
