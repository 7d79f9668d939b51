// SPDX-License-Identifier: Apache-2.0
// Copyright (C) 2026 The Baton authors
//
// What serves between helper and target (B-552).
#include <gtest/gtest.h>

#include "policy/ladder_story.h"

namespace baton::policy {
namespace {

using namespace test;

const std::string kHelper = "CPU/E1/fast";
const std::string kInterim = "CPU/E2/full";
const std::string kTarget = "GPU/G/full";

/// The helper has answered.
Story answered(const Plan& plan, LadderOptions options = no_second_look()) {
  Story story(plan, options);
  story.start();
  story.loads(kHelper);
  story.answers();
  return story;
}

/// The same, and what pays in between is being loaded.
Story with_interim(LadderOptions options = no_second_look()) {
  return answered(gpu_and_cpu().interim(kInterim).build(), options);
}

/// The same, and the target's first run will take long.
Story with_lazy_target() { return answered(gpu_and_cpu().lazy_first_run(kTarget).interim(kInterim).build()); }

/// It serves.
Story between(LadderOptions options = no_second_look()) {
  Story story = with_interim(options);
  story.loads(kInterim);
  story.passes(kInterim);
  story.drains(kHelper);
  story.orders();
  story.news();
  return story;
}

TEST(LadderInterim, B552_it_is_loaded_after_the_helpers_first_answer_and_takes_its_place) {
  Story story(gpu_and_cpu().interim(kInterim).build(), no_second_look());
  story.start();
  EXPECT_EQ(story.deeds(), (Orders{"load GPU/G/full", "load CPU/E1/fast"}));
  story.loads(kHelper);
  EXPECT_EQ(story.deeds(), (Orders{"publish CPU/E1/fast", "start timer"}));
  story.answers();
  EXPECT_EQ(story.orders(), (Orders{"load CPU/E2/full", "event LOAD_STARTED"}));
  EXPECT_EQ(story.ladder.phase(), Phase::kHelper);
  story.loads(kInterim);
  EXPECT_EQ(story.deeds(), (Orders{"check CPU/E2/full against CPU/E1/fast"}));
  EXPECT_EQ(story.ladder.phase(), Phase::kChecking);
  story.passes(kInterim);
  EXPECT_EQ(story.orders(), (Orders{"event CHECK_DONE", "publish CPU/E2/full", "event SWITCHED"}));
  EXPECT_EQ(story.ladder.phase(), Phase::kHelper) << "start-up goes on";
  EXPECT_EQ(story.ladder.generation(), 2u);
  EXPECT_TRUE(story.ladder.serving_is_interim()) << "in parentheses";
  story.drains(kHelper);
  EXPECT_EQ(story.deeds(), (Orders{"release CPU/E1/fast"}));
  EXPECT_EQ(story.ladder.phase(), Phase::kHelper);
  story.released(kHelper);
  EXPECT_EQ(story.orders(), (Orders{"event HELPER_RELEASED"}));

  story.loads(kTarget);
  EXPECT_EQ(story.deeds(), (Orders{"check GPU/G/full against CPU/E2/full"}));
  story.passes(kTarget);
  EXPECT_EQ(story.orders(), (Orders{"event CHECK_DONE", "publish GPU/G/full", "event SWITCHED"}));
  EXPECT_EQ(story.ladder.generation(), 3u);
  EXPECT_EQ(story.ladder.phase(), Phase::kDraining);
  EXPECT_FALSE(story.ladder.serving_is_interim());
  story.drains(kInterim);
  EXPECT_EQ(story.deeds(), (Orders{"release CPU/E2/full", "settled"}));
  EXPECT_EQ(story.ladder.phase(), Phase::kSteady);
  story.released(kInterim);
  EXPECT_EQ(story.orders(), (Orders{"event HELPER_RELEASED"}));
}

TEST(LadderInterim, B552_without_an_answer_it_begins_half_a_second_after_the_helper) {
  Story story(gpu_and_cpu().interim(kInterim).build(), no_second_look());
  story.start();
  story.loads(kHelper);
  story.deeds();
  story.timer(Action::Timer::kDeferredTarget);
  EXPECT_EQ(story.deeds(), (Orders{"load CPU/E2/full"}));
  story.answers();
  EXPECT_EQ(story.deeds(), Orders{}) << "it must not be loaded twice";
}

TEST(LadderInterim, B552_a_deferred_target_goes_first) {
  Story story(gpu_and_cpu().deferred().interim(kInterim).build(), no_second_look());
  story.start();
  story.loads(kHelper);
  story.deeds();
  story.answers();
  EXPECT_EQ(story.deeds(), (Orders{"load GPU/G/full", "load CPU/E2/full"}));
}

TEST(LadderInterim, B552_a_target_that_comes_meanwhile_waits_for_nothing) {
  Story loading = with_interim();
  loading.orders();
  loading.loads(kTarget);
  EXPECT_EQ(loading.deeds(), (Orders{"cancel load CPU/E2/full", "check GPU/G/full against CPU/E1/fast"}));
  Story checking = with_interim();
  checking.loads(kInterim);
  checking.orders();
  checking.loads(kTarget);
  EXPECT_EQ(checking.deeds(),
            (Orders{"cancel check CPU/E2/full", "release CPU/E2/full", "check GPU/G/full against CPU/E1/fast"}));
  for (Story* story : {&loading, &checking}) {
    story->passes(kTarget);
    EXPECT_EQ(story->serving(), kTarget);
    EXPECT_EQ(story->ladder.generation(), 2u);
    EXPECT_EQ(story->at(kInterim).state, RungState::kAbsent) << "nobody refused it";
  }
}

/// The target is loaded while what serves in between is on its way, and its first run takes long.
Story warming() {
  Story story = with_lazy_target();
  story.orders();
  story.loads(kTarget);
  return story;
}

TEST(LadderInterim, B552_a_target_whose_first_run_takes_long_runs_once_while_the_other_is_prepared) {
  Story story = warming();
  EXPECT_EQ(story.deeds(), (Orders{"warm up GPU/G/full"}));
  EXPECT_EQ(story.ladder.phase(), Phase::kChecking);
  story.loads(kInterim);
  EXPECT_EQ(story.deeds(), (Orders{"check CPU/E2/full against CPU/E1/fast"}));
  story.passes(kInterim);
  EXPECT_EQ(story.serving(), kInterim);
  story.drains(kHelper);
  story.orders();
  story.warmed(kTarget);
  EXPECT_EQ(story.deeds(), (Orders{"check GPU/G/full against CPU/E2/full"}));
  story.passes(kTarget);
  EXPECT_EQ(story.serving(), kTarget);
  EXPECT_EQ(story.ladder.generation(), 3u);
}

TEST(LadderInterim, B552_a_target_that_has_run_waits_for_nothing) {
  Story loading = warming();
  loading.orders();
  loading.warmed(kTarget);
  EXPECT_EQ(loading.deeds(), (Orders{"cancel load CPU/E2/full", "check GPU/G/full against CPU/E1/fast"}));
  Story checking = warming();
  checking.loads(kInterim);
  checking.orders();
  checking.warmed(kTarget);
  EXPECT_EQ(checking.deeds(),
            (Orders{"cancel check CPU/E2/full", "release CPU/E2/full", "check GPU/G/full against CPU/E1/fast"}));
  Story refused = warming();
  refused.loads(kInterim);
  refused.is_slower(kInterim);
  refused.orders();
  refused.warmed(kTarget);
  EXPECT_EQ(refused.deeds(), (Orders{"check GPU/G/full against CPU/E1/fast"}));
  Story failed = warming();
  failed.fails(kInterim);
  failed.orders();
  failed.warmed(kTarget);
  EXPECT_EQ(failed.deeds(), (Orders{"check GPU/G/full against CPU/E1/fast"}));
}

TEST(LadderInterim, B552_once_it_serves_the_targets_first_run_is_the_checks) {
  Story story = with_lazy_target();
  story.loads(kInterim);
  story.passes(kInterim);
  story.orders();
  story.loads(kTarget);
  EXPECT_EQ(story.deeds(), (Orders{"check GPU/G/full against CPU/E2/full"}));
}

TEST(LadderInterim, B538_B552_a_first_run_that_fails_makes_the_other_the_target) {
  Story story = warming();
  story.orders();
  story.warmed(kTarget, StatusCode::kDeviceFailed);
  EXPECT_EQ(story.deeds(), (Orders{"release GPU/G/full", "leave device", "choose device"}));
  EXPECT_EQ(story.at(kTarget).refusal, Reason::kWarmupFailed);
  EXPECT_EQ(story.at(kTarget).text, "the warm-up run failed: warm-up failed");
  story.chooses("CPU");
  story.loads(kInterim);
  story.passes(kInterim);
  EXPECT_EQ(story.serving(), kInterim);
  EXPECT_EQ(story.ladder.phase(), Phase::kDraining);
}

TEST(LadderInterim, B552_B619_the_target_serves_when_the_helper_fails_during_its_first_run) {
  Story story = warming();
  story.run_fails(kHelper);
  EXPECT_EQ(story.serving(), kTarget);
  story.orders();
  story.warmed(kTarget);
  EXPECT_EQ(story.orders(), Orders{}) << "nobody waits for that run any more";
}

TEST(LadderInterim, B544_B552_a_first_run_that_ends_after_the_model_was_closed_means_nothing) {
  Story story = warming();
  story.close();
  story.orders();
  story.warmed(kTarget);
  EXPECT_EQ(story.orders(), Orders{});
}

TEST(LadderInterim, B552_B553_what_was_given_up_for_the_target_is_looked_at_later) {
  Story story = with_interim({});
  story.loads(kTarget);
  story.passes(kTarget);
  story.drains(kHelper);
  story.orders();
  story.idle();
  EXPECT_EQ(story.deeds(), (Orders{"ask for CPU"}));
  story.is_granted("CPU");
  EXPECT_EQ(story.deeds(), (Orders{"load CPU/E2/full", "start timer"}));
}

TEST(LadderInterim, B552_one_that_fails_or_is_refused_leaves_the_helper) {
  Story failing = with_interim();
  failing.orders();
  failing.fails(kInterim);
  EXPECT_EQ(failing.orders(), (Orders{"event CANDIDATE_FAILED"}));
  Story slow = with_interim();
  slow.loads(kInterim);
  slow.orders();
  slow.is_slower(kInterim);
  EXPECT_EQ(slow.orders(), (Orders{"event CHECK_DONE", "release CPU/E2/full", "event CANDIDATE_FAILED"}));
  Story wrong = with_interim();
  wrong.loads(kInterim);
  wrong.orders();
  wrong.disagrees(kInterim, /*lowered=*/true);
  EXPECT_EQ(wrong.deeds(), (Orders{"release CPU/E2/full"})) << "its full precision may be a target later";
  for (Story* story : {&failing, &slow, &wrong}) {
    EXPECT_EQ(story->ladder.phase(), Phase::kHelper);
    EXPECT_EQ(story->serving(), kHelper);
    story->loads(kTarget);
    EXPECT_EQ(story->deeds(), (Orders{"check GPU/G/full against CPU/E1/fast"}));
    story->passes(kTarget);
    EXPECT_EQ(story->serving(), kTarget);
  }
}

TEST(LadderInterim, B552_a_target_that_fails_makes_it_the_target) {
  Story loading = with_interim();
  loading.fails(kTarget);
  loading.orders();
  loading.chooses("CPU");
  EXPECT_EQ(loading.deeds(), Orders{}) << "its load goes on";
  loading.loads(kInterim);
  EXPECT_EQ(loading.deeds(), (Orders{"check CPU/E2/full against CPU/E1/fast"}));
  Story checking = with_interim();
  checking.loads(kInterim);
  checking.fails(kTarget);
  checking.chooses("CPU");
  EXPECT_EQ(checking.ladder.phase(), Phase::kChecking);
  for (Story* story : {&loading, &checking}) {
    story->passes(kInterim);
    EXPECT_EQ(story->ladder.phase(), Phase::kDraining);
    EXPECT_FALSE(story->ladder.serving_is_interim());
    story->drains(kHelper);
    EXPECT_EQ(story->ladder.phase(), Phase::kSteady);
  }
}

TEST(LadderInterim, B539_B552_a_target_that_is_refused_leaves_it_for_good) {
  Story story = between();
  story.loads(kTarget);
  story.is_slower(kTarget);
  story.chooses("CPU");
  story.released(kTarget);
  EXPECT_EQ(story.serving(), kInterim);
  EXPECT_EQ(story.ladder.phase(), Phase::kSteady);
  EXPECT_EQ(story.ladder.generation(), 2u);
  EXPECT_FALSE(story.ladder.serving_is_interim());
  EXPECT_NE(story.history().find("event HELPER_KEPT"), std::string::npos);
}

TEST(LadderInterim, B413_B552_another_device_is_asked_for_first) {
  for (const bool granted : {true, false}) {
    Story story(gpu_npu_and_cpu().interim("NPU/N/full").build(), no_second_look());
    story.start();
    story.loads(kHelper);
    story.orders();
    story.answers();
    EXPECT_EQ(story.deeds(), (Orders{"ask for NPU"}));
    if (!granted) {
      story.is_refused("NPU");
      story.timer(Action::Timer::kDeferredTarget);
      EXPECT_EQ(story.deeds(), Orders{}) << "and once only";
    } else {
      story.is_granted("NPU");
      EXPECT_EQ(story.deeds(), (Orders{"load NPU/N/full"}));
      story.loads("NPU/N/full");
      story.passes("NPU/N/full");
      EXPECT_EQ(story.serving(), "NPU/N/full");
    }
    story.loads(kTarget);
    story.passes(kTarget);
    EXPECT_EQ(story.serving(), kTarget);
  }
}

TEST(LadderInterim, B552_B624_where_the_helper_is_lost_while_it_drains_nothing_of_its_device_is_next) {
  Story story = answered(gpu_npu_and_cpu().interim("NPU/N/full").build());
  story.is_granted("NPU");
  story.loads("NPU/N/full");
  story.passes("NPU/N/full");
  story.run_fails(kHelper, StatusCode::kDeviceLost);
  EXPECT_TRUE(story.ladder.suspended(2)) << "the CPU";
  story.fails(kTarget);
  const auto choice = std::find_if(story.actions.begin(), story.actions.end(),
                                   [](const Action& a) { return a.kind == Action::Kind::kChooseDevice; });
  ASSERT_NE(choice, story.actions.end());
  EXPECT_EQ(choice->devices, std::vector<int>{1}) << "the NPU, which serves";
  story.chooses("NPU");
  EXPECT_EQ(story.ladder.phase(), Phase::kSteady);
  EXPECT_EQ(story.serving(), "NPU/N/full");
}

TEST(LadderInterim, B552_an_answer_that_comes_after_the_target_means_nothing) {
  Story story = answered(gpu_npu_and_cpu().interim("NPU/N/full").build());
  story.loads(kTarget);
  story.orders();
  story.is_granted("NPU");
  EXPECT_EQ(story.deeds(), Orders{});
}

TEST(LadderInterim, B525_B552_a_switch_that_the_user_holds_is_none) {
  LadderOptions hold = no_second_look();
  hold.hold = true;
  Story story(gpu_and_cpu().interim(kInterim).build(), hold);
  story.start();
  story.loads(kHelper);
  story.orders();
  story.answers();
  EXPECT_EQ(story.deeds(), Orders{});
  Story late = with_interim();
  late.loads(kInterim);
  late.hold(true);
  late.orders();
  late.passes(kInterim);
  EXPECT_EQ(late.deeds(), (Orders{"release CPU/E2/full"}));
  EXPECT_EQ(late.serving(), kHelper);
  EXPECT_EQ(late.ladder.phase(), Phase::kHelper);
}

TEST(LadderInterim, B552_B1009_a_target_from_the_cache_needs_nobody_before_it) {
  LadderOptions options = no_second_look();
  options.startup_grace = std::chrono::milliseconds(300);
  Story story(gpu_and_cpu().interim(kInterim).cached().build(), options);
  story.start();
  story.timer(Action::Timer::kStartupGrace);
  story.loads(kHelper);
  story.orders();
  story.answers();
  EXPECT_EQ(story.deeds(), Orders{});
  Story refused(gpu_and_cpu().interim(kInterim).cached().build(), options);
  refused.start();
  refused.entry_refused(kTarget);
  refused.loads(kHelper);
  refused.orders();
  refused.answers();
  EXPECT_EQ(refused.deeds(), (Orders{"load CPU/E2/full"})) << "it is compiled after all";
}

TEST(LadderInterim, B552_nothing_is_begun_for_another_target_or_one_that_is_there) {
  Story other(gpu_npu_and_cpu().interim("CPU/E2/full").build(), no_second_look());
  other.start();
  other.loads(kHelper);
  other.fails(kTarget);
  other.chooses("NPU");
  other.orders();
  other.answers();
  EXPECT_EQ(other.deeds(), Orders{});
  Story there(gpu_and_cpu().interim(kInterim).build(), no_second_look());
  there.start();
  there.loads(kHelper);
  there.loads(kTarget);
  there.orders();
  there.answers();
  EXPECT_EQ(there.deeds(), Orders{});
}

TEST(LadderInterim, B552_B619_when_the_helper_fails_meanwhile_all_of_that_is_given_up) {
  Story story = answered(gpu_npu_and_cpu().interim("NPU/N/full").build());
  story.is_granted("NPU");
  story.orders();
  story.run_fails(kHelper);
  const auto deeds = story.deeds();
  EXPECT_NE(std::find(deeds.begin(), deeds.end(), "cancel load NPU/N/full"), deeds.end());
  story.loads(kTarget);
  EXPECT_EQ(story.serving(), kTarget);
}

TEST(LadderInterim, B552_B619_when_it_fails_itself_requests_wait_for_the_target) {
  Story story = between();
  story.run_fails(kInterim);
  EXPECT_EQ(story.ladder.phase(), Phase::kFailover);
  story.loads(kTarget);
  EXPECT_EQ(story.serving(), kTarget);
}

TEST(LadderInterim, B542_B552_the_last_to_help_is_the_one_kept) {
  LadderOptions keep = no_second_look();
  keep.keep_helper = true;
  Story story = with_interim(keep);
  story.loads(kInterim);
  story.passes(kInterim);
  story.orders();
  story.drains(kHelper);
  EXPECT_EQ(story.deeds(), (Orders{"release CPU/E1/fast"}));
  story.loads(kTarget);
  story.passes(kTarget);
  story.orders();
  story.drains(kInterim);
  EXPECT_EQ(story.deeds(), (Orders{"settled"}));
  EXPECT_EQ(story.at(kInterim).state, RungState::kReady);
}

}  // namespace
}  // namespace baton::policy
