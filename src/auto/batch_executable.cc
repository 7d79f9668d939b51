// SPDX-License-Identifier: Apache-2.0
// Copyright (C) 2026 The Baton authors
#include "auto/batch_executable.h"

#include <algorithm>

namespace baton::autodev {
namespace {

using base::MutexLock;
using base::Status;

class BatchRequest final : public engine::EngineRequest {
 public:
  explicit BatchRequest(std::shared_ptr<BatchCollector> collector) : collector_(std::move(collector)) {}

  Status run(std::span<const engine::TensorView> inputs, std::span<engine::OutputSink* const> outputs) override {
    {
      MutexLock lock(mutex_);
      over_ = false;
    }
    take(inputs, outputs, [this](Status status) {
      MutexLock lock(mutex_);
      status_ = std::move(status);
      over_ = true;
      changed_.notify_all();
    });
    if (BatchSlot* const slot = collector_->submit(member_, /*here=*/true))
      collector_->ended(*slot, slot->request->run(inputs, outputs));
    MutexLock lock(mutex_);
    collector_->parts().executor->wait(
        mutex_, changed_, [this]() BATON_NO_THREAD_SAFETY_ANALYSIS { return over_; }, std::nullopt);
    return std::move(status_);
  }

  bool start(std::span<const engine::TensorView> inputs, std::span<engine::OutputSink* const> outputs,
             const Completion& done) override {
    take(inputs, outputs, done);
    const auto collector = collector_;  // `done` may come at once and end this request
    collector->submit(member_, /*here=*/false);
    return true;
  }

  void cancel() override { collector_->cancel(member_); }

 private:
  void take(std::span<const engine::TensorView> inputs, std::span<engine::OutputSink* const> outputs, Completion done) {
    member_.inputs = inputs;
    member_.outputs = outputs;
    member_.done = std::move(done);
  }

  const std::shared_ptr<BatchCollector> collector_;
  BatchMember member_;
  base::Mutex mutex_;
  base::CondVar changed_;
  bool over_ BATON_GUARDED_BY(mutex_) = true;
  Status status_ BATON_GUARDED_BY(mutex_);
};

}  // namespace

BatchExecutable::BatchExecutable(std::shared_ptr<BatchCollector> collector)
    : collector_(std::move(collector)), traits_(collector_->parts().single->traits()) {
  traits_.optimal_requests = collector_->parts().size * std::max(1u, traits_.optimal_requests);  // B-916
  traits_.waiting_requests = 0;
}

base::Result<std::unique_ptr<engine::EngineRequest>> BatchExecutable::create_request() {
  return std::unique_ptr<engine::EngineRequest>(std::make_unique<BatchRequest>(collector_));
}

base::Result<std::string> BatchExecutable::property(const std::string& key) const {
  if (key == "BATCH_SIZE") return std::to_string(collector_->batch_size());
  if (key == "OPTIMAL_NUMBER_OF_INFER_REQUESTS") return std::to_string(traits_.optimal_requests);
  return collector_->parts().single->property(key);
}

}  // namespace baton::autodev
