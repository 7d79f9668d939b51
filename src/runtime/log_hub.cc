// SPDX-License-Identifier: Apache-2.0
// Copyright (C) 2026 The Baton authors
#include "runtime/log_hub.h"

#include <unistd.h>

#include <atomic>
#include <cstdio>
#include <ctime>

#include "base/environment.h"
#include "baton/exception.hpp"

namespace baton::runtime {
namespace {

const char* letter(base::LogLevel level) {
  switch (level) {
    case base::LogLevel::kNone: return "";
    case base::LogLevel::kError: return "ERROR";
    case base::LogLevel::kWarning: return "W";
    case base::LogLevel::kInfo: return "I";
    case base::LogLevel::kDebug: return "D";
    case base::LogLevel::kTrace: return "T";
  }
  return "";
}

}  // namespace

std::string format_line(std::chrono::system_clock::time_point time, base::LogLevel level, std::string_view tag,
                        std::string_view text, std::string_view file, int line) {
  const std::time_t seconds = std::chrono::system_clock::to_time_t(time);
  const auto fraction =
      std::chrono::duration_cast<std::chrono::microseconds>(time.time_since_epoch()).count() % 1'000'000;
  std::tm local{};
  localtime_r(&seconds, &local);
  char stamp[32];
  std::snprintf(stamp, sizeof stamp, "[%02d:%02d:%02d.%04d]", local.tm_hour, local.tm_min, local.tm_sec,
                static_cast<int>(fraction / 100));
  std::string out = stamp;
  out.append(letter(level)).append("[").append(file).append(":").append(std::to_string(line)).append("] [");
  return out.append(tag).append("]: ").append(text);
}

LogHub& LogHub::instance() {
  static LogHub* const hub = new LogHub;
  return *hub;
}

void LogHub::write(base::LogLevel level, std::string_view tag, std::string_view text, std::string_view file,
                   int line) noexcept {
  try {
    const bool taken = listener_.visit([&](const LogCallback& callback) {
      callback(static_cast<log::Level>(level), std::string(tag), std::string(text));
    });
    if (taken) return;
    const std::string whole = format_line(std::chrono::system_clock::now(), level, tag, text, file, line) + "\n";
    // One call for the whole line, so that lines of several threads never mix. Nobody can be told that stderr is
    // closed.
    [[maybe_unused]] const ssize_t written = ::write(STDERR_FILENO, whole.data(), whole.size());
  } catch (
      ...) {  // NOLINT(bugprone-empty-catch): a listener that throws, or memory at its end, must not end the process
  }
}

base::LogLevel default_log_level() {
  const auto text = base::env::log_level();
  if (!text) return base::LogLevel::kNone;
  try {
    return static_cast<base::LogLevel>(enum_value<log::Level>(*text));
  } catch (const Exception& error) {
    static std::atomic<bool> warned{false};
    if (!warned.exchange(true)) {
      LogHub::instance().write(base::LogLevel::kWarning, "AUTO",
                               std::string("the log level in the environment is ignored: ") + error.what(),
                               __FILE_NAME__, __LINE__);
    }
    return base::LogLevel::kNone;
  }
}

}  // namespace baton::runtime
