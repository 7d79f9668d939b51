// SPDX-License-Identifier: Apache-2.0
// Copyright (C) 2026 The Baton authors
#include "baton/any.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <ostream>

#include "baton/exception.hpp"
#include "runtime/map_text.h"

namespace baton {
namespace {

[[noreturn]] void fail(const std::string& text, const std::string& expected) {
  throw Exception(ErrorCode::InvalidArgument, "the value '" + text + "' is not " + expected);
}

template <typename T>
T parse_number(const std::string& text, const char* expected) {
  T value{};
  const char* const last = text.data() + text.size();
  const auto [end, error] = std::from_chars(text.data(), last, value);
  if (error != std::errc{} || end != last || text.empty()) fail(text, expected);
  return value;
}

std::string number_text(double value) {
  std::array<char, 32> buffer{};
  const auto [end, error] = std::to_chars(buffer.data(), buffer.data() + buffer.size(), value);
  return error == std::errc{} ? std::string(buffer.data(), end) : std::to_string(value);
}

}  // namespace

namespace detail {

void unknown_word(const std::string& word, const char* type, const std::string& accepted) {
  throw Exception(ErrorCode::InvalidArgument, "'" + word + "' is no " + type + "; expected one of: " + accepted);
}

}  // namespace detail

Any::Value Any::store_map(AnyMap value) { return Map(std::make_shared<const AnyMap>(std::move(value))); }

std::string Any::to_string() const {
  struct Printer {
    std::string operator()(std::monostate) const { return {}; }
    std::string operator()(bool value) const { return value ? "YES" : "NO"; }
    std::string operator()(std::int64_t value) const { return std::to_string(value); }
    std::string operator()(std::uint64_t value) const { return std::to_string(value); }
    std::string operator()(double value) const { return number_text(value); }
    std::string operator()(const std::string& value) const { return value; }
    std::string operator()(const Word& value) const { return value.text; }
    std::string operator()(const Map& value) const { return baton::to_string(*value); }
    std::string operator()(const List& value) const {
      std::string text;
      for (const Any& item : value) text.append(text.empty() ? "" : " ").append(item.to_string());
      return text;
    }
  };
  return std::visit(Printer{}, value_);
}

void Any::print(std::ostream& out) const { out << to_string(); }
std::ostream& operator<<(std::ostream& out, const Any& value) { return out << value.to_string(); }

bool Any::to_bool() const {
  if (const bool* value = std::get_if<bool>(&value_)) return *value;
  const std::string text = to_string();
  if (text == "YES" || text == "true" || text == "1") return true;
  if (text == "NO" || text == "false" || text == "0") return false;
  fail(text, "a boolean; expected YES or NO");
}

std::int64_t Any::to_signed(std::int64_t lowest, std::int64_t highest) const {
  if (const bool* value = std::get_if<bool>(&value_)) return *value ? 1 : 0;
  const auto value = parse_number<std::int64_t>(to_string(), "an integer");
  if (value < lowest || value > highest) {
    fail(to_string(), "an integer from " + std::to_string(lowest) + " to " + std::to_string(highest));
  }
  return value;
}

std::uint64_t Any::to_unsigned(std::uint64_t highest) const {
  if (const bool* value = std::get_if<bool>(&value_)) return *value ? 1 : 0;
  const auto value = parse_number<std::uint64_t>(to_string(), "an integer >= 0");
  if (value > highest) fail(to_string(), "an integer from 0 to " + std::to_string(highest));
  return value;
}

double Any::to_double() const {
  if (const double* value = std::get_if<double>(&value_)) return *value;
  return parse_number<double>(to_string(), "a number");
}

Any::List Any::to_list() const {
  if (const List* list = std::get_if<List>(&value_)) return *list;
  if (!std::holds_alternative<std::string>(value_)) return empty() ? List{} : List{*this};
  List items;
  const std::string& text = std::get<std::string>(value_);
  std::size_t begin = 0;
  while ((begin = text.find_first_not_of(' ', begin)) != std::string::npos) {
    const std::size_t end = std::min(text.find(' ', begin), text.size());
    items.emplace_back(text.substr(begin, end - begin));
    begin = end;
  }
  return items;
}

AnyMap Any::to_map() const {
  if (const Map* map = std::get_if<Map>(&value_)) return **map;
  if (empty()) return {};
  return runtime::parse_map(to_string());
}

int Any::tag() const {
  const Word* word = std::get_if<Word>(&value_);
  return word != nullptr ? word->tag : 0;
}

void Any::wrong_length(std::size_t got, std::size_t expected) {
  throw Exception(ErrorCode::InvalidArgument, "a list of " + std::to_string(expected) +
                                                  " values was expected, this one has " + std::to_string(got));
}

}  // namespace baton
