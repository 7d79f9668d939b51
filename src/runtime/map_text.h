// SPDX-License-Identifier: Apache-2.0
// Copyright (C) 2026 The Baton authors
//
// The text form of nested maps: {CPU:{NUM_STREAMS:2},GPU:{PERFORMANCE_HINT:LATENCY}}. Keys and values may stand in
// double quotes, and do where they hold one of {}:," or a blank; JSON objects of strings, numbers and booleans are read
// too.
#pragma once

#include <string_view>

#include "baton/any.hpp"

namespace baton::runtime {

/// Throws baton::Exception (InvalidArgument) that shows the text from where it cannot be read.
AnyMap parse_map(std::string_view text);

}  // namespace baton::runtime
