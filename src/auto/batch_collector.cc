// SPDX-License-Identifier: Apache-2.0
// Copyright (C) 2026 The Baton authors
#include "auto/batch_collector.h"

#include <algorithm>
#include <cstring>
#include <utility>

#include "auto/batch_check.h"
#include "base/process_exit.h"

namespace baton::autodev {

using base::MutexLock;
using base::Status;
using base::StatusCode;

namespace {

/// How many requests of an executable are worth it at once.
std::uint32_t slots_of(const engine::ExecutableTraits& traits) { return std::max(1u, traits.optimal_requests); }

}  // namespace

base::Result<std::shared_ptr<BatchCollector>> BatchCollector::create(Parts parts) {
  std::shared_ptr<BatchCollector> collector(new BatchCollector(std::move(parts)));
  engine::Executable& single = *collector->parts_.single;
  const std::uint32_t count = slots_of(single.traits());
  BATON_RETURN_IF_ERROR(collector->add_slots(single, false, count));
  {
    MutexLock lock(collector->mu_);
    collector->times_.slots = count;
  }
  collector->parts_.settings->watch(collector);
  return collector;
}

Status BatchCollector::add_slots(engine::Executable& executable, bool is_batch, std::uint32_t count) {
  for (std::uint32_t i = 0; i < count; ++i) {
    auto request = executable.create_request();
    if (!request.is_ok()) return request.status();
    auto slot = std::make_unique<BatchSlot>();
    slot->request = std::move(request).value();
    slot->is_batch = is_batch;
    // Weak: an engine may keep a completion longer than it needs it.
    slot->ended = [weak = weak_from_this(), raw = slot.get()](const Status& status) {
      if (const auto self = weak.lock()) self->ended(*raw, status);
    };
    if (is_batch) prepare_buffers(*slot);
    MutexLock lock(mu_);
    make_idle(*slot);
    slots_.push_back(std::move(slot));
  }
  return {};
}

void BatchCollector::prepare_buffers(BatchSlot& slot) const {
  const model::Model batch = policy::batched(parts_.model, parts_.ports, parts_.size);
  slot.inputs = Sample::pseudo_random(batch)->inputs;  // what pads a batch must be values that the model can take
  slot.outputs.resize(parts_.model.facts().outputs.size());
  slot.input_views = views(slot.inputs);
  slot.output_sinks = sinks(slot.outputs);
  slot.members.reserve(parts_.size);
}

std::uint32_t BatchCollector::batch_size() const {
  MutexLock lock(mu_);
  return batch_ ? parts_.size : 1;
}

Status BatchCollector::add_batch(std::shared_ptr<engine::Executable> batch) {
  auto checked = check_batch(parts_.model, parts_.ports, parts_.size, *parts_.single, *batch, *parts_.executor);
  if (!checked.is_ok()) return checked.status();
  {
    MutexLock lock(mu_);
    times_.note_single(checked->single_ms);
    times_.note_batch(checked->batch_ms);
  }
  BATON_RETURN_IF_ERROR(add_slots(*batch, true, slots_of(batch->traits())));
  {
    MutexLock lock(mu_);
    batch_ = std::move(batch);
  }
  evaluate(false);
  return {};
}

// ---------------------------------------------------------------------------------------------------------------------
// Deciding

policy::BatchView BatchCollector::view(bool gathered) const {
  policy::BatchView view;
  view.size = batch_ ? parts_.size : 1;
  view.busy = batch_ && idle_batches_.empty();
  view.waiting = static_cast<std::uint32_t>(waiting_.size());
  view.running = running_;
  view.living = parts_.settings->living_requests();
  if (!waiting_.empty()) view.oldest = parts_.executor->now() - waiting_.front()->since;
  view.timeout = std::chrono::milliseconds(parts_.settings->timeout_ms());
  view.gap_ms = gap_ms_;
  view.gathered = gathered;
  view.times = times_;
  return view;
}

void BatchCollector::decide(bool gathered, Orders& orders) {
  while (!waiting_.empty()) {
    if (waiting_.front()->alone) {
      if (!start_singles(1, orders)) return;
      continue;
    }
    const policy::BatchOrder order = policy::next_batch(view(gathered));
    switch (order.what) {
      case policy::BatchOrder::What::kWait:
        if (order.recheck.count() > 0) {
          const auto due = parts_.executor->now() + order.recheck;
          if (!timer_ || due < *timer_) orders.timer = timer_ = due;
        }
        return;
      case policy::BatchOrder::What::kGather:
        if (!std::exchange(gathering_, true)) orders.gather = true;
        return;
      case policy::BatchOrder::What::kSingles:
        if (!start_singles(order.members, orders)) return;
        break;
      case policy::BatchOrder::What::kBatch: start_batch(order.members, orders); break;
    }
  }
}

/// False when no request of the single executable is idle any more.
bool BatchCollector::start_singles(std::size_t count, Orders& orders) {
  for (; count > 0; --count) {
    if (idle_singles_.empty()) return false;
    BatchSlot* const slot = idle_singles_.back();
    idle_singles_.pop_back();
    BatchMember* const member = waiting_.front();
    waiting_.pop_front();
    member->waiting = false;
    member->slot = slot;
    slot->members.assign(1, member);
    ++running_;
    orders.starts.push_back(slot);
  }
  return true;
}

void BatchCollector::start_batch(std::size_t count, Orders& orders) {
  BatchSlot* const slot = idle_batches_.back();
  idle_batches_.pop_back();
  slot->members.assign(waiting_.begin(), waiting_.begin() + static_cast<std::ptrdiff_t>(count));
  waiting_.erase(waiting_.begin(), waiting_.begin() + static_cast<std::ptrdiff_t>(count));
  for (BatchMember* member : slot->members) member->waiting = false;
  running_ += static_cast<std::uint32_t>(count);
  orders.starts.push_back(slot);
}

void BatchCollector::evaluate(bool gathered) {
  Orders orders;
  {
    MutexLock lock(mu_);
    if (gathered) gathering_ = false;
    decide(gathered, orders);
  }
  carry_out(std::move(orders));
}

void BatchCollector::carry_out(Orders orders) {
  if (orders.timer) {
    parts_.executor->run_at(*orders.timer, [weak = weak_from_this(), due = *orders.timer] {
      const auto self = weak.lock();
      if (!self) return;
      {
        MutexLock lock(self->mu_);
        if (self->timer_ == due) self->timer_.reset();
      }
      self->evaluate(false);
    });
  }
  if (orders.gather) {
    parts_.executor->post([weak = weak_from_this()] {
      if (const auto self = weak.lock()) self->evaluate(true);
    });
  }
  for (BatchSlot* slot : orders.starts) run(*slot);
}

// ---------------------------------------------------------------------------------------------------------------------
// Running

BatchSlot* BatchCollector::submit(BatchMember& member, bool here) {
  Orders orders;
  BatchSlot* mine = nullptr;
  {
    MutexLock lock(mu_);
    member.since = parts_.executor->now();
    member.waiting = true;
    member.alone = false;
    member.slot = nullptr;
    if (last_arrival_) policy::learn(gap_ms_, base::to_ms(member.since - *last_arrival_));
    last_arrival_ = member.since;
    waiting_.push_back(&member);
    decide(false, orders);
    const auto own = std::find(orders.starts.begin(), orders.starts.end(), member.slot);
    if (here && member.slot != nullptr && own != orders.starts.end()) {
      mine = *own;
      orders.starts.erase(own);
      mine->began = member.since;
    }
  }
  carry_out(std::move(orders));
  return mine;
}

void BatchCollector::run(BatchSlot& slot) {
  slot.began = parts_.executor->now();
  std::span<const engine::TensorView> inputs = slot.members.front()->inputs;
  std::span<engine::OutputSink* const> outputs = slot.members.front()->outputs;
  if (slot.is_batch) {
    if (!gather(slot)) return again_alone(slot);
    inputs = slot.input_views;
    outputs = slot.output_sinks;
  }
  if (slot.request->start(inputs, outputs, slot.ended)) return;
  parts_.executor->post([self = shared_from_this(), &slot, inputs, outputs] {
    const base::EngineCall call;
    self->ended(slot, call.allowed() ? slot.request->run(inputs, outputs) : base::EngineCall::refused());
  });
}

/// Every member's items to their place. False when the members cannot share a run: inputs without a batch differ, or
/// somebody's input has another size.
bool BatchCollector::gather(BatchSlot& slot) const {
  for (std::size_t i = 0; i < slot.inputs.size(); ++i) {
    Buffer& place = slot.inputs[i];
    const bool batched = parts_.ports.inputs[i];
    const std::size_t bytes = batched ? place.bytes.size() / parts_.size : place.bytes.size();
    for (std::size_t m = 0; m < slot.members.size(); ++m) {
      const engine::TensorView& input = slot.members[m]->inputs[i];
      if (input.bytes != bytes) return false;
      if (!batched && m > 0) {
        if (std::memcmp(place.bytes.data(), input.data, bytes) != 0) return false;
        continue;
      }
      std::memcpy(place.bytes.data() + (batched ? m * bytes : 0), input.data, bytes);
    }
  }
  return true;
}

Status BatchCollector::scatter(BatchSlot& slot, std::size_t position, BatchMember& member) const {
  for (std::size_t o = 0; o < slot.outputs.size(); ++o) {
    const Buffer& whole = slot.outputs[o];
    std::vector<std::size_t> shape = whole.shape;
    const bool batched = parts_.ports.outputs[o];
    if (batched) shape[0] /= parts_.size;
    const std::size_t bytes = batched ? whole.bytes.size() / parts_.size : whole.bytes.size();
    void* const place = member.outputs[o]->reserve(whole.type, shape);
    if (place == nullptr)
      return Status::invalid_argument("the tensor given for output " + std::to_string(o) + " is too small");
    std::memcpy(place, whole.bytes.data() + (batched ? position * bytes : 0), bytes);
  }
  return {};
}

/// B-914: each gets a run, and with it a result, of its own.
void BatchCollector::again_alone(BatchSlot& slot) {
  {
    MutexLock lock(mu_);
    running_ -= static_cast<std::uint32_t>(slot.members.size());
    for (auto member = slot.members.rbegin(); member != slot.members.rend(); ++member) {
      (*member)->alone = (*member)->waiting = true;
      waiting_.push_front(*member);
    }
    slot.members.clear();
    make_idle(slot);
  }
  evaluate(false);
}

void BatchCollector::measure(const BatchSlot& slot, const Status& status) {
  if (!status.is_ok()) return;
  const double ms = base::to_ms(parts_.executor->now() - slot.began);
  if (slot.is_batch) times_.note_batch(ms);
  else times_.note_single(ms);
}

void BatchCollector::ended(BatchSlot& slot, const Status& status) {
  if (slot.is_batch && status.code() == StatusCode::kInvalidArgument) return again_alone(slot);
  const auto self = shared_from_this();  // the last completion may let go of everything else
  std::vector<std::pair<engine::EngineRequest::Completion, Status>> results;
  for (std::size_t i = 0; i < slot.members.size(); ++i) {
    BatchMember& member = *slot.members[i];
    Status result = slot.is_batch && status.is_ok() ? scatter(slot, i, member) : status;
    results.emplace_back(std::move(member.done), std::move(result));
  }
  Orders orders;
  {
    MutexLock lock(mu_);
    measure(slot, status);
    running_ -= static_cast<std::uint32_t>(slot.members.size());
    for (BatchMember* member : slot.members) member->slot = nullptr;
    slot.members.clear();
    if (slot.cancels > 0) slot.recycle = true;
    else make_idle(slot);
    decide(false, orders);
  }
  carry_out(std::move(orders));
  for (auto& [done, result] : results) done(std::move(result));
}

void BatchCollector::cancel(BatchMember& member) {
  BatchSlot* slot = nullptr;
  engine::EngineRequest::Completion done;
  {
    MutexLock lock(mu_);
    if (member.waiting) {
      waiting_.erase(std::find(waiting_.begin(), waiting_.end(), &member));
      member.waiting = false;
      done = std::move(member.done);
    } else if (member.slot != nullptr) {
      slot = member.slot;
      ++slot->cancels;  // until it is over nobody else runs there whom this could hit
    }
  }
  // Not here: whoever cancels does not expect the answer inside his call.
  if (done) parts_.executor->post([done = std::move(done)] { done(Status::cancelled("the inference was cancelled")); });
  if (slot == nullptr) return;
  slot->request->cancel();
  Orders orders;
  {
    MutexLock lock(mu_);
    if (--slot->cancels == 0 && std::exchange(slot->recycle, false)) make_idle(*slot);
    decide(false, orders);
  }
  carry_out(std::move(orders));
}

}  // namespace baton::autodev
