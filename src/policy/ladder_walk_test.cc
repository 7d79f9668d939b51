// SPDX-License-Identifier: Apache-2.0
// Copyright (C) 2026 The Baton authors
//
// Whatever happens, in whatever order: nothing is loaded twice or forgotten (Story's books), and once nothing fails any
// more the model serves, on a device that is registered for it, with nothing left to do.
#include <gtest/gtest.h>

#include <array>
#include <functional>
#include <random>

#include "policy/ladder_story.h"

namespace baton::policy {
namespace {

using namespace test;

/// The shell and the world around a ladder: takes its orders and answers them, in any order and with any outcome.
class World {
 public:
  World(const Plan& plan, const LadderOptions& options, unsigned seed)
      : story_(plan, options), random_(seed), registered_(plan.first_device) {}

  /// `events` with failures, then none any more.
  void live(int events) {
    story_.start();
    obey();
    for (int i = 0; i < events && !over() && !testing::Test::HasFailure(); ++i) step(/*calm=*/false);
    for (int i = 0; i < 200 && !over() && busy() && !testing::Test::HasFailure(); ++i) step(/*calm=*/true);
  }

  const std::string& history() const { return story_.history(); }

  void expect_peace() {
    if (over()) return;
    const Ladder& ladder = story_.ladder;
    EXPECT_FALSE(busy());
    EXPECT_EQ(ladder.phase(), Phase::kSteady) << to_string(ladder.phase());
    ASSERT_GE(ladder.serving(), 0);
    const int device = ladder.rungs()[static_cast<std::size_t>(ladder.serving())].spec.device;
    EXPECT_EQ(registered_, device) << "B-415";
    for (std::size_t d = 0; d < ladder.plan().devices.size(); ++d)
      EXPECT_FALSE(ladder.suspended(static_cast<int>(d))) << "B-624: every device was probed";
    EXPECT_FALSE(ladder.serving_is_interim());
  }

 private:
  bool over() const { return story_.ladder.phase() == Phase::kFailed && story_.ladder.generation() == 0; }
  bool busy() const {
    return !loads_.empty() || !checks_.empty() || !warm_ups_.empty() || !draining_.empty() || !asks_.empty() ||
           !choices_.empty() || !story_.probe_at.empty() || watching_ || deferred_;
  }
  bool chance(int percent) { return std::uniform_int_distribution<int>(1, 100)(random_) <= percent; }
  template <typename Set>
  auto any(Set& set) {
    auto place = set.begin();
    std::advance(place, std::uniform_int_distribution<std::size_t>(0, set.size() - 1)(random_));
    return place;
  }
  std::string name(int rung) const {
    return to_string(story_.ladder.rungs()[static_cast<std::size_t>(rung)].spec.pair);
  }
  std::string device(int index) const { return story_.ladder.plan().devices[static_cast<std::size_t>(index)].name; }

  void step(bool calm) {
    std::vector<std::function<void()>> possible;
    if (!loads_.empty()) possible.push_back([&] { end_load(calm); });
    if (!cancelled_.empty()) possible.push_back([&] { end_cancelled_load(); });
    if (!checks_.empty()) possible.push_back([&] { end_check(calm); });
    if (!warm_ups_.empty()) possible.push_back([&] { end_warm_up(calm); });
    if (!draining_.empty()) possible.push_back([&] { story_.drains(take(draining_)); });
    if (!asks_.empty()) possible.push_back([&] { answer(calm); });
    if (!choices_.empty()) possible.push_back([&] { choose(); });
    if (!story_.probe_at.empty()) possible.push_back([&] { probe(); });
    if (watching_) possible.push_back([&] { watching_ = false, story_.idle(); });
    if (deferred_) possible.push_back([&] { deferred_ = false, story_.answers(); });
    if (!calm && story_.ladder.serving() >= 0) possible.push_back([&] { fail_run(story_.serving()); });
    if (!calm && story_.ladder.serving() >= 0 && chance(20))
      possible.push_back([&] { story_.shapes_change(story_.serving()); });
    if (!calm && !draining_.empty()) possible.push_back([&] { fail_run(*any(draining_)); });
    if (possible.empty()) return;
    story_.actions.clear();
    (*any(possible))();
    obey();
  }

  std::string take(std::set<std::string>& set) { return set.extract(any(set)).value(); }

  StatusCode any_error() {
    constexpr std::array kErrors = {StatusCode::kDeviceFailed, StatusCode::kDeviceLost, StatusCode::kResourceExhausted};
    return *any(kErrors);
  }

  void end_load(bool calm) {
    const std::string rung = take(loads_);
    if (!calm && chance(10)) {
      loads_.insert(rung);
      story_.entry_refused(rung);
      loads_.erase(rung);  // ordered again, or to come after the helper
    } else if (calm || chance(70)) {
      story_.loads(rung);
    } else {
      story_.fails(rung, any_error());
    }
  }
  void end_cancelled_load() {
    const std::string rung = take(cancelled_);
    if (chance(50)) story_.loads(rung);
    else story_.fails(rung);
  }
  void end_check(bool calm) {
    const std::string rung = take(checks_);
    if (calm || chance(60)) story_.passes(rung, {{"ratio", 0.7}});
    else if (chance(50)) story_.is_slower(rung);
    else story_.disagrees(rung, chance(50));
  }
  void end_warm_up(bool calm) { story_.warmed(take(warm_ups_), calm || chance(60) ? StatusCode::kOk : any_error()); }
  void fail_run(const std::string& rung) {
    if (chance(40)) story_.run_fails(rung, any_error());
  }
  void answer(bool calm) {
    const auto place = any(asks_);
    const Action ask = *place;
    asks_.erase(place);
    const bool granted = calm || ask.force || chance(70);
    if (granted && ask.claim) registered_ = ask.device;
    if (granted) story_.is_granted(device(ask.device), ask.claim);
    else story_.is_refused(device(ask.device), ask.claim);
  }
  void choose() {
    const std::vector<int> devices = choices_.front();
    choices_.erase(choices_.begin());
    registered_ = *any(devices);
    story_.chooses(device(registered_));
  }
  void probe() {
    const auto place = any(story_.probe_at);
    const std::string device = place->first;
    story_.probe(device);
    const auto planned = std::any_of(story_.actions.begin(), story_.actions.end(), [&](const Action& action) {
      return action.kind == Kind::kStartTimer && action.timer == Action::Timer::kProbe &&
             this->device(action.rung) == device;
    });
    if (!planned) story_.probe_at.erase(device);
  }

  void obey() {
    for (const Action& action : story_.actions) {
      switch (action.kind) {
        case Kind::kLoad:
          loads_.insert(name(action.rung));
          cancelled_.erase(name(action.rung));  // the shell tells an earlier load's end from this one's
          break;
        case Kind::kCancelLoad:
          if (loads_.erase(name(action.rung)) > 0) cancelled_.insert(name(action.rung));
          break;
        case Kind::kCheck: checks_.insert(name(action.rung)); break;
        case Kind::kCancelCheck: checks_.erase(name(action.rung)); break;
        case Kind::kWarmUp: warm_ups_.insert(name(action.rung)); break;
        case Kind::kPublish:
          draining_.erase(name(action.rung));
          if (action.other >= 0) draining_.insert(name(action.other));
          break;
        case Kind::kRelease:
        case Kind::kRetire: warm_ups_.erase(name(action.rung)); break;
        case Kind::kAskDevice: asks_.push_back(action); break;
        case Kind::kChooseDevice: choices_.push_back(action.devices); break;
        case Kind::kLeaveDevice: registered_ = -1; break;
        case Kind::kWatchIdle: watching_ = true; break;
        case Kind::kStartTimer: deferred_ |= action.timer == Action::Timer::kDeferredTarget; break;
        default: break;
      }
    }
    EXPECT_LE(checks_.size(), 1u) << "B-530: two checks would measure each other";
  }

  Story story_;
  std::mt19937 random_;
  int registered_;
  std::set<std::string> loads_, cancelled_, checks_, warm_ups_, draining_;
  std::vector<Action> asks_;
  std::vector<std::vector<int>> choices_;
  bool watching_ = false;
  bool deferred_ = false;
};

class LadderWalk : public testing::TestWithParam<PlanBuilder> {};

TEST_P(LadderWalk, B415_B521_B612_B624_in_the_end_it_serves_and_nothing_is_left_over) {
  for (unsigned seed = 0; seed < 60 && !HasFailure(); ++seed) {
    LadderOptions options;
    options.second_look = seed % 2 == 0;
    options.keep_helper = seed % 3 == 0;
    World world(GetParam().build(), options, seed);
    world.live(static_cast<int>(10 + seed % 40));
    world.expect_peace();
    EXPECT_FALSE(HasFailure()) << "seed " << seed << world.history();
  }
}

INSTANTIATE_TEST_SUITE_P(
    Ladder, LadderWalk,
    testing::Values(
        gpu_and_cpu(), gpu_and_cpu().interim("CPU/E2/full"), gpu_npu_and_cpu().interim("NPU/N/full"),
        gpu_npu_and_cpu().interim("CPU/E2/full"), gpu_and_cpu().helps("CPU", "E1").deferred(),
        cpu_only().helps("CPU", "E1"), three().device("CPU", {"E2"}).fast_helper("CPU", "E1").helps("CPU", "E1"),
        PlanBuilder().device("CPU", {"E2", "E1"}).device("GPU", {"G", "H"}).full_helper("CPU", "E1").first("GPU"),
        PlanBuilder().device("GPU", {"G"}).device("NPU", {"N"}).quickest("GPU", "F", Profile::kFast)));

}  // namespace
}  // namespace baton::policy
