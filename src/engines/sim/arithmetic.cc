// SPDX-License-Identifier: Apache-2.0
// Copyright (C) 2026 The Baton authors
#include "sim/arithmetic.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstring>
#include <limits>

namespace baton::sim {

namespace {

constexpr std::uint64_t kFoldFactor = 0x9E3779B97F4A7C15u;  // odd, so that no input byte is ever folded away
constexpr std::uint64_t kOutputStep = 0xD1B54A32D192ED03u;
constexpr std::uint64_t kIndexStep = 0x8CB92BA72F3D8DD7u;

std::uint64_t fold_bytes(std::uint64_t sum, const std::byte* bytes, std::size_t count) {
  for (; count >= sizeof(std::uint64_t); count -= sizeof(std::uint64_t), bytes += sizeof(std::uint64_t)) {
    std::uint64_t word;
    std::memcpy(&word, bytes, sizeof word);
    sum = sum * kFoldFactor + word;
  }
  if (count > 0) {
    std::uint64_t word = 0;
    std::memcpy(&word, bytes, count);
    sum = sum * kFoldFactor + word;
  }
  return sum * kFoldFactor + 1;  // two inputs are not one longer input
}

bool is_batched(std::span<const std::size_t> shape, std::size_t batch) {
  return batch > 1 && !shape.empty() && shape[0] == batch;
}

/// Writes `bits` (a fraction of 2^24) as one element.
void store(element::Type type, std::uint32_t bits, const OutputError& error, void* data, std::size_t index) {
  const auto put = [&](auto value) {
    std::memcpy(static_cast<std::byte*>(data) + index * sizeof value, &value, sizeof value);
  };
  const double exact = std::ldexp(static_cast<double>(bits), -24) * error.scale + error.bias;
  const double value = error.nan && index == 0 ? std::numeric_limits<double>::quiet_NaN() : exact;
  const std::uint32_t whole = bits % 100;
  switch (element::Type_t(type)) {
    case element::Type_t::f64: return put(value);
    case element::Type_t::f32: return put(static_cast<float>(value));
    case element::Type_t::f16: return put(to_half(static_cast<float>(value)));
    case element::Type_t::bf16:
      return put(static_cast<std::uint16_t>(std::bit_cast<std::uint32_t>(static_cast<float>(value)) >> 16));
    case element::Type_t::boolean: return put(static_cast<std::uint8_t>(bits >> 23));
    default: break;
  }
  switch (type.size()) {
    case 1: return put(static_cast<std::uint8_t>(whole));
    case 2: return put(static_cast<std::uint16_t>(whole));
    case 4: return put(whole);
    default: return put(static_cast<std::uint64_t>(whole));
  }
}

}  // namespace

bool is_computable(element::Type type) {
  constexpr element::Type kTypes[] = {element::boolean, element::bf16, element::f16, element::f32, element::f64,
                                      element::i8,      element::i16,  element::i32, element::i64, element::u8,
                                      element::u16,     element::u32,  element::u64};
  return std::find(std::begin(kTypes), std::end(kTypes), type) != std::end(kTypes);
}

PartialShape output_shape(const model::Facts& facts, const model::Port& port, std::span<const PartialShape> inputs) {
  if (!port.shape.rank_is_static()) return Shape{1};
  PartialShape shape = port.shape;
  for (std::size_t i = 0; i < shape.size(); ++i) {
    for (std::size_t j = 0; j < inputs.size(); ++j) {
      const PartialShape& declared = facts.inputs[j].shape;
      if (!declared.rank_is_static() || declared.size() <= i || inputs[j].size() <= i) continue;
      const bool follows_batch = i == 0 && j == 0 && shape[i].is_static() && shape[i] == declared[i];
      const bool follows_dynamic = shape[i].is_dynamic() && declared[i].is_dynamic();
      if (!follows_batch && !follows_dynamic) continue;
      shape[i] = inputs[j][i];
      break;
    }
  }
  return shape;
}

std::size_t batch_of(std::span<const engine::TensorView> inputs) {
  return inputs.empty() || inputs[0].shape.empty() ? 1 : std::max<std::size_t>(inputs[0].shape[0], 1);
}

std::uint64_t fold(std::span<const engine::TensorView> inputs, std::size_t item) {
  const std::size_t batch = batch_of(inputs);
  std::uint64_t sum = 0;
  for (const auto& input : inputs) {
    const auto* bytes = static_cast<const std::byte*>(input.data);
    if (item != kWhole && is_batched(input.shape, batch)) {
      const std::size_t size = input.bytes / batch;
      sum = fold_bytes(sum, bytes + item * size, size);
    } else {
      sum = fold_bytes(sum, bytes, input.bytes);
    }
  }
  return sum;
}

std::uint32_t value_bits(std::uint64_t sum, std::size_t output, std::size_t index) {
  // The upper bits of the sum depend on every bit below them.
  return static_cast<std::uint32_t>((sum + (output + 1) * kOutputStep + (index + 1) * kIndexStep) >> 40);
}

void fill_output(std::span<const engine::TensorView> inputs, std::size_t output, element::Type type, const Shape& shape,
                 const OutputError& error, void* data) {
  const std::size_t batch = batch_of(inputs);
  const std::size_t size = shape_size(shape);
  const bool batched = is_batched(shape, batch);
  const std::size_t items = batched ? batch : 1;
  const std::size_t per_item = size / items;
  for (std::size_t item = 0; item < items; ++item) {
    const std::uint64_t sum = fold(inputs, batched ? item : kWhole);
    for (std::size_t i = 0; i < per_item; ++i) {
      store(type, value_bits(sum, output, i), error, data, item * per_item + i);
    }
  }
}

std::uint16_t to_half(float value) {
  const auto bits = std::bit_cast<std::uint32_t>(value);
  const auto sign = static_cast<std::uint16_t>((bits >> 16) & 0x8000u);
  const float magnitude = std::fabs(value);
  if (std::isnan(value)) return sign | 0x7E00u;
  if (magnitude >= 65520.0f) return sign | 0x7C00u;  // rounds to infinity
  if (magnitude < std::ldexp(1.0f, -14)) {           // subnormal: a multiple of 2^-24
    return static_cast<std::uint16_t>(sign | static_cast<std::uint16_t>(std::lrint(std::ldexp(magnitude, 24))));
  }
  // Rounding to nearest even; a carry into the exponent is right as it is.
  const std::uint32_t m = bits & 0x7FFFFFFFu;
  const std::uint32_t rounded = m + 0xFFFu + ((m >> 13) & 1u);
  return static_cast<std::uint16_t>(sign | ((rounded - (112u << 23)) >> 13));
}

}  // namespace baton::sim
