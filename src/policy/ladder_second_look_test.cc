// SPDX-License-Identifier: Apache-2.0
// Copyright (C) 2026 The Baton authors
#include <gtest/gtest.h>

#include <map>
#include <string>

#include "policy/ladder_story.h"

namespace baton::policy {
namespace {

using namespace test;

/// From the start to the moment when a second look may begin.
void takes_over(Story& story, const std::string& target, const std::string& helper,
                const std::map<std::string, double>& figures = {}) {
  story.start();
  story.loads(helper);
  story.loads(target);
  story.passes(target, figures);
  story.drains(helper);
}

void e2_takes_over(Story& story) { takes_over(story, "CPU/E2/full", "CPU/E1/fast"); }

TEST(LadderSecondLook, B553_the_second_look_measures_what_was_not_tried) {
  Story story(cpu_only().build());
  story.start();
  story.loads("CPU/E1/fast");
  story.loads("CPU/E2/full");
  story.passes("CPU/E2/full");
  story.orders();
  story.drains("CPU/E1/fast");
  EXPECT_EQ(story.deeds(), (Orders{"release CPU/E1/fast", "settled", "watch idle"}));
  EXPECT_EQ(story.actions.back().kind, Kind::kWatchIdle);
  EXPECT_EQ(story.actions.back().time, story.now() + kSecondLookPatience);
  story.idle();
  EXPECT_EQ(story.deeds(), (Orders{"load CPU/E1/full", "start timer"}));
  EXPECT_EQ(story.ladder.phase(), Phase::kSteady);
  story.loads("CPU/E1/full");
  EXPECT_EQ(story.deeds(), (Orders{"look at CPU/E1/full against CPU/E2/full"}));
  story.is_slower("CPU/E1/full");
  EXPECT_EQ(story.deeds(), (Orders{"release CPU/E1/full"}));
  EXPECT_EQ(story.serving(), "CPU/E2/full");
  EXPECT_TRUE(story.ladder.second_look_over());
  story.idle();
  EXPECT_EQ(story.deeds(), Orders{}) << "at most once";
}

TEST(LadderSecondLook, B553_no_second_look_at_what_is_out_of_reach) {
  for (const double ratio : {0.3, 0.49, 0.51}) {
    Story story(cpu_only().build());
    takes_over(story, "CPU/E2/full", "CPU/E1/fast", {{"ratio", ratio}});
    EXPECT_EQ(story.ladder.second_look_over(), ratio < kOutOfReach) << ratio;
    EXPECT_EQ(story.ladder.rungs()[story.rung("CPU/E1/full")].text.empty(), ratio >= kOutOfReach) << "explain says so";
  }
  // Another engine than the helper's is looked at whatever the helper took.
  Story story(PlanBuilder().device("CPU", {"E2", "E3"}).fast_helper("CPU", "E1").build());
  takes_over(story, "CPU/E2/full", "CPU/E1/fast", {{"ratio", 0.1}});
  EXPECT_FALSE(story.ladder.second_look_over());
}

TEST(LadderSecondLook, B553_the_most_promising_pair_is_looked_at_first_whatever_its_device) {
  Story story(PlanBuilder()
                  .device("GPU", {"G", "H"})
                  .device("CPU", {"E2", "E1"})
                  .runs("GPU/G/full", 3)
                  .runs("GPU/H/full", 30)
                  .runs("CPU/E2/full", 10)
                  .runs("CPU/E1/full", 20)
                  .fast_helper("CPU", "E1")
                  .build());
  takes_over(story, "GPU/G/full", "CPU/E1/fast", {{"ratio", 0.7}});
  story.orders();
  for (const char* looked_at : {"CPU/E2/full", "CPU/E1/full"}) {
    story.idle();
    if (story.ladder.rungs()[story.rung(looked_at)].state == RungState::kAbsent) story.is_granted("CPU");
    EXPECT_EQ(story.ladder.rungs()[story.rung(looked_at)].state, RungState::kPreparing) << looked_at;
    story.loads(looked_at);
    story.is_slower(looked_at);
  }
  EXPECT_EQ(story.ladder.rungs()[story.rung("GPU/H/full")].state, RungState::kAbsent);
  EXPECT_TRUE(story.ladder.second_look_over()) << "two looks in all";
}

TEST(LadderSecondLook, B553_a_load_of_more_than_10_s_ends_it) {
  for (const int compile_timeout_ms : {0, 60000}) {
    LadderOptions options;
    options.compile_timeout = std::chrono::milliseconds(compile_timeout_ms);
    Story story(cpu_only().build(), options);
    e2_takes_over(story);
    story.idle();
    story.orders();
    story.early_timer(Action::Timer::kLoadTimeout, "CPU/E1/full");
    EXPECT_EQ(story.deeds(), Orders{});
    story.timer(Action::Timer::kLoadTimeout, "CPU/E1/full");
    EXPECT_EQ(story.deeds(), (Orders{"cancel load CPU/E1/full"}));
    const Rung& late = story.ladder.rungs()[story.rung("CPU/E1/full")];
    EXPECT_EQ(late.refusal, Reason::kLoadTimeout);
    EXPECT_EQ(late.text, "loading took longer than the 10 s of a second look");
    EXPECT_EQ(story.serving(), "CPU/E2/full");
    EXPECT_TRUE(story.ladder.second_look_over()) << "the other pair would take longer than 10 s in all";
  }
}

TEST(LadderSecondLook, B553_a_better_pair_takes_over) {
  Story story(cpu_only().build());
  e2_takes_over(story);
  story.idle();
  story.loads("CPU/E1/full");
  story.orders();
  story.passes("CPU/E1/full");
  EXPECT_EQ(story.orders(), (Orders{"event CHECK_DONE", "publish CPU/E1/full", "event SWITCHED"}));
  EXPECT_EQ(story.ladder.generation(), 3u);
  story.drains("CPU/E2/full");
  EXPECT_EQ(story.deeds(), (Orders{"release CPU/E2/full", "settled"}));
  EXPECT_EQ(story.serving(), "CPU/E1/full");
}

TEST(LadderSecondLook, B553_a_pair_with_a_deciding_record_is_not_looked_at_again) {
  for (const int observations : {kDecidingObservations - 1, kDecidingObservations}) {
    Plan plan = cpu_only().build();
    for (RungSpec& spec : plan.rungs) {
      if (to_string(spec.pair) == "CPU/E1/full") spec.record = Record{.run = {.ms = 9, .observations = observations}};
    }
    Story story(plan);
    e2_takes_over(story);
    EXPECT_EQ(story.ladder.second_look_over(), observations == kDecidingObservations);
  }
}

TEST(LadderSecondLook, B553_an_explicit_list_keeps_to_the_serving_device) {
  LadderOptions options;
  options.second_look_across_devices = false;
  Story story(PlanBuilder().device("GPU", {"G"}).device("CPU", {"E2"}).full_helper("CPU", "E2").build(), options);
  takes_over(story, "GPU/G/full", "CPU/E2/full");
  EXPECT_TRUE(story.ladder.second_look_over());
}

/// The CPU served, then the GPU with `ratio` of its time.
Story gpu_after_cpu(double ratio, const LadderOptions& options = {}, int observations = 0) {
  Plan plan = PlanBuilder().device("GPU", {"G"}).device("CPU", {"E2"}).full_helper("CPU", "E2").build();
  if (observations > 0) plan.rungs[1].record = Record{.run = {.ms = 9, .observations = observations}};
  Story story(plan, options);
  takes_over(story, "GPU/G/full", "CPU/E2/full", {{"ratio", ratio}});
  story.orders();
  return story;
}

TEST(LadderSecondLook, B553_what_another_device_beat_narrowly_is_measured_once_more) {
  for (const bool better : {false, true}) {
    Story story = gpu_after_cpu(0.86);
    story.idle();
    EXPECT_EQ(story.deeds(), Orders{"ask for CPU"});
    story.is_granted("CPU");
    EXPECT_EQ(story.deeds(), (Orders{"load CPU/E2/full", "start timer"}));
    story.loads("CPU/E2/full");
    EXPECT_EQ(story.deeds(), (Orders{"look at CPU/E2/full against GPU/G/full"}));
    if (better) {
      story.passes("CPU/E2/full", {{"ratio", 0.72}});
      story.is_granted("CPU", true);
      story.drains("GPU/G/full");
    } else {
      story.is_slower("CPU/E2/full");
    }
    EXPECT_EQ(story.serving(), better ? "CPU/E2/full" : "GPU/G/full");
    EXPECT_TRUE(story.ladder.second_look_over()) << "once";
  }
}

TEST(LadderSecondLook, B553_what_is_far_behind_or_known_or_the_users_order_is_not_measured_again) {
  EXPECT_FALSE(gpu_after_cpu(0.71).ladder.second_look_over());
  EXPECT_TRUE(gpu_after_cpu(0.69).ladder.second_look_over());
  EXPECT_FALSE(gpu_after_cpu(0.86, {}, kDecidingObservations - 1).ladder.second_look_over());
  EXPECT_TRUE(gpu_after_cpu(0.86, {}, kDecidingObservations).ladder.second_look_over());
  LadderOptions explicit_list;
  explicit_list.second_look_across_devices = false;
  EXPECT_TRUE(gpu_after_cpu(0.86, explicit_list).ladder.second_look_over());
  LadderOptions off;
  off.second_look = false;
  EXPECT_TRUE(gpu_after_cpu(0.86, off).ladder.second_look_over());
}

TEST(LadderSecondLook, B415_a_second_look_asks_before_it_goes_to_another_device_and_again_before_it_stays) {
  Story story = steady(PlanBuilder().device("GPU", {"G"}).device("CPU", {"E"}).build(), LadderOptions{});
  story.idle();
  EXPECT_EQ(story.deeds(), Orders{"ask for CPU"});
  story.is_granted("CPU");
  EXPECT_EQ(story.deeds(), (Orders{"load CPU/E/full", "start timer"}));
  story.loads("CPU/E/full");
  story.orders();
  story.passes("CPU/E/full");
  EXPECT_EQ(story.deeds(), Orders{"claim CPU"});
  story.is_granted("CPU", true);
  EXPECT_EQ(story.orders(), (Orders{"publish CPU/E/full", "event SWITCHED"}));
  EXPECT_EQ(story.serving(), "CPU/E/full");
}

TEST(LadderSecondLook, B413_B415_a_second_look_stays_away_from_a_device_that_is_held) {
  for (const bool late : {false, true}) {
    Story story = steady(PlanBuilder().device("GPU", {"G"}).device("CPU", {"E"}).build(), LadderOptions{});
    story.idle();
    if (late) {
      story.is_granted("CPU");
      story.loads("CPU/E/full");
      story.passes("CPU/E/full");
    }
    story.orders();
    story.is_refused("CPU", late);
    EXPECT_EQ(story.deeds(), late ? Orders{"release CPU/E/full"} : Orders{});
    EXPECT_EQ(story.serving(), "GPU/G/full");
    EXPECT_EQ(story.ladder.rungs()[1].refusal, Reason::kOccupied);
    EXPECT_TRUE(story.ladder.second_look_over());
  }
}

TEST(LadderSecondLook, a_second_look_is_dropped_when_what_serves_fails) {
  Story story = steady(PlanBuilder().device("GPU", {"G", "H"}).device("CPU", {"E"}).build(), LadderOptions{});
  story.idle();
  story.orders();
  story.run_fails("GPU/G/full");
  EXPECT_EQ(story.deeds(), (Orders{"leave device", "cancel load GPU/H/full", "probe GPU later", "retire GPU/G/full",
                                   "choose device"}));
  EXPECT_TRUE(story.ladder.second_look_over());
}

/// E2 serves, E3 and E1 were not tried; E1 is the helper's engine.
Story three_engines(double ratio) {
  Story story(PlanBuilder()
                  .device("CPU", {"E2", "E3", "E1"})
                  .runs("CPU/E3/full", 1)
                  .runs("CPU/E1/full", 2)
                  .fast_helper("CPU", "E1")
                  .build());
  takes_over(story, "CPU/E2/full", "CPU/E1/fast", {{"ratio", ratio}});
  story.orders();
  return story;
}

TEST(LadderSecondLook, B553_after_a_better_pair_the_look_goes_on) {
  Story story = three_engines(0.7);
  story.idle();
  EXPECT_EQ(story.deeds(), (Orders{"load CPU/E3/full", "start timer"}));
  story.loads("CPU/E3/full");
  story.passes("CPU/E3/full", {{"ratio", 0.4}});
  story.orders();
  story.drains("CPU/E2/full");
  EXPECT_EQ(story.deeds(), (Orders{"release CPU/E2/full", "settled", "watch idle"}))
      << "0.4 of what served before says nothing about the helper";
  story.idle();
  EXPECT_EQ(story.deeds(), (Orders{"load CPU/E1/full", "start timer"}));
  story.fails("CPU/E1/full");
  EXPECT_EQ(story.deeds(), Orders{});
  EXPECT_TRUE(story.ladder.second_look_over());
}

TEST(LadderSecondLook, B553_after_one_that_does_not_load_the_look_goes_on) {
  Story story = three_engines(0.7);
  story.idle();
  story.orders();
  story.fails("CPU/E3/full");
  EXPECT_EQ(story.deeds(), Orders{"watch idle"});
  EXPECT_EQ(story.actions.back().time, story.now() + kSecondLookPatience);
  EXPECT_EQ(story.at("CPU/E3/full").text, "no luck");
  story.idle();
  EXPECT_EQ(story.deeds(), (Orders{"load CPU/E1/full", "start timer"}));
}

TEST(LadderSecondLook, B553_one_moment_of_idleness_begins_one_look) {
  Story story = three_engines(0.7);
  story.idle();
  EXPECT_EQ(story.deeds(), (Orders{"load CPU/E3/full", "start timer"}));
  story.idle();
  EXPECT_EQ(story.deeds(), Orders{});
}

TEST(LadderSecondLook, B553_exactly_twice_as_fast_is_not_out_of_reach) {
  for (const double ratio : {0.5, 0.499}) {
    Story story = three_engines(ratio);
    EXPECT_EQ(story.at("CPU/E1/full").text.empty(), ratio == 0.5);
    EXPECT_EQ(story.at("CPU/E3/full").text, "");
  }
}

TEST(LadderSecondLook, B553_the_reach_of_a_fast_profile_is_known_for_its_own_device_only) {
  Story story(PlanBuilder().device("GPU", {"G", "E1"}).device("CPU", {"E1"}).fast_helper("CPU", "E1").build());
  story.start();
  story.loads("CPU/E1/fast");
  story.loads("GPU/G/full");
  story.passes("GPU/G/full", {{"ratio", 0.1}});
  story.orders();
  story.drains("CPU/E1/fast");
  EXPECT_EQ(story.deeds(), (Orders{"release CPU/E1/fast", "settled", "watch idle"}));
  EXPECT_EQ(story.at("CPU/E1/full").text,
            "not tried: what serves is more than twice as fast as this engine's fast profile");
  EXPECT_EQ(story.at("GPU/E1/full").text, "");
  story.idle();
  EXPECT_EQ(story.deeds(), (Orders{"load GPU/E1/full", "start timer"}));
}

/// The second look at the CPU succeeded.
Story cpu_won() {
  Story story = steady(PlanBuilder().device("GPU", {"G"}).device("CPU", {"E"}).build(), LadderOptions{});
  story.idle();
  story.is_granted("CPU");
  story.loads("CPU/E/full");
  story.passes("CPU/E/full");
  story.is_granted("CPU", true);
  story.drains("GPU/G/full");
  story.orders();
  return story;
}

TEST(LadderSecondLook, B611_B624_what_won_a_second_look_fails_over_like_any_other) {
  Story story = cpu_won();
  story.run_fails("CPU/E/full");
  EXPECT_EQ(story.deeds(), (Orders{"leave device", "probe CPU later", "retire CPU/E/full", "choose device"}));
  EXPECT_EQ(story.actions.back().devices, std::vector<int>{0});
  story.chooses("GPU");
  story.loads("GPU/G/full");
  story.orders();
  story.probe("CPU");
  story.loads("CPU/E/full");
  EXPECT_EQ(story.deeds(), (Orders{"load CPU/E/full", "check outputs of CPU/E/full against GPU/G/full"}))
      << "a probe, and no second look any more";
}

TEST(LadderSecondLook, B415_an_answer_for_a_look_that_was_dropped_means_nothing) {
  Story story = steady(three().build(), LadderOptions{});
  story.idle();
  ASSERT_EQ(story.deeds(), Orders{"ask for B"});
  story.run_fails("A/a/full");
  story.chooses("C");
  story.orders();
  story.is_granted("B");
  EXPECT_EQ(story.orders(), Orders{});
  story.loads("C/c/full");
  story.orders();
  story.is_refused("B");
  EXPECT_EQ(story.orders(), Orders{});
}

TEST(LadderSecondLook, B625_a_device_that_returns_ends_the_look) {
  Story story(PlanBuilder()
                  .device("CPU", {"E2", "E1"})
                  .device("GPU", {"G", "H"})
                  .fast_helper("CPU", "E1")
                  .first("GPU")
                  .build());
  story.start();
  story.loads("CPU/E1/fast");
  story.loads("GPU/G/full");
  story.passes("GPU/G/full");
  story.run_fails("CPU/E1/fast");
  story.drains("CPU/E1/fast");
  story.idle();
  story.probe("CPU");
  story.is_granted("CPU");
  story.loads("CPU/E2/full");
  story.passes("CPU/E2/full");
  story.loads("GPU/H/full");
  EXPECT_EQ(story.deeds().back(), "look at GPU/H/full against GPU/G/full");
  story.is_granted("CPU", true);
  EXPECT_EQ(story.deeds(), (Orders{"cancel check GPU/H/full", "release GPU/H/full", "publish CPU/E2/full"}));
  EXPECT_TRUE(story.ladder.second_look_over());
}

/// The GPU serves, both pairs of the CPU were looked at and found slower.
Story gpu_is_best(const LadderOptions& options = {}) {
  Story story(gpu_and_cpu().runs("CPU/E2/full", 10).runs("CPU/E1/full", 20).build(), options);
  takes_over(story, "GPU/G/full", "CPU/E1/fast", {{"ratio", 0.2}});
  for (const char* pair : {"CPU/E2/full", "CPU/E1/full"}) {
    if (story.ladder.second_look_over()) break;
    story.idle();
    story.is_granted("CPU");
    story.loads(pair);
    story.is_slower(pair);
  }
  EXPECT_TRUE(story.ladder.second_look_over());
  story.orders();
  story.news();
  return story;
}

TEST(LadderSecondLook, B553_B1112_where_shapes_change_what_was_slower_is_looked_at_again) {
  Story story = gpu_is_best();
  story.shapes_change("GPU/G/full", 61.5, 2.5);
  EXPECT_EQ(story.deeds(), (Orders{"ask for CPU"})) << "at once: users wait";
  story.is_granted("CPU");
  EXPECT_EQ(story.news(), (Orders{"SECOND_LOOK CPU/E2/full: GPU/G/full compiles whenever shapes change: its runs take "
                                  "61.5 ms, where they do not change 2.5 ms",
                                  "LOAD_STARTED CPU/E2/full"}));
  story.loads("CPU/E2/full");
  story.orders();
  story.passes("CPU/E2/full", {{"ratio", 0.1}});
  story.is_granted("CPU", true);
  EXPECT_EQ(story.serving(), "CPU/E2/full");
  story.drains("GPU/G/full");
  story.idle();
  EXPECT_EQ(story.ladder.rungs()[story.rung("CPU/E1/full")].state, RungState::kPreparing) << "the other pair as well";
  story.loads("CPU/E1/full");
  story.is_slower("CPU/E1/full");
  EXPECT_TRUE(story.ladder.second_look_over());
}

TEST(LadderSecondLook, B553_B1112_what_served_before_comes_first) {
  Story story(PlanBuilder()
                  .device("GPU", {"G", "H"})
                  .device("CPU", {"E2"})
                  .fast_helper("CPU", "E1")
                  .lazy_first_run("GPU/G/full")
                  .interim("CPU/E2/full")
                  .runs("GPU/H/full", 5)
                  .build());
  story.start();
  story.loads("CPU/E1/fast");
  story.answers();
  story.loads("CPU/E2/full");
  story.passes("CPU/E2/full");
  story.drains("CPU/E1/fast");
  story.loads("GPU/G/full");
  story.passes("GPU/G/full");
  story.drains("CPU/E2/full");
  story.idle();
  story.loads("GPU/H/full");
  story.is_slower("GPU/H/full");
  ASSERT_EQ(story.serving(), "GPU/G/full");
  ASSERT_TRUE(story.ladder.second_look_over());
  story.orders();
  story.shapes_change("GPU/G/full");
  EXPECT_EQ(story.deeds(), (Orders{"ask for CPU"})) << "by its declared rank it would be H";
}

TEST(LadderSecondLook, B1112_where_nothing_is_better_it_goes_on_serving) {
  Story story = gpu_is_best();
  story.shapes_change("GPU/G/full");
  for (const char* pair : {"CPU/E2/full", "CPU/E1/full"}) {
    if (story.ladder.rungs()[story.rung(pair)].state == RungState::kAbsent) {
      story.idle();
      story.is_granted("CPU");
    }
    story.loads(pair);
    story.is_slower(pair);
  }
  EXPECT_EQ(story.serving(), "GPU/G/full");
  EXPECT_EQ(story.ladder.phase(), Phase::kSteady);
  EXPECT_TRUE(story.ladder.second_look_over());
}

TEST(LadderSecondLook, B1112_changing_shapes_lead_to_nothing_where_a_second_look_does_not) {
  Story off = gpu_is_best(no_second_look());
  off.shapes_change("GPU/G/full");
  EXPECT_EQ(off.deeds(), Orders{});

  LadderOptions order;
  order.second_look_across_devices = false;  // the user's order of devices
  Story explicit_list = gpu_is_best(order);
  explicit_list.shapes_change("GPU/G/full");
  EXPECT_EQ(explicit_list.deeds(), Orders{});
  EXPECT_TRUE(explicit_list.ladder.second_look_over());

  Story another = gpu_is_best();
  another.shapes_change("CPU/E2/full");
  EXPECT_EQ(another.deeds(), Orders{}) << "it does not serve";
  another.shapes_change("GPU/G/full");
  another.orders();
  another.shapes_change("GPU/G/full");
  EXPECT_EQ(another.deeds(), Orders{}) << "one goes on";
}

}  // namespace
}  // namespace baton::policy
