// SPDX-License-Identifier: Apache-2.0
// Copyright (C) 2026 The Baton authors
#include <gtest/gtest.h>

#include "policy/ladder_story.h"

namespace baton::policy {
namespace {

using namespace test;

TEST(LadderFailover, B611_B612_what_fails_is_suspended_and_the_next_device_is_loaded) {
  Story story = steady(three().build());
  story.run_fails("A/a/full");
  EXPECT_EQ(story.orders(),
            (Orders{"event DEVICE_SUSPENDED", "leave device", "probe A later", "retire A/a/full", "choose device"}));
  EXPECT_EQ(story.actions.back().devices, (std::vector<int>{1, 2}));
  EXPECT_EQ(story.ladder.phase(), Phase::kFailover);
  EXPECT_EQ(story.serving(), "nothing");
  EXPECT_EQ(story.ladder.suspended(0), Reason::kSuspendedEngineError);
  EXPECT_EQ(story.ladder.last_failure(0).text, "run failed");
  story.run_fails("A/a/full");
  EXPECT_EQ(story.orders(), Orders{}) << "another run of it tells nothing new";
  story.chooses("B");
  EXPECT_EQ(story.deeds(), Orders{"load B/b/full"});
  story.loads("B/b/full");
  EXPECT_EQ(story.orders(), (Orders{"event LOAD_FINISHED", "publish B/b/full", "event SWITCHED", "settled"}));
  EXPECT_EQ(story.ladder.phase(), Phase::kSteady);
  EXPECT_EQ(story.ladder.generation(), 2u);
}

TEST(LadderFailover, B620_the_last_one_failing_is_the_end_until_a_probe) {
  Story story = steady(three().build());
  story.run_fails("A/a/full");
  story.chooses("B");
  story.loads("B/b/full");
  story.run_fails("B/b/full", StatusCode::kDeviceLost);
  story.chooses("C");
  story.loads("C/c/full");
  story.orders();
  story.run_fails("C/c/full", StatusCode::kResourceExhausted);
  EXPECT_EQ(story.orders(), (Orders{"event DEVICE_SUSPENDED", "leave device", "probe C later", "retire C/c/full",
                                    "event FAILED", "fail"}));
  EXPECT_EQ(story.ladder.phase(), Phase::kFailed);
  EXPECT_EQ(story.failure.code(), StatusCode::kDeviceFailed);
  ASSERT_EQ(story.failure.attempts().size(), 3u);
  EXPECT_EQ(story.failure.attempts()[1].device, "B");
  EXPECT_EQ(story.failure.attempts()[2].code, StatusCode::kResourceExhausted);
}

TEST(LadderFailover, B601_B611_a_next_device_that_does_not_load_is_passed_over_and_probed_later) {
  Story story = steady(three().build());
  story.run_fails("A/a/full");
  story.chooses("B");
  story.orders();
  story.fails("B/b/full");
  EXPECT_EQ(story.deeds(), (Orders{"leave device", "leave device", "probe B later", "choose device"}));
  EXPECT_EQ(story.ladder.phase(), Phase::kFailover);
  EXPECT_EQ(story.ladder.suspended(1), Reason::kSuspendedEngineError);
}

TEST(LadderFailover, B629_one_that_calls_the_model_bad_is_never_probed) {
  Story story = steady(three().build());
  story.run_fails("A/a/full");
  story.chooses("B");
  story.orders();
  story.fails("B/b/full", StatusCode::kInvalidArgument);
  EXPECT_EQ(story.deeds(), (Orders{"leave device", "choose device"}));
  story.chooses("C");
  story.loads("C/c/full");
  story.orders();
  story.probe("A");
  story.is_granted("A");
  EXPECT_EQ(story.deeds(), (Orders{"ask for A", "load A/a/full"}));
  story.fails("A/a/full", StatusCode::kInvalidArgument);
  EXPECT_EQ(story.orders(), Orders{"event PROBE_DONE"}) << "and no further probe";
}

TEST(LadderFailover, B612_a_helper_answers_while_the_next_device_is_loaded) {
  Plan plan = three().device("CPU", {"E2"}).helps("CPU", "E1").build();
  plan.helper = -1;
  Story story = steady(plan);
  story.run_fails("A/a/full");
  story.chooses("B");
  story.orders();  // B and the helper are being loaded
  EXPECT_EQ(story.ladder.phase(), Phase::kFailover);
  story.loads("CPU/E1/fast");
  EXPECT_EQ(story.orders(), (Orders{"event LOAD_FINISHED", "publish CPU/E1/fast", "event SWITCHED"}));
  EXPECT_EQ(story.ladder.phase(), Phase::kHelper);
  EXPECT_TRUE(story.ladder.serving_is_interim());
  story.loads("B/b/full");
  EXPECT_EQ(story.deeds(), Orders{"check B/b/full against CPU/E1/fast"});
  story.passes("B/b/full");
  EXPECT_EQ(story.deeds(), Orders{"publish B/b/full"});
  EXPECT_EQ(story.ladder.generation(), 3u);
  story.drains("CPU/E1/fast");
  EXPECT_EQ(story.deeds(), (Orders{"release CPU/E1/fast", "settled"}));
}

TEST(LadderFailover, B510_B612_a_device_that_failed_does_not_help) {
  Plan plan = PlanBuilder().device("CPU", {"E2"}).device("GPU", {"G"}).helps("CPU", "E1").build();
  Story story = steady(plan);
  story.run_fails("CPU/E2/full");
  story.chooses("GPU");
  EXPECT_EQ(story.deeds(),
            (Orders{"leave device", "probe CPU later", "retire CPU/E2/full", "choose device", "load GPU/G/full"}));
}

TEST(LadderFailover, B516_B612_on_few_cores_the_load_waits_for_the_helpers_answer_here_too) {
  Plan plan = PlanBuilder().device("GPU", {"G"}).device("CPU", {"E2"}).helps("CPU", "E1").build();
  plan.few_cores = true;
  plan.rungs[1].cpu_heavy_load = true;
  Story story = steady(plan);
  story.run_fails("GPU/G/full");
  story.orders();
  story.chooses("CPU");
  EXPECT_EQ(story.deeds(), (Orders{"load CPU/E1/fast", "open engine of CPU/E2/full"}));
  story.loads("CPU/E1/fast");
  EXPECT_EQ(story.deeds(), (Orders{"cancel load CPU/E2/full", "publish CPU/E1/fast", "start timer"}))
      << "its engine need not be held open any longer";
  story.answers();
  EXPECT_EQ(story.deeds(), Orders{"load CPU/E2/full"});
}

TEST(LadderFailover, B542_a_kept_helper_takes_over_without_a_load) {
  LadderOptions options = no_second_look();
  options.keep_helper = true;
  Story story(PlanBuilder().device("GPU", {"G"}).device("CPU", {"E"}).full_helper("CPU", "E").build(), options);
  story.start();
  story.loads("CPU/E/full");
  story.loads("GPU/G/full");
  story.passes("GPU/G/full");
  story.drains("CPU/E/full");
  story.orders();
  story.run_fails("GPU/G/full");
  EXPECT_EQ(story.deeds(),
            (Orders{"leave device", "probe GPU later", "retire GPU/G/full", "publish CPU/E/full", "choose device"}));
  EXPECT_EQ(story.ladder.phase(), Phase::kHelper);
  story.chooses("CPU");
  EXPECT_EQ(story.orders(), (Orders{"event HELPER_KEPT", "settled"}));
  EXPECT_EQ(story.ladder.phase(), Phase::kSteady);
  EXPECT_EQ(story.ladder.generation(), 3u);
}

TEST(LadderFailover, B612_a_helper_that_still_drains_takes_over_at_once) {
  Story story(gpu_and_cpu().build(), no_second_look());
  story.start();
  story.loads("CPU/E1/fast");
  story.loads("GPU/G/full");
  story.passes("GPU/G/full");
  story.orders();
  ASSERT_EQ(story.ladder.phase(), Phase::kDraining);
  story.run_fails("GPU/G/full");
  EXPECT_EQ(story.deeds(),
            (Orders{"leave device", "probe GPU later", "retire GPU/G/full", "publish CPU/E1/fast", "choose device"}));
  story.chooses("CPU");
  EXPECT_EQ(story.deeds(), Orders{"load CPU/E2/full"}) << "a fast pair is never where it ends (B-510)";
  story.drains("CPU/E1/fast");
  EXPECT_EQ(story.deeds(), Orders{}) << "it serves again";
}

TEST(LadderFailover, B619_the_helper_fails_while_the_target_loads) {
  Story story(gpu_and_cpu().build(), no_second_look());
  story.start();
  story.loads("CPU/E1/fast");
  story.orders();
  story.run_fails("CPU/E1/fast");
  EXPECT_EQ(story.deeds(), (Orders{"probe CPU later", "retire CPU/E1/fast"})) << "the registration is the target's";
  EXPECT_EQ(story.ladder.phase(), Phase::kFailover);
  story.loads("GPU/G/full");
  EXPECT_EQ(story.deeds(), (Orders{"publish GPU/G/full", "settled"}));
  EXPECT_EQ(story.ladder.phase(), Phase::kSteady);
}

TEST(LadderFailover, B619_the_target_fails_too) {
  Story story(gpu_and_cpu().build(), no_second_look());
  story.start();
  story.loads("CPU/E1/fast");
  story.run_fails("CPU/E1/fast");
  story.orders();
  story.fails("GPU/G/full");
  EXPECT_EQ(story.deeds(), (Orders{"leave device", "leave device", "probe GPU later", "fail"}));
  EXPECT_EQ(story.ladder.phase(), Phase::kFailed);
}

TEST(LadderFailover, B619_a_target_that_is_being_checked_serves_at_once) {
  Story story(gpu_and_cpu().build(), no_second_look());
  story.start();
  story.loads("CPU/E1/fast");
  story.loads("GPU/G/full");
  story.orders();
  story.run_fails("CPU/E1/fast");
  EXPECT_EQ(story.deeds(), (Orders{"probe CPU later", "retire CPU/E1/fast", "cancel check GPU/G/full",
                                   "publish GPU/G/full", "settled"}));
  story.passes("GPU/G/full");
  EXPECT_EQ(story.deeds(), Orders{}) << "the check's end comes too late";
}

TEST(LadderFailover, B525_B619_a_target_that_is_held_serves_at_once) {
  LadderOptions options = no_second_look();
  options.hold = true;
  Story story(gpu_and_cpu().build(), options);
  story.start();
  story.loads("CPU/E1/fast");
  story.loads("GPU/G/full");
  story.passes("GPU/G/full");
  story.orders();
  story.run_fails("CPU/E1/fast");
  EXPECT_EQ(story.deeds(), (Orders{"probe CPU later", "retire CPU/E1/fast", "publish GPU/G/full", "settled"}));
}

TEST(LadderFailover, B619_a_helper_beside_its_own_devices_target_takes_only_itself_along) {
  Story story(gpu_and_cpu().build(), no_second_look());
  story.start();
  story.loads("CPU/E1/fast");
  story.fails("GPU/G/full");
  story.chooses("CPU");
  story.orders();
  story.run_fails("CPU/E1/fast");
  EXPECT_EQ(story.orders(), (Orders{"event CANDIDATE_FAILED", "retire CPU/E1/fast"}));
  EXPECT_FALSE(story.ladder.suspended(1));
  story.loads("CPU/E2/full");
  EXPECT_EQ(story.serving(), "CPU/E2/full");
}

TEST(LadderFailover, B619_a_lost_device_takes_its_target_along) {
  Story story(gpu_and_cpu().build(), no_second_look());
  story.start();
  story.loads("CPU/E1/fast");
  story.fails("GPU/G/full");
  story.chooses("CPU");
  story.orders();
  story.run_fails("CPU/E1/fast", StatusCode::kDeviceLost);
  EXPECT_EQ(story.deeds(),
            (Orders{"leave device", "cancel load CPU/E2/full", "probe CPU later", "retire CPU/E1/fast", "fail"}));
}

TEST(LadderFailover, a_draining_helper_that_fails_is_suspended_alone) {
  Story story(gpu_and_cpu().build(), no_second_look());
  story.start();
  story.loads("CPU/E1/fast");
  story.loads("GPU/G/full");
  story.passes("GPU/G/full");
  story.orders();
  story.run_fails("CPU/E1/fast");
  EXPECT_EQ(story.orders(), (Orders{"event DEVICE_SUSPENDED", "probe CPU later"}));
  EXPECT_EQ(story.serving(), "GPU/G/full");
  EXPECT_EQ(story.ladder.phase(), Phase::kDraining);
}

TEST(LadderFailover, B612_B624_a_target_that_was_put_off_does_not_outlive_its_device) {
  Plan plan = PlanBuilder().device("GPU", {"G", "H"}).device("CPU", {"E"}).fast_helper("GPU", "F").build();
  plan.defer_target = true;
  Story story(plan, no_second_look());
  story.start();
  story.loads("GPU/F/fast");
  story.orders();
  story.run_fails("GPU/F/fast", StatusCode::kDeviceLost);
  EXPECT_EQ(story.deeds(), (Orders{"leave device", "probe GPU later", "retire GPU/F/fast", "choose device"}));
}

TEST(LadderFailover, B623_an_engine_that_failed_is_named_when_the_other_one_of_its_device_does_not_load_either) {
  Story story(PlanBuilder().device("CPU", {"E2"}).fast_helper("CPU", "E1").build(), no_second_look());
  story.start();
  story.loads("CPU/E1/fast");
  story.run_fails("CPU/E1/fast");
  story.fails("CPU/E2/full", StatusCode::kInvalidArgument);
  EXPECT_EQ(story.failure.message(), "inference failed after 1 attempts: CPU[E1] ENGINE_ERROR: run failed");
}

TEST(LadderFailover, B624_a_device_that_serves_by_one_engine_is_not_suspended_because_another_does_not_load) {
  Story story = steady(PlanBuilder().device("GPU", {"G"}).device("CPU", {"E"}).helps("CPU", "F").build());
  story.run_fails("GPU/G/full");
  story.chooses("CPU");
  story.loads("CPU/F/fast");
  ASSERT_EQ(story.serving(), "CPU/F/fast");
  story.fails("CPU/E/full");
  EXPECT_FALSE(story.ladder.suspended(story.device_index("CPU")));
  EXPECT_TRUE(story.ladder.suspended(story.device_index("GPU")));
}

TEST(LadderFailover, what_lost_the_speed_check_still_is_a_candidate_but_what_disagreed_is_not) {
  for (const bool slower : {true, false}) {
    Plan plan = PlanBuilder().device("GPU", {"G"}).device("CPU", {"E"}).full_helper("CPU", "E").build();
    Story story(plan, no_second_look());
    story.start();
    story.loads("CPU/E/full");
    story.loads("GPU/G/full");
    if (slower) story.is_slower("GPU/G/full");
    else story.disagrees("GPU/G/full", false);
    story.chooses("CPU");
    ASSERT_EQ(story.ladder.phase(), Phase::kSteady);
    story.orders();
    story.run_fails("CPU/E/full");
    EXPECT_EQ(story.deeds().back(), slower ? "choose device" : "fail");
  }
}

TEST(LadderFailover, B612_a_helper_that_failed_while_it_drains_says_nothing_about_what_serves_on_its_device) {
  Story story(cpu_only().build(), no_second_look());
  story.start();
  story.loads("CPU/E1/fast");
  story.loads("CPU/E2/full");
  story.passes("CPU/E2/full");
  story.orders();
  story.run_fails("CPU/E1/fast");
  EXPECT_EQ(story.orders(), Orders{});
  EXPECT_FALSE(story.ladder.suspended(0));
  EXPECT_EQ(story.serving(), "CPU/E2/full");
}

/// The kept CPU serves after GPU failed; the NPU, which served before, still drains.
Story npu_drains() {
  LadderOptions options;
  options.keep_helper = true;
  Story story(PlanBuilder()
                  .device("GPU", {"G"})
                  .device("CPU", {"E"})
                  .device("NPU", {"N", "M"})
                  .full_helper("CPU", "E")
                  .first("NPU")
                  .build(),
              options);
  story.start();
  story.loads("CPU/E/full");
  story.loads("NPU/N/full");
  story.passes("NPU/N/full");
  story.drains("CPU/E/full");
  story.idle();
  story.is_granted("GPU");
  story.loads("GPU/G/full");
  story.passes("GPU/G/full");
  story.is_granted("GPU", true);
  story.orders();
  story.run_fails("GPU/G/full");
  EXPECT_EQ(story.deeds(),
            (Orders{"leave device", "probe GPU later", "retire GPU/G/full", "publish CPU/E/full", "choose device"}));
  EXPECT_EQ(story.actions.back().devices, (std::vector<int>{1, 2}));
  return story;
}

TEST(LadderFailover, B619_B624_a_device_that_fails_while_it_drains_takes_its_target_along) {
  Story story = npu_drains();
  story.chooses("NPU");
  EXPECT_EQ(story.deeds(), Orders{"load NPU/M/full"});
  story.run_fails("NPU/N/full");
  EXPECT_EQ(story.deeds(), (Orders{"leave device", "cancel load NPU/M/full", "probe NPU later", "choose device"}));
  EXPECT_EQ(story.actions.back().devices, std::vector<int>{1});
  EXPECT_EQ(story.ladder.phase(), Phase::kHelper);
  story.chooses("CPU");
  EXPECT_EQ(story.deeds(), Orders{"settled"});
  EXPECT_EQ(story.ladder.phase(), Phase::kSteady);
  story.drains("NPU/N/full");
  EXPECT_EQ(story.deeds(), Orders{"release NPU/N/full"}) << "it is settled already";
}

TEST(LadderFailover, B619_B624_a_target_that_is_checked_goes_with_its_device) {
  Story story = npu_drains();
  story.chooses("NPU");
  story.loads("NPU/M/full");
  ASSERT_EQ(story.ladder.phase(), Phase::kChecking);
  story.orders();
  story.run_fails("NPU/N/full");
  EXPECT_EQ(story.deeds(), (Orders{"leave device", "cancel check NPU/M/full", "release NPU/M/full", "probe NPU later",
                                   "choose device"}));
  EXPECT_EQ(story.ladder.phase(), Phase::kHelper) << "B-501: the next candidate";
  story.passes("NPU/M/full");
  EXPECT_EQ(story.deeds(), Orders{});
}

TEST(LadderFailover, B501_what_ends_while_another_is_prepared_settles_nothing) {
  Story story = npu_drains();
  story.chooses("NPU");
  story.orders();
  story.drains("NPU/N/full");
  EXPECT_EQ(story.deeds(), Orders{"release NPU/N/full"});
  EXPECT_EQ(story.ladder.phase(), Phase::kHelper);
}

TEST(LadderFailover, B539_B624_a_helper_that_was_kept_stays_whatever_happens_to_what_drains) {
  Story story = npu_drains();
  story.chooses("CPU");
  ASSERT_EQ(story.deeds(), Orders{"settled"});
  story.run_fails("NPU/N/full");
  EXPECT_EQ(story.deeds(), Orders{"probe NPU later"});
  EXPECT_EQ(story.ladder.phase(), Phase::kSteady);
}

TEST(LadderFailover, B601_B611_after_a_second_look_what_was_merely_slower_or_held_is_a_candidate) {
  struct Case {
    std::string what;
    std::string next;
  };
  for (const Case& c : {Case{"slower", "choose device"}, Case{"held", "choose device"}, Case{"differs", "fail"},
                        Case{"not loaded", "fail"}}) {
    Story story = steady(PlanBuilder().device("GPU", {"G"}).device("CPU", {"E"}).build(), LadderOptions{});
    story.idle();
    if (c.what == "held") {
      story.is_refused("CPU");
      EXPECT_EQ(story.at("CPU/E/full").text, "held by a model of higher priority");
    } else {
      story.is_granted("CPU");
      if (c.what == "not loaded") {
        story.fails("CPU/E/full");
      } else {
        story.loads("CPU/E/full");
        if (c.what == "slower") story.is_slower("CPU/E/full");
        else story.disagrees("CPU/E/full", false);
      }
    }
    ASSERT_TRUE(story.ladder.second_look_over()) << c.what;
    story.orders();
    story.run_fails("GPU/G/full");
    EXPECT_EQ(story.deeds().back(), c.next) << c.what;
    const bool again = c.next != "fail";
    EXPECT_EQ(story.at("CPU/E/full").refusal.has_value(), !again) << c.what;
    EXPECT_EQ(story.at("CPU/E/full").text.empty(), again) << c.what;
    if (!again) continue;
    story.chooses("CPU");
    story.loads("CPU/E/full");
    EXPECT_EQ(story.deeds(), (Orders{"load CPU/E/full", "publish CPU/E/full", "settled"})) << c.what;
  }
}

TEST(LadderFailover, B612_what_drains_after_a_second_look_takes_over_and_may_stay) {
  Story story = steady(PlanBuilder().device("GPU", {"G"}).device("CPU", {"E"}).build(), LadderOptions{});
  story.idle();
  story.is_granted("CPU");
  story.loads("CPU/E/full");
  story.passes("CPU/E/full");
  story.is_granted("CPU", true);
  story.orders();
  story.run_fails("CPU/E/full");
  EXPECT_EQ(story.deeds(),
            (Orders{"leave device", "probe CPU later", "retire CPU/E/full", "publish GPU/G/full", "choose device"}));
  EXPECT_EQ(story.actions.back().devices, std::vector<int>{0});
  EXPECT_TRUE(story.ladder.serving_is_interim());
  story.chooses("GPU");
  EXPECT_EQ(story.orders(), (Orders{"event HELPER_KEPT", "settled"}));
  EXPECT_FALSE(story.ladder.serving_is_interim());
}

TEST(LadderFailover, B516_B619_a_target_that_was_put_off_is_loaded_when_its_helper_fails) {
  Story story(gpu_npu_and_cpu().helps("NPU", "F").deferred().build(), no_second_look());
  story.start();
  story.loads("CPU/E1/fast");
  story.orders();
  story.run_fails("CPU/E1/fast");
  EXPECT_EQ(story.deeds(), (Orders{"probe CPU later", "retire CPU/E1/fast", "load GPU/G/full", "load NPU/F/fast"}));
  story.loads("NPU/F/fast");
  EXPECT_EQ(story.deeds(), Orders{"publish NPU/F/fast"});
  EXPECT_TRUE(story.ladder.serving_is_interim());
}

TEST(LadderFailover, B612_a_helper_that_is_being_loaded_goes_on_for_the_next_device) {
  Story story = steady(PlanBuilder()
                           .device("A", {"a"})
                           .device("GPU", {"G"})
                           .device("NPU", {"N"})
                           .quickest("GPU", "F", Profile::kFast)
                           .quickest("NPU", "N", Profile::kFull)
                           .build());
  story.run_fails("A/a/full");
  story.orders();
  story.chooses("GPU");
  EXPECT_EQ(story.deeds(), (Orders{"load GPU/G/full", "load GPU/F/fast"}));
  story.fails("GPU/G/full", StatusCode::kInvalidArgument);
  story.chooses("NPU");
  EXPECT_EQ(story.deeds(), (Orders{"leave device", "choose device", "load NPU/N/full"}));
  story.loads("GPU/F/fast");
  EXPECT_EQ(story.deeds(), Orders{"publish GPU/F/fast"});
  EXPECT_TRUE(story.ladder.serving_is_interim());
  story.fails("NPU/N/full");
  EXPECT_EQ(story.deeds(), (Orders{"leave device", "leave device", "probe NPU later", "take GPU", "settled"}))
      << "B-539";
  EXPECT_EQ(story.serving(), "GPU/F/fast");
}

TEST(LadderFailover, B512_B612_a_target_that_loads_quickest_gets_no_helper_here_either) {
  Story story(PlanBuilder()
                  .device("GPU", {"G"})
                  .device("CPU", {"E"})
                  .full_helper("CPU", "E")
                  .helps("CPU", "E", Profile::kFull)
                  .build(),
              no_second_look());
  story.start();
  story.loads("CPU/E/full");
  story.loads("GPU/G/full");
  story.passes("GPU/G/full");
  story.drains("CPU/E/full");
  story.run_fails("GPU/G/full");
  story.orders();
  story.chooses("CPU");
  EXPECT_EQ(story.deeds(), Orders{"load CPU/E/full"});
  story.loads("CPU/E/full");
  EXPECT_EQ(story.deeds(), (Orders{"publish CPU/E/full", "settled"}));
}

TEST(LadderFailover, B504_B612_the_helper_of_the_start_helps_again) {
  Story story(gpu_npu_and_cpu().build(), no_second_look());
  story.start();
  story.loads("CPU/E1/fast");
  story.loads("GPU/G/full");
  story.passes("GPU/G/full");
  story.drains("CPU/E1/fast");
  const std::size_t rungs = story.ladder.rungs().size();
  story.run_fails("GPU/G/full");
  story.orders();
  story.chooses("NPU");
  EXPECT_EQ(story.deeds(), (Orders{"load NPU/N/full", "load CPU/E1/fast"}));
  EXPECT_EQ(story.ladder.rungs().size(), rungs) << "one pair is one rung";
}

TEST(LadderFailover, B504_B513_a_pair_that_serves_for_throughput_is_another_one_than_the_helper) {
  Plan plan = three().helps("C", "c", Profile::kFull).build();
  for (RungSpec& spec : plan.rungs) spec.hint = Hint::kThroughput;
  Ladder ladder(plan, no_second_look());
  ladder.start({});
  ladder.loaded(0, Status::ok(), {});
  ladder.run_failed(0, Status(StatusCode::kDeviceFailed, ""), {});
  std::vector<int> loads;
  for (const Action& action : ladder.device_chosen(1, {})) {
    if (action.kind == Kind::kLoad) loads.push_back(action.rung);
  }
  ASSERT_EQ(loads, (std::vector<int>{1, 3}));
  EXPECT_EQ(ladder.rungs()[3].spec.hint, Hint::kLatency);
}

TEST(LadderFailover, B620_nobody_left_is_the_end_even_while_an_earlier_helper_is_probed) {
  Story story(PlanBuilder().device("GPU", {"G"}).device("CPU", {"E"}).full_helper("CPU", "E").build(),
              no_second_look());
  story.start();
  story.loads("CPU/E/full");
  story.loads("GPU/G/full");
  story.run_fails("CPU/E/full");
  ASSERT_EQ(story.serving(), "GPU/G/full");
  story.probe("CPU");
  story.orders();
  story.run_fails("GPU/G/full");
  EXPECT_EQ(story.deeds(), (Orders{"leave device", "probe GPU later", "retire GPU/G/full", "fail"}));
  EXPECT_EQ(story.ladder.phase(), Phase::kFailed);
  story.loads("CPU/E/full");
  story.warmed("CPU/E/full");
  EXPECT_EQ(story.deeds(), (Orders{"warm up CPU/E/full", "take CPU"})) << "B-628";
}

TEST(LadderFailover, B530_B624_a_check_that_is_cancelled_makes_room_for_the_next) {
  Story story = npu_drains();
  story.chooses("NPU");
  story.loads("NPU/M/full");
  story.probe("GPU");
  story.is_granted("GPU");
  story.orders();
  story.loads("GPU/G/full");
  EXPECT_EQ(story.deeds(), Orders{});
  story.passes("GPU/G/full");
  EXPECT_EQ(story.deeds(), Orders{}) << "it is not its turn";
  story.run_fails("NPU/N/full");
  EXPECT_EQ(story.deeds(), (Orders{"leave device", "cancel check NPU/M/full", "check GPU/G/full against CPU/E/full",
                                   "release NPU/M/full", "probe NPU later", "choose device"}));
}

}  // namespace
}  // namespace baton::policy
