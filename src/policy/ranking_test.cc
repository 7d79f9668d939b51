// SPDX-License-Identifier: Apache-2.0
// Copyright (C) 2026 The Baton authors
#include "policy/ranking.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <random>

#include "policy/test_devices.h"

namespace baton::policy {
namespace {

using namespace testing;  // NOLINT(google-build-using-namespace): the machines of test_devices.h
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using Devices = std::vector<DeviceRecord>;

struct Ranked {
  CandidateList list;
  std::vector<std::string> names;
};

Ranked ranked(std::string_view text, const Devices& devices, const std::vector<LostSpeedCheck>& lost = {}) {
  CandidateOptions options;
  options.allow_software = true;
  Ranked result{resolve_candidates(parse_device_string(text).value(), devices, options).value(), {}};
  for (const int i : rank(result.list, devices, lost)) {
    result.names.push_back(result.list.candidates[static_cast<std::size_t>(i)].device);
  }
  return result;
}

const Candidate& candidate(const Ranked& result, const std::string& name) {
  return *std::find_if(result.list.candidates.begin(), result.list.candidates.end(),
                       [&](const Candidate& c) { return c.device == name; });
}

TEST(Ranking, B410_default_order_by_kind) {
  const Devices devices = {cpu(),
                           igpu("0"),
                           dgpu("1"),
                           make_device("GPU", "2", DeviceKind::kSoftware),
                           accelerator("ZETA"),
                           accelerator("ALPHA"),
                           accelerator("GNA"),
                           accelerator("MYRIAD"),
                           accelerator("NPU")};
  EXPECT_THAT(ranked("AUTO", devices).names,
              ElementsAre("GPU.1", "GPU.0", "NPU", "MYRIAD", "GNA", "ALPHA", "ZETA", "CPU", "GPU.2"));
  EXPECT_THAT(ranked("AUTO:-GPU.1", machine_m4()).names, ElementsAre("GPU.0", "NPU", "CPU"));
}

TEST(Ranking, B410_more_memory_first_then_lower_id) {
  Devices devices = {dgpu("0"), dgpu("1"), dgpu("2"), dgpu("10"), cpu()};
  devices[1].memory_bytes = 16;
  devices[2].memory_bytes = 8;
  devices[3].memory_bytes = 8;
  EXPECT_THAT(ranked("AUTO", devices).names, ElementsAre("GPU.1", "GPU.2", "GPU.10", "GPU.0", "CPU"));
}

TEST(Ranking, B411_explicit_lists_keep_their_order) {
  const std::vector<LostSpeedCheck> lost = {{"hw:CPU:", "hw:GPU:1", "9 ms against 2 ms"}};
  EXPECT_THAT(ranked("AUTO:CPU,NPU,GPU", machine_m4(), lost).names, ElementsAre("CPU", "NPU", "GPU.0", "GPU.1"));
}

TEST(Ranking, B426_probe_order_does_not_matter) {
  Devices devices = {cpu(), igpu("0"), dgpu("1"), dgpu("2"), accelerator("NPU"), accelerator("GNA")};
  const std::vector<std::string> expected = ranked("AUTO", devices).names;
  std::mt19937 random(3);
  for (int i = 0; i < 50; ++i) {
    std::shuffle(devices.begin(), devices.end(), random);
    EXPECT_EQ(ranked("AUTO", devices).names, expected);
  }
}

TEST(Ranking, B431_the_loser_goes_behind_the_winner) {
  const Ranked result = ranked("AUTO", machine_m4(), {{"hw:GPU:1", "hw:CPU:", "9.1 ms against 4.0 ms"}});
  EXPECT_THAT(result.names, ElementsAre("GPU.0", "NPU", "CPU", "GPU.1"));
  EXPECT_EQ(candidate(result, "GPU.1").reason, Reason::kSlowerOnRecord);
  EXPECT_THAT(candidate(result, "GPU.1").text, HasSubstr("9.1 ms against 4.0 ms"));
  EXPECT_EQ(candidate(result, "GPU.0").reason, Reason::kLowerRank);
}

TEST(Ranking, B431_records_that_change_nothing_leave_no_mark) {
  const Ranked lower = ranked("AUTO", machine_m2(), {{"hw:CPU:", "hw:GPU:1", "x"}});
  EXPECT_THAT(lower.names, ElementsAre("GPU.1", "GPU.0", "CPU"));
  EXPECT_EQ(candidate(lower, "CPU").reason, Reason::kLowerRank);
  const Ranked absent = ranked("AUTO:-CPU", machine_m2(), {{"hw:GPU:1", "hw:CPU:", "x"}});
  EXPECT_THAT(absent.names, ElementsAre("GPU.1", "GPU.0"));
}

TEST(Ranking, B431_chains_hold_and_circles_end) {
  const LostSpeedCheck a = {"hw:GPU:1", "hw:GPU:0", "a"};
  const LostSpeedCheck b = {"hw:GPU:0", "hw:CPU:", "b"};
  const LostSpeedCheck c = {"hw:CPU:", "hw:GPU:1", "c"};
  EXPECT_THAT(ranked("AUTO", machine_m2(), {a, b}).names, ElementsAre("CPU", "GPU.0", "GPU.1"));
  EXPECT_THAT(ranked("AUTO", machine_m2(), {b, a}).names, ElementsAre("CPU", "GPU.0", "GPU.1"));
  EXPECT_THAT(ranked("AUTO", machine_m2(), {a, b, c}).names, ElementsAre("GPU.1", "CPU", "GPU.0"));
}

TEST(Ranking, B410_an_integrated_gpu_ranks_above_an_npu_whatever_their_memory) {
  Devices devices = {accelerator("NPU"), igpu("0"), cpu()};
  devices[0].memory_bytes = 64;
  devices[1].memory_bytes = 16;
  EXPECT_THAT(ranked("AUTO", devices).names, ElementsAre("GPU.0", "NPU", "CPU"));
}

TEST(Ranking, B410_software_ranks_below_the_cpu_whatever_its_name) {
  const Devices devices = {make_device("ASIM", "", DeviceKind::kSoftware), cpu(),
                           make_device("GPU", "0", DeviceKind::kSoftware)};
  EXPECT_THAT(ranked("AUTO", devices).names, ElementsAre("CPU", "ASIM", "GPU.0"));
}

TEST(Ranking, B410_memory_orders_integrated_gpus_too) {
  Devices devices = {igpu("0"), igpu("1"), igpu("2")};
  devices[0].memory_bytes = 4;
  devices[1].memory_bytes = 8;
  devices[2].memory_bytes = 8;
  EXPECT_THAT(ranked("AUTO", devices).names, ElementsAre("GPU.1", "GPU.2", "GPU.0"));
}

TEST(Ranking, B410_accelerators_come_by_family_and_id_not_by_memory) {
  const auto make = [](const char* family, const char* id, std::uint64_t memory) {
    DeviceRecord device = make_device(family, id, DeviceKind::kAccelerator);
    device.memory_bytes = memory;
    return device;
  };
  EXPECT_THAT(
      ranked("AUTO", {make("NPU", "1", 64), make("NPU", "0", 8), make("NPU", "10", 1), make("NPU", "2", 1)}).names,
      ElementsAre("NPU.0", "NPU.1", "NPU.2", "NPU.10"));
  EXPECT_THAT(ranked("AUTO", {make("ZETA", "0", 64), make("ALPHA", "1", 8), make("ALPHA", "0", 1)}).names,
              ElementsAre("ALPHA.0", "ALPHA.1", "ZETA.0"));
}

}  // namespace
}  // namespace baton::policy
