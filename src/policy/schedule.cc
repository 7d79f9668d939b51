// SPDX-License-Identifier: Apache-2.0
// Copyright (C) 2026 The Baton authors
#include "policy/schedule.h"

#include <algorithm>
#include <cmath>

namespace baton::policy {

namespace {

/// B-817: the weight of a run beside all that came before it.
constexpr double kWeight = 1.0 / 8;

/// Times are sums of measurements: equal ones may differ in their last digits.
constexpr double kAlike = 1e-9;

}  // namespace

std::string_view to_string(SchedulePolicy policy) {
  switch (policy) {
    case SchedulePolicy::kDevicePriority: return "DEVICE_PRIORITY";
    case SchedulePolicy::kRoundRobin: return "ROUND_ROBIN";
    case SchedulePolicy::kEarliestFinish: return "EARLIEST_FINISH";
  }
  return "unknown";
}

SchedulePolicy default_schedule_policy(bool default_order) {
  return default_order ? SchedulePolicy::kEarliestFinish : SchedulePolicy::kDevicePriority;
}

void Schedule::join(int device, std::size_t at_once, double service_ms, std::size_t waiting) {
  const std::size_t workers = at_once + waiting;
  Device& d = devices_[static_cast<std::size_t>(device)];
  d.serves = true;
  d.held = false;
  d.service_ms = d.fastest_ms = service_ms;
  d.at_once = at_once;
  d.idle = workers;
  d.runs.assign(workers, {});
  d.waiting.clear();
  d.waiting.reserve(workers);
  rests_.reserve(workers);
}

void Schedule::started(int device, std::size_t worker, double now_ms) {
  Device& d = devices_[static_cast<std::size_t>(device)];
  Run& run = d.runs[worker];
  run = {d.is_full() ? Run::State::kWaits : Run::State::kGoesOn, now_ms};
  if (run.state == Run::State::kWaits) d.waiting.push_back(worker);
  --d.idle;
  run.sharers = std::max(1.0, static_cast<double>(running(device)) / static_cast<double>(d.at_once));
  turn_ = (static_cast<std::size_t>(device) + 1) % devices_.size();
}

void Schedule::measured(int device, std::size_t worker, double ms) {
  Device& d = devices_[static_cast<std::size_t>(device)];
  const double sharers = d.runs[worker].sharers;
  const double own = ms / sharers;
  d.service_ms = d.service_ms > 0 ? d.service_ms + (own - d.service_ms) * kWeight : own;
  if (sharers == 1) d.fastest_ms = d.fastest_ms > 0 ? std::min(d.fastest_ms, ms) : ms;
}

void Schedule::ended(int device, std::size_t worker, double now_ms) {
  Device& d = devices_[static_cast<std::size_t>(device)];
  if (d.runs[worker].state == Run::State::kWaits) {  // others were quicker than they seem
    std::erase(d.waiting, worker);
  } else if (!d.waiting.empty()) {
    Run& next = d.runs[d.waiting.front()];
    d.waiting.erase(d.waiting.begin());
    next.state = Run::State::kGoesOn;
    next.began = now_ms;
  }
  d.runs[worker] = {};
  ++d.idle;
}

std::size_t Schedule::running(int device) const {
  const Device& d = devices_[static_cast<std::size_t>(device)];
  return d.runs.size() - d.idle;
}

double Schedule::rate_at(int device, double ms) const {
  return ms > 0 ? static_cast<double>(devices_[static_cast<std::size_t>(device)].at_once) / ms : 0;
}

double Schedule::rate(int device) const { return rate_at(device, service_ms(device)); }

double Schedule::highest_rate(int device) const {
  return rate_at(device, devices_[static_cast<std::size_t>(device)].fastest_ms);
}

double Schedule::busy() const {
  std::size_t at_once = 0;
  std::size_t runs = 0;
  for (std::size_t device = 0; device < devices_.size(); ++device) {
    if (!takes(device)) continue;
    at_once += devices_[device].at_once;
    runs += running(static_cast<int>(device));
  }
  return runs < at_once ? static_cast<double>(runs) / static_cast<double>(at_once) : 1;
}

std::optional<Assignment> Schedule::next(std::size_t waiting, double now_ms) const {
  if (waiting == 0) return std::nullopt;
  if (policy_ != SchedulePolicy::kEarliestFinish) return next_in_order();
  std::optional<Assignment> best;
  for (std::size_t device = 0; device < devices_.size(); ++device) {
    if (!can_take(device)) continue;
    const std::size_t place = place_of(device, now_ms);
    if (place < waiting && (!best || place < best->position)) best = Assignment{static_cast<int>(device), place};
  }
  return best;
}

std::optional<Assignment> Schedule::next_in_order() const {
  const std::size_t first = policy_ == SchedulePolicy::kRoundRobin ? turn_ : 0;
  std::optional<Assignment> would_wait;
  for (std::size_t i = 0; i < devices_.size(); ++i) {
    const int device = static_cast<int>((first + i) % devices_.size());
    if (!can_take(static_cast<std::size_t>(device))) continue;
    if (!devices_[static_cast<std::size_t>(device)].is_full()) return Assignment{device, 0};
    if (!would_wait) would_wait = Assignment{device, 0};
  }
  return would_wait;
}

/// Late runs push completions back as time goes by: after one more run of the quickest idle device things look
/// different.
std::optional<double> Schedule::look_again(std::size_t waiting, double now_ms) const {
  if (waiting == 0 || policy_ != SchedulePolicy::kEarliestFinish) return std::nullopt;
  std::optional<double> wait;
  for (std::size_t device = 0; device < devices_.size(); ++device) {
    if (can_take(device)) wait = std::min(wait.value_or(devices_[device].service_ms), devices_[device].service_ms);
  }
  return wait ? std::optional(now_ms + *wait) : std::nullopt;
}

/// Nothing waits inside a device of unknown speed.
bool Schedule::can_take(std::size_t device) const {
  const Device& d = devices_[device];
  return takes(device) && d.idle > 0 && (d.service_ms > 0 || !d.is_full());
}

/// The position among the waiting requests of the one whose earliest completion is on an idle worker of `device`.
std::size_t Schedule::place_of(std::size_t device, double now_ms) const {
  if (devices_[device].service_ms <= 0) return 0;  // a request is how its time becomes known
  const double ms = time_to_completion(devices_[device], now_ms);
  std::size_t place = 0;
  for (std::size_t other = 0; other < devices_.size(); ++other) {
    if (other == device || !takes(other)) continue;
    place += completions_before(devices_[other], ms, now_ms);
  }
  return place;
}

/// Of one more request. Each run that goes on ends once in the time of a run, and those that wait begin then, in order.
double Schedule::time_to_completion(const Device& device, double now_ms) const {
  if (!device.is_full()) return device.service_ms;
  rests_.clear();
  for (const Run& run : device.runs) {
    if (run.state == Run::State::kGoesOn) rests_.push_back(device.rest(run, now_ms));
  }
  const std::size_t rounds = device.waiting.size() / rests_.size();
  const auto begins = rests_.begin() + static_cast<std::ptrdiff_t>(device.waiting.size() % rests_.size());
  std::nth_element(rests_.begin(), begins, rests_.end());
  return *begins + static_cast<double>(rounds + 1) * device.service_ms;
}

/// How many waiting requests the device will have done before `ms` from now.
std::size_t Schedule::completions_before(const Device& device, double ms, double now_ms) {
  const double service = device.service_ms;
  const std::size_t free = device.at_once - std::min(device.at_once, device.going_on());
  if (service <= 0) return free;  // of an unknown device nothing is expected but that each worker takes one request
  const auto completions = [&](double rest) {
    return static_cast<std::size_t>(std::max(0.0, std::ceil((ms - rest) / service * (1 - kAlike)) - 1));
  };
  std::size_t sum = free * completions(0);
  for (const Run& run : device.runs) {
    if (run.state == Run::State::kGoesOn) sum += completions(device.rest(run, now_ms));
  }
  return sum - std::min(sum, device.waiting.size());
}

}  // namespace baton::policy
