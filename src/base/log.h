// SPDX-License-Identifier: Apache-2.0
// Copyright (C) 2026 The Baton authors
#pragma once

#include <string>
#include <string_view>

namespace baton::base {

/// B-1202: a level shows itself and all lower numbers.
enum class LogLevel { kNone = 0, kError = 1, kWarning = 2, kInfo = 3, kDebug = 4, kTrace = 5 };

/// Takes finished log texts. Thread-safety: safe; lines never mix.
class LogSink {
 public:
  virtual ~LogSink() = default;
  virtual bool enabled(LogLevel level) const = 0;
  /// `tag` is AUTO, MULTI, BATCH or an engine's name; `file` and `line` say where in Baton it was written.
  virtual void write(LogLevel level, std::string_view tag, std::string_view text, std::string_view file, int line) = 0;
};

}  // namespace baton::base

/// Writes a line when its level is on; the text is not made otherwise.
#define BATON_LOG(sink, level, tag, text)                                               \
  do {                                                                                  \
    if ((sink).enabled(level)) (sink).write(level, tag, text, __FILE_NAME__, __LINE__); \
  } while (false)
