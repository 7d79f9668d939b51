// SPDX-License-Identifier: Apache-2.0
// Copyright (C) 2026 The Baton authors
//
// What the ladder's model does on the way of a request: the serving rung takes it, a check may want a copy of it or its
// turn after it.
#include <utility>

#include "auto/auto_model_impl.h"

namespace baton::autodev {

using base::Status;

RequestPath::Dispatch AutoModelImpl::next_dispatch(Effects& /*effects*/) {
  if (keeps_state_) [[unlikely]]
    return next_bound();
  if (serving_ == nullptr || serving_->idle == nullptr || held_) return {};
  return {serving_->take_idle(), &queue_.front()};
}

void AutoModelImpl::run_assigned(Worker& /*worker*/, InferTask& task) {
  if (free_shapes_) [[unlikely]]
    shape_traffic_.add(shapes_number(task.inputs));
  if (!sample_wanted_ || sample_running_) [[likely]]
    return;
  sample_running_ = true;
  task.sample_ = std::make_shared<Sample>();
}

void AutoModelImpl::run_over(Worker& worker, InferTask& task, const Status& status, const RunInfo& info,
                             Effects& effects) {
  const bool serves = &worker.rung == serving_;
  if (serves && status.is_ok() && worker.rung.forgets_shapes()) [[unlikely]]
    watch_shapes(worker.rung, info, effects);
  if (task.sample_) [[unlikely]] {
    std::shared_ptr<Sample> sample = std::move(task.sample_);
    sample_running_ = false;
    if (status.is_ok() && sample_wanted_ && serves) {
      for (std::size_t i = 0; i < task.outputs.size(); ++i) sample->outputs.emplace_back(task.output_view(i));
      sample->complete = true;
      last_sample_ = sample;
      effects.later.emplace_back([use = std::exchange(sample_wanted_, nullptr), sample] { use(sample); });
    }
  }
  if (turn_wanted_) [[unlikely]] {
    const bool good = serves && status.is_ok();
    const bool measured = good && comparable(task, info);
    if (good) held_ = turn_holds_;
    // The last one to end begins the turn, whatever became of it: what is held waits for nobody else.
    if (running_ == 0 || (good && !held_)) {
      effects.later.emplace_back([go = std::exchange(turn_wanted_, nullptr), ms = measured ? info.run_ms : 0,
                                  limit_ms = (measured ? 2 : 6) * (good ? info.run_ms : 0)] { go(ms, limit_ms); });
    }
  }
  if (status.is_ok() && !std::exchange(answered_, true)) {
    effects.later.emplace_back([this] {
      tell([](policy::Ladder& ladder, base::TimePoint now) { return ladder.first_answer(now); });
      take_sample_ahead();
    });
  }
}

/// What serves was checked at shapes that did not change. Where those of users do so often that it is not the better
/// one any more, others are looked at again (B-1112, B-553).
void AutoModelImpl::watch_shapes(LoadedRung& rung, const RunInfo& info, Effects& effects) {
  const auto costs = rung.shape_costs.add(info.run_ms, info.compiled);
  if (!costs || ladder_.phase() != policy::Phase::kSteady) return;
  const auto& figures = ladder_.rungs()[static_cast<std::size_t>(rung.index)].figures;
  const auto figure = [&figures](const char* name, double otherwise) {
    const auto found = figures.find(name);
    return found == figures.end() ? otherwise : found->second;
  };
  const int at_a_time = runs_at_a_time(rung);
  const double plain_ms = costs->plain_ms.value_or(figure("newcomer_ms", 0) * at_a_time);
  if (!policy::changes_eat_up(*costs, figure("ratio", 1), plain_ms)) return;
  rung.shape_changes_ms = (costs->average_ms - plain_ms) / at_a_time;
  effects.later.emplace_back([this, index = rung.index, costs = *costs, plain_ms] {
    tell([&](policy::Ladder& ladder, base::TimePoint now) {
      return ladder.shapes_change(index, costs.average_ms, plain_ms, now);
    });
  });
}

/// Says as much as a run of the check's sample would (B-535, B-1112).
bool AutoModelImpl::comparable(const InferTask& task, const RunInfo& info) const {
  return !info.compiled && (!free_shapes_ || shapes_number(task.inputs) == turn_shapes_);
}

void AutoModelImpl::worker_idle(Worker& worker, Effects& effects) {
  LoadedRung& rung = worker.rung;
  if (&rung == serving_) dispatch_waiting(effects);
  else if (rung.running == 0 && !drop_retired(rung, effects)) note_drained(rung.index, effects);
}

void AutoModelImpl::note_drained(int rung, Effects& effects) {
  effects.later.emplace_back([this, rung] {
    tell([this, rung](policy::Ladder& ladder, base::TimePoint now) BATON_NO_THREAD_SAFETY_ANALYSIS {
      // It may serve again by now, after a failure, or be gone with the model.
      const auto index = static_cast<std::size_t>(rung);
      const bool idle = index < loaded_.size() && loaded_[index] && loaded_[index]->running == 0;
      return idle ? ladder.drained(rung, now) : policy::Actions{};
    });
  });
}

}  // namespace baton::autodev
