// SPDX-License-Identifier: Apache-2.0
// Copyright (C) 2026 The Baton authors
#include "values.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstdint>
#include <limits>
#include <type_traits>

#include "baton/exception.hpp"

namespace baton::bench {
namespace {

using Type = element::Type_t;

[[noreturn]] void unsupported(element::Type type) {
  throw Exception(ErrorCode::Unsupported,
                  "data of type " + type.to_string() + " cannot be made here; give a raw file with -i name:file.bin");
}

template <typename T>
T to(double value) {
  if constexpr (std::is_integral_v<T> && !std::is_same_v<T, bool>) {
    constexpr auto kLow = static_cast<double>(std::numeric_limits<T>::lowest());
    constexpr auto kHigh = static_cast<double>(std::numeric_limits<T>::max());
    if (value <= kLow) return std::numeric_limits<T>::lowest();
    if (value >= kHigh) return std::numeric_limits<T>::max();
  }
  return static_cast<T>(value);
}

/// Rounds to nearest; what is too small for a normal half becomes zero: good enough for data of a benchmark.
std::uint16_t half_bits(double value) {
  constexpr double kHighest = 65504, kLowest = 6.103515625e-05;
  const std::uint16_t sign = std::signbit(value) ? 0x8000 : 0;
  const double size = std::min(std::abs(value), kHighest);
  if (!(size >= kLowest)) return sign;
  int exponent = 0;
  const double fraction = std::frexp(size, &exponent);  // 0.5 <= fraction < 1
  const auto mantissa = static_cast<int>(std::lround(fraction * 2048));
  return static_cast<std::uint16_t>(sign | ((exponent + 14) * 1024 + (mantissa - 1024)));
}

std::uint16_t brain_bits(double value) {
  return static_cast<std::uint16_t>((std::bit_cast<std::uint32_t>(static_cast<float>(value)) + 0x8000U) >> 16);
}

double half_value(std::uint16_t bits) {
  const int exponent = bits >> 10 & 31, mantissa = bits & 1023;
  double size = 0;
  if (exponent == 31) size = mantissa == 0 ? std::numeric_limits<double>::infinity() : std::nan("");
  else size = exponent == 0 ? std::ldexp(mantissa, -24) : std::ldexp(mantissa + 1024, exponent - 25);
  return (bits & 0x8000) != 0 ? -size : size;
}

/// Elements that C++ has no type for.
struct Half {
  std::uint16_t bits = 0;
  explicit Half(double value) : bits(half_bits(value)) {}
  explicit operator double() const { return half_value(bits); }
};
struct Brain {
  std::uint16_t bits = 0;
  explicit Brain(double value) : bits(brain_bits(value)) {}
  explicit operator double() const { return std::bit_cast<float>(static_cast<std::uint32_t>(bits) << 16); }
};

/// Calls `use` with a null pointer to the C++ type of the elements.
template <typename Use>
auto with_type(element::Type type, const Use& use) {
  switch (type) {
    case Type::boolean: return use(static_cast<bool*>(nullptr));
    case Type::f16: return use(static_cast<Half*>(nullptr));
    case Type::bf16: return use(static_cast<Brain*>(nullptr));
    case Type::f32: return use(static_cast<float*>(nullptr));
    case Type::f64: return use(static_cast<double*>(nullptr));
    case Type::i8: return use(static_cast<std::int8_t*>(nullptr));
    case Type::i16: return use(static_cast<std::int16_t*>(nullptr));
    case Type::i32: return use(static_cast<std::int32_t*>(nullptr));
    case Type::i64: return use(static_cast<std::int64_t*>(nullptr));
    case Type::u8: return use(static_cast<std::uint8_t*>(nullptr));
    case Type::u16: return use(static_cast<std::uint16_t*>(nullptr));
    case Type::u32: return use(static_cast<std::uint32_t*>(nullptr));
    case Type::u64: return use(static_cast<std::uint64_t*>(nullptr));
    default: unsupported(type);
  }
}

}  // namespace

void write_values(const Tensor& tensor, const std::function<double(std::size_t)>& value) {
  with_type(tensor.get_element_type(), [&]<typename T>(T*) {
    T* data = static_cast<T*>(tensor.data());
    for (std::size_t i = 0; i < tensor.get_size(); ++i) data[i] = to<T>(value(i));
  });
}

double read_value(element::Type type, const void* data, std::size_t index) {
  return with_type(type, [&]<typename T>(T*) { return static_cast<double>(static_cast<const T*>(data)[index]); });
}

void convert_values(const Tensor& from, const Tensor& to_tensor) {
  with_type(from.get_element_type(), [&]<typename From>(From*) {
    with_type(to_tensor.get_element_type(), [&]<typename To>(To*) {
      const auto* source = static_cast<const From*>(from.data());
      auto* target = static_cast<To*>(to_tensor.data());
      for (std::size_t i = 0; i < from.get_size(); ++i) target[i] = to<To>(static_cast<double>(source[i]));
    });
  });
}

}  // namespace baton::bench
