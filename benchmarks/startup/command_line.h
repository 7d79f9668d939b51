// SPDX-License-Identifier: Apache-2.0
// Copyright (C) 2026 The Baton authors
#pragma once

#include "driver.h"

namespace startup {

/// The options that the command line gives; input files are mapped into memory. `now` is time zero when the parent told
/// none. Throws std::runtime_error that names the bad argument.
/// Written by hand, because the time a library takes here would be counted as part of every first answer.
Options parse_command_line(int argc, char** argv, Clock::time_point now);

/// The text for people.
const char* usage();

}  // namespace startup
