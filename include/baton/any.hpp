// SPDX-License-Identifier: Apache-2.0
// Copyright (C) 2026 The Baton authors
#pragma once

#include <cstdint>
#include <iosfwd>
#include <limits>
#include <map>
#include <memory>
#include <string>
#include <tuple>
#include <type_traits>
#include <typeinfo>
#include <utility>
#include <variant>
#include <vector>

#include "baton/any_text.hpp"
#include "baton/api.hpp"

namespace baton {

/// The value of a property: a boolean, number, string, enum, list or nested map. Every value has a text form, which is
/// what travels to engines, and every type can be read back from its text: `Any("2").as<int>() == 2`.
///
/// Text forms: booleans YES and NO (true/false and 1/0 are read too), lists joined by one blank, maps {KEY:value,...}
/// with quotes around what would be ambiguous. Errors: `as` throws baton::Exception (InvalidArgument) when the value
/// cannot be read as the type asked for. Thread-safety: a value like std::string.
class BATON_API Any {
 public:
  Any() = default;
  template <typename T>
  requires(!std::is_same_v<std::remove_cvref_t<T>, Any> && detail::AnyValue<std::decay_t<T>>) Any(T&& value)
      : value_(store(std::decay_t<T>(std::forward<T>(value)))) {}  // NOLINT(google-explicit-constructor)

  bool empty() const { return std::holds_alternative<std::monostate>(value_); }

  /// True when the value was given as a T (any integer type counts for any other, likewise floating ones).
  template <typename T>
  bool is() const;

  /// The value as a T, converted through its text where it was given as something else.
  template <typename T>
  T as() const;

  /// The text form; empty for an empty Any.
  std::string to_string() const;
  void print(std::ostream& out) const;

  /// Equal when the texts are.
  friend bool operator==(const Any& a, const Any& b) { return a.to_string() == b.to_string(); }

 private:
  struct Word {
    std::string text;
    const std::type_info* type = nullptr;
    int tag = 0;
  };
  using List = std::vector<Any>;
  using Map = std::shared_ptr<const AnyMap>;
  using Value = std::variant<std::monostate, bool, std::int64_t, std::uint64_t, double, std::string, Word, List, Map>;

  template <typename T>
  static Value store(T&& value);
  template <typename T>
  static Value store_word(const T& value);
  static Value store_map(AnyMap value);

  bool to_bool() const;
  std::int64_t to_signed(std::int64_t lowest, std::int64_t highest) const;
  std::uint64_t to_unsigned(std::uint64_t highest) const;
  double to_double() const;
  List to_list() const;
  AnyMap to_map() const;
  int tag() const;
  [[noreturn]] static void wrong_length(std::size_t got, std::size_t expected);

  Value value_;
};

BATON_API std::ostream& operator<<(std::ostream& out, const Any& value);
/// The text form of a map: {KEY:value,...}.
BATON_API std::string to_string(const AnyMap& map);

// --- templates ---

template <typename T>
Any::Value Any::store(T&& value) {
  using U = std::remove_cvref_t<T>;
  if constexpr (std::is_same_v<U, bool>) {
    return value;
  } else if constexpr (std::is_integral_v<U> && std::is_unsigned_v<U>) {
    return static_cast<std::uint64_t>(value);
  } else if constexpr (std::is_integral_v<U>) {
    return static_cast<std::int64_t>(value);
  } else if constexpr (std::is_floating_point_v<U>) {
    return static_cast<double>(value);
  } else if constexpr (detail::AnyWord<U>) {
    return store_word(value);
  } else if constexpr (detail::AnyString<U>) {
    return std::string(std::forward<T>(value));
  } else if constexpr (std::is_same_v<U, AnyMap>) {
    return store_map(std::forward<T>(value));
  } else if constexpr (detail::IsTuple<U>::value) {
    return std::apply([](const auto&... items) { return List{Any(items)...}; }, value);
  } else {
    return List(value.begin(), value.end());
  }
}

template <typename T>
Any::Value Any::store_word(const T& value) {
  Word word{AnyText<T>::text(value), &typeid(T), 0};
  if constexpr (requires { AnyText<T>::tag(value); }) word.tag = AnyText<T>::tag(value);
  return word;
}

template <typename T>
bool Any::is() const {
  if constexpr (std::is_same_v<T, bool>) {
    return std::holds_alternative<bool>(value_);
  } else if constexpr (std::is_integral_v<T>) {
    return std::holds_alternative<std::int64_t>(value_) || std::holds_alternative<std::uint64_t>(value_);
  } else if constexpr (std::is_floating_point_v<T>) {
    return std::holds_alternative<double>(value_);
  } else if constexpr (detail::AnyWord<T>) {
    const Word* word = std::get_if<Word>(&value_);
    return word != nullptr && *word->type == typeid(T);
  } else if constexpr (std::is_same_v<T, std::string>) {
    return std::holds_alternative<std::string>(value_);
  } else if constexpr (std::is_same_v<T, AnyMap>) {
    return std::holds_alternative<Map>(value_);
  } else if constexpr (detail::IsVector<T>::value) {
    const List* list = std::get_if<List>(&value_);
    if (list == nullptr) return false;
    for (const Any& item : *list)
      if (!item.is<typename T::value_type>()) return false;
    return true;
  } else {
    static_assert(detail::IsTuple<T>::value, "not a type of property value");
    return std::holds_alternative<List>(value_);
  }
}

template <typename T>
T Any::as() const {
  if constexpr (std::is_same_v<T, bool>) {
    return to_bool();
  } else if constexpr (std::is_integral_v<T> && std::is_unsigned_v<T>) {
    return static_cast<T>(to_unsigned(std::numeric_limits<T>::max()));
  } else if constexpr (std::is_integral_v<T>) {
    return static_cast<T>(to_signed(std::numeric_limits<T>::min(), std::numeric_limits<T>::max()));
  } else if constexpr (std::is_floating_point_v<T>) {
    return static_cast<T>(to_double());
  } else if constexpr (detail::AnyWord<T>) {
    return AnyText<T>::parse(to_string(), tag());
  } else if constexpr (std::is_same_v<T, std::string>) {
    return to_string();
  } else if constexpr (std::is_same_v<T, AnyMap>) {
    return to_map();
  } else if constexpr (detail::IsVector<T>::value) {
    T items;
    for (const Any& item : to_list()) items.push_back(item.as<typename T::value_type>());
    return items;
  } else {
    static_assert(detail::IsTuple<T>::value, "not a type of property value");
    const List list = to_list();
    if (list.size() != std::tuple_size_v<T>) wrong_length(list.size(), std::tuple_size_v<T>);
    return [&]<std::size_t... I>(std::index_sequence<I...>) { return T(list[I].as<std::tuple_element_t<I, T>>()...); }
    (std::make_index_sequence<std::tuple_size_v<T>>());
  }
}

}  // namespace baton
