// SPDX-License-Identifier: Apache-2.0
// Copyright (C) 2026 The Baton authors
//
// What AUTO says of the devices that it may use, through the public API on a simulated machine.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>

#include "baton/baton.hpp"

namespace baton::test {
namespace {

using testing::ElementsAre;

constexpr const char* kMachine = R"({"only": true,
  "devices": [{"name": "CPU", "kind": "cpu", "capabilities": ["WINOGRAD", "FP32", "EXPORT_IMPORT"]},
              {"name": "GPU.0", "kind": "igpu", "capabilities": ["FP32", "FP16"]},
              {"name": "GPU.1", "kind": "dgpu", "capabilities": ["FP32", "BATCHED_BLOB", "INT8"]},
              {"name": "GPU.2", "kind": "software", "capabilities": ["BIN"]}],
  "pairs": [{"device": "CPU", "engine": "C"}, {"device": "CPU", "engine": "D", "capabilities": ["BF16"]},
            {"device": "GPU.0", "engine": "G"}, {"device": "GPU.1", "engine": "G"}, {"device": "GPU.2", "engine": "G"}]})";

TEST(CapabilitiesE2e, B312_of_auto_are_the_sorted_union_over_the_candidates) {
  setenv("BATON_SIM", kMachine, 1);
  Core core;
  EXPECT_THAT(core.get_property("AUTO", device::capabilities),
              ElementsAre("BATCHED_BLOB", "BF16", "FP16", "FP32", "INT8", "WINOGRAD"))
      << "of all engines; without EXPORT_IMPORT, and without the software device";
  EXPECT_THAT(core.get_property("CPU", device::capabilities), ElementsAre("BF16", "EXPORT_IMPORT", "FP32", "WINOGRAD"));

  const auto of_list = [&core](const std::string& list) {
    core.set_property("AUTO", device::priorities(list));
    return core.get_property("AUTO", device::capabilities);
  };
  EXPECT_THAT(of_list("GPU.0"), ElementsAre("FP16", "FP32"));
  EXPECT_THAT(of_list("GPU.0,CPU"), ElementsAre("BF16", "FP16", "FP32", "WINOGRAD"));
  EXPECT_THAT(of_list("GPU"), ElementsAre("BATCHED_BLOB", "FP16", "FP32", "INT8"));
  EXPECT_THAT(of_list("-GPU.1"), ElementsAre("BF16", "FP16", "FP32", "WINOGRAD"));
  EXPECT_THAT(of_list("GPU.2,NPU"), ElementsAre("BIN")) << "named it is a candidate; what is not there is none";
}

}  // namespace
}  // namespace baton::test
