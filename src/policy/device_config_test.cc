// SPDX-License-Identifier: Apache-2.0
// Copyright (C) 2026 The Baton authors
#include "policy/device_config.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "policy/test_devices.h"

namespace baton::policy {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Pair;

engine::DeviceRecord with_engines(engine::DeviceRecord record,
                                  std::vector<std::pair<std::string, std::vector<std::string>>> engines) {
  for (auto& [name, known] : engines) {
    record.engines.push_back({name, {}});
    record.engines.back().report.supported_properties = std::move(known);
  }
  return record;
}

/// A CPU with one engine that knows streams and one that does not, and two GPUs.
std::vector<engine::DeviceRecord> machine() {
  return {with_engines(testing::cpu(), {{"E1", {"THREADS", "session.*"}}, {"E2", {"THREADS", "NUM_STREAMS"}}}),
          with_engines(testing::igpu("0"), {{"G", {"NUM_STREAMS"}}}),
          with_engines(testing::dgpu("1"), {{"G", {"NUM_STREAMS", "QUEUE"}}})};
}

CandidateList list_of(const std::vector<engine::DeviceRecord>& devices) {
  CandidateList list;
  for (std::size_t i = 0; i < devices.size(); ++i) {
    list.candidates.push_back({.device = devices[i].name, .record = static_cast<int>(i)});
  }
  return list;
}

TEST(DeviceConfig, keys_and_beginnings_of_keys) {
  const std::vector<std::string> known{"A", "session.*"};
  EXPECT_TRUE(knows_property(known, "A"));
  EXPECT_TRUE(knows_property(known, "session.x"));
  EXPECT_FALSE(knows_property(known, "AB"));
  EXPECT_FALSE(knows_property(known, "sessions"));
  EXPECT_TRUE(knows_property(std::vector<std::string>{"*"}, "anything"));
}

TEST(DeviceConfig, B243_a_top_level_key_reaches_whoever_knows_it_and_the_others_skip_it) {
  const auto devices = machine();
  const GivenProperties given{.everywhere = {{"NUM_STREAMS", "2"}, {"session.x", "1"}, {"QUEUE", "3"}}};
  CandidateList list = list_of(devices);
  ASSERT_TRUE(check_properties(given, devices, list).is_ok());
  EXPECT_EQ(list.accepted_count(), 3u);
  EXPECT_THAT(properties_for(given, devices[0], "E1"), ElementsAre(Pair("session.x", "1")));
  EXPECT_THAT(properties_for(given, devices[0], "E2"), ElementsAre(Pair("NUM_STREAMS", "2")));
  EXPECT_THAT(properties_for(given, devices[2], "G"), ElementsAre(Pair("NUM_STREAMS", "2"), Pair("QUEUE", "3")));
}

TEST(DeviceConfig, B243_a_key_that_no_candidate_knows_is_named) {
  const auto devices = machine();
  CandidateList list = list_of(devices);
  const base::Status status = check_properties({.everywhere = {{"NO_SUCH_KEY", "1"}}}, devices, list);
  EXPECT_EQ(status.code(), base::StatusCode::kInvalidArgument);
  EXPECT_THAT(status.message(), HasSubstr("NO_SUCH_KEY"));
  list.candidates[2].accepted = false;
  EXPECT_THAT(check_properties({.everywhere = {{"QUEUE", "1"}}}, devices, list).message(), HasSubstr("QUEUE"))
      << "the only device that knows it is no candidate any more";
}

TEST(DeviceConfig, B246_a_family_reaches_every_instance_and_an_instance_beats_it) {
  const auto devices = machine();
  const GivenProperties given{.devices = {{"GPU", {{"NUM_STREAMS", "1"}}}, {"GPU.1", {{"NUM_STREAMS", "4"}}}}};
  CandidateList list = list_of(devices);
  ASSERT_TRUE(check_properties(given, devices, list).is_ok());
  EXPECT_THAT(list.warnings, IsEmpty());
  EXPECT_THAT(properties_for(given, devices[1], "G"), ElementsAre(Pair("NUM_STREAMS", "1")));
  EXPECT_THAT(properties_for(given, devices[2], "G"), ElementsAre(Pair("NUM_STREAMS", "4")));
  EXPECT_THAT(properties_for(given, devices[0], "E2"), IsEmpty());
}

TEST(DeviceConfig, B110_the_only_gpu_is_instance_0_too) {
  const auto gpu = with_engines(testing::only_gpu(), {{"G", {"NUM_STREAMS"}}});
  EXPECT_THAT(properties_for({.devices = {{"GPU.0", {{"NUM_STREAMS", "4"}}}}}, gpu, "G"),
              ElementsAre(Pair("NUM_STREAMS", "4")));
}

TEST(DeviceConfig, B246_a_device_that_is_no_candidate_is_warned_of) {
  const auto devices = machine();
  CandidateList list = list_of(devices);
  ASSERT_TRUE(check_properties({.devices = {{"MYRIAD", {{"X", "1"}}}}}, devices, list).is_ok());
  ASSERT_EQ(list.warnings.size(), 1u);
  EXPECT_THAT(list.warnings[0], HasSubstr("MYRIAD"));
  EXPECT_EQ(list.accepted_count(), 3u);
}

TEST(DeviceConfig, B245_defaults_for_a_device_that_is_not_there_say_nothing) {
  const auto devices = machine();
  CandidateList list = list_of(devices);
  ASSERT_TRUE(check_properties({.defaults = {{"MYRIAD", {{"X", "1"}}}, {"CPU", {{"X", "1"}}}}}, devices, list).is_ok());
  EXPECT_THAT(list.warnings, IsEmpty());
  EXPECT_EQ(list.accepted_count(), 3u) << "a default that nobody knows is skipped";
}

TEST(DeviceConfig, B247_a_device_that_does_not_know_a_key_given_for_it_is_rejected) {
  const auto devices = machine();
  CandidateList list = list_of(devices);
  ASSERT_TRUE(check_properties({.devices = {{"GPU", {{"QUEUE", "1"}}}, {"CPU", {{"NUM_STREAMS", "1"}}}}}, devices, list)
                  .is_ok());
  EXPECT_TRUE(list.candidates[0].accepted) << "one engine of the CPU knows streams";
  EXPECT_FALSE(list.candidates[1].accepted);
  EXPECT_EQ(list.candidates[1].reason, Reason::kConfigUnsupported);
  EXPECT_THAT(list.candidates[1].text, HasSubstr("QUEUE"));
  EXPECT_TRUE(list.candidates[2].accepted);
}

TEST(DeviceConfig, B214_hints_for_a_device_are_obeyed_by_baton_and_reject_nobody) {
  const auto devices = machine();
  const GivenProperties given{.devices = {{"CPU",
                                           {{"PERFORMANCE_HINT", "THROUGHPUT"},
                                            {"PERFORMANCE_HINT_NUM_REQUESTS", "3"},
                                            {"INFERENCE_PRECISION_HINT", "f32"},
                                            {"PERF_COUNT", "YES"}}}}};
  CandidateList list = list_of(devices);
  ASSERT_TRUE(check_properties(given, devices, list).is_ok());
  EXPECT_EQ(list.accepted_count(), 3u);
  const DeviceHints cpu = hints_for(given, devices[0]);
  EXPECT_EQ(cpu.hint, engine::Hint::kThroughput);
  EXPECT_EQ(cpu.num_requests, 3u);
  EXPECT_EQ(cpu.precision, engine::Precision::kFull);
  EXPECT_THAT(properties_for(given, devices[0], "E1"), IsEmpty());
  EXPECT_FALSE(hints_for(given, devices[1]).hint);
}

TEST(DeviceConfig, B206_B207_precision_is_a_matter_of_the_hint_or_of_the_engine) {
  const auto cpu = with_engines(testing::cpu(), {{"E1", {}}, {"E2", {"INFERENCE_PRECISION_HINT"}}});
  const auto hints = [&](engine::Properties everywhere) {
    return hints_for({.everywhere = std::move(everywhere)}, cpu);
  };
  EXPECT_FALSE(hints({}).precision);
  EXPECT_EQ(hints({{"INFERENCE_PRECISION_HINT", "f32"}}).precision, engine::Precision::kFull);
  EXPECT_EQ(hints({{"INFERENCE_PRECISION_HINT", "bf16"}}).precision, engine::Precision::kNative);
  const GivenProperties bf16{.everywhere = {{"INFERENCE_PRECISION_HINT", "bf16"}}};
  EXPECT_THAT(properties_for(bf16, cpu, "E1"), IsEmpty());
  EXPECT_THAT(properties_for(bf16, cpu, "E2"), ElementsAre(Pair("INFERENCE_PRECISION_HINT", "bf16")));
  EXPECT_EQ(hints_for({.devices = {{"CPU", {{"EXECUTION_MODE_HINT", "ACCURACY"}}}}}, cpu).precision,
            engine::Precision::kFull);
}

TEST(DeviceConfig, B246_an_instance_beats_its_family_even_when_it_is_alone) {
  const auto gpu = with_engines(testing::only_gpu(), {{"G", {"NUM_STREAMS"}}});
  const GivenProperties given{.devices = {{"GPU", {{"NUM_STREAMS", "1"}}}, {"GPU.0", {{"NUM_STREAMS", "4"}}}}};
  EXPECT_THAT(properties_for(given, gpu, "G"), ElementsAre(Pair("NUM_STREAMS", "4")));
}

TEST(DeviceConfig, B246_family_and_instance_of_the_first_device_are_candidates_too) {
  const std::vector<engine::DeviceRecord> devices{with_engines(testing::igpu("0"), {{"G", {"NUM_STREAMS"}}}),
                                                  with_engines(testing::cpu(), {{"E", {"NUM_STREAMS"}}})};
  CandidateList list = list_of(devices);
  const engine::Properties two{{"NUM_STREAMS", "2"}};
  ASSERT_TRUE(check_properties({.devices = {{"GPU", two}, {"GPU.0", two}, {"CPU", two}}}, devices, list).is_ok());
  EXPECT_THAT(list.warnings, IsEmpty());
  ASSERT_TRUE(check_properties({.devices = {{"GPU.1", two}}}, devices, list).is_ok());
  EXPECT_THAT(list.warnings, ElementsAre("DEVICE_PROPERTIES for GPU.1 are ignored: it is no candidate"));
}

TEST(DeviceConfig, B246_a_listed_device_that_is_not_there_was_warned_of_already) {
  const auto devices = machine();
  CandidateList list = list_of(devices);
  list.candidates.push_back({.device = "MYRIAD", .accepted = false, .reason = Reason::kDeviceNotFound});
  ASSERT_TRUE(check_properties({.devices = {{"MYRIAD", {{"X", "1"}}}}}, devices, list).is_ok());
  EXPECT_THAT(list.warnings, IsEmpty());
  ASSERT_TRUE(check_properties({.devices = {{"NPU", {{"X", "1"}}}}}, devices, list).is_ok());
  EXPECT_THAT(list.warnings, ElementsAre(HasSubstr("NPU")));
}

TEST(DeviceConfig, B220_B422_what_engine_priorities_name_in_vain_is_said) {
  const std::vector<engine::DeviceRecord> devices{with_engines(testing::igpu("0"), {{"G", {}}}),
                                                  with_engines(testing::cpu(), {{"E", {}}})};
  const std::vector<std::string> known{"E", "G", "G.more"};
  const auto warnings = [&](const std::map<std::string, std::vector<std::string>>& given) {
    CandidateList list = list_of(devices);
    check_engine_priorities(given, known, devices, list);
    return list.warnings;
  };
  EXPECT_THAT(warnings({{"CPU", {"E", "-G"}}, {"GPU", {"G.more", "G"}}, {"GPU.0", {"G"}}}), IsEmpty());
  EXPECT_THAT(warnings({{"CPU", {"e", "E"}}}),
              ElementsAre("ENGINE_PRIORITIES for CPU name engine e, which is not known here, expected some of: E, G, "
                          "G.more"));
  EXPECT_THAT(warnings({{"CPU", {"-F"}}}), ElementsAre(HasSubstr("name engine F, which")));
  EXPECT_THAT(warnings({{"GPU.1", {"G"}}, {"NPU", {"unknown"}}}),
              ElementsAre("ENGINE_PRIORITIES for GPU.1 are ignored: it is no candidate",
                          "ENGINE_PRIORITIES for NPU are ignored: it is no candidate"));
}

TEST(DeviceConfig, B202_B214_what_becomes_a_field_of_the_request_is_not_told_again) {
  const auto cpu = with_engines(testing::cpu(), {{"E", {"*"}}});
  const auto told = [&](engine::Properties everywhere) {
    return properties_for({.everywhere = std::move(everywhere)}, cpu, "E");
  };
  for (const char* key : {"PERFORMANCE_HINT", "PERFORMANCE_HINT_NUM_REQUESTS", "EXECUTION_MODE_HINT"}) {
    EXPECT_THAT(told({{key, "1"}}), IsEmpty()) << key;
  }
  EXPECT_THAT(told({{"PERF_COUNT", "YES"}}), ElementsAre(Pair("PERF_COUNT", "YES"))) << "the engine must do it";
  for (const char* engines_own : {"f16", "bf16"}) {
    EXPECT_THAT(told({{"INFERENCE_PRECISION_HINT", engines_own}}),
                ElementsAre(Pair("INFERENCE_PRECISION_HINT", engines_own)));
  }
  for (const char* batons : {"f32", "i8"})
    EXPECT_THAT(told({{"INFERENCE_PRECISION_HINT", batons}}), IsEmpty()) << batons;
}

TEST(DeviceConfig, B204_a_number_of_requests_that_is_none_is_not_obeyed) {
  const auto cpu = with_engines(testing::cpu(), {{"E", {}}});
  const auto requests = [&](std::string text) {
    return hints_for({.devices = {{"CPU", {{"PERFORMANCE_HINT_NUM_REQUESTS", std::move(text)}}}}}, cpu).num_requests;
  };
  EXPECT_EQ(requests("12"), 12u);
  EXPECT_EQ(requests("0"), 0u);
  EXPECT_FALSE(requests("many"));
  EXPECT_FALSE(requests(""));
}

}  // namespace
}  // namespace baton::policy
