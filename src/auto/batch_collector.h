// SPDX-License-Identifier: Apache-2.0
// Copyright (C) 2026 The Baton authors
//
// Requests of one executable on their way into batches and out again. What is to happen is policy::next_batch's
// decision; here are the queue, the buffers and the runs.
#pragma once

#include <deque>
#include <memory>
#include <optional>
#include <span>
#include <vector>

#include "auto/batch_settings.h"
#include "auto/sample.h"
#include "base/executor.h"
#include "base/mutex.h"
#include "engine/engine.h"
#include "policy/batching.h"

namespace baton::autodev {

class BatchCollector;
struct BatchSlot;

/// One inference between submission and completion; lives in its request. The collector's mutex guards it.
struct BatchMember {
  std::span<const engine::TensorView> inputs;
  std::span<engine::OutputSink* const> outputs;
  engine::EngineRequest::Completion done;
  base::TimePoint since;
  bool waiting = false;
  bool alone = false;         ///< failed in a batch: runs singly
  BatchSlot* slot = nullptr;  ///< of a single run
};

/// One request of the single or the batch executable.
struct BatchSlot {
  std::unique_ptr<engine::EngineRequest> request;
  engine::EngineRequest::Completion ended;  ///< made once
  bool is_batch = false;
  std::vector<BatchMember*> members;
  base::TimePoint began;
  int cancels = 0;       ///< cancel() calls inside the engine right now; the slot is not reused meanwhile
  bool recycle = false;  ///< the run ended while `cancels` was not 0
  // Of a batch: memory for all items, made once.
  std::vector<Buffer> inputs;
  std::vector<Buffer> outputs;
  std::vector<engine::TensorView> input_views;
  std::vector<engine::OutputSink*> output_sinks;
};

/// Thread-safety: safe. Ownership: shared by the executable, its requests and what runs. Blocking: `add_batch` runs the
/// engine; nothing else waits.
class BatchCollector final : public BatchSettings::Watcher, public std::enable_shared_from_this<BatchCollector> {
 public:
  struct Parts {
    base::Executor* executor = nullptr;
    std::shared_ptr<engine::Executable> single;
    model::Model model;
    policy::BatchPorts ports;
    std::uint32_t size = 1;
    std::shared_ptr<BatchSettings> settings;
  };
  static base::Result<std::shared_ptr<BatchCollector>> create(Parts parts);

  /// From now on there are batches, provided that the items of one come out as they do alone (B-915): two runs tell.
  base::Status add_batch(std::shared_ptr<engine::Executable> batch);

  /// Takes the member; its `done` follows. With `here` a slot may be returned that the caller runs in its own thread,
  /// and gives back with `ended`.
  BatchSlot* submit(BatchMember& member, bool here);
  void ended(BatchSlot& slot, const base::Status& status);
  /// B-918: one that waits leaves; one that runs alone is asked to stop; in a batch there is no effect.
  void cancel(BatchMember& member);

  void fewer_requests() override { evaluate(false); }

  const Parts& parts() const { return parts_; }
  std::uint32_t batch_size() const;

 private:
  explicit BatchCollector(Parts parts) : parts_(std::move(parts)) {}

  /// What a locked section decided.
  struct Orders {
    std::vector<BatchSlot*> starts;
    std::vector<BatchMember*> cancelled;
    bool gather = false;
    std::optional<base::TimePoint> timer;
  };

  base::Status add_slots(engine::Executable& executable, bool is_batch, std::uint32_t count);
  base::Status verify(engine::Executable& batch);
  void prepare_buffers(BatchSlot& slot) const;
  policy::BatchView view(bool gathered) const BATON_REQUIRES(mu_);
  void decide(bool gathered, Orders& orders) BATON_REQUIRES(mu_);
  bool start_singles(std::size_t count, Orders& orders) BATON_REQUIRES(mu_);
  void start_batch(std::size_t count, Orders& orders) BATON_REQUIRES(mu_);
  void evaluate(bool gathered);
  void carry_out(Orders orders);
  void run(BatchSlot& slot);
  bool gather(BatchSlot& slot) const;
  base::Status scatter(BatchSlot& slot, std::size_t position, BatchMember& member) const;
  void again_alone(BatchSlot& slot);
  void make_idle(BatchSlot& slot) BATON_REQUIRES(mu_) {
    (slot.is_batch ? idle_batches_ : idle_singles_).push_back(&slot);
  }
  void measure(const BatchSlot& slot, const base::Status& status) BATON_REQUIRES(mu_);

  const Parts parts_;
  mutable base::Mutex mu_;
  std::vector<std::unique_ptr<BatchSlot>> slots_ BATON_GUARDED_BY(mu_);
  std::vector<BatchSlot*> idle_singles_ BATON_GUARDED_BY(mu_);
  std::vector<BatchSlot*> idle_batches_ BATON_GUARDED_BY(mu_);
  std::shared_ptr<engine::Executable> batch_ BATON_GUARDED_BY(mu_);
  std::deque<BatchMember*> waiting_ BATON_GUARDED_BY(mu_);
  std::uint32_t running_ BATON_GUARDED_BY(mu_) = 0;
  bool gathering_ BATON_GUARDED_BY(mu_) = false;
  std::optional<base::TimePoint> timer_ BATON_GUARDED_BY(mu_);
  std::optional<base::TimePoint> last_arrival_ BATON_GUARDED_BY(mu_);
  std::optional<double> gap_ms_ BATON_GUARDED_BY(mu_);
  policy::BatchTimes times_ BATON_GUARDED_BY(mu_);
};

}  // namespace baton::autodev
