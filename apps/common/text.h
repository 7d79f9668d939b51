// SPDX-License-Identifier: Apache-2.0
// Copyright (C) 2026 The Baton authors
//
// What all programs need to print.
#pragma once

#include <string>
#include <vector>

namespace baton::app {

/// printf into a string; REQUIRES: less than 512 bytes, longer text is cut off.
[[gnu::format(printf, 1, 2)]] std::string format(const char* pattern, ...);

/// "12.35": two decimals.
std::string two_decimals(double value);

/// The text up to its first line end.
std::string first_line(const std::string& text);

std::string joined(const std::vector<std::string>& words, const char* separator = " ");

}  // namespace baton::app
