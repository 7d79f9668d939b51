// SPDX-License-Identifier: Apache-2.0
// Copyright (C) 2026 The Baton authors
#include "policy/precision_filter.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "policy/candidates.h"
#include "policy/ranking.h"
#include "policy/test_devices.h"

namespace baton::policy {
namespace {

using namespace testing;  // NOLINT(google-build-using-namespace): the machines of test_devices.h
using base::StatusCode;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using Words = std::vector<std::string>;

struct Filtered {
  base::Result<PrecisionChoice> choice;
  CandidateList list;
  std::vector<std::string> kept;  ///< ranked
};

Filtered filtered(std::vector<DeviceRecord> devices, const std::vector<Words>& capabilities,
                  const model::PrecisionLabel& label) {
  for (std::size_t i = 0; i < devices.size(); ++i) devices[i].capabilities = capabilities[i];
  CandidateList list = resolve_candidates(DeviceString{}, devices, {}).value();
  base::Result<PrecisionChoice> choice = filter_by_precision(label, list.candidates, devices);
  std::vector<std::string> kept;
  for (const int i : rank(list, devices, {})) kept.push_back(list.candidates[static_cast<std::size_t>(i)].device);
  return {std::move(choice), std::move(list), std::move(kept)};
}

model::PrecisionLabel label(std::string name, std::string without_winograd = "ANY", std::string without_int8 = "ANY") {
  return {std::move(name), 5, std::move(without_winograd), std::move(without_int8)};
}

TEST(PrecisionFilter, B402_row_1_the_hint_replaces_the_label) {
  const model::PrecisionLabel model_label = label("INT8", "INT8", "FP16");
  for (const auto& [hint, name] :
       {std::pair("f32", "FP32"), std::pair("f16", "FP16"), std::pair("bf16", "BF16"), std::pair("i8", "INT8")}) {
    const model::PrecisionLabel result = apply_precision_hint(model_label, hint).value();
    EXPECT_EQ(result.name, name);
    EXPECT_EQ(result.row, 1);
    EXPECT_EQ(result.without_int8, "FP16");
  }
  EXPECT_EQ(apply_precision_hint(model_label, "").value().row, 5);
  const base::Status status = apply_precision_hint(model_label, "f99").status();
  EXPECT_EQ(status.code(), StatusCode::kInvalidArgument);
  EXPECT_THAT(status.message(), HasSubstr("Invalid value for property INFERENCE_PRECISION_HINT: f99"));
}

TEST(PrecisionFilter, B405_B406_B429_table) {
  const struct {
    const char* rule;
    model::PrecisionLabel label;
    std::vector<Words> capabilities;  ///< of CPU, GPU.0, GPU.1
    Words kept;
    const char* decided;
  } kCases[] = {
      {"B-406", label("FP32"), {{"FP32"}, {"FP16", "FP32"}, {"FP16"}}, {"GPU.0", "CPU"}, "FP32"},
      {"B-406 offload", label("FP32"), {{"INT8"}, {"FP16"}, {"BF16"}}, {"GPU.0"}, "FP16"},
      {"B-406 widen", label("FP16"), {{"FP32"}, {"INT8"}, {"FP32"}}, {"GPU.1", "CPU"}, "FP32"},
      {"B-405", label("BF16"), {{"BF16", "FP32"}, {"FP32"}, {"FP16"}}, {"CPU"}, "BF16"},
      {"B-405 none", label("BF16"), {{"FP32"}, {"FP16"}, {"INT8"}}, {"CPU"}, "FP32"},
      {"B-429 INT8", label("INT8", "INT8", "FP16"), {{"FP32"}, {"FP16"}, {"FP32"}}, {"GPU.0"}, "FP16"},
      {"B-429 INT8 wide", label("INT8", "INT8", "FP32"), {{"FP32"}, {"BIN"}, {"BIN"}}, {"CPU"}, "FP32"},
      {"B-429 WINOGRAD", label("WINOGRAD", "FP16", "FP16"), {{"FP32"}, {"FP16"}, {"FP32"}}, {"GPU.0"}, "FP16"},
      {"B-429 both", label("WINOGRAD", "INT8", "FP32"), {{"FP32"}, {"FP16"}, {"BIN"}}, {"CPU"}, "FP32"},
      {"B-429 any", label("INT8", "INT8", "ANY"), {{"FP32"}, {"FP16"}, {}}, {"GPU.1", "GPU.0", "CPU"}, "ANY"},
      {"any", label("ANY"), {{}, {}, {}}, {"GPU.1", "GPU.0", "CPU"}, "ANY"},
  };
  for (const auto& c : kCases) {
    SCOPED_TRACE(c.rule);
    const Filtered result = filtered(machine_m2(), c.capabilities, c.label);
    ASSERT_TRUE(result.choice.is_ok()) << result.choice.status().message();
    EXPECT_EQ(result.kept, c.kept);
    EXPECT_EQ(result.choice->label, c.decided);
    EXPECT_EQ(result.choice->note.empty(), c.label.name == c.decided);
  }
}

TEST(PrecisionFilter, B407_B1410_none_left_is_an_error) {
  const Filtered result = filtered(machine_m2(), {{"FP32"}, {"FP16", "EXPORT_IMPORT"}, {}}, label("BIN"));
  ASSERT_FALSE(result.choice.is_ok());
  EXPECT_EQ(result.choice.status().code(), StatusCode::kUnsupported);
  EXPECT_EQ(result.choice.status().message(),
            "no candidate supports precision BIN: CPU has FP32, GPU.0 has FP16, GPU.1 has none");
  for (const Candidate& candidate : result.list.candidates) {
    EXPECT_EQ(candidate.reason, Reason::kPrecisionUnsupported);
    EXPECT_FALSE(candidate.accepted);
  }
}

TEST(PrecisionFilter, B407_B1308_the_reason_names_label_and_capabilities) {
  const Filtered result =
      filtered(machine_m2(), {{"FP32", "INT8"}, {"BATCHED_BLOB", "FP16", "FP32"}, {"INT8"}}, label("INT8"));
  EXPECT_THAT(result.kept, ElementsAre("GPU.1", "CPU"));
  EXPECT_EQ(result.list.candidates[1].reason, Reason::kPrecisionUnsupported);
  EXPECT_EQ(result.list.candidates[1].text, "label INT8, device has FP32 FP16");
}

TEST(PrecisionFilter, B408_a_single_candidate_is_not_filtered) {
  const Filtered result = filtered(machine_m1(), {{"FP32"}}, label("BIN"));
  EXPECT_TRUE(result.choice.is_ok());
  EXPECT_THAT(result.kept, ElementsAre("CPU"));
}

TEST(PrecisionFilter, B409_examples) {
  const Words both = {"FP16", "FP32"};
  EXPECT_EQ(filtered(machine_m2(), {{"FP32"}, both, both}, label("FP16")).kept.front(), "GPU.1");
  EXPECT_EQ(filtered({cpu(), only_gpu(DeviceKind::kIntegratedGpu)}, {{"FP32"}, both}, label("FP16")).kept.front(),
            "GPU");
  EXPECT_THAT(filtered(machine_m2(), {{"FP32", "WINOGRAD"}, both, both}, label("WINOGRAD", "FP32")).kept,
              ElementsAre("CPU"));
}

std::vector<std::string> kept_by_memory(std::uint64_t weights, std::vector<std::uint64_t> memories) {
  auto devices = machine_m2();
  for (std::size_t i = 0; i < memories.size(); ++i) devices[i].memory_bytes = memories[i];
  devices.resize(memories.size());
  CandidateList list = resolve_candidates(DeviceString{}, devices, {}).value();
  filter_by_memory(weights, list.candidates, devices);
  std::vector<std::string> kept;
  for (const Candidate& candidate : list.candidates) {
    if (candidate.accepted) {
      kept.push_back(candidate.device);
    } else {
      EXPECT_EQ(candidate.reason, Reason::kNotEnoughMemory);
    }
  }
  return kept;
}

TEST(MemoryFilter, B428_devices_too_small_for_the_weights_are_rejected) {
  EXPECT_THAT(kept_by_memory(1000, {0, 1199, 1200}), ElementsAre("CPU", "GPU.1"));
  EXPECT_THAT(kept_by_memory(1000, {100}), ElementsAre("CPU"));
  EXPECT_THAT(kept_by_memory(1000, {100, 300, 200}), ElementsAre("GPU.0"));
}

TEST(PrecisionFilter, B406_two_candidates_are_filtered_too) {
  EXPECT_THAT(filtered({cpu(), only_gpu()}, {{"FP32", "INT8"}, {"FP32"}}, label("INT8")).kept, ElementsAre("CPU"));
  EXPECT_THAT(filtered({cpu(), only_gpu()}, {{"FP32"}, {"FP16"}}, label("FP32")).kept, ElementsAre("CPU"));
  EXPECT_FALSE(filtered({cpu(), only_gpu()}, {{"FP32"}, {"FP16"}}, label("BIN")).choice.is_ok());
}

TEST(MemoryFilter, B428_of_equally_small_devices_the_first_is_the_only_one) {
  EXPECT_THAT(kept_by_memory(1000, {300, 300, 300}), ElementsAre("CPU"));
  EXPECT_THAT(kept_by_memory(1000, {100, 300, 300}), ElementsAre("GPU.0"));
}

TEST(MemoryFilter, B428_unknown_memory_suffices_and_a_byte_does_not) {
  EXPECT_THAT(kept_by_memory(1000, {0, 1, 0}), ElementsAre("CPU", "GPU.1"));
  EXPECT_THAT(kept_by_memory(0, {0, 1, 2}), ElementsAre("CPU", "GPU.0", "GPU.1"));
}

}  // namespace
}  // namespace baton::policy
