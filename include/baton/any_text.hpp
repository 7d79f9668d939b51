// SPDX-License-Identifier: Apache-2.0
// Copyright (C) 2026 The Baton authors
//
// Which types can be the value of a property (any.hpp), and how those that are no numbers, strings or containers are
// written.
#pragma once

#include <concepts>
#include <map>
#include <string>
#include <tuple>
#include <type_traits>
#include <vector>

#include "baton/element_type.hpp"
#include "baton/enum_text.hpp"

namespace baton {

class Any;
using AnyMap = std::map<std::string, Any>;

/// How a type other than numbers, strings and containers is written as a property's text. Specialised for enums through
/// EnumNames and for the few classes that are property values.
template <typename T>
struct AnyText;

template <TextEnum E>
struct AnyText<E> {
  static std::string text(const E& value) { return std::string(enum_text(value)); }
  static E parse(const std::string& text, int) { return enum_value<E>(text); }
};

template <>
struct AnyText<element::Type> {
  static std::string text(const element::Type& value) { return value.to_string(); }
  static element::Type parse(const std::string& text, int) { return element::Type(text); }
};

namespace detail {
template <typename T>
concept AnyWord = requires(const T& value) {
  { AnyText<T>::text(value) } -> std::convertible_to<std::string>;
};
template <typename T>
concept AnyString = std::convertible_to<T, std::string> && !AnyWord<std::remove_cvref_t<T>>;
template <typename T>
struct IsVector : std::false_type {};
template <typename T>
struct IsVector<std::vector<T>> : std::true_type {};
template <typename T>
struct IsTuple : std::false_type {};
template <typename... T>
struct IsTuple<std::tuple<T...>> : std::true_type {};
template <typename T>
concept AnyValue = std::is_arithmetic_v<T> || AnyString<T> || AnyWord<T> || IsVector<T>::value || IsTuple<T>::value ||
    std::is_same_v<T, AnyMap>;
}  // namespace detail

}  // namespace baton
