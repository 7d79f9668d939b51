// SPDX-License-Identifier: Apache-2.0
// Copyright (C) 2026 The Baton authors
#include "common/text.h"

#include <array>
#include <cstdarg>
#include <cstdio>

namespace baton::app {

std::string format(const char* pattern, ...) {
  std::array<char, 512> buffer{};
  va_list arguments;
  va_start(arguments, pattern);
  std::vsnprintf(buffer.data(), buffer.size(), pattern, arguments);
  va_end(arguments);
  return buffer.data();
}

std::string two_decimals(double value) { return format("%.2f", value); }

std::string first_line(const std::string& text) { return text.substr(0, text.find('\n')); }

std::string joined(const std::vector<std::string>& words, const char* separator) {
  std::string text;
  for (const std::string& word : words) text += (text.empty() ? "" : separator) + word;
  return text;
}

}  // namespace baton::app
