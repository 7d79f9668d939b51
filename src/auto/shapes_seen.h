// SPDX-License-Identifier: Apache-2.0
// Copyright (C) 2026 The Baton authors
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <unordered_set>

#include "engine/engine.h"

namespace baton::autodev {

/// A number that stands for the shapes of one run's inputs.
std::uint64_t shapes_number(std::span<const engine::TensorView> inputs);

/// The shapes that an executable has run, where it compiles again for new ones (B-1112). Nothing is allocated but by
/// shapes that are new.
/// Thread-safety: none; guarded by its owner.
class ShapesSeen {
 public:
  /// An engine forgets old shapes too; forgetting costs an observation, remembering too long a wrong one.
  static constexpr std::size_t kMost = 1000;

  bool has(std::uint64_t shapes) const { return seen_.contains(shapes); }
  void add(std::uint64_t shapes);

 private:
  std::unordered_set<std::uint64_t> seen_;
};

}  // namespace baton::autodev
