// SPDX-License-Identifier: Apache-2.0
// Copyright (C) 2026 The Baton authors
#include "runtime/map_text.h"

#include <string>

#include "baton/exception.hpp"

namespace baton {
namespace {

constexpr std::string_view kSpecial = "{}:,\" \t\n\\";
constexpr int kDeepest = 8;  // device maps need 2

std::string quoted_if_needed(const std::string& text) {
  if (!text.empty() && text.find_first_of(kSpecial) == std::string::npos) return text;
  std::string out = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') out += '\\';
    out += c;
  }
  return out + '"';
}

class MapReader {
 public:
  explicit MapReader(std::string_view text) : rest_(text) {}

  AnyMap whole() {
    AnyMap result = map(0);
    skip_blanks();
    if (!rest_.empty()) fail("the end");
    return result;
  }

 private:
  AnyMap map(int depth) {
    if (depth > kDeepest) fail("fewer nested maps");
    expect('{');
    AnyMap result;
    if (accept('}')) return result;
    do {
      std::string key = word();
      expect(':');
      skip_blanks();
      result[std::move(key)] = !rest_.empty() && rest_.front() == '{' ? Any(map(depth + 1)) : Any(word());
    } while (accept(','));
    expect('}');
    return result;
  }

  std::string word() {
    skip_blanks();
    if (accept('"')) return quoted();
    const std::size_t end = std::min(rest_.find_first_of(kSpecial), rest_.size());
    if (end == 0) fail("a word");
    std::string text(rest_.substr(0, end));
    rest_.remove_prefix(end);
    return text;
  }

  std::string quoted() {
    std::string text;
    while (!rest_.empty() && rest_.front() != '"') {
      if (rest_.front() == '\\' && rest_.size() > 1) rest_.remove_prefix(1);
      text += rest_.front();
      rest_.remove_prefix(1);
    }
    expect('"');
    return text;
  }

  bool accept(char c) {
    skip_blanks();
    if (rest_.empty() || rest_.front() != c) return false;
    rest_.remove_prefix(1);
    return true;
  }

  void expect(char c) {
    if (!accept(c)) fail(std::string(1, c));
  }

  void skip_blanks() { rest_.remove_prefix(std::min(rest_.find_first_not_of(" \t\r\n"), rest_.size())); }

  [[noreturn]] void fail(const std::string& expected) const {
    throw Exception(ErrorCode::InvalidArgument, "a map such as {CPU:{NUM_STREAMS:2}} cannot be read: expected " +
                                                    expected + " at '" + std::string(rest_) + "'");
  }

  std::string_view rest_;
};

}  // namespace

namespace runtime {

AnyMap parse_map(std::string_view text) { return MapReader(text).whole(); }

}  // namespace runtime

std::string to_string(const AnyMap& map) {
  std::string text = "{";
  for (const auto& [key, value] : map) {
    if (text.size() > 1) text += ',';
    text.append(quoted_if_needed(key)).append(":");
    text.append(value.is<AnyMap>() ? value.to_string() : quoted_if_needed(value.to_string()));
  }
  return text + '}';
}

}  // namespace baton
