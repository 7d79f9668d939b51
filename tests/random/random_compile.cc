// SPDX-License-Identifier: Apache-2.0
// Copyright (C) 2026 The Baton authors
#include "random/random_compile.h"

#include <sstream>

namespace baton::test {
namespace {

using autodev::CheckMode;
using autodev::Options;
using autodev::PerformanceHint;

std::string device_list(RandomSource& random, const RandomMachine& machine) {
  std::vector<std::string> names = machine.device_names();
  random.shuffle(names);
  names.resize(random.between(1, static_cast<std::uint32_t>(names.size())));
  std::string list;
  for (std::string name : names) {
    if (const auto dot = name.find('.'); dot != std::string::npos && random.chance(20)) name.resize(dot);
    if (random.chance(15)) name += "(" + std::to_string(random.between(1, 5)) + ")";
    list += (list.empty() ? "" : ",") + name;
  }
  if (random.chance(8)) list += ",-" + random.pick(machine.device_names());
  if (random.chance(5)) list += ",ABSENT";
  return list;
}

std::string device_string(RandomSource& random, const RandomMachine& machine) {
  const std::uint32_t kind = random.below(100);
  if (kind < 30) return "AUTO";
  if (kind < 75) return "AUTO:" + device_list(random, machine);
  if (kind < 90) return "MULTI:" + device_list(random, machine);
  const std::string one = random.pick(machine.device_names());
  if (kind < 95 || machine.run_hangs) return one;  // a batch that hangs would stop virtual time
  return "BATCH:" + one + (random.chance(70) ? "(" + std::to_string(random.between(1, 6)) + ")" : "");
}

void choose_checks(RandomSource& random, Options& options) {
  options.output_check = random.pick({CheckMode::kRefuse, CheckMode::kRefuse, CheckMode::kWarn, CheckMode::kOff});
  options.output_check_set = random.chance(30);
  options.speed_check =
      random.pick({CheckMode::kAuto, CheckMode::kAuto, CheckMode::kRefuse, CheckMode::kWarn, CheckMode::kOff});
  options.handover_hold = random.chance(8);
  options.keep_helper = random.chance(20);
  options.second_look = random.chance(70);
  options.accuracy = random.chance(10);
}

void choose_failure_rules(RandomSource& random, const RandomMachine& machine, Options& options) {
  options.startup_fallback = random.chance(80);
  options.runtime_fallback = random.chance(80);
  options.max_attempts = random.chance(70) ? 0 : random.between(1, 4);
  options.recovery_backoff_ms = random.pick({0u, 10u, 300u, 1000u, 1000u});
  if (machine.load_hangs || random.chance(10)) options.compile_timeout_ms = random.pick({30u, 300u, 3000u});
  if (machine.deaf_runs || random.chance(20)) options.infer_timeout_ms = random.pick({15u, 80u, 500u, 2000u});
}

}  // namespace

RandomCompile random_compile(RandomSource& random, const RandomMachine& machine) {
  RandomCompile compile;
  compile.device = device_string(random, machine);
  compile.stateful = random.chance(6);
  Options& options = compile.options;
  options.hint = random.pick({PerformanceHint::kLatency, PerformanceHint::kThroughput, PerformanceHint::kThroughput,
                              PerformanceHint::kCumulativeThroughput});
  if (compile.device.starts_with("MULTI") && options.hint == PerformanceHint::kCumulativeThroughput)
    options.hint = PerformanceHint::kThroughput;
  options.hint_set = random.chance(80);
  options.num_requests = random.chance(75) ? 0 : random.between(1, 6);
  using policy::ModelPriority;
  options.model_priority =
      random.pick({ModelPriority::kMedium, ModelPriority::kMedium, ModelPriority::kHigh, ModelPriority::kLow});
  choose_checks(random, options);
  choose_failure_rules(random, machine, options);
  using policy::SchedulePolicy;
  if (random.chance(60)) {
    options.schedule_policy =
        random.pick({SchedulePolicy::kDevicePriority, SchedulePolicy::kRoundRobin, SchedulePolicy::kEarliestFinish});
  }
  options.bind_buffer = random.chance(8);
  options.allow_auto_batching = random.chance(80);
  options.batch_timeout_ms = random.pick({0u, 5u, 1000u});
  if (random.chance(10)) options.startup_device = random.pick(machine.device_names());
  return compile;
}

std::string RandomCompile::to_string() const {
  std::ostringstream text;
  text << device << (stateful ? " stateful" : "") << " hint " << static_cast<int>(options.hint) << " num_requests "
       << options.num_requests << " priority " << static_cast<int>(options.model_priority) << " startup_fallback "
       << options.startup_fallback << " runtime_fallback " << options.runtime_fallback << " output_check "
       << static_cast<int>(options.output_check) << (options.output_check_set ? " set" : "") << " speed_check "
       << static_cast<int>(options.speed_check) << " hold " << options.handover_hold << " keep_helper "
       << options.keep_helper << " second_look " << options.second_look << " policy "
       << (options.schedule_policy ? static_cast<int>(*options.schedule_policy) : -1) << " bind " << options.bind_buffer
       << " compile_timeout " << options.compile_timeout_ms << " max_attempts " << options.max_attempts << " backoff "
       << options.recovery_backoff_ms << " infer_timeout " << options.infer_timeout_ms << " batching "
       << options.allow_auto_batching << " batch_timeout " << options.batch_timeout_ms << " startup_device "
       << options.startup_device;
  return text.str();
}

}  // namespace baton::test
