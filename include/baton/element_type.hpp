// SPDX-License-Identifier: Apache-2.0
// Copyright (C) 2026 The Baton authors
#pragma once

#include <cstddef>
#include <cstdint>
#include <iosfwd>
#include <string>
#include <string_view>
#include <type_traits>

#include "baton/api.hpp"

namespace baton::element {

enum class Type_t : std::uint8_t {
  dynamic,  ///< not known
  boolean,
  bf16,
  f16,
  f32,
  f64,
  i4,
  i8,
  i16,
  i32,
  i64,
  u1,
  u4,
  u8,
  u16,
  u32,
  u64,
  nf4,
  f8e4m3,
  f8e5m2,
  string,
};

/// The type of a tensor's elements. A small value; the constants below (`element::f32`, ...) name all of them.
class BATON_API Type {
 public:
  constexpr Type() = default;
  constexpr Type(Type_t type) : type_(type) {}  // NOLINT(google-explicit-constructor): as in OpenVINO
  /// "f32", "i64", ... as printed by `to_string`. Throws baton::Exception for anything else.
  explicit Type(std::string_view name);

  constexpr operator Type_t() const { return type_; }  // NOLINT(google-explicit-constructor): as in OpenVINO

  std::size_t bitwidth() const;
  /// Bytes of one element, rounded up (1 for i4); those of a std::string for `string`, 0 for `dynamic`.
  std::size_t size() const;
  bool is_real() const;
  bool is_integral() const { return !is_real() && is_static() && type_ != Type_t::string; }
  bool is_signed() const;
  bool is_static() const { return type_ != Type_t::dynamic; }
  bool is_dynamic() const { return !is_static(); }
  std::string get_type_name() const { return to_string(); }
  std::string to_string() const;

 private:
  Type_t type_ = Type_t::dynamic;
};

BATON_API std::ostream& operator<<(std::ostream& out, const Type& type);

inline constexpr Type dynamic(Type_t::dynamic);
inline constexpr Type undefined(Type_t::dynamic);
inline constexpr Type boolean(Type_t::boolean);
inline constexpr Type bf16(Type_t::bf16);
inline constexpr Type f16(Type_t::f16);
inline constexpr Type f32(Type_t::f32);
inline constexpr Type f64(Type_t::f64);
inline constexpr Type i4(Type_t::i4);
inline constexpr Type i8(Type_t::i8);
inline constexpr Type i16(Type_t::i16);
inline constexpr Type i32(Type_t::i32);
inline constexpr Type i64(Type_t::i64);
inline constexpr Type u1(Type_t::u1);
inline constexpr Type u4(Type_t::u4);
inline constexpr Type u8(Type_t::u8);
inline constexpr Type u16(Type_t::u16);
inline constexpr Type u32(Type_t::u32);
inline constexpr Type u64(Type_t::u64);
inline constexpr Type nf4(Type_t::nf4);
inline constexpr Type f8e4m3(Type_t::f8e4m3);
inline constexpr Type f8e5m2(Type_t::f8e5m2);
inline constexpr Type string(Type_t::string);

/// The constant for a C++ type: `from<float>() == f32`.
template <typename ElementT>
constexpr Type from() {
  using T = std::remove_cv_t<ElementT>;
  if constexpr (std::is_same_v<T, bool>) return boolean;
  else if constexpr (std::is_same_v<T, std::string>) return string;
  else if constexpr (std::is_same_v<T, float>) return f32;
  else if constexpr (std::is_same_v<T, double>) return f64;
  else if constexpr (std::is_same_v<T, std::int8_t> || std::is_same_v<T, char>) return i8;
  else if constexpr (std::is_same_v<T, std::int16_t>) return i16;
  else if constexpr (std::is_same_v<T, std::int32_t>) return i32;
  else if constexpr (std::is_integral_v<T> && std::is_signed_v<T> && sizeof(T) == 8) return i64;
  else if constexpr (std::is_same_v<T, std::uint8_t>) return u8;
  else if constexpr (std::is_same_v<T, std::uint16_t>) return u16;
  else if constexpr (std::is_same_v<T, std::uint32_t>) return u32;
  else if constexpr (std::is_integral_v<T> && std::is_unsigned_v<T> && sizeof(T) == 8) return u64;
  else return dynamic;
}

}  // namespace baton::element
