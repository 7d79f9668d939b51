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

/// The shapes that an executable has run, where it compiles for them (B-1112). Nothing is allocated but by shapes that
/// are new.
/// Thread-safety: none; guarded by its owner.
class ShapesSeen {
 public:
  /// An engine forgets old shapes too; forgetting costs an observation, remembering too long a wrong one.
  static constexpr std::size_t kMost = 1000;

  /// A run at `shapes` begins: does it compile?
  bool begin(engine::ShapeCompiles which, std::uint64_t shapes);
  /// A run at `shapes` that compiled has ended well.
  void compiled(engine::ShapeCompiles which, std::uint64_t shapes);

 private:
  std::uint64_t last_ = 0;
  std::unordered_set<std::uint64_t> seen_;
};

}  // namespace baton::autodev
