// SPDX-License-Identifier: Apache-2.0
// Copyright (C) 2026 The Baton authors
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

#include "auto/infer_task.h"
#include "auto/latency_histogram.h"
#include "auto/run_memory.h"
#include "auto/shapes_seen.h"
#include "auto/shared_state.h"
#include "base/executor.h"
#include "base/process_exit.h"
#include "base/status.h"
#include "engine/engine.h"
#include "policy/selection.h"
#include "policy/shape_changes.h"

namespace baton::autodev {

class AutoModel;
class RequestPath;
class LoadedRung;

/// One request slot of a loaded rung: the engine's request and the task on it.
/// Thread-safety: `task` and what follows it belong to whoever took the worker from its rung's idle list.
class Worker final : public base::Work {
 public:
  /// `own_memory`: runs have a time limit and memory of their own (B-617). `own_rung`: `rung`, for a worker of one
  /// task.
  Worker(RequestPath& path, LoadedRung& rung, std::size_t index, std::unique_ptr<engine::EngineRequest> request,
         bool own_memory, std::shared_ptr<LoadedRung> own_rung = nullptr);

  /// The blocking run of an asynchronous task, on a pool thread.
  void run() noexcept override;

  std::span<const engine::TensorView> inputs() const { return memory ? memory->inputs() : task->inputs; }
  std::span<engine::OutputSink* const> outputs() const { return memory ? memory->outputs() : task->outputs; }

  /// REQUIRES: the model's lock.
  bool is_idle() const { return task == nullptr && !recycle && !given_up; }

  /// Of a worker that belongs to one task (B-1105): kept, for the model may give it up meanwhile. Null: it belongs to
  /// the rung, whose idle list it is on when it is idle.
  const std::shared_ptr<LoadedRung> own_rung;
  RequestPath& path;
  LoadedRung& rung;
  const std::size_t index;  ///< among the rung's workers
  const std::unique_ptr<engine::EngineRequest> request;
  const engine::EngineRequest::Completion native_done;  ///< made once: starting allocates nothing
  const std::unique_ptr<RunMemory> memory;              ///< null: runs use the task's
  InferTask* task = nullptr;
  bool compiles = false;                 ///< its run compiles for its shapes, too (B-1112)
  std::optional<base::EngineCall> call;  ///< during an asynchronous run
  base::TimePoint run_began;
  Worker* next_idle = nullptr;
  int cancels = 0;       ///< cancel() calls inside the engine right now; the worker is not reused meanwhile
  bool recycle = false;  ///< the run ended while `cancels` was not 0

  // With `memory`; guarded by the mutex of the model.
  std::optional<base::TimePoint> limit;    ///< of the run that goes on
  base::TimePoint began;                   ///< of that run
  bool given_up = false;                   ///< it is over for its task, but the engine has not let go of it
  std::shared_ptr<AutoModel> keeps_model;  ///< until the engine does
  std::shared_ptr<void> keeps_itself;      ///< as above
};

/// What its runs came to (B-1214); goes on counting when the rung is loaded again.
struct RunCounters {
  std::uint64_t failed = 0;
  LatencyHistogram run_times;
  base::Duration busy{0};
  std::optional<base::TimePoint> first_start;
  std::optional<base::TimePoint> last_end;
};

/// The executable of one rung, with its workers and counters.
/// Thread-safety: constant after construction but for the members below "guarded", which the model's mutex guards.
/// Ownership: shared by the model while it may serve, and by a check that runs on it.
class LoadedRung : public RunCounters {  // the counters are guarded by the mutex of the model
 public:
  /// `shared_gate`: that of the runs it must not overlap with beside its own; null: there are none.
  LoadedRung(int index_, policy::Pair pair_, std::shared_ptr<engine::Executable> executable_, SerialGate* shared_gate);
  ~LoadedRung();

  /// As many workers as the rung may run at once (B-710). Calls the engine.
  base::Status create_workers(RequestPath& path, std::uint32_t count);

  /// An idle worker, which is not in the list of idle ones any more. REQUIRES: there is one, and the model's lock.
  Worker* take_idle();
  void take_idle(Worker& worker);  ///< this one; nothing happens to one that is not the rung's, here and below
  void add_idle(Worker& worker);

  bool compiles_for_shapes() const { return traits.shape_compiles != engine::ShapeCompiles::kNever; }
  bool forgets_shapes() const { return traits.shape_compiles == engine::ShapeCompiles::kEveryChange; }

  const int index;
  const policy::Pair pair;
  const std::shared_ptr<engine::Executable> executable;
  const engine::ExecutableTraits traits;
  const std::unique_ptr<SerialGate> own_gate;
  SerialGate* const gate;          ///< runs pass through it one at a time; null: they may overlap
  const std::string& device_name;  ///< of `pair`, but alive until the process ends (RunInfo borrows them)
  const std::string& engine_name;
  std::weak_ptr<LoadedRung> self;      ///< set once, by who made it
  std::uint32_t optimal_requests = 1;  ///< B-709, B-710; set before the rung is shared

  // Guarded by the mutex of the model.
  std::vector<std::unique_ptr<Worker>> workers;
  Worker* idle = nullptr;
  int running = 0;
  ShapesSeen shapes;               ///< where the executable compiles for them
  policy::ShapeCosts shape_costs;  ///< where it does at every change
  double shape_changes_ms = 0;     ///< what changes cost an inference on average, when that was too much
  std::size_t given_up = 0;        ///< workers on which a run hangs that was given up
  std::uint64_t generation = 0;    ///< of its (last) time of serving
};

}  // namespace baton::autodev
