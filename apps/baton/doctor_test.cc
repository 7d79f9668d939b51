// SPDX-License-Identifier: Apache-2.0
// Copyright (C) 2026 The Baton authors
#include "doctor.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <nlohmann/json.hpp>

namespace baton::tool {
namespace {

using testing::HasSubstr;

MachineFacts healthy() {
  return {.engines = {{"onnxruntime", "1.31.1", "", ""}},
          .devices = {"CPU"},
          .trials = {{"CPU", "onnxruntime", 21.4, ""}},
          .cache_folder = {"/home/user/.cache", true, true}};
}

Finding find(const MachineFacts& facts, const std::string& subject) {
  const auto findings = diagnose(facts);
  const auto found = std::find_if(findings.begin(), findings.end(),
                                  [&](const Finding& finding) { return finding.subject == subject; });
  if (found != findings.end()) return *found;
  ADD_FAILURE() << "nothing is said of " << subject;
  return {};
}

TEST(Doctor, a_healthy_machine_has_no_problem) {
  const auto findings = diagnose(healthy());
  for (const Finding& finding : findings) EXPECT_NE(finding.level, FindingLevel::kProblem) << finding.subject;
  EXPECT_TRUE(can_serve(healthy()));
  EXPECT_THAT(to_text(findings, true), HasSubstr("CPU/onnxruntime: a test model answered 21 ms"));
  EXPECT_THAT(to_text(findings, true), HasSubstr("All is well."));
}

TEST(Doctor, a_missing_engine_comes_with_its_reason_and_the_next_step) {
  MachineFacts facts = healthy();
  facts.engines.push_back({"openvino", "", "libopenvino.so.2641 not found", ""});
  const Finding finding = find(facts, "openvino");
  EXPECT_EQ(finding.level, FindingLevel::kProblem);
  EXPECT_EQ(finding.text, "libopenvino.so.2641 not found");
  EXPECT_THAT(finding.next_step, HasSubstr("pip install openvino"));
  EXPECT_TRUE(can_serve(facts)) << "the other engine is there";
}

TEST(Doctor, what_hides_the_gpus_is_to_be_corrected_and_nothing_to_be_installed) {
  MachineFacts facts = healthy();
  facts.engines.push_back({"onnxruntime.cuda", "", "no GPU: CUDA_VISIBLE_DEVICES is '-1', expected numbers or UUIDs"});
  EXPECT_EQ(find(facts, "onnxruntime.cuda").next_step, "correct or unset CUDA_VISIBLE_DEVICES");
}

TEST(Doctor, without_tensorrt_nothing_is_wrong) {
  MachineFacts facts = healthy();
  facts.engines.push_back({"onnxruntime.tensorrt", "", "libnvinfer.so.10 not found, install tensorrt-cu13-libs"});
  facts.engines.push_back({"onnxruntime.cuda", "", "libcudart.so.13 not found"});
  EXPECT_EQ(find(facts, "onnxruntime.tensorrt").level, FindingLevel::kNote);
  EXPECT_EQ(find(facts, "onnxruntime.tensorrt").text, "libnvinfer.so.10 not found, install tensorrt-cu13-libs");
  EXPECT_EQ(find(facts, "onnxruntime.cuda").level, FindingLevel::kProblem);
}

TEST(Doctor, B827_an_engine_that_is_given_one_request_at_a_time_comes_with_the_reason) {
  MachineFacts facts = healthy();
  facts.engines.front().limit = "two of its sessions crash it";
  const auto findings = diagnose(facts);
  ASSERT_GE(findings.size(), 2u);
  EXPECT_EQ(findings[0].level, FindingLevel::kOk) << "it is used";
  EXPECT_EQ(findings[1].level, FindingLevel::kNote);
  EXPECT_EQ(findings[1].text, "is given one request at a time: two of its sessions crash it");
}

TEST(Doctor, nothing_can_serve_when_every_trial_failed) {
  MachineFacts facts = healthy();
  facts.trials.front().error = "illegal instruction";
  EXPECT_FALSE(can_serve(facts));
  EXPECT_THAT(find(facts, "CPU/onnxruntime").text, HasSubstr("illegal instruction"));
  EXPECT_FALSE(can_serve({}));
  EXPECT_THAT(to_text(diagnose({}), false), HasSubstr("Nothing can serve"));
}

TEST(Doctor, a_driver_that_no_engine_uses_and_one_that_may_not_be_used) {
  MachineFacts facts = healthy();
  facts.device_nodes = {{"/dev/dri/renderD128", true, true}, {"/dev/accel/accel0", true, false}};
  EXPECT_EQ(find(facts, "/dev/dri/renderD128").level, FindingLevel::kNote);
  EXPECT_THAT(find(facts, "/dev/accel/accel0").next_step, HasSubstr("group"));
  facts.devices.push_back("GPU");
  EXPECT_EQ(find(facts, "/dev/dri/renderD128").level, FindingLevel::kOk);
}

TEST(Doctor, a_variable_that_is_misspelt_and_a_path_that_is_not_there) {
  MachineFacts facts = healthy();
  facts.environment = {{"BATON_ENGINE", "openvino"}, {"BATON_LOG_LEVEL", "3"}};
  facts.environment_paths = {{"/nowhere", false, false}};
  EXPECT_EQ(find(facts, "BATON_ENGINE").level, FindingLevel::kProblem);
  EXPECT_EQ(find(facts, "BATON_LOG_LEVEL").level, FindingLevel::kNote);
  EXPECT_THAT(find(facts, "/nowhere").text, HasSubstr("does not exist"));
}

TEST(Doctor, json_has_a_schema_version_and_every_finding) {
  const auto findings = diagnose(healthy());
  const auto json = to_json(findings, true);
  EXPECT_EQ(json.at("schema_version"), 1);
  EXPECT_EQ(json.at("serves"), true);
  EXPECT_EQ(json.at("findings").size(), findings.size());
  EXPECT_EQ(json.at("findings").at(0).at("level"), "ok");
}

}  // namespace
}  // namespace baton::tool
