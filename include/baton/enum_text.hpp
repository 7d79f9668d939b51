// SPDX-License-Identifier: Apache-2.0
// Copyright (C) 2026 The Baton authors
#pragma once

#include <ostream>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>

#include "baton/api.hpp"

namespace baton {

/// The words of an enum that is a property's value, in one place: specialised beside each enum with `kType`, the enum's
/// name, and `kWords`, pairs of value and word. The first word of a value is the one that is written; all are read.
template <typename E>
struct EnumNames;

template <typename E>
concept TextEnum = std::is_enum_v<E> && requires {
  EnumNames<E>::kWords;
};

namespace detail {
/// Throws InvalidArgument naming the word, the enum and what it accepts.
[[noreturn]] BATON_API void unknown_word(const std::string& word, const char* type, const std::string& accepted);
}  // namespace detail

/// The word of a value; "?" for a number that is no value of the enum.
template <TextEnum E>
constexpr std::string_view enum_text(E value) {
  for (const auto& [candidate, word] : EnumNames<E>::kWords)
    if (candidate == value) return word;
  return "?";
}

/// The value of a word. Throws baton::Exception (InvalidArgument) for an unknown one.
template <TextEnum E>
E enum_value(const std::string& text) {
  std::string accepted;
  for (const auto& [value, word] : EnumNames<E>::kWords) {
    if (text == word) return value;
    accepted.append(accepted.empty() ? "" : " ").append(word);
  }
  detail::unknown_word(text, EnumNames<E>::kType, accepted);
}

template <TextEnum E>
std::string to_string(E value) {
  return std::string(enum_text(value));
}

template <TextEnum E>
std::ostream& operator<<(std::ostream& out, E value) {
  return out << enum_text(value);
}

}  // namespace baton
