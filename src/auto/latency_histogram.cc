// SPDX-License-Identifier: Apache-2.0
// Copyright (C) 2026 The Baton authors
#include "auto/latency_histogram.h"

#include <algorithm>
#include <bit>
#include <cmath>

namespace baton::autodev {
namespace {

/// Four buckets per power of two: the exponent and the two bits below the leading one.
std::size_t bucket_of(std::uint64_t ns) {
  if (ns < 4) return ns;
  const int exponent = std::bit_width(ns) - 1;
  return static_cast<std::size_t>(exponent) * 4 + ((ns >> (exponent - 2)) & 3) - 4;
}

double middle_ns(std::size_t bucket) {
  if (bucket < 4) return static_cast<double>(bucket);
  const double exponent = static_cast<double>((bucket + 4) / 4);
  const double quarter = static_cast<double>((bucket + 4) % 4);
  return std::exp2(exponent) * (1 + (quarter + 0.5) / 4);
}

}  // namespace

void LatencyHistogram::add(base::Duration latency) {
  const auto ns = static_cast<std::uint64_t>(std::max<std::int64_t>(0, std::chrono::nanoseconds(latency).count()));
  ++buckets_[std::min(bucket_of(ns), kBuckets - 1)];
  ++count_;
  sum_ += latency;
  fastest_ = std::min(fastest_, latency);
}

double LatencyHistogram::quantile_ms(double q) const {
  if (count_ == 0) return 0;
  const auto rank = static_cast<std::uint64_t>(q * static_cast<double>(count_ - 1));
  std::uint64_t seen = 0;
  for (std::size_t b = 0; b < kBuckets; ++b) {
    seen += buckets_[b];
    if (seen > rank) return middle_ns(b) / 1e6;
  }
  return middle_ns(kBuckets - 1) / 1e6;
}

}  // namespace baton::autodev
