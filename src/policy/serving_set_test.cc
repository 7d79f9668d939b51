// SPDX-License-Identifier: Apache-2.0
// Copyright (C) 2026 The Baton authors
#include "policy/serving_set.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace baton::policy {
namespace {

using base::Status;
using base::StatusCode;
using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using Kind = Action::Kind;

/// Devices in list order with their engines, best first; a rung is named "GPU/E1".
Plan plan_of(const std::vector<std::pair<std::string, std::vector<std::string>>>& devices) {
  Plan plan;
  for (const auto& [name, engines] : devices) {
    const int device = static_cast<int>(plan.devices.size());
    DeviceRungs rungs{device, name, {}, std::nullopt};
    for (const std::string& engine : engines) {
      rungs.rungs.push_back(static_cast<int>(plan.rungs.size()));
      plan.rungs.push_back({.pair = {name, engine, name}, .device = device});
    }
    plan.devices.push_back(rungs);
  }
  return plan;
}

/// Drives a set and notes, in words, what it orders.
class Story {
 public:
  explicit Story(Plan plan, ServingSetOptions options = {}) : set(std::move(plan), std::move(options)) {}

  int rung(const std::string& name) const {
    for (std::size_t i = 0; i < set.rungs().size(); ++i) {
      const Pair& pair = set.rungs()[i].spec.pair;
      if (pair.device + "/" + pair.engine == name) return static_cast<int>(i);
    }
    ADD_FAILURE() << "no rung " << name;
    return -1;
  }
  std::string name(int rung) const {
    if (rung < 0) return "-";
    const Pair& pair = set.rungs()[static_cast<std::size_t>(rung)].spec.pair;
    return pair.device + "/" + pair.engine;
  }

  void start() { note(set.start(tick())); }
  void loads(const std::string& r) { note(set.loaded(rung(r), Status::ok(), tick())); }
  void fails(const std::string& r, StatusCode code = StatusCode::kDeviceFailed) {
    note(set.loaded(rung(r), Status(code, "no luck"), tick()));
  }
  void warms(const std::string& r) {
    note(set.warmed(rung(r), {.passed = true, .figures = {{"warm_up_ms", 3}}}, tick()));
  }
  void joins(const std::string& r) {
    loads(r);
    warms(r);
  }
  const Rung& state_of(const std::string& r) const { return set.rungs()[static_cast<std::size_t>(rung(r))]; }
  /// The last event, as "TYPE REASON: text".
  std::string last_event() const {
    const Event& event = details.back();
    return std::string(to_string(event.type)) + " " + event.reason + ": " + event.text;
  }
  void is_refused(const std::string& r, Reason reason) {
    note(set.warmed(rung(r), {.passed = false, .reason = reason, .text = "refused"}, tick()));
  }
  void run_fails(const std::string& r, StatusCode code = StatusCode::kDeviceFailed) {
    note(set.run_failed(rung(r), Status(code, "kernel error"), tick()));
  }
  void probe_is_due(const std::string& r) { note(set.timer(Action::Timer::kProbe, rung(r), tick())); }
  void times_out(const std::string& r, base::Duration after = std::chrono::seconds(1)) {
    now_ += after;
    note(set.timer(Action::Timer::kLoadTimeout, rung(r), tick()));
  }
  void close() { note(set.close(tick())); }

  std::vector<std::string> serving() const {
    std::vector<std::string> names;
    for (const int r : set.serving()) names.push_back(name(r));
    return names;
  }

  ServingSet set;
  std::vector<std::string> orders;  ///< of the last event
  std::vector<std::string> events;  ///< of all
  std::vector<Event> details;       ///< the same
  Status failure;

 private:
  base::TimePoint tick() { return now_ += std::chrono::milliseconds(10); }
  void note(const Actions& actions) {
    orders.clear();
    for (const Action& action : actions) {
      switch (action.kind) {
        case Kind::kLoad: orders.push_back("load " + name(action.rung)); break;
        case Kind::kCancelLoad: orders.push_back("cancel load " + name(action.rung)); break;
        case Kind::kCheck: orders.push_back("warm " + name(action.rung) + " beside " + name(action.other)); break;
        case Kind::kCancelCheck: orders.push_back("cancel warm-up " + name(action.rung)); break;
        case Kind::kPublish: orders.push_back("join " + name(action.rung)); break;
        case Kind::kRelease: orders.push_back("release " + name(action.rung)); break;
        case Kind::kStartTimer: orders.push_back("timer " + name(action.rung)); break;
        case Kind::kFail:
          orders.emplace_back("fail");
          failure = action.status;
          break;
        case Kind::kEmit:
          events.push_back(std::string(to_string(action.event->type)) +
                           (action.rung >= 0 ? " " + name(action.rung) : ""));
          EXPECT_EQ(action.event->time, now_) << events.back();
          details.push_back(*action.event);
          break;
        default: ADD_FAILURE() << "an order that a serving set does not give";
      }
    }
  }
  base::TimePoint now_{};
};

TEST(ServingSet, B802_all_devices_load_at_once_and_each_joins_when_it_is_warm) {
  Story story(plan_of({{"GPU", {"G"}}, {"CPU", {"C1", "C2"}}}));
  story.start();
  EXPECT_THAT(story.orders, ElementsAre("load GPU/G", "load CPU/C1"));
  EXPECT_EQ(story.set.phase(), Phase::kPreparing);

  story.loads("CPU/C1");
  EXPECT_THAT(story.orders, ElementsAre("warm CPU/C1 beside -"));
  EXPECT_EQ(story.set.phase(), Phase::kPreparing) << "it is not warm";
  EXPECT_THAT(story.serving(), IsEmpty());
  story.warms("CPU/C1");
  EXPECT_THAT(story.orders, ElementsAre("join CPU/C1"));
  EXPECT_EQ(story.set.phase(), Phase::kSteady);
  EXPECT_EQ(story.set.generation(), 1u);
  EXPECT_FALSE(story.set.settled());

  story.loads("GPU/G");
  EXPECT_THAT(story.orders, ElementsAre("warm GPU/G beside CPU/C1"));
  story.warms("GPU/G");
  EXPECT_THAT(story.orders, ElementsAre("join GPU/G"));
  EXPECT_THAT(story.serving(), ElementsAre("GPU/G", "CPU/C1")) << "list order (B-804)";
  EXPECT_TRUE(story.set.settled());
  EXPECT_THAT(story.events, Contains("DEVICE_JOINED GPU/G"));
  EXPECT_THAT(story.events, Not(Contains("DEVICE_JOINED CPU/C1")));
  EXPECT_EQ(story.set.generation(), 1u);
}

TEST(ServingSet, B601_B806_a_failed_load_leads_to_the_devices_next_engine_and_then_out) {
  Story story(plan_of({{"GPU", {"G"}}, {"CPU", {"C1", "C2"}}}));
  story.start();
  story.joins("GPU/G");
  story.fails("CPU/C1");
  EXPECT_THAT(story.orders, ElementsAre("load CPU/C2"));
  EXPECT_FALSE(story.set.settled());
  story.fails("CPU/C2");
  EXPECT_THAT(story.orders, IsEmpty());
  EXPECT_TRUE(story.set.settled());
  EXPECT_EQ(story.set.phase(), Phase::kSteady);
  EXPECT_THAT(story.serving(), ElementsAre("GPU/G"));
  EXPECT_EQ(story.set.rung_of(1), -1);
  EXPECT_THAT(story.events, Contains("CANDIDATE_FAILED CPU/C2"));
}

TEST(ServingSet, B601_a_lost_or_full_device_is_done) {
  for (const StatusCode code : {StatusCode::kDeviceLost, StatusCode::kResourceExhausted}) {
    Story story(plan_of({{"GPU", {"G"}}, {"CPU", {"C1", "C2"}}}));
    story.start();
    story.fails("CPU/C1", code);
    EXPECT_THAT(story.orders, IsEmpty());
    EXPECT_EQ(story.set.rung_of(1), -1);
    EXPECT_FALSE(story.set.settled()) << "the GPU still loads";
  }
}

TEST(ServingSet, B602_B608_nobody_left) {
  Story story(plan_of({{"GPU", {"G"}}, {"CPU", {"C1"}}}), {.tag = "MULTI"});
  story.start();
  story.fails("CPU/C1");
  EXPECT_EQ(story.set.phase(), Phase::kPreparing);
  story.fails("GPU/G");
  EXPECT_THAT(story.orders, ElementsAre("fail"));
  EXPECT_EQ(story.set.phase(), Phase::kFailed);
  EXPECT_EQ(story.failure.code(), StatusCode::kCompileFailed);
  EXPECT_EQ(story.failure.message(), "[MULTI] compile model failed, CPU:[C1] no luck; GPU:[G] no luck;");

  Story malformed(plan_of({{"GPU", {"G"}}, {"CPU", {"C1"}}}));
  malformed.start();
  malformed.fails("CPU/C1", StatusCode::kInvalidArgument);
  malformed.fails("GPU/G", StatusCode::kInvalidArgument);
  EXPECT_EQ(malformed.failure.code(), StatusCode::kInvalidArgument);
}

TEST(ServingSet, B538_B803_a_refused_newcomer_is_released_and_the_next_engine_tried) {
  Story story(plan_of({{"GPU", {"G1", "G2"}}, {"CPU", {"C"}}}));
  story.start();
  story.joins("CPU/C");
  story.loads("GPU/G1");
  story.is_refused("GPU/G1", Reason::kOutputMismatch);
  EXPECT_THAT(story.orders, ElementsAre("release GPU/G1", "load GPU/G2"));
  EXPECT_EQ(story.set.rungs()[static_cast<std::size_t>(story.rung("GPU/G1"))].refusal, Reason::kOutputMismatch);
  story.joins("GPU/G2");
  EXPECT_THAT(story.serving(), ElementsAre("GPU/G2", "CPU/C"));
}

TEST(ServingSet, B607_a_timeout_cancels_the_load_and_what_still_comes_is_released) {
  Story story(plan_of({{"GPU", {"G"}}, {"CPU", {"C"}}}), {.compile_timeout = std::chrono::seconds(1)});
  story.start();
  EXPECT_THAT(story.orders, ElementsAre("load GPU/G", "timer GPU/G", "load CPU/C", "timer CPU/C"));
  story.joins("CPU/C");
  story.times_out("GPU/G");
  EXPECT_THAT(story.orders, ElementsAre("cancel load GPU/G"));
  EXPECT_TRUE(story.set.settled());
  story.loads("GPU/G");
  EXPECT_THAT(story.orders, ElementsAre("release GPU/G"));
  story.times_out("CPU/C");
  EXPECT_THAT(story.orders, IsEmpty()) << "it was in time";
}

TEST(ServingSet, B607_B624_the_timer_of_an_earlier_load_says_nothing_of_a_probe) {
  Story story(plan_of({{"GPU", {"G"}}, {"CPU", {"C"}}}), {.compile_timeout = std::chrono::seconds(1)});
  story.start();
  story.joins("CPU/C");
  story.joins("GPU/G");
  story.run_fails("GPU/G");
  story.probe_is_due("GPU/G");
  story.times_out("GPU/G", std::chrono::milliseconds(500));
  EXPECT_THAT(story.orders, IsEmpty());
  story.times_out("GPU/G");
  EXPECT_THAT(story.orders, ElementsAre("cancel load GPU/G", "timer GPU/G"));
  EXPECT_EQ(story.events.back(), "PROBE_DONE GPU/G");
}

TEST(ServingSet, B819_with_bound_buffers_it_waits_for_all) {
  Story story(plan_of({{"GPU", {"G"}}, {"NPU", {"N"}}, {"CPU", {"C"}}}), {.wait_for_all = true});
  story.start();
  story.joins("CPU/C");
  story.joins("GPU/G");
  EXPECT_EQ(story.set.phase(), Phase::kPreparing);
  story.fails("NPU/N");
  EXPECT_EQ(story.set.phase(), Phase::kSteady);

  Story last_joins(plan_of({{"GPU", {"G"}}, {"CPU", {"C"}}}), {.wait_for_all = true});
  last_joins.start();
  last_joins.fails("CPU/C");
  EXPECT_EQ(last_joins.set.phase(), Phase::kPreparing);
  last_joins.joins("GPU/G");
  EXPECT_EQ(last_joins.set.phase(), Phase::kSteady);
}

TEST(ServingSet, B811_B812_a_failing_device_leaves_and_returns_after_a_probe) {
  Story story(plan_of({{"GPU", {"G"}}, {"CPU", {"C"}}}));
  story.start();
  story.joins("GPU/G");
  story.joins("CPU/C");
  story.run_fails("GPU/G", StatusCode::kResourceExhausted);
  EXPECT_THAT(story.orders, ElementsAre("release GPU/G", "timer GPU/G"));
  EXPECT_THAT(story.serving(), ElementsAre("CPU/C"));
  EXPECT_EQ(story.set.generation(), 2u);
  EXPECT_TRUE(story.set.suspended(0));
  EXPECT_TRUE(story.set.settled());
  EXPECT_EQ(story.set.rungs()[0].refusal, Reason::kSuspendedOutOfMemory);
  EXPECT_THAT(story.events, Contains("DEVICE_SUSPENDED GPU/G"));
  story.run_fails("GPU/G");
  EXPECT_THAT(story.orders, IsEmpty()) << "another run that was going on";

  story.probe_is_due("GPU/G");
  EXPECT_THAT(story.orders, ElementsAre("load GPU/G"));
  EXPECT_TRUE(story.set.settled()) << "a probe is nothing that anybody waits for";
  story.fails("GPU/G");
  EXPECT_THAT(story.orders, ElementsAre("timer GPU/G"));
  EXPECT_EQ(story.events.back(), "PROBE_DONE GPU/G");
  story.probe_is_due("GPU/G");
  story.loads("GPU/G");
  story.is_refused("GPU/G", Reason::kWarmupFailed);
  EXPECT_THAT(story.orders, ElementsAre("release GPU/G", "timer GPU/G"));
  story.probe_is_due("GPU/G");
  story.joins("GPU/G");
  EXPECT_THAT(story.orders, ElementsAre("join GPU/G"));
  EXPECT_EQ(story.events.back(), "DEVICE_JOINED GPU/G");
  EXPECT_FALSE(story.set.suspended(0));
  EXPECT_EQ(story.set.generation(), 3u);
}

TEST(ServingSet, B811_B628_nobody_left_at_run_time) {
  Story story(plan_of({{"GPU", {"G"}}, {"CPU", {"C"}}, {"NPU", {"N"}}}));
  story.start();
  story.joins("GPU/G");
  story.joins("CPU/C");
  story.run_fails("GPU/G");
  story.run_fails("CPU/C", StatusCode::kDeviceLost);
  EXPECT_EQ(story.set.phase(), Phase::kFailover) << "the NPU still loads: what waits, waits for it";
  EXPECT_THAT(story.orders, ElementsAre("release CPU/C", "timer CPU/C"));
  story.fails("NPU/N");
  EXPECT_EQ(story.set.phase(), Phase::kFailed);
  EXPECT_THAT(story.orders, ElementsAre("fail"));
  EXPECT_EQ(story.failure.code(), StatusCode::kDeviceFailed);
  EXPECT_EQ(story.failure.message(),
            "inference failed after 2 attempts: GPU[G] ENGINE_ERROR: kernel error; CPU[C] DEVICE_LOST: kernel error");
  story.probe_is_due("CPU/C");
  story.joins("CPU/C");
  EXPECT_EQ(story.set.phase(), Phase::kSteady);
  EXPECT_THAT(story.serving(), ElementsAre("CPU/C"));
}

TEST(ServingSet, B626_B812_without_backoff_nobody_returns) {
  Story story(plan_of({{"GPU", {"G"}}, {"CPU", {"C"}}}), {.recovery_backoff = base::Duration(0)});
  story.start();
  story.joins("GPU/G");
  story.joins("CPU/C");
  story.run_fails("GPU/G");
  EXPECT_THAT(story.orders, ElementsAre("release GPU/G"));
}

TEST(ServingSet, B828_closing_cancels_what_loads_and_warms_up) {
  Story story(plan_of({{"GPU", {"G"}}, {"NPU", {"N"}}, {"CPU", {"C"}}}));
  story.start();
  story.joins("CPU/C");
  story.loads("NPU/N");
  story.close();
  EXPECT_THAT(story.orders, ElementsAre("cancel load GPU/G", "cancel warm-up NPU/N"));
  EXPECT_EQ(story.events.back(), "CLOSED");
  story.close();
  EXPECT_THAT(story.orders, IsEmpty()) << "once";
  story.loads("GPU/G");
  EXPECT_THAT(story.orders, ElementsAre("release GPU/G"));
  story.warms("NPU/N");
  EXPECT_THAT(story.orders, IsEmpty());
}

TEST(ServingSet, B1213_B802_the_events_of_a_start_in_their_order) {
  Story story(plan_of({{"GPU", {"G"}}, {"CPU", {"C"}}}));
  story.start();
  story.joins("CPU/C");
  story.joins("GPU/G");
  story.close();
  EXPECT_THAT(story.events,
              ElementsAre("LOAD_STARTED GPU/G", "LOAD_STARTED CPU/C", "LOAD_FINISHED CPU/C", "CHECK_DONE CPU/C",
                          "LOAD_FINISHED GPU/G", "CHECK_DONE GPU/G", "DEVICE_JOINED GPU/G", "CLOSED"));
}

TEST(ServingSet, B1210_events_carry_times_and_figures) {
  Story story(plan_of({{"GPU", {"G"}}, {"CPU", {"C"}}}));
  story.start();         // at 10 ms
  story.loads("CPU/C");  // at 20 ms
  EXPECT_EQ(story.details.back().values.at("ms"), 10);
  EXPECT_EQ(story.details.back().device, "CPU");
  EXPECT_EQ(story.details.back().engine, "C");
  story.warms("CPU/C");  // at 30 ms
  EXPECT_EQ(story.details.back().values.at("warm_up_ms"), 3);
  EXPECT_EQ(story.details.back().reason, "");
  story.loads("GPU/G");  // at 40 ms
  EXPECT_EQ(story.details.back().values.at("ms"), 30);
  story.warms("GPU/G");
  EXPECT_EQ(story.details.back().values.at("since_start_ms"), 40);
  EXPECT_EQ(story.details.back().phase, Phase::kSteady);
  EXPECT_EQ(story.state_of("GPU/G").figures.at("load_ms"), 30);
  EXPECT_EQ(story.state_of("GPU/G").figures.at("warm_up_ms"), 3);
}

TEST(ServingSet, B1306_what_the_warm_up_found_stands_in_the_report) {
  Story story(plan_of({{"GPU", {"G1", "G2"}}, {"CPU", {"C"}}}));
  story.start();
  story.loads("CPU/C");
  story.set.warmed(story.rung("CPU/C"), {.passed = true, .text = "warm after 2 runs"}, {});
  EXPECT_EQ(story.state_of("CPU/C").text, "warm after 2 runs");
  story.loads("GPU/G1");
  story.is_refused("GPU/G1", Reason::kOutputMismatch);
  EXPECT_EQ(story.state_of("GPU/G1").text, "refused");
  EXPECT_THAT(story.events, Contains("CANDIDATE_FAILED GPU/G1"));
  story.fails("GPU/G2");
  EXPECT_EQ(story.state_of("GPU/G2").text, "no luck");
  EXPECT_EQ(story.last_event(), "CANDIDATE_FAILED LOAD_FAILED: no luck");
}

TEST(ServingSet, B602_a_refused_warm_up_is_listed_among_the_attempts) {
  Story story(plan_of({{"GPU", {"G"}}, {"CPU", {"C1", "C2"}}}));
  story.start();
  story.loads("GPU/G");
  story.is_refused("GPU/G", Reason::kWarmupFailed);
  story.fails("CPU/C1");
  story.loads("CPU/C2");
  story.is_refused("CPU/C2", Reason::kWarmupFailed);
  const char* const text = "[AUTO] compile model failed, GPU:[G] refused; CPU:[C1] no luck; CPU:[C2] refused;";
  EXPECT_EQ(story.failure.message(), text);
  EXPECT_EQ(story.last_event(), std::string("FAILED : ") + text);
}

TEST(ServingSet, B602_B819_nobody_left_is_the_same_error_with_bound_buffers) {
  Story story(plan_of({{"GPU", {"G"}}, {"CPU", {"C"}}}), {.wait_for_all = true});
  story.start();
  story.fails("CPU/C");
  story.fails("GPU/G");
  EXPECT_EQ(story.set.phase(), Phase::kFailed);
  EXPECT_EQ(story.set.generation(), 0u);
  EXPECT_EQ(story.failure.code(), StatusCode::kCompileFailed);
}

TEST(ServingSet, B1210_B811_a_suspension_says_why) {
  Story story(plan_of({{"GPU", {"G"}}, {"CPU", {"C"}}}));
  story.start();
  story.joins("GPU/G");
  story.joins("CPU/C");
  story.run_fails("GPU/G", StatusCode::kDeviceLost);
  EXPECT_EQ(story.last_event(), "DEVICE_SUSPENDED SUSPENDED_DEVICE_LOST: kernel error");
  EXPECT_EQ(story.state_of("GPU/G").text, "kernel error");
  EXPECT_EQ(story.state_of("GPU/G").state, RungState::kReleased);
}

TEST(ServingSet, B812_a_probe_and_the_return_after_it_are_told) {
  Story story(plan_of({{"GPU", {"G"}}, {"CPU", {"C"}}}));
  story.start();
  story.joins("GPU/G");
  story.joins("CPU/C");
  story.run_fails("GPU/G");
  story.probe_is_due("GPU/G");
  story.fails("GPU/G");
  EXPECT_EQ(story.last_event(), "PROBE_DONE LOAD_FAILED: no luck");
  EXPECT_EQ(story.state_of("GPU/G").text, "no luck");
  EXPECT_EQ(story.state_of("GPU/G").refusal, Reason::kSuspendedEngineError) << "that it is suspended stays true";
  EXPECT_EQ(story.details.back().values.at("next_ms"), 1990) << "2 s after the probe began, which took 10 ms";
  story.probe_is_due("GPU/G");
  story.events.clear();
  story.joins("GPU/G");
  EXPECT_THAT(story.events,
              ElementsAre("LOAD_FINISHED GPU/G", "CHECK_DONE GPU/G", "PROBE_DONE GPU/G", "DEVICE_JOINED GPU/G"));
  EXPECT_FALSE(story.state_of("GPU/G").refusal);
}

TEST(ServingSet, B629_a_probe_that_calls_the_model_bad_was_the_last) {
  Story story(plan_of({{"GPU", {"G"}}, {"CPU", {"C"}}}));
  story.start();
  story.joins("GPU/G");
  story.joins("CPU/C");
  story.run_fails("GPU/G");
  story.probe_is_due("GPU/G");
  story.fails("GPU/G", StatusCode::kInvalidArgument);
  EXPECT_EQ(story.details.back().values.at("next_ms"), 0);
  EXPECT_THAT(story.orders, IsEmpty()) << "no timer";
}

TEST(ServingSet, B628_the_final_error_tells_what_the_last_probe_found) {
  Story story(plan_of({{"GPU", {"G"}}, {"CPU", {"C"}}}));
  story.start();
  story.joins("GPU/G");
  story.joins("CPU/C");
  story.run_fails("GPU/G");
  story.probe_is_due("GPU/G");
  story.fails("GPU/G");
  story.run_fails("CPU/C");
  EXPECT_EQ(story.failure.message(),
            "inference failed after 2 attempts: GPU[G] ENGINE_ERROR: no luck; CPU[C] ENGINE_ERROR: kernel error");
  EXPECT_THAT(story.events, Contains("FAILED"));
}

TEST(ServingSet, B812_the_only_device_joins_again_when_it_returns) {
  Story story(plan_of({{"GPU", {"G"}}}));
  story.start();
  story.joins("GPU/G");
  EXPECT_THAT(story.events, Not(Contains("DEVICE_JOINED GPU/G"))) << "compile_model returns";
  story.run_fails("GPU/G");
  EXPECT_EQ(story.set.phase(), Phase::kFailed);
  story.probe_is_due("GPU/G");
  story.joins("GPU/G");
  EXPECT_EQ(story.events.back(), "DEVICE_JOINED GPU/G");
  EXPECT_EQ(story.set.phase(), Phase::kSteady);
  EXPECT_EQ(story.set.generation(), 3u);
}

TEST(ServingSet, B624_only_a_probes_own_timer_begins_one) {
  Story story(plan_of({{"GPU", {"G"}}, {"CPU", {"C"}}}), {.compile_timeout = std::chrono::seconds(1)});
  story.start();
  story.joins("GPU/G");
  story.joins("CPU/C");
  story.probe_is_due("GPU/G");
  EXPECT_THAT(story.orders, IsEmpty()) << "it is not suspended";
  story.run_fails("GPU/G");
  story.times_out("GPU/G", std::chrono::seconds(5));
  EXPECT_THAT(story.orders, IsEmpty()) << "the time limit of its first load, long over";
  story.probe_is_due("GPU/G");
  EXPECT_THAT(story.orders, ElementsAre("load GPU/G", "timer GPU/G"));
  story.probe_is_due("GPU/G");
  EXPECT_THAT(story.orders, IsEmpty()) << "a probe is going on";
}

TEST(ServingSet, B629_after_closing_nothing_is_suspended_or_probed) {
  Story story(plan_of({{"GPU", {"G"}}, {"CPU", {"C"}}}));
  story.start();
  story.joins("GPU/G");
  story.joins("CPU/C");
  story.run_fails("CPU/C");
  story.close();
  story.run_fails("GPU/G");
  EXPECT_THAT(story.orders, IsEmpty());
  EXPECT_FALSE(story.set.suspended(0));
  story.probe_is_due("CPU/C");
  EXPECT_THAT(story.orders, IsEmpty());
  EXPECT_EQ(story.events.back(), "CLOSED");
}

}  // namespace
}  // namespace baton::policy
