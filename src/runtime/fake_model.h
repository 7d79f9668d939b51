// SPDX-License-Identifier: Apache-2.0
// Copyright (C) 2026 The Baton authors
//
// For the tests of this folder: an AutoModel without engines. Every run copies the first input to the first output,
// unless the test scripts something else.
#pragma once

#include <algorithm>
#include <atomic>
#include <cstring>
#include <deque>
#include <memory>
#include <optional>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "auto/auto_model.h"
#include "base/mutex.h"
#include "baton/compiled_model.hpp"
#include "runtime/compiled_handle.h"
#include "runtime/event_hub.h"
#include "runtime/log_hub.h"
#include "runtime/port_table.h"

namespace baton::runtime::test {

/// A model with one f32 input "x" and one f32 output "y" of these shapes.
inline std::shared_ptr<Port::Table> make_table(const PartialShape& input = Shape{1, 4},
                                               const PartialShape& output = Shape{1, 4},
                                               Port::Table::InferShapes infer_shapes = nullptr) {
  model::Facts facts;
  facts.name = "copy";
  facts.inputs.push_back({{"x", "x:0"}, element::f32, input});
  facts.outputs.push_back({{"y"}, element::f32, output});
  facts.output_is_distribution = {false};
  auto data = std::make_shared<const model::ModelData>(model::Source{}, std::move(facts));
  return std::make_shared<Port::Table>(model::Model{std::move(data), {input}}, std::move(infer_shapes));
}

/// Thread-safety: safe; the scripted fields are set before or between runs.
class FakeModel final : public autodev::AutoModel {
 public:
  enum class Mode {
    kThread,  ///< an asynchronous run completes on a thread of its own
    kInline,  ///< it completes inside `start`, as when it is refused
    kManual,  ///< it waits for `finish_one` or `cancel`
  };

  explicit FakeModel(autodev::CompileSpec spec = {}) : spec_(std::move(spec)) {}
  ~FakeModel() override { join(); }

  Mode mode = Mode::kThread;
  base::Status result;                                                      ///< of every run; OK: the copy's own
  std::optional<base::Result<std::vector<engine::NodeCounters>>> counters;  ///< of every run; none: PERF_COUNT is off
  autodev::Snapshot state;
  std::atomic<int> closed{0};
  std::atomic<int> runs{0};
  std::atomic<bool> hold{false};

  void infer(autodev::InferTask& task) override { finish(task, run(task)); }

  void start(autodev::InferTask& task) override {
    switch (mode) {
      case Mode::kInline: return finish(task, run(task));
      case Mode::kManual: {
        base::MutexLock lock(mu_);
        waiting_.push_back(&task);
        return;
      }
      case Mode::kThread: break;
    }
    base::MutexLock lock(mu_);
    threads_.emplace_back([this, keep = weak_from_this().lock(), &task]() mutable {
      finish(task, run(task));
      keep.reset();
    });
  }

  void cancel(autodev::InferTask& task) override {
    if (take(&task)) finish(task, base::Status::cancelled("the inference was cancelled"));
  }

  /// kManual: completes the oldest run, on the calling thread. False when there is none.
  bool finish_one() {
    autodev::InferTask* const task = take(nullptr);
    if (task) finish(*task, run(*task));
    return task != nullptr;
  }
  std::size_t waiting() const {
    base::MutexLock lock(mu_);
    return waiting_.size();
  }
  /// Waits for the threads of kThread, those that they start included.
  void join() {
    for (;;) {
      std::vector<std::thread> threads;
      {
        base::MutexLock lock(mu_);
        threads.swap(threads_);
      }
      if (threads.empty()) return;
      for (std::thread& thread : threads) {
        if (thread.get_id() == std::this_thread::get_id()) thread.detach();  // the model ends inside its own callback
        else thread.join();
      }
    }
  }

  autodev::Snapshot snapshot() const override { return state; }
  policy::SelectionReport report() const override { return {}; }
  autodev::Statistics statistics() const override { return {}; }
  bool wait_until_steady(std::optional<base::Duration>) override { return true; }
  void set_handover_hold(bool value) override { hold = value; }
  base::Result<std::string> executable_property(const std::string& key, const std::string& /*device*/) const override {
    if (key == "NUM_STREAMS") return std::string("2");
    return base::Status::not_found("no property " + key);
  }
  const autodev::CompileSpec& spec() const override { return spec_; }
  void close() override { ++closed; }

 private:
  base::Status run(autodev::InferTask& task) {
    ++runs;
    if (!result.is_ok()) return result;
    const engine::TensorView& input = task.inputs[0];
    void* const place = task.outputs[0]->reserve(input.type, input.shape);
    if (place == nullptr) return base::Status::invalid_argument("the output's tensor is too small");
    std::memcpy(place, input.data, input.bytes);
    return {};
  }

  void finish(autodev::InferTask& task, const base::Status& status) {
    static const std::string device = "FAKE", engine = "fake";
    autodev::RunInfo info{
        .device = &device, .engine = &engine, .generation = 1, .latency_ms = 2.5, .run_ms = 1.5, .attempts = 1};
    if (counters && status.is_ok()) task.on_counters(*counters);
    task.on_done(status, info);
  }

  autodev::InferTask* take(autodev::InferTask* wanted) {
    base::MutexLock lock(mu_);
    const auto place = wanted ? std::find(waiting_.begin(), waiting_.end(), wanted) : waiting_.begin();
    if (place == waiting_.end()) return nullptr;
    autodev::InferTask* const task = *place;
    waiting_.erase(place);
    return task;
  }

  const autodev::CompileSpec spec_;
  mutable base::Mutex mu_;
  std::deque<autodev::InferTask*> waiting_ BATON_GUARDED_BY(mu_);
  std::vector<std::thread> threads_ BATON_GUARDED_BY(mu_);
};

/// A CompiledModel over a fake; the test keeps the fake to script it.
inline CompiledModel compiled(const std::shared_ptr<FakeModel>& model,
                              std::shared_ptr<Port::Table> table = make_table(),
                              std::map<std::string, std::string> properties = {},
                              base::Executor& executor = base::thread_executor()) {
  CompiledModel::Handle::Parts parts;
  parts.model = model;
  parts.ports = std::move(table);
  parts.executor = &executor;
  parts.events = std::make_shared<EventHub>(std::make_shared<LevelSink>(base::LogLevel::kNone), "AUTO");
  parts.properties = std::move(properties);
  return CompiledModel(std::make_shared<CompiledModel::Handle>(std::move(parts)));
}

}  // namespace baton::runtime::test
