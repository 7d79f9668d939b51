// SPDX-License-Identifier: Apache-2.0
// Copyright (C) 2026 The Baton authors
#include "policy/speed_check.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <string>
#include <vector>

namespace baton::policy {
namespace {

using Decision = SpeedCheck::Decision;
using Side = SpeedCheck::Side;

SpeedCheck::Options limit(double value) { return {.limit = value, .budget_ms = 1e9}; }

/// Normal deviates that are the same with every standard library (Box-Muller over splitmix64).
class Noise {
 public:
  explicit Noise(std::uint64_t seed) : state_(seed) {}
  double normal() { return std::sqrt(-2 * std::log(uniform())) * std::cos(6.283185307179586 * uniform()); }

 private:
  double uniform() {
    std::uint64_t z = (state_ += 0x9e3779b97f4a7c15);
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9;
    z = (z ^ (z >> 27)) * 0x94d049bb133111eb;
    return (static_cast<double>((z ^ (z >> 31)) >> 11) + 0.5) / 9007199254740992.0;
  }
  std::uint64_t state_;
};

struct Outcome {
  double accepted = 0;  ///< shares of all checks
  double rejected = 0;
  double pairs = 0;  ///< mean
};

/// `checks` speed checks with log-normal noise on each run; `first_factor` slows the first run of the target.
Outcome simulate(double ratio, double sigma, int checks, double first_factor = 1) {
  Noise noise(12345);
  Outcome outcome;
  for (int i = 0; i < checks; ++i) {
    SpeedCheck check(limit(kSameDeviceLimit));
    for (int pair = 0; check.decision() == Decision::kGoOn; ++pair) {
      const double factor = pair == 0 ? first_factor : 1;
      const double helper = std::exp(sigma * noise.normal());
      check.add_pair(helper, ratio * factor * std::exp(sigma * noise.normal()));
    }
    outcome.accepted += check.decision() == Decision::kAccept ? 1.0 / checks : 0;
    outcome.rejected += check.decision() == Decision::kReject ? 1.0 / checks : 0;
    outcome.pairs += static_cast<double>(check.pairs()) / checks;
  }
  return outcome;
}

TEST(SpeedCheck, B535_runs_alternate_and_so_does_the_start) {
  SpeedCheck check(limit(1.1));
  EXPECT_EQ(check.first_of_next_pair(), Side::kHelper);
  check.add_pair(1, 1);
  EXPECT_EQ(check.first_of_next_pair(), Side::kTarget);
  check.add_pair(1, 1);
  EXPECT_EQ(check.first_of_next_pair(), Side::kHelper);
}

TEST(SpeedCheck, B535_at_least_three_pairs) {
  SpeedCheck check(limit(kOtherDeviceLimit));
  check.add_pair(10, 1);
  EXPECT_EQ(check.pairs(), 1);
  EXPECT_EQ(check.decision(), Decision::kGoOn);
  check.add_pair(10, 10);
  EXPECT_EQ(check.pairs(), 3) << "with the neighbours in the middle";
  EXPECT_EQ(check.decision(), Decision::kGoOn) << "the two contradict each other";
  check.add_pair(10, 1);
  EXPECT_EQ(check.pairs(), 3);
}

TEST(SpeedCheck, B535_clear_cases_stop_with_the_second_pair) {
  const struct {
    double targets[2];  ///< against 10 and 11 ms; limit 0.95
    Decision decision;
  } kCases[] = {
      {{2, 2.2}, Decision::kAccept}, {{5, 6}, Decision::kAccept},   {{7, 8}, Decision::kGoOn},
      {{9.6, 9.6}, Decision::kGoOn}, {{2, 12}, Decision::kGoOn},    {{12, 13}, Decision::kGoOn},
      {{15, 16}, Decision::kReject}, {{40, 80}, Decision::kReject}, {{1, 100}, Decision::kGoOn},
  };
  for (const auto& c : kCases) {
    SpeedCheck check(limit(kSameDeviceLimit));
    check.add_pair(10, c.targets[0]);
    check.add_pair(11, c.targets[1]);
    EXPECT_EQ(check.decision(), c.decision) << c.targets[0] << " " << c.targets[1];
  }
}

TEST(SpeedCheck, B530_the_warm_up_run_may_speak_for_the_target_and_never_against_it) {
  const struct {
    double cold;
    double warm;  ///< against 10 ms each; limit 0.95
    Decision decision;
  } kCases[] = {
      {4, 2, Decision::kAccept}, {6, 2, Decision::kGoOn},   {9, 6, Decision::kGoOn},
      {400, 2, Decision::kGoOn}, {30, 20, Decision::kGoOn}, {20, 20, Decision::kGoOn},
  };
  for (const auto& c : kCases) {
    SpeedCheck check(limit(kSameDeviceLimit));
    check.add_cold_pair(10, c.cold, {});
    EXPECT_EQ(check.pairs(), 0);
    EXPECT_EQ(check.decision(), Decision::kGoOn);
    check.add_pair(10, c.warm);
    EXPECT_EQ(check.pairs(), 3);
    EXPECT_NEAR(check.ratio(), c.warm / 10, 1e-12);
    EXPECT_EQ(check.decision(), c.decision) << c.cold << " " << c.warm;
  }
}

TEST(SpeedCheck, B530_B535_a_first_run_that_is_far_ahead_of_all_runs_of_the_helper_decides_alone) {
  const struct {
    double cold;
    SpeedCheck::Served served;
    double ratio;
    Decision decision;
  } kCases[] = {
      {4.7, {3, 10}, 0.47, Decision::kAccept}, {4.8, {3, 10}, 0.48, Decision::kGoOn},  // limit 0.95 / 2
      {4.7, {2, 10}, 0.47, Decision::kGoOn},   {4.7, {100, 9}, 4.7 / 9, Decision::kGoOn},
      {3.1, {1, 10}, 0.31, Decision::kAccept}, {3.2, {2, 10}, 0.32, Decision::kGoOn},  // few runs: limit 0.95 / 3
      {0.1, {0, 0}, 0, Decision::kGoOn},                                               // no run: nothing to be ahead of
      {4.7, {3, 20}, 0.47, Decision::kAccept},  // the run just before it was the fastest
      {400, {3, 10}, 40, Decision::kGoOn},      // never against the target
  };
  for (const auto& c : kCases) {
    SpeedCheck check(limit(kSameDeviceLimit));
    check.add_cold_pair(10, c.cold, c.served);
    EXPECT_NEAR(check.ratio(), c.ratio, 1e-9);
    EXPECT_EQ(check.decision(), c.decision) << c.cold << " " << c.served.fastest_ms;
  }
}

TEST(SpeedCheck, B535_a_first_run_alone_is_not_mistaken_under_noise) {
  const struct {
    int runs;      ///< of the helper, before the one just before the target's
    double clear;  ///< a ratio that is to be seen at once
  } kServed[] = {{1, 0.22}, {2, 0.22}, {3, 0.37}};
  constexpr int kChecks = 20000;
  for (const auto& served : kServed) {
    for (const double sigma : {0.05, 0.1, 0.2}) {
      const auto accepted = [&](double ratio) {
        Noise noise(54321);
        int count = 0;
        for (int i = 0; i < kChecks; ++i) {
          const auto helper = [&] { return std::exp(sigma * noise.normal()); };
          double fastest = helper();
          for (int run = 1; run < served.runs; ++run) fastest = std::min(fastest, helper());
          SpeedCheck check(limit(kSameDeviceLimit));
          check.add_cold_pair(helper(), ratio * helper(), {static_cast<std::uint64_t>(served.runs), fastest});
          count += check.decision() == Decision::kAccept;
        }
        RecordProperty("runs_" + std::to_string(served.runs) + "_ratio_" + std::to_string(ratio) + "_noise_" +
                           std::to_string(sigma),
                       count);
        return count;
      };
      EXPECT_LE(accepted(1.0), kChecks / 5000) << served.runs << " " << sigma;
      const int seen = accepted(served.clear);
      if (sigma < 0.15) {
        EXPECT_GT(seen, 0.85 * kChecks) << served.runs << " " << sigma;
      }
    }
  }
}

TEST(SpeedCheck, B535_what_a_first_run_alone_decided_is_told) {
  SpeedCheck check(limit(kSameDeviceLimit));
  check.add_cold_pair(10, 3, {.runs = 7, .fastest_ms = 8});
  EXPECT_EQ(check.pairs(), 8);
  EXPECT_EQ(check.text(), "target/helper 0.38 (its first run against the fastest of 8), limit 0.95");
  EXPECT_EQ(check.final_decision(), Decision::kAccept);
}

TEST(SpeedCheck, B530_a_slow_warm_up_run_is_forgotten) {
  SpeedCheck check(limit(kSameDeviceLimit));
  check.add_cold_pair(10, 1000, {});
  check.add_pair(10, 2);
  check.add_pair(10, 2);
  EXPECT_EQ(check.decision(), Decision::kAccept);
  EXPECT_NEAR(check.spread().high, 0.2, 1e-12);
}

TEST(SpeedCheck, B535_at_most_fifteen_pairs) {
  SpeedCheck check(limit(1.0));
  for (int i = 0; i < 15; ++i) {
    ASSERT_EQ(check.decision(), Decision::kGoOn) << i;
    check.add_pair(1, i % 2 == 0 ? 1.3 : 0.7);  // whoever runs second profits
  }
  EXPECT_EQ(check.decision(), Decision::kUndecided);
}

TEST(SpeedCheck, B535_one_more_pair_once_the_time_is_spent) {
  SpeedCheck::Options options;
  options.limit = 1.0;
  SpeedCheck check(options);
  const double kTargets[] = {60, 130, 70, 120};
  for (const double target : kTargets) check.add_pair(100, target, 80);  // 320 ms
  EXPECT_EQ(check.decision(), Decision::kGoOn);
  check.add_pair(100, 95, 80);
  EXPECT_EQ(check.decision(), Decision::kUndecided);
}

TEST(SpeedCheck, B535_slow_models_still_get_three_pairs) {
  SpeedCheck check(SpeedCheck::Options{});
  check.add_pair(2000, 2000);
  check.add_pair(2000, 2000);
  EXPECT_EQ(check.decision(), Decision::kGoOn);
  EXPECT_EQ(check.final_decision(), Decision::kAccept) << "time is up: the median decides";
  check.add_pair(2000, 2000);
  EXPECT_EQ(check.decision(), Decision::kAccept);
}

TEST(SpeedCheck, B535_the_figure_is_the_median_of_the_ratios) {
  SpeedCheck check(limit(1.1));
  EXPECT_EQ(check.ratio(), 0);
  for (const double target : {9.0, 5.0, 6.0}) check.add_pair(10, target);
  EXPECT_NEAR(check.ratio(), 0.6, 1e-12);
  EXPECT_NEAR(check.spread().low, 0.5, 1e-12);
  EXPECT_NEAR(check.spread().high, 0.9, 1e-12);
  EXPECT_EQ(check.text(), "target/helper 0.60 (median of 3 pairs from 0.50 to 0.90), limit 1.10");
}

TEST(SpeedCheck, B536_limits) {
  const struct {
    double limit;
    double target_ms;  ///< against 100
    Decision decision;
  } kCases[] = {
      {kSameDeviceLimit, 94.9, Decision::kAccept}, {kSameDeviceLimit, 95, Decision::kAccept},
      {kSameDeviceLimit, 95.1, Decision::kReject}, {kOtherDeviceLimit, 109.9, Decision::kAccept},
      {kOtherDeviceLimit, 110, Decision::kAccept}, {kOtherDeviceLimit, 110.1, Decision::kReject},
  };
  for (const auto& c : kCases) {
    SpeedCheck check(limit(c.limit));
    for (int i = 0; i < 3; ++i) check.add_pair(100, c.target_ms);
    EXPECT_EQ(check.decision(), c.decision) << c.target_ms << " limit " << c.limit;
  }
}

TEST(SpeedCheck, a_first_outlier_does_not_decide) {
  for (const double outlier : {20.0, 0.05}) {  // against what the other pairs say, either way
    for (const double usual : {0.5, 2.0}) {
      SpeedCheck check(limit(kSameDeviceLimit));
      check.add_pair(1, outlier);
      for (int i = 0; check.decision() == Decision::kGoOn; ++i) check.add_pair(1, usual * (1 + 0.01 * (i % 3)));
      EXPECT_EQ(check.decision(), usual < 1 ? Decision::kAccept : Decision::kReject) << outlier << " " << usual;
      EXPECT_LE(check.pairs(), 6) << outlier << " " << usual;
    }
  }
}

TEST(SpeedCheck, a_clock_that_reads_zero_is_no_division_by_zero) {
  SpeedCheck check(limit(kSameDeviceLimit));
  EXPECT_EQ(check.final_decision(), Decision::kUndecided);
  for (int i = 0; i < 3; ++i) check.add_pair(0, 0);
  EXPECT_EQ(check.ratio(), 1);
  EXPECT_EQ(check.decision(), Decision::kReject);
}

TEST(SpeedCheck, simulation_wrong_decisions_stay_rare) {
  constexpr int kChecks = 500;
  for (const double sigma : {0.05, 0.10, 0.20}) {
    for (const double first_factor : {1.0, 5.0}) {
      for (const double ratio : {0.5, 0.8, 0.9}) {
        EXPECT_LE(simulate(ratio, sigma, kChecks, first_factor).rejected, 0.06) << ratio << " " << sigma;
      }
      for (const double ratio : {1.0, 1.05, 1.2, 2.0}) {
        EXPECT_LE(simulate(ratio, sigma, kChecks, first_factor).accepted, 0.06) << ratio << " " << sigma;
      }
    }
  }
}

TEST(SpeedCheck, simulation_clear_cases_are_decided_soon) {
  constexpr int kChecks = 500;
  for (const double sigma : {0.05, 0.10, 0.20}) {
    const Outcome twice_as_fast = simulate(0.5, sigma, kChecks);
    EXPECT_GE(twice_as_fast.accepted, 0.995) << sigma;
    EXPECT_LE(twice_as_fast.pairs, 4.5) << sigma;
    const Outcome half_as_fast = simulate(2.0, sigma, kChecks);
    EXPECT_GE(half_as_fast.rejected, 0.995) << sigma;
    EXPECT_LE(half_as_fast.pairs, 4.0) << sigma;
  }
}

/// A check with pairs of these ratios, all against 100 ms of the helper.
SpeedCheck with_ratios(const std::vector<double>& ratios, const SpeedCheck::Options& options) {
  SpeedCheck check(options);
  for (const double ratio : ratios) check.add_pair(100, 100 * ratio);
  return check;
}

/// The limit of 0.95 times e^x for each x.
std::vector<double> around_the_limit(std::vector<double> logarithms) {
  for (double& x : logarithms) x = kSameDeviceLimit * std::exp(x);
  return logarithms;
}

TEST(SpeedCheck, B535_three_or_four_pairs_decide_by_their_range_and_three_quarters_of_it) {
  const struct {
    std::vector<double> logarithms;  ///< of the ratios over the limit
    Decision decision;
  } kCases[] = {
      {{-0.20, -0.15, -0.10}, Decision::kAccept},  {{-0.20, -0.10, -0.15, -0.11}, Decision::kAccept},
      {{-0.20, -0.10, -0.07}, Decision::kGoOn},    {{0.20, 0.10, 0.15}, Decision::kReject},
      {{0.20, 0.10, 0.07}, Decision::kGoOn},       {{0.25, 0.10, 0.12, 0.2499}, Decision::kGoOn},
      {{-0.175, -0.075, -0.1}, Decision::kAccept},  // the widened range ends at the limit
      {{0.175, 0.075, 0.1}, Decision::kGoOn},       // begins there: it covers the limit
      {{0.175, 0.0751, 0.1}, Decision::kReject},
  };
  for (const auto& c : kCases) {
    EXPECT_EQ(with_ratios(around_the_limit(c.logarithms), limit(kSameDeviceLimit)).decision(), c.decision)
        << ::testing::PrintToString(c.logarithms);
  }
}

TEST(SpeedCheck, B535_from_five_pairs_on_one_outlier_in_five_is_left_out) {
  const std::vector<double> usual = {-0.30, 0.9, -0.31, -0.29};
  EXPECT_EQ(with_ratios(around_the_limit(usual), limit(kSameDeviceLimit)).decision(), Decision::kGoOn);
  std::vector<double> one_more = usual;
  one_more.push_back(-0.30);
  EXPECT_EQ(with_ratios(around_the_limit(one_more), limit(kSameDeviceLimit)).decision(), Decision::kAccept);
}

TEST(SpeedCheck, B535_the_last_answer_takes_three_standard_errors_and_those_before_it_five) {
  // Six pairs: the outlier goes; the standard error of m-2d, m-d, m, m+d, m+2d is d / sqrt(2).
  const auto pairs = [](double m, double d) {
    return around_the_limit({m - 2 * d, m - d, m, m + d, m + 2 * d, m < 0 ? 2.0 : -2.0});
  };
  for (const double side : {-1.0, 1.0}) {
    const Decision clear = side < 0 ? Decision::kAccept : Decision::kReject;
    const auto check = [&](double errors) {
      return with_ratios(pairs(side * 0.15, 0.15 / errors * std::sqrt(2)), limit(kSameDeviceLimit));
    };
    EXPECT_EQ(check(5.1).decision(), clear);
    EXPECT_EQ(check(4.9).decision(), Decision::kGoOn);
    EXPECT_EQ(check(3.1).final_decision(), clear);
    EXPECT_EQ(check(2.9).final_decision(), Decision::kUndecided);
  }
}

TEST(SpeedCheck, B535_the_median_of_an_even_number_lies_between_the_two_in_the_middle) {
  EXPECT_NEAR(with_ratios({0.8, 0.5, 0.9, 0.6}, limit(1.1)).ratio(), std::sqrt(0.6 * 0.8), 1e-12);
  EXPECT_NEAR(with_ratios({0.5, 2, 0.5, 2, 1, 1}, limit(1.1)).ratio(), 1, 1e-12);
}

TEST(SpeedCheck, B535_between_two_pairs_the_neighbours_make_a_third) {
  SpeedCheck check(limit(1.1));
  check.add_pair(10, 5);
  check.add_pair(20, 8);
  EXPECT_EQ(check.pairs(), 3);
  EXPECT_NEAR(check.ratio(), 0.4, 1e-12) << "of 0.5, 0.4 and 5 against 20";
  EXPECT_NEAR(check.spread().low, 0.25, 1e-12);
  EXPECT_NEAR(check.spread().high, 0.5, 1e-12);
}

TEST(SpeedCheck, B530_B535_the_first_run_is_compared_with_both_runs_of_the_helper) {
  SpeedCheck check(limit(kSameDeviceLimit));
  check.add_cold_pair(10, 4, {});
  check.add_pair(20, 3);
  EXPECT_EQ(check.pairs(), 3);
  EXPECT_NEAR(check.spread().low, 0.15, 1e-12) << "3 against 20";
  EXPECT_NEAR(check.spread().high, 0.4, 1e-12) << "4 against 10; 4 against 20 lies between";
  EXPECT_EQ(check.text(), "target/helper 0.15 (last of 3 pairs from 0.15 to 0.40), limit 0.95");
}

TEST(SpeedCheck, B535_a_first_run_of_exactly_half_the_limit_is_clear) {
  SpeedCheck check(limit(kSameDeviceLimit));
  check.add_cold_pair(10, 4.75, {.runs = 3, .fastest_ms = 10});
  EXPECT_EQ(check.decision(), Decision::kAccept);
}

TEST(SpeedCheck, B535_the_time_is_spent_when_it_is_used_up_exactly) {
  SpeedCheck::Options options;
  options.limit = 1.0;
  SpeedCheck check(options);
  for (const double target : {60.0, 130.0, 70.0}) check.add_pair(100, target, 100);  // 300 ms
  EXPECT_EQ(check.decision(), Decision::kGoOn) << "one more pair at least";
  check.add_pair(100, 120, 100);
  EXPECT_EQ(check.decision(), Decision::kUndecided);
}

TEST(SpeedCheck, B535_three_slow_pairs_that_cover_the_limit_leave_it_undecided) {
  SpeedCheck check(SpeedCheck::Options{});
  for (const double target : {1800.0, 2600.0, 2000.0}) check.add_pair(2000, target);
  EXPECT_EQ(check.decision(), Decision::kUndecided);
  EXPECT_EQ(check.final_decision(), Decision::kUndecided);
}

TEST(SpeedCheck, B535_what_says_no_may_be_disturbed_where_runs_differ_and_are_not_hopeless) {
  EXPECT_TRUE(with_ratios({1.6, 1.8, 1.7}, limit(kOtherDeviceLimit)).may_be_disturbed()) << "refused";
  EXPECT_TRUE(with_ratios({0.6, 1.3, 0.7, 1.2}, limit(kOtherDeviceLimit)).may_be_disturbed()) << "undecided";
  EXPECT_FALSE(with_ratios({0.5, 0.6, 0.5}, limit(kOtherDeviceLimit)).may_be_disturbed()) << "accepted";
  EXPECT_FALSE(with_ratios({1.7, 1.71, 1.72}, limit(kOtherDeviceLimit)).may_be_disturbed())
      << "nothing came in between";
  EXPECT_FALSE(with_ratios({9, 10, 11}, limit(kOtherDeviceLimit)).may_be_disturbed()) << "slower in any case";
}

TEST(SpeedCheck, B535_a_second_measurement_that_is_undecided_goes_by_its_median) {
  SpeedCheck::Options options = limit(kOtherDeviceLimit);
  const std::vector<double> above = {1.3, 0.9, 1.2, 1.0, 1.15};
  const std::vector<double> below = {1.25, 0.9, 1.2, 1.0, 1.05};
  EXPECT_EQ(with_ratios(above, options).final_decision(), Decision::kUndecided);
  options.median_decides = true;
  EXPECT_EQ(with_ratios(above, options).decision(), Decision::kGoOn);
  EXPECT_EQ(with_ratios(above, options).final_decision(), Decision::kReject);
  EXPECT_EQ(with_ratios(below, options).final_decision(), Decision::kAccept);
}

TEST(SpeedCheck, B536_fewer_pairs_decide_by_a_median_that_may_equal_the_limit) {
  EXPECT_EQ(with_ratios({1}, limit(1)).final_decision(), Decision::kAccept);
  EXPECT_EQ(with_ratios({1, 1}, limit(1)).final_decision(), Decision::kAccept);
  EXPECT_EQ(with_ratios({1.001}, limit(1)).final_decision(), Decision::kReject);
}

}  // namespace
}  // namespace baton::policy
