// SPDX-License-Identifier: Apache-2.0
// Copyright (C) 2026 The Baton authors
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <stop_token>
#include <string>
#include <vector>

#include "auto/auto_model.h"
#include "auto/checker.h"
#include "auto/loaded_rung.h"
#include "auto/model_shell.h"
#include "auto/records.h"
#include "auto/sample.h"
#include "auto/shared_state.h"
#include "base/mutex.h"
#include "policy/ladder.h"

namespace baton::autodev {

/// The shell around policy::Ladder. Its files: auto_model_impl.cc (life cycle and reports), auto_actions.cc (what the
/// ladder orders), auto_requests.cc (its part in the way of a request), auto_states.cc (requests that keep a state),
/// auto_failures.cc (run-time failures, registration).
///
/// Locking: as RequestPath says; `mu_` guards the ladder and the rungs' tables too.
class AutoModelImpl final : public ModelShell {
 public:
  AutoModelImpl(Environment environment, CompileSpec spec, Selection selection);

  Snapshot snapshot() const override;
  void set_handover_hold(bool hold) override;
  base::Result<std::string> executable_property(const std::string& key, const std::string& device) const override;
  base::Result<std::vector<std::shared_ptr<engine::EngineState>>> states(InferTask& task) override;
  void close() override;

 private:
  /// Gets the serving half of a pair, if there is one, and how long requests may wait for the rest.
  using Turn = std::function<void(double serving_ms, double limit_ms)>;
  using Event = std::function<policy::Actions(policy::Ladder&, base::TimePoint)>;

  struct LoadEnd {
    base::Status status;
    std::shared_ptr<LoadedRung> loaded;
    std::optional<double> record_ms;  ///< the load's time without a first run behind it, where it goes on record
  };

  std::shared_ptr<AutoModelImpl> self() { return std::static_pointer_cast<AutoModelImpl>(shared_from_this()); }

  // auto_actions.cc
  /// Tells the ladder what happened and does what it orders.
  void tell(const Event& event);
  void commit(policy::Actions actions, Orders& orders) override BATON_REQUIRES(mu_);
  void publish(int rung, int old, Effects& effects) BATON_REQUIRES(mu_);
  void save_executables();
  void note_switch(policy::Event& event, int rung) BATON_REQUIRES(mu_);
  std::uint32_t prediction(int rung) const BATON_REQUIRES(mu_);
  void add_counters(policy::Event& event, int rung) const BATON_REQUIRES(mu_);
  void perform(const policy::Action& action) override;
  policy::RungSpec spec_of(int rung) const;
  std::stop_token stop_of(int rung) const;
  bool predicts(int rung) const;
  std::shared_ptr<engine::Executable> serving_beside(const policy::RungSpec& load) const;
  void load(int rung, std::uint64_t ticket);
  void load_ended(int rung, std::uint64_t ticket, LoadEnd end);
  void run_once(std::shared_ptr<LoadedRung> rung, std::shared_ptr<Sample> sample,
                std::function<void(const base::Status&)> done);
  bool serves_unchecked(int rung) const;
  void take_loaded(int rung, std::uint64_t ticket, LoadEnd end);
  void start_check(const policy::Action& order);
  void cancel_check(Effects& effects) BATON_REQUIRES(mu_);
  CheckConfig check_config(const LoadedRung& serving, const LoadedRung& newcomer, bool second_look,
                           bool speed_check) const;
  int runs_at_a_time(const LoadedRung& rung) const;
  void check_ended(int rung, std::uint64_t ticket, const policy::CheckResult& result);
  void take_sample_ahead();
  void take_sample(std::uint64_t check, base::Duration patience, std::function<void(std::shared_ptr<Sample>)> use);
  void take_turn(std::uint64_t check, bool hold, std::uint64_t shapes, std::function<void(double)> go);
  bool comparable(const InferTask& task, const RunInfo& info) const BATON_REQUIRES(mu_);
  void watch_shapes(LoadedRung& rung, const RunInfo& info, Effects& effects) BATON_REQUIRES(mu_);
  void end_turn();
  bool is_turn(std::uint64_t number) const;
  void when_idle(base::TimePoint deadline, std::function<void()> go);
  void release(int rung, Effects& effects) BATON_REQUIRES(mu_);

  // auto_requests.cc
  Dispatch next_dispatch(Effects& effects) override BATON_REQUIRES(mu_);
  void run_assigned(Worker& worker, InferTask& task) override BATON_REQUIRES(mu_);
  void run_over(Worker& worker, InferTask& task, const base::Status& status, const RunInfo& info,
                Effects& effects) override BATON_REQUIRES(mu_);
  void worker_idle(Worker& worker, Effects& effects) override BATON_REQUIRES(mu_);
  void note_drained(int rung, Effects& effects) BATON_REQUIRES(mu_);

  // auto_failures.cc
  bool fails_over() const override BATON_REQUIRES(mu_);
  void run_failed(Worker& worker, const base::Status& status, Effects& effects) override BATON_REQUIRES(mu_);
  bool can_serve() const override BATON_REQUIRES(mu_);
  std::string failure_note(const base::Status& status) const override BATON_REQUIRES(mu_);
  void retire(int rung, Effects& effects) BATON_REQUIRES(mu_);
  bool drop_retired(const LoadedRung& rung, Effects& effects) BATON_REQUIRES(mu_);
  void warm_up_probe(int rung);
  void choose_device(const std::vector<int>& plan_devices);
  void ask_device(int device, bool claim, bool force);
  void register_instead(const std::string& identity);
  void leave_device();

  // auto_states.cc
  base::Status prepare(InferTask& task) override;

  // auto_model_impl.cc
  void begin() override;
  policy::Phase phase() const override BATON_REQUIRES(mu_) { return ladder_.phase(); }
  bool steady() const override BATON_REQUIRES(mu_) { return phase() == policy::Phase::kSteady; }
  std::vector<policy::SelectionReport::Entry> pair_entries() const override BATON_REQUIRES(mu_);
  std::map<int, PairStatistics> pair_statistics() const override BATON_REQUIRES(mu_);
  Snapshot serving_snapshot() const BATON_REQUIRES(mu_);

  // Constant after construction.
  const bool recovers_;   ///< runtime fallback is on, and this is no direct device
  const bool fail_over_;  ///< and there is something to fail over to
  const bool keeps_state_;
  const bool free_shapes_;  ///< some input's shape may change from request to request

  RecordKeeper records_;  // safe by itself

  policy::Ladder ladder_ BATON_GUARDED_BY(mu_);
  std::vector<std::shared_ptr<LoadedRung>> loaded_ BATON_GUARDED_BY(mu_);   ///< by rung; null: not loaded
  std::vector<std::shared_ptr<LoadedRung>> retired_ BATON_GUARDED_BY(mu_);  ///< failed; their last runs go on
  std::vector<std::stop_source> load_stops_ BATON_GUARDED_BY(mu_);          ///< by rung
  std::vector<std::uint64_t> load_tickets_ BATON_GUARDED_BY(mu_);           ///< by rung: of the load ordered last
  std::uint64_t check_ticket_ BATON_GUARDED_BY(mu_) = 0;                    ///< of the check ordered last
  std::uint64_t tickets_ BATON_GUARDED_BY(mu_) = 0;
  LoadedRung* serving_ BATON_GUARDED_BY(mu_) = nullptr;
  std::vector<int> unsaved_ BATON_GUARDED_BY(mu_);  ///< rungs that wait for their cache entry to be written
  std::map<int, policy::DeviceAnswers> answers_ BATON_GUARDED_BY(mu_);  ///< by rung, before it is loaded
  std::shared_ptr<Checker> checker_ BATON_GUARDED_BY(mu_);
  std::shared_ptr<Sample> last_sample_ BATON_GUARDED_BY(mu_);  ///< kept for the second look
  std::function<void(std::shared_ptr<Sample>)> sample_wanted_ BATON_GUARDED_BY(mu_);
  std::uint64_t sample_number_ BATON_GUARDED_BY(mu_) = 0;     ///< of the wish in `sample_wanted_`
  bool sample_running_ BATON_GUARDED_BY(mu_) = false;         ///< a task is being copied for it
  policy::ShapeTraffic shape_traffic_ BATON_GUARDED_BY(mu_);  ///< where the model's shapes are free
  Turn turn_wanted_ BATON_GUARDED_BY(mu_);
  std::uint64_t turn_number_ BATON_GUARDED_BY(mu_) = 0;
  std::uint64_t turn_shapes_ BATON_GUARDED_BY(mu_) = 0;             ///< of the newcomer's half of the pair
  bool turn_holds_ BATON_GUARDED_BY(mu_) = false;                   ///< the wanted turn keeps requests waiting
  bool held_ BATON_GUARDED_BY(mu_) = false;                         ///< a check has its turn: requests wait for its end
  std::string registered_identity_ BATON_GUARDED_BY(mu_);           ///< empty: no registration
  std::map<int, RunCounters> past_counters_ BATON_GUARDED_BY(mu_);  ///< of rungs that are gone
  Snapshot lost_ BATON_GUARDED_BY(mu_);          ///< of what served before, for as long as nothing does (B-506)
  bool answered_ BATON_GUARDED_BY(mu_) = false;  ///< some request completed
};

}  // namespace baton::autodev
