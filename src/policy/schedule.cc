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

void Schedule::join(int device, std::size_t workers, double service_ms) {
  Device& d = devices_[static_cast<std::size_t>(device)];
  d.serves = true;
  d.held = false;
  d.service_ms = d.fastest_ms = service_ms;
  d.idle = workers;
  d.began.assign(workers, kIdle);
}

void Schedule::started(int device, std::size_t worker, double now_ms) {
  Device& d = devices_[static_cast<std::size_t>(device)];
  --d.idle;
  d.began[worker] = now_ms;
  turn_ = (static_cast<std::size_t>(device) + 1) % devices_.size();
}

void Schedule::ended(int device, std::size_t worker) {
  Device& d = devices_[static_cast<std::size_t>(device)];
  ++d.idle;
  d.began[worker] = kIdle;
}

void Schedule::measured(int device, double ms) {
  Device& d = devices_[static_cast<std::size_t>(device)];
  d.service_ms = d.service_ms > 0 ? d.service_ms + (ms - d.service_ms) * kWeight : ms;
  d.fastest_ms = d.fastest_ms > 0 ? std::min(d.fastest_ms, ms) : ms;
}

std::size_t Schedule::running(int device) const {
  const Device& d = devices_[static_cast<std::size_t>(device)];
  return d.began.size() - d.idle;
}

double Schedule::rate_at(int device, double ms) const {
  return ms > 0 ? static_cast<double>(devices_[static_cast<std::size_t>(device)].began.size()) / ms : 0;
}

double Schedule::rate(int device) const { return rate_at(device, service_ms(device)); }

double Schedule::highest_rate(int device) const {
  return rate_at(device, devices_[static_cast<std::size_t>(device)].fastest_ms);
}

double Schedule::busy() const {
  std::size_t workers = 0;
  std::size_t idle = 0;
  for (std::size_t device = 0; device < devices_.size(); ++device) {
    if (!takes(device)) continue;
    workers += devices_[device].began.size();
    idle += devices_[device].idle;
  }
  return workers > 0 ? static_cast<double>(workers - idle) / static_cast<double>(workers) : 1;
}

std::optional<Assignment> Schedule::next(std::size_t waiting, double now_ms) const {
  if (waiting == 0) return std::nullopt;
  const std::size_t first = policy_ == SchedulePolicy::kRoundRobin ? turn_ : 0;
  std::optional<Assignment> best;
  for (std::size_t i = 0; i < devices_.size(); ++i) {
    const std::size_t device = (first + i) % devices_.size();
    if (!can_take(device)) continue;
    if (policy_ != SchedulePolicy::kEarliestFinish) return Assignment{static_cast<int>(device), 0};
    const std::size_t place = place_of(device, now_ms);
    if (place < waiting && (!best || place < best->position)) best = Assignment{static_cast<int>(device), place};
  }
  return best;
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

/// The position among the waiting requests of the one whose earliest completion is on an idle worker of `device`.
std::size_t Schedule::place_of(std::size_t device, double now_ms) const {
  const double ms = devices_[device].service_ms;
  if (ms <= 0) return 0;  // a request is how its time becomes known
  std::size_t place = 0;
  for (std::size_t other = 0; other < devices_.size(); ++other) {
    if (other == device || !takes(other)) continue;
    place += completions_before(devices_[other], ms, now_ms);
  }
  return place;
}

/// How many waiting requests the device will have done before `ms` from now.
std::size_t Schedule::completions_before(const Device& device, double ms, double now_ms) {
  const double service = device.service_ms;
  std::size_t completions = 0;
  for (const double began : device.began) {
    // Of an unknown device nothing is expected but that it takes one request.
    if (service <= 0) {
      completions += began == kIdle ? 1 : 0;
      continue;
    }
    const double rest = began == kIdle ? 0 : std::abs(began + service - now_ms);
    const double room = (ms - rest) / service;
    completions += static_cast<std::size_t>(std::max(0.0, std::ceil(room * (1 - kAlike)) - 1));
  }
  return completions;
}

}  // namespace baton::policy
