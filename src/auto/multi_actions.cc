// SPDX-License-Identifier: Apache-2.0
// Copyright (C) 2026 The Baton authors
//
// What the serving set orders: loads, warm-up, joining, releases, timers.
#include <algorithm>
#include <utility>

#include "auto/multi_model.h"
#include "auto/reports.h"

namespace baton::autodev {

using base::MutexLock;
using base::Status;
using policy::Action;
using policy::Actions;
using policy::CheckResult;
using policy::ServingSet;

void MultiModel::tell(const Event& event) {
  Orders orders;
  {
    MutexLock lock(mu_);
    commit(event(set_, executor().now()), orders);
  }
  carry_out_orders(std::move(orders));
}

void MultiModel::commit(Actions actions, Orders& orders) {
  count_generation();
  for (Action& action : actions) {
    switch (action.kind) {
      case Action::Kind::kPublish: join(action.rung, orders); break;
      case Action::Kind::kCancelLoad:
        orders.stops.push_back(members_[static_cast<std::size_t>(action.rung)].load_stop);
        break;
      case Action::Kind::kLoad: {
        // Here, so that a cancellation hits what was ordered before it, whichever is carried out first.
        Member& member = members_[static_cast<std::size_t>(action.rung)];
        member.load_stop = std::stop_source();
        action.ticket = ++member.load_ticket;
        orders.actions.push_back(std::move(action));
        break;
      }
      case Action::Kind::kEmit:
        if (action.event->type == policy::EventType::kClosed) add_inferences(*action.event, pair_statistics());
        events_.add(std::move(*action.event));
        orders.events = true;
        break;
      case Action::Kind::kRelease: retire(action.rung, orders); break;
      case Action::Kind::kFail:
        failure_ = std::move(action.status);
        refuse_waiting(failure_, orders);
        break;
      default: orders.actions.push_back(std::move(action));
    }
  }
  note_phase(set_.generation(), nullptr);
}

void MultiModel::join(int rung, Effects& effects) {
  failure_ = Status::ok();
  LoadedRung& loaded = *members_[static_cast<std::size_t>(rung)].loaded;
  members_[static_cast<std::size_t>(rung)].takes_requests = true;
  const auto& figures = set_.rungs()[static_cast<std::size_t>(rung)].figures;
  const auto warm_up = figures.find("warm_up_ms");
  const double warm_up_ms = warm_up != figures.end() ? warm_up->second : 0;
  const int device = device_of(loaded);
  const std::size_t workers = loaded.workers.size();
  const std::size_t at_once = std::min<std::size_t>(workers, loaded.optimal_requests);
  schedule_.join(device, at_once, warm_up_ms, workers - at_once);
  const engine::DeviceKind kind = selection_.record(device).kind;
  contention_.join(schedule_, device,
                   {.exempt = selection_.candidate(device).workers > 0,
                    .fed = kind != engine::DeviceKind::kCpu && kind != engine::DeviceKind::kSoftware,
                    .joined_under_load = running_ > 0 || executor().now() - last_use_ <= base::from_ms(warm_up_ms)});
  dispatch_waiting(effects);  // what waits is offered to it at once (B-826)
  const policy::RungSpec& spec = selection_.plan.rungs[static_cast<std::size_t>(rung)];
  if (!loader_.cache().wants(spec, /*helper=*/false)) return;
  effects.later.emplace_back([this, &spec, executable = loaded.executable] { loader_.cache().save(spec, executable); });
}

void MultiModel::perform(const Action& action) {
  switch (action.kind) {
    case Action::Kind::kLoad: load(action.rung, action.ticket); break;
    case Action::Kind::kCheck: start_warm_up(action.rung, action.other); break;
    case Action::Kind::kCancelCheck: cancel_warm_up(action.rung); break;
    case Action::Kind::kStartTimer:
      executor().run_at(action.time, [weak = weak_from_this(), timer = action.timer, rung = action.rung] {
        auto model = std::static_pointer_cast<MultiModel>(weak.lock());
        if (model) model->tell([&](ServingSet& set, base::TimePoint now) { return set.timer(timer, rung, now); });
      });
      break;
    default: break;  // done by commit, or not a serving set's order
  }
}

void MultiModel::cancel_warm_up(int rung) {
  std::function<void()> cancel;
  {
    MutexLock lock(mu_);
    cancel = members_[static_cast<std::size_t>(rung)].cancel_warm_up;
  }
  if (cancel) cancel();
}

void MultiModel::load(int rung, std::uint64_t ticket) {
  RungLoad load{.rung = rung, .spec = selection_.plan.rungs[static_cast<std::size_t>(rung)], .owner = self()};
  {
    MutexLock lock(mu_);
    load.stop = members_[static_cast<std::size_t>(rung)].load_stop.get_token();
  }
  load.in_background = [this] {
    MutexLock lock(mu_);
    return !set_.serving().empty();
  };
  load.answered = [this, rung](const policy::DeviceAnswers& answers) {
    MutexLock lock(mu_);
    members_[static_cast<std::size_t>(rung)].answers = answers;
  };
  load.note = [this](std::string text) {
    MutexLock lock(mu_);
    notes_.push_back(std::move(text));
  };
  load.released = [] {};
  load.done = [this, rung, ticket](const Status& status, std::shared_ptr<LoadedRung> loaded, bool /*first*/) {
    load_ended(rung, ticket, status, std::move(loaded));
  };
  loader_.load(std::move(load));
}

/// A load that was given up and ordered anew says nothing when it ends; the newer one will.
void MultiModel::load_ended(int rung, std::uint64_t ticket, const Status& status, std::shared_ptr<LoadedRung> loaded) {
  Orders orders;
  {
    MutexLock lock(mu_);
    Member& member = members_[static_cast<std::size_t>(rung)];
    if (member.load_ticket != ticket) return;
    if (loaded) {
      if (member.past) static_cast<RunCounters&>(*loaded) = *member.past;
      member.loaded = std::move(loaded);
    }
    commit(set_.loaded(rung, status, executor().now()), orders);
  }
  carry_out_orders(std::move(orders));
}

// ---------------------------------------------------------------------------------------------------------------------
// Warming up

/// Where something serves already, nobody waits for this device: it is warmed up twice, because a first run that is
/// slower than all others would make the schedule avoid it. The first device is learned of as it serves.
void MultiModel::start_warm_up(int rung, int against) {
  std::shared_ptr<FirstRuns> warm_up;
  {
    MutexLock lock(mu_);
    Member& member = members_[static_cast<std::size_t>(rung)];
    if (closed_ || !member.loaded) return;  // between the order and this
    const bool lazy = selection_.plan.rungs[static_cast<std::size_t>(rung)].lazy_first_run;
    FirstRuns::Options options{.rung = member.loaded,
                               .sample = Sample::pseudo_random(spec_.model),
                               .outputs = spec_.model.facts().outputs.size(),
                               .least = against >= 0 || lazy ? 2 : 1};
    warm_up = std::make_shared<FirstRuns>(executor(), std::move(options),
                                          [weak = weak_from_this(), rung, against](const Status&, CheckResult result) {
                                            auto model = std::static_pointer_cast<MultiModel>(weak.lock());
                                            if (model) model->warmed_up(rung, against, std::move(result));
                                          });
    member.cancel_warm_up = [warm_up] { warm_up->cancel(); };
  }
  warm_up->start();
}

void MultiModel::warmed_up(int rung, int against, CheckResult result) {
  const bool compares = spec_.options.output_check_set && spec_.options.output_check != CheckMode::kOff;
  if (result.passed && compares && against >= 0) {
    std::shared_ptr<LoadedRung> reference;
    {
      MutexLock lock(mu_);
      reference = members_[static_cast<std::size_t>(against)].loaded;
    }
    if (reference) return start_check(rung, reference, std::move(result));
  }
  std::function<void()> over;
  {
    MutexLock lock(mu_);
    over = std::exchange(members_[static_cast<std::size_t>(rung)].cancel_warm_up, nullptr);
  }
  tell([&](ServingSet& set, base::TimePoint now) { return set.warmed(rung, result, now); });
}

CheckConfig MultiModel::check_config() const {
  CheckConfig config;
  config.output_check = spec_.options.output_check;
  config.speed_check = CheckMode::kOff;  // a slow device is the schedule's affair
  config.tolerance = {.user = spec_.options.tolerance, .accuracy = spec_.options.accuracy};
  config.outputs = spec_.model.facts().outputs;
  config.distributions = spec_.model.facts().output_is_distribution;
  config.random_model = spec_.model.facts().random;
  return config;
}

/// The user wants outputs compared: with the first device's, on the same input (B-803).
void MultiModel::start_check(int rung, const std::shared_ptr<LoadedRung>& reference, CheckResult warm) {
  std::shared_ptr<Checker> checker;
  {
    MutexLock lock(mu_);
    Member& member = members_[static_cast<std::size_t>(rung)];
    if (closed_ || !member.loaded) return;
    Checker::Hooks hooks;
    hooks.more_samples = [](const std::function<void(std::shared_ptr<Sample>)>& use) { use(nullptr); };
    hooks.done = [weak = weak_from_this(), rung, warm = std::move(warm)](CheckResult result) {
      auto model = std::static_pointer_cast<MultiModel>(weak.lock());
      if (!model) return;
      for (const auto& [name, value] : warm.figures) result.figures[name] = value;
      model->warmed_up(rung, -1, std::move(result));
    };
    checker = std::make_shared<Checker>(executor(), check_config(), Checker::Side{reference, reference->gate},
                                        Checker::Side{member.loaded, member.loaded->gate}, std::move(hooks));
    member.cancel_warm_up = [checker] { checker->cancel(); };
  }
  checker->start(Sample::pseudo_random(spec_.model));
}

/// The rung takes no more requests. What runs there ends by itself (B-613), and the rung with it.
void MultiModel::retire(int rung, Effects& effects) {
  Member& member = members_[static_cast<std::size_t>(rung)];
  if (!member.loaded) return;
  // A rung that comes too late leaves alone what serves on its device by now.
  if (std::exchange(member.takes_requests, false)) {
    schedule_.leave(device_of(*member.loaded));
    contention_.leave(schedule_, device_of(*member.loaded));
  }
  member.past = *member.loaded;
  if (member.loaded->running > 0) draining_.push_back(std::move(member.loaded));
  else effects.later.emplace_back([old = std::move(member.loaded)] {});  // destroyed without the lock
}

/// A request is told the generation in which it ran. The first begins without anybody joining where all are waited for.
void MultiModel::count_generation() {
  for (const int rung : set_.serving()) {
    if (const auto& loaded = members_[static_cast<std::size_t>(rung)].loaded) loaded->generation = set_.generation();
  }
}

}  // namespace baton::autodev
