// SPDX-License-Identifier: Apache-2.0
// Copyright (C) 2026 The Baton authors
#include "sim/sim_engine.h"

#include <algorithm>
#include <functional>
#include <optional>
#include <stdexcept>
#include <utility>

#include "engine/device_table.h"
#include "model/wire.h"
#include "sim/arithmetic.h"
#include "sim/executable.h"

namespace baton::sim {

namespace {

using base::Result;
using base::Status;

/// One compile from its start to its single end. The timer and the stop token keep nothing alive but this.
class Load : public std::enable_shared_from_this<Load> {
 public:
  Load(std::shared_ptr<Machine> machine, std::size_t pair, const engine::CompileRequest& request,
       engine::Engine::CompileDone done)
      : machine_(std::move(machine)), pair_(pair), request_(request), done_(std::move(done)) {}

  void start(const std::stop_token& stop) {
    course_ = machine_->begin_load(pair_, request_, number_);
    // A stop that was asked for before must not lose against the timer, however late this thread comes to it.
    const bool stopped = stop.stop_requested() && machine_->script().pairs[pair_].cancel_load;
    if (course_.end && !stopped) {
      timer_ = machine_->executor().run_at(*course_.end,
                                           [self = shared_from_this()] { self->finish(self->course_.outcome); });
    }
    // Nobody but the timer holds a load, and one that hangs has no timer.
    if (!course_.end) machine_->keep_hanging(number_, shared_from_this());
    // Last: it may fire at once.
    on_stop_.emplace(stop, [weak = weak_from_this()] {
      if (const auto self = weak.lock()) self->stop();
    });
  }

 private:
  void stop() {
    machine_->record_cancel(pair_, request_.precision, number_);
    if (!machine_->script().pairs[pair_].cancel_load) return;
    machine_->executor().cancel_timer(timer_);
    // Not here: whoever asked to stop does not expect the answer inside his call.
    machine_->executor().post(
        [self = shared_from_this()] { self->finish(Status::cancelled("the compile was cancelled")); });
  }

  void finish(const Status& outcome) {
    {
      base::MutexLock lock(mutex_);
      if (finished_) return;
      finished_ = true;
    }
    const auto self = shared_from_this();
    if (!course_.end) machine_->drop_hanging(number_);
    auto loaded = machine_->end_load(pair_, request_.precision, number_, course_, outcome);
    const auto done = std::move(done_);
    if (!loaded) return done(outcome);
    auto state = std::make_shared<ExecutableState>(machine_, std::move(loaded), request_.model);
    done(std::unique_ptr<engine::Executable>(std::make_unique<SimExecutable>(std::move(state), request_)));
  }

  const std::shared_ptr<Machine> machine_;
  const std::size_t pair_;
  const engine::CompileRequest request_;
  engine::Engine::CompileDone done_;
  std::uint64_t number_ = 0;
  Course course_;
  base::Executor::TimerId timer_ = 0;
  base::Mutex mutex_;
  bool finished_ BATON_GUARDED_BY(mutex_) = false;
  std::optional<std::stop_callback<std::function<void()>>> on_stop_;
};

void pause(base::Executor& executor, double ms) {
  base::Mutex mutex;
  base::CondVar never;
  base::MutexLock lock(mutex);
  executor.wait(
      mutex, never, [] { return false; }, executor.now() + base::from_ms(ms));
}

std::string joined(const std::vector<std::string>& words) {
  std::string text;
  for (const auto& word : words) text += (text.empty() ? "" : " ") + word;
  return text;
}

}  // namespace

Result<std::vector<engine::DeviceReport>> SimEngine::enumerate(std::span<const std::string> families) {
  machine_->record_probe(index_);
  if (spec().probe_ms > 0) pause(machine_->executor(), spec().probe_ms);
  // Against the rules of the interface, on purpose: the registry must survive engines that break them (B-306).
  if (spec().probe_throws) throw std::runtime_error("simulated exception of a probe");
  if (!spec().probe_error.empty()) return Status::device_failed(spec().probe_error);
  auto reports = reports_of(machine_->script(), index_);
  std::erase_if(reports, [&](const engine::DeviceReport& report) {
    const auto family = engine::split_device_name(report.name).first;
    const bool asked = families.empty() || std::find(families.begin(), families.end(), family) != families.end();
    const auto& devices = machine_->script().devices;
    const auto device = std::find_if(devices.begin(), devices.end(),
                                     [&](const DeviceScript& d) { return d.report.name == report.name; });
    return !asked || machine_->is_gone(static_cast<std::size_t>(device - devices.begin()));
  });
  return reports;
}

engine::SupportAnswer SimEngine::supports(const engine::DeviceReport& device, const model::Model& model) const {
  for (const auto profile : {engine::Profile::kFull, engine::Profile::kFast}) {
    const Pair* pair = machine_->find_pair(index_, device.handle, profile);
    if (!pair) continue;
    const Status reason = refusal(*pair, model);
    return reason.is_ok() ? engine::SupportAnswer{engine::Support::kYes, {}}
                          : engine::SupportAnswer{engine::Support::kNo, reason.message()};
  }
  return {engine::Support::kNo, "engine " + name() + " has no device " + device.handle};
}

/// Why the pair cannot take the model, or ok.
Status SimEngine::refusal(const Pair& pair, const model::Model& model) const {
  const auto& facts = model.facts();
  const auto& formats = spec().formats;
  if (!pair.refuses.empty()) return Status::unsupported(pair.refuses);
  if (std::find(formats.begin(), formats.end(), facts.format) == formats.end()) {
    return Status::unsupported("engine " + name() + " does not read the format " +
                               std::string(to_string(facts.format)));
  }
  if (!pair.dynamic_shapes && model.is_dynamic())
    return Status::unsupported("engine " + name() + " does not run dynamic shapes");
  for (const auto* ports : {&facts.inputs, &facts.outputs}) {
    for (const auto& port : *ports) {
      if (is_computable(port.type)) continue;
      return Status::unsupported("port " + port.any_name() + " has the type " + port.type.to_string() +
                                 ", which a simulation does not compute");
    }
  }
  return {};
}

Result<std::size_t> SimEngine::pair_for(const engine::CompileRequest& request) const {
  const Pair* pair = machine_->find_pair(index_, request.device, request.profile);
  if (!pair) {
    return Status::unsupported("engine " + name() + " has no profile " + std::string(to_string(request.profile)) +
                               " on device " + request.device);
  }
  if (Status status = refusal(*pair, request.model); !status.is_ok()) return status;
  if (request.blob) {
    const auto index = static_cast<std::size_t>(pair - machine_->script().pairs.data());
    const auto expected = machine_->exported(index, request.precision, request.model);
    if (!expected.is_ok()) return expected.status();
    if (model::as_text(request.blob->span()) != expected.value()) {
      return Status::unavailable("engine " + name() + ": this is not the export of " + expected.value());
    }
  }
  for (const auto& [key, value] : request.properties) {
    const auto& known = pair->supported_properties;
    if (pair->any_property || std::find(known.begin(), known.end(), key) != known.end()) continue;
    return Status::unsupported("engine " + name() + " does not know the property " + key);
  }
  return static_cast<std::size_t>(pair - machine_->script().pairs.data());
}

engine::Engine::CompileResult SimEngine::compile(const engine::CompileRequest& request, std::stop_token stop) {
  base::Mutex mutex;
  base::CondVar changed;
  std::optional<CompileResult> result;
  start_compile(request, std::move(stop), [&](CompileResult r) {
    base::MutexLock lock(mutex);
    result = std::move(r);
    changed.notify_all();
  });
  base::MutexLock lock(mutex);
  machine_->executor().wait(
      mutex, changed, [&] { return result.has_value(); }, std::nullopt);
  return *std::move(result);
}

bool SimEngine::start_compile(const engine::CompileRequest& request, std::stop_token stop, const CompileDone& done) {
  const auto pair = pair_for(request);
  if (!pair.is_ok()) {
    done(pair.status());
  } else {
    std::make_shared<Load>(machine_, pair.value(), request, done)->start(stop);
  }
  return true;
}

Result<std::vector<PartialShape>> SimEngine::infer_output_shapes(const model::Model& model) {
  std::vector<PartialShape> shapes;
  for (const auto& port : model.facts().outputs)
    shapes.push_back(output_shape(model.facts(), port, model.input_shapes));
  return shapes;
}

Result<std::string> SimEngine::device_property(const std::string& name, const std::string& key) {
  const Pair* pair = machine_->find_pair(index_, name, engine::Profile::kFull);
  if (!pair) pair = machine_->find_pair(index_, name, engine::Profile::kFast);
  if (!pair) return Status::not_found("engine " + this->name() + " has no device " + name);
  const DeviceScript& device = machine_->script().devices[pair->device];
  if (const auto found = device.properties.find(key); found != device.properties.end()) return found->second;
  if (key == "FULL_DEVICE_NAME") return device.report.full_name;
  if (key == "OPTIMAL_BATCH_SIZE") return std::to_string(pair->optimal_batch);
  if (key == "OPTIMIZATION_CAPABILITIES")
    return joined(pair->capabilities.empty() ? device.report.capabilities : pair->capabilities);
  if (key == "SUPPORTED_PROPERTIES") return joined(pair->supported_properties);
  return Status::not_found("engine " + this->name() + " has no property " + key + " of device " + name);
}

}  // namespace baton::sim
