// SPDX-License-Identifier: Apache-2.0
// Copyright (C) 2026 The Baton authors
#include "sim/script.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>

#include "engine/device_table.h"
#include "sim/sim_engine.h"

namespace baton::sim {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

TEST(SimScript, defaults_are_those_of_the_manual) {
  const auto script =
      read_script(R"({"devices": [{"name": "GPU.1", "kind": "dgpu"}], "pairs": [{"device": "GPU.1", "engine": "E"}]})");
  ASSERT_TRUE(script.is_ok()) << script.status().message();
  EXPECT_FALSE(script->only);
  EXPECT_EQ(script->devices[0].report.full_name, "Simulated GPU.1");
  EXPECT_THAT(script->devices[0].report.capabilities, ElementsAre("FP32"));
  ASSERT_EQ(script->engines.size(), 1u);
  EXPECT_EQ(script->engines[0].formats.size(), 5u);
  const Pair& pair = script->pairs[0];
  EXPECT_EQ(pair.profile, engine::Profile::kFull);
  EXPECT_EQ(pair.slots, 1u);
  EXPECT_THAT(pair.native.run_ms, ElementsAre(1));
  EXPECT_EQ(pair.native.precision, "f32");
  EXPECT_TRUE(pair.cancel_load && pair.cancel_run && pair.any_property);
}

TEST(SimScript, full_precision_repeats_the_native_times_but_not_its_errors) {
  const auto script =
      read_script(R"({"devices": [{"name": "CPU", "kind": "cpu"}], "pairs": [{"device": "CPU", "engine": "E",
    "precision": "bf16", "load_ms": 50, "run_ms": 4, "output_error": {"bias": 0.1},
        "full_precision": {"run_ms": 7}}]})");
  ASSERT_TRUE(script.is_ok()) << script.status().message();
  const Pair& pair = script->pairs[0];
  EXPECT_EQ(pair.native.output_error.bias, 0.1);
  EXPECT_EQ(pair.full_precision.output_error.bias, 0);
  EXPECT_EQ(pair.full_precision.precision, "f32");
  EXPECT_EQ(pair.full_precision.load_ms, 50);
  EXPECT_THAT(pair.full_precision.run_ms, ElementsAre(7));
}

TEST(SimScript, every_mistake_names_the_key) {
  const auto with_pair = [](const std::string& pair) {
    return R"({"devices": [{"name": "CPU", "kind": "cpu"}], "pairs": [)" + pair + "]}";
  };
  const std::pair<std::string, const char*> cases[] = {
      {"{", "not JSON"},
      {"{}", "devices: missing"},
      {R"({"devices": [{"name": "CPU"}], "pairs": []})", "devices[0].kind: missing"},
      {R"({"devices": [{"name": "CPU", "kind": "tpu"}], "pairs": []})",
       "kind: got \"tpu\", expected one of cpu, igpu, dgpu"},
      {R"({"devices": [{"name": "a b", "kind": "cpu"}], "pairs": []})",
       "devices[0].name: got \"a b\", expected a device name"},
      {R"({"devices": [{"name": "CPU", "kind": "cpu"}, {"name": "CPU", "kind": "cpu"}], "pairs": []})",
       "devices[1].name: got \"CPU\" twice"},
      {R"({"devices": [{"name": "CPU", "kind": "cpu", "gone": [{"from_ms": 5, "to_ms": 4}]}], "pairs": []})",
       "devices[0].gone[0].to_ms: got 4.0, expected a number >= 5.0"},
      {with_pair(R"({"device": "GPU", "engine": "E"})"), "pairs[0].device: got \"GPU\", which is not in devices"},
      {with_pair(R"({"device": "CPU"})"), "pairs[0].engine: missing"},
      {with_pair(R"({"device": "CPU", "engine": "E"}, {"device": "CPU", "engine": "E"})"),
       "pairs[1]: a pair of this device, engine and profile"},
      {with_pair(R"({"device": "CPU", "engine": "E", "load_ms": -1})"),
       "pairs[0].load_ms: got -1.0, expected a number >= 0"},
      {with_pair(R"({"device": "CPU", "engine": "E", "run_ms": []})"), "pairs[0].run_ms: got an empty list"},
      {with_pair(R"({"device": "CPU", "engine": "E", "slots": 0})"),
       "pairs[0].slots: got 0, expected a whole number from 1"},
      {with_pair(R"({"device": "CPU", "engine": "E", "laod_ms": 1})"), "pairs[0].laod_ms: unknown key"},
      {with_pair(R"({"device": "CPU", "engine": "E", "run_failures": [{"class": "BAD"}]})"),
       "run_failures[0].class: got \"BAD\", expected one of ENGINE_ERROR"},
      {with_pair(R"({"device": "CPU", "engine": "E", "run_failures": [{"from": 3, "to": 2}]})"),
       "run_failures[0].to: got 2"},
  };
  for (const auto& [text, expected] : cases) {
    const auto script = read_script(text);
    ASSERT_FALSE(script.is_ok()) << text;
    EXPECT_THAT(script.status().message(), HasSubstr("simulation script: "));
    EXPECT_THAT(script.status().message(), HasSubstr(expected)) << text;
  }
}

TEST(SimScript, a_file_that_is_not_there_is_named) {
  EXPECT_THAT(read_script("nowhere.json").status().message(),
              HasSubstr("simulation script nowhere.json: cannot be read"));
}

TEST(SimScript, B001_the_reference_machines_are_ready_scripts) {
  const std::pair<const char*, std::vector<std::string>> machines[] = {
      {"m1.json", {"CPU"}},
      {"m2.json", {"CPU", "GPU.0", "GPU.1"}},
      {"m3.json", {"CPU", "GPU"}},
      {"m4.json", {"CPU", "GPU.0", "GPU.1", "NPU"}},
      {"m5.json", {"CPU", "GPU.0", "GPU.1", "GPU.2"}},
      {"m6.json", {"CPU", "GPU", "MYRIAD"}},
  };
  for (const auto& [file, expected] : machines) {
    const auto script = read_script((std::filesystem::path(BATON_SIM_EXAMPLES) / file).string());
    ASSERT_TRUE(script.is_ok()) << script.status().message();
    EXPECT_TRUE(script->only);
    std::vector<engine::EngineOnDevice> reports;
    for (std::size_t e = 0; e < script->engines.size(); ++e) {
      for (auto& report : reports_of(script.value(), e))
        reports.push_back({script->engines[e].name, std::move(report)});
    }
    std::vector<std::string> names;
    for (const auto& device : engine::merge_devices(reports)) names.push_back(device.name);
    EXPECT_EQ(names, expected) << file;
  }
}

}  // namespace
}  // namespace baton::sim
