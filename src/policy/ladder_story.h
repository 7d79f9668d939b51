// SPDX-License-Identifier: Apache-2.0
// Copyright (C) 2026 The Baton authors
//
// For tests of the ladder: a plan by hand, and a ladder that is driven event by event and says in words what it orders.
// Beside it run ladders of the same plan with other numbers for its rungs: they must order the same. And after every
// event the books must balance: what was loaded serves, is checked, waits or drains, or else was released, once.
#pragma once

#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <set>
#include <sstream>
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
  PlanBuilder& lazy_first_run(const std::string& pair) {
    for (RungSpec& spec : plan_.rungs) {
      if (to_string(spec.pair) == pair) spec.lazy_first_run = true;
    }
    return *this;
  }
  /// `pair` pays between helper and target: figures that say so (B-552). After all other pairs.
  PlanBuilder& interim(const std::string& pair) {
    for (std::size_t i = 0; i < plan_.rungs.size(); ++i) {
      RungSpec& spec = plan_.rungs[i];
      const bool between = to_string(spec.pair) == pair;
      if (between) plan_.interim = static_cast<int>(i);
      spec.load_rank = between ? 50 : static_cast<int>(i) == plan_.helper ? 10 : 10'000;
      spec.run_rank = between ? 10 : static_cast<int>(i) == plan_.helper ? 40 : 100;
    }
    return *this;
  }
  /// Startup fallback: `device` helps with this pair, now and after a failure.
  PlanBuilder& helps(const std::string& device, const std::string& engine, Profile profile = Profile::kFast) {
    plan_.helpers = true;
    for (std::size_t d = 0; d < plan_.devices.size(); ++d) {
      if (plan_.devices[d].name == device) plan_.helper_devices.push_back(static_cast<int>(d));
    }
    return quickest(device, engine, profile);
  }
  /// It loads quickest of its device's pairs: it helps its own target.
  PlanBuilder& quickest(const std::string& device, const std::string& engine, Profile profile) {
    for (std::size_t d = 0; d < plan_.devices.size(); ++d) {
      if (plan_.devices[d].name != device) continue;
      plan_.devices[d].quickest =
          RungSpec{.pair = {device, engine, engine, profile, Precision::kNative}, .device = static_cast<int>(d)};
    }
    return *this;
  }
  /// The target is on `device`: a model of a higher level holds those before it (B-413).
  PlanBuilder& first(const std::string& device) {
    for (std::size_t d = 0; d < plan_.devices.size(); ++d) {
      if (plan_.devices[d].name == device) plan_.first_device = static_cast<int>(d);
    }
    return *this;
  }
  /// The target loads from the cache.
  PlanBuilder& cached() {
    plan_.target_cached = true;
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

/// The same plan; rung i has the number i + shift.
inline Plan renumbered(const Plan& plan, std::size_t shift) {
  Plan result = plan;
  const auto number = [&](int rung) {
    return rung < 0 ? rung : static_cast<int>((static_cast<std::size_t>(rung) + shift) % plan.rungs.size());
  };
  for (std::size_t i = 0; i < plan.rungs.size(); ++i)
    result.rungs[static_cast<std::size_t>(number(static_cast<int>(i)))] = plan.rungs[i];
  result.helper = number(plan.helper);
  result.interim = number(plan.interim);
  for (DeviceRungs& device : result.devices) {
    for (int& rung : device.rungs) rung = number(rung);
  }
  return result;
}

/// Drives a ladder and notes, in words, what it orders.
class Story {
 public:
  explicit Story(const Plan& plan, const LadderOptions& options = {}) : ladder(plan, options) {
    for (std::size_t shift = 1; shift < plan.rungs.size(); ++shift)
      others_.emplace_back(renumbered(plan, shift), options);
  }

  int rung(const std::string& name) const { return rung(ladder, name); }
  const Rung& at(const std::string& name) const { return ladder.rungs()[static_cast<std::size_t>(rung(name))]; }

  void start() {
    tell("start", [this](Ladder& l) { return l.start(now_); });
  }
  void loads(const std::string& name) {
    loading_.erase(name);
    ++alive_[name];
    tell("loads " + name, [&](Ladder& l) { return l.loaded(rung(l, name), Status::ok(), now_); });
  }
  void fails(const std::string& name, StatusCode code = StatusCode::kDeviceFailed) {
    loading_.erase(name);
    tell("fails " + name, [&](Ladder& l) { return l.loaded(rung(l, name), Status(code, "no luck"), now_); });
  }
  void entry_refused(const std::string& name) {
    loading_.erase(name);
    tell("entry_refused " + name, [&](Ladder& l) { return l.entry_refused(rung(l, name), now_); });
  }
  void answers() {
    tell("answers", [this](Ladder& l) { return l.first_answer(now_); });
  }
  void checked(const std::string& name, const CheckResult& result) {
    tell("checked " + name, [&](Ladder& l) { return l.checked(rung(l, name), result, now_); });
  }
  void passes(const std::string& name, std::map<std::string, double> figures = {}) {
    checked(name, {.passed = true, .figures = std::move(figures)});
  }
  void is_slower(const std::string& name, double ratio = 1.5) {
    checked(name, {.reason = Reason::kSlowerThanHelper, .text = "slower", .figures = {{"ratio", ratio}}});
  }
  void disagrees(const std::string& name, bool lowered) {
    checked(name, {.reason = Reason::kOutputMismatch, .text = "differs", .lowered_precision = lowered});
  }
  void drains(const std::string& name) {
    tell("drains " + name, [&](Ladder& l) { return l.drained(rung(l, name), now_); });
  }
  void released(const std::string& name) {
    tell("released " + name, [&](Ladder& l) { return l.released(rung(l, name), now_); });
  }
  void idle() {
    tell("idle", [this](Ladder& l) { return l.idle(now_); });
  }
  void shapes_change(const std::string& name, double average_ms = 60, double plain_ms = 3) {
    tell("shapes_change " + name,
         [&](Ladder& l) { return l.shapes_change(rung(l, name), average_ms, plain_ms, now_); });
  }
  void chooses(const std::string& device) {
    tell("chooses " + device, [&](Ladder& l) { return l.device_chosen(device_index(device), now_); });
  }
  void hold(bool on) {
    tell("hold", [&](Ladder& l) { return l.set_hold(on, now_); });
  }
  void timer(Action::Timer timer, const std::string& name = "") {
    now_ = std::max(now_, timer_at_[timer] - kStep);
    early_timer(timer, name);
  }
  /// One of an earlier load or wait, which nobody could stop.
  void early_timer(Action::Timer timer, const std::string& name = "") {
    tell("early_timer " + name, [&](Ladder& l) { return l.timer(timer, name.empty() ? -1 : rung(l, name), now_); });
  }
  void close() {
    closed_ = true;
    tell("close", [this](Ladder& l) { return l.close(now_); });
  }
  void run_fails(const std::string& name, StatusCode code = StatusCode::kDeviceFailed) {
    tell("run_fails " + name, [&](Ladder& l) { return l.run_failed(rung(l, name), Status(code, "run failed"), now_); });
  }
  /// The time of the device's probe comes.
  void probe(const std::string& device) {
    now_ = std::max(now_, probe_at.at(device) - kStep);
    early_probe(device);
  }
  void early_probe(const std::string& device) {
    tell("early_probe " + device,
         [&](Ladder& l) { return l.timer(Action::Timer::kProbe, device_index(device), now_); });
  }
  void warmed(const std::string& name, StatusCode code = StatusCode::kOk) {
    tell("warmed " + name, [&](Ladder& l) { return l.warmed(rung(l, name), Status(code, "warm-up failed"), now_); });
  }
  void is_granted(const std::string& device, bool claim = false) {
    tell("is_granted " + device, [&](Ladder& l) { return l.device_answered(device_index(device), claim, true, now_); });
  }
  void is_refused(const std::string& device, bool claim = false) {
    tell("is_refused " + device,
         [&](Ladder& l) { return l.device_answered(device_index(device), claim, false, now_); });
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
  /// A figure of the last event of the last answer.
  double figure(const std::string& key) const {
    for (auto action = actions.rbegin(); action != actions.rend(); ++action) {
      if (action->event && action->event->values.contains(key)) return action->event->values.at(key);
    }
    ADD_FAILURE() << "no event with " << key;
    return 0;
  }
  /// Every event and what it led to.
  const std::string& history() const { return history_; }
  /// Events since the last call: "CANDIDATE_FAILED GPU/G/full LOAD_FAILED: no luck".
  std::vector<std::string> news() { return std::exchange(news_, {}); }
  /// The same as `orders`, without events.
  std::vector<std::string> deeds() {
    std::vector<std::string> result;
    for (std::string& order : orders()) {
      if (!order.starts_with("event")) result.push_back(std::move(order));
    }
    return result;
  }
  std::string serving() const { return serving(ladder); }

  Ladder ladder;
  Status failure;
  std::vector<Action> actions;  ///< of the last call
  std::map<std::string, base::TimePoint> probe_at;

 private:
  static constexpr base::Duration kStep = std::chrono::milliseconds(10);

  static std::string name(const Ladder& l, int index) {
    return to_string(l.rungs()[static_cast<std::size_t>(index)].spec.pair);
  }
  static std::string serving(const Ladder& l) { return l.serving() < 0 ? "nothing" : name(l, l.serving()); }
  static int rung(const Ladder& l, const std::string& name) {
    for (std::size_t i = 0; i < l.rungs().size(); ++i) {
      if (to_string(l.rungs()[i].spec.pair) == name) return static_cast<int>(i);
    }
    ADD_FAILURE() << "no rung " << name;
    return -1;
  }

  template <typename Tell>
  void tell(const std::string& event, const Tell& what) {
    now_ += kStep;
    history_ += "\n" + event + ":";
    Actions acts = what(ladder);
    const std::vector<std::string> said = words(ladder, acts);
    for (Ladder& other : others_) EXPECT_EQ(words(other, what(other)), said) << "with other numbers for the rungs";
    for (const Action& action : acts) note(action);
    balance();
    actions = std::move(acts);
  }

  /// All that may be seen of an answer and of the state after it. What is dropped together has no order.
  std::vector<std::string> words(const Ladder& l, const Actions& acts) const {
    std::vector<std::string> result;
    for (const Action& action : acts) {
      result.push_back(word(l, action));
      if (!action.event) continue;
      const Event& event = *action.event;
      EXPECT_EQ(event.time, now_) << result.back();
      EXPECT_TRUE(event.device.empty() ? action.rung == -1 : action.rung >= 0) << result.back();
      std::ostringstream text;
      text << line(event) << " in " << to_string(event.phase) << " of " << event.generation;
      for (const auto& [key, value] : event.values) text << ' ' << key << ' ' << value;
      result.push_back(text.str());
    }
    for (const Rung& r : l.rungs()) {
      const std::string why = r.refusal ? std::string(to_string(*r.refusal)) : "";
      result.push_back(to_string(r.spec.pair) + " is " + std::string(to_string(r.state)) + " " + why + ": " + r.text);
    }
    std::sort(result.begin(), result.end());
    result.push_back(std::string(to_string(l.phase())) + ", " + serving(l) + " serves" +
                     (l.serving_is_interim() ? " meanwhile" : ""));
    return result;
  }

  static std::string line(const Event& event) {
    std::string text(to_string(event.type));
    if (!event.device.empty()) text += " " + event.device + "/" + event.engine + "/" + event.profile;
    if (!event.reason.empty()) text += " " + event.reason;
    return event.text.empty() ? text : text + ": " + event.text;
  }

  static std::string word(const Ladder& l, const Action& action) {
    switch (action.kind) {
      case Kind::kOpenEngine: return "open engine of " + name(l, action.rung);
      case Kind::kLoad: return "load " + name(l, action.rung);
      case Kind::kCancelLoad: return "cancel load " + name(l, action.rung);
      case Kind::kCheck:
        return (action.second_look   ? "look at "
                : action.speed_check ? "check "
                                     : "check outputs of ") +
               name(l, action.rung) + " against " + name(l, action.other);
      case Kind::kCancelCheck: return "cancel check " + name(l, action.rung);
      case Kind::kPublish: return "publish " + name(l, action.rung);
      case Kind::kWarmUp: return "warm up " + name(l, action.rung);
      case Kind::kRetire: return "retire " + name(l, action.rung);
      case Kind::kRelease: return "release " + name(l, action.rung);
      case Kind::kChooseDevice: return "choose device";
      case Kind::kAskDevice:
        return (action.claim   ? action.force ? "take " : "claim "
                : action.force ? "insist on "
                               : "ask for ") +
               l.plan().devices[static_cast<std::size_t>(action.device)].name;
      case Kind::kLeaveDevice: return "leave device";
      case Kind::kStartTimer:
        if (action.timer != Action::Timer::kProbe) return "start timer";
        return "probe " + l.plan().devices[static_cast<std::size_t>(action.rung)].name + " later";
      case Kind::kWatchIdle: return "watch idle";
      case Kind::kSettled: return "settled";
      case Kind::kFail: return "fail";
      case Kind::kEmit: return "event " + std::string(to_string(action.event->type));
    }
    return "?";
  }

  void note(const Action& action) {
    orders_.push_back(word(ladder, action));
    history_ += " " + orders_.back() + ",";
    if (action.event) news_.push_back(line(*action.event));
    if (action.kind == Kind::kFail) failure = action.status;
    if (action.kind == Kind::kStartTimer) {
      timer_at_[action.timer] = action.time;
      if (action.timer == Action::Timer::kProbe)
        probe_at[ladder.plan().devices[static_cast<std::size_t>(action.rung)].name] = action.time;
    }
    if (action.kind == Kind::kLoad) {
      EXPECT_TRUE(loading_.insert(name(ladder, action.rung)).second) << orders_.back() << " twice";
    }
    if (action.kind == Kind::kCancelLoad) loading_.erase(name(ladder, action.rung));
    if (action.kind == Kind::kRelease || action.kind == Kind::kRetire) --alive_[name(ladder, action.rung)];
  }

  void balance() const {
    if (closed_) return;
    for (const Rung& r : ladder.rungs()) {
      const std::string name = to_string(r.spec.pair);
      const auto alive = alive_.find(name);
      const bool held = r.state == RungState::kVerifying || r.state == RungState::kReady ||
                        r.state == RungState::kServing || r.state == RungState::kDraining;
      EXPECT_EQ(alive == alive_.end() ? 0 : alive->second, held ? 1 : 0) << name << " is " << to_string(r.state);
      EXPECT_EQ(loading_.contains(name), r.state == RungState::kPreparing) << name << " is " << to_string(r.state);
    }
  }

  std::vector<Ladder> others_;
  std::vector<std::string> orders_;
  std::vector<std::string> news_;
  std::string history_;
  std::map<Action::Timer, base::TimePoint> timer_at_;
  std::set<std::string> loading_;
  std::map<std::string, int> alive_;
  bool closed_ = false;
  base::TimePoint now_{};
};

using Orders = std::vector<std::string>;

inline PlanBuilder gpu_and_cpu() {
  return PlanBuilder().device("GPU", {"G"}).device("CPU", {"E2", "E1"}).fast_helper("CPU", "E1");
}
inline PlanBuilder cpu_only() { return PlanBuilder().device("CPU", {"E2", "E1"}).fast_helper("CPU", "E1"); }

/// The CPU's fast profile helps, at the start and after a failure.
inline PlanBuilder gpu_npu_and_cpu() {
  return PlanBuilder()
      .device("GPU", {"G"})
      .device("NPU", {"N"})
      .device("CPU", {"E2"})
      .fast_helper("CPU", "E1")
      .helps("CPU", "E1");
}

inline LadderOptions no_second_look() {
  LadderOptions options;
  options.second_look = false;
  return options;
}

inline PlanBuilder three() { return PlanBuilder().device("A", {"a"}).device("B", {"b"}).device("C", {"c"}); }

/// A serves, without helpers.
inline Story steady(const Plan& plan, const LadderOptions& options = no_second_look()) {
  Story story(plan, options);
  story.start();
  story.loads(to_string(story.ladder.rungs()[0].spec.pair));
  story.orders();
  story.news();
  return story;
}

/// GPU failed, CPU serves.
inline Story failed_over(const LadderOptions& options = no_second_look()) {
  Story story = steady(PlanBuilder().device("GPU", {"G"}).device("CPU", {"E"}).build(), options);
  story.run_fails("GPU/G/full");
  story.chooses("CPU");
  story.loads("CPU/E/full");
  story.orders();
  return story;
}

}  // namespace baton::policy::test
