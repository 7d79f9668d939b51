// SPDX-License-Identifier: Apache-2.0
// Copyright (C) 2026 The Baton authors
#include "auto/sample.h"

#include <algorithm>
#include <cstdint>
#include <cstring>
#include <functional>
#include <numeric>

namespace baton::autodev {
namespace {

std::size_t byte_size(element::Type type, std::span<const std::size_t> shape) {
  const std::size_t elements = std::accumulate(shape.begin(), shape.end(), std::size_t{1}, std::multiplies<>());
  return (elements * type.bitwidth() + 7) / 8;
}

/// A 64-bit linear congruential generator (Knuth's MMIX constants): the same values everywhere.
class Random {
 public:
  std::uint32_t next() {
    state_ = state_ * 6364136223846793005u + 1442695040888963407u;
    return static_cast<std::uint32_t>(state_ >> 33);
  }
  float uniform() { return static_cast<float>(next() & 0xffffff) / static_cast<float>(0x1000000); }

 private:
  std::uint64_t state_ = 20260101;
};

template <typename T, typename F>
void fill(std::span<std::byte> bytes, F value) {
  for (std::size_t i = 0; i + sizeof(T) <= bytes.size(); i += sizeof(T)) {
    const T v = static_cast<T>(value());
    std::memcpy(bytes.data() + i, &v, sizeof(T));
  }
}

/// The upper half of a float is a bf16; an f16 of 0..1 with 10 random mantissa bits is built from its bits.
void fill_random(element::Type type, std::span<std::byte> bytes, Random& random) {
  switch (type) {
    case element::Type_t::f32: return fill<float>(bytes, [&] { return random.uniform(); });
    case element::Type_t::f64: return fill<double>(bytes, [&] { return random.uniform(); });
    case element::Type_t::f16: return fill<std::uint16_t>(bytes, [&] { return 0x3800 | (random.next() & 0x3ff); });
    case element::Type_t::bf16: return fill<std::uint16_t>(bytes, [&] { return 0x3f00 | (random.next() & 0x7f); });
    case element::Type_t::i16:
    case element::Type_t::u16: return fill<std::uint16_t>(bytes, [&] { return random.next() & 1; });
    case element::Type_t::i32:
    case element::Type_t::u32: return fill<std::uint32_t>(bytes, [&] { return random.next() & 1; });
    case element::Type_t::i64:
    case element::Type_t::u64: return fill<std::uint64_t>(bytes, [&] { return random.next() & 1; });
    case element::Type_t::u8: return fill<std::uint8_t>(bytes, [&] { return random.next(); });
    default: return fill<std::uint8_t>(bytes, [&] { return random.next() & 1; });
  }
}

}  // namespace

void Buffer::assign(const engine::TensorView& view) {
  type = view.type;
  shape.assign(view.shape.begin(), view.shape.end());
  if (type == element::string) {
    const auto* const data = static_cast<const std::string*>(view.data);
    texts.assign(data, data + view.bytes / sizeof(std::string));
    return;
  }
  const auto* const data = static_cast<const std::byte*>(view.data);
  bytes.assign(data, data + view.bytes);
}

void* Buffer::reserve(element::Type new_type, std::span<const std::size_t> new_shape) {
  type = new_type;
  if (!std::equal(shape.begin(), shape.end(), new_shape.begin(), new_shape.end()))
    shape.assign(new_shape.begin(), new_shape.end());
  if (type == element::string) {
    texts.resize(byte_size(type, shape) / sizeof(std::string));
    return texts.data();
  }
  bytes.resize(byte_size(type, shape));
  return bytes.data();
}

engine::TensorView Buffer::view() {
  if (type == element::string) return {type, shape, texts.data(), texts.size() * sizeof(std::string)};
  return {type, shape, bytes.data(), bytes.size()};
}

void Sample::copy_inputs(std::span<const engine::TensorView> views) {
  from_user = true;
  for (const engine::TensorView& view : views) inputs.emplace_back(view);
}

std::shared_ptr<Sample> Sample::pseudo_random(const model::Model& model) {
  auto sample = std::make_shared<Sample>();
  Random random;
  for (std::size_t i = 0; i < model.facts().inputs.size(); ++i) {
    std::vector<std::size_t> shape;
    for (const Dimension& dimension : model.input_shapes[i]) {
      shape.push_back(static_cast<std::size_t>(std::max<Dimension::value_type>(1, dimension.get_min_length())));
    }
    Buffer buffer;
    buffer.reserve(model.facts().inputs[i].type, shape);
    fill_random(buffer.type, buffer.bytes, random);
    sample->inputs.push_back(std::move(buffer));
  }
  return sample;
}

std::vector<engine::TensorView> views(std::vector<Buffer>& buffers) {
  std::vector<engine::TensorView> result;
  for (Buffer& buffer : buffers) result.push_back(buffer.view());
  return result;
}

std::vector<engine::OutputSink*> sinks(std::vector<Buffer>& buffers) {
  std::vector<engine::OutputSink*> result;
  for (Buffer& buffer : buffers) result.push_back(&buffer);
  return result;
}

}  // namespace baton::autodev
