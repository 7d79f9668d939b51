// SPDX-License-Identifier: Apache-2.0
// Copyright (C) 2026 The Baton authors
//
// Which pair is prepared next, and how it is checked; where start-up ends.
#include <gtest/gtest.h>

#include "policy/ladder_story.h"

namespace baton::policy {
namespace {

using namespace test;
using std::chrono::milliseconds;

TEST(LadderNextTarget, B514_B602_without_a_target_the_helper_decides) {
  for (const bool helper_loads : {true, false}) {
    Story story(cpu_only().build(), no_second_look());
    story.start();
    story.fails("CPU/E2/full");
    story.orders();
    story.fails("CPU/E1/full");
    EXPECT_EQ(story.deeds(), Orders{"leave device"}) << "the helper may still serve";
    EXPECT_EQ(story.ladder.phase(), Phase::kPreparing);
    if (helper_loads) {
      story.loads("CPU/E1/fast");
      EXPECT_EQ(story.deeds(), (Orders{"publish CPU/E1/fast", "take CPU", "settled"}));
      EXPECT_EQ(story.ladder.phase(), Phase::kSteady);
    } else {
      story.fails("CPU/E1/fast");
      EXPECT_EQ(story.deeds(), Orders{"fail"});
      EXPECT_EQ(story.failure.message(),
                "[AUTO] compile model failed, CPU:[E2] no luck; CPU:[E1] no luck; CPU:[E1] no luck;");
    }
  }
}

TEST(LadderNextTarget, B605_a_helper_that_fails_while_the_next_device_is_chosen_ends_nothing) {
  Story story(gpu_and_cpu().build(), no_second_look());
  story.start();
  story.fails("GPU/G/full");
  story.orders();
  story.fails("CPU/E1/fast");
  EXPECT_EQ(story.deeds(), Orders{});
  EXPECT_EQ(story.ladder.phase(), Phase::kPreparing);
  story.chooses("CPU");
  EXPECT_EQ(story.deeds(), Orders{"load CPU/E2/full"});
}

TEST(LadderNextTarget, B414_B539_when_no_device_is_chosen_the_helper_stays) {
  Story story(gpu_and_cpu().build(), no_second_look());
  story.start();
  story.loads("CPU/E1/fast");
  story.fails("GPU/G/full");
  story.orders();
  story.chooses("none");
  EXPECT_EQ(story.deeds(), (Orders{"take CPU", "settled"})) << "B-415";
  EXPECT_EQ(story.ladder.phase(), Phase::kSteady);
}

PlanBuilder held_cpu() {
  return PlanBuilder().device("CPU", {"E2", "E1"}).device("GPU", {"G"}).fast_helper("CPU", "E1").first("GPU");
}

TEST(LadderNextTarget, B413_B601_the_best_device_may_come_last) {
  Story story(held_cpu().build(), no_second_look());
  story.start();
  EXPECT_EQ(story.deeds(), (Orders{"load GPU/G/full", "load CPU/E1/fast"}));
  story.fails("GPU/G/full");
  EXPECT_EQ(story.actions.back().devices, std::vector<int>{0});
  story.orders();
  story.chooses("CPU");
  EXPECT_EQ(story.deeds(), Orders{"load CPU/E2/full"});
}

TEST(LadderNextTarget, B601_B619_a_chosen_device_that_failed_meanwhile_is_passed_over) {
  for (const bool more : {true, false}) {
    PlanBuilder builder = held_cpu();
    if (more) builder.device("NPU", {"N"});
    Story story(builder.build(), no_second_look());
    story.start();
    story.loads("CPU/E1/fast");
    story.fails("GPU/G/full");
    story.orders();
    story.run_fails("CPU/E1/fast");
    EXPECT_EQ(story.deeds(), (Orders{"probe CPU later", "retire CPU/E1/fast"}));
    story.chooses("CPU");
    EXPECT_EQ(story.deeds(), (Orders{"leave device", more ? "choose device" : "fail"}));
    if (more) {
      EXPECT_EQ(story.actions.back().devices, std::vector<int>{2});
    }
  }
}

TEST(LadderNextTarget, B510_of_those_that_were_merely_slower_the_quickest_comes_back) {
  const std::vector<std::tuple<double, double, std::string>> cases = {
      {1.5, 1.2, "CPU/E3/full"}, {1.2, 1.5, "CPU/E2/full"}, {1.3, 1.3, "CPU/E2/full"}};
  for (const auto& [e2, e3, best] : cases) {
    Story story(PlanBuilder().device("CPU", {"E2", "E3", "E1"}).fast_helper("CPU", "E1").build(), no_second_look());
    story.start();
    story.loads("CPU/E1/fast");
    story.loads("CPU/E2/full");
    story.is_slower("CPU/E2/full", e2);
    story.loads("CPU/E3/full");
    story.is_slower("CPU/E3/full", e3);
    story.orders();
    story.fails("CPU/E1/full");
    EXPECT_EQ(story.deeds(), (Orders{"leave device", "take CPU", "load " + best}));
    EXPECT_FALSE(story.at(best).refusal) << "explain shows it as the target";
    EXPECT_EQ(story.at(best).text, "");
    EXPECT_EQ(story.at(best == "CPU/E2/full" ? "CPU/E3/full" : "CPU/E2/full").text, "slower");
  }
}

TEST(LadderNextTarget, B510_what_was_slower_on_another_device_does_not_come_back) {
  Story story(PlanBuilder().device("GPU", {"G"}).device("CPU", {"E1"}).fast_helper("CPU", "E1").build(),
              no_second_look());
  story.start();
  story.loads("CPU/E1/fast");
  story.loads("GPU/G/full");
  story.is_slower("GPU/G/full");
  story.chooses("CPU");
  story.orders();
  story.fails("CPU/E1/full");
  EXPECT_EQ(story.deeds(), (Orders{"leave device", "take CPU", "settled"})) << "B-539";
}

TEST(LadderNextTarget, B515_B536_a_helper_that_can_stay_is_only_left_for_something_faster) {
  Story story(PlanBuilder().device("CPU", {"E2", "E1"}).full_helper("CPU", "E1").build(), no_second_look());
  story.start();
  story.loads("CPU/E1/full");
  story.orders();
  story.loads("CPU/E2/full");
  EXPECT_EQ(story.deeds(), Orders{"check CPU/E2/full against CPU/E1/full"});
  story.is_slower("CPU/E2/full");
  EXPECT_EQ(story.deeds(), (Orders{"release CPU/E2/full", "settled"}));
  EXPECT_EQ(story.serving(), "CPU/E1/full");
}

TEST(LadderNextTarget, B515_B536_a_last_one_on_another_device_must_be_fast_enough) {
  Story story(PlanBuilder().device("CPU", {"E2", "E1"}).device("GPU", {"G"}).fast_helper("CPU", "E1").build(),
              no_second_look());
  story.start();
  story.loads("CPU/E1/fast");
  story.fails("CPU/E2/full");
  story.fails("CPU/E1/full");
  story.chooses("GPU");
  story.orders();
  story.loads("GPU/G/full");
  EXPECT_EQ(story.deeds(), Orders{"check GPU/G/full against CPU/E1/fast"});
}

TEST(LadderNextTarget, B534_full_precision_is_tried_of_the_engine_that_disagreed) {
  Plan plan = PlanBuilder().device("CPU", {"E3", "E2", "E1"}).fast_helper("CPU", "E1").build();
  plan.rungs[1].record = Record{.run = {.ms = 9, .observations = 5}};
  Story story(plan, no_second_look());
  story.start();
  story.loads("CPU/E1/fast");
  story.fails("CPU/E3/full");
  story.loads("CPU/E2/full");
  story.orders();
  story.disagrees("CPU/E2/full", /*lowered=*/true);
  EXPECT_EQ(story.deeds(), (Orders{"release CPU/E2/full", "load CPU/E2/full/f32"}));
  EXPECT_FALSE(story.at("CPU/E2/full/f32").spec.record) << "nobody measured it";
  story.fails("CPU/E2/full/f32");
  EXPECT_EQ(story.deeds(), Orders{"load CPU/E1/full"});
}

TEST(LadderNextTarget, B607_any_limit_of_a_load_starts_a_timer) {
  for (const base::Duration limit : {base::Duration{0}, base::Duration{1}, base::Duration(milliseconds(1000))}) {
    LadderOptions options = no_second_look();
    options.compile_timeout = limit;
    Story story(PlanBuilder().device("CPU", {"E"}).build(), options);
    story.start();
    EXPECT_EQ(story.deeds(),
              limit.count() > 0 ? (Orders{"load CPU/E/full", "start timer"}) : Orders{"load CPU/E/full"});
    if (limit.count() > 0) {
      EXPECT_EQ(story.actions.back().time, story.now() + limit);
    }
  }
}

TEST(LadderNextTarget, B607_a_timer_means_the_load_that_started_it) {
  LadderOptions options = no_second_look();
  options.compile_timeout = milliseconds(100);
  Story story(cpu_only().cached().build(), options);
  story.start();
  story.early_timer(Action::Timer::kLoadTimeout, "CPU/E2/full");
  story.loads("CPU/E1/fast");
  story.orders();
  story.timer(Action::Timer::kLoadTimeout, "CPU/E1/fast");
  EXPECT_EQ(story.deeds(), Orders{}) << "it was in time";
  story.entry_refused("CPU/E2/full");  // the load begins again
  EXPECT_EQ(story.deeds(), (Orders{"load CPU/E2/full", "start timer"}));
  story.early_timer(Action::Timer::kLoadTimeout, "CPU/E2/full");
  EXPECT_EQ(story.deeds(), Orders{});
  story.timer(Action::Timer::kLoadTimeout, "CPU/E2/full");
  EXPECT_EQ(story.deeds(), (Orders{"cancel load CPU/E2/full", "load CPU/E1/full", "start timer"}));
}

TEST(LadderNextTarget, B525_a_hold_may_begin_at_run_time) {
  Story story(gpu_and_cpu().build(), no_second_look());
  story.start();
  story.loads("CPU/E1/fast");
  story.loads("GPU/G/full");
  story.hold(true);
  story.orders();
  story.passes("GPU/G/full");
  EXPECT_EQ(story.deeds(), Orders{});
  EXPECT_TRUE(story.ladder.serving_is_interim());
  story.hold(true);
  EXPECT_EQ(story.deeds(), Orders{});
  story.hold(false);
  EXPECT_EQ(story.orders(), (Orders{"publish GPU/G/full", "event SWITCHED"}));
}

TEST(LadderNextTarget, B544_nothing_is_ordered_after_the_end_but_to_let_go) {
  Story story(gpu_and_cpu().build());
  story.start();
  story.loads("CPU/E1/fast");
  story.loads("GPU/G/full");
  story.orders();
  story.close();
  EXPECT_EQ(story.orders(), (Orders{"cancel check GPU/G/full", "leave device", "event CLOSED"}));
  story.passes("GPU/G/full");
  story.drains("CPU/E1/fast");
  story.released("GPU/G/full");
  story.answers();
  story.idle();
  story.hold(false);
  story.warmed("GPU/G/full");
  story.is_granted("GPU", false);
  story.is_refused("GPU", true);
  story.is_refused("GPU", false);
  EXPECT_EQ(story.orders(), Orders{});
  story.is_granted("GPU", true);
  EXPECT_EQ(story.orders(), Orders{"leave device"});
  story.chooses("CPU");
  EXPECT_EQ(story.orders(), Orders{"leave device"});
}

TEST(LadderNextTarget, B544_closing_in_idle_time_begins_no_second_look) {
  Story story = steady(cpu_only().build(), LadderOptions{});
  story.close();
  story.orders();
  story.idle();
  EXPECT_EQ(story.orders(), Orders{});
}

}  // namespace
}  // namespace baton::policy
