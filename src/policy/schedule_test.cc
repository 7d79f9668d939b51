// SPDX-License-Identifier: Apache-2.0
// Copyright (C) 2026 The Baton authors
#include "policy/schedule.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <deque>
#include <functional>
#include <numeric>
#include <random>
#include <set>
#include <string>

namespace baton::policy {
namespace {

using ::testing::ElementsAre;

/// Gives requests away as long as somebody takes one; nothing ends.
std::vector<int> devices_of_next(Schedule& schedule, std::size_t waiting, double now_ms = 0) {
  std::vector<int> devices;
  std::vector<std::size_t> used(16, 0);
  while (const auto next = schedule.next(waiting, now_ms)) {
    const auto device = static_cast<std::size_t>(next->device);
    devices.push_back(next->device);
    schedule.started(next->device, used[device]++, now_ms);
    --waiting;
  }
  return devices;
}

Schedule joined(SchedulePolicy policy, const std::vector<std::size_t>& workers,
                const std::vector<double>& service = {}) {
  Schedule schedule(policy, workers.size());
  for (std::size_t d = 0; d < workers.size(); ++d)
    schedule.join(static_cast<int>(d), workers[d], service.empty() ? 1 : service[d]);
  return schedule;
}

TEST(Schedule, B814_the_users_list_is_an_order_and_a_default_list_is_not) {
  EXPECT_EQ(default_schedule_policy(/*default_order=*/false), SchedulePolicy::kDevicePriority);
  EXPECT_EQ(default_schedule_policy(/*default_order=*/true), SchedulePolicy::kEarliestFinish);
}

// ---------------------------------------------------------------------------------------------------------------------
// One decision

TEST(Schedule, B815_round_robin_takes_turns_and_skips_who_has_no_idle_worker) {
  Schedule schedule = joined(SchedulePolicy::kRoundRobin, {1, 3, 2});
  EXPECT_THAT(devices_of_next(schedule, 10), ElementsAre(0, 1, 2, 1, 2, 1));
}

TEST(Schedule, B815_device_priority_fills_the_first_device_first) {
  Schedule schedule = joined(SchedulePolicy::kDevicePriority, {1, 3, 2});
  EXPECT_THAT(devices_of_next(schedule, 10), ElementsAre(0, 1, 1, 1, 2, 2));
}

TEST(Schedule, B815_the_same_for_other_numbers_of_workers) {
  Schedule turns = joined(SchedulePolicy::kRoundRobin, {2, 1, 1, 3});
  EXPECT_THAT(devices_of_next(turns, 10), ElementsAre(0, 1, 2, 3, 0, 3, 3));
  Schedule order = joined(SchedulePolicy::kDevicePriority, {2, 1, 1, 3});
  EXPECT_THAT(devices_of_next(order, 5), ElementsAre(0, 0, 1, 2, 3));
}

TEST(Schedule, B813_round_robin_goes_on_after_the_device_used_last) {
  Schedule schedule = joined(SchedulePolicy::kRoundRobin, {1, 1, 1});
  EXPECT_THAT(devices_of_next(schedule, 2), ElementsAre(0, 1));
  schedule.ended(0, 0, 0);
  schedule.ended(1, 0, 0);
  EXPECT_THAT(devices_of_next(schedule, 3), ElementsAre(2, 0, 1));
}

TEST(Schedule, B822_the_second_device_gets_a_request_only_while_the_first_is_full) {
  Schedule schedule = joined(SchedulePolicy::kDevicePriority, {2, 2});
  EXPECT_THAT(devices_of_next(schedule, 3), ElementsAre(0, 0, 1));
  schedule.ended(0, 1, 0);
  EXPECT_EQ(schedule.next(1, 0), (Assignment{0, 0}));
  schedule.started(0, 1, 0);
  EXPECT_EQ(schedule.next(1, 0), (Assignment{1, 0}));
}

TEST(Schedule, B813_nothing_waits_inside_an_engine_while_another_device_is_free) {
  for (const auto& [policy, devices] : {std::pair{SchedulePolicy::kDevicePriority, std::vector{0, 0, 1, 0, 0, 0}},
                                        std::pair{SchedulePolicy::kRoundRobin, std::vector{0, 1, 0, 0, 0, 0}}}) {
    Schedule schedule(policy, 2);
    schedule.join(0, /*at_once=*/2, /*service_ms=*/1, /*waiting=*/3);
    schedule.join(1, 1, 1);
    EXPECT_EQ(devices_of_next(schedule, 10), devices) << to_string(policy);
  }
}

TEST(Schedule, what_waits_inside_an_engine_makes_no_device_larger) {
  Schedule schedule(SchedulePolicy::kEarliestFinish, 2);
  schedule.join(0, /*at_once=*/2, /*service_ms=*/8, /*waiting=*/2);
  schedule.join(1, 2, 4);
  schedule.started(0, 0, 0);
  schedule.started(1, 0, 0);
  EXPECT_EQ(schedule.busy(), 0.5);
  for (std::size_t worker = 1; worker < 4; ++worker) schedule.started(0, worker, 0);
  EXPECT_EQ(schedule.busy(), 1) << "as many as keep both busy";
  EXPECT_EQ(schedule.rate(0), 0.25);
  EXPECT_EQ(schedule.highest_rate(0), 0.25);
}

TEST(Schedule, B817_what_a_run_waits_inside_the_engine_is_not_counted) {
  Schedule schedule(SchedulePolicy::kEarliestFinish, 1);
  schedule.join(0, /*at_once=*/2, /*service_ms=*/16, /*waiting=*/2);
  for (std::size_t worker = 0; worker < 4; ++worker) schedule.started(0, worker, 0);
  schedule.measured(0, 0, 16);
  schedule.measured(0, 3, 16);
  EXPECT_DOUBLE_EQ(schedule.service_ms(0), 15) << "four of them shared two places: 8 ms";
  EXPECT_DOUBLE_EQ(schedule.highest_rate(0), 2.0 / 16) << "nobody has seen a run of 8 ms";
}

TEST(Schedule, B813_a_run_that_ends_out_of_turn_leaves_the_queue_inside_the_engine) {
  Schedule schedule(SchedulePolicy::kEarliestFinish, 2);
  schedule.join(0, /*at_once=*/1, /*service_ms=*/10, /*waiting=*/2);
  schedule.join(1, 1, 15);
  for (std::size_t worker = 0; worker < 3; ++worker) schedule.started(0, worker, 0);
  schedule.ended(0, 2, 5);
  EXPECT_EQ(schedule.next(1, 5), (Assignment{1, 0})) << "5 + 10 + 10 there";
  schedule.ended(0, 1, 6);
  EXPECT_EQ(schedule.next(1, 6), (Assignment{0, 0})) << "4 + 10 there";
}

TEST(Schedule, B813_earliest_finish_knows_what_waits_inside_an_engine) {
  Schedule schedule(SchedulePolicy::kEarliestFinish, 2);
  schedule.join(0, /*at_once=*/1, /*service_ms=*/10, /*waiting=*/3);
  schedule.join(1, 1, 25);
  // Completions: 10, 20 there, 25 on the other, 30, 40 there.
  EXPECT_THAT(devices_of_next(schedule, 5), ElementsAre(0, 0, 1, 0, 0));
}

TEST(Schedule, B813_nobody_waits_inside_an_engine_who_is_done_sooner_elsewhere) {
  for (const auto& [waiting, devices] : {std::pair{3u, std::vector{1}}, std::pair{4u, std::vector{1, 0}}}) {
    Schedule schedule(SchedulePolicy::kEarliestFinish, 2);
    schedule.join(0, /*at_once=*/1, /*service_ms=*/10, /*waiting=*/1);
    schedule.join(1, 1, 4);
    schedule.started(0, 0, 0);
    // At 5: one more on device 0 ends after 15 ms, device 1 has them after 4, 8, 12 and 16.
    EXPECT_EQ(devices_of_next(schedule, waiting, /*now_ms=*/5), devices) << waiting;
  }
}

TEST(Schedule, nothing_waits_inside_an_engine_of_unknown_speed) {
  Schedule schedule(SchedulePolicy::kEarliestFinish, 1);
  schedule.join(0, /*at_once=*/2, /*service_ms=*/0, /*waiting=*/1);
  EXPECT_THAT(devices_of_next(schedule, 3), ElementsAre(0, 0));
}

TEST(Schedule, B816_every_policy_gives_the_oldest_request_to_alike_devices) {
  for (const auto policy :
       {SchedulePolicy::kDevicePriority, SchedulePolicy::kRoundRobin, SchedulePolicy::kEarliestFinish}) {
    Schedule schedule = joined(policy, {1, 1});
    for (int i = 0; i < 2; ++i) {
      const auto next = schedule.next(5, 0);
      ASSERT_TRUE(next);
      EXPECT_EQ(next->position, 0u);
      schedule.started(next->device, 0, 0);
    }
    EXPECT_FALSE(schedule.next(3, 0)) << "nobody is idle: it waits";
    EXPECT_FALSE(schedule.look_again(3, 0)) << "and only a completion can change that";
  }
}

TEST(Schedule, B813_earliest_finish_waits_for_a_busy_fast_device) {
  Schedule schedule = joined(SchedulePolicy::kEarliestFinish, {1, 1}, {10, 35});
  EXPECT_EQ(schedule.next(1, 0), (Assignment{0, 0}));
  schedule.started(0, 0, 0);
  // Completions on the fast device: 20, 30, then 40, which is later than 35 on the other.
  EXPECT_FALSE(schedule.next(1, 0));
  EXPECT_FALSE(schedule.next(2, 0));
  EXPECT_EQ(schedule.next(3, 0), (Assignment{1, 2})) << "the third in the queue is done first on the slow device";
  EXPECT_FALSE(schedule.next(3, 6)) << "at 6 it has them after 14, 24 and 34";
}

TEST(Schedule, B813_earliest_finish_counts_all_workers_of_the_fast_devices) {
  Schedule schedule = joined(SchedulePolicy::kEarliestFinish, {2, 1, 1}, {10, 20, 45});
  EXPECT_THAT(devices_of_next(schedule, 3), ElementsAre(0, 0, 1));
  // Before 45: 20, 30, 40 twice, and 40.
  EXPECT_FALSE(schedule.next(7, 0));
  EXPECT_EQ(schedule.next(8, 0), (Assignment{2, 7}));
}

TEST(Schedule, B813_earliest_finish_prefers_list_order_among_equals) {
  Schedule schedule = joined(SchedulePolicy::kEarliestFinish, {1, 2}, {10, 10});
  EXPECT_THAT(devices_of_next(schedule, 3), ElementsAre(0, 1, 1));
}

TEST(Schedule, B813_an_idle_worker_is_as_good_as_a_promise_for_the_same_time) {
  Schedule schedule = joined(SchedulePolicy::kEarliestFinish, {1, 1}, {10, 20});
  schedule.started(0, 0, 0);
  EXPECT_EQ(schedule.next(1, 0), (Assignment{1, 0}));
}

TEST(Schedule, a_device_of_unknown_speed_is_tried_at_once) {
  Schedule schedule = joined(SchedulePolicy::kEarliestFinish, {1, 1}, {10, 0});
  EXPECT_EQ(schedule.next(1, 0), (Assignment{1, 0}));
  schedule.started(1, 0, 0);
  EXPECT_EQ(schedule.next(1, 0), (Assignment{0, 0})) << "of what it needs for one nothing is known yet";
  schedule.measured(1, 0, 7);
  EXPECT_EQ(schedule.service_ms(1), 7);
}

TEST(Schedule, B817_devices_of_unknown_speed_do_not_wait_for_each_other) {
  Schedule schedule = joined(SchedulePolicy::kEarliestFinish, {1, 2}, {0, 0});
  EXPECT_THAT(devices_of_next(schedule, 4), ElementsAre(0, 1, 1));
}

TEST(Schedule, a_run_that_hangs_is_not_waited_for_for_ever) {
  Schedule schedule = joined(SchedulePolicy::kEarliestFinish, {1, 1}, {10, 100});
  schedule.started(0, 0, 0);
  EXPECT_FALSE(schedule.next(1, 5));
  EXPECT_EQ(schedule.look_again(1, 5), 105.0);
  EXPECT_EQ(schedule.next(1, 105), (Assignment{1, 0})) << "95 late, so another 95 are expected, and 10 for the next";
}

TEST(Schedule, B817_the_estimate_is_a_moving_average_with_an_eighth_for_each_run) {
  Schedule schedule = joined(SchedulePolicy::kEarliestFinish, {1}, {16});
  schedule.measured(0, 0, 8);
  EXPECT_DOUBLE_EQ(schedule.service_ms(0), 15);
  schedule.measured(0, 0, 23);
  EXPECT_DOUBLE_EQ(schedule.service_ms(0), 16);
}

TEST(Schedule, B806_a_device_that_left_takes_nothing_and_is_not_counted_on) {
  Schedule schedule = joined(SchedulePolicy::kEarliestFinish, {1, 1}, {10, 100});
  schedule.started(0, 0, 0);
  schedule.leave(0);
  EXPECT_EQ(schedule.next(1, 0), (Assignment{1, 0}));
  schedule.ended(0, 0, 0);
  schedule.started(1, 0, 0);
  EXPECT_FALSE(schedule.next(1, 0));
}

TEST(Schedule, B826_a_device_that_joins_takes_part_in_the_next_decision) {
  Schedule schedule(SchedulePolicy::kRoundRobin, 2);
  EXPECT_FALSE(schedule.next(1, 0));
  schedule.join(1, 1, 5);
  EXPECT_EQ(schedule.next(1, 0), (Assignment{1, 0}));
  schedule.started(1, 0, 0);
  EXPECT_FALSE(schedule.next(1, 0));
  schedule.join(0, 1, 5);
  EXPECT_EQ(schedule.next(1, 0), (Assignment{0, 0}));
}

// ---------------------------------------------------------------------------------------------------------------------
// Many decisions: devices as sleeping workers, in simulated time

struct SimulatedDevice {
  double run_ms;
  std::size_t workers = 1;
  std::size_t waiting = 0;  ///< so many workers more, whose runs begin when one of the others ends
};

struct Outcome {
  double makespan = 0;            ///< of all requests
  std::vector<double> latencies;  ///< from arrival to completion
  std::vector<std::size_t> done;  ///< by device
  double percentile(double q) const {
    std::vector<double> sorted = latencies;
    std::sort(sorted.begin(), sorted.end());
    return sorted[static_cast<std::size_t>(q * static_cast<double>(sorted.size() - 1))];
  }
};

class Simulation {
 public:
  Simulation(SchedulePolicy policy, std::vector<SimulatedDevice> devices, std::function<double()> factor = {})
      : devices_(std::move(devices)), schedule_(policy, devices_.size()), noise_(std::move(factor)) {
    outcome_.done.resize(devices_.size());
    for (std::size_t d = 0; d < devices_.size(); ++d) {
      const std::size_t workers = devices_[d].workers + devices_[d].waiting;
      schedule_.join(static_cast<int>(d), devices_[d].workers, devices_[d].run_ms * noise(), devices_[d].waiting);
      idle_.emplace_back();
      for (std::size_t w = 0; w < workers; ++w) idle_.back().insert(w);
      free_.emplace_back(devices_[d].workers, 0.0);
    }
  }

  /// Requests that arrive at the times given (ascending).
  Outcome run(const std::vector<double>& arrivals) {
    std::size_t arrived = 0;
    std::size_t completed = 0;
    while (completed < arrivals.size()) {
      double now = 1e300;
      if (arrived < arrivals.size()) now = arrivals[arrived];
      for (const Run& run : running_) now = std::min(now, run.end);
      if (const auto again = schedule_.look_again(waiting_.size(), now_)) now = std::min(now, *again);
      now_ = now;
      for (auto run = running_.begin(); run != running_.end();) {
        if (run->end > now_) {
          ++run;
          continue;
        }
        schedule_.measured(run->device, run->worker, run->end - run->began);
        schedule_.ended(run->device, run->worker, now_);
        idle_[static_cast<std::size_t>(run->device)].insert(run->worker);
        outcome_.latencies.push_back(now_ - run->arrival);
        ++outcome_.done[static_cast<std::size_t>(run->device)];
        ++completed;
        run = running_.erase(run);
      }
      while (arrived < arrivals.size() && arrivals[arrived] <= now_) waiting_.push_back(arrivals[arrived++]);
      dispatch();
    }
    outcome_.makespan = now_;
    return outcome_;
  }
  Outcome run_at_once(std::size_t requests) { return run(std::vector<double>(requests, 0)); }

 private:
  struct Run {
    int device;
    std::size_t worker;
    double arrival;
    double began;
    double end;
  };
  double noise() { return noise_ ? noise_() : 1; }
  void dispatch() {
    while (const auto next = schedule_.next(waiting_.size(), now_)) {
      const auto d = static_cast<std::size_t>(next->device);
      const std::size_t worker = *idle_[d].begin();
      idle_[d].erase(worker);
      const auto request = waiting_.begin() + static_cast<std::ptrdiff_t>(next->position);
      double& free = *std::min_element(free_[d].begin(), free_[d].end());
      free = std::max(free, now_) + devices_[d].run_ms * noise();
      running_.push_back({next->device, worker, *request, now_, free});
      waiting_.erase(request);
      schedule_.started(next->device, worker, now_);
    }
  }

  std::vector<SimulatedDevice> devices_;
  Schedule schedule_;
  std::function<double()> noise_;
  std::vector<std::set<std::size_t>> idle_;
  std::vector<std::vector<double>> free_;  ///< by device and stream: since when, or from when on
  std::deque<double> waiting_;
  std::vector<Run> running_;
  double now_ = 0;
  Outcome outcome_;
};

/// Run times of a set of devices, the fastest anywhere.
const std::vector<std::vector<double>> kSets{{1, 1},    {1, 2},       {2, 1},    {1, 5},       {5, 1},
                                             {1, 20},   {20, 1},      {1, 100},  {100, 1},     {1, 3, 7},
                                             {7, 1, 3}, {4, 4, 4, 1}, {1, 1.01}, {10, 11, 97}, {1, 2, 4, 8, 16}};

std::string name_of(const std::vector<double>& set, std::size_t workers) {
  std::string name = std::to_string(workers) + " workers each, run times";
  for (const double ms : set) name += " " + std::to_string(ms);
  return name;
}

std::vector<SimulatedDevice> devices_of(const std::vector<double>& set, std::size_t workers, std::size_t waiting = 0) {
  std::vector<SimulatedDevice> devices;
  for (const double ms : set) devices.push_back({ms, workers, waiting});
  return devices;
}

/// Requests per millisecond that the devices of a set reach alone, added up.
double sum_of_rates(const std::vector<double>& set, std::size_t workers) {
  return std::accumulate(set.begin(), set.end(), 0.0,
                         [&](double sum, double ms) { return sum + static_cast<double>(workers) / ms; });
}

TEST(Schedule, B818_earliest_finish_is_never_worse_than_the_best_device_alone) {
  for (const auto& set : kSets) {
    for (const std::size_t workers : {1u, 2u, 4u}) {
      for (const std::size_t requests : {200u, 201u, 333u, 1000u}) {
        const double best = *std::min_element(set.begin(), set.end());
        const double alone = std::ceil(static_cast<double>(requests) / static_cast<double>(workers)) * best;
        for (const std::size_t waiting : {std::size_t{0}, workers}) {
          Simulation simulation(SchedulePolicy::kEarliestFinish, devices_of(set, workers, waiting));
          EXPECT_LE(simulation.run_at_once(requests).makespan, 1.05 * alone + best)
              << name_of(set, workers) << ", waiting " << waiting << ", " << requests << " requests";
        }
      }
    }
  }
}

TEST(Schedule, B818_with_noise_on_every_run_and_on_the_first_estimate) {
  std::mt19937 random(20261126);
  std::lognormal_distribution<double> factor(0, 0.2);
  for (const auto& set : kSets) {
    for (const std::size_t waiting : {0u, 1u}) {
      const double best = *std::min_element(set.begin(), set.end());
      const double alone = 400 * best * std::exp(0.2 * 0.2 / 2);  // the mean of the noise
      Simulation simulation(SchedulePolicy::kEarliestFinish, devices_of(set, 1, waiting),
                            [&] { return factor(random); });
      EXPECT_LE(simulation.run_at_once(400).makespan, 1.05 * alone + best)
          << name_of(set, 1) << ", waiting " << waiting;
    }
  }
}

TEST(Schedule, B818_a_device_that_turns_out_ten_times_slower_than_it_seemed_costs_little) {
  // Two devices seem alike, and one is not: until that is known it has taken a few requests.
  Schedule schedule = joined(SchedulePolicy::kEarliestFinish, {1, 1}, {1, 1});
  for (int i = 0; i < 8; ++i) schedule.measured(1, 0, 10);
  EXPECT_GT(schedule.service_ms(1), 6);
  schedule.started(0, 0, 0);
  EXPECT_FALSE(schedule.next(4, 0));
}

TEST(Schedule, B818_with_work_enough_the_devices_add_up) {
  for (const auto& set : kSets) {
    for (const std::size_t workers : {1u, 4u}) {
      Simulation simulation(SchedulePolicy::kEarliestFinish, devices_of(set, workers));
      const std::size_t requests = 20000;
      const double rate = static_cast<double>(requests) / simulation.run_at_once(requests).makespan;
      EXPECT_GE(rate, 0.95 * sum_of_rates(set, workers)) << name_of(set, workers);
    }
  }
}

/// The p99 latency of requests that arrive at random, on all devices and on the best one alone.
TEST(Schedule, B813_at_equal_load_no_request_pays_for_the_slow_devices) {
  for (const auto& set : kSets) {
    const double best = *std::min_element(set.begin(), set.end());
    for (const double load : {0.3, 0.7, 0.95}) {
      std::mt19937 random(7);
      std::exponential_distribution<double> gap(load / best);
      std::vector<double> arrivals;
      for (double at = 0; arrivals.size() < 4000;) arrivals.push_back(at += gap(random));
      Outcome all = Simulation(SchedulePolicy::kEarliestFinish, devices_of(set, 1)).run(arrivals);
      Outcome alone = Simulation(SchedulePolicy::kEarliestFinish, {{best, 1}}).run(arrivals);
      EXPECT_LE(all.percentile(0.99), 1.3 * alone.percentile(0.99)) << name_of(set, 1) << ", load " << load;
      EXPECT_LE(all.percentile(0.5), 1.05 * alone.percentile(0.5)) << name_of(set, 1) << ", load " << load;
    }
  }
}

TEST(Schedule, B818_what_the_other_policies_pay) {
  // 150 requests, one device a hundred times slower: it begins its second one when the other could have done them all.
  const std::vector<SimulatedDevice> devices{{100, 1}, {1, 1}};
  EXPECT_EQ(Simulation(SchedulePolicy::kRoundRobin, devices).run_at_once(150).makespan, 200);
  EXPECT_EQ(Simulation(SchedulePolicy::kDevicePriority, devices).run_at_once(150).makespan, 200);
  EXPECT_LE(Simulation(SchedulePolicy::kEarliestFinish, devices).run_at_once(150).makespan, 150);
}

TEST(Schedule, B817_the_average_holds_for_runs_below_a_millisecond) {
  Schedule schedule = joined(SchedulePolicy::kEarliestFinish, {1}, {0.5});
  schedule.measured(0, 0, 1.3);
  EXPECT_DOUBLE_EQ(schedule.service_ms(0), 0.6);
  schedule.measured(0, 0, 0.2);
  EXPECT_DOUBLE_EQ(schedule.service_ms(0), 0.55);
}

TEST(Schedule, B813_earliest_finish_works_below_a_millisecond) {
  Schedule schedule = joined(SchedulePolicy::kEarliestFinish, {1, 1}, {0.1, 0.35});
  schedule.started(0, 0, 0);
  EXPECT_FALSE(schedule.next(2, 0));
  EXPECT_EQ(schedule.next(3, 0), (Assignment{1, 2}));
}

TEST(Schedule, it_is_worth_asking_again_after_a_run_of_the_quickest_idle_device) {
  Schedule schedule = joined(SchedulePolicy::kEarliestFinish, {1, 1, 1}, {35, 10, 60});
  schedule.started(1, 0, 0);
  ASSERT_FALSE(schedule.next(1, 2));
  EXPECT_EQ(schedule.look_again(1, 2), 37.0) << "the first and the last are idle";
  EXPECT_FALSE(schedule.look_again(0, 2)) << "nothing waits";
  schedule.started(0, 0, 2);
  EXPECT_EQ(schedule.look_again(1, 3), 63.0);
  for (const auto policy : {SchedulePolicy::kDevicePriority, SchedulePolicy::kRoundRobin}) {
    Schedule other = joined(policy, {1, 1});
    EXPECT_FALSE(other.look_again(3, 0)) << "an idle worker takes what waits at once";
    EXPECT_FALSE(other.look_again(0, 0));
  }
}

TEST(Schedule, B813_alike_devices_fill_up_in_list_order_beside_a_slow_one) {
  for (const std::size_t waiting : {1u, 2u, 3u, 4u, 5u}) {
    Schedule schedule = joined(SchedulePolicy::kEarliestFinish, {2, 1, 2, 1}, {40, 10, 10, 10});
    std::vector<int> expected = {1, 2, 2, 3};
    expected.resize(std::min<std::size_t>(waiting, 4));
    EXPECT_EQ(devices_of_next(schedule, waiting), expected) << "the fifth waits for a fast one";
  }
}

}  // namespace
}  // namespace baton::policy
