// SPDX-License-Identifier: Apache-2.0
// Copyright (C) 2026 The Baton authors
#include "engine/manifest.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

namespace baton::engine {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
namespace fs = std::filesystem;

base::Result<std::vector<EngineManifest>> read(const std::string& text) {
  const auto file = fs::path(::testing::TempDir()) /
                    (std::string(::testing::UnitTest::GetInstance()->current_test_info()->name()) + ".manifest.json");
  std::ofstream(file) << text;
  auto result = read_manifest(file);
  fs::remove(file);
  return result;
}

TEST(Manifest, everything_in_it_is_read) {
  const auto engines = read(R"({
    "abi": 1, "module": "libx.so", "preload": ["liby.so.1"],
    "engines": [{"name": "x", "version": "1.2", "formats": ["onnx", "ir"],
      "devices": [{"name": "CPU", "handle": "cpu0", "kind": "cpu", "capabilities": ["FP32"],
                   "ranks": {"load_fast": 5, "load_full": 60, "run": 10}, "supported_properties": ["A", "b.*"], "cpu_heavy_load": false,
                   "serial_group": "one at a time"}],
      "probe_families": ["GPU"], "probe_evidence": ["nvidia"]}]})");
  ASSERT_TRUE(engines.is_ok()) << engines.status().message();
  ASSERT_EQ(engines->size(), 1u);
  const EngineManifest& x = engines->front();
  EXPECT_EQ(x.name, "x");
  EXPECT_EQ(x.version, "1.2");
  EXPECT_TRUE(x.module.is_absolute());
  EXPECT_EQ(x.module.filename(), "libx.so");
  EXPECT_THAT(x.preload, ElementsAre("liby.so.1"));
  EXPECT_THAT(x.formats, ElementsAre(model::Format::kOnnx, model::Format::kIr));
  ASSERT_EQ(x.devices.size(), 1u);
  EXPECT_EQ(x.devices[0].handle, "cpu0");
  EXPECT_EQ(x.devices[0].ranks.load_fast, 5);
  EXPECT_EQ(x.devices[0].ranks.load_full, 60);
  EXPECT_EQ(x.devices[0].ranks.run, 10);
  EXPECT_THAT(x.devices[0].supported_properties, ElementsAre("A", "b.*"));
  EXPECT_EQ(x.devices[0].serial_group, "one at a time") << "B-827";
  EXPECT_FALSE(x.devices[0].cpu_heavy_load);
  EXPECT_THAT(x.probe_families, ElementsAre("GPU"));
  EXPECT_THAT(x.probe_evidence, ElementsAre("nvidia"));
}

TEST(Manifest, every_mistake_names_file_and_key) {
  const std::pair<const char*, const char*> cases[] = {
      {"{", "not JSON"},
      {"[]", "got a list, expected an object"},
      {R"({"module": "m", "engines": []})", "abi: missing"},
      {R"({"abi": "1", "module": "m", "engines": []})", "abi: got text, expected a whole number"},
      {R"({"abi": 7, "module": "m", "engines": []})", "abi: the module is built for module interface 7, expected 1"},
      {R"({"abi": 1, "module": "", "engines": []})", "module: got an empty text"},
      {R"({"abi": 1, "module": "m", "engines": {}})", "engines: got an object, expected a list of objects"},
      {R"({"abi": 1, "module": "m", "engines": [{}]})", "engines[0].name: missing"},
      {R"({"abi": 1, "module": "m", "engines": [{"name": "a"}, 3]})", "engines[1]: got a number, expected an object"},
      {R"({"abi": 1, "module": "m", "engines": [{"name": "a", "formats": ["oonx"]}]})",
       "engines[0].formats: got \"oonx\", expected one of onnx, ir"},
      {R"({"abi": 1, "module": "m", "engines": [{"name": "a", "device": []}]})",
       "engines[0].device: unknown key, expected one of devices"},
      {R"({"abi": 1, "module": "m", "engines": [{"name": "a", "devices": [{"name": "C,U", "handle": "h",
          "kind": "cpu"}]}]})",
       "engines[0].devices[0].name: got \"C,U\", expected a device name"},
      {R"({"abi": 1, "module": "m", "engines": [{"name": "a", "devices": [{"name": "CPU", "handle": "h",
          "kind": "cpu", "ranks": {"run": -3}}]}]})",
       "devices[0].ranks.run: got -3, expected a whole number from 0"},
      {R"({"abi": 1, "module": "m", "engines": [{"name": "a", "devices": [{"name": "CPU", "handle": "h",
          "kind": "cpu", "ranks": {"run": 3000000000}}]}]})",
       "ranks.run: got 3000000000"},
  };
  for (const auto& [text, expected] : cases) {
    const auto engines = read(text);
    ASSERT_FALSE(engines.is_ok()) << text;
    EXPECT_THAT(engines.status().message(), HasSubstr("every_mistake_names_file_and_key.manifest.json: "));
    EXPECT_THAT(engines.status().message(), HasSubstr(expected));
  }
}

TEST(Manifest, a_file_that_is_not_there_is_named) {
  EXPECT_THAT(read_manifest("nowhere/x.manifest.json").status().message(),
              HasSubstr("nowhere/x.manifest.json: cannot be read"));
}

}  // namespace
}  // namespace baton::engine
