// SPDX-License-Identifier: Apache-2.0
// Copyright (C) 2026 The Baton authors
//
// What listeners are told and what explain reads.
#include <gtest/gtest.h>

#include "policy/ladder_story.h"

namespace baton::policy {
namespace {

using namespace test;

TEST(LadderNews, B524_B1213_a_plain_start) {
  Story story(gpu_and_cpu().build(), no_second_look());
  story.start();
  EXPECT_EQ(story.news(), (Orders{"LOAD_STARTED GPU/G/full", "LOAD_STARTED CPU/E1/fast HELPER"}));
  story.loads("CPU/E1/fast");
  EXPECT_EQ(story.news(), (Orders{"LOAD_FINISHED CPU/E1/fast", "HELPER_READY CPU/E1/fast"}));
  EXPECT_EQ(story.figure("ms"), 10);
  EXPECT_EQ(story.figure("since_start_ms"), 10);
  story.loads("GPU/G/full");
  EXPECT_EQ(story.news(), Orders{"LOAD_FINISHED GPU/G/full"});
  EXPECT_EQ(story.figure("ms"), 20);
  EXPECT_EQ(story.at("GPU/G/full").figures.at("load_ms"), 20);
  story.passes("GPU/G/full", {{"ratio", 0.5}});
  EXPECT_EQ(story.news(), (Orders{"CHECK_DONE GPU/G/full", "SWITCHED GPU/G/full: from CPU/E1/fast to GPU/G/full"}));
  EXPECT_EQ(story.figure("since_start_ms"), 30);
  EXPECT_EQ(story.figure("ratio"), 0.5);
  EXPECT_EQ(story.figure("load_ms"), 20);
  story.drains("CPU/E1/fast");
  EXPECT_EQ(story.news(), Orders{});
  story.released("CPU/E1/fast");
  EXPECT_EQ(story.news(), Orders{"HELPER_RELEASED CPU/E1/fast"});
  story.close();
  EXPECT_EQ(story.news(), Orders{"CLOSED"});
}

TEST(LadderNews, B541_only_the_helpers_release_is_told) {
  Story story(gpu_and_cpu().build(), no_second_look());
  story.start();
  story.loads("CPU/E1/fast");
  story.loads("GPU/G/full");
  story.news();
  story.is_slower("GPU/G/full");
  story.news();
  story.released("GPU/G/full");
  EXPECT_EQ(story.news(), Orders{}) << "a target that was given up";
  story.released("CPU/E1/fast");
  EXPECT_EQ(story.news(), Orders{}) << "it serves";
  story.close();
  story.news();
  story.released("CPU/E1/fast");
  EXPECT_EQ(story.news(), Orders{});
}

TEST(LadderNews, B604_B1306_a_load_that_fails_is_told_and_explained) {
  Story story(gpu_and_cpu().build(), no_second_look());
  story.start();
  story.news();
  story.fails("GPU/G/full");
  EXPECT_EQ(story.news(), Orders{"CANDIDATE_FAILED GPU/G/full LOAD_FAILED: no luck"});
  EXPECT_EQ(story.at("GPU/G/full").state, RungState::kFailed);
  EXPECT_EQ(story.at("GPU/G/full").refusal, Reason::kLoadFailed);
  EXPECT_EQ(story.at("GPU/G/full").text, "no luck");
  story.chooses("CPU");
  EXPECT_EQ(story.news(), Orders{"LOAD_STARTED CPU/E2/full"});
}

TEST(LadderNews, B537_B1306_a_refused_hand_over_is_told_and_explained) {
  Story story(gpu_and_cpu().build(), no_second_look());
  story.start();
  story.loads("CPU/E1/fast");
  story.loads("GPU/G/full");
  story.news();
  story.is_slower("GPU/G/full", 1.25);
  EXPECT_EQ(story.news(), (Orders{"CHECK_DONE GPU/G/full SLOWER_THAN_HELPER: slower",
                                  "CANDIDATE_FAILED GPU/G/full SLOWER_THAN_HELPER: slower"}));
  EXPECT_EQ(story.at("GPU/G/full").state, RungState::kFailed);
  EXPECT_EQ(story.at("GPU/G/full").refusal, Reason::kSlowerThanHelper);
  EXPECT_EQ(story.at("GPU/G/full").text, "slower");
  EXPECT_EQ(story.at("GPU/G/full").figures.at("ratio"), 1.25);
}

TEST(LadderNews, B539_a_helper_that_stays_is_told) {
  Story story(PlanBuilder().device("GPU", {"G"}).device("CPU", {"E"}).full_helper("CPU", "E").build());
  story.start();
  story.loads("CPU/E/full");
  story.fails("GPU/G/full");
  story.news();
  story.chooses("CPU");
  EXPECT_EQ(story.news(), Orders{"HELPER_KEPT CPU/E/full: no candidate is left that would serve better"});
}

TEST(LadderNews, B607_a_load_that_takes_too_long_says_so) {
  LadderOptions options = no_second_look();
  options.compile_timeout = std::chrono::seconds(1);
  Story story(cpu_only().build(), options);
  story.start();
  story.news();
  story.timer(Action::Timer::kLoadTimeout, "CPU/E2/full");
  EXPECT_EQ(story.news().front(),
            "CANDIDATE_FAILED CPU/E2/full LOAD_TIMEOUT: loading took longer than COMPILE_TIMEOUT");
}

TEST(LadderNews, B602_the_end_of_a_start_names_every_attempt) {
  LadderOptions options;
  options.tag = "MULTI";
  Story story(PlanBuilder().device("A", {"E", "F"}).build(), options);
  story.start();
  story.fails("A/E/full");
  story.news();
  story.orders();
  story.fails("A/F/full", StatusCode::kResourceExhausted);
  EXPECT_EQ(story.orders(), (Orders{"event CANDIDATE_FAILED", "leave device", "fail", "event FAILED"}));
  EXPECT_EQ(story.news().back(), "FAILED: [MULTI] compile model failed, A:[E] no luck; A:[F] no luck;");
}

TEST(LadderNews, B612_B624_a_fail_over_says_from_where_and_why) {
  const std::map<StatusCode, std::string> reasons = {{StatusCode::kDeviceFailed, "SUSPENDED_ENGINE_ERROR"},
                                                     {StatusCode::kDeviceLost, "SUSPENDED_DEVICE_LOST"},
                                                     {StatusCode::kResourceExhausted, "SUSPENDED_OUT_OF_MEMORY"}};
  for (const auto& [code, reason] : reasons) {
    Story story = steady(three().build());
    story.run_fails("A/a/full", code);
    EXPECT_EQ(story.news(), Orders{"DEVICE_SUSPENDED A/a/full " + reason + ": run failed"});
    story.chooses("B");
    story.loads("B/b/full");
    EXPECT_EQ(story.news(), (Orders{"LOAD_STARTED B/b/full", "LOAD_FINISHED B/b/full",
                                    "SWITCHED B/b/full " + reason + ": fail-over from A/a/full to B/b/full"}));
    EXPECT_EQ(story.figure("since_start_ms"), 40);
  }
}

TEST(LadderNews, B619_a_helper_that_fails_beside_its_own_devices_target_is_explained) {
  Story story(cpu_only().build(), no_second_look());
  story.start();
  story.loads("CPU/E1/fast");
  story.news();
  story.run_fails("CPU/E1/fast", StatusCode::kResourceExhausted);
  EXPECT_EQ(story.news(), Orders{"CANDIDATE_FAILED CPU/E1/fast SUSPENDED_OUT_OF_MEMORY: run failed"});
  EXPECT_EQ(story.at("CPU/E1/fast").state, RungState::kFailed);
  EXPECT_EQ(story.at("CPU/E1/fast").refusal, Reason::kSuspendedOutOfMemory);
  EXPECT_EQ(story.at("CPU/E1/fast").text, "run failed");
  story.loads("CPU/E2/full");
  EXPECT_EQ(story.news().back(),
            "SWITCHED CPU/E2/full SUSPENDED_OUT_OF_MEMORY: fail-over from CPU/E1/fast to CPU/E2/full");
}

TEST(LadderNews, B623_the_end_names_what_failed_on_every_device) {
  Story story = steady(PlanBuilder().device("A", {"a"}).device("B", {"b"}).build());
  story.run_fails("A/a/full");
  story.chooses("B");
  story.loads("B/b/full");
  story.news();
  story.run_fails("B/b/full", StatusCode::kDeviceLost);
  EXPECT_EQ(story.news(), (Orders{"DEVICE_SUSPENDED B/b/full SUSPENDED_DEVICE_LOST: run failed",
                                  "FAILED: inference failed after 2 attempts: A[a] ENGINE_ERROR: run failed; "
                                  "B[b] DEVICE_LOST: run failed"}));
}

TEST(LadderNews, B624_B626_a_probe_is_told_with_the_wait_for_the_next) {
  Story story = failed_over();
  story.news();
  story.probe("GPU");
  story.is_granted("GPU");
  EXPECT_EQ(story.news(), Orders{"LOAD_STARTED GPU/G/full PROBE"});
  story.fails("GPU/G/full", StatusCode::kDeviceLost);
  EXPECT_EQ(story.news(), Orders{"PROBE_DONE GPU/G/full LOAD_FAILED: no luck"});
  EXPECT_NEAR(story.figure("next_ms"), 1980, 10) << "2 s after the last one began";
  EXPECT_EQ(story.ladder.last_failure(0).text, "no luck");
  EXPECT_EQ(story.ladder.last_failure(0).code, StatusCode::kDeviceLost);
  EXPECT_EQ(story.ladder.suspended(0), Reason::kSuspendedDeviceLost);
  story.probe("GPU");
  story.is_granted("GPU");
  story.news();
  story.fails("GPU/G/full", StatusCode::kInvalidArgument);
  EXPECT_EQ(story.news(), Orders{"PROBE_DONE GPU/G/full LOAD_FAILED: no luck"});
  EXPECT_EQ(story.figure("next_ms"), 0) << "B-629: none";
}

TEST(LadderNews, B625_B630_a_return_is_told_and_why_there_is_none) {
  Story story = failed_over();
  story.probe("GPU");
  story.news();
  story.is_refused("GPU");
  EXPECT_EQ(story.news(), Orders{"PROBE_DONE GPU/G/full OCCUPIED: held by a model of higher priority: no return"});
  story.probe("GPU");
  story.is_granted("GPU");
  story.loads("GPU/G/full");
  story.news();
  story.passes("GPU/G/full");
  story.is_granted("GPU", true);
  EXPECT_EQ(story.news(), (Orders{"CHECK_DONE GPU/G/full", "PROBE_DONE GPU/G/full",
                                  "RETURNED GPU/G/full: from CPU/E/full to GPU/G/full"}));
}

TEST(LadderNews, B1106_a_return_without_memory_is_told) {
  LadderOptions options = no_second_look();
  options.stateful = true;
  options.fail_over = false;
  Story story = steady(three().build(), options);
  story.run_fails("A/a/full");
  story.probe("A");
  story.loads("A/a/full");
  story.warmed("A/a/full");
  story.news();
  story.is_granted("A", true);
  EXPECT_EQ(story.news(), (Orders{"PROBE_DONE A/a/full", "RETURNED A/a/full",
                                  "STATE_RESET A/a/full: the model begins with its initial state"}));
  ASSERT_TRUE(story.actions.front().event);
  EXPECT_EQ(story.actions.front().event->phase, Phase::kFailover) << "B-501: FAILED leaves by way of it";
}

TEST(LadderNews, B553_a_second_look_is_told) {
  Story story(cpu_only().build());
  story.start();
  story.loads("CPU/E1/fast");
  story.loads("CPU/E2/full");
  story.passes("CPU/E2/full");
  story.drains("CPU/E1/fast");
  story.news();
  story.idle();
  EXPECT_EQ(story.news(), (Orders{"SECOND_LOOK CPU/E1/full", "LOAD_STARTED CPU/E1/full"}));
  story.loads("CPU/E1/full");
  story.is_slower("CPU/E1/full");
  EXPECT_EQ(story.news(), (Orders{"LOAD_FINISHED CPU/E1/full", "CHECK_DONE CPU/E1/full SLOWER_THAN_HELPER: slower"}));
  story.released("CPU/E1/full");
  EXPECT_EQ(story.news(), Orders{});
}

}  // namespace
}  // namespace baton::policy
