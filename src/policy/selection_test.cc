// SPDX-License-Identifier: Apache-2.0
// Copyright (C) 2026 The Baton authors
#include "policy/selection.h"

#include <gtest/gtest.h>

#include <set>

namespace baton::policy {
namespace {

TEST(Selection, B1304_reason_codes_are_distinct_and_stable) {
  std::set<std::string_view> codes;
  const int last = static_cast<int>(Reason::kSuspendedEngineError);
  for (int i = 0; i <= last; ++i) codes.insert(to_string(static_cast<Reason>(i)));
  EXPECT_EQ(codes.size(), static_cast<std::size_t>(last) + 1);
  EXPECT_EQ(codes.count("UNKNOWN"), 0u);
  EXPECT_EQ(to_string(Reason::kDeviceNotFound), "DEVICE_NOT_FOUND");
  EXPECT_EQ(to_string(Reason::kSlowerThanHelper), "SLOWER_THAN_HELPER");
  EXPECT_EQ(to_string(Reason::kSuspendedDeviceLost), "SUSPENDED_DEVICE_LOST");
}

TEST(Selection, B1304_verdicts) {
  std::set<std::string_view> words;
  for (int i = 0; i <= static_cast<int>(Verdict::kServing); ++i) words.insert(to_string(static_cast<Verdict>(i)));
  EXPECT_EQ(words,
            (std::set<std::string_view>{"target", "helper", "standby", "rejected", "failed", "suspended", "serving"}));
}

TEST(Selection, pairs_are_spelled_by_their_parts) {
  EXPECT_EQ(to_string(Pair{"CPU", "onnxruntime", "cpu", engine::Profile::kFast, engine::Precision::kNative}),
            "CPU/onnxruntime/fast");
  EXPECT_EQ(to_string(Pair{"CPU", "openvino", "CPU", engine::Profile::kFull, engine::Precision::kFull}),
            "CPU/openvino/full/f32");
}

}  // namespace
}  // namespace baton::policy
