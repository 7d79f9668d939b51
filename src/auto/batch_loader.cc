// SPDX-License-Identifier: Apache-2.0
// Copyright (C) 2026 The Baton authors
#include "auto/batch_loader.h"

#include <algorithm>
#include <charconv>
#include <utility>

#include "base/process_exit.h"
#include "engine/device_table.h"
#include "model/batch_obstacle.h"

namespace baton::autodev {
namespace {

using base::EngineCall;
using base::LogLevel;
using base::Status;
using policy::BatchTrigger;

std::uint64_t bytes_of(element::Type type, const PartialShape& shape) {
  return shape.is_static() ? shape_size(shape.to_shape()) * type.bitwidth() / 8 : 0;
}

/// What one more item of a batch needs at least: its inputs and outputs.
std::uint64_t item_bytes(const model::Model& model, const policy::BatchPorts& ports) {
  std::uint64_t bytes = 0;
  const model::Facts& facts = model.facts();
  for (std::size_t i = 0; i < facts.inputs.size(); ++i) {
    if (ports.inputs[i]) bytes += bytes_of(facts.inputs[i].type, model.input_shapes[i]);
  }
  for (std::size_t o = 0; o < facts.outputs.size(); ++o) {
    if (ports.outputs[o]) bytes += bytes_of(facts.outputs[o].type, facts.outputs[o].shape);
  }
  return bytes;
}

bool declares_batches(const engine::DeviceRecord& device, const std::string& engine) {
  const engine::DeviceReport* report = engine::report_of(device, engine);
  if (report == nullptr) return false;
  const auto& words = report->capabilities;
  return std::find(words.begin(), words.end(), "BATCHED_BLOB") != words.end();
}

}  // namespace

BatchTrigger BatchLoader::trigger(const policy::RungSpec& rung) const {
  using Kind = policy::DeviceString::Kind;
  if (spec_.device.kind == Kind::kBatch) return BatchTrigger::kExplicit;
  const engine::DeviceRecord& device = selection_.record(rung.device);
  const bool implicit = spec_.device.kind != Kind::kDirect && rung.hint == engine::Hint::kThroughput &&
                        spec_.options.allow_auto_batching && device.kind != engine::DeviceKind::kCpu &&
                        rung.pair.profile == engine::Profile::kFull && declares_batches(device, rung.pair.engine);
  return implicit ? BatchTrigger::kImplicit : BatchTrigger::kNone;
}

std::uint32_t BatchLoader::optimal_batch(const policy::RungSpec& rung) const {
  const EngineCall call;
  if (!call.allowed()) return 1;
  const auto engine = environment_.registry->engine(rung.pair.engine);
  if (!engine.is_ok()) return 1;
  const auto text = engine.value()->device_property(rung.pair.handle, "OPTIMAL_BATCH_SIZE");
  std::uint32_t size = 1;
  if (text.is_ok()) std::from_chars(text.value().data(), text.value().data() + text.value().size(), size);
  return std::max(1u, size);
}

/// Walking the graph takes milliseconds, so it is the last question, and the answer is kept: it is the model's.
std::string BatchLoader::graph_obstacle(const policy::BatchPorts& ports) const {
  {
    base::MutexLock lock(mu_);
    if (graph_obstacle_) return *graph_obstacle_;
  }
  std::string obstacle = model::batch_obstacle(spec_.model, ports.inputs, ports.outputs);
  base::MutexLock lock(mu_);
  graph_obstacle_ = obstacle;
  return obstacle;
}

BatchLoader::Choice BatchLoader::choose(const policy::RungSpec& rung, bool overlap) const {
  Choice choice;
  policy::BatchQuestion question{.trigger = trigger(rung)};
  if (question.trigger == BatchTrigger::kNone) return choice;
  choice.ports = policy::batch_ports(spec_.model);
  question.obstacle = choice.ports.obstacle;
  if (question.obstacle.empty() && !overlap) question.obstacle = "runs of this engine may not overlap";
  const engine::DeviceRecord& device = selection_.record(rung.device);
  question.asked = spec_.device.count;
  if (question.asked == 0) question.optimal = optimal_batch(rung);
  question.requests = requests_cap(spec_, device);
  question.weight_bytes = spec_.model.facts().weight_bytes;
  question.item_bytes = question.obstacle.empty() ? item_bytes(spec_.model, choice.ports) : 0;
  question.memory_bytes = device.memory_bytes;
  policy::BatchSize size = policy::choose_batch_size(question);
  if (size.size > 1 && question.trigger == BatchTrigger::kImplicit) {  // B-905: else at the user's risk
    question.obstacle = graph_obstacle(choice.ports);
    size = policy::choose_batch_size(question);
  }
  choice.size = size.size;
  if (choice.size <= 1) choice.why_not = size.why_not;
  return choice;
}

void BatchLoader::log_refusal(const policy::RungSpec& rung, const Choice& choice) const {
  const bool asked = trigger(rung) == BatchTrigger::kExplicit;
  BATON_LOG(*spec_.log, asked ? LogLevel::kWarning : LogLevel::kInfo, asked ? "BATCH" : "AUTO",
            rung.pair.device + " runs without batches: " + choice.why_not);
}

void BatchLoader::load(Order given, SerialGate& gate) const {
  auto order = std::make_shared<Order>(std::move(given));
  gate.enter([this, order, &gate] {
    environment_.executor->start_job([this, order, &gate] { compile(order, gate, /*use_cache=*/true); });
  });
}

void BatchLoader::compile(const std::shared_ptr<Order>& order, SerialGate& gate, bool use_cache) const {
  const auto compiled = [&]() -> std::optional<engine::Engine::CompileResult> {
    if (order->stop.stop_requested()) return Status::cancelled("not wanted any more");
    const EngineCall call;
    if (!call.allowed()) return EngineCall::refused();
    auto engine = environment_.registry->engine(order->rung.pair.engine);
    if (!engine.is_ok()) return engine.status();
    if (use_cache) order->request.blob = cache_.find(order->rung, &order->request.model);
    else order->request.blob.reset();
    const bool from_cache = order->request.blob != nullptr;
    const bool started = engine.value()->start_compile(
        order->request, order->stop, [this, order, &gate, from_cache](engine::Engine::CompileResult result) {
          // On a thread that may block: the new executable is tried.
          auto shared = std::make_shared<engine::Engine::CompileResult>(std::move(result));
          environment_.executor->start_job(
              [this, order, &gate, from_cache, shared] { arrived(order, gate, from_cache, std::move(*shared)); });
        });
    if (started) return std::nullopt;
    return engine.value()->compile(order->request, order->stop);
  };
  if (auto result = compiled()) arrived(order, gate, order->request.blob != nullptr, *std::move(result));
}

void BatchLoader::arrived(const std::shared_ptr<Order>& order, SerialGate& gate, bool from_cache,
                          engine::Engine::CompileResult result) const {
  if (from_cache && !result.is_ok() && !order->stop.stop_requested()) {
    cache_.refused(order->rung, result.status(), &order->request.model);
    return compile(order, gate, /*use_cache=*/false);
  }
  gate.leave();
  const auto collector = order->collector.lock();
  if (!collector || order->stop.stop_requested()) return;
  Status status = result.status();
  if (result.is_ok()) {
    const std::shared_ptr<engine::Executable> batch = std::move(result).value();
    const EngineCall call;
    status = call.allowed() ? collector->add_batch(batch) : EngineCall::refused();
    if (status.is_ok() && cache_.wants(order->rung, /*helper=*/false))
      cache_.save(order->rung, batch, &order->request.model);
  }
  if (status.is_ok()) return;
  BATON_LOG(*spec_.log, LogLevel::kWarning, "AUTO",
            order->rung.pair.device + " runs without batches: " + status.message());
}

}  // namespace baton::autodev
