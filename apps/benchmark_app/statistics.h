// SPDX-License-Identifier: Apache-2.0
// Copyright (C) 2026 The Baton authors
//
// From single inferences to figures. Pure.
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <vector>

namespace baton::bench {

/// One completed inference. Times are in ms since the measurement began.
struct Sample {
  double end_ms = 0;
  double latency_ms = 0;
  std::uint64_t generation = 0;
  std::size_t group = 0;   ///< which set of data shapes
  std::size_t frames = 1;  ///< its batch
};

/// Who answered in a generation.
struct Server {
  std::string device;
  std::string engine;
};

struct LatencyFigures {
  std::size_t count = 0;
  double chosen_ms = 0;  ///< the percentile that was asked for
  double median_ms = 0, p90_ms = 0, p99_ms = 0;
  double average_ms = 0, min_ms = 0, max_ms = 0;
};

/// The value that `percent` of the values do not exceed. REQUIRES: sorted, not empty; 1 <= percent <= 100.
double percentile(const std::vector<double>& sorted, unsigned percent);

/// REQUIRES: not empty.
LatencyFigures summarise(std::vector<double> latencies, unsigned percent);

/// The answers of one executable.
struct GenerationFigures {
  std::uint64_t generation = 0;
  Server server;
  LatencyFigures latency;
  double fps = 0;  ///< frames over the time from its first start to its last completion
};

/// By generation, in order.
std::vector<GenerationFigures> by_generation(const std::vector<Sample>& samples,
                                             const std::map<std::uint64_t, Server>& servers, unsigned percent);

/// The answers for one set of data shapes.
struct GroupFigures {
  std::string name;
  LatencyFigures latency;
};

/// `names`: of all groups; those without a sample are left out.
std::vector<GroupFigures> by_group(const std::vector<Sample>& samples, const std::vector<std::string>& names,
                                   unsigned percent);

/// From the first start to the last completion (B-1611). REQUIRES: not empty.
double duration_ms(const std::vector<Sample>& samples);
/// Frames per second over that time. REQUIRES: not empty.
double frames_per_second(const std::vector<Sample>& samples);

/// `-niter` of an asynchronous run: rounded up so that every request, or every set of data shapes, is used equally
/// often.
std::uint64_t aligned_iterations(std::uint64_t iterations, std::size_t requests, std::size_t groups);

}  // namespace baton::bench
