// SPDX-License-Identifier: Apache-2.0
// Copyright (C) 2026 The Baton authors
#include "runtime/property_table.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>

#include "baton/auto_device.hpp"

namespace baton::runtime {
namespace {

using testing::HasSubstr;

std::string canonical(std::string_view key, const Any& value) {
  const auto text = canonical_value(*find_property(key), value);
  return text.is_ok() ? text.value() : "ERROR " + text.status().message();
}

TEST(PropertyTable, keys_are_unique_and_defaults_are_canonical) {
  std::set<std::string_view> keys;
  for (const PropertySpec& spec : property_table()) {
    EXPECT_TRUE(keys.insert(spec.key).second) << spec.key;
    if (spec.default_text.empty()) continue;
    EXPECT_EQ(canonical(spec.key, std::string(spec.default_text)), spec.default_text);
  }
}

TEST(PropertyTable, B202_to_B263_typed_names_are_in_the_table) {
  const char* const names[] = {device::priorities.name(),
                               hint::performance_mode.name(),
                               hint::num_requests.name(),
                               hint::model_priority.name(),
                               hint::execution_mode.name(),
                               hint::inference_precision.name(),
                               auto_device::enable_startup_fallback.name(),
                               auto_device::enable_runtime_fallback.name(),
                               auto_device::schedule_policy.name(),
                               auto_device::device_bind_buffer.name(),
                               hint::allow_auto_batching.name(),
                               auto_batch_timeout.name(),
                               device::properties.name(),
                               cache_dir.name(),
                               enable_profiling.name(),
                               log::level.name(),
                               auto_device::strict_devices.name(),
                               auto_device::allow_software_devices.name(),
                               auto_device::engine_priorities.name(),
                               auto_device::startup_device.name(),
                               auto_device::startup_grace.name(),
                               auto_device::output_check.name(),
                               auto_device::speed_check.name(),
                               auto_device::handover_hold.name(),
                               auto_device::keep_helper.name(),
                               auto_device::max_attempts.name(),
                               auto_device::recovery_backoff.name(),
                               auto_device::infer_timeout.name(),
                               auto_device::compile_timeout.name(),
                               auto_device::second_look.name(),
                               auto_device::tolerance.name()};
  EXPECT_EQ(std::size(names), property_table().size());
  for (const char* name : names) EXPECT_NE(find_property(name), nullptr) << name;
}

TEST(PropertyTable, B202_to_B229_B261_to_B263_defaults_and_where_each_may_be_set) {
  struct Row {
    const char* id;
    const char* key;
    const char* default_text;
    const char* set;  ///< P: set_property("AUTO"), C: compile config, R: at run time
  };
  constexpr Row kRows[] = {
      {"B-202", "MULTI_DEVICE_PRIORITIES", "", "PC"},
      {"B-203", "PERFORMANCE_HINT", "LATENCY", "PC"},
      {"B-204", "PERFORMANCE_HINT_NUM_REQUESTS", "0", "PC"},
      {"B-205", "MODEL_PRIORITY", "MEDIUM", "PC"},
      {"B-206", "EXECUTION_MODE_HINT", "PERFORMANCE", "PC"},
      {"B-207", "INFERENCE_PRECISION_HINT", "", "C"},
      {"B-208", "ENABLE_STARTUP_FALLBACK", "YES", "PC"},
      {"B-209", "ENABLE_RUNTIME_FALLBACK", "YES", "PC"},
      {"B-210", "SCHEDULE_POLICY", "", "PC"},
      {"B-211", "DEVICE_BIND_BUFFER", "NO", "PC"},
      {"B-212", "ALLOW_AUTO_BATCHING", "YES", "PC"},
      {"B-213", "AUTO_BATCH_TIMEOUT", "1000", "PCR"},
      {"B-214", "DEVICE_PROPERTIES", "{}", "C"},
      {"B-215", "CACHE_DIR", "", "PC"},
      {"B-216", "PERF_COUNT", "NO", "PC"},
      {"B-217", "LOG_LEVEL", "LOG_NONE", "PC"},
      {"B-218", "STRICT_DEVICES", "NO", "PC"},
      {"B-219", "ALLOW_SOFTWARE_DEVICES", "NO", "PC"},
      {"B-220", "ENGINE_PRIORITIES", "{}", "PC"},
      {"B-221", "STARTUP_DEVICE", "", "PC"},
      {"B-222", "STARTUP_GRACE", "300", "PC"},
      {"B-223", "HANDOVER_OUTPUT_CHECK", "REFUSE", "PC"},
      {"B-224", "HANDOVER_SPEED_CHECK", "AUTO", "PC"},
      {"B-225", "HANDOVER_HOLD", "NO", "PCR"},
      {"B-226", "KEEP_HELPER", "NO", "PC"},
      {"B-227", "REQUEST_MAX_ATTEMPTS", "0", "PC"},
      {"B-228", "RECOVERY_BACKOFF", "1000", "PC"},
      {"B-229", "INFER_TIMEOUT", "0", "PC"},
      {"B-261", "COMPILE_TIMEOUT", "0", "PC"},
      {"B-262", "HANDOVER_TOLERANCE", "0", "PC"},
      {"B-263", "SECOND_LOOK", "YES", "PC"},
  };
  EXPECT_EQ(std::size(kRows), property_table().size());
  for (const Row& row : kRows) {
    const PropertySpec* spec = find_property(row.key);
    ASSERT_NE(spec, nullptr) << row.id;
    EXPECT_EQ(spec->default_text, row.default_text) << row.id;
    std::string set;
    if (spec->has(kSetOnAuto)) set += 'P';
    if (spec->has(kInCompile)) set += 'C';
    if (spec->has(kAtRunTime)) set += 'R';
    EXPECT_EQ(set, row.set) << row.id;
  }
}

TEST(PropertyTable, B230_aliases) {
  EXPECT_EQ(find_property("AUTO_DEVICE_LIST"), find_property("MULTI_DEVICE_PRIORITIES"));
  EXPECT_EQ(canonical("MODEL_PRIORITY", "MODEL_PRIORITY_HIGH"), "HIGH");
  EXPECT_EQ(canonical("LOG_LEVEL", 4), "LOG_DEBUG");
}

TEST(PropertyTable, values_become_canonical) {
  EXPECT_EQ(canonical("ENABLE_STARTUP_FALLBACK", "false"), "NO");
  EXPECT_EQ(canonical("PERFORMANCE_HINT_NUM_REQUESTS", 4), "4");
  EXPECT_EQ(canonical("INFERENCE_PRECISION_HINT", element::bf16), "bf16");
  EXPECT_EQ(canonical("MULTI_DEVICE_PRIORITIES", std::vector<std::string>{"GPU", "CPU"}), "GPU,CPU");
  EXPECT_EQ(canonical("SCHEDULE_POLICY", "DEFAULT"), "DEVICE_PRIORITY");
  EXPECT_EQ(canonical("HANDOVER_TOLERANCE", 0.05), "0.05");
  EXPECT_EQ(canonical("DEVICE_PROPERTIES", "{CPU:{NUM_STREAMS:2}}"), "{CPU:{NUM_STREAMS:2}}");
}

TEST(PropertyTable, B248_B249_B1415_bad_values_name_key_and_value) {
  const std::pair<const char*, Any> bad[] = {
      {"PERFORMANCE_HINT", "FASTEST"},       {"PERFORMANCE_HINT_NUM_REQUESTS", -1},
      {"MODEL_PRIORITY", "URGENT"},          {"SCHEDULE_POLICY", "RANDOM"},
      {"ENABLE_STARTUP_FALLBACK", "2"},      {"AUTO_BATCH_TIMEOUT", "4294967296"},
      {"INFERENCE_PRECISION_HINT", "f8"},    {"HANDOVER_OUTPUT_CHECK", "AUTO"},
      {"HANDOVER_TOLERANCE", -0.1},          {"HANDOVER_TOLERANCE", "nan"},
      {"REQUEST_MAX_ATTEMPTS", 17},          {"DEVICE_PROPERTIES", "CPU"},
      {"MULTI_DEVICE_PRIORITIES", "GPU,(2)"}};
  for (const auto& [key, value] : bad) {
    EXPECT_THAT(canonical(key, value),
                HasSubstr(std::string("Invalid value for property ") + key + ": " + value.to_string()));
  }
  EXPECT_THAT(canonical("LOG_LEVEL", "LOG_LOUD"), HasSubstr("Unsupported log level"));
}

}  // namespace
}  // namespace baton::runtime
