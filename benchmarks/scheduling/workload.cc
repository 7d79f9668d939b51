// SPDX-License-Identifier: Apache-2.0
// Copyright (C) 2026 The Baton authors
#include "workload.h"

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <memory>
#include <random>

#include "auto/sample.h"
#include "base/mutex.h"

namespace baton::benchmarks {
namespace {

/// What all requests of one measurement write to.
class Score {
 public:
  Score(base::Executor& executor, int count, int edge) : executor_(executor), count_(count), edge_(edge) {}

  /// A completion; true: one more is to be started in its place.
  bool done(const base::Status& status, const autodev::RunInfo& info) {
    if (!status.is_ok()) {
      std::fprintf(stderr, "a request failed: %s\n", status.message().c_str());
      std::exit(1);
    }
    base::MutexLock lock(mu_);
    latencies_.push_back(info.latency_ms);
    ++by_device_[*info.device];
    const int done = static_cast<int>(latencies_.size());
    const auto now = executor_.now();
    if (done == edge_) began_ = now;
    if (done == count_ - edge_) ended_ = now;
    if (done == count_) changed_.notify_all();
    return started_ < count_ && ++started_ > 0;
  }
  void started(int requests) {
    base::MutexLock lock(mu_);
    started_ += requests;
  }

  Outcome wait() {
    base::MutexLock lock(mu_);
    const auto over = [this]()
                          BATON_NO_THREAD_SAFETY_ANALYSIS { return static_cast<int>(latencies_.size()) == count_; };
    executor_.wait(mu_, changed_, over, std::nullopt);
    std::sort(latencies_.begin(), latencies_.end());
    const auto quantile = [&](double q) BATON_NO_THREAD_SAFETY_ANALYSIS {
      return latencies_[static_cast<std::size_t>(q * static_cast<double>(latencies_.size() - 1))];
    };
    return {.per_second = (count_ - 2 * edge_) * 1000 / base::to_ms(ended_ - began_),
            .p50_ms = quantile(0.5),
            .p99_ms = quantile(0.99),
            .by_device = by_device_};
  }

 private:
  base::Executor& executor_;
  const int count_;
  const int edge_;  ///< completions at the beginning and at the end that the rate leaves out
  base::Mutex mu_;
  base::CondVar changed_;
  int started_ BATON_GUARDED_BY(mu_) = 0;
  std::vector<double> latencies_ BATON_GUARDED_BY(mu_);
  std::map<std::string, int> by_device_ BATON_GUARDED_BY(mu_);
  base::TimePoint began_ BATON_GUARDED_BY(mu_);
  base::TimePoint ended_ BATON_GUARDED_BY(mu_);
};

class Request final : public autodev::InferTask {
 public:
  Request(autodev::AutoModel& compiled, const model::Model& model, Score& score)
      : compiled_(compiled),
        score_(score),
        sample_(autodev::Sample::pseudo_random(model)),
        views_(autodev::views(sample_->inputs)),
        buffers_(model.facts().outputs.size()),
        sinks_(autodev::sinks(buffers_)) {
    inputs = views_;
    outputs = sinks_;
    compiled_.batch_settings()->request_made();
  }
  ~Request() { compiled_.batch_settings()->request_gone(); }
  void start() { compiled_.start(*this); }
  void on_done(const base::Status& status, const autodev::RunInfo& info) noexcept override {
    if (score_.done(status, info)) start();
  }
  engine::TensorView output_view(std::size_t index) override { return buffers_[index].view(); }

 private:
  autodev::AutoModel& compiled_;
  Score& score_;
  const std::shared_ptr<autodev::Sample> sample_;
  std::vector<engine::TensorView> views_;
  std::vector<autodev::Buffer> buffers_;
  std::vector<engine::OutputSink*> sinks_;
};

}  // namespace

Outcome closed_loop(autodev::AutoModel& compiled, base::Executor& executor, const model::Model& model, int in_flight,
                    int count) {
  Score score(executor, count, in_flight);
  std::vector<std::unique_ptr<Request>> requests;
  for (int i = 0; i < in_flight; ++i) requests.push_back(std::make_unique<Request>(compiled, model, score));
  score.started(in_flight);
  for (const auto& request : requests) request->start();
  return score.wait();
}

Outcome open_loop(autodev::AutoModel& compiled, base::Executor& executor, const model::Model& model, double per_second,
                  int count) {
  Score score(executor, count, 0);
  score.started(count);  // none follows another
  std::mt19937 random(1);
  std::exponential_distribution<double> gap(per_second / 1000);
  std::vector<std::unique_ptr<Request>> requests;
  double at_ms = 0;
  for (int i = 0; i < count; ++i) {
    requests.push_back(std::make_unique<Request>(compiled, model, score));
    at_ms += gap(random);
    executor.run_at(executor.now() + base::from_ms(at_ms), [request = requests.back().get()] { request->start(); });
  }
  return score.wait();
}

}  // namespace baton::benchmarks
