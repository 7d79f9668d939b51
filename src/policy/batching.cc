// SPDX-License-Identifier: Apache-2.0
// Copyright (C) 2026 The Baton authors
#include "policy/batching.h"

#include <algorithm>

namespace baton::policy {

namespace {

/// Dimension 0 is 1: the place of a batch, unless the graph says otherwise.
bool has_batch(const PartialShape& shape) { return shape.rank_is_static() && shape.size() > 0 && shape[0] == 1; }

/// Other runs on the device make a run longer and never shorter: what is quicker is believed at once.
void learn_run(std::optional<double>& run_ms, double ms) {
  if (!run_ms || ms < *run_ms) run_ms = ms;
  else learn(run_ms, ms);
}

bool saves(const BatchView& view, std::uint32_t members) { return view.times.saving_ms(members).value_or(1) > 0; }

/// A part of a batch, as it is now.
BatchOrder start(const BatchView& view) {
  const std::uint32_t members = std::min(view.waiting, view.size);
  if (members == 1 || !saves(view, members)) return {BatchOrder::What::kSingles, view.waiting};
  return {BatchOrder::What::kBatch, members};
}

}  // namespace

BatchPorts batch_ports(const model::Model& model) {
  const model::Facts& facts = model.facts();
  BatchPorts ports;
  if (facts.stateful) ports.obstacle = "the model keeps state";
  if (model.is_dynamic()) ports.obstacle = "the model has dynamic shapes";
  for (const auto* list : {&facts.inputs, &facts.outputs}) {
    for (const model::Port& port : *list)
      if (port.type == element::string) ports.obstacle = "the port " + port.any_name() + " holds texts";
  }
  for (std::size_t i = 0; i < facts.inputs.size(); ++i) ports.inputs.push_back(has_batch(model.input_shapes[i]));
  for (const model::Port& output : facts.outputs) {
    if (output.shape.is_dynamic() && !model.is_reshaped()) {
      ports.obstacle = "the output " + output.any_name() + " has a dynamic shape";
    }
    ports.outputs.push_back(has_batch(output.shape));
  }
  if (!ports.obstacle.empty()) return ports;
  const auto none = [](const std::vector<bool>& batched) {
    return std::find(batched.begin(), batched.end(), true) == batched.end();
  };
  if (none(ports.inputs)) ports.obstacle = "no input has a first dimension of 1";
  else if (none(ports.outputs)) ports.obstacle = "no output has a first dimension of 1";
  return ports;
}

model::Model batched(const model::Model& model, const BatchPorts& ports, std::uint32_t size) {
  model::Model batch = model;
  for (std::size_t i = 0; i < batch.input_shapes.size(); ++i) {
    if (ports.inputs[i]) batch.input_shapes[i][0] = size;
  }
  return batch;
}

BatchSize choose_batch_size(const BatchQuestion& question) {
  if (question.trigger == BatchTrigger::kNone) return {1, "not asked for"};
  if (!question.obstacle.empty()) return {1, question.obstacle};
  std::uint32_t size = question.asked > 0 ? question.asked : question.optimal;
  if (question.requests > 0) size = std::min(size, question.requests);
  if (question.memory_bytes > 0) {
    while (size > 1 && question.weight_bytes + size * question.item_bytes > question.memory_bytes) size /= 2;
  }
  const bool used = question.trigger == BatchTrigger::kExplicit ? size >= 2 : size > 2;
  if (!used) return {1, "a batch of " + std::to_string(size) + " is all that device, memory and cap leave"};
  return {size, {}};
}

void BatchTimes::note_single(double ms) {
  learn_run(single_ms, ms);
  batches = 0;
}

void BatchTimes::note_batch(double ms) {
  learn_run(batch_ms, ms);
  ++batches;
}

std::optional<double> BatchTimes::singles_ms(std::uint32_t count) const {
  if (!single_ms) return std::nullopt;
  const std::uint32_t rounds = (count + std::max(slots, 1u) - 1) / std::max(slots, 1u);
  return *single_ms * rounds;
}

std::optional<double> BatchTimes::saving_ms(std::uint32_t count) const {
  const auto singles = singles_ms(count);
  if (!singles || !batch_ms) return std::nullopt;
  return std::max(0.0, *singles - *batch_ms);
}

BatchOrder next_batch(const BatchView& view) {
  using What = BatchOrder::What;
  if (view.waiting == 0) return {};
  if (view.size <= 1 || view.timeout.count() <= 0) return {What::kSingles, view.waiting};
  if (!saves(view, view.size)) return {What::kSingles, view.waiting};
  if (view.busy) return {};  // the device has work: who comes meanwhile makes the next batch fuller
  if (view.waiting >= view.size)
    return view.times.batches < kBatchesPerSingle ? BatchOrder{What::kBatch, view.size} : BatchOrder{What::kSingles, 1};
  if (view.oldest >= view.timeout) return start(view);
  if (view.living > 0 && view.waiting + view.running >= view.living) return start(view);  // B-910
  const auto saving_ms = view.times.saving_ms(view.size);
  const bool too_slow = !view.gap_ms || (saving_ms && (view.size - view.waiting) * *view.gap_ms > *saving_ms);
  if (too_slow) return view.gathered ? start(view) : BatchOrder{What::kGather};  // B-911
  // Nor does it pay to wait for longer than a full batch would save.
  const base::Duration patience = saving_ms ? std::min(view.timeout, base::from_ms(*saving_ms)) : view.timeout;
  if (view.oldest >= patience) return start(view);
  return {What::kWait, 0, patience - view.oldest};
}

void learn(std::optional<double>& average, double value) {
  constexpr double kWeight = 1.0 / 8;
  average = average ? *average + (value - *average) * kWeight : value;
}

}  // namespace baton::policy
