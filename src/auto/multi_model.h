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
#include "auto/first_runs.h"
#include "auto/loaded_rung.h"
#include "auto/model_shell.h"
#include "policy/contention.h"
#include "policy/schedule.h"
#include "policy/serving_set.h"

namespace baton::autodev {

/// The shell of a model that serves on several devices at once. Two files: multi_model.cc (life cycle, requests,
/// reports), multi_actions.cc (what the serving set orders). Who loads and joins is ServingSet's choice, who takes a
/// request Schedule's.
///
/// Locking: as RequestPath says; `mu_` guards both and the rungs' tables too.
class MultiModel final : public ModelShell {
 public:
  MultiModel(Environment environment, CompileSpec spec, Selection selection);

  base::Status bind(InferTask& task) override;
  void unbind(InferTask& task) override;
  Snapshot snapshot() const override;
  void set_handover_hold(bool) override {}  // there is no hand-over
  base::Result<std::string> executable_property(const std::string& key, const std::string& device) const override;
  void close() override;

 private:
  using Event = std::function<policy::Actions(policy::ServingSet&, base::TimePoint)>;

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
  double schedule_ms() const BATON_REQUIRES(mu_);

  // multi_actions.cc
  void tell(const Event& event);
  void commit(policy::Actions actions, Orders& orders) override BATON_REQUIRES(mu_);
  void join(int rung, Effects& effects) BATON_REQUIRES(mu_);
  void perform(const policy::Action& action) override;
  void load(int rung, std::uint64_t ticket);
  void load_ended(int rung, std::uint64_t ticket, const base::Status& status, std::shared_ptr<LoadedRung> loaded);
  void start_warm_up(int rung, int against);
  void cancel_warm_up(int rung);
  void warmed_up(int rung, int against, policy::CheckResult result);
  void start_check(int rung, const std::shared_ptr<LoadedRung>& reference, policy::CheckResult warm);
  CheckConfig check_config() const;
  void retire(int rung, Effects& effects) BATON_REQUIRES(mu_);
  void count_generation() BATON_REQUIRES(mu_);

  // Hooks of ModelShell and RequestPath, multi_model.cc
  void begin() override;
  policy::Phase phase() const override BATON_REQUIRES(mu_) { return set_.phase(); }
  bool steady() const override BATON_REQUIRES(mu_) { return phase() == policy::Phase::kSteady && set_.settled(); }
  std::vector<policy::SelectionReport::Entry> pair_entries() const override BATON_REQUIRES(mu_);
  std::map<int, PairStatistics> pair_statistics() const override BATON_REQUIRES(mu_);
  Dispatch next_dispatch(Effects& effects) override BATON_REQUIRES(mu_);
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
  std::vector<Worker*> all_workers() const BATON_REQUIRES(mu_);

  std::uint32_t optimal_requests() const BATON_REQUIRES(mu_);

  policy::ServingSet set_ BATON_GUARDED_BY(mu_);
  policy::Schedule schedule_ BATON_GUARDED_BY(mu_);
  policy::ContentionGuard contention_ BATON_GUARDED_BY(mu_);
  std::vector<Member> members_ BATON_GUARDED_BY(mu_);
  std::vector<std::shared_ptr<LoadedRung>> draining_ BATON_GUARDED_BY(mu_);  ///< left, but something runs there
  std::vector<InferTask*> bound_ BATON_GUARDED_BY(mu_);  ///< by worker, devices in list order; null: free
  bool look_again_set_ BATON_GUARDED_BY(mu_) = false;    ///< a timer will dispatch
};

}  // namespace baton::autodev
