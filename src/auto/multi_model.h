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
#include "auto/event_stream.h"
#include "auto/first_runs.h"
#include "auto/loaded_rung.h"
#include "auto/request_path.h"
#include "auto/rung_loader.h"
#include "auto/selection.h"
#include "policy/contention.h"
#include "policy/schedule.h"
#include "policy/serving_set.h"

namespace baton::autodev {

/// The shell of a model that serves on several devices at once. Two files: multi_model.cc (life cycle, requests,
/// reports), multi_actions.cc (what the serving set orders). Who loads and joins is ServingSet's choice, who takes a
/// request Schedule's.
///
/// Locking: as RequestPath says; `mu_` guards both and the rungs' tables too.
class MultiModel final : public RequestPath {
 public:
  MultiModel(Environment environment, CompileSpec spec, Selection selection);

  base::Status start_and_wait();

  base::Status bind(InferTask& task) override;
  void unbind(InferTask& task) override;
  Snapshot snapshot() const override;
  policy::SelectionReport report() const override;
  Statistics statistics() const override;
  bool wait_until_steady(std::optional<base::Duration> timeout) override;
  void set_handover_hold(bool) override {}  // there is no hand-over
  base::Result<std::string> executable_property(const std::string& key, const std::string& device) const override;
  const CompileSpec& spec() const override { return spec_; }
  void close() override;

 private:
  using Event = std::function<policy::Actions(policy::ServingSet&, base::TimePoint)>;

  /// What the serving set's orders add.
  struct SetEffects : Effects {
    std::vector<std::stop_source> stops;            ///< of loads that are not wanted any more
    policy::Actions actions;                        ///< those that leave this object
    bool events = false;                            ///< the event stream has something to deliver
    std::vector<std::shared_ptr<LoadedRung>> gone;  ///< let go of without the lock
  };
  /// What is known of one rung of the plan beside its state; by rung.
  struct Member {
    std::shared_ptr<LoadedRung> loaded;  ///< null: not loaded
    bool takes_requests = false;         ///< `loaded` has joined
    std::stop_source load_stop;
    std::uint64_t load_ticket = 0;         ///< of the load ordered last
    std::function<void()> cancel_warm_up;  ///< null: none is running
    policy::DeviceAnswers answers;
    std::optional<RunCounters> past;  ///< of an executable that is gone
  };

  std::shared_ptr<MultiModel> self() { return std::static_pointer_cast<MultiModel>(shared_from_this()); }
  int device_of(const LoadedRung& rung) const;
  double now_ms() const;

  // multi_actions.cc
  void tell(const Event& event);
  void commit(policy::Actions actions, SetEffects& effects) BATON_REQUIRES(mu_);
  void join(int rung, Effects& effects) BATON_REQUIRES(mu_);
  void carry_out_orders(SetEffects effects);
  void perform(const policy::Action& action);
  void load(int rung, std::uint64_t ticket);
  void load_ended(int rung, std::uint64_t ticket, const base::Status& status, std::shared_ptr<LoadedRung> loaded);
  void start_warm_up(int rung, int against);
  void cancel_warm_up(int rung);
  void warmed_up(int rung, int against, policy::CheckResult result);
  void start_check(int rung, const std::shared_ptr<LoadedRung>& reference, policy::CheckResult warm);
  CheckConfig check_config() const;
  void retire(int rung, SetEffects& effects) BATON_REQUIRES(mu_);
  void count_generation() BATON_REQUIRES(mu_);

  // Hooks of RequestPath, multi_model.cc
  Dispatch next_dispatch(Effects& effects) override BATON_REQUIRES(mu_);
  base::Status refusal() const override BATON_REQUIRES(mu_);
  void run_assigned(Worker& worker, InferTask& task) override BATON_REQUIRES(mu_);
  void run_over(Worker& worker, InferTask& task, const base::Status& status, const RunInfo& info,
                Effects& effects) override BATON_REQUIRES(mu_);
  void worker_idle(Worker& worker, Effects& effects) override BATON_REQUIRES(mu_);
  bool fails_over() const override BATON_REQUIRES(mu_);
  void run_failed(Worker& worker, const base::Status& status, Effects& effects) override BATON_REQUIRES(mu_);
  bool can_serve() const override BATON_REQUIRES(mu_);
  std::string failure_note(const base::Status& status) const override BATON_REQUIRES(mu_);
  bool serves(const LoadedRung& rung) const BATON_REQUIRES(mu_);
  void look_again_later(Effects& effects) BATON_REQUIRES(mu_);
  void watch_contention(int device, Effects& effects) BATON_REQUIRES(mu_);
  void carry_out_later(policy::Actions actions, Effects& effects) BATON_REQUIRES(mu_);
  std::vector<Worker*> all_workers() const BATON_REQUIRES(mu_);

  std::uint32_t optimal_requests() const BATON_REQUIRES(mu_);
  std::vector<policy::SelectionReport::Entry> pair_entries() const BATON_REQUIRES(mu_);
  std::map<int, PairStatistics> pair_statistics() const BATON_REQUIRES(mu_);

  // Constant after construction.
  const Environment environment_;
  const CompileSpec spec_;
  const Selection selection_;
  const RungLoader loader_;
  const base::TimePoint began_;

  EventStream events_;  // safe by itself

  base::CondVar changed_;  ///< phase, failure or a device changed
  policy::ServingSet set_ BATON_GUARDED_BY(mu_);
  policy::Schedule schedule_ BATON_GUARDED_BY(mu_);
  policy::ContentionGuard contention_ BATON_GUARDED_BY(mu_);
  std::vector<Member> members_ BATON_GUARDED_BY(mu_);
  std::vector<std::shared_ptr<LoadedRung>> draining_ BATON_GUARDED_BY(mu_);  ///< left, but something runs there
  std::vector<InferTask*> bound_ BATON_GUARDED_BY(mu_);   ///< by worker, devices in list order; null: free
  bool look_again_set_ BATON_GUARDED_BY(mu_) = false;     ///< a timer will dispatch
  base::Status failure_ BATON_GUARDED_BY(mu_);            ///< nothing can serve
  std::vector<std::string> notes_ BATON_GUARDED_BY(mu_);  ///< of loads, for the report
  std::vector<policy::SelectionReport::PhaseChange> phases_ BATON_GUARDED_BY(mu_);
  bool closed_ BATON_GUARDED_BY(mu_) = false;
};

}  // namespace baton::autodev
