// SPDX-License-Identifier: Apache-2.0
// Copyright (C) 2026 The Baton authors
//
// What the two stress programs have in common: a model to work on, and chance with a seed that is printed.
#pragma once

#include <chrono>
#include <memory>
#include <random>
#include <string>
#include <string_view>

#include "baton/baton.hpp"

namespace lifecycle {

using Clock = std::chrono::steady_clock;
using Milliseconds = std::chrono::duration<double, std::milli>;

struct Options {
  int count = 100;
  unsigned seed = 0;
  double span_ms = 1500;  ///< the random moment lies between 0 and this
  double slack = 1;       ///< factor for all time limits, which are meant for an idle machine (B-004)
  std::string model;      ///< path; empty: the built-in model
  std::string device = "AUTO";
};

/// Chance: the same seed gives the same decisions.
class Chance {
 public:
  explicit Chance(unsigned seed) : engine_(seed) {}
  int below(int limit) { return std::uniform_int_distribution<int>(0, limit - 1)(engine_); }
  Milliseconds up_to(double ms) { return Milliseconds(std::uniform_real_distribution<double>(0, ms)(engine_)); }

 private:
  std::mt19937 engine_;
};

std::shared_ptr<baton::Model> read_model(const baton::Core& core, const Options& options);

/// A compiled model, with a hint by chance.
baton::CompiledModel compile(baton::Core& core, const std::shared_ptr<baton::Model>& model, const Options& options,
                             Chance& chance);

/// A request whose inputs are all zero.
baton::InferRequest make_request(baton::CompiledModel& model);

/// Entries of a folder of /proc/self: "task" for threads, "fd" for file descriptors.
int count_own(std::string_view folder);

}  // namespace lifecycle
