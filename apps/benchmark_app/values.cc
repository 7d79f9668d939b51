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

template <typename T>
void write_as(const Tensor& tensor, const std::function<double(std::size_t)>& value) {
  T* data = static_cast<T*>(tensor.data());
  for (std::size_t i = 0; i < tensor.get_size(); ++i) data[i] = to<T>(value(i));
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

void write_bits(const Tensor& tensor, const std::function<double(std::size_t)>& value, std::uint16_t (*bits)(double)) {
  auto* data = static_cast<std::uint16_t*>(tensor.data());
  for (std::size_t i = 0; i < tensor.get_size(); ++i) data[i] = bits(value(i));
}

template <typename T>
double read_as(const void* data, std::size_t index) {
  return static_cast<double>(static_cast<const T*>(data)[index]);
}

}  // namespace

void write_values(const Tensor& tensor, const std::function<double(std::size_t)>& value) {
  const element::Type type = tensor.get_element_type();
  switch (type) {
    case Type::boolean: return write_as<bool>(tensor, value);
    case Type::f16: return write_bits(tensor, value, half_bits);
    case Type::bf16: return write_bits(tensor, value, brain_bits);
    case Type::f32: return write_as<float>(tensor, value);
    case Type::f64: return write_as<double>(tensor, value);
    case Type::i8: return write_as<std::int8_t>(tensor, value);
    case Type::i16: return write_as<std::int16_t>(tensor, value);
    case Type::i32: return write_as<std::int32_t>(tensor, value);
    case Type::i64: return write_as<std::int64_t>(tensor, value);
    case Type::u8: return write_as<std::uint8_t>(tensor, value);
    case Type::u16: return write_as<std::uint16_t>(tensor, value);
    case Type::u32: return write_as<std::uint32_t>(tensor, value);
    case Type::u64: return write_as<std::uint64_t>(tensor, value);
    default: unsupported(type);
  }
}

double read_value(element::Type type, const void* data, std::size_t index) {
  switch (type) {
    case Type::boolean: return read_as<bool>(data, index);
    case Type::f32: return read_as<float>(data, index);
    case Type::f64: return read_as<double>(data, index);
    case Type::i8: return read_as<std::int8_t>(data, index);
    case Type::i16: return read_as<std::int16_t>(data, index);
    case Type::i32: return read_as<std::int32_t>(data, index);
    case Type::i64: return read_as<std::int64_t>(data, index);
    case Type::u8: return read_as<std::uint8_t>(data, index);
    case Type::u16: return read_as<std::uint16_t>(data, index);
    case Type::u32: return read_as<std::uint32_t>(data, index);
    case Type::u64: return read_as<std::uint64_t>(data, index);
    default: unsupported(type);
  }
}

}  // namespace baton::bench
