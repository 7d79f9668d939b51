// SPDX-License-Identifier: Apache-2.0
// Copyright (C) 2026 The Baton authors
#include "statistics.h"

#include <algorithm>
#include <numeric>

namespace baton::bench {
namespace {

/// What a clock can tell: keeps a division by it finite.
constexpr double kShortestMs = 1e-6;

std::vector<double> latencies_of(const std::vector<Sample>& samples) {
  std::vector<double> latencies;
  latencies.reserve(samples.size());
  for (const Sample& sample : samples) latencies.push_back(sample.latency_ms);
  return latencies;
}

}  // namespace

double percentile(const std::vector<double>& sorted, unsigned percent) {
  return sorted[(sorted.size() * percent + 99) / 100 - 1];
}

LatencyFigures summarise(std::vector<double> latencies, unsigned percent) {
  std::sort(latencies.begin(), latencies.end());
  const auto count = static_cast<double>(latencies.size());
  return {.count = latencies.size(),
          .chosen_ms = percentile(latencies, percent),
          .median_ms = percentile(latencies, 50),
          .p90_ms = percentile(latencies, 90),
          .p99_ms = percentile(latencies, 99),
          .average_ms = std::accumulate(latencies.begin(), latencies.end(), 0.0) / count,
          .min_ms = latencies.front(),
          .max_ms = latencies.back()};
}

std::vector<GenerationFigures> by_generation(const std::vector<Sample>& samples,
                                             const std::map<std::uint64_t, Server>& servers, unsigned percent) {
  std::map<std::uint64_t, std::vector<Sample>> generations;
  for (const Sample& sample : samples) generations[sample.generation].push_back(sample);
  std::vector<GenerationFigures> figures;
  for (const auto& [generation, own] : generations) {
    const auto server = servers.find(generation);
    figures.push_back({generation, server == servers.end() ? Server() : server->second,
                       summarise(latencies_of(own), percent), frames_per_second(own)});
  }
  return figures;
}

std::vector<GroupFigures> by_group(const std::vector<Sample>& samples, const std::vector<std::string>& names,
                                   unsigned percent) {
  std::vector<std::vector<double>> latencies(names.size());
  for (const Sample& sample : samples) latencies.at(sample.group).push_back(sample.latency_ms);
  std::vector<GroupFigures> figures;
  for (std::size_t i = 0; i < names.size(); ++i) {
    if (!latencies[i].empty()) figures.push_back({names[i], summarise(std::move(latencies[i]), percent)});
  }
  return figures;
}

double duration_ms(const std::vector<Sample>& samples) {
  double first = samples.front().end_ms, last = first;
  for (const Sample& sample : samples) {
    first = std::min(first, sample.end_ms - sample.latency_ms);
    last = std::max(last, sample.end_ms);
  }
  return std::max(last - first, kShortestMs);
}

double frames_per_second(const std::vector<Sample>& samples) {
  const auto add = [](std::size_t sum, const Sample& sample) { return sum + sample.frames; };
  const std::size_t frames = std::accumulate(samples.begin(), samples.end(), std::size_t{0}, add);
  return static_cast<double>(frames) * 1000 / duration_ms(samples);
}

std::uint64_t aligned_iterations(std::uint64_t iterations, std::size_t requests, std::size_t groups) {
  const std::uint64_t unit = std::max<std::uint64_t>({requests, groups, 1});
  return (iterations + unit - 1) / unit * unit;
}

}  // namespace baton::bench
