// SPDX-License-Identifier: Apache-2.0
// Copyright (C) 2026 The Baton authors
//
// What an engine is known not to do, by test of the suite, each with its reason. An entry that no longer holds fails.
#pragma once

#include <array>
#include <string_view>

namespace baton::test {

struct KnownGap {
  std::string_view engine;
  std::string_view test;
  std::string_view reason;
};

/// Permanent: the test is skipped.
inline constexpr std::array<KnownGap, 7> kUnsupported = {{
    {"sim", "f32_answers_are_right", "a simulation computes a function of its own"},
    {"sim", "f16_answers_are_right", "a simulation computes a function of its own"},
    {"sim", "i64_answers_are_right", "a simulation computes a function of its own"},
    {"sim", "external_data_is_read", "a simulation computes a function of its own"},
    {"sim", "an_unknown_operator_is_named", "a simulation runs every operator"},
    {"sim", "garbage_is_refused", "a simulation does not look into the model"},
    {"onnxruntime.openvino", "a_cancelled_run_says_so_and_the_next_one_works",
     "the model is one node to ONNX Runtime, which stops between nodes"},
}};

/// Temporary: the test runs and must fail.
inline constexpr std::array<KnownGap, 1> kExpectedFailures = {{
    {"sim", "scalars_and_empty_tensors_pass", "an output dimension that should be 0 comes out as 1"},
}};

}  // namespace baton::test
