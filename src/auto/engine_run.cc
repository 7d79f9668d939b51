// SPDX-License-Identifier: Apache-2.0
// Copyright (C) 2026 The Baton authors
#include "auto/engine_run.h"

#include <optional>

#include "base/process_exit.h"

namespace baton::autodev {

base::Duration hang_limit(const engine::ExecutableTraits& traits) {
  return traits.builds_for_minutes ? base::Duration(std::chrono::minutes(15)) : std::chrono::seconds(10);
}

std::string hang_text(const std::string& what, const engine::ExecutableTraits& traits) {
  const auto limit = std::chrono::duration_cast<std::chrono::seconds>(hang_limit(traits));
  return what + " did not end within " + std::to_string(limit.count()) + " s";
}

namespace {

/// One background run; deletes itself with the last reference.
class BackgroundRun : public std::enable_shared_from_this<BackgroundRun> {
 public:
  BackgroundRun(base::Executor& executor, SerialGate* gate, engine::EngineRequest& request,
                std::span<const engine::TensorView> inputs, std::span<engine::OutputSink* const> outputs,
                std::shared_ptr<const void> keep, std::function<void(base::Status, base::Duration)> done)
      : executor_(executor),
        gate_(gate),
        request_(request),
        inputs_(inputs),
        outputs_(outputs),
        keep_(std::move(keep)),
        done_(std::move(done)) {}

  void start() {
    auto self = shared_from_this();
    if (gate_) gate_->enter([self] { self->executor_.post([self] { self->begin(); }); });
    else begin();
  }

 private:
  void begin() {
    auto self = shared_from_this();
    call_.emplace();
    began_ = executor_.now();
    if (!call_->allowed()) return end(base::EngineCall::refused());
    if (request_.start(inputs_, outputs_, [self](base::Status status) { self->end(std::move(status)); })) return;
    call_.reset();
    executor_.post([self] { self->run(); });
  }

  void run() {
    call_.emplace();
    began_ = executor_.now();
    end(call_->allowed() ? request_.run(inputs_, outputs_) : base::EngineCall::refused());
  }

  void end(base::Status status) {
    const base::Duration time = executor_.now() - began_;
    call_.reset();
    if (gate_) gate_->leave();
    done_(std::move(status), time);
  }

  base::Executor& executor_;
  SerialGate* gate_;
  engine::EngineRequest& request_;
  std::span<const engine::TensorView> inputs_;
  std::span<engine::OutputSink* const> outputs_;
  std::shared_ptr<const void> keep_;
  std::function<void(base::Status, base::Duration)> done_;
  std::optional<base::EngineCall> call_;
  base::TimePoint began_;
};

}  // namespace

void run_in_background(base::Executor& executor, SerialGate* gate, engine::EngineRequest& request,
                       std::span<const engine::TensorView> inputs, std::span<engine::OutputSink* const> outputs,
                       std::shared_ptr<const void> keep, std::function<void(base::Status, base::Duration)> done) {
  std::make_shared<BackgroundRun>(executor, gate, request, inputs, outputs, std::move(keep), std::move(done))->start();
}

}  // namespace baton::autodev
