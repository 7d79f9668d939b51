// SPDX-License-Identifier: Apache-2.0
// Copyright (C) 2026 The Baton authors
#include "baton/any.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdint>

#include "baton/auto_device.hpp"
#include "baton/exception.hpp"
#include "runtime/map_text.h"

namespace baton {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

TEST(Any, B201_booleans_are_read_in_three_spellings_and_written_in_one) {
  for (const char* text : {"YES", "true", "1"}) EXPECT_TRUE(Any(text).as<bool>()) << text;
  for (const char* text : {"NO", "false", "0"}) EXPECT_FALSE(Any(text).as<bool>()) << text;
  EXPECT_EQ(Any(true).to_string(), "YES");
  EXPECT_EQ(Any(false).as<std::string>(), "NO");
  EXPECT_TRUE(Any(1).as<bool>());
  EXPECT_THROW(Any("maybe").as<bool>(), Exception);
}

TEST(Any, keeps_the_type_it_was_given) {
  EXPECT_TRUE(Any(3).is<int>());
  EXPECT_TRUE(Any(3U).is<int>());
  EXPECT_FALSE(Any(3).is<bool>());
  EXPECT_FALSE(Any("3").is<int>());
  EXPECT_TRUE(Any("3").is<std::string>());
  EXPECT_TRUE(Any(1.5F).is<double>());
  EXPECT_TRUE(Any(AnyMap{}).is<AnyMap>());
  EXPECT_TRUE(Any(hint::Priority::HIGH).is<hint::Priority>());
  EXPECT_FALSE(Any(hint::Priority::HIGH).is<log::Level>());
  EXPECT_TRUE(Any().empty());
}

TEST(Any, numbers_are_checked_for_range_and_form) {
  EXPECT_EQ(Any("42").as<int>(), 42);
  EXPECT_EQ(Any(-1).as<int>(), -1);
  EXPECT_EQ(Any(4294967295U).as<std::uint32_t>(), 4294967295U);
  EXPECT_THROW(Any(-1).as<std::uint32_t>(), Exception);
  EXPECT_THROW(Any("4294967296").as<std::uint32_t>(), Exception);
  EXPECT_THROW(Any("12x").as<int>(), Exception);
  EXPECT_THROW(Any("").as<int>(), Exception);
  EXPECT_DOUBLE_EQ(Any("0.25").as<double>(), 0.25);
  EXPECT_EQ(Any(0.1).to_string(), "0.1");
}

TEST(Any, enums_travel_as_words) {
  EXPECT_EQ(Any(hint::PerformanceMode::CUMULATIVE_THROUGHPUT).to_string(), "CUMULATIVE_THROUGHPUT");
  EXPECT_EQ(Any("LATENCY").as<hint::PerformanceMode>(), hint::PerformanceMode::LATENCY);
  EXPECT_EQ(Any("MODEL_PRIORITY_MED").as<hint::Priority>(), hint::Priority::MEDIUM);
  EXPECT_EQ(Any("3").as<log::Level>(), log::Level::INFO);
  EXPECT_EQ(Any(hint::Priority::DEFAULT).to_string(), "MEDIUM");
  EXPECT_TRUE(Any("THROUGHPUT") == hint::PerformanceMode::THROUGHPUT);
  try {
    Any("FAST").as<hint::PerformanceMode>();
    FAIL();
  } catch (const Exception& error) {
    EXPECT_EQ(error.code(), ErrorCode::InvalidArgument);
    EXPECT_THAT(error.what(), HasSubstr("'FAST' is no PerformanceMode; expected one of: LATENCY THROUGHPUT"));
  }
}

TEST(Any, types_and_streams_are_words_too) {
  EXPECT_EQ(Any(element::f16).to_string(), "f16");
  EXPECT_EQ(Any("bf16").as<element::Type>(), element::bf16);
  EXPECT_EQ(num_streams(streams::AUTO).second.to_string(), "AUTO");
  EXPECT_EQ(num_streams(2).second.to_string(), "2");
  EXPECT_EQ(Any("NUMA").as<streams::Num>().num, streams::NUMA.num);
}

TEST(Any, lists_and_tuples) {
  EXPECT_EQ(Any(std::vector<std::string>{"CPU", "GPU.1"}).to_string(), "CPU GPU.1");
  EXPECT_THAT(Any("CPU  GPU").as<std::vector<std::string>>(), ElementsAre("CPU", "GPU"));
  EXPECT_THAT(Any(std::vector<int>{1, 2}).as<std::vector<std::string>>(), ElementsAre("1", "2"));
  EXPECT_TRUE(Any(std::vector<int>{1, 2}).is<std::vector<int>>());
  EXPECT_FALSE(Any(std::vector<int>{1, 2}).is<std::vector<std::string>>());
  EXPECT_EQ((Any("1 8").as<std::tuple<unsigned, unsigned>>()), std::tuple(1U, 8U));
  EXPECT_THROW((Any("1 8 2").as<std::tuple<unsigned, unsigned>>()), Exception);
}

TEST(Any, B252_a_list_of_one_is_a_scalar) {
  EXPECT_EQ(Any(std::vector<std::string>{"THROUGHPUT"}).as<hint::PerformanceMode>(), hint::PerformanceMode::THROUGHPUT);
  EXPECT_THROW((Any(std::vector<std::string>{"LATENCY", "THROUGHPUT"}).as<hint::PerformanceMode>()), Exception);
}

TEST(Any, property_names_keep_their_mutability) {
  const Any list = std::vector<PropertyName>{{"A", PropertyMutability::RO}, {"B", PropertyMutability::RW}};
  EXPECT_EQ(list.to_string(), "A B");
  const auto names = list.as<std::vector<PropertyName>>();
  EXPECT_FALSE(names[0].is_mutable());
  EXPECT_TRUE(names[1].is_mutable());
}

TEST(MapText, reads_what_it_writes) {
  const AnyMap map{{"CPU", AnyMap{{"NUM_STREAMS", 2}, {"EMPTY", ""}}}, {"GPU.0", AnyMap{{"LIST", "a,b \"c\" {d}\\"}}}};
  const std::string text = to_string(map);
  EXPECT_EQ(text, R"({CPU:{EMPTY:"",NUM_STREAMS:2},GPU.0:{LIST:"a,b \"c\" {d}\\"}})");
  EXPECT_EQ(to_string(runtime::parse_map(text)), text);
  EXPECT_EQ(Any(text).as<AnyMap>().at("CPU").as<AnyMap>().at("NUM_STREAMS").as<int>(), 2);
}

TEST(MapText, B1606_reads_json_objects) {
  const AnyMap map = runtime::parse_map(R"( { "CPU" : { "NUM_STREAMS" : "2" , "PIN": true } } )");
  EXPECT_EQ(map.at("CPU").as<AnyMap>().at("NUM_STREAMS").as<int>(), 2);
  EXPECT_TRUE(map.at("CPU").as<AnyMap>().at("PIN").as<bool>());
}

TEST(MapText, says_where_it_cannot_be_read) {
  for (const char* bad : {"", "CPU", "{", "{A}", "{A:}", "{A:1", "{A:1}}", "{A:1,}", "{A:\"1}", "{:1}"}) {
    EXPECT_THROW(runtime::parse_map(bad), Exception) << bad;
  }
  std::string deep;
  for (int i = 0; i < 10000; ++i) deep += "{A:";
  EXPECT_THROW(runtime::parse_map(deep), Exception);
  try {
    runtime::parse_map("{CPU:{NUM 2}}");
    FAIL();
  } catch (const Exception& error) {
    EXPECT_THAT(error.what(), HasSubstr("expected : at '2}}'"));
  }
}

}  // namespace
}  // namespace baton
