// SPDX-License-Identifier: Apache-2.0
// Copyright (C) 2026 The Baton authors
#pragma once

#include <string>

#include "startup_recorder.h"

namespace baton::tool {

/// "12.3", or "0.123" for a short time: three digits that matter.
std::string ms_text(double ms);

/// Model read, compile_model returned, first answer; a line each.
std::string print_milestones(const StartupTrace& trace);

/// One line per decision.
std::string print_events(const StartupTrace& trace);

/// One line per executable that answered: how many, how fast.
std::string print_stages(const StartupTrace& trace);

}  // namespace baton::tool
