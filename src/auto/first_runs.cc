// SPDX-License-Identifier: Apache-2.0
// Copyright (C) 2026 The Baton authors
#include "auto/first_runs.h"

#include <algorithm>
#include <utility>

#include "auto/engine_run.h"
#include "base/process_exit.h"

namespace baton::autodev {
namespace {

using base::Status;
using policy::CheckResult;
using policy::Reason;

constexpr auto kTotalLimit = std::chrono::seconds(2);  ///< B-530
constexpr double kStillFalls = 0.8;                    ///< a run that took less than this of the one before
constexpr int kMostRuns = 5;

}  // namespace

FirstRuns::FirstRuns(base::Executor& executor, std::shared_ptr<LoadedRung> rung, const model::Model& model,
                     int least_runs, Done done)
    : executor_(executor),
      rung_(std::move(rung)),
      least_runs_(rung_->traits.compiles_per_shape ? std::max(2, least_runs) : least_runs),
      done_(std::move(done)),
      sample_(Sample::pseudo_random(model)),
      inputs_(views(sample_->inputs)),
      outputs_(model.facts().outputs.size()),
      sinks_(sinks(outputs_)) {}

void FirstRuns::start() {
  executor_.post([self = shared_from_this()] { self->prepare(); });
}

void FirstRuns::prepare() {
  if (over_.load()) return;
  began_ = executor_.now();
  {
    const base::EngineCall call;
    if (!call.allowed()) return refuse(base::EngineCall::refused().message());
    auto request = rung_->executable->create_request();
    if (!request.is_ok()) return refuse(request.status().message());
    request_ = std::move(request).value();
  }
  run();
}

void FirstRuns::run() {
  if (over_.load()) return;
  hang_timer_.store(executor_.run_at(executor_.now() + kHangLimit, [weak = weak_from_this()] {
    if (auto self = weak.lock()) self->refuse("the warm-up run did not end within 10 s");
  }));
  run_in_background(executor_, rung_->gate, *request_, inputs_, sinks_, shared_from_this(),
                    [self = shared_from_this()](const Status& status, base::Duration time) {
                      self->executor_.cancel_timer(self->hang_timer_.load());
                      if (!self->over_.load()) self->run_done(status, time);
                    });
}

void FirstRuns::run_done(const Status& status, base::Duration time) {
  if (status.code() == base::StatusCode::kInvalidArgument) {
    // Generated shapes or values may be outside what the model accepts; that says nothing about the newcomer.
    CheckResult unknown;
    unknown.passed = true;
    unknown.text = "not warmed up: the model refuses generated input";
    return finish(std::move(unknown));
  }
  if (!status.is_ok()) return refuse("the warm-up run failed: " + status.message());
  const double ms = base::to_ms(time);
  const bool falls = runs_ > 0 && ms < kStillFalls * last_ms_;
  last_ms_ = ms;
  ++runs_;
  const bool time_left = executor_.now() - began_ < kTotalLimit;
  if (time_left && runs_ < kMostRuns && (runs_ < least_runs_ || falls)) return run();
  CheckResult result;
  result.passed = true;
  if (runs_ > 1 || !rung_->traits.compiles_per_shape) result.figures["warm_up_ms"] = ms;  // B-1112
  finish(std::move(result));
}

void FirstRuns::refuse(std::string text) {
  CheckResult result;
  result.reason = Reason::kWarmupFailed;
  result.text = std::move(text);
  finish(std::move(result));
}

void FirstRuns::finish(CheckResult result) {
  if (!over_.exchange(true)) done_(std::move(result));
}

}  // namespace baton::autodev
