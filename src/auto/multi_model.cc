// SPDX-License-Identifier: Apache-2.0
// Copyright (C) 2026 The Baton authors
#include "auto/multi_model.h"

#include <algorithm>
#include <utility>

#include "auto/reports.h"
#include "policy/request_count.h"

namespace baton::autodev {

using base::MutexLock;
using base::Result;
using base::Status;
using policy::Reason;
using policy::RungState;
using policy::SchedulePolicy;
using policy::ServingSet;
using policy::Verdict;

namespace {

/// A time that has come but for its last digits must not be asked for again and again.
constexpr double kShortestLookMs = 0.1;

policy::ServingSetOptions set_options(const CompileSpec& spec) {
  return {.wait_for_all = spec.options.bind_buffer,
          .compile_timeout = std::chrono::milliseconds(spec.options.compile_timeout_ms),
          .recovery_backoff = std::chrono::milliseconds(spec.options.recovery_backoff_ms),
          .tag = tag_of(spec)};
}

}  // namespace

MultiModel::MultiModel(Environment environment, CompileSpec spec, Selection selection)
    : ModelShell(environment, std::move(spec), std::move(selection)),
      set_(selection_.plan, set_options(spec_)),
      schedule_(schedule_policy(spec_, selection_), selection_.plan.devices.size()),
      contention_(selection_.plan.devices.size()),
      members_(selection_.plan.rungs.size()) {
  notes_.push_back("scheduled by " + std::string(to_string(schedule_.policy())));
}

void MultiModel::begin() {
  tell([](ServingSet& set, base::TimePoint now) { return set.start(now); });
}

void MultiModel::close() {
  {
    MutexLock lock(mu_);
    if (closed_) return;
  }
  tell([](ServingSet& set, base::TimePoint now) { return set.close(now); });
  Effects effects;
  std::vector<std::shared_ptr<LoadedRung>> loaded;
  {
    MutexLock lock(mu_);
    closed_ = true;
    refuse_waiting(refusal(), effects);
    if (running_ == 0) {  // otherwise they go with this object
      for (Member& member : members_) loaded.push_back(std::move(member.loaded));
      loaded.insert(loaded.end(), draining_.begin(), draining_.end());
      draining_.clear();
    }
    changed_.notify_all();
  }
  carry_out(std::move(effects));
}

// ---------------------------------------------------------------------------------------------------------------------
// Requests

int MultiModel::device_of(const LoadedRung& rung) const {
  return selection_.plan.rungs[static_cast<std::size_t>(rung.index)].device;
}

double MultiModel::now_ms() const { return base::to_ms(executor().now() - began_); }

/// For the schedule: other policies than this one ask for no time.
double MultiModel::schedule_ms() const { return schedule_.policy() == SchedulePolicy::kEarliestFinish ? now_ms() : 0; }

RequestPath::Dispatch MultiModel::next_dispatch(Effects& effects) {
  if (spec_.options.bind_buffer) return next_bound();
  const auto next = schedule_.next(queue_.size(), schedule_ms());
  if (!next) {
    look_again_later(effects);
    return {};
  }
  LoadedRung& rung = *members_[static_cast<std::size_t>(set_.rung_of(next->device))].loaded;
  return {rung.take_idle(), &queue_.at(next->position)};
}

void MultiModel::run_assigned(Worker& worker, InferTask& /*task*/) {
  if (running_ == 1) contention_.awakes(now_ms());
  schedule_.started(device_of(worker.rung), worker.index, schedule_ms());
}

void MultiModel::run_over(Worker& worker, InferTask& /*task*/, const Status& status, const RunInfo& info,
                          Effects& /*effects*/) {
  // A compile at new shapes says nothing of later runs; those at every change are part of them (B-1112).
  if (status.is_ok() && (!info.compiled || worker.rung.forgets_shapes()))
    schedule_.measured(device_of(worker.rung), worker.index, info.run_ms);
}

void MultiModel::worker_idle(Worker& worker, Effects& effects) {
  LoadedRung& rung = worker.rung;
  if (serves(rung)) {
    watch_contention(device_of(rung), effects);
    schedule_.ended(device_of(rung), worker.index, schedule_ms());
    dispatch_waiting(effects);
    if (running_ == 0) contention_.idles();
    return;
  }
  if (rung.running > 0) return;
  const auto gone =
      std::find_if(draining_.begin(), draining_.end(), [&](const auto& left) { return left.get() == &rung; });
  if (gone == draining_.end()) return;
  effects.later.emplace_back([last = std::move(*gone)] {});  // ends outside the lock
  draining_.erase(gone);
}

bool MultiModel::serves(const LoadedRung& rung) const {
  return members_[static_cast<std::size_t>(rung.index)].loaded.get() == &rung;
}

/// B-811, B-819.
bool MultiModel::fails_over() const { return spec_.options.runtime_fallback && !spec_.options.bind_buffer && !closed_; }

void MultiModel::run_failed(Worker& worker, const Status& status, Effects& effects) {
  if (!fails_over() || !serves(worker.rung)) return;
  carry_out_later(set_.run_failed(worker.rung.index, status, executor().now()), effects);
}

/// B-820. A run has ended.
void MultiModel::watch_contention(int device, Effects& effects) {
  if (schedule_.policy() == SchedulePolicy::kRoundRobin || spec_.options.bind_buffer) return;
  const double busy = queue_.empty() ? schedule_.busy() : 1;
  const auto verdict = contention_.completed(schedule_, device, busy, now_ms());
  if (!verdict) return;
  carry_out_later(set_.compared(*verdict, executor().now()), effects);
}

bool MultiModel::can_serve() const {
  const std::vector<int> serving = set_.serving();
  return std::any_of(serving.begin(), serving.end(), [this](int rung) BATON_NO_THREAD_SAFETY_ANALYSIS {
    const auto& loaded = members_[static_cast<std::size_t>(rung)].loaded;
    return loaded && loaded->given_up < loaded->workers.size();
  });
}

std::string MultiModel::failure_note(const Status& /*status*/) const {
  return spec_.options.runtime_fallback ? "" : "ENABLE_RUNTIME_FALLBACK is off";
}

/// Requests wait for busy devices while others are idle: should those take too long, the schedule thinks again, and so
/// does who keeps a device from serving.
void MultiModel::look_again_later(Effects& effects) {
  if (look_again_set_) return;
  const auto patience = contention_.patience_ends_ms(schedule_);
  if (schedule_.policy() != SchedulePolicy::kEarliestFinish && !patience) return;
  const double now = now_ms();
  auto time = schedule_.look_again(queue_.size(), now);
  if (patience) time = std::min(time.value_or(*patience), *patience);
  if (!time) return;
  look_again_set_ = true;
  effects.later.emplace_back([this, after = base::from_ms(std::max(kShortestLookMs, *time - now))] {
    executor().run_at(executor().now() + after, [weak = weak_from_this()] {
      auto model = std::static_pointer_cast<MultiModel>(weak.lock());
      if (!model) return;
      Effects found;
      {
        MutexLock lock(model->mu_);
        model->look_again_set_ = false;
        if (!model->queue_.empty()) model->contention_.relent(model->schedule_, model->now_ms());
        if (!model->closed_) model->dispatch_waiting(found);
      }
      model->carry_out(std::move(found));
    });
  });
}

std::vector<Worker*> MultiModel::all_workers() const {
  std::vector<Worker*> workers;
  for (const int rung : set_.serving()) {
    for (const auto& worker : members_[static_cast<std::size_t>(rung)].loaded->workers) workers.push_back(worker.get());
  }
  return workers;
}

Status MultiModel::bind(InferTask& task) {
  if (!spec_.options.bind_buffer) return {};
  MutexLock lock(mu_);
  if (closed_) return refusal();
  const std::vector<Worker*> workers = all_workers();
  bound_.resize(workers.size());
  const auto place = std::find(bound_.begin(), bound_.end(), nullptr);
  if (place == bound_.end()) {
    return Status::unsupported("DEVICE_BIND_BUFFER gives each request a worker of its own: request number " +
                               std::to_string(workers.size() + 1) + " cannot be created, there are " +
                               std::to_string(workers.size()) + " workers; use fewer requests or DEVICE(n)");
  }
  *place = &task;
  task.bound_ = workers[static_cast<std::size_t>(place - bound_.begin())];
  return {};
}

void MultiModel::unbind(InferTask& task) {
  MutexLock lock(mu_);
  std::replace(bound_.begin(), bound_.end(), &task, static_cast<InferTask*>(nullptr));
}

// ---------------------------------------------------------------------------------------------------------------------
// Reports

Result<std::string> MultiModel::executable_property(const std::string& key, const std::string& device) const {
  std::shared_ptr<engine::Executable> executable;
  {
    MutexLock lock(mu_);
    for (const int rung : set_.serving()) {
      const auto& loaded = members_[static_cast<std::size_t>(rung)].loaded;
      if (loaded && !executable && (device.empty() || loaded->pair.device == device)) executable = loaded->executable;
    }
  }
  return property_of(executable, key);
}

/// B-718, B-707.
std::uint32_t MultiModel::optimal_requests() const {
  std::uint32_t sum = 0;
  for (std::size_t d = 0; d < selection_.plan.devices.size(); ++d) {
    const int rung = set_.rung_of(static_cast<int>(d));
    if (rung < 0 || set_.suspended(static_cast<int>(d))) continue;
    const Member& member = members_[static_cast<std::size_t>(rung)];
    sum += member.loaded ? member.loaded->optimal_requests
                         : predicted_requests(spec_, selection_, selection_.plan.rungs[static_cast<std::size_t>(rung)],
                                              member.answers);
  }
  return policy::capped(std::max(1u, sum), spec_.options.num_requests);
}

Snapshot MultiModel::snapshot() const {
  MutexLock lock(mu_);
  Snapshot snapshot = snapshot_at(set_.generation());
  snapshot.optimal_requests = optimal_requests();
  const std::vector<int> serving = set_.serving();
  snapshot.loaded_from_cache = !serving.empty();
  for (const int rung : serving) {
    const auto& loaded = members_[static_cast<std::size_t>(rung)].loaded;
    if (!loaded) continue;  // closed
    snapshot.execution_devices.push_back(loaded->pair.device);
    snapshot.execution_engines.push_back(loaded->pair.engine);
    snapshot.loaded_from_cache &= loaded->traits.loaded_from_cache;
    if (snapshot.precision.empty()) snapshot.precision = loaded->traits.precision;
  }
  return snapshot;
}

std::vector<policy::SelectionReport::Entry> MultiModel::pair_entries() const {
  std::vector<policy::SelectionReport::Entry> entries;
  for (std::size_t i = 0; i < set_.rungs().size(); ++i) {
    const policy::Rung& rung = set_.rungs()[i];
    Verdict verdict = Verdict::kStandby;
    Reason reason = rung.refusal.value_or(Reason::kLowerRank);
    if (set_.suspended(rung.spec.device) && set_.rung_of(rung.spec.device) == static_cast<int>(i)) {
      verdict = Verdict::kSuspended;
    } else if (rung.state == RungState::kFailed) {
      verdict = Verdict::kFailed;
    } else if (rung.state != RungState::kAbsent) {
      verdict = rung.state == RungState::kServing ? Verdict::kServing : Verdict::kStandby;
      reason = Reason::kSelected;
    }
    auto entry = entry_of(rung.spec.pair, verdict, reason, rung.text);
    entry.figures = rung.figures;
    add_record(entry, rung.spec.record);
    if (const auto& loaded = members_[i].loaded) {
      add_loaded(entry, *loaded);
      entry.figures["service_ms"] = schedule_.service_ms(rung.spec.device);
    }
    entries.push_back(std::move(entry));
  }
  return entries;
}

std::map<int, PairStatistics> MultiModel::pair_statistics() const {
  std::map<int, PairStatistics> pairs;
  for (std::size_t i = 0; i < members_.size(); ++i) {
    const Member& member = members_[i];
    if (member.loaded) pairs[static_cast<int>(i)] = statistics_of(*member.loaded);
    else if (member.past) pairs[static_cast<int>(i)] = statistics_of(selection_.plan.rungs[i].pair, *member.past);
  }
  return pairs;
}

}  // namespace baton::autodev
