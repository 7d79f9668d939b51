// SPDX-License-Identifier: Apache-2.0
// Copyright (C) 2026 The Baton authors
//
// Run-time failures: what the ladder hears of them, what becomes of what failed, probes; and the registration of the
// target device, which follows.
#include <algorithm>
#include <utility>

#include "auto/auto_model_impl.h"

namespace baton::autodev {

using base::MutexLock;
using base::Status;
using policy::FailureClass;
using policy::Ladder;

/// B-621, B-622; a model that keeps state stays where its state is (B-1101).
bool AutoModelImpl::fails_over() const { return fail_over_ && !closed_; }

/// Without fail-over a lost device is waited for (B-628); anything else is the request's affair alone.
void AutoModelImpl::run_failed(Worker& worker, const Status& status, Effects& effects) {
  const bool lost = policy::failure_class(status.code()) == FailureClass::kDeviceLost;
  if (closed_ || (!fail_over_ && !(recovers_ && lost))) return;
  const LoadedRung& rung = worker.rung;
  if (loaded_[static_cast<std::size_t>(rung.index)].get() != &rung) return;  // it is retired already
  carry_out_later(ladder_.run_failed(rung.index, status, executor().now()), effects);
}

bool AutoModelImpl::can_serve() const { return serving_ != nullptr && serving_->given_up < serving_->workers.size(); }

std::string AutoModelImpl::failure_note(const Status& status) const {
  const bool lost = policy::failure_class(status.code()) == FailureClass::kDeviceLost;
  return lost && spec_.model.facts().stateful ? "the state of the model is lost" : "";
}

/// It takes nothing more; what still runs on it ends there (B-613).
void AutoModelImpl::retire(int rung, Effects& effects) {
  std::shared_ptr<LoadedRung> old = std::move(loaded_[static_cast<std::size_t>(rung)]);
  past_counters_[rung] = *old;
  if (serving_ == old.get()) {
    lost_ = serving_snapshot();
    serving_ = nullptr;
    answered_ = false;  // the next first answer lets a deferred load begin
  }
  if (old->running > 0) retired_.push_back(std::move(old));
  else effects.later.emplace_back([old = std::move(old)] {});  // destroyed without the lock
}

/// True when `rung` was retired: with its last run it goes.
bool AutoModelImpl::drop_retired(const LoadedRung& rung, Effects& effects) {
  const auto found =
      std::find_if(retired_.begin(), retired_.end(), [&](const auto& retired) { return retired.get() == &rung; });
  if (found == retired_.end()) return false;
  effects.later.emplace_back([old = std::move(*found)] {});
  retired_.erase(found);
  return true;
}

void AutoModelImpl::warm_up_probe(int rung) {
  std::shared_ptr<LoadedRung> loaded;
  std::shared_ptr<Sample> sample;
  std::uint64_t ticket = 0;
  {
    MutexLock lock(mu_);
    if (closed_) return;
    loaded = loaded_[static_cast<std::size_t>(rung)];
    sample = last_sample_;
    ticket = load_tickets_[static_cast<std::size_t>(rung)];
  }
  if (!loaded) return;  // dropped between the order and this
  if (!sample) sample = Sample::pseudo_random(spec_.model);
  run_once(std::move(loaded), std::move(sample), [weak = weak_from_this(), rung, ticket](const Status& status) {
    auto model = std::static_pointer_cast<AutoModelImpl>(weak.lock());
    if (!model) return;
    model->tell([&](Ladder& ladder, base::TimePoint now) BATON_NO_THREAD_SAFETY_ANALYSIS {
      // What was loaded anew meanwhile has a warm-up of its own.
      const bool same = model->load_tickets_[static_cast<std::size_t>(rung)] == ticket;
      return same ? ladder.warmed(rung, status, now) : policy::Actions{};
    });
  });
}

// ---------------------------------------------------------------------------------------------------------------------
// Occupancy

void AutoModelImpl::choose_device(const std::vector<int>& plan_devices) {
  std::vector<std::string> identities;
  for (const int device : plan_devices) identities.push_back(selection_.record(device).identity);
  const policy::TargetChoice choice =
      environment_.shared->choose_and_register(identities, spec_.options.model_priority);
  register_instead(identities[choice.index]);
  const int device = plan_devices[choice.index];
  tell([device](Ladder& ladder, base::TimePoint now) { return ladder.device_chosen(device, now); });
}

void AutoModelImpl::ask_device(int device, bool claim, bool force) {
  const std::string& identity = selection_.record(device).identity;
  const auto priority = spec_.options.model_priority;
  bool granted = true;
  if (!selection_.registered) {
    // One device of a model for several: it neither registers nor is blocked (B-418).
  } else if (!claim) {
    granted = !environment_.shared->held_above(identity, priority);
  } else {
    granted = environment_.shared->claim(identity, priority, force);
    if (granted) register_instead(identity);
  }
  tell([&](Ladder& ladder, base::TimePoint now) { return ladder.device_answered(device, claim, granted, now); });
}

/// `identity` is registered already; what was before ends.
void AutoModelImpl::register_instead(const std::string& identity) {
  std::string before;
  {
    MutexLock lock(mu_);
    before = std::exchange(registered_identity_, identity);
  }
  if (!before.empty()) environment_.shared->unregister(before, spec_.options.model_priority);
}

void AutoModelImpl::leave_device() { register_instead({}); }

}  // namespace baton::autodev
