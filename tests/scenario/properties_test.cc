// SPDX-License-Identifier: Apache-2.0
// Copyright (C) 2026 The Baton authors
//
// Section 2 of the behaviour specification, as far as engines see it: who is told what.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "scenario/scenario.h"

namespace baton::test {
namespace {

using policy::GivenProperties;
using policy::Reason;
using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::Pair;
using What = sim::Entry::What;

/// A CPU with two engines, of which one knows streams, and two GPUs that know a queue as well.
const std::string kMachine = R"({"only": true,
  "devices": [{"name": "CPU", "kind": "cpu"}, {"name": "GPU.0", "kind": "igpu"}, {"name": "GPU.1", "kind": "dgpu"}],
  "pairs": [
    {"device": "CPU", "engine": "E1", "profile": "fast", "load_ms": 40, "run_ms": 20, "supported_properties": ["THREADS"]},
    {"device": "CPU", "engine": "E1", "load_ms": 60, "run_ms": 16, "supported_properties": ["THREADS"]},
    {"device": "CPU", "engine": "E2", "load_ms": 300, "run_ms": 8, "supported_properties": ["THREADS", "NUM_STREAMS"]},
    {"device": "GPU.0", "engine": "G", "load_ms": 500, "run_ms": 4, "supported_properties": ["NUM_STREAMS", "QUEUE"]},
    {"device": "GPU.1", "engine": "G", "load_ms": 500, "run_ms": 2, "supported_properties": ["NUM_STREAMS", "QUEUE"]}]})";

class PropertiesTest : public ::testing::Test {
 protected:
  base::Result<std::shared_ptr<autodev::AutoModel>> compile(const std::string& device, GivenProperties properties) {
    machine_.properties = std::move(properties);
    return machine_.compile(device);
  }
  /// What the loads on a device's engine were told.
  engine::Properties told(const std::string& device, const std::string& engine) {
    engine::Properties properties;
    for (const sim::Entry& entry : machine_.recorder->entries(What::kLoadStarted)) {
      if (entry.device == device && entry.engine == engine)
        properties.insert(entry.properties.begin(), entry.properties.end());
    }
    return properties;
  }

  Machine machine_{kMachine};
};

TEST_F(PropertiesTest, B243_a_top_level_key_reaches_each_engine_that_knows_it) {
  const auto model = compile("AUTO:GPU.1,CPU", {.everywhere = {{"NUM_STREAMS", "2"}, {"THREADS", "3"}}});
  ASSERT_TRUE(model.is_ok()) << model.status().message();
  machine_.run_ms(5000);
  EXPECT_THAT(told("CPU", "E1"), ElementsAre(Pair("THREADS", "3"))) << "it would refuse NUM_STREAMS";
  EXPECT_THAT(told("GPU.1", "G"), ElementsAre(Pair("NUM_STREAMS", "2")));
  EXPECT_EQ(execution_devices(*model.value()), "GPU.1");
}

TEST_F(PropertiesTest, B243_a_key_that_nobody_knows_is_an_error_and_nothing_is_loaded) {
  const auto model = compile("AUTO:GPU.1,CPU", {.everywhere = {{"NO_SUCH_KEY", "2"}}});
  ASSERT_FALSE(model.is_ok());
  EXPECT_EQ(model.status().code(), base::StatusCode::kInvalidArgument);
  EXPECT_THAT(model.status().message(), HasSubstr("NO_SUCH_KEY"));
  EXPECT_EQ(machine_.recorder->count(What::kLoadStarted), 0u);
  EXPECT_FALSE(compile("CPU", {.everywhere = {{"QUEUE", "2"}}}).is_ok())
      << "a direct device is a candidate like any other";
}

TEST_F(PropertiesTest, B245_what_was_set_for_the_cpu_is_used_whenever_auto_compiles_on_it) {
  ASSERT_TRUE(
      compile("AUTO:CPU", {.defaults = {{"CPU", {{"THREADS", "3"}}}}, .everywhere = {{"NUM_STREAMS", "2"}}}).is_ok());
  machine_.run_ms(5000);
  EXPECT_THAT(told("CPU", "E1"), ElementsAre(Pair("THREADS", "3")));
  EXPECT_THAT(told("CPU", "E2"), ElementsAre(Pair("NUM_STREAMS", "2"), Pair("THREADS", "3")));
}

TEST_F(PropertiesTest, B246_an_instance_beats_its_family) {
  const GivenProperties given{
      .devices = {{"GPU", {{"NUM_STREAMS", "1"}, {"QUEUE", "1"}}}, {"GPU.1", {{"NUM_STREAMS", "4"}}}}};
  ASSERT_TRUE(compile("AUTO:GPU.1,GPU.0", given).is_ok());
  machine_.run_ms(5000);
  EXPECT_THAT(told("GPU.1", "G"), ElementsAre(Pair("NUM_STREAMS", "4"), Pair("QUEUE", "1")));
}

TEST_F(PropertiesTest, B247_a_device_that_does_not_know_its_key_is_rejected_and_the_others_go_on) {
  const auto model = compile("AUTO:GPU.1,CPU", {.devices = {{"GPU", {{"THREADS", "1"}}}}});
  ASSERT_TRUE(model.is_ok());
  machine_.run_ms(5000);
  EXPECT_EQ(execution_devices(*model.value()), "CPU");
  const policy::SelectionReport report = model.value()->report();
  EXPECT_EQ(report.candidates[0].device, "GPU.1");
  EXPECT_EQ(report.candidates[0].reason, Reason::kConfigUnsupported);
  EXPECT_THAT(report.candidates[0].text, HasSubstr("THREADS"));
}

TEST_F(PropertiesTest, B1409_when_the_configuration_leaves_nobody_each_device_is_named_with_its_key) {
  const auto nobody = compile("AUTO:GPU.1,CPU", {.devices = {{"GPU", {{"THREADS", "1"}}}, {"CPU", {{"QUEUE", "1"}}}}});
  ASSERT_FALSE(nobody.is_ok());
  EXPECT_EQ(nobody.status().code(), base::StatusCode::kNotFound);
  const std::string text(nobody.status().message());
  EXPECT_THAT(text, HasSubstr("no device supports the current configuration"));
  EXPECT_LT(text.find("GPU.1 (CONFIG_UNSUPPORTED: no engine of it knows the property THREADS)"),
            text.find("CPU (CONFIG_UNSUPPORTED: no engine of it knows the property QUEUE)"));
  EXPECT_EQ(machine_.recorder->count(What::kLoadStarted), 0u);

  const auto other_reasons = compile("AUTO:GPU.1,MYRIAD", {.devices = {{"GPU", {{"THREADS", "1"}}}}});
  ASSERT_FALSE(other_reasons.is_ok());
  EXPECT_THAT(std::string(other_reasons.status().message()),
              AllOf(Not(HasSubstr("current configuration")), HasSubstr("THREADS"), HasSubstr("MYRIAD")));
}

TEST_F(PropertiesTest, B207_B513_precision_for_a_device_reaches_every_pair_of_it) {
  ASSERT_TRUE(compile("AUTO:CPU", {.devices = {{"CPU", {{"INFERENCE_PRECISION_HINT", "f32"}}}}}).is_ok());
  machine_.run_ms(5000);
  for (const sim::Entry& entry : machine_.recorder->entries(What::kLoadStarted)) {
    EXPECT_EQ(entry.precision, engine::Precision::kFull);
    EXPECT_THAT(entry.properties, IsEmpty());
  }
}

}  // namespace
}  // namespace baton::test
