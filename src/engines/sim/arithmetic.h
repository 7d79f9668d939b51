// SPDX-License-Identifier: Apache-2.0
// Copyright (C) 2026 The Baton authors
//
// The one function that every simulated engine computes; docs/simulation.md states it. Pure.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "baton/shape.hpp"
#include "engine/engine.h"
#include "sim/script.h"

namespace baton::sim {

/// True when values of this type can be made.
bool is_computable(element::Type type);

/// The shape of output `port` as far as the input shapes decide it: a dynamic dimension is that of the first input that
/// is declared dynamic at the same position, and a declared batch (first dimension) follows the first input's.
PartialShape output_shape(const model::Facts& facts, const model::Port& port, std::span<const PartialShape> inputs);

/// Items of the batch: the first dimension of the first input, 1 for a scalar.
std::size_t batch_of(std::span<const engine::TensorView> inputs);

/// A linear fold of the inputs' bytes: of one item of the batch, or of everything when `item` is `kWhole`.
inline constexpr std::size_t kWhole = static_cast<std::size_t>(-1);
std::uint64_t fold(std::span<const engine::TensorView> inputs, std::size_t item);

/// Element `index` of output number `output`: 24 bits, to be read as a fraction of 2^24.
std::uint32_t value_bits(std::uint64_t fold, std::size_t output, std::size_t index);

/// Fills one output. `data` holds the elements of `shape`.
void fill_output(std::span<const engine::TensorView> inputs, std::size_t output, element::Type type, const Shape& shape,
                 const OutputError& error, void* data);

/// The nearest IEEE half.
std::uint16_t to_half(float value);

}  // namespace baton::sim
