// SPDX-License-Identifier: Apache-2.0
// Copyright (C) 2026 The Baton authors
#include "device_config.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "baton/exception.hpp"

namespace baton::bench {
namespace {

using testing::HasSubstr;
using testing::IsEmpty;

std::string value(const EffectiveConfig& config, const std::string& key) {
  const auto found = config.properties.find(key);
  return found == config.properties.end() ? "unset" : found->second.to_string();
}

std::string hint_of(const Options& options, const DeviceConfig& loaded = {}) {
  return value(effective_config(options, loaded), "PERFORMANCE_HINT");
}

TEST(EffectiveConfig, B1605_the_hint) {
  EXPECT_EQ(hint_of({}), "THROUGHPUT");
  EXPECT_EQ(hint_of({.api = "sync"}), "LATENCY");
  EXPECT_EQ(hint_of({.hint = "none"}), "unset");
  EXPECT_EQ(hint_of({.hint = "latency"}), "LATENCY");
  EXPECT_EQ(hint_of({.hint = "tput"}), "THROUGHPUT");
  EXPECT_EQ(hint_of({.hint = "ctput"}), "CUMULATIVE_THROUGHPUT");
  EXPECT_EQ(hint_of({.requests = 4}), "unset") << "-nireq alone";
  EXPECT_EQ(hint_of({.streams = "2"}), "unset") << "-nstreams alone";
  EXPECT_EQ(hint_of({.hint = "throughput", .requests = 4}), "THROUGHPUT");
}

TEST(EffectiveConfig, a_hint_that_nobody_gave_is_announced) {
  EXPECT_THAT(effective_config({}, {}).warnings.at(0),
              HasSubstr("Device(CPU) performance hint will be set to THROUGHPUT"));
  EXPECT_THAT(effective_config({.hint = "none"}, {}).warnings, IsEmpty());
}

TEST(EffectiveConfig, B1606_the_command_line_wins_over_the_file) {
  const DeviceConfig loaded{{"CPU", {{"PERFORMANCE_HINT", "LATENCY"}, {"NUM_STREAMS", "3"}}}};
  EXPECT_EQ(hint_of({}, loaded), "LATENCY");
  EXPECT_EQ(hint_of({.hint = "tput"}, loaded), "THROUGHPUT");
  EXPECT_EQ(value(effective_config({.streams = "2"}, loaded), "NUM_STREAMS"), "2");
  EXPECT_EQ(value(effective_config({.device = "CPU.0"}, loaded), "NUM_STREAMS"), "3") << "of the family";
  EXPECT_EQ(value(effective_config({.device = "GPU"}, loaded), "NUM_STREAMS"), "unset");
}

TEST(EffectiveConfig, values_by_device_go_to_the_device) {
  const EffectiveConfig automatic =
      effective_config({.device = "AUTO:GPU,CPU", .streams = "CPU:2,GPU:4", .precision = "f32"}, {});
  EXPECT_EQ(automatic.target, "AUTO");
  const AnyMap devices = automatic.properties.at("DEVICE_PROPERTIES").as<AnyMap>();
  EXPECT_EQ(devices.at("CPU").as<AnyMap>().at("NUM_STREAMS").to_string(), "2");
  EXPECT_EQ(devices.at("GPU").as<AnyMap>().at("NUM_STREAMS").to_string(), "4");
  EXPECT_EQ(value(automatic, "INFERENCE_PRECISION_HINT"), "f32");
  EXPECT_EQ(value(effective_config({.streams = "CPU:2"}, {}), "NUM_STREAMS"), "2") << "the device of the run";
  EXPECT_THROW(effective_config({.streams = "GPU:2"}, {}), Exception) << "on the CPU";
  EXPECT_THROW(effective_config({.streams = "CPU:"}, {}), Exception);
}

TEST(EffectiveConfig, engines_by_device) {
  const EffectiveConfig config = effective_config({.engines = "CPU:onnxruntime,-openvino,GPU.1:openvino"}, {});
  const AnyMap lists = config.properties.at("ENGINE_PRIORITIES").as<AnyMap>();
  EXPECT_EQ(lists.at("CPU").to_string(), "onnxruntime,-openvino");
  EXPECT_EQ(lists.at("GPU.1").to_string(), "openvino");
  EXPECT_THROW(effective_config({.engines = "onnxruntime"}, {}), Exception);
}

TEST(EffectiveConfig, counters_and_batch) {
  EXPECT_EQ(value(effective_config({}, {}), "PERF_COUNT"), "NO");
  EXPECT_EQ(value(effective_config({.print_counters = true}, {}), "PERF_COUNT"), "YES");
  EXPECT_EQ(value(effective_config({}, {{"CPU", {{"PERF_COUNT", "YES"}}}}), "PERF_COUNT"), "YES");
  EXPECT_EQ(value(effective_config({.batch = "4"}, {}), "ALLOW_AUTO_BATCHING"), "NO");
}

TEST(ConfigFile, B1606_what_is_dumped_can_be_loaded) {
  const Options options{.device = "AUTO", .hint = "latency", .streams = "CPU:2"};
  const EffectiveConfig config = effective_config(options, {});
  const DeviceConfig loaded = parse_config(config_text({{"AUTO", config.properties}}));
  ASSERT_TRUE(loaded.contains("AUTO"));
  for (const auto& [key, any] : config.properties)
    EXPECT_EQ(loaded.at("AUTO").at(key).to_string(), any.to_string()) << key;
  EXPECT_EQ(effective_config({.device = "AUTO"}, loaded).properties.at("DEVICE_PROPERTIES").as<AnyMap>().size(), 1U);
}

TEST(ConfigFile, mistakes_are_named) {
  EXPECT_THROW(parse_config("[1]"), Exception);
  EXPECT_THROW(parse_config("{\"CPU\": 1}"), Exception);
  EXPECT_THROW(parse_config("{\"CPU\": {\"A\": [1]}}"), Exception);
  EXPECT_THROW(parse_config("no json"), Exception);
}

TEST(TargetOf, the_device_that_properties_belong_to) {
  EXPECT_EQ(target_of("AUTO:GPU,CPU"), "AUTO");
  EXPECT_EQ(target_of(" GPU.1 "), "GPU.1");
  EXPECT_EQ(target_of(""), "AUTO");
  EXPECT_TRUE(is_virtual("BATCH:CPU(4)"));
  EXPECT_FALSE(is_virtual("CPU"));
}

}  // namespace
}  // namespace baton::bench
