// SPDX-License-Identifier: Apache-2.0
// Copyright (C) 2026 The Baton authors
#include "overlap_trial.h"

#include <algorithm>
#include <atomic>
#include <barrier>
#include <cmath>
#include <memory>
#include <span>
#include <thread>
#include <utility>
#include <vector>

#include "base/mutex.h"
#include "trial_models.h"

namespace baton::engine::onnxruntime {
namespace {

using base::Result;
using base::Status;
using Clock = std::chrono::steady_clock;

constexpr std::size_t kElements = kTrialSide * kTrialSide;
constexpr int kRunsOfOwn = 4;
/// Right answers differ by a factor of two and more; lowered precision moves one by less than this.
constexpr float kTolerance = 0.05F;

class Answer final : public OutputSink {
 public:
  void* reserve(element::Type type, std::span<const std::size_t>) override {
    const bool expected = type == element::f32;
    values_.assign(kElements, 0.F);
    return expected ? values_.data() : nullptr;
  }
  bool is(float right) const {
    return values_.size() == kElements && std::all_of(values_.begin(), values_.end(), [right](float value) {
             return std::abs(value - right) <= kTolerance * right;
           });
  }

 private:
  std::vector<float> values_;
};

/// One run; the numbers follow from `seed`.
Status run_once(EngineRequest& request, unsigned seed) {
  constexpr float kNumbers[] = {1, 2, 4};
  const float a = kNumbers[seed % 3], b = kNumbers[seed / 3 % 3];
  std::vector<float> first(kElements, a), second(kElements, b);
  const std::vector<std::size_t> shape{kTrialSide, kTrialSide};
  const auto view = [&shape](std::vector<float>& values) {
    return TensorView{element::f32, shape, values.data(), kElements * sizeof(float)};
  };
  const std::vector<TensorView> inputs{view(first), view(second)};
  Answer answer;
  OutputSink* const outputs[] = {&answer};
  BATON_RETURN_IF_ERROR(request.run(inputs, outputs));
  return answer.is(chain_answer(a, b)) ? Status() : Status::device_failed("an answer was wrong");
}

/// Thread-safety: `work` from several threads. Ownership: borrows the engine.
class OverlapTrial {
 public:
  OverlapTrial(Engine& engine, CompileRequest request, const OverlapTrialOptions& options)
      : engine_(engine), request_(std::move(request)), options_(options), start_(options.threads) {}

  Status run() {
    auto shared = engine_.compile(request_, {});
    if (!shared.is_ok()) return shared.status();
    shared_ = std::move(shared).value();
    end_ = Clock::now() + options_.time;
    {
      std::vector<std::jthread> threads;
      for (unsigned i = 0; i < options_.threads; ++i) threads.emplace_back([this, i] { work(i); });
    }
    shared_.reset();
    const base::MutexLock lock(mutex_);
    return failure_;
  }

 private:
  void work(unsigned thread) {
    start_.arrive_and_wait();
    for (unsigned round = 0; round < options_.rounds && !failed_; ++round) {
      if (round > 0 && Clock::now() > end_) return;
      const Status status = play_round(thread + round);
      if (status.is_ok()) continue;
      failed_ = true;
      const base::MutexLock lock(mutex_);
      if (failure_.is_ok()) failure_ = status;
    }
  }

  Status play_round(unsigned seed) {
    auto own = engine_.compile(request_, {});
    if (!own.is_ok()) return own.status();
    for (Executable* executable : {own.value().get(), shared_.get()}) {
      auto slot = executable->create_request();
      if (!slot.is_ok()) return slot.status();
      for (unsigned i = 0; i < kRunsOfOwn; ++i) BATON_RETURN_IF_ERROR(run_once(*slot.value(), seed + i));
    }
    return {};
  }

  Engine& engine_;
  const CompileRequest request_;
  const OverlapTrialOptions options_;
  std::unique_ptr<Executable> shared_;  ///< constant while threads run
  Clock::time_point end_;               ///< constant while threads run
  std::barrier<> start_;
  std::atomic<bool> failed_ = false;  ///< so that nobody takes a lock between two runs
  base::Mutex mutex_;
  Status failure_ BATON_GUARDED_BY(mutex_);
};

}  // namespace

Status try_overlap(Engine& engine, const std::string& device, const OverlapTrialOptions& options) {
  auto model = trial_model(chain());
  if (!model.is_ok()) return model.status();
  CompileRequest request;
  request.model = std::move(model).value();
  request.device = device;
  request.profile = Profile::kFast;
  request.properties = options.properties;
  return OverlapTrial(engine, std::move(request), options).run();
}

}  // namespace baton::engine::onnxruntime
