// SPDX-License-Identifier: Apache-2.0
// Copyright (C) 2026 The Baton authors
#include "policy/interim.h"

#include <algorithm>
#include <optional>
#include <string_view>

#include "policy/number.h"

namespace baton::policy {
namespace {

/// Two figures that can be compared: both measured, else both declared.
struct Figures {
  double first = 0;
  double second = 0;
  bool measured = false;
};

constexpr int kDigits = 3;

Figures figures_of(const std::optional<double>& first, const std::optional<double>& second, int first_rank,
                   int second_rank) {
  if (first && second) return {*first, *second, true};
  return {static_cast<double>(first_rank), static_cast<double>(second_rank), false};
}

/// Figures for different hints are times of different things.
Figures runs_of(const RungSpec& helper, const RungSpec& rung) {
  const bool comparable = helper.hint == rung.hint;
  return figures_of(comparable ? deciding_run(helper.record) : std::nullopt, deciding_run(rung.record), helper.run_rank,
                    rung.run_rank);
}

std::string origin(bool measured) { return measured ? "on record" : "declared"; }

/// Why the rung's place or load forbids it whatever the figures; empty: nothing does.
std::string obstacle(const Plan& plan, const RungSpec& target, const RungSpec& rung) {
  if (plan.few_cores && rung.cpu_heavy_load)
    return "with fewer than 4 cores its load would hold up what serves and the target";
  // Where the first run is the longer part, there is time enough after such a load.
  if (target.exclusive_load && !target.lazy_first_run) return "the target's load would hold up its own";
  if (rung.pair.engine == target.pair.engine && rung.device == target.device)
    return "its engine loads the target on the same device, one after the other";
  return {};
}

/// The most that its load may take of the target's, and why that is less than usual.
struct LoadLimit {
  double share = kInterimLoad;
  std::string_view why;
};

LoadLimit load_limit(const RungSpec& target, const RungSpec& rung) {
  if (rung.exclusive_load) return {kInterimLoadBeside, " (the target's waits for all of it)"};
  if (rung.cpu_heavy_load && target.cpu_heavy_load)
    return {kInterimLoadBeside, " (both loads keep the processor busy)"};
  return {};
}

/// Why it is not ready well before the target; empty: it is.
std::string too_late(const RungSpec& helper, const RungSpec& target, const RungSpec& rung, double elapsed_ms) {
  // A load on record ends before the first run.
  const auto target_load = target.lazy_first_run ? std::nullopt : deciding_load(target.record);
  const Figures loads = figures_of(deciding_load(rung.record), target_load, rung.load_rank, target.load_rank);
  const double left = loads.second - (loads.measured ? elapsed_ms : 0);
  const LoadLimit limit = load_limit(target, rung);
  if (loads.first > left * limit.share) {
    return "its load takes " + number(left > 0 ? loads.first / left : 1, kDigits) +
           " of the time that the target is away (" + origin(loads.measured) + "), the limit is " +
           number(limit.share, kDigits) + std::string(limit.why);
  }
  const double gain = loads.measured ? kInterimGainMs : kInterimGainHelpers * helper.load_rank;
  if (left - loads.first < gain) {
    return "it would be ready before the target by " + number(left - loads.first, kDigits) + " (" +
           (loads.measured ? "ms on record" : "declared") + "), worth it are " + number(gain, kDigits);
  }
  return {};
}

}  // namespace

InterimVerdict judge_interim(const Plan& plan, const RungSpec& helper, const RungSpec& target, const RungSpec& rung,
                             double elapsed_ms) {
  if (std::string why = obstacle(plan, target, rung); !why.empty()) return {false, std::move(why)};
  const Figures runs = runs_of(helper, rung);
  const double speed = runs.second > 0 ? runs.first / runs.second : 0;
  const std::string figure = number(speed, kDigits) + " times as fast as the helper (" + origin(runs.measured) + ")";
  if (speed < kInterimSpeed) return {false, "it runs " + figure + ", the limit is " + number(kInterimSpeed, kDigits)};
  if (std::string why = too_late(helper, target, rung, elapsed_ms); !why.empty()) return {false, std::move(why)};
  return {true, "it runs " + figure + " and is ready well before the target"};
}

void choose_interim(Plan& plan) {
  const int target = plan.devices[static_cast<std::size_t>(plan.first_device)].rungs.front();
  const RungSpec& helper = plan.rungs[static_cast<std::size_t>(plan.helper)];
  std::vector<int> able;
  for (const DeviceRungs& device : plan.devices) {
    for (const int rung : device.rungs) {
      if (rung == target || rung == plan.helper) continue;
      const InterimVerdict verdict = judge_interim(plan, helper, plan.rungs[static_cast<std::size_t>(target)],
                                                   plan.rungs[static_cast<std::size_t>(rung)]);
      plan.interim_notes[rung] = (verdict.may_serve ? "in between: " : "not in between: ") + verdict.text;
      if (verdict.may_serve) able.push_back(rung);
    }
  }
  // The one that runs quickest: by records where all have one, else as declared; among equals the ranking decides.
  const auto spec_of = [&](int rung) -> const RungSpec& { return plan.rungs[static_cast<std::size_t>(rung)]; };
  const bool measured =
      std::all_of(able.begin(), able.end(), [&](int rung) { return deciding_run(spec_of(rung).record).has_value(); });
  const auto time_of = [&](int rung) {
    return measured ? *deciding_run(spec_of(rung).record) : static_cast<double>(spec_of(rung).run_rank);
  };
  const auto best = std::min_element(able.begin(), able.end(), [&](int a, int b) { return time_of(a) < time_of(b); });
  if (best == able.end()) return;
  plan.interim = *best;
  for (const int rung : able) {
    if (rung != plan.interim)
      plan.interim_notes[rung] = "not in between: " + to_string(spec_of(plan.interim).pair) + " runs quicker";
  }
}

}  // namespace baton::policy
