// SPDX-License-Identifier: Apache-2.0
// Copyright (C) 2026 The Baton authors
//
// Where log lines go: stderr, or the callback of Core::set_log_callback, for the whole process.
#pragma once

#include <chrono>
#include <string>
#include <string_view>
#include <utility>

#include "base/log.h"
#include "baton/report.hpp"
#include "runtime/listener.h"

namespace baton::runtime {

/// `[hh:mm:ss.xxxx]L[file:line] [TAG]: text` (B-1201), local time.
std::string format_line(std::chrono::system_clock::time_point time, base::LogLevel level, std::string_view tag,
                        std::string_view text, std::string_view file, int line);

/// Thread-safety: safe. Ownership: one per process, never destroyed.
class LogHub {
 public:
  static LogHub& instance();

  void set_callback(LogCallback callback) { listener_.set(std::move(callback)); }
  void write(base::LogLevel level, std::string_view tag, std::string_view text, std::string_view file,
             int line) noexcept;

 private:
  Listener<LogCallback> listener_;
};

/// A level in front of the hub.
class LevelSink final : public base::LogSink {
 public:
  explicit LevelSink(base::LogLevel level) : level_(level) {}
  bool enabled(base::LogLevel level) const override { return level <= level_; }
  void write(base::LogLevel level, std::string_view tag, std::string_view text, std::string_view file,
             int line) override {
    LogHub::instance().write(level, tag, text, file, line);
  }

 private:
  const base::LogLevel level_;
};

/// The level that the environment asks for, LOG_NONE without one (B-1203). Nonsense: one WARNING per process.
base::LogLevel default_log_level();

}  // namespace baton::runtime
