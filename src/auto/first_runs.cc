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
using base::StatusCode;
using policy::CheckResult;
using policy::Reason;

constexpr auto kTotalLimit = std::chrono::seconds(2);  ///< B-530
constexpr double kStillFalls = 0.8;                    ///< a run that took less than this of the one before

}  // namespace

FirstRuns::FirstRuns(base::Executor& executor, Options options, Done done)
    : executor_(executor),
      options_(std::move(options)),
      done_(std::move(done)),
      inputs_(views(options_.sample->inputs)),
      outputs_(options_.outputs),
      sinks_(sinks(outputs_)) {}

void FirstRuns::start() {
  executor_.post([self = shared_from_this()] { self->prepare(); });
}

void FirstRuns::prepare() {
  if (over_.load()) return;
  began_ = executor_.now();
  {
    const base::EngineCall call;
    if (!call.allowed()) return refuse(base::EngineCall::refused());
    auto request = options_.rung->executable->create_request();
    if (!request.is_ok()) return refuse(request.status());
    request_ = std::move(request).value();
  }
  run();
}

void FirstRuns::run() {
  if (over_.load()) return;
  const engine::ExecutableTraits& traits = options_.rung->traits;
  hang_timer_.store(executor_.run_at(executor_.now() + hang_limit(traits),
                                     [weak = weak_from_this(), text = hang_text("the warm-up run", traits)] {
                                       if (auto self = weak.lock()) self->refuse(Status(StatusCode::kDeviceLost, text));
                                     }));
  run_in_background(executor_, options_.rung->gate, *request_, inputs_, sinks_, shared_from_this(),
                    [self = shared_from_this()](const Status& status, base::Duration time) {
                      self->executor_.cancel_timer(self->hang_timer_.load());
                      if (!self->over_.load()) self->run_done(status, time);
                    });
}

void FirstRuns::run_done(const Status& status, base::Duration time) {
  if (status.code() == StatusCode::kInvalidArgument && !options_.sample->from_user) {
    // Generated shapes or values may be outside what the model accepts; that says nothing about the newcomer.
    CheckResult unknown;
    unknown.text = "not warmed up: the model refuses generated input";
    return pass(std::move(unknown));
  }
  if (!status.is_ok()) return refuse(status, "the warm-up run failed: ");
  const double ms = base::to_ms(time);
  const bool falls = runs_ > 0 && ms < kStillFalls * last_ms_;
  last_ms_ = ms;
  ++runs_;
  const bool compiles = options_.rung->compiles_for_shapes();
  const int least = compiles ? std::max(2, options_.least) : options_.least;
  const bool time_left = executor_.now() - began_ < kTotalLimit;
  if (runs_ < options_.most && (runs_ < least || (time_left && falls))) return run();
  CheckResult result;
  if (runs_ > 1 || !compiles) result.figures["warm_up_ms"] = ms;  // B-1112
  pass(std::move(result));
}

void FirstRuns::pass(CheckResult result) {
  result.passed = true;
  finish(Status::ok(), std::move(result));
}

void FirstRuns::refuse(const Status& status, const std::string& context) {
  CheckResult result;
  result.reason = Reason::kWarmupFailed;
  result.text = context + status.message();
  finish(status, std::move(result));
}

void FirstRuns::finish(const Status& status, CheckResult result) {
  if (!over_.exchange(true)) done_(status, std::move(result));
}

}  // namespace baton::autodev
