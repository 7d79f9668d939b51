// SPDX-License-Identifier: Apache-2.0
// Copyright (C) 2026 The Baton authors
//
// Is a newcomer fast enough to take over? (B-535 to B-537)
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace baton::policy {

/// B-536: the target's time over the helper's may be at most this.
inline constexpr double kSameDeviceLimit = 0.95;
inline constexpr double kOtherDeviceLimit = 1.10;

/// A GPU's thread that finds no core beside requests that use all 16 was seen to take 5 times as long as by itself:
/// what takes more than so many times the limit is slower in any case.
inline constexpr double kDisturbed = 8;
/// Ratios that lie closer together were not disturbed.
inline constexpr double kUndisturbed = 1.05;

/// A sequential test on pairs of runs, helper and target in alternation.
///
/// It works on x = log(target / helper / limit) and stops as soon as an interval for the middle of x lies on one side
/// of zero. With 3 or 4 pairs the interval is their range, widened on each side by 3/4 of itself: few values tell
/// little of their spread, and an outlier makes the range so wide that it decides nothing. From 5 pairs on it is the
/// mean -+ 5 standard errors without the fifth of the values that lies farthest from the median; 5 because the question
/// is asked up to 13 times, 3 for the last answer. (A median with its MAD was tried: it takes two alternating values
/// for certainty.)
///
/// Clear cases need no third pair: with two the runs in between are neighbours too (helper, target, helper, target:
/// three pairs), and when even the quickest helper run against the slowest target run lies beyond the limit by a factor
/// of 1.25 and half the range seen, that is the answer. Of 200 000 simulated checks (noise 5, 10, 20 %) that accepts
/// 100, 100, 81 % at a ratio of 0.37, 100, 89, 48 % at 0.5 and wrongly 0, 0, 0.4 % at 1.0. The target's first run of
/// all may stand for one of the two: it is slower than others, so it can only make the test more careful; therefore it
/// never counts against the target, and in no other test.
///
/// The clearest cases need that first run alone: when it takes less than half of the limit times the quickest of all
/// runs of the helper, of which there were at least three (a third, when there were one or two: slow models have no
/// more before the target is ready). Of 20 000 simulated checks (noise 5, 10, 20 %, four runs of the helper) that
/// accepts 100, 89, 58 % at a ratio of 0.37 and at most 0.01 % at 1.0; with two runs 100, 98, 79 % at 0.22 and none
/// at 1.0.
///
/// Simulated (SpeedCheck.simulation_*): limit 0.95, log-normal noise on every run, 20 000 checks each; accepted %,
/// rejected %, mean pairs (each of two runs of its own); the rest is undecided. "Ratio" is the true one.
///
///   ratio       noise 5 %            noise 10 %           noise 20 %
///   0.50    100.0   0.0   2.0   100.0   0.0   2.2   100.0   0.0   3.5
///   0.80    100.0   0.0   4.0    96.4   0.1   7.9    60.3   0.7  11.7
///   0.90     73.9   0.3  11.0    37.0   1.8  13.0    21.3   4.4  13.5
///   0.95      9.9   9.6  13.8     9.9   9.7  13.8    10.3  10.3  13.6
///   1.00      0.3  70.1  11.3     2.0  34.7  13.1     5.0  20.2  13.5
///   1.05      0.0  98.9   6.9     0.3  68.5  11.4     2.2  34.7  12.9
///   1.20      0.0 100.0   3.3     0.0  99.9   5.6     0.2  79.6  10.3
///   2.00      0.0 100.0   2.0     0.0 100.0   2.1     0.0 100.0   3.0
/// With a first target run five times too slow: wrong decisions 1.5 % at most, 0.50 accepted after 5.0, 5.0 and 6.5
/// pairs.
///
/// Thread-safety: none, one owner. Ownership: a value.
class SpeedCheck {
 public:
  /// kUndecided: no more pairs can help, the declared rank decides.
  enum class Decision { kGoOn, kAccept, kReject, kUndecided };
  enum class Side { kHelper, kTarget };

  struct Options {
    double limit = kOtherDeviceLimit;
    int min_pairs = 3;
    int max_pairs = 15;
    double budget_ms = 300;  ///< once spent, one more pair is the last
    /// In place of the declared rank, where the pairs leave it open: for a second measurement of what the first one did
    /// not accept. An H100 whose speed depends on the core that feeds it was refused or undecided at 1.25 beside
    /// requests and undecided at 1.14 to 1.21 by itself; it took 1.3 times as long as the CPU from then on.
    bool median_decides = false;
  };

  /// What the helper did for users before the check; all its runs took the same shapes.
  struct Served {
    std::uint64_t runs = 0;
    double fastest_ms = 0;
  };

  explicit SpeedCheck(const Options& options) : options_(options) {}

  /// Which of the two runs first in the next pair: it alternates, so that neither profits from being second.
  Side first_of_next_pair() const { return runs_.size() % 2 == 0 ? Side::kHelper : Side::kTarget; }

  /// Times of one inference each (for THROUGHPUT: the inverse of the rate), and what the pair took.
  void add_pair(double helper_ms, double target_ms, double spent_ms);
  void add_pair(double helper_ms, double target_ms) { add_pair(helper_ms, target_ms, helper_ms + target_ms); }
  /// The target's warm-up run after a helper run; before any other pair.
  void add_cold_pair(double helper_ms, double target_ms, const Served& served);

  Decision decision() const;
  /// The decision when no further pair can be run; never kGoOn. Fewer than `min_pairs` decide by their median: such
  /// slow runs differ by more than noise. None decides nothing.
  Decision final_decision() const;

  /// Pairs whose runs were not by themselves say no, but others may not: they differ, so something came in between, and
  /// not beyond what that can be (see kDisturbed).
  bool may_be_disturbed() const;

  int pairs() const;  ///< of neighbouring runs; of the target's first with each of the helper's
  double limit() const { return options_.limit; }
  double ratio() const;  ///< median of target / helper, without the warm-up run; 0 without pairs
  struct Range {
    double low = 0;
    double high = 0;
  };
  Range spread() const;      ///< smallest and largest ratio seen
  std::string text() const;  ///< "target/helper 0.62 (median of 5 pairs from 0.60 to 0.66), limit 0.95"

 private:
  /// Logarithms of the times of one pair.
  struct Runs {
    double helper = 0;
    double target = 0;
  };

  static Runs runs_of(double helper_ms, double target_ms);
  /// The helper's quickest run so far is known, and the target's first run is all there is.
  bool first_run_alone() const;
  double first_run_ratio() const;
  bool with_cold() const { return runs_.size() == 1 && cold_; }
  bool out_of_pairs() const;
  std::vector<double> log_ratios() const;
  Decision clear_case() const;
  Decision decide(double errors) const;

  Options options_;
  std::vector<Runs> runs_;
  std::optional<Runs> cold_;
  Served served_;
  double spent_ms_ = 0;
  int pairs_over_budget_ = 0;
};

}  // namespace baton::policy
