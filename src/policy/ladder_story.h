// SPDX-License-Identifier: Apache-2.0
// Copyright (C) 2026 The Baton authors
//
// For tests of the ladder: a plan by hand, and a ladder that is driven event by event and says in words what it orders.
#pragma once

#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "policy/ladder.h"

namespace baton::policy::test {

using base::Status;
using base::StatusCode;
using Kind = Action::Kind;
using engine::Hint;
using engine::Precision;
using engine::Profile;

/// A plan by hand: devices with their full rungs in order, and a helper.
class PlanBuilder {
 public:
  PlanBuilder& device(const std::string& name, std::vector<std::string> engines) {
    DeviceRungs rungs{static_cast<int>(plan_.devices.size()), name, {}};
    for (const std::string& engine : engines) rungs.rungs.push_back(add(name, engine, Profile::kFull));
    plan_.devices.push_back(rungs);
    return *this;
  }
  PlanBuilder& fast_helper(const std::string& device, const std::string& engine) {
    plan_.helper = add(device, engine, Profile::kFast);
    return *this;
  }
  PlanBuilder& full_helper(const std::string& device, const std::string& engine) {
    for (std::size_t i = 0; i < plan_.rungs.size(); ++i) {
      if (plan_.rungs[i].pair.device == device && plan_.rungs[i].pair.engine == engine)
        plan_.helper = static_cast<int>(i);
    }
    return *this;
  }
  PlanBuilder& deferred() {
    plan_.defer_target = true;
    return *this;
  }
  PlanBuilder& runs(const std::string& pair, int declared_rank) {
    for (RungSpec& spec : plan_.rungs) {
      if (to_string(spec.pair) == pair) spec.run_rank = declared_rank;
    }
    return *this;
  }
  /// Startup fallback: `device` helps with this pair, now and after a failure.
  PlanBuilder& helps(const std::string& device, const std::string& engine, Profile profile = Profile::kFast) {
    plan_.helpers = true;
    for (std::size_t d = 0; d < plan_.devices.size(); ++d) {
      if (plan_.devices[d].name != device) continue;
      plan_.helper_devices.push_back(static_cast<int>(d));
      plan_.devices[d].quickest =
          RungSpec{.pair = {device, engine, engine, profile, Precision::kNative}, .device = static_cast<int>(d)};
    }
    return *this;
  }
  Plan build() const { return plan_; }

 private:
  int add(const std::string& device, const std::string& engine, Profile profile) {
    int index = static_cast<int>(plan_.devices.size());
    for (std::size_t d = 0; d < plan_.devices.size(); ++d) {
      if (plan_.devices[d].name == device) index = static_cast<int>(d);
    }
    plan_.rungs.push_back({.pair = {device, engine, engine, profile, Precision::kNative}, .device = index});
    return static_cast<int>(plan_.rungs.size()) - 1;
  }
  Plan plan_;
};

/// Drives a ladder and notes, in words, what it orders.
class Story {
 public:
  explicit Story(Plan plan, LadderOptions options = {}) : ladder(std::move(plan), std::move(options)) {}

  int rung(const std::string& name) const {
    for (std::size_t i = 0; i < ladder.rungs().size(); ++i) {
      if (to_string(ladder.rungs()[i].spec.pair) == name) return static_cast<int>(i);
    }
    ADD_FAILURE() << "no rung " << name;
    return -1;
  }

  void start() { note(ladder.start(tick())); }
  void loads(const std::string& name) { note(ladder.loaded(rung(name), Status::ok(), tick())); }
  void fails(const std::string& name, StatusCode code = StatusCode::kDeviceFailed) {
    note(ladder.loaded(rung(name), Status(code, "no luck"), tick()));
  }
  void answers() { note(ladder.first_answer(tick())); }
  void passes(const std::string& name, std::map<std::string, double> figures = {}) {
    note(ladder.checked(rung(name), {.passed = true, .figures = std::move(figures)}, tick()));
  }
  void is_slower(const std::string& name, double ratio = 1.5) {
    note(ladder.checked(
        rung(name), {.reason = Reason::kSlowerThanHelper, .text = "slower", .figures = {{"ratio", ratio}}}, tick()));
  }
  void disagrees(const std::string& name, bool lowered) {
    note(ladder.checked(rung(name),
                        {.reason = Reason::kOutputMismatch, .text = "differs", .lowered_precision = lowered}, tick()));
  }
  void drains(const std::string& name) { note(ladder.drained(rung(name), tick())); }
  void released(const std::string& name) { note(ladder.released(rung(name), tick())); }
  void idle() { note(ladder.idle(tick())); }
  void chooses(const std::string& device) { note(ladder.device_chosen(device_index(device), tick())); }
  void hold(bool on) { note(ladder.set_hold(on, tick())); }
  void timer(Action::Timer timer, const std::string& name = "") {
    now_ = std::max(tick(), timer_at_[timer]);
    note(ladder.timer(timer, name.empty() ? -1 : rung(name), now_));
  }
  void close() { note(ladder.close(tick())); }
  void run_fails(const std::string& name, StatusCode code = StatusCode::kDeviceFailed) {
    note(ladder.run_failed(rung(name), Status(code, "run failed"), tick()));
  }
  /// The time of the device's probe comes.
  void probe(const std::string& device) {
    now_ = std::max(now_, probe_at.at(device));
    note(ladder.timer(Action::Timer::kProbe, device_index(device), now_));
  }
  void warmed(const std::string& name, StatusCode code = StatusCode::kOk) {
    note(ladder.warmed(rung(name), Status(code, "warm-up failed"), tick()));
  }
  void is_granted(const std::string& device, bool claim = false) {
    note(ladder.device_answered(device_index(device), claim, true, tick()));
  }
  void is_refused(const std::string& device, bool claim = false) {
    note(ladder.device_answered(device_index(device), claim, false, tick()));
  }
  int device_index(const std::string& device) const {
    for (std::size_t d = 0; d < ladder.plan().devices.size(); ++d) {
      if (ladder.plan().devices[d].name == device) return static_cast<int>(d);
    }
    return -1;
  }
  base::TimePoint now() const { return now_; }

  /// Orders since the last call: "load CPU/E1/fast", "publish GPU/G/full", "event SWITCHED" ...
  std::vector<std::string> orders() { return std::exchange(orders_, {}); }
  /// The same without events.
  std::vector<std::string> deeds() {
    std::vector<std::string> result;
    for (std::string& order : orders()) {
      if (!order.starts_with("event")) result.push_back(std::move(order));
    }
    return result;
  }
  std::string serving() const { return ladder.serving() < 0 ? "nothing" : name(ladder.serving()); }

  Ladder ladder;
  Status failure;
  std::vector<Action> actions;  ///< of the last call
  std::map<std::string, base::TimePoint> probe_at;

 private:
  std::string name(int index) const { return to_string(ladder.rungs()[index].spec.pair); }
  base::TimePoint tick() { return now_ += std::chrono::milliseconds(10); }
  void note(Actions acts) {
    for (const Action& action : acts) {
      switch (action.kind) {
        case Kind::kOpenEngine: orders_.push_back("open engine of " + name(action.rung)); break;
        case Kind::kLoad: orders_.push_back("load " + name(action.rung)); break;
        case Kind::kCancelLoad: orders_.push_back("cancel load " + name(action.rung)); break;
        case Kind::kCheck:
          orders_.push_back((action.second_look   ? "look at "
                             : action.speed_check ? "check "
                                                  : "check outputs of ") +
                            name(action.rung) + " against " + name(action.other));
          break;
        case Kind::kCancelCheck: orders_.push_back("cancel check " + name(action.rung)); break;
        case Kind::kPublish: orders_.push_back("publish " + name(action.rung)); break;
        case Kind::kWarmUp: orders_.push_back("warm up " + name(action.rung)); break;
        case Kind::kRetire: orders_.push_back("retire " + name(action.rung)); break;
        case Kind::kRelease: orders_.push_back("release " + name(action.rung)); break;
        case Kind::kChooseDevice: orders_.push_back("choose device"); break;
        case Kind::kAskDevice:
          orders_.push_back(std::string(action.claim ? action.force ? "take " : "claim " : "ask for ") +
                            ladder.plan().devices[static_cast<std::size_t>(action.device)].name);
          break;
        case Kind::kLeaveDevice: orders_.push_back("leave device"); break;
        case Kind::kStartTimer:
          timer_at_[action.timer] = action.time;
          if (action.timer == Action::Timer::kProbe) {
            const auto& device = ladder.plan().devices[static_cast<std::size_t>(action.rung)];
            probe_at[device.name] = action.time;
            orders_.push_back("probe " + device.name + " later");
          } else {
            orders_.push_back("start timer");
          }
          break;
        case Kind::kWatchIdle: orders_.push_back("watch idle"); break;
        case Kind::kSettled: orders_.push_back("settled"); break;
        case Kind::kFail:
          orders_.push_back("fail");
          failure = action.status;
          break;
        case Kind::kEmit: orders_.push_back("event " + std::string(to_string(action.event->type))); break;
      }
    }
    actions = std::move(acts);
  }

  std::vector<std::string> orders_;
  std::map<Action::Timer, base::TimePoint> timer_at_;
  base::TimePoint now_{};
};

using Orders = std::vector<std::string>;

inline PlanBuilder gpu_and_cpu() {
  return PlanBuilder().device("GPU", {"G"}).device("CPU", {"E2", "E1"}).fast_helper("CPU", "E1");
}
inline PlanBuilder cpu_only() { return PlanBuilder().device("CPU", {"E2", "E1"}).fast_helper("CPU", "E1"); }

inline LadderOptions no_second_look() {
  LadderOptions options;
  options.second_look = false;
  return options;
}

}  // namespace baton::policy::test
