// SPDX-License-Identifier: Apache-2.0
// Copyright (C) 2026 The Baton authors
//
// One compiled AUTO model: the shell that carries out what policy::Ladder decides. It owns the executables of the
// rungs, the queue of waiting requests and the events; every choice is the ladder's.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "auto/batch_settings.h"
#include "auto/infer_task.h"
#include "base/executor.h"
#include "base/log.h"
#include "base/status.h"
#include "engine/registry.h"
#include "model/model.h"
#include "policy/candidates.h"
#include "policy/device_config.h"
#include "policy/device_string.h"
#include "policy/event.h"
#include "policy/occupancy.h"
#include "policy/report.h"
#include "policy/schedule.h"

namespace baton::store {
class RecordStore;
}

namespace baton::autodev {

class SharedState;

/// What a process shares between its compiled models. Everything in it outlives them.
struct Environment {
  base::Executor* executor = nullptr;
  engine::Registry* registry = nullptr;
  SharedState* shared = nullptr;          ///< auto/shared_state.h; one per process (one per test)
  store::RecordStore* records = nullptr;  ///< store/record_store.h; null: nothing is kept
  int cores = 0;                          ///< logical cores; 0: ask the system
};

enum class PerformanceHint { kLatency, kThroughput, kCumulativeThroughput };
using policy::ModelPriority;
enum class CheckMode { kOff, kWarn, kRefuse, kAuto };

/// Typed properties of section 2 of the behaviour specification, defaults included (B-260).
struct Options {
  PerformanceHint hint = PerformanceHint::kLatency;
  bool hint_set = false;
  std::uint32_t num_requests = 0;
  ModelPriority model_priority = ModelPriority::kMedium;
  std::optional<std::string> inference_precision;  ///< "f32", "f16", "bf16", "i8"
  bool accuracy = false;                           ///< EXECUTION_MODE_HINT=ACCURACY
  bool startup_fallback = true;
  bool runtime_fallback = true;
  bool strict_devices = false;
  bool allow_software = false;
  bool profiling = false;
  std::map<std::string, std::vector<std::string>> engine_priorities;  ///< device or family to engines, "-e" excludes
  std::string startup_device;
  CheckMode output_check = CheckMode::kRefuse;
  CheckMode speed_check = CheckMode::kAuto;
  double tolerance = 0;
  bool handover_hold = false;
  bool keep_helper = false;
  bool second_look = true;
  bool output_check_set = false;                          ///< the user gave HANDOVER_OUTPUT_CHECK (B-803)
  std::optional<policy::SchedulePolicy> schedule_policy;  ///< unset: by the kind of list (B-814)
  bool bind_buffer = false;                               ///< DEVICE_BIND_BUFFER
  std::uint32_t compile_timeout_ms = 0;
  std::uint32_t max_attempts = 0;            ///< of one request; 0: one per candidate device
  std::uint32_t recovery_backoff_ms = 1000;  ///< 0: a suspended device never returns
  std::uint32_t infer_timeout_ms = 0;        ///< of one run; 0: none
  std::string cache_dir;
  std::uint32_t startup_grace_ms = 300;
  bool allow_auto_batching = true;
  std::uint32_t batch_timeout_ms = 1000;
};

struct CompileSpec {
  model::Model model;
  policy::DeviceString device;
  std::string device_text;  ///< as the caller wrote it, for reports
  std::string priorities;   ///< MULTI_DEVICE_PRIORITIES, or empty (B-121)
  policy::ListSource priorities_source = policy::ListSource::kCompileConfig;
  Options options;
  policy::GivenProperties properties;                  ///< for devices
  std::function<void(const policy::Event&)> on_event;  ///< may be null
  std::shared_ptr<base::LogSink> log;                  ///< REQUIRED: of this model (B-1204)
};

/// CUMULATIVE_THROUGHPUT or MULTI: all accepted devices serve (section 8 of the behaviour specification).
bool is_multi_device(const CompileSpec& spec);

/// What the properties of a compiled model answer; every field is of one moment (B-507).
struct Snapshot {
  policy::Phase phase = policy::Phase::kPreparing;
  std::uint64_t generation = 0;
  std::vector<std::string> execution_devices;  ///< a helper on another device in parentheses (B-231)
  std::vector<std::string> execution_engines;
  std::uint32_t optimal_requests = 1;
  bool loaded_from_cache = false;
  std::vector<std::string> accepted_devices;  ///< ranked: MULTI_DEVICE_PRIORITIES
  std::string precision;                      ///< arithmetic of the serving executable
  policy::SchedulePolicy schedule_policy =
      policy::SchedulePolicy::kDevicePriority;  ///< in effect, in multi-device mode
};

/// Counters of one pair (B-1214).
struct PairStatistics {
  std::string device;
  std::string engine;
  std::string profile;
  std::uint64_t done = 0;
  std::uint64_t failed = 0;
  double mean_ms = 0;
  double median_ms = 0;
  double p99_ms = 0;
  double busy_ms = 0;
  double span_ms = 0;  ///< from the first start to the last completion; done / span is the rate of B-1208
};

struct Statistics {
  std::vector<PairStatistics> pairs;
  double switch_ms = 0;  ///< from the compile call to the last switch; 0: none yet
  std::size_t queued = 0;
};

/// Thread-safety: every method from any thread. Ownership: shared by CompiledModel and its requests; jobs that outlive
/// it hold what they need and drop their result. Blocking: only `compile`, `infer` and `wait_until_steady`.
class AutoModel : public std::enable_shared_from_this<AutoModel> {
 public:
  /// Returns when the first executable can serve; the error lists every attempt (B-602).
  static base::Result<std::shared_ptr<AutoModel>> compile(const Environment& environment, CompileSpec spec);
  /// The selection without any load (B-1307).
  static base::Result<policy::SelectionReport> explain(const Environment& environment, const CompileSpec& spec);

  virtual ~AutoModel() = default;

  /// Before the first use of a task. With DEVICE_BIND_BUFFER it gets a worker of its own until `unbind`, and the error
  /// says that there is none left (B-819); otherwise nothing happens.
  virtual base::Status bind(InferTask& task) {
    (void)task;
    return {};
  }
  virtual void unbind(InferTask& task) { (void)task; }

  /// Runs the task in the caller's thread when a worker is idle, else after those that wait. `InferTask::on_done` is
  /// called before it returns.
  virtual void infer(InferTask& task) = 0;
  /// Starts the task; `on_done` follows exactly once, on another thread or, when it fails at once, on this one.
  virtual void start(InferTask& task) = 0;
  /// A waiting task completes as cancelled at once; a running one is asked to stop (B-1510). No effect on others.
  virtual void cancel(InferTask& task) = 0;

  virtual Snapshot snapshot() const = 0;
  virtual policy::SelectionReport report() const = 0;
  virtual Statistics statistics() const = 0;
  virtual bool wait_until_steady(std::optional<base::Duration> timeout) = 0;
  virtual void set_handover_hold(bool hold) = 0;
  /// A property of the executable that serves on `device` (NUM_STREAMS ...); kNotFound when its engine does not know
  /// it. Where one device serves its name may be left out.
  virtual base::Result<std::string> executable_property(const std::string& key,
                                                        const std::string& device = {}) const = 0;
  /// The variables that the request of `task` keeps (B-1104). REQUIRES: the task is idle, and stays so meanwhile.
  virtual base::Result<std::vector<std::shared_ptr<engine::EngineState>>> states(InferTask& task) {
    (void)task;
    return base::Status::not_implemented("query_state: the model runs on several devices, and each would have its own");
  }
  virtual const CompileSpec& spec() const = 0;

  /// Who makes a request says so, and when it is gone: batches wait for nobody who cannot come (B-910).
  const std::shared_ptr<BatchSettings>& batch_settings() const { return batch_settings_; }

  /// Cancels what waits and what is being prepared; returns promptly (B-544). Called when the last CompiledModel and
  /// request are gone.
  virtual void close() = 0;

 private:
  const std::shared_ptr<BatchSettings> batch_settings_ = std::make_shared<BatchSettings>();
};

}  // namespace baton::autodev
