// SPDX-License-Identifier: Apache-2.0
// Copyright (C) 2026 The Baton authors
#pragma once

#include <atomic>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "auto/auto_model.h"
#include "auto/loaded_rung.h"
#include "auto/sample.h"
#include "base/executor.h"
#include "policy/ladder.h"
#include "policy/output_check.h"
#include "policy/speed_check.h"

namespace baton::autodev {

class SerialGate;

struct CheckConfig {
  CheckMode output_check = CheckMode::kRefuse;  ///< kAuto does not occur
  CheckMode speed_check = CheckMode::kRefuse;   ///< kAuto does not occur; kOff for a last resort (B-515)
  policy::SpeedCheck::Options speed;
  policy::SpeedCheck::Served served;  ///< the serving rung's runs; none where shapes differ from run to run
  double serving_changes_ms = 0;      ///< what changing shapes cost the serving rung per inference (B-1112)
  double change_share = 0;            ///< of users' requests, as policy::ShapeTraffic says
  bool undecided_passes = true;       ///< what the declared rank says when the figures do not decide (B-535)
  policy::ToleranceOptions tolerance;
  std::vector<model::Port> outputs;
  std::vector<bool> distributions;
  bool random_model = false;   ///< outputs differ from run to run: nothing to compare (B-533)
  bool shared_device = false;  ///< both sides share the cores of one device: beside each other both would be slower
};

/// Warms a newcomer up and compares it with the serving rung: outputs, then speed (B-530 to B-538). It runs one step at
/// a time, each started by the end of the one before, on requests of its own. Thread-safety: `start` once, `cancel`
/// from any thread. Ownership: kept alive by its running step; holds both rungs.
class Checker : public std::enable_shared_from_this<Checker> {
 public:
  using Done = std::function<void(policy::CheckResult)>;
  /// Calls `go` when the next step may run; null: at once. (The second look waits for idle moments here.)
  using Pace = std::function<void(std::function<void()> go)>;
  /// Calls back with a copy of a user's request and its outputs, or with null when none came in time (B-1110).
  using MoreSamples = std::function<void(std::function<void(std::shared_ptr<Sample>)>)>;

  /// The user's own requests as the serving half of a pair: `take` calls back when one has just ended on the serving
  /// rung, with the time of its run; with 0 when nobody is inferring, or what ended cannot be compared with a run at
  /// `shapes` (shapes_number): then both halves are the check's. With `hold` the next request waits until `end`.
  struct Turns {
    std::function<void(bool hold, std::uint64_t shapes, std::function<void(double serving_ms)> go)> take;
    std::function<void()> end;
  };
  /// What the owner does for a check. Without functions in `turns` all runs are the check's own.
  struct Hooks {
    Pace pace;
    MoreSamples more_samples;
    Turns turns;
    Done done;
  };

  struct Side {
    std::shared_ptr<LoadedRung> rung;
    SerialGate* gate = nullptr;
    int in_flight = 1;  ///< runs at a time: what it is measured with, and would be given
  };

  Checker(base::Executor& executor, CheckConfig config, Side serving, Side newcomer, Hooks hooks);

  /// `sample` may lack outputs: the serving rung then computes them first.
  void start(std::shared_ptr<Sample> sample);
  /// No further step is begun and `done` is never called.
  void cancel() { over_.store(true); }

 private:
  /// Requests and outputs of one side.
  struct Bench {
    Side side;
    std::vector<std::unique_ptr<engine::EngineRequest>> requests;
    std::vector<std::vector<Buffer>> outputs;             // per request
    std::vector<std::vector<engine::OutputSink*>> sinks;  // per request
    bool compiled = true;                                 // no run will compile for the sample's shapes (B-1112)

    bool compiles() const { return side.rung->compiles_for_shapes(); }
    bool forgets_shapes() const { return side.rung->forgets_shapes(); }
  };
  using Next = void (Checker::*)(base::Status, double ms);
  struct Batch;

  void prepare();
  base::Status make_requests(Bench& bench);

  void run(Bench& bench, std::size_t requests, int rounds, Next next);
  void begin_batch(const std::shared_ptr<Batch>& batch);
  void run_once(const std::shared_ptr<Batch>& batch, std::size_t request, int rounds_left);
  void run_ended(Batch& batch, base::Status status);

  void warm_up();
  void reference_done(base::Status status, double ms);
  void user_sample(std::shared_ptr<Sample> sample);
  void warm_up_done(base::Status status, double ms);
  void compare();
  void repeat_done(base::Status status, double ms);
  void check_speed();
  void all_warm(base::Status status, double ms);
  void first_pair();
  void change_shapes(std::shared_ptr<Sample> sample);
  void shapes_changed(base::Status status, double ms);
  void begin_pair();
  bool requests_wait() const;
  void take_turn(std::function<void(double serving_ms)> go);
  void serving_compiled(base::Status status, double ms);
  bool serving_runs_first() const;
  void run_half(Bench& bench, Next next);
  void first_half_done(base::Status status, double ms);
  void second_half_done(base::Status status, double ms);
  void turn_taken(double serving_ms);
  void turn_done(base::Status status, double ms);
  void half_failed(bool serving, const base::Status& status);
  void pair_measured(double serving_ms, double newcomer_ms);
  void speed_known();
  bool measure_alone();
  std::string beside_text() const;
  std::string changes_text() const;

  policy::OutputVerdict compare_with_sample(Bench& bench) const;
  void keep_smallest(const char* name, double ms);
  bool over_limit() const;
  void refuse(policy::Reason reason, std::string text);
  void finish(policy::CheckResult result);

  base::Executor& executor_;
  const CheckConfig config_;
  Bench serving_;
  Bench newcomer_;
  const Hooks hooks_;
  std::shared_ptr<Sample> sample_;
  std::vector<engine::TensorView> inputs_;
  policy::SpeedCheck speed_;
  policy::OutputVerdict verdict_;
  policy::CheckResult result_;
  base::TimePoint began_;
  double first_half_ms_ = 0;
  double newcomer_changes_ms_ = 0;  ///< what changing shapes would cost it per inference
  double spent_ms_ = 0;             ///< by runs of the pair
  bool all_have_run_ = false;       ///< each of the newcomer's requests
  bool beside_requests_ = false;    ///< of users, which went on while the newcomer was measured
  bool alone_ = false;              ///< so it is measured again, and the next request waits
  std::atomic<bool> over_{false};   ///< done was called, or is not wanted any more
  std::atomic<base::Executor::TimerId> hang_timer_{0};
};

}  // namespace baton::autodev
