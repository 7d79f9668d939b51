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
