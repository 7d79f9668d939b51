// SPDX-License-Identifier: Apache-2.0
// Copyright (C) 2026 The Baton authors
#include "auto/checker.h"

#include <algorithm>
#include <mutex>
#include <utility>

#include "auto/engine_run.h"
#include "base/process_exit.h"
#include "policy/number.h"

namespace baton::autodev {
namespace {

using base::Status;
using policy::CheckResult;
using policy::Reason;
using policy::SpeedCheck;

constexpr auto kTotalLimit = std::chrono::seconds(2);  ///< B-530

}  // namespace

/// Runs begun together, each `rounds` times one after the other.
struct Checker::Batch {
  Bench& bench;
  const std::size_t requests;
  const int rounds;
  const Next next;
  const base::TimePoint began;
  std::mutex mutex;
  std::size_t left = requests;
  double counted_ms = 0;  ///< the runs of the round that counts, over all requests
  Status first_failure;

  /// Of three rounds the middle one: all are busy when its runs begin and while they go on. Of two the last.
  bool counts(int rounds_left) const { return rounds_left == std::max(1, rounds - 1); }
};

Checker::Checker(base::Executor& executor, CheckConfig config, Side serving, Side newcomer, Hooks hooks)
    : executor_(executor),
      config_(std::move(config)),
      serving_{std::move(serving), {}, {}, {}},
      newcomer_{std::move(newcomer), {}, {}, {}},
      hooks_(std::move(hooks)),
      speed_(config_.speed) {}

void Checker::start(std::shared_ptr<Sample> sample) {
  sample_ = std::move(sample);
  inputs_ = views(sample_->inputs);
  executor_.post([self = shared_from_this()] { self->prepare(); });
}

void Checker::prepare() {
  began_ = executor_.now();
  serving_.compiled = !serving_.compiles();
  if (Status status = make_requests(newcomer_); !status.is_ok()) return refuse(Reason::kWarmupFailed, status.message());
  if (Status status = make_requests(serving_); !status.is_ok()) return refuse(Reason::kWarmupFailed, status.message());
  if (sample_->complete) {
    warm_up();
  } else {
    run(serving_, 1, 1, &Checker::reference_done);
  }
}

Status Checker::make_requests(Bench& bench) {
  const base::EngineCall call;
  if (!call.allowed()) return base::EngineCall::refused();
  for (int i = 0; i < bench.side.in_flight; ++i) {
    auto request = bench.side.rung->executable->create_request();
    if (!request.is_ok()) return request.status();
    bench.requests.push_back(std::move(request).value());
    bench.outputs.emplace_back(config_.outputs.size());
    bench.sinks.push_back(sinks(bench.outputs.back()));
  }
  return Status::ok();
}

/// Runs `requests` requests of one side at once, each `rounds` times, and goes on with `next`, which gets the time per
/// inference.
void Checker::run(Bench& bench, std::size_t requests, int rounds, Next next) {
  if (over_.load()) return;
  auto go = [self = shared_from_this(), &bench, requests, rounds, next] {
    self->begin_batch(std::shared_ptr<Batch>(new Batch{bench, requests, rounds, next, self->executor_.now()}));
  };
  if (hooks_.pace) hooks_.pace(std::move(go));
  else go();
}

void Checker::begin_batch(const std::shared_ptr<Batch>& batch) {
  if (over_.load()) return;
  const engine::ExecutableTraits& traits = batch->bench.side.rung->traits;
  hang_timer_.store(executor_.run_at(executor_.now() + hang_limit(traits),
                                     [weak = weak_from_this(), text = hang_text("a check run", traits)] {
                                       if (auto self = weak.lock()) self->refuse(Reason::kWarmupFailed, text);
                                     }));
  for (std::size_t i = 0; i < batch->requests; ++i) run_once(batch, i, batch->rounds);
}

void Checker::run_once(const std::shared_ptr<Batch>& batch, std::size_t request, int rounds_left) {
  Bench& bench = batch->bench;
  auto done = [self = shared_from_this(), batch, request, rounds_left, began = executor_.now()](Status status,
                                                                                                base::Duration) {
    if (batch->counts(rounds_left)) {
      const std::lock_guard<std::mutex> lock(batch->mutex);
      batch->counted_ms += base::to_ms(self->executor_.now() - began);
    }
    if (status.is_ok() && rounds_left > 1 && !self->over_.load())
      return self->run_once(batch, request, rounds_left - 1);
    self->run_ended(*batch, std::move(status));
  };
  run_in_background(executor_, bench.side.gate, *bench.requests[request], inputs_, bench.sinks[request],
                    shared_from_this(), std::move(done));
}

/// Of one round the time per inference is that of the whole batch over its number. It is too long for many runs beside
/// each other, because the slowest decides; so with more rounds it comes from the runs of one round: their mean time
/// over the number of requests (Little's law).
void Checker::run_ended(Batch& batch, Status status) {
  {
    const std::lock_guard<std::mutex> lock(batch.mutex);
    if (!status.is_ok() && batch.first_failure.is_ok()) batch.first_failure = std::move(status);
    if (--batch.left > 0) return;
  }
  executor_.cancel_timer(hang_timer_.load());
  if (over_.load()) return;
  const double elapsed_ms = base::to_ms(executor_.now() - batch.began);
  const auto number = static_cast<double>(batch.requests);
  spent_ms_ += elapsed_ms;
  (this->*batch.next)(batch.first_failure,
                      batch.rounds == 1 ? elapsed_ms / number : batch.counted_ms / number / number);
}

/// The serving rung computed what nobody had asked it for yet.
void Checker::reference_done(Status status, double) {
  if (!status.is_ok()) {
    // Generated shapes or values may be outside what the model accepts; that says nothing about the newcomer.
    return hooks_.more_samples(
        [self = shared_from_this()](std::shared_ptr<Sample> sample) { self->user_sample(std::move(sample)); });
  }
  serving_.compiled |= serving_.side.in_flight == 1;
  sample_->outputs = serving_.outputs.front();
  sample_->complete = true;
  warm_up();
}

void Checker::user_sample(std::shared_ptr<Sample> sample) {
  if (sample) {
    sample_ = std::move(sample);
    inputs_ = views(sample_->inputs);
    return warm_up();
  }
  CheckResult unchecked;
  unchecked.passed = true;
  unchecked.text = "unchecked: the model refuses generated input and no request came within 5 s";
  finish(std::move(unchecked));
}

/// On a shared device the warm-up run takes a turn of its own: beside a user's request both would take longer, and
/// where the newcomer is far ahead this first run is already half of the answer: then it is as many runs at a time as
/// will be compared. So it is with one that compiles for the sample's shapes (B-1112).
void Checker::warm_up() {
  const bool takes_turn = hooks_.turns.take && config_.shared_device;
  const std::size_t runs = takes_turn || newcomer_.compiles() ? newcomer_.requests.size() : 1;
  all_have_run_ = runs == newcomer_.requests.size();
  if (!takes_turn) return run(newcomer_, runs, 1, &Checker::warm_up_done);
  take_turn([self = shared_from_this(), runs](double serving_ms) {
    self->first_half_ms_ = self->serving_.side.in_flight == 1 ? serving_ms : 0;
    self->run(self->newcomer_, runs, 1, &Checker::warm_up_done);
  });
}

void Checker::warm_up_done(Status status, double ms) {
  if (!status.is_ok()) return refuse(Reason::kWarmupFailed, "the warm-up run failed: " + status.message());
  result_.figures["warm_up_ms"] = ms;
  const bool counts = first_half_ms_ > 0 && !newcomer_.compiles();
  if (counts) speed_.add_cold_pair(first_half_ms_, ms, config_.served);
  if (counts && config_.speed_check != CheckMode::kOff && speed_.decision() == SpeedCheck::Decision::kAccept) {
    keep_smallest("serving_ms", std::min(first_half_ms_, config_.served.fastest_ms));
    keep_smallest("newcomer_ms", ms);  // and who waits is answered by the newcomer
  } else if (hooks_.turns.end) {
    hooks_.turns.end();
  }
  compare();
}

policy::OutputVerdict Checker::compare_with_sample(Bench& bench) const {
  std::vector<policy::OutputPair> pairs;
  for (std::size_t i = 0; i < config_.outputs.size(); ++i) {
    pairs.push_back({config_.outputs[i].any_name(), sample_->outputs[i].view(), bench.outputs.front()[i].view(),
                     config_.distributions.size() > i && config_.distributions[i]});
  }
  return policy::compare_outputs(pairs, policy::tolerance_for(serving_.side.rung->traits.precision,
                                                              bench.side.rung->traits.precision, config_.tolerance));
}

void Checker::compare() {
  if (config_.output_check == CheckMode::kOff) {
    verdict_.text = "outputs not compared (HANDOVER_OUTPUT_CHECK=OFF)";
  } else if (config_.random_model) {
    verdict_.text = "outputs not comparable: the model holds random operators";
  } else if (sample_->complete) {
    verdict_ = compare_with_sample(newcomer_);
    result_.figures["error"] = verdict_.error;
    result_.figures["error_limit"] = verdict_.limit;
    // Before a newcomer is blamed: does the serving rung repeat itself? (B-533)
    if (!verdict_.agree) return run(serving_, 1, 1, &Checker::repeat_done);
  }
  check_speed();
}

void Checker::repeat_done(Status status, double) {
  if (status.is_ok() && !compare_with_sample(serving_).agree) {
    verdict_.agree = true;
    verdict_.text = "outputs not comparable: the serving executable does not repeat its own";
    return check_speed();
  }
  if (config_.output_check == CheckMode::kRefuse) return refuse(Reason::kOutputMismatch, verdict_.text);
  result_.figures["warned"] = 1;  // kWarn: switch all the same
  check_speed();
}

void Checker::check_speed() {
  if (config_.serving_changes_ms > 0) result_.figures["serving_changes_ms"] = config_.serving_changes_ms;
  if (config_.speed_check == CheckMode::kOff) {
    result_.passed = true;
    result_.text = verdict_.text;
    return finish(std::move(result_));
  }
  if (speed_.decision() == SpeedCheck::Decision::kAccept) return speed_known();
  // Of several at a time only one has run, and each has something to set up.
  if (std::exchange(all_have_run_, true)) return first_pair();
  run(newcomer_, newcomer_.requests.size(), 1, &Checker::all_warm);
}

void Checker::all_warm(Status status, double) {
  if (!status.is_ok()) return half_failed(false, status);
  first_pair();
}

/// The newcomer's runs in the pairs have the shapes of one sample, those of users change. Where that costs it (B-1112),
/// it is seen what.
void Checker::first_pair() {
  if (config_.change_share <= 0 || !newcomer_.forgets_shapes()) return begin_pair();
  hooks_.more_samples(
      [self = shared_from_this()](std::shared_ptr<Sample> sample) { self->change_shapes(std::move(sample)); });
}

/// A user's request that has other shapes becomes the sample; until one comes, or the check's time is over.
void Checker::change_shapes(std::shared_ptr<Sample> sample) {
  if (over_.load()) return;
  if (!sample || over_limit()) return begin_pair();
  const std::uint64_t shapes_before = shapes_number(inputs_);
  sample_ = std::move(sample);
  inputs_ = views(sample_->inputs);
  if (shapes_number(inputs_) == shapes_before) return first_pair();
  run(newcomer_, newcomer_.requests.size(), 1, &Checker::shapes_changed);
}

void Checker::shapes_changed(Status status, double ms) {
  if (!status.is_ok()) return half_failed(false, status);
  newcomer_changes_ms_ = config_.change_share * ms * static_cast<double>(newcomer_.requests.size());
  result_.figures["newcomer_changes_ms"] = newcomer_changes_ms_;
  begin_pair();
}

/// A request that waited is a first run after a pause, which says less than the one after it: that one is the half.
void Checker::begin_pair() {
  if (!hooks_.turns.take) return turn_taken(0);
  auto go = [self = shared_from_this()](double serving_ms) { self->turn_taken(serving_ms); };
  if (!alone_) return take_turn(std::move(go));
  hooks_.turns.take(false, shapes_number(inputs_),
                    [self = shared_from_this(), go = std::move(go)](double) { self->take_turn(go); });
}

/// Two engines of one device share its cores: beside each other both would be measured wrongly, and the request slowed
/// down for longer than the newcomer's run takes by itself (B-526). Where several run at a time no request tells the
/// rate of all, and beside them the check would measure what they leave of the device.
bool Checker::requests_wait() const { return config_.shared_device || serving_.side.in_flight > 1 || alone_; }

void Checker::take_turn(std::function<void(double serving_ms)> go) {
  hooks_.turns.take(requests_wait(), shapes_number(inputs_), std::move(go));
}

/// The user's own request was the serving half of the pair, undisturbed; the newcomer's half is run before the next one
/// begins, with as many runs at a time as it would be given. Nobody infers, or several requests at a time: both halves
/// are runs of the check.
void Checker::turn_taken(double serving_ms) {
  spent_ms_ = 0;
  if (serving_ms > 0 && serving_.side.in_flight == 1) {
    first_half_ms_ = spent_ms_ = serving_ms;
    if (alone_) return run_half(newcomer_, &Checker::turn_done);
    beside_requests_ |= !requests_wait();
    return run(newcomer_, newcomer_.requests.size(), 1, &Checker::turn_done);
  }
  if (!serving_.compiled) return run(serving_, serving_.requests.size(), 1, &Checker::serving_compiled);
  run_half(serving_runs_first() ? serving_ : newcomer_, &Checker::first_half_done);
}

/// Users wait a limited time only, which a slow newcomer may take longer than: what serves several of them at a time is
/// measured before.
bool Checker::serving_runs_first() const {
  return serving_.side.in_flight > 1 || speed_.first_of_next_pair() == SpeedCheck::Side::kHelper;
}

/// While one of two devices that share nothing runs, the threads and clocks of the other fall asleep, and runs in
/// alternation would measure how they wake: then a second run counts. So it does of what users' requests have left with
/// other shapes. Several at a time come to their rate in a second round and, where they get in each other's way, leave
/// it in the last, as one after the other is done.
void Checker::run_half(Bench& bench, Next next) {
  const bool second_counts = !config_.shared_device || bench.forgets_shapes();
  const int rounds = bench.side.in_flight > 1 ? 3 : second_counts ? 2 : 1;
  run(bench, bench.requests.size(), rounds, next);
}

void Checker::serving_compiled(Status status, double) {
  if (!status.is_ok()) return half_failed(true, status);
  serving_.compiled = true;
  turn_taken(0);
}

void Checker::first_half_done(Status status, double ms) {
  if (!status.is_ok()) return half_failed(serving_runs_first(), status);
  first_half_ms_ = ms;
  run_half(serving_runs_first() ? newcomer_ : serving_, &Checker::second_half_done);
}

void Checker::turn_done(Status status, double ms) {
  if (!status.is_ok()) return refuse(Reason::kWarmupFailed, "a check run failed: " + status.message());
  pair_measured(first_half_ms_, ms);
}

void Checker::second_half_done(Status status, double ms) {
  if (!status.is_ok()) return half_failed(!serving_runs_first(), status);
  pair_measured(serving_runs_first() ? first_half_ms_ : ms, serving_runs_first() ? ms : first_half_ms_);
}

/// A newcomer is not to blame for what fails on the serving rung: it takes over without a comparison of speed.
void Checker::half_failed(bool serving, const Status& status) {
  if (!serving) return refuse(Reason::kWarmupFailed, "a check run failed: " + status.message());
  result_.passed = true;
  result_.text = verdict_.text + (verdict_.text.empty() ? "" : "; ") +
                 "speed not compared: a run of what serves failed: " + status.message();
  finish(std::move(result_));
}

void Checker::pair_measured(double serving_ms, double newcomer_ms) {
  speed_.add_pair(serving_ms + config_.serving_changes_ms, newcomer_ms + newcomer_changes_ms_, spent_ms_);
  keep_smallest("serving_ms", serving_ms);
  keep_smallest("newcomer_ms", newcomer_ms);
  if ((speed_.decision() != SpeedCheck::Decision::kGoOn || over_limit()) && !measure_alone())
    return speed_known();  // ends the turn by its result
  if (hooks_.turns.end) hooks_.turns.end();
  begin_pair();
}

/// Requests on another device go on while a newcomer is measured, and take cores from the threads that feed it: what
/// looks too slow beside them may not be, and gets pairs of its own, for which the next request waits (B-526).
bool Checker::measure_alone() {
  if (!beside_requests_ || alone_ || over_limit() || !speed_.may_be_disturbed()) return false;
  alone_ = true;
  result_.figures["ratio_beside_requests"] = speed_.ratio();
  for (const char* figure : {"serving_ms", "newcomer_ms"}) result_.figures.erase(figure);
  SpeedCheck::Options again = config_.speed;
  again.median_decides = true;
  speed_ = SpeedCheck(again);
  return true;
}

/// The least disturbed run is the figure to show.
void Checker::keep_smallest(const char* name, double ms) {
  const auto [figure, first] = result_.figures.emplace(name, ms);
  if (!first) figure->second = std::min(figure->second, ms);
}

bool Checker::over_limit() const { return executor_.now() - began_ > kTotalLimit; }

void Checker::speed_known() {
  result_.figures["ratio"] = speed_.ratio();
  result_.figures["ratio_limit"] = speed_.limit();
  result_.figures["pairs"] = speed_.pairs();
  const SpeedCheck::Decision decision = speed_.final_decision();
  const bool fast_enough = decision == SpeedCheck::Decision::kAccept ||
                           (decision == SpeedCheck::Decision::kUndecided && config_.undecided_passes);
  const std::string text =
      verdict_.text + (verdict_.text.empty() ? "" : "; ") + speed_.text() + beside_text() + changes_text();
  if (!fast_enough && config_.speed_check == CheckMode::kRefuse) return refuse(Reason::kSlowerThanHelper, text);
  if (!fast_enough) result_.figures["warned"] = 1;
  result_.passed = true;
  result_.text = text;
  finish(std::move(result_));
}

std::string Checker::beside_text() const {
  if (!alone_) return {};
  return " (" + policy::number(result_.figures.at("ratio_beside_requests"), 3) + " beside requests, which then waited)";
}

std::string Checker::changes_text() const {
  if (newcomer_changes_ms_ <= 0 && config_.serving_changes_ms <= 0) return {};
  return "; counted with what changing shapes cost per inference: target " + policy::number(newcomer_changes_ms_, 3) +
         " ms, helper " + policy::number(config_.serving_changes_ms, 3) + " ms";
}

void Checker::refuse(Reason reason, std::string text) {
  CheckResult result = result_;
  result.passed = false;
  result.reason = reason;
  result.text = std::move(text);
  finish(std::move(result));
}

void Checker::finish(CheckResult result) {
  if (over_.exchange(true)) return;
  const std::string& precision = newcomer_.side.rung->traits.precision;
  result.lowered_precision = precision != "f32" && precision != serving_.side.rung->traits.precision;
  hooks_.done(std::move(result));
}

}  // namespace baton::autodev
