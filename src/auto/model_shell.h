// SPDX-License-Identifier: Apache-2.0
// Copyright (C) 2026 The Baton authors
#pragma once

#include <map>
#include <optional>
#include <stop_token>
#include <string>
#include <vector>

#include "auto/auto_model.h"
#include "auto/event_stream.h"
#include "auto/request_path.h"
#include "auto/rung_loader.h"
#include "auto/selection.h"
#include "base/mutex.h"
#include "policy/ladder_action.h"

namespace baton::autodev {

/// What both kinds of compiled model share beside the way of a request: what they were compiled from, how the orders of
/// their state machine (policy::Ladder, policy::ServingSet) are carried out, its phases, events and reports.
///
/// Locking: as RequestPath says; `mu_` guards the state machine too.
class ModelShell : public RequestPath {
 public:
  /// Begins, and waits until something serves or nothing can. The listener has heard why before an error is returned.
  base::Status start_and_wait();

  policy::SelectionReport report() const final;
  Statistics statistics() const final;
  bool wait_until_steady(std::optional<base::Duration> timeout) final;
  const CompileSpec& spec() const final { return spec_; }

 protected:
  /// What the state machine's orders add.
  struct Orders : Effects {
    std::vector<std::stop_source> stops;  ///< of loads that are not wanted any more
    policy::Actions actions;              ///< those that leave this object
    bool events = false;                  ///< the event stream has something to deliver
  };

  ModelShell(const Environment& environment, CompileSpec spec, Selection selection);

  /// Gives the first orders.
  virtual void begin() = 0;
  virtual policy::Phase phase() const BATON_REQUIRES(mu_) = 0;
  /// What B-551 waits for.
  virtual bool steady() const BATON_REQUIRES(mu_) = 0;
  /// Does what concerns this object alone, so that no reader sees half of a decision.
  virtual void commit(policy::Actions actions, Orders& orders) BATON_REQUIRES(mu_) = 0;
  /// Does the rest, without the lock.
  virtual void perform(const policy::Action& action) = 0;
  virtual std::vector<policy::SelectionReport::Entry> pair_entries() const BATON_REQUIRES(mu_) = 0;
  /// Of every rung that ran, by rung.
  virtual std::map<int, PairStatistics> pair_statistics() const BATON_REQUIRES(mu_) = 0;

  base::Status refusal() const final BATON_REQUIRES(mu_);
  void carry_out_orders(Orders orders);
  /// With the effects of what led to them.
  void carry_out_later(policy::Actions actions, Effects& effects) BATON_REQUIRES(mu_);
  /// After each change. `serving`: null where nothing, or more than one, serves.
  void note_phase(std::uint64_t generation, const policy::Pair* serving) BATON_REQUIRES(mu_);
  /// Without what serves.
  Snapshot snapshot_at(std::uint64_t generation) const BATON_REQUIRES(mu_);

  // Constant after construction.
  const Environment environment_;
  const CompileSpec spec_;
  const Selection selection_;
  const RungLoader loader_;
  const base::TimePoint began_;

  EventStream events_;  // safe by itself

  base::CondVar changed_;                                 ///< phase, failure or a device changed
  base::Status failure_ BATON_GUARDED_BY(mu_);            ///< nothing can serve
  std::vector<std::string> notes_ BATON_GUARDED_BY(mu_);  ///< for the report
  std::vector<policy::SelectionReport::PhaseChange> phases_ BATON_GUARDED_BY(mu_);
  double switch_ms_ BATON_GUARDED_BY(mu_) = 0;
  bool closed_ BATON_GUARDED_BY(mu_) = false;
};

}  // namespace baton::autodev
