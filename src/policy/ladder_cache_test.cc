// SPDX-License-Identifier: Apache-2.0
// Copyright (C) 2026 The Baton authors
//
// What the ladder does with a target that loads from the cache.
#include <gtest/gtest.h>

#include <algorithm>
#include <vector>

#include "policy/ladder_story.h"

namespace baton::policy {
namespace {

using base::Status;
using base::StatusCode;
using Kind = Action::Kind;

constexpr int kTarget = 0;
constexpr int kHelper = 1;
const base::TimePoint kNow{};

Plan cached_plan(bool defer = false) {
  Plan plan;
  plan.rungs = {{.pair = {"GPU", "G", "G", engine::Profile::kFull, engine::Precision::kNative}, .device = 0},
                {.pair = {"CPU", "C", "C", engine::Profile::kFull, engine::Precision::kNative}, .device = 1}};
  plan.devices = {{0, "GPU", {kTarget}}, {1, "CPU", {kHelper}}};
  plan.helper = kHelper;
  plan.target_cached = true;
  plan.defer_target = defer;
  return plan;
}

LadderOptions with_grace(int ms = 300) {
  LadderOptions options;
  options.startup_grace = std::chrono::milliseconds(ms);
  return options;
}

/// Rungs that are ordered to load.
std::vector<int> loads(const Actions& actions) {
  std::vector<int> rungs;
  for (const Action& action : actions) {
    if (action.kind == Kind::kLoad) rungs.push_back(action.rung);
  }
  return rungs;
}

using Rungs = std::vector<int>;
using test::Orders;
using test::PlanBuilder;
using test::Story;

TEST(LadderCache, B1009_the_helper_waits_for_a_target_from_the_cache) {
  Ladder ladder(cached_plan(), with_grace());
  const Actions actions = ladder.start(kNow);
  EXPECT_EQ(loads(actions), Rungs{kTarget});
  EXPECT_TRUE(std::any_of(actions.begin(), actions.end(), [](const Action& a) {
    return a.kind == Kind::kStartTimer && a.timer == Action::Timer::kStartupGrace &&
           a.time == kNow + std::chrono::milliseconds(300);
  }));
  ladder.loaded(kTarget, Status::ok(), kNow);
  EXPECT_EQ(ladder.phase(), Phase::kSteady);
  EXPECT_TRUE(loads(ladder.timer(Action::Timer::kStartupGrace, -1, kNow)).empty()) << "the target serves";
}

TEST(LadderCache, B1009_on_few_cores_the_target_is_not_deferred_then) {
  Ladder ladder(cached_plan(/*defer=*/true), with_grace());
  EXPECT_EQ(loads(ladder.start(kNow)), Rungs{kTarget});
}

TEST(LadderCache, B1011_after_the_grace_the_helper_starts) {
  Ladder ladder(cached_plan(), with_grace());
  ladder.start(kNow);
  EXPECT_EQ(loads(ladder.timer(Action::Timer::kStartupGrace, -1, kNow)), Rungs{kHelper});
  EXPECT_TRUE(loads(ladder.timer(Action::Timer::kStartupGrace, -1, kNow)).empty()) << "once";
  ladder.loaded(kHelper, Status::ok(), kNow);
  EXPECT_EQ(ladder.phase(), Phase::kHelper);
}

TEST(LadderCache, B1011_without_grace_it_is_a_plain_start) {
  Ladder ladder(cached_plan(), with_grace(0));
  EXPECT_EQ(loads(ladder.start(kNow)), (Rungs{kTarget, kHelper}));
}

TEST(LadderCache, B1011_a_refused_entry_makes_it_a_plain_start) {
  Ladder ladder(cached_plan(), with_grace());
  ladder.start(kNow);
  EXPECT_EQ(loads(ladder.entry_refused(kTarget, kNow)), (Rungs{kTarget, kHelper}));
  Ladder deferred(cached_plan(/*defer=*/true), with_grace());
  deferred.start(kNow);
  EXPECT_EQ(loads(deferred.entry_refused(kTarget, kNow)), Rungs{kHelper});
  deferred.loaded(kHelper, Status::ok(), kNow);
  EXPECT_EQ(loads(deferred.first_answer(kNow)), Rungs{kTarget});
}

TEST(LadderCache, B1011_refused_after_the_grace_the_target_is_compiled_behind_the_helper) {
  Ladder ladder(cached_plan(), with_grace());
  ladder.start(kNow);
  ladder.timer(Action::Timer::kStartupGrace, -1, kNow);
  EXPECT_EQ(loads(ladder.entry_refused(kTarget, kNow)), Rungs{kTarget});
  Ladder deferred(cached_plan(/*defer=*/true), with_grace());
  deferred.start(kNow);
  deferred.timer(Action::Timer::kStartupGrace, -1, kNow);
  EXPECT_TRUE(loads(deferred.entry_refused(kTarget, kNow)).empty()) << "B-516";
  deferred.loaded(kHelper, Status::ok(), kNow);
  EXPECT_EQ(loads(deferred.first_answer(kNow)), Rungs{kTarget});
}

TEST(LadderCache, B1010_a_target_that_fails_goes_on_as_ever) {
  Ladder ladder(cached_plan(), with_grace());
  ladder.start(kNow);
  EXPECT_EQ(loads(ladder.loaded(kTarget, Status(StatusCode::kDeviceLost, "gone"), kNow)), Rungs{kHelper});
}

TEST(LadderCache, a_refusal_that_comes_too_late_orders_nothing) {
  Ladder ladder(cached_plan(), with_grace());
  ladder.start(kNow);
  ladder.close(kNow);
  EXPECT_TRUE(ladder.entry_refused(kTarget, kNow).empty());
}

TEST(LadderCache, B513_a_helpers_refused_entry_is_compiled_at_once) {
  Plan plan = cached_plan();
  plan.target_cached = false;
  Ladder ladder(plan, with_grace());
  ladder.start(kNow);
  EXPECT_EQ(loads(ladder.entry_refused(kHelper, kNow)), Rungs{kHelper});
}

PlanBuilder from_cache() { return test::gpu_and_cpu().cached(); }

TEST(LadderCache, B1011_any_grace_is_one) {
  for (const base::Duration grace : {base::Duration{1}, base::Duration(std::chrono::milliseconds(300))}) {
    LadderOptions options;
    options.startup_grace = grace;
    Story story(from_cache().build(), options);
    story.start();
    EXPECT_EQ(story.deeds(), (Orders{"load GPU/G/full", "start timer"}));
    EXPECT_EQ(story.actions.back().time, story.now() + grace);
    story.timer(Action::Timer::kStartupGrace);
    EXPECT_EQ(story.deeds(), Orders{"load CPU/E1/fast"});
  }
}

TEST(LadderCache, B1011_a_refused_entry_makes_it_a_plain_start_whichever_device_helps) {
  Story story(from_cache().build(), with_grace());
  story.start();
  story.orders();
  story.entry_refused("GPU/G/full");
  EXPECT_EQ(story.news().back(), "LOAD_STARTED CPU/E1/fast HELPER");
  EXPECT_EQ(story.deeds(), (Orders{"load GPU/G/full", "load CPU/E1/fast"}));
  story.timer(Action::Timer::kStartupGrace);
  EXPECT_EQ(story.deeds(), Orders{}) << "both are under way";
}

TEST(LadderCache, B516_B1011_a_target_that_is_being_loaded_does_not_wait_for_the_helpers_answer) {
  Story story(from_cache().deferred().build(), with_grace());
  story.start();
  story.timer(Action::Timer::kStartupGrace);
  story.orders();
  story.loads("CPU/E1/fast");
  EXPECT_EQ(story.deeds(), Orders{"publish CPU/E1/fast"}) << "its load goes on";
  story.entry_refused("GPU/G/full");
  EXPECT_EQ(story.deeds(), Orders{"load GPU/G/full"}) << "the helper is there";
}

TEST(LadderCache, B1011_an_entry_refused_to_the_next_target_is_compiled_at_once) {
  Story story(from_cache().build(), with_grace());
  story.start();
  story.fails("GPU/G/full");
  story.chooses("CPU");
  story.orders();
  story.entry_refused("CPU/E2/full");
  EXPECT_EQ(story.deeds(), Orders{"load CPU/E2/full"});
}

TEST(LadderCache, B624_B1011_a_probes_refused_entry_is_compiled_as_a_probe) {
  Story story = test::steady(test::three().device("CPU", {"E2"}).helps("CPU", "E1").deferred().build());
  story.run_fails("A/a/full");
  story.chooses("B");
  story.probe("A");
  story.news();
  story.orders();
  story.entry_refused("A/a/full");
  EXPECT_EQ(story.deeds(), Orders{"load A/a/full"}) << "the helper is still being loaded";
  EXPECT_EQ(story.news(), Orders{"LOAD_STARTED A/a/full PROBE"});
}

}  // namespace
}  // namespace baton::policy
