// SPDX-License-Identifier: Apache-2.0
// Copyright (C) 2026 The Baton authors
#include "auto/warm_up.h"

#include <atomic>
#include <utility>
#include <vector>

#include "auto/engine_run.h"
#include "base/process_exit.h"

namespace baton::autodev {
namespace {

using base::Status;
using base::StatusCode;

/// Kept alive by its run.
class WarmUp : public std::enable_shared_from_this<WarmUp> {
 public:
  WarmUp(base::Executor& executor, std::shared_ptr<LoadedRung> rung, std::shared_ptr<Sample> sample,
         std::size_t outputs, std::function<void(Status)> done)
      : executor_(executor),
        rung_(std::move(rung)),
        sample_(std::move(sample)),
        inputs_(views(sample_->inputs)),
        outputs_(outputs),
        sinks_(sinks(outputs_)),
        done_(std::move(done)) {}

  void begin() {
    if (Status status = make_request(); !status.is_ok()) return end(status);
    timer_.store(executor_.run_at(executor_.now() + kHangLimit, [weak = weak_from_this()] {
      if (const auto self = weak.lock())
        self->end(Status(StatusCode::kDeviceLost, "the warm-up run did not end within 10 s"));
    }));
    run_in_background(executor_, rung_->gate, *request_, inputs_, sinks_, shared_from_this(),
                      [self = shared_from_this()](const Status& status, base::Duration) { self->end(status); });
  }

 private:
  Status make_request() {
    const base::EngineCall call;
    if (!call.allowed()) return base::EngineCall::refused();
    auto request = rung_->executable->create_request();
    if (request.is_ok()) request_ = std::move(request).value();
    return request.status();
  }

  void end(const Status& status) {
    if (over_.exchange(true)) return;
    executor_.cancel_timer(timer_.load());
    const bool made_up = status.code() == StatusCode::kInvalidArgument && !sample_->from_user;
    done_(made_up ? Status::ok() : status);
  }

  base::Executor& executor_;
  const std::shared_ptr<LoadedRung> rung_;
  const std::shared_ptr<Sample> sample_;
  const std::vector<engine::TensorView> inputs_;
  std::vector<Buffer> outputs_;
  const std::vector<engine::OutputSink*> sinks_;
  const std::function<void(Status)> done_;
  std::unique_ptr<engine::EngineRequest> request_;
  std::atomic<base::Executor::TimerId> timer_{0};
  std::atomic<bool> over_{false};
};

}  // namespace

void warm_up(base::Executor& executor, std::shared_ptr<LoadedRung> rung, std::shared_ptr<Sample> sample,
             std::size_t outputs, std::function<void(Status)> done) {
  auto run = std::make_shared<WarmUp>(executor, std::move(rung), std::move(sample), outputs, std::move(done));
  executor.post([run = std::move(run)] { run->begin(); });
}

}  // namespace baton::autodev
