// SPDX-License-Identifier: Apache-2.0
// Copyright (C) 2026 The Baton authors
#include <gtest/gtest.h>

#include <algorithm>

#include "policy/ladder_story.h"

namespace baton::policy {
namespace {

using namespace test;

TEST(Ladder, B1213_the_order_of_a_plain_start) {
  Story story(gpu_and_cpu().build(), no_second_look());
  story.start();
  EXPECT_EQ(story.orders(),
            (Orders{"load GPU/G/full", "event LOAD_STARTED", "load CPU/E1/fast", "event LOAD_STARTED"}));
  EXPECT_EQ(story.ladder.phase(), Phase::kPreparing);
  story.loads("CPU/E1/fast");
  EXPECT_EQ(story.orders(), (Orders{"event LOAD_FINISHED", "publish CPU/E1/fast", "event HELPER_READY"}));
  EXPECT_EQ(story.ladder.phase(), Phase::kHelper);
  EXPECT_EQ(story.ladder.generation(), 1u);
  EXPECT_TRUE(story.ladder.serving_is_interim());
  story.loads("GPU/G/full");
  EXPECT_EQ(story.orders(), (Orders{"event LOAD_FINISHED", "check GPU/G/full against CPU/E1/fast"}));
  EXPECT_EQ(story.ladder.phase(), Phase::kChecking);
  EXPECT_EQ(story.serving(), "CPU/E1/fast");
  story.passes("GPU/G/full");
  EXPECT_EQ(story.orders(), (Orders{"event CHECK_DONE", "publish GPU/G/full", "event SWITCHED"}));
  EXPECT_EQ(story.ladder.phase(), Phase::kDraining);
  EXPECT_EQ(story.ladder.generation(), 2u);
  EXPECT_FALSE(story.ladder.serving_is_interim());
  story.drains("CPU/E1/fast");
  EXPECT_EQ(story.orders(), (Orders{"release CPU/E1/fast", "settled"}));
  EXPECT_EQ(story.ladder.phase(), Phase::kSteady);
  story.released("CPU/E1/fast");
  EXPECT_EQ(story.orders(), (Orders{"event HELPER_RELEASED"}));
  story.close();
  EXPECT_EQ(story.orders(), (Orders{"leave device", "event CLOSED"}));
}

TEST(Ladder, B516_a_deferred_target_waits_for_the_first_answer_or_half_a_second) {
  for (const bool by_answer : {true, false}) {
    Story story(cpu_only().deferred().build(), no_second_look());
    story.start();
    EXPECT_EQ(story.deeds(), (Orders{"load CPU/E1/fast", "open engine of CPU/E2/full"}));
    story.loads("CPU/E1/fast");
    EXPECT_EQ(story.deeds(), (Orders{"cancel load CPU/E2/full", "publish CPU/E1/fast", "start timer"}));
    if (by_answer) story.answers();
    else story.timer(Action::Timer::kDeferredTarget);
    EXPECT_EQ(story.deeds(), (Orders{"load CPU/E2/full"}));
    story.answers();
    story.timer(Action::Timer::kDeferredTarget);
    EXPECT_EQ(story.deeds(), Orders{}) << "it must not be loaded twice";
  }
}

TEST(Ladder, B516_the_libraries_of_a_load_that_holds_up_others_are_not_opened_beside_the_helper) {
  Plan plan = gpu_and_cpu().deferred().build();
  plan.rungs[plan.devices.front().rungs.front()].exclusive_load = true;
  Story story(plan, no_second_look());
  story.start();
  EXPECT_EQ(story.deeds(), (Orders{"load CPU/E1/fast"}));
  story.loads("CPU/E1/fast");
  EXPECT_EQ(story.deeds(), (Orders{"publish CPU/E1/fast", "start timer"})) << "there is nothing to cancel";
  story.answers();
  EXPECT_EQ(story.deeds(), (Orders{"load GPU/G/full"}));
}

TEST(Ladder, B547_a_helper_of_the_targets_own_engine_is_loaded_first) {
  Story story(PlanBuilder().device("CPU", {"E1"}).fast_helper("CPU", "E1").build(), no_second_look());
  story.start();
  EXPECT_EQ(story.deeds(), (Orders{"load CPU/E1/fast", "load CPU/E1/full"}));
}

TEST(Ladder, B517_a_target_that_is_ready_first_serves_and_the_helper_is_dropped) {
  Story story(gpu_and_cpu().build(), no_second_look());
  story.start();
  story.orders();
  story.loads("GPU/G/full");
  EXPECT_EQ(story.deeds(), (Orders{"cancel load CPU/E1/fast", "publish GPU/G/full", "settled"}));
  EXPECT_EQ(story.ladder.phase(), Phase::kSteady);
  EXPECT_EQ(story.ladder.generation(), 1u);
  story.loads("CPU/E1/fast");  // it could not be cancelled any more
  EXPECT_EQ(story.orders(), (Orders{"release CPU/E1/fast"}));
  EXPECT_EQ(story.serving(), "GPU/G/full");
}

TEST(Ladder, B508_a_single_pair_passes_through) {
  Story story(PlanBuilder().device("CPU", {"E2"}).build());
  story.start();
  story.loads("CPU/E2/full");
  EXPECT_EQ(story.deeds(), (Orders{"load CPU/E2/full", "publish CPU/E2/full", "settled"}));
  EXPECT_EQ(story.ladder.phase(), Phase::kSteady);
}

TEST(Ladder, B601_a_failed_load_goes_on_with_the_next_engine_then_the_next_device) {
  Story story(PlanBuilder().device("GPU", {"G", "H"}).device("CPU", {"E2"}).full_helper("CPU", "E2").build(),
              no_second_look());
  story.start();
  story.loads("CPU/E2/full");
  story.orders();
  story.fails("GPU/G/full");
  EXPECT_EQ(story.orders(), (Orders{"event CANDIDATE_FAILED", "load GPU/H/full", "event LOAD_STARTED"}));
  story.fails("GPU/H/full");
  EXPECT_EQ(story.deeds(), (Orders{"leave device", "choose device"}));
  story.chooses("CPU");
  EXPECT_EQ(story.orders(), (Orders{"event HELPER_KEPT", "settled"}));
  EXPECT_EQ(story.ladder.phase(), Phase::kSteady);
  EXPECT_EQ(story.serving(), "CPU/E2/full");
  EXPECT_EQ(story.ladder.generation(), 1u);
}

TEST(Ladder, B601_a_lost_device_is_done_with_all_its_engines) {
  for (const StatusCode code : {StatusCode::kDeviceLost, StatusCode::kResourceExhausted}) {
    Story story(PlanBuilder().device("GPU", {"G", "H"}).device("NPU", {"N"}).build(), no_second_look());
    story.start();
    story.orders();
    story.fails("GPU/G/full", code);
    EXPECT_EQ(story.deeds(), (Orders{"leave device", "choose device"}));
    EXPECT_EQ(story.ladder.rungs()[story.rung("GPU/H/full")].state, RungState::kAbsent);
  }
}

TEST(Ladder, B602_B1411_everything_failed_lists_every_attempt_in_order) {
  Story story(PlanBuilder().device("A", {"E"}).device("CPU", {"F"}).full_helper("CPU", "F").build());
  story.start();
  story.orders();
  story.fails("A/E/full");
  EXPECT_EQ(story.deeds(), (Orders{"leave device", "choose device"}));
  story.chooses("CPU");
  EXPECT_EQ(story.deeds(), Orders{}) << "the helper is that configuration: it is not loaded twice";
  EXPECT_EQ(story.ladder.phase(), Phase::kPreparing);
  story.fails("CPU/F/full");
  EXPECT_EQ(story.ladder.phase(), Phase::kFailed);
  EXPECT_EQ(story.failure.code(), StatusCode::kCompileFailed);
  EXPECT_EQ(story.failure.message(), "[AUTO] compile model failed, A:[E] no luck; CPU:[F] no luck;");
}

TEST(Ladder, B608_a_model_that_every_pair_calls_bad_is_an_invalid_argument) {
  Story story(PlanBuilder().device("CPU", {"E2", "E1"}).build());
  story.start();
  story.fails("CPU/E2/full", StatusCode::kInvalidArgument);
  story.fails("CPU/E1/full", StatusCode::kInvalidArgument);
  EXPECT_EQ(story.failure.code(), StatusCode::kInvalidArgument);
}

// B-606: list A,B,CPU with startup fallback; the CPU has one engine without a fast profile.
struct LoadCase {
  const char* name;
  bool a, b, cpu;
  bool throws;
  const char* serving;
  Orders loads;
};

class LoadFailures : public testing::TestWithParam<LoadCase> {};

TEST_P(LoadFailures, B606_table) {
  const LoadCase& c = GetParam();
  Story story(PlanBuilder().device("A", {"E"}).device("B", {"E"}).device("CPU", {"E"}).full_helper("CPU", "E").build(),
              no_second_look());
  story.start();
  const auto end = [&](const std::string& name, bool ok) { ok ? story.loads(name) : story.fails(name); };
  Orders loads;
  const auto take = [&] {
    for (const std::string& deed : story.deeds()) {
      if (deed.starts_with("load ")) loads.push_back(deed.substr(5));
    }
  };
  take();
  end("CPU/E/full", c.cpu);
  take();
  end("A/E/full", c.a);
  take();
  if (!c.a) {
    story.chooses("B");
    take();
    end("B/E/full", c.b);
    take();
    if (!c.b && c.cpu) story.chooses("CPU");
    take();
  }
  for (const char* name : {"A/E/full", "B/E/full"}) {
    if (story.ladder.rungs()[story.rung(name)].state == RungState::kVerifying) story.passes(name);
  }
  EXPECT_EQ(story.ladder.phase() == Phase::kFailed, c.throws);
  EXPECT_EQ(story.serving(), c.serving);
  EXPECT_EQ(loads, c.loads);
}

INSTANTIATE_TEST_SUITE_P(
    Ladder, LoadFailures,
    testing::Values(
        LoadCase{"A", true, true, true, false, "A/E/full", {"A/E/full", "CPU/E/full"}},
        LoadCase{"B", false, true, true, false, "B/E/full", {"A/E/full", "CPU/E/full", "B/E/full"}},
        LoadCase{"CPU", false, false, true, false, "CPU/E/full", {"A/E/full", "CPU/E/full", "B/E/full"}},
        LoadCase{"A_without_helper", true, true, false, false, "A/E/full", {"A/E/full", "CPU/E/full"}},
        LoadCase{"B_without_helper", false, true, false, false, "B/E/full", {"A/E/full", "CPU/E/full", "B/E/full"}},
        LoadCase{"nothing", false, false, false, true, "nothing", {"A/E/full", "CPU/E/full", "B/E/full"}}),
    [](const auto& test) { return std::string(test.param.name); });

TEST(Ladder, B607_a_load_that_takes_too_long_is_cancelled_and_the_next_is_tried) {
  LadderOptions options = no_second_look();
  options.compile_timeout = std::chrono::seconds(1);
  Story story(cpu_only().build(), options);
  story.start();
  story.orders();
  story.timer(Action::Timer::kLoadTimeout, "CPU/E2/full");
  EXPECT_EQ(story.deeds(), (Orders{"cancel load CPU/E2/full", "load CPU/E1/full", "start timer"}));
  EXPECT_EQ(story.ladder.rungs()[story.rung("CPU/E2/full")].refusal, Reason::kLoadTimeout);
  story.loads("CPU/E2/full");  // too late
  EXPECT_EQ(story.deeds(), (Orders{"release CPU/E2/full"}));
}

TEST(Ladder, B537_a_slower_target_is_given_up_and_the_next_is_prepared) {
  Story story(gpu_and_cpu().build(), no_second_look());
  story.start();
  story.loads("CPU/E1/fast");
  story.loads("GPU/G/full");
  story.orders();
  story.is_slower("GPU/G/full");
  EXPECT_EQ(story.orders(), (Orders{"event CHECK_DONE", "release GPU/G/full", "event CANDIDATE_FAILED", "leave device",
                                    "choose device"}));
  EXPECT_EQ(story.ladder.phase(), Phase::kHelper);
  story.chooses("CPU");
  EXPECT_EQ(story.deeds(), (Orders{"load CPU/E2/full"}));
  story.loads("CPU/E2/full");
  EXPECT_EQ(story.deeds(), (Orders{"check CPU/E2/full against CPU/E1/fast"}));
}

TEST(Ladder, B510_a_fast_helper_is_never_final_while_a_full_pair_can_be_had) {
  Story story(cpu_only().build(), no_second_look());
  story.start();
  story.loads("CPU/E1/fast");
  story.loads("CPU/E2/full");
  story.is_slower("CPU/E2/full");
  story.orders();
  story.loads("CPU/E1/full");
  EXPECT_EQ(story.deeds(), (Orders{"check outputs of CPU/E1/full against CPU/E1/fast"}))
      << "B-515: no speed check for what is left";
  story.passes("CPU/E1/full");
  story.drains("CPU/E1/fast");
  EXPECT_EQ(story.serving(), "CPU/E1/full");
  EXPECT_EQ(story.ladder.phase(), Phase::kSteady);
}

TEST(Ladder, B510_a_full_pair_that_was_merely_slower_comes_back_when_the_last_one_fails) {
  Story story(cpu_only().build(), no_second_look());
  story.start();
  story.loads("CPU/E1/fast");
  story.loads("CPU/E2/full");
  story.is_slower("CPU/E2/full");
  story.orders();
  story.fails("CPU/E1/full");
  EXPECT_EQ(story.deeds(), (Orders{"leave device", "take CPU", "load CPU/E2/full"}));
  story.loads("CPU/E2/full");
  EXPECT_EQ(story.deeds(), (Orders{"check outputs of CPU/E2/full against CPU/E1/fast"}));
}

TEST(Ladder, B539_no_full_pair_works_the_fast_helper_stays) {
  Story story(cpu_only().build(), no_second_look());
  story.start();
  story.loads("CPU/E1/fast");
  story.fails("CPU/E2/full");
  story.orders();
  story.fails("CPU/E1/full");
  EXPECT_EQ(story.orders(),
            (Orders{"event CANDIDATE_FAILED", "leave device", "take CPU", "event HELPER_KEPT", "settled"}));
  EXPECT_EQ(story.ladder.phase(), Phase::kSteady);
  EXPECT_FALSE(story.ladder.serving_is_interim());
}

TEST(Ladder, B534_a_mismatch_in_lowered_precision_is_tried_again_in_full_precision) {
  Story story(cpu_only().build(), no_second_look());
  story.start();
  story.loads("CPU/E1/fast");
  story.loads("CPU/E2/full");
  story.orders();
  story.disagrees("CPU/E2/full", /*lowered=*/true);
  EXPECT_EQ(story.deeds(), (Orders{"release CPU/E2/full", "load CPU/E2/full/f32"}));
  story.loads("CPU/E2/full/f32");
  EXPECT_EQ(story.deeds(), (Orders{"check CPU/E2/full/f32 against CPU/E1/fast"}));
  story.disagrees("CPU/E2/full/f32", /*lowered=*/false);
  EXPECT_EQ(story.deeds(), (Orders{"release CPU/E2/full/f32", "load CPU/E1/full"})) << "then the next in line";
}

TEST(Ladder, B534_a_mismatch_in_full_precision_is_not_tried_again) {
  Story story(cpu_only().build(), no_second_look());
  story.start();
  story.loads("CPU/E1/fast");
  story.loads("CPU/E2/full");
  story.orders();
  story.disagrees("CPU/E2/full", /*lowered=*/false);
  EXPECT_EQ(story.deeds(), (Orders{"release CPU/E2/full", "load CPU/E1/full"}));
}

TEST(Ladder, B525_a_held_switch_follows_when_the_hold_ends) {
  LadderOptions options = no_second_look();
  options.hold = true;
  Story story(gpu_and_cpu().build(), options);
  story.start();
  story.loads("CPU/E1/fast");
  story.loads("GPU/G/full");
  story.orders();
  story.passes("GPU/G/full");
  EXPECT_EQ(story.deeds(), Orders{});
  EXPECT_EQ(story.ladder.phase(), Phase::kHelper);
  EXPECT_EQ(story.serving(), "CPU/E1/fast");
  story.hold(false);
  EXPECT_EQ(story.deeds(), (Orders{"publish GPU/G/full"}));
}

TEST(Ladder, B542_a_kept_helper_is_not_released) {
  LadderOptions options = no_second_look();
  options.keep_helper = true;
  Story story(gpu_and_cpu().build(), options);
  story.start();
  story.loads("CPU/E1/fast");
  story.loads("GPU/G/full");
  story.passes("GPU/G/full");
  story.orders();
  story.drains("CPU/E1/fast");
  EXPECT_EQ(story.deeds(), (Orders{"settled"}));
  EXPECT_EQ(story.ladder.rungs()[story.rung("CPU/E1/fast")].state, RungState::kReady);
}

TEST(Ladder, B605_a_failed_helper_leaves_the_target_to_serve_from_the_start) {
  Story story(cpu_only().deferred().build(), no_second_look());
  story.start();
  story.orders();
  story.fails("CPU/E1/fast");
  EXPECT_EQ(story.deeds(), (Orders{"load CPU/E2/full"}));
  story.loads("CPU/E2/full");
  EXPECT_EQ(story.deeds(), (Orders{"publish CPU/E2/full", "settled"}));
}

TEST(Ladder, B544_closing_cancels_what_is_under_way_and_later_results_are_released) {
  Story story(gpu_and_cpu().build());
  story.start();
  story.loads("CPU/E1/fast");
  story.orders();
  story.close();
  EXPECT_EQ(story.orders(), (Orders{"cancel load GPU/G/full", "leave device", "event CLOSED"}));
  story.loads("GPU/G/full");
  EXPECT_EQ(story.orders(), (Orders{"release GPU/G/full"}));
  story.close();
  EXPECT_EQ(story.orders(), Orders{});
}

TEST(Ladder, what_comes_in_a_state_where_it_means_nothing_is_ignored) {
  Story story(cpu_only().build(), no_second_look());
  story.start();
  story.loads("CPU/E1/fast");
  story.orders();
  story.passes("CPU/E2/full");
  story.drains("CPU/E1/fast");
  story.idle();
  story.hold(false);
  EXPECT_EQ(story.orders(), Orders{});
  EXPECT_EQ(story.serving(), "CPU/E1/fast");
}

}  // namespace
}  // namespace baton::policy
