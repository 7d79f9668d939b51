// SPDX-License-Identifier: Apache-2.0
// Copyright (C) 2026 The Baton authors
#include <gtest/gtest.h>

#include "policy/ladder_story.h"

namespace baton::policy {
namespace {

using namespace test;
using std::chrono::milliseconds;
using std::chrono::seconds;

TEST(LadderReturn, B624_B625_a_probe_that_passes_returns_like_a_hand_over) {
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

TEST(LadderReturn, B626_B627_bad_probes_wait_twice_as_long_each) {
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

TEST(LadderReturn, B626_a_bad_check_is_a_bad_probe) {
  Story story = failed_over();
  story.probe("GPU");
  story.is_granted("GPU");
  story.loads("GPU/G/full");
  story.orders();
  story.disagrees("GPU/G/full", false);
  EXPECT_EQ(story.deeds(), (Orders{"release GPU/G/full", "probe GPU later"}));
  EXPECT_TRUE(story.ladder.suspended(0));
}

TEST(LadderReturn, B537_B625_a_device_that_became_slower_is_usable_again_but_does_not_return) {
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

TEST(LadderReturn, B625_a_lower_device_is_merely_usable_again) {
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

TEST(LadderReturn, B626_without_back_off_nothing_returns) {
  LadderOptions options = no_second_look();
  options.recovery_backoff = base::Duration{0};
  Story story = steady(three().build(), options);
  story.run_fails("A/a/full");
  EXPECT_EQ(story.deeds(), (Orders{"leave device", "retire A/a/full", "choose device"}));
}

TEST(LadderReturn, B628_a_probe_ends_the_end) {
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

TEST(LadderReturn, B630_no_return_to_a_device_that_a_higher_level_holds) {
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

TEST(LadderReturn, B612_a_device_that_recovers_before_the_next_one_is_loaded_serves) {
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

TEST(LadderReturn, B612_a_lower_one_that_recovers_serves_until_the_next_one_is_loaded) {
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

TEST(LadderReturn, a_probe_in_its_check_goes_on_alone_when_what_serves_fails) {
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

TEST(LadderReturn, B624_a_warm_up_that_ends_late_says_nothing_about_a_probe_in_its_check) {
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

TEST(LadderReturn, one_check_at_a_time) {
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

TEST(LadderReturn, B621_B622_B1102_without_fail_over_a_lost_device_is_waited_for) {
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

TEST(LadderReturn, B544_B629_probes_end_with_the_model) {
  Story story = failed_over();
  story.close();
  story.orders();
  story.probe("GPU");
  story.run_fails("CPU/E/full");
  EXPECT_EQ(story.orders(), Orders{});
}

TEST(LadderReturn, B624_timers_of_other_waits_mean_nothing) {
  Story story = failed_over();
  story.early_probe("GPU");
  EXPECT_EQ(story.orders(), Orders{}) << "too early";
  story.early_probe("CPU");
  EXPECT_EQ(story.orders(), Orders{}) << "it is healthy";
  story.probe("GPU");
  story.is_granted("GPU");
  story.orders();
  story.early_probe("GPU");
  EXPECT_EQ(story.orders(), Orders{}) << "the probe is going on";
}

/// The CPU failed while the last requests of the hand-over to the GPU ran there.
Story failed_draining(const LadderOptions& options = no_second_look()) {
  Story story(PlanBuilder().device("GPU", {"G"}).device("CPU", {"E"}).full_helper("CPU", "E").build(), options);
  story.start();
  story.loads("CPU/E/full");
  story.loads("GPU/G/full");
  story.passes("GPU/G/full");
  story.run_fails("CPU/E/full");
  story.orders();
  return story;
}

TEST(LadderReturn, B624_a_probe_waits_until_the_last_run_has_let_go) {
  Story story = failed_draining();
  for (int i = 0; i < 2; ++i) {
    story.probe("CPU");
    EXPECT_EQ(story.deeds(), Orders{"probe CPU later"});
    EXPECT_EQ(story.probe_at["CPU"] - story.now(), seconds(1)) << "the same wait";
  }
  story.drains("CPU/E/full");
  EXPECT_EQ(story.deeds(), (Orders{"release CPU/E/full", "settled"}));
  story.probe("CPU");
  EXPECT_EQ(story.deeds(), Orders{"load CPU/E/full"});
}

TEST(LadderReturn, B542_B624_a_helper_that_failed_is_not_kept) {
  LadderOptions options = no_second_look();
  options.keep_helper = true;
  Story story = failed_draining(options);
  story.drains("CPU/E/full");
  EXPECT_EQ(story.deeds(), (Orders{"release CPU/E/full", "settled"}));
  story.probe("CPU");
  EXPECT_EQ(story.deeds(), Orders{"load CPU/E/full"});
}

TEST(LadderReturn, B601_B625_a_device_that_did_not_load_returns_and_counts_again) {
  Story story = steady(three().build());
  story.run_fails("A/a/full");
  story.chooses("B");
  story.fails("B/b/full");
  story.chooses("C");
  story.loads("C/c/full");
  story.probe("B");
  story.is_granted("B");
  story.loads("B/b/full");
  story.orders();
  story.passes("B/b/full");
  story.is_granted("B", true);
  EXPECT_EQ(story.deeds(), (Orders{"claim B", "publish B/b/full"}));
  EXPECT_FALSE(story.at("B/b/full").refusal);
  story.drains("C/c/full");
  story.orders();
  story.run_fails("B/b/full");
  EXPECT_EQ(story.deeds(), (Orders{"leave device", "probe B later", "retire B/b/full", "choose device"}))
      << "the registration had moved along";
  EXPECT_EQ(story.actions.back().devices, std::vector<int>{2});
}

TEST(LadderReturn, B625_a_device_that_is_usable_again_is_loaded_like_any_other) {
  Story story = failed_over();
  story.probe("GPU");
  story.is_granted("GPU");
  story.loads("GPU/G/full");
  story.is_slower("GPU/G/full");
  story.run_fails("CPU/E/full");
  story.orders();
  story.news();
  story.chooses("GPU");
  EXPECT_EQ(story.news(), Orders{"LOAD_STARTED GPU/G/full"});
  story.loads("GPU/G/full");
  EXPECT_EQ(story.deeds(), (Orders{"load GPU/G/full", "publish GPU/G/full", "settled"}));
}

TEST(LadderReturn, B626_a_warm_up_of_before_says_nothing_about_a_probe_that_is_being_loaded) {
  for (const StatusCode code : {StatusCode::kOk, StatusCode::kDeviceFailed}) {
    Story story = failed_over();
    story.run_fails("CPU/E/full");
    story.probe("GPU");
    story.orders();
    story.warmed("GPU/G/full", code);
    EXPECT_EQ(story.orders(), Orders{});
    story.loads("GPU/G/full");
    EXPECT_EQ(story.deeds(), Orders{"warm up GPU/G/full"});
  }
}

TEST(LadderReturn, B612_B625_what_serves_until_a_better_one_is_loaded_has_returned) {
  Story story(gpu_npu_and_cpu().helps("NPU", "F").build(), no_second_look());
  story.start();
  story.loads("CPU/E1/fast");
  story.run_fails("CPU/E1/fast");
  EXPECT_EQ(story.deeds().back(), "load NPU/F/fast");
  story.probe("CPU");
  story.loads("CPU/E2/full");
  story.orders();
  story.news();
  story.warmed("CPU/E2/full");
  EXPECT_EQ(story.orders(),
            (Orders{"event PROBE_DONE", "cancel load NPU/F/fast", "publish CPU/E2/full", "event RETURNED"}));
  EXPECT_EQ(story.news(), (Orders{"PROBE_DONE CPU/E2/full", "RETURNED CPU/E2/full"}));
  EXPECT_FALSE(story.ladder.suspended(2));
  EXPECT_TRUE(story.ladder.serving_is_interim());
  story.loads("GPU/G/full");
  story.passes("GPU/G/full");
  EXPECT_EQ(story.serving(), "GPU/G/full");
}

TEST(LadderReturn, B612_B625_a_return_ends_what_was_prepared_instead) {
  Story story = steady(three().device("CPU", {"E2"}).helps("CPU", "E1").build());
  story.run_fails("A/a/full");
  story.chooses("B");
  story.probe("A");
  story.loads("A/a/full");
  story.warmed("A/a/full");
  story.orders();
  story.is_granted("A", true);
  EXPECT_EQ(story.deeds(), (Orders{"cancel load B/b/full", "cancel load CPU/E1/fast", "publish A/a/full", "settled"}));
  story.run_fails("A/a/full");
  EXPECT_EQ(story.deeds(), (Orders{"leave device", "probe A later", "retire A/a/full", "choose device"}));
  EXPECT_EQ(story.probe_at["A"] - story.now(), seconds(2)) << "B-626: soon after its return";
}

TEST(LadderReturn, B624_B625_a_return_leaves_another_devices_probe_alone) {
  LadderOptions options = no_second_look();
  options.keep_helper = true;
  Story story(PlanBuilder().device("A", {"a"}).device("B", {"b"}).device("CPU", {"E"}).full_helper("CPU", "E").build(),
              options);
  story.start();
  story.loads("CPU/E/full");
  story.loads("A/a/full");
  story.passes("A/a/full");
  story.drains("CPU/E/full");
  story.run_fails("A/a/full");  // the kept helper serves
  story.chooses("B");
  story.loads("B/b/full");
  story.run_fails("CPU/E/full");
  ASSERT_EQ(story.serving(), "B/b/full");
  story.probe("A");
  story.is_granted("A");
  story.probe("CPU");
  story.loads("A/a/full");
  story.passes("A/a/full");
  story.orders();
  story.is_granted("A", true);
  EXPECT_EQ(story.deeds(), Orders{"publish A/a/full"});
  story.loads("CPU/E/full");
  EXPECT_EQ(story.deeds(), Orders{"check outputs of CPU/E/full against A/a/full"});
}

TEST(LadderReturn, B415_B630_a_choice_that_comes_after_a_return_is_undone) {
  Story story = steady(three().build());
  story.run_fails("A/a/full");
  story.probe("A");
  story.loads("A/a/full");
  story.warmed("A/a/full");
  story.is_granted("A", true);
  EXPECT_EQ(story.deeds().back(), "settled");
  story.chooses("B");
  EXPECT_EQ(story.deeds(), Orders{"take A"}) << "the choice had moved the registration to B";
  story.is_granted("A", true);
  EXPECT_EQ(story.deeds(), Orders{});
}

TEST(LadderReturn, B553_B630_an_answer_about_one_device_decides_nothing_about_a_look_at_another) {
  // A failed and is usable again; the registration is asked back while the second look is at B.
  Story story(PlanBuilder()
                  .device("CPU", {"E2", "E1"})
                  .device("GPU", {"G"})
                  .device("NPU", {"N"})
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
  story.is_granted("NPU");
  story.loads("NPU/N/full");
  ASSERT_EQ(story.deeds().back(), "look at NPU/N/full against GPU/G/full");
  story.is_granted("GPU", true);
  EXPECT_EQ(story.deeds(), Orders{});
  story.is_refused("GPU", false);
  EXPECT_EQ(story.deeds(), Orders{});
  EXPECT_EQ(story.serving(), "GPU/G/full");
}

/// GPU's probe passed and asked for its device; then what served failed, and the GPU's warm-up as well.
Story claim_astray() {
  Story story = steady(PlanBuilder().device("GPU", {"G"}).device("NPU", {"N"}).device("CPU", {"E"}).build());
  story.run_fails("GPU/G/full");
  story.chooses("CPU");
  story.loads("CPU/E/full");
  story.probe("GPU");
  story.is_granted("GPU");
  story.loads("GPU/G/full");
  story.passes("GPU/G/full");
  EXPECT_EQ(story.deeds().back(), "claim GPU");
  story.run_fails("CPU/E/full");
  EXPECT_EQ(story.deeds(),
            (Orders{"leave device", "probe CPU later", "retire CPU/E/full", "choose device", "warm up GPU/G/full"}));
  story.warmed("GPU/G/full", StatusCode::kDeviceFailed);
  EXPECT_EQ(story.deeds(), (Orders{"release GPU/G/full", "probe GPU later"}));
  return story;
}

TEST(LadderReturn, B630_a_registration_that_leads_nowhere_goes_where_the_model_is) {
  Story choosing = claim_astray();
  choosing.is_granted("GPU", true);
  EXPECT_EQ(choosing.deeds(), Orders{}) << "the choice moves it";

  Story loading = claim_astray();
  loading.chooses("NPU");
  loading.orders();
  loading.is_granted("GPU", true);
  EXPECT_EQ(loading.deeds(), Orders{"take NPU"});

  Story serving = claim_astray();
  serving.chooses("NPU");
  serving.loads("NPU/N/full");
  serving.orders();
  serving.is_granted("GPU", true);
  EXPECT_EQ(serving.deeds(), Orders{"take NPU"});

  Story probed_anew = claim_astray();
  probed_anew.chooses("NPU");
  probed_anew.loads("NPU/N/full");
  probed_anew.probe("GPU");
  probed_anew.is_granted("GPU");
  probed_anew.orders();
  probed_anew.is_granted("GPU", true);
  EXPECT_EQ(probed_anew.deeds(), Orders{"take NPU"}) << "nobody knows yet whether it works";
  EXPECT_EQ(probed_anew.serving(), "NPU/N/full");

  Story refused = claim_astray();
  refused.orders();
  refused.is_refused("GPU", true);
  EXPECT_EQ(refused.deeds(), Orders{});
}

TEST(LadderReturn, B630_a_registration_that_leads_nowhere_ends_when_nothing_serves) {
  Story story = claim_astray();
  story.chooses("NPU");
  story.fails("NPU/N/full");
  ASSERT_EQ(story.ladder.phase(), Phase::kFailed);
  story.orders();
  story.is_granted("GPU", true);
  EXPECT_EQ(story.deeds(), Orders{"leave device"});
}

TEST(LadderReturn, B501_two_that_drain_end_one_after_the_other) {
  Story story = steady(three().build());
  story.run_fails("A/a/full");
  story.chooses("B");
  story.loads("B/b/full");
  story.run_fails("B/b/full");
  story.chooses("C");
  story.loads("C/c/full");
  for (const char* device : {"B", "A"}) {
    const std::string pair = std::string(device) + (*device == 'A' ? "/a/full" : "/b/full");
    story.probe(device);
    story.is_granted(device);
    story.loads(pair);
    story.passes(pair);
    story.is_granted(device, true);
    ASSERT_EQ(story.serving(), pair);
  }
  story.orders();
  story.drains("B/b/full");
  EXPECT_EQ(story.deeds(), Orders{"release B/b/full"});
  EXPECT_EQ(story.ladder.phase(), Phase::kDraining);
  story.drains("C/c/full");
  EXPECT_EQ(story.deeds(), (Orders{"release C/c/full", "settled"}));
  EXPECT_EQ(story.ladder.phase(), Phase::kSteady);
}

/// B is checked as the next target; the probe of A waits for its turn.
Story probe_waits() {
  Story story = steady(three().device("CPU", {"E2"}).helps("CPU", "E1").build());
  story.run_fails("A/a/full");
  story.chooses("B");
  story.loads("CPU/E1/fast");
  story.loads("B/b/full");
  story.probe("A");
  story.is_granted("A");
  story.loads("A/a/full");
  story.orders();
  return story;
}

TEST(LadderReturn, B530_B624_what_comes_for_a_probe_that_waits_for_its_check_means_nothing) {
  Story story = probe_waits();
  story.warmed("A/a/full");
  story.passes("A/a/full");
  EXPECT_EQ(story.orders(), Orders{});
  story.passes("B/b/full");
  EXPECT_EQ(story.deeds(), (Orders{"publish B/b/full", "check A/a/full against B/b/full"}));
  story.passes("A/a/full");
  EXPECT_EQ(story.deeds(), Orders{"claim A"}) << "checked once";
}

TEST(LadderReturn, B530_B624_a_probe_that_waits_for_its_check_is_compared_with_what_serves_then) {
  Story story = probe_waits();
  story.run_fails("CPU/E1/fast");
  EXPECT_EQ(story.deeds(), (Orders{"probe CPU later", "retire CPU/E1/fast", "cancel check B/b/full", "publish B/b/full",
                                   "settled", "check A/a/full against B/b/full"}));
  story.passes("A/a/full");
  EXPECT_EQ(story.deeds(), Orders{"claim A"}) << "checked once";
}

TEST(LadderReturn, B530_B630_an_answer_ends_the_check_that_began_meanwhile) {
  for (const bool granted : {true, false}) {
    Story story = steady(three().device("CPU", {"E2"}).helps("CPU", "E1").build());
    story.run_fails("A/a/full");
    story.chooses("B");
    story.loads("CPU/E1/fast");
    story.probe("A");
    story.is_granted("A");
    story.loads("A/a/full");
    story.passes("A/a/full");
    EXPECT_EQ(story.deeds().back(), "claim A");
    story.loads("B/b/full");
    story.run_fails("CPU/E1/fast");
    EXPECT_EQ(story.deeds().back(), "check A/a/full against B/b/full");
    if (granted) {
      story.is_granted("A", true);
      EXPECT_EQ(story.deeds(), (Orders{"cancel check A/a/full", "publish A/a/full"}));
    } else {
      story.is_refused("A", true);
      EXPECT_EQ(story.deeds(), (Orders{"cancel check A/a/full", "release A/a/full", "probe A later"}));
    }
    story.probe("CPU");
    story.loads("CPU/E2/full");
    EXPECT_EQ(story.deeds().back(), "check outputs of CPU/E2/full against " + story.serving()) << "its turn";
  }
}

}  // namespace
}  // namespace baton::policy
