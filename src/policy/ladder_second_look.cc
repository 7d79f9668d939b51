// SPDX-License-Identifier: Apache-2.0
// Copyright (C) 2026 The Baton authors
//
// The second look (B-553): after start-up the best pairs that were not tried are measured.
#include <utility>

#include "policy/ladder.h"

namespace baton::policy {

using base::TimePoint;

/// The serving rung was checked against the fast profile of this pair's own engine and left it far behind.
bool Ladder::out_of_reach(int rung) const {
  if (plan_.helper < 0 || generation_ != 2) return false;
  const Pair& helper = rungs_[plan_.helper].spec.pair;
  const Pair& pair = rungs_[rung].spec.pair;
  if (helper.profile != engine::Profile::kFast || pair.device != helper.device || pair.engine != helper.engine)
    return false;
  const auto ratio = rungs_[serving_].figures.find("ratio");
  return ratio != rungs_[serving_].figures.end() && ratio->second < kOutOfReach;
}

/// The pair that promises most by its declared run rank, which is comparable between engines and devices; among equals
/// the device's place in the ranking decides. With two looks in all, the engines of one device must not use up both.
std::optional<int> Ladder::second_look_candidate() const {
  std::optional<int> best;
  for (const DeviceRungs& device : plan_.devices) {
    for (const int rung : device.rungs) {
      const RungSpec& spec = rungs_[rung].spec;
      if (rungs_[rung].state != RungState::kAbsent || is_suspended(spec.device)) continue;
      if (spec.record && deciding(spec.record->run)) continue;  // "at most once per key": its place is known
      if (out_of_reach(rung)) continue;
      if (!options_.second_look_across_devices && spec.device != rungs_[serving_].spec.device) continue;
      if (!best || spec.run_rank < rungs_[*best].spec.run_rank) best = rung;
    }
  }
  return best;
}

void Ladder::begin_second_look() {
  if (second_look_ != SecondLook::kNotBegun) return;
  for (std::size_t i = 0; i < rungs_.size(); ++i) {
    if (rungs_[i].state == RungState::kAbsent && out_of_reach(static_cast<int>(i))) {
      rungs_[i].text = "not tried: what serves is more than twice as fast as this engine's fast profile";
    }
  }
  if (!options_.second_look || second_looks_ >= kSecondLookPairs || !second_look_candidate()) {
    second_look_ = SecondLook::kOver;
    return;
  }
  second_look_ = SecondLook::kWaiting;
  add(Action::Kind::kWatchIdle);
  actions_.back().time = now_ + kSecondLookPatience;
}

Actions Ladder::idle(TimePoint now) {
  now_ = now;
  if (closed_ || second_look_ != SecondLook::kWaiting) return take();
  second_look_ = SecondLook::kRunning;
  const auto candidate = second_look_candidate();
  if (!candidate) {
    second_look_ = SecondLook::kOver;
    return take();
  }
  second_look_rung_ = *candidate;
  const int device = rungs_[second_look_rung_].spec.device;
  if (device == rungs_[serving_].spec.device) load_second_look();
  else ask_device(device, false, false);
  return take();
}

void Ladder::load_second_look() {
  ++second_looks_;
  emit(EventType::kSecondLook, second_look_rung_);
  load(second_look_rung_);
}

/// Whether the second look may go to its device: before the load, and again before it serves there.
void Ladder::second_look_answered(bool claim, bool granted) {
  const int rung = second_look_rung_;
  if (granted && !claim) return load_second_look();
  if (granted && rungs_[rung].state == RungState::kVerifying) {
    second_look_rung_ = -1;
    second_look_ = SecondLook::kNotBegun;
    take_target(rung);
    switch_to(rung);
    return;
  }
  if (granted) return;
  rungs_[rung].refusal = Reason::kOccupied;
  rungs_[rung].text = "held by a model of higher priority";
  if (claim) add(Action::Kind::kRelease, rung);
  rungs_[rung].state = RungState::kReleased;
  next_second_look();
}

void Ladder::next_second_look() {
  second_look_rung_ = -1;
  second_look_ = SecondLook::kNotBegun;
  begin_second_look();
}

}  // namespace baton::policy
