// SPDX-License-Identifier: Apache-2.0
// Copyright (C) 2026 The Baton authors
#include "policy/report.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

namespace baton::policy {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using Json = nlohmann::ordered_json;

SelectionReport example() {
  SelectionReport report;
  report.request = "AUTO:GPU,CPU,X";
  report.list_source = "device string";
  report.mode = "LATENCY";
  report.label = "FP32";
  report.label_row = 5;
  report.ranking = {"GPU", "CPU"};
  report.candidates = {
      {"GPU",
       "onnxruntime.cuda",
       "full",
       "f32",
       Verdict::kTarget,
       Reason::kSelected,
       "first in the ranking",
       {{"load_ms", 830.5}, {"run_ms", 2.1}}},
      {"CPU", "onnxruntime", "fast", "f32", Verdict::kHelper, Reason::kHelper, "loads quickest", {}},
      {"X", "", "", "", Verdict::kRejected, Reason::kDeviceNotFound, "no engine offers device X", {}},
  };
  report.pairs = {
      {"CPU", "openvino", "full", "bf16", Verdict::kFailed, Reason::kOutputMismatch, "differs", {{"error", 0.5}}}};
  report.occupancy = {{"GPU", "HIGH"}};
  report.notes = {"the helper is compiled for LATENCY"};
  report.phases = {{"HELPER", 45.25, "CPU", "onnxruntime", 1}};
  return report;
}

std::vector<std::string> keys(const Json& object) {
  std::vector<std::string> result;
  for (const auto& [key, value] : object.items()) result.push_back(key);
  return result;
}

TEST(Report, B1302_B1305_json_has_stable_keys_and_all_content) {
  const Json json = Json::parse(to_json(example()));
  EXPECT_THAT(keys(json), ElementsAre("schema", "request", "list_source", "mode", "label", "label_row", "ranking",
                                      "candidates", "pairs", "occupancy", "notes", "phases"));
  EXPECT_EQ(json["schema"], 1);
  EXPECT_EQ(json["request"], "AUTO:GPU,CPU,X");
  EXPECT_EQ(json["label"], "FP32");
  EXPECT_EQ(json["label_row"], 5);
  EXPECT_EQ(json["ranking"], Json({"GPU", "CPU"}));
  ASSERT_EQ(json["candidates"].size(), 3u);
  const Json& gpu = json["candidates"][0];
  EXPECT_THAT(keys(gpu),
              ElementsAre("device", "engine", "profile", "precision", "verdict", "reason", "text", "figures"));
  EXPECT_EQ(gpu["verdict"], "target");
  EXPECT_EQ(gpu["reason"], "SELECTED");
  EXPECT_EQ(gpu["figures"]["load_ms"], 830.5);
  EXPECT_EQ(json["candidates"][2]["reason"], "DEVICE_NOT_FOUND");
  EXPECT_EQ(json["pairs"][0]["figures"]["error"], 0.5);
  EXPECT_EQ(json["occupancy"][0]["priority"], "HIGH");
  EXPECT_EQ(json["phases"][0]["generation"], 1);
}

TEST(Report, B1305_empty_lists_stay_lists) {
  const Json json = Json::parse(to_json(SelectionReport{}));
  for (const char* key : {"ranking", "candidates", "pairs", "occupancy", "notes", "phases"}) {
    EXPECT_TRUE(json[key].is_array()) << key;
    EXPECT_TRUE(json[key].empty()) << key;
  }
  EXPECT_TRUE(Json::parse(to_json(example()))["candidates"][1]["figures"].is_object());
}

TEST(Report, B1305_foreign_bytes_do_not_break_the_json) {
  SelectionReport report;
  report.request = "AUTO:GPU.\xff\"\n";
  EXPECT_EQ(Json::parse(to_json(report))["request"], "AUTO:GPU.\xef\xbf\xbd\"\n");
}

TEST(Report, B1301_text_has_a_line_per_candidate_with_the_figures) {
  EXPECT_EQ(to_text(example()),
            "device \"AUTO:GPU,CPU,X\" (list from device string), mode LATENCY, label FP32 (row 5)\n"
            "ranking: GPU, CPU\n"
            "  GPU  onnxruntime.cuda/full/f32  target     SELECTED          first in the ranking [load_ms 830.5, "
            "run_ms 2.1]\n"
            "  CPU  onnxruntime/fast/f32       helper     HELPER            loads quickest\n"
            "  X    -                          rejected   DEVICE_NOT_FOUND  no engine offers device X\n"
            "ways to run:\n"
            "  CPU  openvino/full/bf16  failed     OUTPUT_MISMATCH  differs [error 0.5]\n"
            "occupied: GPU by a model of priority HIGH\n"
            "note: the helper is compiled for LATENCY\n"
            "phase: HELPER at 45.25 ms, CPU/onnxruntime, generation 1\n");
}

TEST(Report, B1305_json_is_utf_8_on_one_line) {
  SelectionReport report;
  report.notes = {"Grafikkarte f\u00fcr \u65e5\u672c"};
  EXPECT_THAT(to_json(report), HasSubstr("\"notes\":[\"Grafikkarte f\u00fcr \u65e5\u672c\"]"));
  EXPECT_EQ(to_json(example()).find('\n'), std::string::npos);
}

TEST(Report, B1301_a_line_without_text_ends_with_its_reason) {
  SelectionReport report;
  report.request = "AUTO";
  report.list_source = "default";
  report.mode = "LATENCY";
  report.label = "ANY";
  report.label_row = 6;
  report.candidates = {{"CPU", "e", "full", "", Verdict::kTarget, Reason::kSelected, "", {}},
                       {"GPU", "", "", "", Verdict::kRejected, Reason::kNoEngine, "", {{"ms", 0.25}}}};
  EXPECT_EQ(to_text(report),
            "device \"AUTO\" (list from default), mode LATENCY, label ANY (row 6)\n"
            "ranking: none\n"
            "  CPU  e/full  target     SELECTED\n"
            "  GPU  -       rejected   NO_ENGINE   [ms 0.25]\n");
}

}  // namespace
}  // namespace baton::policy
