// SPDX-License-Identifier: Apache-2.0
// Copyright (C) 2026 The Baton authors
//
// Requests that keep a compiled model busy, and what they saw.
#pragma once

#include <cstddef>
#include <map>
#include <string>
#include <vector>

#include "auto/auto_model.h"
#include "model/model.h"

namespace baton::benchmarks {

struct Outcome {
  double per_second = 0;
  double p50_ms = 0;
  double p99_ms = 0;
  std::map<std::string, int> by_device;
};

/// `in_flight` requests, each started again when it is done, `count` in all. The rate is that of the middle: from the
/// completion number `in_flight` to the last start.
Outcome closed_loop(autodev::AutoModel& compiled, base::Executor& executor, const model::Model& model, int in_flight,
                    int count);

/// Requests that arrive at random, `per_second` of them on the average; the same moments in every run.
Outcome open_loop(autodev::AutoModel& compiled, base::Executor& executor, const model::Model& model, double per_second,
                  int count);

}  // namespace baton::benchmarks
