// SPDX-License-Identifier: Apache-2.0
// Copyright (C) 2026 The Baton authors
//
// When requests are batched, in which size, and how long a request waits for others (section 9 of the behaviour
// specification). Nothing here has a clock or a queue: the figures come in, the decision goes out.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/executor.h"
#include "model/model.h"

namespace baton::policy {

enum class BatchTrigger { kNone, kImplicit, kExplicit };

/// Which ports carry one item per batch position.
struct BatchPorts {
  std::vector<bool> inputs;   ///< by port: its first dimension is the batch; the others are the same for all members
  std::vector<bool> outputs;  ///< the same
  std::string obstacle;       ///< why the model cannot be batched at all; empty: it can, as far as its ports tell
};

/// Static shapes, no state, first dimension 1 on at least one input and one output (B-904).
BatchPorts batch_ports(const model::Model& model);

/// The model with `size` items on its batched inputs.
model::Model batched(const model::Model& model, const BatchPorts& ports, std::uint32_t size);

struct BatchQuestion {
  BatchTrigger trigger = BatchTrigger::kNone;
  std::uint32_t asked = 0;     ///< the n of BATCH:DEV(n); 0: not given
  std::uint32_t optimal = 1;   ///< the device's OPTIMAL_BATCH_SIZE
  std::uint32_t requests = 0;  ///< PERFORMANCE_HINT_NUM_REQUESTS; 0: no cap
  std::uint64_t weight_bytes = 0;
  std::uint64_t item_bytes = 0;
  std::uint64_t memory_bytes = 0;  ///< of the device; 0: unknown
  std::string obstacle;            ///< why the model is not batchable; empty: it is
};

struct BatchSize {
  std::uint32_t size = 1;
  std::string why_not;  ///< for size 1, one sentence
};

/// B-906, B-907.
BatchSize choose_batch_size(const BatchQuestion& question);

/// How long runs take here, as measured.
struct BatchTimes {
  std::optional<double> single_ms;
  std::optional<double> batch_ms;  ///< of the batch executable, whatever part of the batch is used
  std::uint32_t slots = 1;         ///< single runs that go on at once
  std::uint32_t batches = 0;       ///< since the last single run

  void note_single(double ms);
  void note_batch(double ms);
  /// `count` single runs; nullopt: not measured.
  std::optional<double> singles_ms(std::uint32_t count) const;
  /// What a batch of `count` saves over single runs; 0 when it saves nothing, nullopt when not measured.
  std::optional<double> saving_ms(std::uint32_t count) const;
};

/// The requests of one executable at one moment.
struct BatchView {
  std::uint32_t size = 1;        ///< of a batch; 1 until the batch executable is there
  bool busy = false;             ///< every request of the batch executable runs
  std::uint32_t waiting = 0;     ///< collected
  std::uint32_t running = 0;     ///< given to the device and not back yet
  std::uint32_t living = 0;      ///< requests that exist; 0: unknown
  base::Duration oldest{0};      ///< how long the first one waits
  base::Duration timeout{0};     ///< AUTO_BATCH_TIMEOUT
  std::optional<double> gap_ms;  ///< between arrivals, as measured
  bool gathered = false;         ///< what arrived at this very moment is among the waiting ones
  BatchTimes times;
};

struct BatchOrder {
  enum class What {
    kWait,     ///< for `recheck` (0: without limit), or for a request or the end of a run
    kGather,   ///< start as soon as those are collected that arrive at this very moment
    kBatch,    ///< `members` of the waiting ones as one batch, padded if need be
    kSingles,  ///< `members` of the waiting ones, each alone
  };
  What what = What::kWait;
  std::uint32_t members = 0;
  base::Duration recheck{0};
};

/// What happens to the collected requests now (B-909 to B-913, B-917).
BatchOrder next_batch(const BatchView& view);

/// While batches serve, a full one gives way to a single run after so many: what the comparison rests on may have been
/// measured beside other runs, and nothing else would tell.
inline constexpr std::uint32_t kBatchesPerSingle = 128;

/// A moving average with weight 1/8 for what is new.
void learn(std::optional<double>& average, double value);

}  // namespace baton::policy
