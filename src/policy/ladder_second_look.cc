// SPDX-License-Identifier: Apache-2.0
// Copyright (C) 2026 The Baton authors
//
// The second look (B-553): after start-up the best pairs that were not tried are measured.
#include <optional>
#include <utility>

#include "policy/ladder.h"
#include "policy/number.h"

namespace baton::policy {

using base::TimePoint;

namespace {

/// Of the check that let the rung serve: its time over that of what served before. Nullopt: there was none.
std::optional<double> checked_ratio(const Rung& rung) {
  const auto ratio = rung.figures.find("ratio");
  return ratio != rung.figures.end() ? std::optional(ratio->second) : std::nullopt;
}

}  // namespace

/// The serving rung was checked against the fast profile of this pair's own engine and left it far behind.
bool Ladder::out_of_reach(int rung) const {
  if (plan_.helper < 0 || generation_ != 2) return false;
  const Pair& helper = rungs_[plan_.helper].spec.pair;
  const Pair& pair = rungs_[rung].spec.pair;
  if (helper.profile != engine::Profile::kFast || pair.device != helper.device || pair.engine != helper.engine)
    return false;
  const auto ratio = checked_ratio(rungs_[serving_]);
  return ratio && *ratio < kOutOfReach;
}

/// What serves won narrowly over another device, as they were right after their loads, and nobody looked back yet.
bool Ladder::close_call() const {
  if (!options_.second_look || !options_.second_look_across_devices || before_ < 0 || look_back_ >= 0) return false;
  const Rung& before = rungs_[before_];
  const Rung& serving = rungs_[serving_];
  if (before.state != RungState::kReleased || before.refusal || deciding_run(before.spec.record)) return false;
  if (before.spec.pair.profile != engine::Profile::kFull || before.spec.device == serving.spec.device) return false;
  const auto ratio = checked_ratio(serving);
  return ratio && *ratio > kCloseCall;
}

/// What is looked back at, or the pair that promises most by its declared run rank, which is comparable between engines
/// and devices; among equals the device's place in the ranking decides. With two looks in all, the engines of one
/// device must not use up both. Last, and beyond those two, comes what builds for minutes; not where it would build
/// again for every new input shape.
std::optional<int> Ladder::second_look_candidate() const {
  const auto comes_first = [this](int rung, int other) {
    const RungSpec& a = rungs_[rung].spec;
    const RungSpec& b = rungs_[other].spec;
    return a.stoppable_load != b.stoppable_load ? a.stoppable_load : a.run_rank < b.run_rank;
  };
  std::optional<int> best;
  for (const DeviceRungs& device : plan_.devices) {
    for (const int rung : device.rungs) {
      const RungSpec& spec = rungs_[rung].spec;
      if (rungs_[rung].state != RungState::kAbsent || is_suspended(spec.device)) continue;
      if (!options_.second_look_across_devices && spec.device != rungs_[serving_].spec.device) continue;
      if (rung == look_back_) return rung;
      const bool place_is_known = deciding_run(spec.record).has_value();  // "at most once per key"
      if (shapes_change_.empty() && (place_is_known || out_of_reach(rung))) continue;
      if (spec.stoppable_load ? second_looks_ >= kSecondLookPairs : options_.free_shapes) continue;
      if (!best || comes_first(rung, *best)) best = rung;
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
  if (close_call()) {
    look_back_ = before_;
    rungs_[before_].state = RungState::kAbsent;
  }
  if (!options_.second_look || !second_look_candidate()) {
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
  look();
  return take();
}

/// Those that were measured against what serves, or gave way to it, are candidates again, what served before it first.
/// Once for each that serves.
Actions Ladder::shapes_change(int rung, double average_ms, double plain_ms, TimePoint now) {
  now_ = now;
  const bool looks = second_look_ == SecondLook::kRunning || shapes_generation_ == generation_;
  if (closed_ || rung != serving_ || phase_ != Phase::kSteady || looks || !options_.second_look) return take();
  shapes_generation_ = generation_;
  for (Rung& r : rungs_) {
    const bool slower = r.refusal == Reason::kSlowerThanHelper;
    if (r.state != RungState::kReleased && !(r.state == RungState::kFailed && slower)) continue;
    if (r.refusal && !slower) continue;
    r.state = RungState::kAbsent;
    r.refusal.reset();
    r.text.clear();
  }
  second_looks_ = 0;
  look_back_ = before_;
  shapes_change_ = to_string(rungs_[rung].spec.pair) + " compiles whenever shapes change: its runs take " +
                   number(average_ms, 3) + " ms, where they do not change " + number(plain_ms, 3) + " ms";
  look();
  return take();
}

void Ladder::look() {
  second_look_ = SecondLook::kRunning;
  const auto candidate = second_look_candidate();
  if (!candidate) {
    second_look_ = SecondLook::kOver;
    return;
  }
  second_look_rung_ = *candidate;
  const int device = rungs_[second_look_rung_].spec.device;
  if (device == rungs_[serving_].spec.device) load_second_look();
  else ask_device(device, false, false);
}

void Ladder::load_second_look() {
  const bool back = second_look_rung_ == look_back_;
  if (rungs_[second_look_rung_].spec.stoppable_load && !back) ++second_looks_;
  const bool close = back && shapes_change_.empty();
  emit(EventType::kSecondLook, second_look_rung_, {},
       close ? "it served before, and the check was close" : shapes_change_);
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
