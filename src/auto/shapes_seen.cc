// SPDX-License-Identifier: Apache-2.0
// Copyright (C) 2026 The Baton authors
#include "auto/shapes_seen.h"

#include <utility>

namespace baton::autodev {

std::uint64_t shapes_number(std::span<const engine::TensorView> inputs) {
  constexpr std::uint64_t kPrime = 0x100000001b3;
  std::uint64_t number = 0xcbf29ce484222325;
  for (const engine::TensorView& input : inputs) {
    number = (number ^ input.shape.size()) * kPrime;  // [2][3] is not [2,3]
    for (const std::size_t dimension : input.shape) number = (number ^ dimension) * kPrime;
  }
  return number;
}

bool ShapesSeen::begin(engine::ShapeCompiles which, std::uint64_t shapes) {
  const bool changed = std::exchange(last_, shapes) != shapes;
  return which == engine::ShapeCompiles::kEveryChange ? changed : !seen_.contains(shapes);
}

void ShapesSeen::compiled(engine::ShapeCompiles which, std::uint64_t shapes) {
  if (which != engine::ShapeCompiles::kNewShapes) return;
  if (seen_.size() >= kMost) seen_.clear();
  seen_.insert(shapes);
}

}  // namespace baton::autodev
