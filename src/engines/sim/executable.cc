// SPDX-License-Identifier: Apache-2.0
// Copyright (C) 2026 The Baton authors
#include "sim/executable.h"

#include <algorithm>
#include <ostream>
#include <utility>
#include <vector>

#include "sim/arithmetic.h"

namespace baton::sim {

namespace {

using base::Status;
using engine::OutputSink;
using engine::TensorView;

/// One inference from its start to its single end. It outlives its request while the engine's timer may still fire.
class Run : public std::enable_shared_from_this<Run> {
 public:
  /// Without `done` the run is a blocking one.
  Run(std::shared_ptr<ExecutableState> state, std::span<const TensorView> inputs, std::span<OutputSink* const> outputs,
      engine::EngineRequest::Completion done = {})
      : state_(std::move(state)), inputs_(inputs), outputs_(outputs), blocking_(!done), done_(std::move(done)) {}

  /// Ok, or why these inputs and outputs cannot be run; nothing was started then.
  Status check() const;
  void begin() { course_ = state_->machine->begin_run(*state_->loaded, batch_of(inputs_), shapes()); }
  /// After `begin`: blocks until the run is over, or lets a timer end it.
  Status wait();
  void arm();
  /// After `begin`, from any thread.
  void cancel();

 private:
  void finish_started(const Status& outcome);
  Status end(Status status);
  Status write_outputs() const;
  std::string shapes() const;

  const std::shared_ptr<ExecutableState> state_;
  const std::span<const TensorView> inputs_;
  const std::span<OutputSink* const> outputs_;
  const bool blocking_;
  Course course_;
  engine::EngineRequest::Completion done_;
  base::Mutex mutex_;
  base::CondVar changed_;
  bool cancelled_ BATON_GUARDED_BY(mutex_) = false;
  bool finished_ BATON_GUARDED_BY(mutex_) = false;
  base::Executor::TimerId timer_ BATON_GUARDED_BY(mutex_) = 0;
};

std::string to_string(std::span<const std::size_t> shape) {
  return Shape(std::vector<std::size_t>(shape.begin(), shape.end())).to_string();
}

/// Empty where the pair does not compile for each.
std::string Run::shapes() const {
  std::string text;
  if (state_->shape_compiles() == engine::ShapeCompiles::kNever) return text;
  for (const TensorView& input : inputs_) text += to_string(input.shape);
  return text;
}

Status Run::check() const {
  const auto& facts = state_->model.facts();
  if (inputs_.size() != facts.inputs.size() || outputs_.size() != facts.outputs.size()) {
    return Status::invalid_argument(
        "got " + std::to_string(inputs_.size()) + " inputs and " + std::to_string(outputs_.size()) +
        " outputs, expected " + std::to_string(facts.inputs.size()) + " and " + std::to_string(facts.outputs.size()));
  }
  for (std::size_t i = 0; i < inputs_.size(); ++i) {
    const TensorView& input = inputs_[i];
    const auto& port = facts.inputs[i];
    const PartialShape& expected = state_->model.input_shapes[i];
    const Shape shape(std::vector<std::size_t>(input.shape.begin(), input.shape.end()));
    if (input.type != port.type || !expected.accepts(shape)) {
      return Status::invalid_argument("input " + port.any_name() + ": got " + input.type.to_string() +
                                      shape.to_string() + ", expected " + port.type.to_string() + expected.to_string());
    }
    if (input.bytes < shape_size(shape) * input.type.size() || (input.bytes > 0 && !input.data)) {
      return Status::invalid_argument("input " + port.any_name() + ": got " + std::to_string(input.bytes) +
                                      " bytes, expected " + std::to_string(shape_size(shape) * input.type.size()));
    }
  }
  return {};
}

Status Run::wait() {
  bool cancelled = false;
  {
    base::MutexLock lock(mutex_);
    cancelled = state_->machine->executor().wait(
        mutex_, changed_, [this]() BATON_NO_THREAD_SAFETY_ANALYSIS { return cancelled_; }, course_.end);
    finished_ = true;
  }
  return end(cancelled ? Status::cancelled("the run was cancelled") : course_.outcome);
}

void Run::arm() {
  if (!course_.end) return;
  auto& executor = state_->machine->executor();
  const auto timer =
      executor.run_at(*course_.end, [self = shared_from_this()] { self->finish_started(self->course_.outcome); });
  base::MutexLock lock(mutex_);
  timer_ = timer;
}

void Run::cancel() {
  const Loaded& loaded = *state_->loaded;
  state_->machine->record_cancel(loaded.pair, loaded.precision, loaded.number);
  if (!state_->pair().cancel_run) return;
  base::Executor::TimerId timer = 0;
  {
    base::MutexLock lock(mutex_);
    if (finished_ || cancelled_) return;
    cancelled_ = true;
    timer = timer_;
    changed_.notify_all();
  }
  if (blocking_) return;  // its own thread ends it
  auto& executor = state_->machine->executor();
  executor.cancel_timer(timer);
  executor.post([self = shared_from_this()] { self->finish_started(Status::cancelled("the run was cancelled")); });
}

void Run::finish_started(const Status& outcome) {
  {
    base::MutexLock lock(mutex_);
    if (finished_) return;
    finished_ = true;
  }
  // The caller may let go of the request, and with it of this run, in `done`.
  const auto self = shared_from_this();
  const auto done = std::move(done_);
  done(end(outcome));
}

Status Run::end(Status status) {
  if (status.is_ok()) status = write_outputs();
  state_->machine->end_run(*state_->loaded, course_, status);
  return status;
}

Status Run::write_outputs() const {
  const auto& facts = state_->model.facts();
  const OutputError& error = state_->pair().behaviour(state_->loaded->precision).output_error;
  std::vector<PartialShape> input_shapes;
  for (const auto& input : inputs_)
    input_shapes.push_back(Shape(std::vector<std::size_t>(input.shape.begin(), input.shape.end())));
  for (std::size_t i = 0; i < outputs_.size(); ++i) {
    const auto& port = facts.outputs[i];
    // What no input decides is as small as the model allows, but not empty.
    Shape shape = output_shape(facts, port, input_shapes).get_min_shape();
    std::replace(shape.begin(), shape.end(), std::size_t{0}, std::size_t{1});
    void* data = outputs_[i]->reserve(port.type, shape);
    if (!data) {
      return Status::invalid_argument("output " + port.any_name() + ": the tensor given is too small for " +
                                      port.type.to_string() + to_string(shape));
    }
    fill_output(inputs_, i, port.type, shape, error, data);
  }
  return {};
}

class SimRequest final : public engine::EngineRequest {
 public:
  explicit SimRequest(std::shared_ptr<ExecutableState> state) : state_(std::move(state)) {}

  Status run(std::span<const TensorView> inputs, std::span<OutputSink* const> outputs) override {
    const auto run = std::make_shared<Run>(state_, inputs, outputs);
    if (Status status = run->check(); !status.is_ok()) return status;
    run->begin();
    set_current(run);
    return run->wait();
  }

  bool start(std::span<const TensorView> inputs, std::span<OutputSink* const> outputs,
             const Completion& done) override {
    const auto run = std::make_shared<Run>(state_, inputs, outputs, done);
    if (Status status = run->check(); !status.is_ok()) {
      done(status);
      return true;
    }
    run->begin();
    set_current(run);
    run->arm();  // last: `done` may destroy this request
    return true;
  }

  void cancel() override {
    std::shared_ptr<Run> run;
    {
      base::MutexLock lock(mutex_);
      run = current_;
    }
    if (run) run->cancel();
  }

 private:
  void set_current(const std::shared_ptr<Run>& run) {
    base::MutexLock lock(mutex_);
    current_ = run;
  }

  const std::shared_ptr<ExecutableState> state_;
  base::Mutex mutex_;
  /// The run that goes on, or the last one; nobody else holds one that hangs.
  std::shared_ptr<Run> current_ BATON_GUARDED_BY(mutex_);
};

}  // namespace

SimExecutable::SimExecutable(std::shared_ptr<ExecutableState> state, const engine::CompileRequest& request)
    : state_(std::move(state)), properties_(request.properties) {
  const Pair& pair = state_->pair();
  traits_.optimal_requests = request.num_requests > 0 ? std::min(request.num_requests, pair.slots) : pair.slots;
  traits_.waiting_requests = pair.waiting_requests;
  traits_.loaded_from_cache = request.blob != nullptr;
  traits_.concurrency = state_->machine->script().engines[pair.engine].concurrency;
  traits_.precision = pair.behaviour(state_->loaded->precision).precision;
  traits_.shape_compiles = state_->shape_compiles();
  traits_.device_coverage = pair.device_coverage;
}

base::Result<std::unique_ptr<engine::EngineRequest>> SimExecutable::create_request() {
  return std::unique_ptr<engine::EngineRequest>(std::make_unique<SimRequest>(state_));
}

base::Result<std::string> SimExecutable::property(const std::string& key) const {
  if (key == "OPTIMAL_NUMBER_OF_INFER_REQUESTS") return std::to_string(traits_.optimal_requests);
  if (const auto found = properties_.find(key); found != properties_.end()) return found->second;
  return base::Status::not_found("engine " + state_->engine_name() + " has no property " + key);
}

void SimExecutable::leave_a_core(bool on) {
  state_->machine->record(on ? Entry::What::kCoreLeft : Entry::What::kCoreTaken, *state_->loaded);
}

base::Status SimExecutable::export_model(std::ostream& out) const {
  const Loaded& loaded = *state_->loaded;
  const auto content = state_->machine->exported(loaded.pair, loaded.precision, state_->model);
  if (!content.is_ok()) return content.status();
  state_->machine->record(Entry::What::kExported, loaded);
  out << content.value();
  return out.good() ? Status::ok() : Status::unavailable("the export could not be written");
}

}  // namespace baton::sim
