// SPDX-License-Identifier: Apache-2.0
// Copyright (C) 2026 The Baton authors
#include <gtest/gtest.h>

#include "policy/ladder_story.h"

namespace baton::policy {
namespace {

using namespace test;
using std::chrono::seconds;

PlanBuilder three() { return PlanBuilder().device("A", {"a"}).device("B", {"b"}).device("C", {"c"}); }

/// A serves, without helpers.
Story steady(Plan plan, LadderOptions options = no_second_look()) {
  Story story(std::move(plan), std::move(options));
  story.start();
  story.loads(to_string(story.ladder.rungs()[0].spec.pair));
  story.orders();
  return story;
}

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
  story.orders();
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

// ---------------------------------------------------------------------------------------------------------------------
// Return

/// GPU failed, CPU serves.
Story failed_over(LadderOptions options = no_second_look()) {
  Story story = steady(PlanBuilder().device("GPU", {"G"}).device("CPU", {"E"}).build(), std::move(options));
  story.run_fails("GPU/G/full");
  story.chooses("CPU");
  story.loads("CPU/E/full");
  story.orders();
  return story;
}

TEST(LadderFailover, B624_B625_a_probe_that_passes_returns_like_a_hand_over) {
  Story story = failed_over();
  EXPECT_EQ(story.probe_at["GPU"] - base::TimePoint{}, seconds(1) + std::chrono::milliseconds(30));
  story.probe("GPU");
  EXPECT_EQ(story.deeds(), Orders{"ask for GPU"});
  story.is_granted("GPU");
  EXPECT_EQ(story.deeds(), Orders{"load GPU/G/full"});
  EXPECT_EQ(story.ladder.phase(), Phase::kSteady);
  story.loads("GPU/G/full");
  EXPECT_EQ(story.deeds(), Orders{"check GPU/G/full against CPU/E/full"});
  story.passes("GPU/G/full");
  EXPECT_EQ(story.orders(), (Orders{"event CHECK_DONE", "claim GPU"}));
  story.is_granted("GPU", true);
  EXPECT_EQ(story.orders(), (Orders{"event PROBE_DONE", "publish GPU/G/full", "event RETURNED"}));
  EXPECT_EQ(story.ladder.phase(), Phase::kDraining);
  EXPECT_EQ(story.ladder.generation(), 3u);
  EXPECT_FALSE(story.ladder.suspended(0));
  story.drains("CPU/E/full");
  EXPECT_EQ(story.deeds(), (Orders{"release CPU/E/full", "settled"}));
  EXPECT_EQ(story.ladder.phase(), Phase::kSteady);
}

TEST(LadderFailover, B626_B627_bad_probes_wait_twice_as_long_each) {
  Story story = failed_over();
  const base::TimePoint failed_at = story.probe_at["GPU"] - seconds(1);
  for (const int after : {1, 3, 7, 15, 31, 63, 123, 183}) {
    EXPECT_EQ(std::chrono::duration_cast<seconds>(story.probe_at["GPU"] - failed_at), seconds(after));
    story.probe("GPU");
    story.is_granted("GPU");
    story.orders();
    story.fails("GPU/G/full");
    EXPECT_EQ(story.orders(), (Orders{"event PROBE_DONE", "probe GPU later"}));
  }
}

TEST(LadderFailover, B626_a_bad_check_is_a_bad_probe) {
  Story story = failed_over();
  story.probe("GPU");
  story.is_granted("GPU");
  story.loads("GPU/G/full");
  story.orders();
  story.disagrees("GPU/G/full", false);
  EXPECT_EQ(story.deeds(), (Orders{"release GPU/G/full", "probe GPU later"}));
  EXPECT_TRUE(story.ladder.suspended(0));
}

TEST(LadderFailover, B537_B625_a_device_that_became_slower_is_usable_again_but_does_not_return) {
  Story story = failed_over();
  story.probe("GPU");
  story.is_granted("GPU");
  story.loads("GPU/G/full");
  story.orders();
  story.is_slower("GPU/G/full");
  EXPECT_EQ(story.orders(), (Orders{"event CHECK_DONE", "release GPU/G/full", "event PROBE_DONE"}));
  EXPECT_FALSE(story.ladder.suspended(0));
  EXPECT_EQ(story.serving(), "CPU/E/full");
}

TEST(LadderFailover, B625_a_lower_device_is_merely_usable_again) {
  Story story = steady(three().build());
  story.run_fails("A/a/full");
  story.chooses("B");
  story.loads("B/b/full");
  story.run_fails("B/b/full");
  story.chooses("C");
  story.loads("C/c/full");
  story.probe("A");
  story.is_granted("A");
  story.loads("A/a/full");
  story.passes("A/a/full");
  story.is_granted("A", true);
  story.drains("C/c/full");
  ASSERT_EQ(story.serving(), "A/a/full");
  story.orders();
  story.probe("B");
  EXPECT_EQ(story.deeds(), Orders{"load B/b/full"}) << "it asks nobody: it will not return";
  story.loads("B/b/full");
  EXPECT_EQ(story.deeds(), Orders{"check outputs of B/b/full against A/a/full"});
  story.passes("B/b/full");
  EXPECT_EQ(story.orders(), (Orders{"event CHECK_DONE", "release B/b/full", "event PROBE_DONE"}));
  EXPECT_FALSE(story.ladder.suspended(1));
  story.run_fails("A/a/full");
  EXPECT_EQ(story.actions.back().devices, (std::vector<int>{1, 2})) << "and is the next candidate again";
}

TEST(LadderFailover, B626_without_back_off_nothing_returns) {
  LadderOptions options = no_second_look();
  options.recovery_backoff = base::Duration{0};
  Story story = steady(three().build(), options);
  story.run_fails("A/a/full");
  EXPECT_EQ(story.deeds(), (Orders{"leave device", "retire A/a/full", "choose device"}));
}

TEST(LadderFailover, B628_a_probe_ends_the_end) {
  Story story = failed_over();
  story.run_fails("CPU/E/full");
  ASSERT_EQ(story.ladder.phase(), Phase::kFailed);
  story.orders();
  story.probe("GPU");
  EXPECT_EQ(story.deeds(), Orders{"load GPU/G/full"});
  EXPECT_EQ(story.ladder.phase(), Phase::kFailed) << "until it has succeeded";
  story.loads("GPU/G/full");
  EXPECT_EQ(story.deeds(), Orders{"warm up GPU/G/full"});
  story.warmed("GPU/G/full", StatusCode::kDeviceFailed);
  EXPECT_EQ(story.deeds(), (Orders{"release GPU/G/full", "probe GPU later"}));
  story.probe("CPU");
  story.loads("CPU/E/full");
  story.orders();
  story.warmed("CPU/E/full");
  EXPECT_EQ(story.orders(), Orders{"take CPU"}) << "whoever holds it: nothing else serves";
  story.is_granted("CPU", true);
  EXPECT_EQ(story.orders(), (Orders{"event PROBE_DONE", "publish CPU/E/full", "event RETURNED", "settled"}));
  EXPECT_EQ(story.ladder.phase(), Phase::kSteady);
  EXPECT_EQ(story.ladder.generation(), 3u);
}

TEST(LadderFailover, B630_no_return_to_a_device_that_a_higher_level_holds) {
  Story story = failed_over();
  story.probe("GPU");
  story.orders();
  story.is_refused("GPU");
  EXPECT_EQ(story.orders(), (Orders{"event PROBE_DONE", "probe GPU later"})) << "no compile";
  EXPECT_EQ(story.probe_at["GPU"] - story.now(), seconds(1)) << "the device did nothing wrong";
  story.probe("GPU");
  story.is_granted("GPU");
  story.loads("GPU/G/full");
  story.passes("GPU/G/full");
  story.orders();
  story.is_refused("GPU", true);  // it came while the probe ran
  EXPECT_EQ(story.deeds(), (Orders{"release GPU/G/full", "probe GPU later"}));
  EXPECT_EQ(story.serving(), "CPU/E/full");
}

TEST(LadderFailover, B612_a_device_that_recovers_before_the_next_one_is_loaded_serves) {
  Story story = steady(three().build());
  story.run_fails("A/a/full");
  story.chooses("B");
  story.orders();
  story.probe("A");
  story.loads("A/a/full");
  story.warmed("A/a/full");
  EXPECT_EQ(story.deeds(), (Orders{"load A/a/full", "warm up A/a/full", "take A"}));
  story.is_granted("A", true);
  EXPECT_EQ(story.deeds(), (Orders{"cancel load B/b/full", "publish A/a/full", "settled"}));
  EXPECT_EQ(story.ladder.phase(), Phase::kSteady);
}

TEST(LadderFailover, B612_a_lower_one_that_recovers_serves_until_the_next_one_is_loaded) {
  Story story(gpu_and_cpu().build(), no_second_look());
  story.start();
  story.loads("CPU/E1/fast");
  story.run_fails("CPU/E1/fast");
  story.orders();
  story.probe("CPU");
  story.loads("CPU/E2/full");
  story.warmed("CPU/E2/full");
  EXPECT_EQ(story.deeds(), (Orders{"load CPU/E2/full", "warm up CPU/E2/full", "publish CPU/E2/full"}));
  EXPECT_EQ(story.ladder.phase(), Phase::kHelper);
  story.loads("GPU/G/full");
  EXPECT_EQ(story.deeds(), Orders{"check GPU/G/full against CPU/E2/full"});
}

TEST(LadderFailover, a_probe_in_its_check_goes_on_alone_when_what_serves_fails) {
  Story story = failed_over();
  story.probe("GPU");
  story.is_granted("GPU");
  story.loads("GPU/G/full");
  story.orders();
  story.run_fails("CPU/E/full");
  EXPECT_EQ(story.deeds(), (Orders{"leave device", "probe CPU later", "retire CPU/E/full", "cancel check GPU/G/full",
                                   "fail", "warm up GPU/G/full"}));
  story.warmed("GPU/G/full");
  story.is_granted("GPU", true);
  EXPECT_EQ(story.serving(), "GPU/G/full");
}

TEST(LadderFailover, B624_a_warm_up_that_ends_late_says_nothing_about_a_probe_in_its_check) {
  for (const StatusCode code : {StatusCode::kOk, StatusCode::kDeviceFailed}) {
    Story story = failed_over();
    story.probe("GPU");
    story.is_granted("GPU");
    story.loads("GPU/G/full");
    ASSERT_EQ(story.deeds().back(), "check GPU/G/full against CPU/E/full");
    story.warmed("GPU/G/full", code);
    EXPECT_EQ(story.orders(), Orders{});
    story.passes("GPU/G/full");
    EXPECT_EQ(story.deeds(), Orders{"claim GPU"});
  }
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
  const Actions actions =
      story.ladder.loaded(story.rung("CPU/E2/full"), Status(StatusCode::kInvalidArgument, "no"), story.now());
  const auto failed = std::find_if(actions.begin(), actions.end(),
                                   [](const Action& action) { return action.kind == Action::Kind::kFail; });
  ASSERT_NE(failed, actions.end());
  EXPECT_EQ(failed->status.message(), "inference failed after 1 attempts: CPU[E1] ENGINE_ERROR: run failed");
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

TEST(LadderFailover, one_check_at_a_time) {
  Plan plan = three().device("CPU", {"E2"}).helps("CPU", "E1").build();
  Story story = steady(plan);
  story.run_fails("A/a/full");
  story.chooses("B");
  story.loads("CPU/E1/fast");
  story.loads("B/b/full");
  story.probe("A");
  story.is_granted("A");
  story.orders();
  story.loads("A/a/full");
  EXPECT_EQ(story.deeds(), Orders{}) << "B is being checked";
  story.passes("B/b/full");
  EXPECT_EQ(story.deeds(), (Orders{"publish B/b/full", "check A/a/full against B/b/full"}));
}

TEST(LadderFailover, B621_B622_B1102_without_fail_over_a_lost_device_is_waited_for) {
  LadderOptions options = no_second_look();
  options.fail_over = false;
  options.stateful = true;
  Story story = steady(three().build(), options);
  story.run_fails("A/a/full", StatusCode::kDeviceLost);
  EXPECT_EQ(story.deeds(), (Orders{"leave device", "probe A later", "retire A/a/full", "fail"}));
  story.probe("A");
  story.loads("A/a/full");
  story.warmed("A/a/full");
  story.orders();
  story.is_granted("A", true);
  EXPECT_EQ(story.orders(),
            (Orders{"event PROBE_DONE", "publish A/a/full", "event RETURNED", "settled", "event STATE_RESET"}));
}

TEST(LadderFailover, B544_B629_probes_end_with_the_model) {
  Story story = failed_over();
  story.close();
  story.orders();
  story.probe("GPU");
  story.run_fails("CPU/E/full");
  EXPECT_EQ(story.orders(), Orders{});
}

TEST(LadderFailover, B415_a_second_look_asks_before_it_goes_to_another_device_and_again_before_it_stays) {
  Story story = steady(PlanBuilder().device("GPU", {"G"}).device("CPU", {"E"}).build(), LadderOptions{});
  story.idle();
  EXPECT_EQ(story.deeds(), Orders{"ask for CPU"});
  story.is_granted("CPU");
  EXPECT_EQ(story.deeds(), Orders{"load CPU/E/full"});
  story.loads("CPU/E/full");
  story.orders();
  story.passes("CPU/E/full");
  EXPECT_EQ(story.deeds(), Orders{"claim CPU"});
  story.is_granted("CPU", true);
  EXPECT_EQ(story.orders(), (Orders{"publish CPU/E/full", "event SWITCHED"}));
  EXPECT_EQ(story.serving(), "CPU/E/full");
}

TEST(LadderFailover, B413_B415_a_second_look_stays_away_from_a_device_that_is_held) {
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

TEST(LadderFailover, a_second_look_is_dropped_when_what_serves_fails) {
  Story story = steady(PlanBuilder().device("GPU", {"G", "H"}).device("CPU", {"E"}).build(), LadderOptions{});
  story.idle();
  story.orders();
  story.run_fails("GPU/G/full");
  EXPECT_EQ(story.deeds(), (Orders{"leave device", "cancel load GPU/H/full", "probe GPU later", "retire GPU/G/full",
                                   "choose device"}));
  EXPECT_TRUE(story.ladder.second_look_over());
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

}  // namespace
}  // namespace baton::policy
