// SPDX-License-Identifier: Apache-2.0
// Copyright (C) 2026 The Baton authors
#include "policy/records.h"

#include <gtest/gtest.h>

namespace baton::policy {
namespace {

using std::chrono::hours;

Record after(std::initializer_list<double> runs, Record record = {}) {
  for (const double ms : runs) record = observe(record, {.run_ms = ms});
  return record;
}

TEST(Records, B425_three_agreeing_observations_decide) {
  EXPECT_FALSE(deciding(Figure{}));
  EXPECT_FALSE(deciding(after({10, 11}).run));
  EXPECT_NEAR(deciding(after({10, 11, 9}).run).value(), 10, 0.01);
  EXPECT_EQ(after({10, 11, 9}).run.low_ms, 9);
  EXPECT_EQ(after({10, 11, 9}).run.high_ms, 11);
}

TEST(Records, B425_a_contradicted_one_loses_its_weight) {
  for (const double contradiction : {10 / 1.51, 10 * 1.51}) {
    const Record record = after({10, 10, 10, 10, contradiction});
    EXPECT_EQ(record.run.observations, 1);
    EXPECT_FALSE(deciding(record.run));
    EXPECT_EQ(deciding(after({contradiction, contradiction}, record).run), contradiction) << "it is learnt anew";
  }
  EXPECT_TRUE(deciding(after({10, 10, 10, 14.9}).run)) << "within 1.5: the same figure on another day";
}

TEST(Records, B425_a_record_decides_for_thirty_days) {
  Record record = after({10, 10, 10});
  record.run.age = hours(30 * 24);
  EXPECT_TRUE(deciding(record.run));
  EXPECT_TRUE(deciding(after({10}, record).run)) << "seen again: young again";
  EXPECT_EQ(after({10}, record).run.age.count(), 0);
  record.run.age += std::chrono::seconds(1);
  EXPECT_FALSE(deciding(record.run));
  EXPECT_EQ(after({10}, record).run.observations, 1);
}

TEST(Records, the_mean_follows_a_slow_change) {
  Record record = after({10, 10, 10});
  for (int i = 0; i < 60; ++i) record = observe(record, {.run_ms = 12});
  EXPECT_NEAR(record.run.ms, 12, 0.1);
}

TEST(Records, loads_and_runs_are_figures_of_their_own) {
  Record record;
  for (const double load : {100.0, 150.0, 120.0}) record = observe(record, {.load_ms = load, .run_ms = 10});
  EXPECT_TRUE(deciding(record.load)) << "loads agree up to 2";
  record = observe(record, {.load_ms = 1000});
  EXPECT_FALSE(deciding(record.load));
  EXPECT_TRUE(deciding(record.run));
}

TEST(Records, measured_items_change_places_among_themselves_only) {
  struct Item {
    char name;
    std::optional<double> ms;
  };
  std::vector<Item> items{{'a', 9}, {'b', {}}, {'c', 3}, {'d', {}}, {'e', 3}};
  order_by_record(std::span(items), [](const Item& item) { return item.ms; });
  std::string names;
  for (const Item& item : items) names += item.name;
  EXPECT_EQ(names, "cbeda");
}

TEST(Records, B431_a_device_ten_percent_slower_on_record_lost) {
  const std::vector<DeviceOnRecord> devices{{"gpu-id", "GPU", 11.1}, {"cpu-id", "CPU", 10}, {"npu-id", "NPU", 10.9}};
  const auto lost = lost_speed_checks(devices);
  ASSERT_EQ(lost.size(), 1u);
  EXPECT_EQ(lost[0].loser, "gpu-id");
  EXPECT_EQ(lost[0].winner, "cpu-id");
  EXPECT_EQ(lost[0].text, "11.1 ms against 10 ms on CPU");
}

TEST(Records, B425_agreement_reaches_up_to_its_factor) {
  for (const double ms : {10 * kRunsAgree, 10 / kRunsAgree * 1.0000001}) {
    EXPECT_EQ(after({10, ms}).run.observations, 2) << ms;
  }
  EXPECT_EQ(after({15, 10}).run.observations, 2) << "exactly 1.5 times as long, the other way round";
  EXPECT_EQ(after({15.001, 10}).run.observations, 1);
  EXPECT_EQ(after({10, 15.001}).run.observations, 1);
  EXPECT_EQ(after({10}).run.observations, 1) << "nothing agrees with nothing";
}

TEST(Records, B425_a_new_observation_weighs_an_eighth_at_least) {
  const Record record = after({8, 8, 8, 8, 8, 8, 8, 8, 8, 8, 8, 8});
  EXPECT_DOUBLE_EQ(after({9.6}, record).run.ms, 8.2);
  EXPECT_DOUBLE_EQ(after({8, 9.6}).run.ms, 8.8) << "and half when it is the second";
}

TEST(Records, B431_B536_exactly_ten_percent_slower_is_not_lost) {
  EXPECT_TRUE(lost_speed_checks(std::vector<DeviceOnRecord>{{"a", "A", 10 * 1.10}, {"b", "B", 10}}).empty());
  EXPECT_EQ(lost_speed_checks(std::vector<DeviceOnRecord>{{"a", "A", 11.01}, {"b", "B", 10}}).size(), 1u);
  EXPECT_EQ(lost_speed_checks(std::vector<DeviceOnRecord>{{"a", "A", 30}, {"b", "B", 20}, {"c", "C", 10}}).size(), 3u);
}

}  // namespace
}  // namespace baton::policy
