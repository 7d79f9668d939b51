// SPDX-License-Identifier: Apache-2.0
// Copyright (C) 2026 The Baton authors
//
// Executables that compile whenever the shapes of their inputs change, and keep nothing of it: ONNX Runtime's CUDA
// provider makes cuDNN's plans anew, for 60 to 450 ms where a run takes 3 (benchmarks/RESULTS.md). Quick as such an
// engine is, what counts is how often a program's shapes change. Numbers in, numbers out.
#pragma once

#include <cstdint>
#include <optional>

namespace baton::policy {

/// Fewer changes tell nothing of a program: it may have warmed up with other shapes.
inline constexpr std::uint32_t kEnoughShapeChanges = 8;

/// How often the shapes of a program's requests change. Thread-safety: none; guarded by its owner.
class ShapeTraffic {
 public:
  void add(std::uint64_t shapes);
  /// The share of the requests whose shapes are not those of the one before; 0 without enough changes.
  double share() const;

 private:
  static constexpr std::uint32_t kMost = 256;  ///< then the past counts half

  std::optional<std::uint64_t> last_;
  std::uint32_t requests_ = 0;
  std::uint32_t changes_ = 0;
};

/// What changes cost on one executable. Thread-safety: none; guarded by its owner.
class ShapeCosts {
 public:
  struct Figures {
    double average_ms = 0;           ///< of all runs
    std::optional<double> plain_ms;  ///< of those at the shapes of the run before; nullopt: there were none
  };

  /// A run has ended. The figures of all runs since they were last given, once enough of them had other shapes.
  std::optional<Figures> add(double run_ms, bool changed);

 private:
  double changed_ms_ = 0;
  double plain_ms_ = 0;
  std::uint32_t changes_ = 0;
  std::uint32_t plain_runs_ = 0;
};

/// Does what serves lose by changes what made it the better one? `ratio`: of its time to that of what it took over
/// from, both at shapes that did not change; `plain_ms`: its time there, for a program that never repeats shapes.
bool changes_eat_up(const ShapeCosts::Figures& figures, double ratio, double plain_ms);

}  // namespace baton::policy
