// SPDX-License-Identifier: Apache-2.0
// Copyright (C) 2026 The Baton authors
//
// What stays of a start when it is over (B-543), and how a process ends in the middle of one (B-548).
#include <gtest/gtest.h>
#include <malloc.h>

#include <chrono>
#include <cstdlib>
#include <fstream>
#include <string>
#include <vector>

#include "baton/baton.hpp"
#include "support/onnx_builder.h"
#include "support/temporary_folder.h"

namespace baton::test {
namespace {

using Clock = std::chrono::steady_clock;

std::string linear_model(std::int64_t size) {
  std::vector<float> weights(static_cast<std::size_t>(size * size));
  for (std::size_t i = 0; i < weights.size(); ++i) weights[i] = static_cast<float>(i % 7) / 7000.F;
  return onnx_model(OnnxGraph()
                        .input("x", element::f32, {1, size})
                        .weights("w", {size, size}, weights)
                        .node("MatMul", {"x", "w"}, {"y"})
                        .output("y", element::f32, {1, size}));
}

double resident_mb() {
  std::ifstream status("/proc/self/status");
  for (std::string word; status >> word;) {
    double kb = 0;
    if (word == "VmRSS:" && status >> kb) return kb / 1024;
  }
  return 0;
}

/// What a model of `size` x `size` weights, read from memory, occupies once it is steady on `device`.
double steady_mb(Core& core, const std::string& device, std::int64_t size) {
  malloc_trim(0);
  const double before = resident_mb();
  CompiledModel compiled = core.compile_model(core.read_model(linear_model(size), Tensor()), device);
  InferRequest request = compiled.create_infer_request();
  while (!compiled.wait_until_steady(std::chrono::milliseconds(0))) request.infer();
  request.infer();
  malloc_trim(0);
  return resident_mb() - before;
}

/// A directly used engine holds its own weights and those it could compile from again; after a hand-over there is no
/// more.
TEST(AfterTheStart, B541_B543_of_the_weights_there_are_no_more_copies_than_a_direct_device_has) {
  unsetenv("BATON_SIM");
  constexpr double kWeightsMb = 64;
  Core core;
  steady_mb(core, "AUTO", 64);  // the libraries are there
  const double direct = steady_mb(core, "CPU", 4096);
  const double after_hand_over = steady_mb(core, "AUTO", 4096);
  EXPECT_GT(direct, kWeightsMb);
  EXPECT_LT(after_hand_over, direct + kWeightsMb / 2);
}

/// The target, OpenVINO, is opened and compiles by now; nothing can stop that.
[[noreturn]] void exit_after_the_first_answer(int code) {
  unsetenv("BATON_SIM");
  static Core core;
  static CompiledModel compiled = core.compile_model(core.read_model(linear_model(2048), Tensor()), "AUTO");
  compiled.create_infer_request().infer();
  std::exit(code);
}

TEST(AfterTheStart, B548_the_process_ends_within_two_seconds_with_its_own_code_and_says_nothing) {
  testing::FLAGS_gtest_death_test_style = "threadsafe";
  const auto began = Clock::now();
  EXPECT_EXIT(exit_after_the_first_answer(7), testing::ExitedWithCode(7), "^$");
  EXPECT_LT(std::chrono::duration<double>(Clock::now() - began).count(), 2 + 3) << "3 s are for starting the process";
}

}  // namespace
}  // namespace baton::test
