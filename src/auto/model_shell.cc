// SPDX-License-Identifier: Apache-2.0
// Copyright (C) 2026 The Baton authors
#include "auto/model_shell.h"

#include <memory>
#include <utility>

#include "auto/reports.h"

namespace baton::autodev {

using base::MutexLock;
using base::Status;
using policy::Phase;

namespace {

/// A listener that hangs keeps nobody from hearing that the compile failed.
constexpr base::Duration kLongestDelivery = std::chrono::seconds(2);

}  // namespace

ModelShell::ModelShell(const Environment& environment, CompileSpec spec, Selection selection)
    : RequestPath(*environment.executor,
                  {.profiling = spec.options.profiling,
                   .attempt_limit = policy::attempt_limit(spec.options.max_attempts, selection.ranking.size()),
                   .infer_timeout = std::chrono::milliseconds(spec.options.infer_timeout_ms)}),
      environment_(environment),
      spec_(std::move(spec)),
      selection_(std::move(selection)),
      loader_(environment_, spec_, selection_),
      began_(environment_.executor->now()),
      events_(*environment_.executor, spec_.on_event) {
  batch_settings()->set_timeout_ms(spec_.options.batch_timeout_ms);
}

Status ModelShell::start_and_wait() {
  for (policy::Event& event : rejections(selection_, began_)) events_.add(std::move(event));
  begin();
  Status status;
  {
    MutexLock lock(mu_);
    executor().wait(
        mu_, changed_, [this]() BATON_NO_THREAD_SAFETY_ANALYSIS { return phase() != Phase::kPreparing; }, std::nullopt);
    status = failure_;
  }
  if (!status.is_ok()) {
    close();
    events_.deliver_all(kLongestDelivery);
  }
  return status;
}

bool ModelShell::wait_until_steady(std::optional<base::Duration> timeout) {
  std::optional<base::TimePoint> deadline;
  if (timeout) deadline = executor().now() + *timeout;
  MutexLock lock(mu_);
  return executor().wait(
      mu_, changed_,
      [this]() BATON_NO_THREAD_SAFETY_ANALYSIS { return closed_ || phase() == Phase::kFailed || steady(); }, deadline);
}

Status ModelShell::refusal() const {
  if (closed_) return Status::cancelled("the compiled model was closed");
  return failure_;
}

// ---------------------------------------------------------------------------------------------------------------------
// Orders

void ModelShell::carry_out_orders(Orders orders) {
  for (std::stop_source& stop : orders.stops) stop.request_stop();
  begin_runs(orders);
  for (const policy::Action& action : orders.actions) perform(action);
  if (orders.events) events_.deliver();
  do_later(orders);
}

void ModelShell::carry_out_later(policy::Actions actions, Effects& effects) {
  auto orders = std::make_shared<Orders>();
  commit(std::move(actions), *orders);
  effects.starts.insert(effects.starts.end(), orders->starts.begin(), orders->starts.end());
  effects.ended.insert(effects.ended.end(), orders->ended.begin(), orders->ended.end());
  orders->starts.clear();
  orders->ended.clear();
  effects.later.emplace_back([this, orders] { carry_out_orders(std::move(*orders)); });
}

void ModelShell::note_phase(std::uint64_t generation, const policy::Pair* serving) {
  const std::string name(to_string(phase()));
  if (phases_.empty() || phases_.back().phase != name || phases_.back().generation != generation) {
    phases_.push_back({name, base::to_ms(executor().now() - began_), serving ? serving->device : "",
                       serving ? serving->engine : "", generation});
  }
  changed_.notify_all();
}

// ---------------------------------------------------------------------------------------------------------------------
// Reports

Snapshot ModelShell::snapshot_at(std::uint64_t generation) const {
  Snapshot snapshot;
  snapshot.phase = phase();
  snapshot.generation = generation;
  snapshot.schedule_policy = schedule_policy(spec_, selection_);
  for (std::size_t d = 0; d < selection_.ranking.size(); ++d)
    snapshot.accepted_devices.push_back(selection_.candidate(static_cast<int>(d)).device);
  return snapshot;
}

policy::SelectionReport ModelShell::report() const {
  policy::SelectionReport report = selection_report(spec_, selection_);
  MutexLock lock(mu_);
  add_entries(report, spec_, selection_, pair_entries());
  report.phases = phases_;
  report.notes.insert(report.notes.end(), notes_.begin(), notes_.end());
  return report;
}

Statistics ModelShell::statistics() const {
  MutexLock lock(mu_);
  Statistics statistics;
  for (auto& [rung, pair] : pair_statistics()) statistics.pairs.push_back(pair);
  statistics.switch_ms = switch_ms_;
  statistics.queued = queue_.size();
  return statistics;
}

}  // namespace baton::autodev
