// SPDX-License-Identifier: Apache-2.0
// Copyright (C) 2026 The Baton authors
#include "query_device.h"

#include <gtest/gtest.h>

#include <sstream>
#include <stdexcept>
#include <tuple>

namespace baton::query {
namespace {

TEST(QueryDevice, B315_values_as_text) {
  EXPECT_EQ(value_text("FULL_DEVICE_NAME", Any("A CPU")), "A CPU");
  EXPECT_EQ(value_text("DEVICE_ID", Any("")), "\"\"");
  EXPECT_EQ(value_text("ENGINES", Any(std::vector<std::string>{"openvino", "onnxruntime"})), "openvino onnxruntime");
  EXPECT_EQ(value_text("RANGE_FOR_STREAMS", Any(std::tuple(1U, 8U))), "{ 1, 8 }");
  EXPECT_EQ(value_text("RANGE_FOR_ASYNC_INFER_REQUESTS", Any("1 2 1")), "{ 1, 2, 1 }") << "as an engine writes it";
  EXPECT_EQ(value_text("PERF_COUNT", Any(false)), "NO");
}

TEST(QueryDevice, B316_what_cannot_be_printed_or_throws_does_not_end_the_run) {
  std::ostringstream out;
  print_device(
      "GPU.0", {{"SUPPORTED_PROPERTIES", PropertyMutability::RO}, {"A", PropertyMutability::RO}, {"B"}, {"C"}},
      [](const std::string& property) -> Any {
        if (property == "B") throw std::runtime_error("driver is gone\nsecond line");
        return property == "A" ? Any() : Any("on");
      },
      out);
  EXPECT_EQ(out.str(),
            "    Device: GPU.0\n"
            "        SUPPORTED_PROPERTIES:\n"
            "            Immutable: A : UNSUPPORTED TYPE\n"
            "            Mutable: B : ERROR driver is gone\n"
            "            Mutable: C : on\n");
}

}  // namespace
}  // namespace baton::query
