// SPDX-License-Identifier: Apache-2.0
// Copyright (C) 2026 The Baton authors
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

#include "base/executor.h"

namespace baton::autodev {

/// Latencies in buckets that grow by a quarter of a power of two: quantiles within 10 %, no allocation, 1 ns to 5
/// hours. Thread-safety: none; guarded by its owner.
class LatencyHistogram {
 public:
  void add(base::Duration latency);
  std::uint64_t count() const { return count_; }
  double mean_ms() const { return count_ == 0 ? 0 : base::to_ms(sum_) / static_cast<double>(count_); }
  double fastest_ms() const { return count_ == 0 ? 0 : base::to_ms(fastest_); }
  /// The latency below which the share `q` (0..1) of the values lies; 0 without values.
  double quantile_ms(double q) const;

 private:
  static constexpr std::size_t kBuckets = 176;
  std::array<std::uint32_t, kBuckets> buckets_{};
  std::uint64_t count_ = 0;
  base::Duration sum_{0};
  base::Duration fastest_ = base::Duration::max();
};

}  // namespace baton::autodev
