// SPDX-License-Identifier: Apache-2.0
// Copyright (C) 2026 The Baton authors
#include "auto/auto_model_impl.h"

#include <algorithm>
#include <utility>

#include "auto/reports.h"

namespace baton::autodev {

using base::MutexLock;
using base::Result;
using policy::Ladder;
using policy::Phase;
using policy::Reason;
using policy::RungState;
using policy::Verdict;

namespace {

/// B-621, B-128: without it nothing is done about a failure.
bool can_recover(const CompileSpec& spec) {
  return spec.options.runtime_fallback && spec.device.kind != policy::DeviceString::Kind::kDirect;
}

/// B-622, B-1101.
bool can_fail_over(const CompileSpec& spec, const Selection& selection) {
  return can_recover(spec) && selection.ranking.size() > 1 && !spec.model.facts().stateful;
}

policy::LadderOptions ladder_options(const CompileSpec& spec, const Selection& selection) {
  const bool direct = spec.device.is_one_device();
  policy::LadderOptions options;
  options.hold = spec.options.handover_hold;
  options.keep_helper = spec.options.keep_helper;
  options.free_shapes = spec.model.is_dynamic();
  options.second_look = spec.options.second_look && !direct && !is_multi_device(spec) && !spec.model.facts().stateful;
  // Nor does it lead back to a device that was left to a model of higher priority (B-413).
  options.second_look_across_devices = selection.list.default_order && selection.plan.first_device == 0;
  options.startup_grace = std::chrono::milliseconds(spec.options.startup_grace_ms);
  options.compile_timeout = std::chrono::milliseconds(spec.options.compile_timeout_ms);
  options.recovery_backoff = std::chrono::milliseconds(spec.options.recovery_backoff_ms);
  options.fail_over = can_fail_over(spec, selection);
  options.stateful = spec.model.facts().stateful;
  options.tag = tag_of(spec);
  return options;
}

}  // namespace

AutoModelImpl::AutoModelImpl(Environment environment, CompileSpec spec, Selection selection)
    : ModelShell(environment, std::move(spec), std::move(selection)),
      recovers_(can_recover(spec_)),
      fail_over_(can_fail_over(spec_, selection_)),
      keeps_state_(spec_.model.facts().stateful),
      free_shapes_(spec_.model.is_dynamic()),
      records_(environment_, spec_, selection_),
      ladder_(selection_.plan, ladder_options(spec_, selection_)) {
  if (selection_.registered) registered_identity_ = selection_.record(selection_.plan.first_device).identity;
}

void AutoModelImpl::begin() {
  tell([](Ladder& ladder, base::TimePoint now) { return ladder.start(now); });
}

void AutoModelImpl::close() {
  {
    MutexLock lock(mu_);
    if (closed_) return;
  }
  tell([](Ladder& ladder, base::TimePoint now) { return ladder.close(now); });
  save_executables();
  Effects effects;
  std::vector<std::shared_ptr<LoadedRung>> loaded;
  std::vector<std::shared_ptr<LoadedRung>> retired;
  std::shared_ptr<Checker> checker;
  // Both may hold the last reference to a check, and that its requests: they end without the lock.
  std::function<void(std::shared_ptr<Sample>)> unsampled;
  Turn unturned;
  {
    MutexLock lock(mu_);
    closed_ = true;
    refuse_waiting(refusal(), effects);
    serving_ = nullptr;
    unturned = std::exchange(turn_wanted_, nullptr);
    if (running_ == 0) {  // otherwise they go with this object
      loaded = std::move(loaded_);
      retired = std::move(retired_);
    }
    checker = std::move(checker_);
    unsampled = std::exchange(sample_wanted_, nullptr);
    changed_.notify_all();
  }
  if (checker) checker->cancel();
  carry_out(std::move(effects));
  records_.save();
}

void AutoModelImpl::set_handover_hold(bool hold) {
  tell([hold](Ladder& ladder, base::TimePoint now) { return ladder.set_hold(hold, now); });
}

Result<std::string> AutoModelImpl::executable_property(const std::string& key, const std::string& /*device*/) const {
  std::shared_ptr<engine::Executable> executable;
  {
    MutexLock lock(mu_);
    if (serving_) executable = serving_->executable;
  }
  return property_of(executable, key);
}

// ---------------------------------------------------------------------------------------------------------------------
// Reports

Snapshot AutoModelImpl::snapshot() const {
  MutexLock lock(mu_);
  Snapshot snapshot = snapshot_at(ladder_.generation());
  const Snapshot serving = serving_ ? serving_snapshot() : lost_;
  if (snapshot.phase == Phase::kFailed || serving.execution_devices.empty()) return snapshot;
  snapshot.execution_devices = serving.execution_devices;
  snapshot.execution_engines = serving.execution_engines;
  snapshot.loaded_from_cache = serving.loaded_from_cache;
  snapshot.precision = serving.precision;
  snapshot.optimal_requests = serving.optimal_requests;
  if (!serving_) {  // B-506
    for (auto* names : {&snapshot.execution_devices, &snapshot.execution_engines}) {
      for (std::string& name : *names) {
        if (!name.starts_with('(')) name = "(" + name + ")";
      }
    }
  }
  return snapshot;
}

/// REQUIRES: something serves.
Snapshot AutoModelImpl::serving_snapshot() const {
  Snapshot snapshot;
  const bool interim = ladder_.serving_is_interim();
  const int target = ladder_.target();
  const auto& rungs = ladder_.rungs();
  const bool other_device = target < 0 || rungs[target].spec.pair.device != serving_->pair.device;
  snapshot.execution_devices = {interim && other_device ? "(" + serving_->pair.device + ")" : serving_->pair.device};
  snapshot.execution_engines = {interim ? "(" + serving_->pair.engine + ")" : serving_->pair.engine};
  snapshot.loaded_from_cache = serving_->traits.loaded_from_cache;
  snapshot.precision = serving_->traits.precision;
  snapshot.optimal_requests = serving_->optimal_requests;
  if (interim && target >= 0) snapshot.optimal_requests = prediction(target);
  return snapshot;
}

/// B-712.
std::uint32_t AutoModelImpl::prediction(int rung) const {
  const auto answers = answers_.find(rung);
  return predicted_requests(spec_, selection_, ladder_.rungs()[static_cast<std::size_t>(rung)].spec,
                            answers != answers_.end() ? answers->second : policy::DeviceAnswers());
}

std::vector<policy::SelectionReport::Entry> AutoModelImpl::pair_entries() const {
  std::vector<policy::SelectionReport::Entry> entries;
  for (std::size_t i = 0; i < ladder_.rungs().size(); ++i) {
    const policy::Rung& rung = ladder_.rungs()[i];
    const int index = static_cast<int>(i);
    Verdict verdict = Verdict::kStandby;
    Reason reason = rung.refusal.value_or(Reason::kLowerRank);
    std::string text = rung.text;
    if (rung.state == RungState::kFailed) {
      verdict = Verdict::kFailed;
    } else if (const auto suspended = ladder_.suspended(rung.spec.device)) {
      verdict = Verdict::kSuspended;
      reason = *suspended;
      text = ladder_.last_failure(rung.spec.device).text;
    } else if (index == ladder_.serving() ? !ladder_.serving_is_interim() : index == ladder_.target()) {
      verdict = Verdict::kTarget;
      reason = Reason::kSelected;
    } else if (index == ladder_.helper() && rung.state != RungState::kAbsent) {
      verdict = Verdict::kHelper;
      reason = Reason::kHelper;
    }
    const auto& notes = ladder_.plan().interim_notes;
    const auto note = notes.find(index);
    if (text.empty() && note != notes.end() && verdict != Verdict::kTarget) text = note->second;
    auto entry = entry_of(rung.spec.pair, verdict, reason, std::move(text));
    entry.figures = rung.figures;
    add_record(entry, rung.spec.record);
    if (i < loaded_.size() && loaded_[i]) add_loaded(entry, *loaded_[i]);
    entries.push_back(std::move(entry));
  }
  return entries;
}

std::map<int, PairStatistics> AutoModelImpl::pair_statistics() const {
  std::map<int, PairStatistics> pairs;
  for (const auto& [index, counters] : past_counters_)
    pairs[index] = statistics_of(ladder_.rungs()[static_cast<std::size_t>(index)].spec.pair, counters);
  for (const auto& rung : loaded_) {
    if (rung) pairs[rung->index] = statistics_of(*rung);
  }
  return pairs;
}

}  // namespace baton::autodev
