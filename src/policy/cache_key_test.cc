// SPDX-License-Identifier: Apache-2.0
// Copyright (C) 2026 The Baton authors
#include "policy/cache_key.h"

#include <gtest/gtest.h>

#include <functional>
#include <set>
#include <vector>

namespace baton::policy {
namespace {

CacheKey some_key() {
  return {.model = "m",
          .shapes = "[1,3]",
          .engine = "e",
          .version = "1",
          .device = "d",
          .driver = "r",
          .processor = "p",
          .handle = "GPU.0",
          .profile = "full",
          .precision = "native",
          .hint = "LATENCY",
          .config = {{"A", "1"}, {"B", "2"}}};
}

TEST(CacheKey, B1002_every_part_makes_another_key) {
  const std::vector<std::function<void(CacheKey&)>> changes = {
      [](CacheKey&) {},
      [](CacheKey& k) { k.model = "m2"; },
      [](CacheKey& k) { k.shapes = "[8,3]"; },  // a batch
      [](CacheKey& k) { k.engine = "e2"; },
      [](CacheKey& k) { k.version = "2"; },
      [](CacheKey& k) { k.device = "d2"; },
      [](CacheKey& k) { k.driver = "r2"; },
      [](CacheKey& k) { k.processor = "p2"; },
      [](CacheKey& k) { k.handle = "GPU.1"; },
      [](CacheKey& k) { k.profile = "fast"; },
      [](CacheKey& k) { k.precision = "full"; },
      [](CacheKey& k) { k.hint = "THROUGHPUT"; },
      [](CacheKey& k) { k.config["A"] = "2"; },
      [](CacheKey& k) { k.config["C"] = "1"; },
      [](CacheKey& k) { k.config.erase("B"); },
      [](CacheKey& k) {
        k.config = {{"A", "1"}, {"C", "2"}};
      },  // the same value of another property
      [](CacheKey& k) {
        k.config = {{"A", "2"}, {"B", "1"}};
      },
  };
  std::set<std::string> texts;
  for (const auto& change : changes) {
    CacheKey key = some_key();
    change(key);
    texts.insert(key.text());
  }
  EXPECT_EQ(texts.size(), changes.size());
}

TEST(CacheKey, B1002_parts_do_not_run_into_one_another) {
  CacheKey one = some_key();
  CacheKey other = some_key();
  one.engine = "ab";
  one.version = "c";
  other.engine = "a";
  other.version = "bc";
  EXPECT_NE(one.text(), other.text());
  one = other = some_key();
  one.config = {{"A", "1\nkey 1 B\nvalue 1 2"}};
  other.config = {{"A", "1"}, {"B", "2"}};
  EXPECT_NE(one.text(), other.text());
}

TEST(CacheKey, B1003_the_order_of_properties_makes_none) {
  CacheKey one = some_key();
  CacheKey other = some_key();
  one.config.clear();
  one.config["B"] = "2";
  one.config["A"] = "1";
  EXPECT_EQ(one.text(), other.text());
}

TEST(CacheKey, B1007_only_pairs_with_export_import) {
  engine::DeviceRecord device;
  device.capabilities = {"EXPORT_IMPORT", "FP32"};  // of the device: what any engine can
  device.engines = {{"can", {.capabilities = {"EXPORT_IMPORT", "FP32"}}}, {"cannot", {.capabilities = {"FP32"}}}};
  EXPECT_TRUE(can_be_cached(device, "can"));
  EXPECT_FALSE(can_be_cached(device, "cannot"));
  EXPECT_FALSE(can_be_cached(device, "unknown"));
}

TEST(CacheKey, B513_a_helper_writes_only_where_its_device_was_given_a_cache) {
  EXPECT_TRUE((CacheFolder{"dir", true}.helper_writes()));
  EXPECT_FALSE((CacheFolder{"dir", false}.helper_writes()));
  EXPECT_FALSE((CacheFolder{"", true}.helper_writes()));
}

}  // namespace
}  // namespace baton::policy
