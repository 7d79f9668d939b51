// SPDX-License-Identifier: Apache-2.0
// Copyright (C) 2026 The Baton authors
//
// What the ladder orders: loads, checks, publishing, releases, timers.
#include <algorithm>
#include <utility>

#include "auto/auto_model_impl.h"
#include "auto/first_runs.h"
#include "auto/reports.h"
#include "base/process_exit.h"

namespace baton::autodev {
namespace {

using base::MutexLock;
using base::Status;
using policy::Action;
using policy::Actions;
using policy::Ladder;

constexpr auto kSaveDelay = std::chrono::milliseconds(100);  ///< exporting leaves the first answer alone
constexpr auto kIdleMoment = std::chrono::milliseconds(50);  ///< B-553
constexpr auto kSecondLookPause =
    std::chrono::milliseconds(2000);  ///< a second look that began idle waits this long for idle moments
constexpr auto kSamplePatience = std::chrono::milliseconds(1000);  ///< B-531
constexpr auto kUserSamplePatience = std::chrono::seconds(5);      ///< B-1110
constexpr double kSecondLookLimit = 0.90;                          ///< B-553
constexpr std::uint32_t kMostInFlight = 32;                        ///< B-535

void leave_a_core(const std::weak_ptr<engine::Executable>& executable, bool on) {
  const std::shared_ptr<engine::Executable> running = executable.lock();
  const base::EngineCall call;
  if (running && call.allowed()) running->leave_a_core(on);
}

}  // namespace

void AutoModelImpl::tell(const Event& event) {
  Orders orders;
  {
    MutexLock lock(mu_);
    commit(event(ladder_, executor().now()), orders);
  }
  carry_out_orders(std::move(orders));
}

void AutoModelImpl::commit(Actions actions, Orders& orders) {
  for (Action& action : actions) {
    switch (action.kind) {
      case Action::Kind::kPublish: publish(action.rung, action.other, orders); break;
      case Action::Kind::kCancelLoad: orders.stops.push_back(load_stops_[static_cast<std::size_t>(action.rung)]); break;
      case Action::Kind::kOpenEngine:
      case Action::Kind::kLoad: {
        // Both here, so that a cancellation hits what was ordered before it and nothing else, whichever is carried out
        // first.
        const auto index = static_cast<std::size_t>(action.rung);
        if (load_stops_.size() <= index) load_stops_.resize(index + 1);
        if (load_tickets_.size() <= index) load_tickets_.resize(index + 1);
        load_stops_[index] = std::stop_source();
        action.ticket = load_tickets_[index] = ++tickets_;
        orders.actions.push_back(std::move(action));
        break;
      }
      case Action::Kind::kCheck:
        action.ticket = check_ticket_ = ++tickets_;
        orders.actions.push_back(std::move(action));
        break;
      case Action::Kind::kCancelCheck: cancel_check(orders); break;
      case Action::Kind::kRetire: retire(action.rung, orders); break;
      case Action::Kind::kRelease: release(action.rung, orders); break;
      case Action::Kind::kEmit:
        if (action.event->type == policy::EventType::kSwitched) note_switch(*action.event, action.rung);
        add_counters(*action.event, action.rung);
        events_.add(std::move(*action.event));
        orders.events = true;
        break;
      case Action::Kind::kFail:
        failure_ = std::move(action.status);
        refuse_waiting(failure_, orders);
        break;
      case Action::Kind::kSettled:
        if (ladder_.second_look_over()) last_sample_.reset();
        break;
      default: orders.actions.push_back(std::move(action));
    }
  }
  note_phase(ladder_.generation(), ladder_.serving() >= 0 ? &ladder_.rungs()[ladder_.serving()].spec.pair : nullptr);
}

/// B-716: what was predicted of the rung, and its own number of requests.
void AutoModelImpl::note_switch(policy::Event& event, int rung) {
  const auto index = static_cast<std::size_t>(rung);
  switch_ms_ = event.values["since_start_ms"];
  event.values["predicted_requests"] = prediction(rung);
  event.values["optimal_requests"] = loaded_[index]->optimal_requests;
}

/// What the log says at the helper's release and at the end (B-1207, B-1208).
void AutoModelImpl::add_counters(policy::Event& event, int rung) const {
  if (event.type == policy::EventType::kClosed) return add_inferences(event, pair_statistics());
  if (event.type != policy::EventType::kHelperReleased) return;
  const auto pairs = pair_statistics();
  if (const auto helper = pairs.find(rung); helper != pairs.end()) {
    event.values = {{"infer", static_cast<double>(helper->second.done)}, {"fps", rate_of(helper->second)}};
  }
}

void AutoModelImpl::publish(int rung, int old, Effects& effects) {
  failure_ = Status::ok();
  lost_ = {};
  if (old < 0) last_sample_.reset();  // its outputs are of something that failed, and nobody compared this with it
  serving_ = loaded_[static_cast<std::size_t>(rung)].get();
  serving_->generation = ladder_.generation();
  dispatch_waiting(effects);  // requests queued behind the old rung move now (B-520)
  if (old >= 0 && loaded_[static_cast<std::size_t>(old)]->running == 0) note_drained(old, effects);
  if (!loader_.cache().wants(ladder_.rungs()[static_cast<std::size_t>(rung)].spec, rung == ladder_.helper())) return;
  unsaved_.push_back(rung);
  effects.later.emplace_back([this] {
    executor().run_at(executor().now() + kSaveDelay, [weak = weak_from_this()] {
      if (auto model = std::static_pointer_cast<AutoModelImpl>(weak.lock())) model->save_executables();
    });
  });
}

/// What serves, and so has passed its check, goes to the cache.
void AutoModelImpl::save_executables() {
  std::vector<std::pair<policy::RungSpec, std::shared_ptr<engine::Executable>>> found;
  {
    MutexLock lock(mu_);
    for (const int rung : std::exchange(unsaved_, {})) {
      const auto index = static_cast<std::size_t>(rung);
      if (loaded_[index]) found.emplace_back(ladder_.rungs()[index].spec, loaded_[index]->executable);
    }
  }
  for (auto& [spec, executable] : found) loader_.cache().save(spec, std::move(executable));
}

void AutoModelImpl::perform(const Action& action) {
  switch (action.kind) {
    case Action::Kind::kOpenEngine: loader_.open_engine(spec_of(action.rung), stop_of(action.rung), self()); break;
    case Action::Kind::kLoad: load(action.rung, action.ticket); break;
    case Action::Kind::kCheck: start_check(action); break;
    case Action::Kind::kWarmUp: warm_up_probe(action.rung); break;
    case Action::Kind::kAskDevice: ask_device(action.device, action.claim, action.force); break;
    case Action::Kind::kChooseDevice: choose_device(action.devices); break;
    case Action::Kind::kLeaveDevice: leave_device(); break;
    case Action::Kind::kStartTimer:
      executor().run_at(action.time, [weak = weak_from_this(), timer = action.timer, rung = action.rung] {
        auto model = std::static_pointer_cast<AutoModelImpl>(weak.lock());
        if (model) model->tell([&](Ladder& ladder, base::TimePoint now) { return ladder.timer(timer, rung, now); });
      });
      break;
    case Action::Kind::kWatchIdle:
      when_idle(action.time, [weak = weak_from_this()] {
        auto model = std::static_pointer_cast<AutoModelImpl>(weak.lock());
        if (model) model->tell([](Ladder& ladder, base::TimePoint now) { return ladder.idle(now); });
      });
      break;
    case Action::Kind::kPublish:
    case Action::Kind::kCancelLoad:
    case Action::Kind::kCancelCheck:
    case Action::Kind::kRetire:
    case Action::Kind::kRelease:
    case Action::Kind::kEmit:
    case Action::Kind::kFail:
    case Action::Kind::kSettled: break;  // done by commit
  }
}

// ---------------------------------------------------------------------------------------------------------------------
// Loading

policy::RungSpec AutoModelImpl::spec_of(int rung) const {
  MutexLock lock(mu_);
  return ladder_.rungs()[static_cast<std::size_t>(rung)].spec;
}

/// The token of the load that was ordered last.
std::stop_token AutoModelImpl::stop_of(int rung) const {
  MutexLock lock(mu_);
  return load_stops_[static_cast<std::size_t>(rung)].get_token();
}

/// While something else serves, the optimal number of requests is a guess at this rung's (B-712).
bool AutoModelImpl::predicts(int rung) const {
  MutexLock lock(mu_);
  return ladder_.helper() >= 0 && rung != ladder_.helper();
}

void AutoModelImpl::load(int rung, std::uint64_t ticket) {
  RungLoad load{.rung = rung, .spec = spec_of(rung), .stop = stop_of(rung), .owner = self()};
  load.in_background = [this] {
    MutexLock lock(mu_);
    return serving_ != nullptr;
  };
  if (predicts(rung)) {
    load.answered = [this, rung](const policy::DeviceAnswers& answers) {
      MutexLock lock(mu_);
      answers_[rung] = answers;
    };
  }
  load.released = [weak = weak_from_this(), rung] {
    auto model = std::static_pointer_cast<AutoModelImpl>(weak.lock());
    if (model) model->tell([rung](Ladder& ladder, base::TimePoint now) { return ladder.released(rung, now); });
  };
  load.note = [this](std::string text) {
    MutexLock lock(mu_);
    notes_.push_back(std::move(text));
  };
  load.entry_refused = [this, rung, ticket] {
    tell([this, rung, ticket](Ladder& ladder, base::TimePoint now) BATON_NO_THREAD_SAFETY_ANALYSIS {
      return load_tickets_[static_cast<std::size_t>(rung)] == ticket ? ladder.entry_refused(rung, now) : Actions{};
    });
  };
  const std::weak_ptr<engine::Executable> beside = serving_beside(load.spec);
  leave_a_core(beside, true);
  load.done = [this, rung, ticket, beside, began = executor().now()](Status status, std::shared_ptr<LoadedRung> loaded,
                                                                     bool first) {
    leave_a_core(beside, false);
    LoadEnd end{std::move(status), std::move(loaded), std::nullopt};
    // Only the first load of an engine costs what a helper's load costs: it opens the engine's library.
    if (first && end.loaded && !end.loaded->traits.loaded_from_cache)
      end.record_ms = base::to_ms(executor().now() - began);
    load_ended(rung, ticket, std::move(end));
  };
  loader_.load(std::move(load));
}

/// What serves while `load` keeps a core busy for long, on a machine that has few (B-516).
std::shared_ptr<engine::Executable> AutoModelImpl::serving_beside(const policy::RungSpec& load) const {
  MutexLock lock(mu_);
  return serving_ && policy::load_takes_a_core(selection_.plan, load) ? serving_->executable : nullptr;
}

void AutoModelImpl::load_ended(int rung, std::uint64_t ticket, LoadEnd end) {
  const std::shared_ptr<LoadedRung> loaded = end.loaded;
  if (!loaded || !serves_unchecked(rung)) return take_loaded(rung, ticket, std::move(end));
  run_once(loaded, Sample::pseudo_random(spec_.model),
           [weak = weak_from_this(), rung, ticket, end = std::move(end)](const Status& run) {
             auto model = std::static_pointer_cast<AutoModelImpl>(weak.lock());
             if (model) model->take_loaded(rung, ticket, {run, run.is_ok() ? end.loaded : nullptr, end.record_ms});
           });
}

/// One run of a rung that nothing can be compared with (B-540, or a probe while nothing serves, B-624).
void AutoModelImpl::run_once(std::shared_ptr<LoadedRung> rung, std::shared_ptr<Sample> sample,
                             std::function<void(const Status&)> done) {
  FirstRuns::Options options{
      .rung = std::move(rung), .sample = std::move(sample), .outputs = spec_.model.facts().outputs.size(), .most = 1};
  std::make_shared<FirstRuns>(
      executor(), std::move(options),
      [done = std::move(done)](const Status& status, const policy::CheckResult&) { done(status); })
      ->start();
}

/// B-540: no check will run it before users do, and its first run is known to be slow.
bool AutoModelImpl::serves_unchecked(int rung) const {
  MutexLock lock(mu_);
  return ladder_.rungs()[static_cast<std::size_t>(rung)].spec.lazy_first_run && ladder_.generation() == 0 &&
         rung == ladder_.target();
}

/// A load that was given up and ordered anew says nothing when it ends; the newer one will.
void AutoModelImpl::take_loaded(int rung, std::uint64_t ticket, LoadEnd end) {
  Orders orders;
  std::optional<policy::RungSpec> recorded;
  {
    MutexLock lock(mu_);
    const auto index = static_cast<std::size_t>(rung);
    if (load_tickets_[index] != ticket) return;
    if (end.loaded) {
      if (end.record_ms) recorded = ladder_.rungs()[index].spec;
      if (loaded_.size() <= index) loaded_.resize(index + 1);
      if (const auto past = past_counters_.find(rung); past != past_counters_.end())
        static_cast<RunCounters&>(*end.loaded) = past->second;
      loaded_[index] = std::move(end.loaded);
    }
    commit(ladder_.loaded(rung, end.status, executor().now()), orders);
  }
  if (recorded) records_.note(*recorded, {.load_ms = end.record_ms});
  carry_out_orders(std::move(orders));
}

void AutoModelImpl::release(int rung, Effects& effects) {
  const auto index = static_cast<std::size_t>(rung);
  if (index >= loaded_.size() || !loaded_[index]) return;
  past_counters_[rung] = *loaded_[index];
  effects.later.emplace_back([old = std::move(loaded_[index])] {});  // destroyed without the lock
}

// ---------------------------------------------------------------------------------------------------------------------
// Checking

CheckConfig AutoModelImpl::check_config(const LoadedRung& serving, const LoadedRung& newcomer, bool second_look,
                                        bool speed_check) const {
  const Options& options = spec_.options;
  const bool same_device = serving.pair.device == newcomer.pair.device;
  CheckConfig config;
  config.shared_device = same_device;
  config.output_check = options.output_check == CheckMode::kAuto ? CheckMode::kRefuse : options.output_check;
  config.speed_check = options.speed_check;
  if (config.speed_check == CheckMode::kAuto) {  // B-537: the user's order of devices is an order
    config.speed_check = same_device || selection_.list.default_order ? CheckMode::kRefuse : CheckMode::kWarn;
  }
  if (!speed_check) config.speed_check = CheckMode::kOff;
  if (second_look) config.speed_check = CheckMode::kRefuse;
  config.speed.limit = second_look   ? kSecondLookLimit
                       : same_device ? policy::kSameDeviceLimit
                                     : policy::kOtherDeviceLimit;
  config.undecided_passes = !second_look;  // candidates are tried in the order of their declared rank
  config.tolerance = {.user = options.tolerance, .accuracy = options.accuracy};
  config.outputs = spec_.model.facts().outputs;
  config.distributions = spec_.model.facts().output_is_distribution;
  config.random_model = spec_.model.facts().random;
  return config;
}

/// LATENCY compares one run with one, THROUGHPUT as many as each of the two would be given (B-535).
int AutoModelImpl::runs_at_a_time(const LoadedRung& rung) const {
  if (spec_.options.hint == PerformanceHint::kLatency) return 1;
  return static_cast<int>(std::min(rung.optimal_requests, kMostInFlight));
}

/// The turn that it has ends, and what waits for it goes on.
void AutoModelImpl::cancel_check(Effects& effects) {
  check_ticket_ = 0;
  ++sample_number_;
  ++turn_number_;
  effects.later.emplace_back([checker = std::move(checker_), sample = std::exchange(sample_wanted_, nullptr),
                              turn = std::exchange(turn_wanted_, nullptr)] {
    if (checker) checker->cancel();
  });
  if (std::exchange(held_, false)) dispatch_waiting(effects);
}

void AutoModelImpl::start_check(const Action& order) {
  const int rung = order.rung;
  const std::uint64_t ticket = order.ticket;
  std::shared_ptr<LoadedRung> newcomer;
  std::shared_ptr<LoadedRung> serving;
  std::shared_ptr<Sample> sample;
  policy::SpeedCheck::Served served;
  double serving_changes_ms = 0;
  double change_share = 0;
  bool idle = false;
  {
    MutexLock lock(mu_);
    if (closed_ || check_ticket_ != ticket) return;  // between the order and this
    newcomer = loaded_[static_cast<std::size_t>(rung)];
    serving = loaded_[static_cast<std::size_t>(ladder_.serving())];  // it may be another than at the order
    sample = last_sample_;
    serving_changes_ms = serving->shape_changes_ms;
    change_share = shape_traffic_.share();
    if (!free_shapes_) served = {serving->run_times.count(), serving->run_times.fastest_ms()};
    idle = running_ == 0 && executor().now() - last_use_ >= kIdleMoment;
  }
  Checker::Hooks hooks;
  if (order.second_look && idle) {
    hooks.pace = [weak = weak_from_this(), until = executor().now() + kSecondLookPause](std::function<void()> go) {
      if (auto model = std::static_pointer_cast<AutoModelImpl>(weak.lock())) model->when_idle(until, std::move(go));
    };
  }
  hooks.done = [weak = weak_from_this(), rung, ticket](policy::CheckResult result) {
    if (auto model = std::static_pointer_cast<AutoModelImpl>(weak.lock())) model->check_ended(rung, ticket, result);
  };
  hooks.more_samples = [weak = weak_from_this(), ticket](std::function<void(std::shared_ptr<Sample>)> use) {
    if (auto model = std::static_pointer_cast<AutoModelImpl>(weak.lock()))
      model->take_sample(ticket, kUserSamplePatience, std::move(use));
  };
  CheckConfig config = check_config(*serving, *newcomer, order.second_look, order.speed_check);
  config.served = served;
  config.serving_changes_ms = serving_changes_ms;
  config.change_share = change_share;
  const Checker::Side serving_side{serving, serving->gate, runs_at_a_time(*serving)};
  const Checker::Side newcomer_side{newcomer, newcomer->gate, runs_at_a_time(*newcomer)};
  hooks.turns = {[weak = weak_from_this(), ticket](bool hold, std::uint64_t shapes, std::function<void(double)> go) {
                   if (auto model = std::static_pointer_cast<AutoModelImpl>(weak.lock()))
                     model->take_turn(ticket, hold, shapes, std::move(go));
                 },
                 [weak = weak_from_this()] {
                   if (auto model = std::static_pointer_cast<AutoModelImpl>(weak.lock())) model->end_turn();
                 }};
  auto checker = std::make_shared<Checker>(executor(), config, serving_side, newcomer_side, std::move(hooks));
  {
    MutexLock lock(mu_);
    if (closed_ || check_ticket_ != ticket) return;
    checker_ = checker;
  }
  if (sample) return checker->start(std::move(sample));
  take_sample(ticket, kSamplePatience, [checker, model = spec_.model](std::shared_ptr<Sample> taken) {
    checker->start(taken ? std::move(taken) : Sample::pseudo_random(model));
  });
}

void AutoModelImpl::check_ended(int rung, std::uint64_t ticket, const policy::CheckResult& result) {
  std::shared_ptr<Checker> over;
  Turn unturned;  // both end without the lock
  policy::RungSpec newcomer;
  policy::RungSpec serving;
  {
    MutexLock lock(mu_);
    if (check_ticket_ != ticket) return;
    check_ticket_ = 0;
    over = std::move(checker_);
    unturned = std::exchange(turn_wanted_, nullptr);
    newcomer = ladder_.rungs()[static_cast<std::size_t>(rung)].spec;
    if (ladder_.serving() >= 0) serving = ladder_.rungs()[static_cast<std::size_t>(ladder_.serving())].spec;
  }
  if (result.figures.contains("newcomer_ms")) {
    records_.note(newcomer, {.run_ms = result.figures.at("newcomer_ms")});
    // A helper that is compiled for LATENCY was measured here as if it were for THROUGHPUT.
    if (serving.hint == newcomer.hint) records_.note(serving, {.run_ms = result.figures.at("serving_ms")});
  }
  tell([&](Ladder& ladder, base::TimePoint now) { return ladder.checked(rung, result, now); });
  end_turn();  // after the switch: who waited runs on the new rung
  records_.save();
}

/// A request is copied while the target still loads: then the check begins with the load's end, and not a request
/// later. Where shapes are free the check wants the latest ones (B-1110).
void AutoModelImpl::take_sample_ahead() {
  if (free_shapes_) return;
  MutexLock lock(mu_);
  const int target = ladder_.target();
  if (target < 0 || ladder_.rungs()[static_cast<std::size_t>(target)].state != policy::RungState::kPreparing ||
      sample_wanted_)
    return;
  ++sample_number_;
  sample_wanted_ = [](const std::shared_ptr<Sample>&) {};  // it is kept as last_sample_
}

/// The next request's inputs and outputs are copied for `use` (B-531); null when none completed within `patience`. A
/// check that is over gets none.
void AutoModelImpl::take_sample(std::uint64_t check, base::Duration patience,
                                std::function<void(std::shared_ptr<Sample>)> use) {
  std::uint64_t number = 0;
  {
    MutexLock lock(mu_);
    if (check_ticket_ != check) return;
    sample_wanted_ = std::move(use);
    number = ++sample_number_;
  }
  executor().run_at(executor().now() + patience, [weak = weak_from_this(), number] {
    auto model = std::static_pointer_cast<AutoModelImpl>(weak.lock());
    if (!model) return;
    std::function<void(std::shared_ptr<Sample>)> late;
    {
      MutexLock lock(model->mu_);
      if (model->sample_number_ == number && !model->sample_running_)
        late = std::exchange(model->sample_wanted_, nullptr);
    }
    if (late) late(nullptr);
  });
}

/// `go` gets the run time of the next request that ends on the serving rung; with `hold` the one after it waits until
/// `end_turn`, at most twice that time (or a moment). When the one that ends is not comparable with a run at `shapes`,
/// `go` gets 0, and the next waits for a whole pair, six times that at most. Without a request for a moment it gets 0
/// and nobody waits. A check that is over takes no turn: requests would wait for nothing.
void AutoModelImpl::take_turn(std::uint64_t check, bool hold, std::uint64_t shapes, std::function<void(double)> go) {
  std::uint64_t number = 0;
  {
    MutexLock lock(mu_);
    if (check_ticket_ != check) return;
    number = ++turn_number_;
    turn_holds_ = hold;
    turn_shapes_ = shapes;
    turn_wanted_ = [weak = weak_from_this(), number, go = std::move(go)](double serving_ms, double limit_ms) {
      auto model = std::static_pointer_cast<AutoModelImpl>(weak.lock());
      if (!model) return;
      const auto limit = model->executor().now() + std::max<base::Duration>(kIdleMoment, base::from_ms(limit_ms));
      model->executor().run_at(limit, [weak, number] {
        auto late = std::static_pointer_cast<AutoModelImpl>(weak.lock());
        if (late && late->is_turn(number)) late->end_turn();
      });
      go(serving_ms);
    };
  }
  executor().run_at(executor().now() + kIdleMoment, [weak = weak_from_this(), number] {
    auto model = std::static_pointer_cast<AutoModelImpl>(weak.lock());
    if (!model) return;
    Turn idle_turn;
    {
      MutexLock lock(model->mu_);
      if (model->turn_number_ == number && model->running_ == 0)
        idle_turn = std::exchange(model->turn_wanted_, nullptr);
    }
    if (idle_turn) idle_turn(0, 0);
  });
}

bool AutoModelImpl::is_turn(std::uint64_t number) const {
  MutexLock lock(mu_);
  return turn_number_ == number;
}

void AutoModelImpl::end_turn() {
  Effects effects;
  {
    MutexLock lock(mu_);
    if (!std::exchange(held_, false)) return;
    dispatch_waiting(effects);
  }
  carry_out(std::move(effects));
}

void AutoModelImpl::when_idle(base::TimePoint deadline, std::function<void()> go) {
  const base::TimePoint now = executor().now();
  base::TimePoint again = now + kIdleMoment;
  bool idle = false;
  {
    MutexLock lock(mu_);
    if (closed_) return;
    const bool unused = running_ == 0 && queue_.empty();
    idle = unused && now - last_use_ >= kIdleMoment;
    if (unused) again = last_use_ + kIdleMoment;
  }
  if (idle || now >= deadline) return go();
  executor().run_at(std::min(deadline, again), [weak = weak_from_this(), deadline, go = std::move(go)] {
    if (auto model = std::static_pointer_cast<AutoModelImpl>(weak.lock())) model->when_idle(deadline, go);
  });
}

}  // namespace baton::autodev
