// SPDX-License-Identifier: Apache-2.0
// Copyright (C) 2026 The Baton authors
#include "runtime/config.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "baton/auto_device.hpp"
#include "runtime/property_table.h"

namespace baton::runtime {
namespace {

using Kind = policy::DeviceString::Kind;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Pair;

policy::DeviceString device(const char* text) { return policy::parse_device_string(text).value(); }

Config config(const char* name, const AnyMap& compile, const StoredProperties& stored = {}) {
  auto result = make_config(device(name), compile, stored, base::LogLevel::kNone);
  EXPECT_TRUE(result.is_ok()) << result.status().message();
  return result.is_ok() ? std::move(result).value() : Config{};
}

std::string error(const char* name, const AnyMap& compile) {
  const auto result = make_config(device(name), compile, {}, base::LogLevel::kNone);
  return result.is_ok() ? "" : result.status().message();
}

TEST(Config, B260_without_properties_everything_has_its_default) {
  const Config c = config("AUTO", {});
  EXPECT_EQ(c.options.hint, autodev::PerformanceHint::kLatency);
  EXPECT_FALSE(c.options.hint_set);
  EXPECT_EQ(c.options.model_priority, autodev::ModelPriority::kMedium);
  EXPECT_TRUE(c.options.startup_fallback && c.options.runtime_fallback && c.options.second_look);
  EXPECT_EQ(c.options.output_check, autodev::CheckMode::kRefuse);
  EXPECT_EQ(c.options.speed_check, autodev::CheckMode::kAuto);
  EXPECT_FALSE(c.options.inference_precision);
  EXPECT_EQ(c.priorities_source, policy::ListSource::kDefault);
  EXPECT_EQ(c.values.at("AUTO_BATCH_TIMEOUT"), "1000");
  EXPECT_THAT(c.properties.everywhere, IsEmpty());
}

TEST(Config, typed_options_follow_the_compile_config) {
  const Config c =
      config("AUTO", {hint::performance_mode(hint::PerformanceMode::THROUGHPUT), hint::num_requests(3),
                      hint::model_priority(hint::Priority::HIGH), hint::execution_mode(hint::ExecutionMode::ACCURACY),
                      hint::inference_precision(element::f32), auto_device::enable_startup_fallback(false),
                      auto_device::output_check(auto_device::Check::WARN), auto_device::tolerance(0.5),
                      auto_device::engine_priorities(AnyMap{{"CPU", "openvino,-onnxruntime"}}),
                      auto_device::handover_hold(true), log::level(log::Level::DEBUG), cache_dir("kept")});
  EXPECT_EQ(c.options.hint, autodev::PerformanceHint::kThroughput);
  EXPECT_TRUE(c.options.hint_set);
  EXPECT_EQ(c.options.num_requests, 3U);
  EXPECT_EQ(c.options.model_priority, autodev::ModelPriority::kHigh);
  EXPECT_TRUE(c.options.accuracy);
  EXPECT_EQ(c.options.inference_precision, "f32");
  EXPECT_FALSE(c.options.startup_fallback);
  EXPECT_EQ(c.options.output_check, autodev::CheckMode::kWarn);
  EXPECT_DOUBLE_EQ(c.options.tolerance, 0.5);
  EXPECT_THAT(c.options.engine_priorities.at("CPU"), ElementsAre("openvino", "-onnxruntime"));
  EXPECT_TRUE(c.options.handover_hold);
  EXPECT_EQ(c.log_level, base::LogLevel::kDebug);
  EXPECT_EQ(c.options.cache_dir, "kept");
}

TEST(Config, B242_compile_config_beats_set_property_beats_default) {
  StoredProperties stored;
  stored.automatic = {{"PERFORMANCE_HINT", "THROUGHPUT"}, {"MODEL_PRIORITY", "LOW"}};
  stored.everywhere = {{"CACHE_DIR", "everywhere"}};
  const Config c = config("AUTO", {{"PERFORMANCE_HINT", "LATENCY"}}, stored);
  EXPECT_EQ(c.values.at("PERFORMANCE_HINT"), "LATENCY");
  EXPECT_EQ(c.values.at("MODEL_PRIORITY"), "LOW");
  EXPECT_EQ(c.options.cache_dir, "everywhere");
  EXPECT_EQ(config("MULTI:CPU", {}, stored).values.at("MODEL_PRIORITY"), "MEDIUM");
}

TEST(Config, B121_B122_priorities_and_where_they_came_from) {
  StoredProperties stored;
  stored.automatic = {{"MULTI_DEVICE_PRIORITIES", "GPU,CPU"}};
  EXPECT_EQ(config("AUTO", {}, stored).priorities, "GPU,CPU");
  EXPECT_EQ(config("AUTO", {}, stored).priorities_source, policy::ListSource::kAutoProperty);
  const Config c = config("AUTO", {device::priorities("CPU", "GPU")}, stored);
  EXPECT_EQ(c.priorities, "CPU,GPU");
  EXPECT_EQ(c.priorities_source, policy::ListSource::kCompileConfig);
}

TEST(Config, B230_alias_and_key_must_agree) {
  EXPECT_EQ(config("AUTO", {{"AUTO_DEVICE_LIST", "CPU"}}).priorities, "CPU");
  EXPECT_EQ(config("AUTO", {{"AUTO_DEVICE_LIST", "CPU"}, {"MULTI_DEVICE_PRIORITIES", "CPU"}}).priorities, "CPU");
  EXPECT_THAT(error("AUTO", {{"AUTO_DEVICE_LIST", "CPU"}, {"MULTI_DEVICE_PRIORITIES", "GPU"}}), HasSubstr("alias"));
}

TEST(Config, B243_other_keys_are_forwarded) {
  const Config c = config("AUTO", {num_streams(2), {"SOME_KEY", "x"}});
  EXPECT_THAT(c.properties.everywhere, ElementsAre(Pair("NUM_STREAMS", "2"), Pair("SOME_KEY", "x")));
}

TEST(Config, B214_device_properties_in_each_form) {
  const std::map<std::string, engine::Properties> expected{{"CPU", {{"NUM_STREAMS", "2"}}},
                                                           {"GPU", {{"PERFORMANCE_HINT", "THROUGHPUT"}}}};
  EXPECT_EQ(config("AUTO", {device::properties("CPU", num_streams(2)),
                            device::properties("GPU", hint::performance_mode(hint::PerformanceMode::THROUGHPUT))})
                .properties.devices,
            expected);
  const AnyMap map{{"CPU", AnyMap{num_streams(2)}},
                   {"GPU", AnyMap{hint::performance_mode(hint::PerformanceMode::THROUGHPUT)}}};
  EXPECT_EQ(config("AUTO", {device::properties(map)}).properties.devices, expected);
  EXPECT_EQ(config("AUTO", {{"DEVICE_PROPERTIES", "{CPU:{NUM_STREAMS:2},GPU:{PERFORMANCE_HINT:THROUGHPUT}}"}})
                .properties.devices,
            expected);
  EXPECT_THAT(error("AUTO", {{"DEVICE_PROPERTIES", "CPU"}}),
              HasSubstr("Invalid value for property DEVICE_PROPERTIES: CPU"));
}

TEST(Config, B245_what_was_set_for_a_device_is_weaker_than_the_compile_config) {
  StoredProperties stored;
  stored.devices["CPU"] = {{"NUM_STREAMS", "1"}, {"INFERENCE_NUM_THREADS", "3"}, {"PERFORMANCE_HINT", "LATENCY"}};
  engine::DeviceRecord cpu;
  cpu.name = cpu.family = "CPU";
  cpu.engines = {{"E", {}}};
  cpu.engines[0].report.supported_properties = {"*"};
  const auto told = [&](const AnyMap& compile) {
    return policy::properties_for(config("AUTO", compile, stored).properties, cpu, "E");
  };
  EXPECT_THAT(told({}), ElementsAre(Pair("INFERENCE_NUM_THREADS", "3"), Pair("NUM_STREAMS", "1")));
  EXPECT_EQ(told({num_streams(4)}).at("NUM_STREAMS"), "4");
  EXPECT_EQ(told({num_streams(4), device::properties("CPU", num_streams(8))}).at("NUM_STREAMS"), "8");
  const auto hint = [&](const AnyMap& compile) {
    return policy::hints_for(config("AUTO", compile, stored).properties, cpu).hint;
  };
  EXPECT_EQ(hint({}), engine::Hint::kLatency);
  EXPECT_EQ(hint({{"PERFORMANCE_HINT", "THROUGHPUT"}}), std::nullopt) << "the compile's own hint counts";
}

TEST(Config, B207_a_precision_hint_is_forwarded_and_kept_as_an_option) {
  const Config c = config("AUTO", {hint::inference_precision(element::bf16)});
  EXPECT_EQ(c.options.inference_precision, "bf16");
  EXPECT_THAT(c.properties.everywhere, ElementsAre(Pair("INFERENCE_PRECISION_HINT", "bf16")));
}

TEST(Config, B248_values_for_a_device_are_checked_too) {
  EXPECT_THAT(error("AUTO", {{"DEVICE_PROPERTIES", "{CPU:{PERFORMANCE_HINT:FASTEST}}"}}),
              HasSubstr("Invalid value for property PERFORMANCE_HINT: FASTEST"));
}

TEST(Config, baton_reads_for_a_device_what_a_direct_device_has) {
  for (const PropertySpec& spec : property_table()) {
    EXPECT_EQ(policy::is_read_by_baton(spec.key), spec.has(kOnDevice)) << spec.key;
  }
}

TEST(Config, B128_a_direct_device_takes_what_was_set_for_it_and_its_family) {
  StoredProperties stored;
  stored.devices["GPU"] = {{"NUM_STREAMS", "1"}, {"PERFORMANCE_HINT", "THROUGHPUT"}, {"A", "family"}};
  stored.devices["GPU.1"] = {{"A", "instance"}};
  const Config c = config("GPU.1", {{"NUM_STREAMS", 4}}, stored);
  EXPECT_THAT(c.properties.everywhere, ElementsAre(Pair("A", "instance"), Pair("NUM_STREAMS", "4")));
  EXPECT_EQ(c.options.hint, autodev::PerformanceHint::kThroughput);
  EXPECT_THAT(c.properties.devices, IsEmpty());
  EXPECT_THAT(c.properties.defaults, IsEmpty()) << "they are in the compile's own already";
}

TEST(Config, B250_multi_neither_lists_nor_accepts_what_is_autos_alone) {
  for (const char* key : {"ENABLE_STARTUP_FALLBACK", "ENABLE_RUNTIME_FALLBACK", "STARTUP_DEVICE", "STARTUP_GRACE",
                          "HANDOVER_OUTPUT_CHECK", "HANDOVER_SPEED_CHECK", "HANDOVER_HOLD", "KEEP_HELPER"}) {
    const PropertySpec* spec = find_property(key);
    ASSERT_NE(spec, nullptr) << key;
    EXPECT_FALSE(spec->has(kOnMulti)) << key;
    const AnyMap value{{key, std::string(spec->default_text)}};
    EXPECT_THAT(error("MULTI:CPU", value), HasSubstr(key));
    EXPECT_FALSE(check_auto_properties(Kind::kMulti, value).is_ok()) << key;
    EXPECT_EQ(error("AUTO:CPU", value), "");
  }
}

TEST(Config, B250_multi_and_direct_devices_refuse_what_is_autos) {
  EXPECT_THAT(error("MULTI:CPU", {auto_device::enable_startup_fallback(true)}), HasSubstr("ENABLE_STARTUP_FALLBACK"));
  EXPECT_THAT(error("MULTI:CPU", {auto_device::keep_helper(true)}), HasSubstr("KEEP_HELPER"));
  EXPECT_THAT(error("CPU", {auto_device::strict_devices(true)}), HasSubstr("STRICT_DEVICES"));
  EXPECT_EQ(error("MULTI:CPU", {auto_device::schedule_policy(auto_device::SchedulePolicy::ROUND_ROBIN)}), "");
}

TEST(Config, B704_multi_reads_throughput) {
  EXPECT_EQ(config("MULTI:CPU", {}).values.at("PERFORMANCE_HINT"), "THROUGHPUT");
}

TEST(Config, B244_B1414_set_property_on_auto_refuses_device_keys) {
  for (const char* key : {"NUM_STREAMS", "NO_SUCH_KEY", "DEVICE_PROPERTIES", "INFERENCE_PRECISION_HINT"}) {
    const auto result = check_auto_properties(Kind::kAuto, {{key, "{}"}});
    ASSERT_FALSE(result.is_ok()) << key;
    EXPECT_EQ(result.status().code(), base::StatusCode::kInvalidArgument);
    EXPECT_THAT(result.status().message(), HasSubstr("[AUTO]"));
    EXPECT_THAT(result.status().message(), HasSubstr(key));
  }
  EXPECT_FALSE(check_auto_properties(Kind::kMulti, {{"STARTUP_DEVICE", "CPU"}}).is_ok());
  const auto kept = check_auto_properties(Kind::kAuto, {{"AUTO_DEVICE_LIST", "CPU"}, {"PERF_COUNT", true}});
  ASSERT_TRUE(kept.is_ok());
  EXPECT_THAT(kept.value(), ElementsAre(Pair("MULTI_DEVICE_PRIORITIES", "CPU"), Pair("PERF_COUNT", "YES")));
}

TEST(Config, B1705_keys_of_the_later_stage_are_no_property_yet) {
  EXPECT_FALSE(check_auto_properties(Kind::kAuto, {{"DEVICES_UTILIZATION_THRESHOLD", "{CPU:50}"}}).is_ok());
}

}  // namespace
}  // namespace baton::runtime
