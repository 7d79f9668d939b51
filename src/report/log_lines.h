// SPDX-License-Identifier: Apache-2.0
// Copyright (C) 2026 The Baton authors
//
// The log lines that events turn into (B-1207, B-1208). Of an event this reads type, device, engine, profile, reason,
// text and these values: "ms" (LOAD_FINISHED), "since_start_ms" (SWITCHED), "warned" = 1 (CHECK_DONE of a newcomer that
// is taken in spite of a finding), "infer" and "fps" (HELPER_RELEASED), "<device>:infer", "<device>:fps" and the like
// (CLOSED). LOAD_STARTED with reason HELPER is the helper's.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/log.h"
#include "policy/event.h"

namespace baton::report {

struct LogLine {
  base::LogLevel level;
  std::string text;
};

std::vector<LogLine> log_lines(const policy::Event& event);

/// Writes them; does no work when no line of the event could pass.
void write_log_lines(const policy::Event& event, std::string_view tag, base::LogSink& sink);

}  // namespace baton::report
