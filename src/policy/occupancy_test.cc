// SPDX-License-Identifier: Apache-2.0
// Copyright (C) 2026 The Baton authors
#include "policy/occupancy.h"

#include <gtest/gtest.h>

#include "policy/candidates.h"
#include "policy/ranking.h"
#include "policy/test_devices.h"

namespace baton::policy {
namespace {

using namespace testing;  // NOLINT(google-build-using-namespace): the machines of test_devices.h
using enum ModelPriority;

/// Ranked device names and the identities under which they are registered.
struct Machine {
  std::vector<std::string> names;
  std::vector<std::string> identities;
};

Machine ranked(const std::vector<DeviceRecord>& devices, std::string_view text = "AUTO") {
  CandidateList list = resolve_candidates(parse_device_string(text).value(), devices, {}).value();
  Machine machine;
  for (const int i : rank(list, devices, {})) {
    const Candidate& candidate = list.candidates[static_cast<std::size_t>(i)];
    machine.names.push_back(candidate.device);
    machine.identities.push_back(devices[static_cast<std::size_t>(candidate.record)].identity);
  }
  return machine;
}

/// Compiles one model: chooses and registers.
std::string compile(const Machine& machine, Registrations& registrations, ModelPriority level) {
  const TargetChoice choice = choose_target(machine.identities, registrations, level);
  registrations.add(machine.identities[choice.index], level);
  return machine.names[choice.index];
}

std::vector<std::string> compile_all(const Machine& machine, std::initializer_list<ModelPriority> levels) {
  Registrations registrations;
  std::vector<std::string> targets;
  for (const ModelPriority level : levels) targets.push_back(compile(machine, registrations, level));
  return targets;
}

TEST(Occupancy, B420_B430_worked_examples) {
  const Machine m6 = ranked(machine_m6());
  EXPECT_EQ(compile_all(m6, {kHigh, kMedium, kLow}), (std::vector<std::string>{"GPU", "MYRIAD", "CPU"}));
  EXPECT_EQ(compile_all(m6, {kLow, kMedium, kLow}), (std::vector<std::string>{"GPU", "GPU", "MYRIAD"}));
}

TEST(Occupancy, B421_worked_example_with_a_destroyed_model) {
  const Machine m2 = ranked(machine_m2());
  EXPECT_EQ(compile_all(m2, {kHigh, kMedium, kLow, kLow}), (std::vector<std::string>{"GPU.1", "GPU.0", "CPU", "CPU"}));

  Registrations registrations;
  for (const ModelPriority level : {kHigh, kMedium, kLow, kLow}) compile(m2, registrations, level);
  EXPECT_TRUE(registrations.remove(m2.identities[0], kHigh));
  EXPECT_EQ(compile(m2, registrations, kMedium), "GPU.1");
}

TEST(Occupancy, B413_only_strictly_higher_levels_block) {
  const std::vector<std::string> ranked_ids = {"a", "b"};
  for (const ModelPriority held : {kLow, kMedium, kHigh}) {
    for (const ModelPriority wanted : {kLow, kMedium, kHigh}) {
      Registrations registrations;
      registrations.add("a", held);
      const TargetChoice choice = choose_target(ranked_ids, registrations, wanted);
      EXPECT_EQ(choice.index, held > wanted ? 1u : 0u) << to_string(held) << " against " << to_string(wanted);
      EXPECT_EQ(choice.occupied, std::vector<ModelPriority>(choice.index, held));
      EXPECT_FALSE(choice.all_occupied);
    }
  }
}

TEST(Occupancy, B414_all_held_takes_the_last) {
  Registrations registrations;
  for (const char* id : {"a", "b", "c"}) registrations.add(id, kHigh);
  const std::vector<std::string> ids = {"a", "b", "c"};
  const TargetChoice choice = choose_target(ids, registrations, kLow);
  EXPECT_EQ(choice.index, 2u);
  EXPECT_TRUE(choice.all_occupied);
  EXPECT_EQ(choice.occupied, (std::vector<ModelPriority>{kHigh, kHigh}));
}

TEST(Occupancy, B416_the_key_is_the_hardware) {
  const auto devices = machine_m3();
  Registrations registrations;
  EXPECT_EQ(compile(ranked(devices, "AUTO:GPU,CPU"), registrations, kHigh), "GPU");
  EXPECT_EQ(compile(ranked(devices, "AUTO:GPU.0,CPU"), registrations, kLow), "CPU");
}

TEST(Occupancy, B415_entries_are_counted_and_go) {
  Registrations registrations;
  registrations.add("a", kHigh);
  registrations.add("a", kHigh);
  registrations.add("a", kLow);
  EXPECT_EQ(registrations.highest("a"), kHigh);
  EXPECT_TRUE(registrations.remove("a", kHigh));
  EXPECT_EQ(registrations.highest("a"), kHigh);
  EXPECT_TRUE(registrations.remove("a", kHigh));
  EXPECT_EQ(registrations.highest("a"), kLow);
  EXPECT_FALSE(registrations.remove("a", kHigh));
  EXPECT_FALSE(registrations.remove("b", kLow));
  EXPECT_TRUE(registrations.remove("a", kLow));
  EXPECT_TRUE(registrations.empty());
}

TEST(Occupancy, B419_the_order_of_registrations_does_not_matter) {
  Registrations one;
  Registrations other;
  one.add("a", kHigh);
  one.add("b", kLow);
  one.add("a", kMedium);
  one.remove("a", kHigh);
  other.add("a", kMedium);
  other.add("b", kLow);
  EXPECT_EQ(one, other);
}

}  // namespace
}  // namespace baton::policy
