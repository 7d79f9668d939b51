// SPDX-License-Identifier: Apache-2.0
// Copyright (C) 2026 The Baton authors
#include "measurement.h"

#include <algorithm>
#include <thread>

namespace baton::bench {
namespace {

/// Copies: every request has memory of its own, as in an application.
void fill(InferRequest request, const std::vector<Tensor>& inputs) {
  for (std::size_t i = 0; i < inputs.size(); ++i) inputs[i].copy_to(request.get_input_tensor(i));
}

/// ms that the conversion of the outputs took.
double converted(const RunnerOptions& options, const InferRequest& request) {
  return options.outputs ? options.outputs->convert(request) : 0;
}

class SyncRunner final : public Runner {
 public:
  SyncRunner(CompiledModel& model, const RunnerOptions& options, const InputData& data, Recorder& recorder)
      : options_(options), data_(data), recorder_(recorder), request_(model.create_infer_request()) {
    fill(request_, data_.at(0));
  }

  std::size_t requests() const override { return 1; }

  double first_inference() override {
    request_.infer();
    return request_.latency() + converted(options_, request_);
  }

  void start(std::uint64_t turn) override {
    if (!options_.fill_once) fill(request_, data_.at(turn));
    request_.infer();
    const std::size_t group = turn % options_.frames.size();
    recorder_.add(request_, group, options_.frames[group], converted(options_, request_));
  }

  void finish() override {}
  std::vector<std::vector<ProfilingInfo>> counters() override { return {request_.get_profiling_info()}; }

 private:
  const RunnerOptions options_;
  const InputData& data_;
  Recorder& recorder_;
  InferRequest request_;
};

class AsyncRunner final : public Runner {
 public:
  AsyncRunner(CompiledModel& model, const RunnerOptions& options, const InputData& data, Recorder& recorder)
      : options_(options), data_(data), recorder_(recorder), queue_(model, options.requests) {}

  std::size_t requests() const override { return queue_.size(); }

  double first_inference() override {
    const std::size_t id = queue_.get_idle_request_id();
    queue_.start_async(data_.at(0));
    queue_.wait_all();
    return queue_[id].latency() + converted(options_, queue_[id]);
  }

  void start(std::uint64_t turn) override {
    if (turn == 0) record_from_now_on();
    const std::size_t group = turn % options_.frames.size();
    if (!options_.fill_once) return queue_.start_async(data_.at(turn), group);
    const std::size_t id = queue_.get_idle_request_id();  // the one that starts next: nobody else starts any
    for (; filled_ <= id; ++filled_) fill(queue_[filled_], data_.at(filled_));
    queue_.start_async(std::any(group));
  }

  void finish() override { queue_.wait_all(); }

  std::vector<std::vector<ProfilingInfo>> counters() override {
    std::vector<std::vector<ProfilingInfo>> all;
    for (std::size_t i = 0; i < queue_.size(); ++i) {
      if (queue_[i].latency() > 0) all.push_back(queue_[i].get_profiling_info());  // the others never ran
    }
    return all;
  }

 private:
  void record_from_now_on() {
    queue_.set_callback([this](const InferRequest& request, const std::any& userdata) {
      const auto group = std::any_cast<std::size_t>(userdata);
      recorder_.add(request, group, options_.frames[group], converted(options_, request));
    });
  }

  const RunnerOptions options_;
  const InputData& data_;
  Recorder& recorder_;
  std::size_t filled_ = 0;  ///< jobs that have their inputs; the queue may grow
  AsyncInferQueue queue_;   // last: its end waits for callbacks
};

/// Waits until `frames` more are due.
void keep_rate(const Recorder& recorder, double max_rate, double frames) {
  if (max_rate <= 0) return;
  const double due_ms = frames / max_rate * 1000;
  std::this_thread::sleep_for(std::chrono::duration<double, std::milli>(due_ms - recorder.elapsed_ms()));
}

double share_done(const RunLimits& limits, std::uint64_t started, double elapsed_seconds) {
  double share = 1;
  if (limits.iterations)
    share = static_cast<double>(started) / static_cast<double>(std::max<std::uint64_t>(*limits.iterations, 1));
  if (limits.seconds) share = std::min(share, elapsed_seconds / *limits.seconds);
  return std::min(share, 1.0);
}

}  // namespace

void Recorder::add(const InferRequest& request, std::size_t group, std::size_t frames, double more_ms) {
  const Sample sample{elapsed_ms(), request.latency() + more_ms, request.generation(), group, frames};
  const std::scoped_lock lock(mutex_);
  samples_.push_back(sample);
  if (!servers_.contains(sample.generation)) servers_[sample.generation] = {request.device(), request.engine()};
}

double Recorder::elapsed_ms() const { return std::chrono::duration<double, std::milli>(Clock::now() - zero_).count(); }

std::vector<Sample> Recorder::samples() const {
  const std::scoped_lock lock(mutex_);
  return samples_;
}

std::map<std::uint64_t, Server> Recorder::servers() const {
  const std::scoped_lock lock(mutex_);
  return servers_;
}

std::unique_ptr<Runner> make_runner(CompiledModel& model, const RunnerOptions& options, const InputData& data,
                                    Recorder& recorder) {
  if (options.async) return std::make_unique<AsyncRunner>(model, options, data, recorder);
  return std::make_unique<SyncRunner>(model, options, data, recorder);
}

void measure(Runner& runner, Recorder& recorder, const RunLimits& limits, std::size_t frames,
             const std::function<bool()>& stop, const std::function<void(double)>& progress) {
  recorder.begin();
  std::uint64_t started = 0;
  for (double seconds = 0; limits.goes_on(started, seconds) && !stop(); seconds = recorder.elapsed_ms() / 1000) {
    runner.start(started++);
    keep_rate(recorder, limits.max_rate, static_cast<double>(started * frames));
    progress(share_done(limits, started, seconds));
  }
  runner.finish();
}

}  // namespace baton::bench
