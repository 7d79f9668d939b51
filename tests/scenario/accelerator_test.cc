// SPDX-License-Identifier: Apache-2.0
// Copyright (C) 2026 The Baton authors
//
// A machine like one with an NVIDIA GPU: a GPU that two engines reach, and a CPU with a quick helper and a fast engine.
#include <gtest/gtest.h>

#include <string>

#include "scenario.h"

namespace baton::test {
namespace {

using autodev::Options;
using policy::Reason;
using What = sim::Entry::What;

/// Times of one run, and what is said beside them.
struct Figures {
  double cuda_ms = 3;
  double opencl_ms = 7;
  double cpu_ms = 5;
  std::string cuda_extra;
};

std::string machine_with(const Figures& figures) {
  return R"({"only": true,
    "devices": [{"name": "CPU", "kind": "cpu"},
                {"name": "GPU", "kind": "dgpu", "uuid": "GPU-b7b0573e", "full_name": "NVIDIA H100"}],
    "engines": [{"name": "ort"}, {"name": "ort.cuda"}, {"name": "ov"}],
    "pairs": [
      {"device": "CPU", "engine": "ort", "profile": "fast", "load_ms": 40, "run_ms": 20},
      {"device": "CPU", "engine": "ort", "profile": "full", "load_ms": 80, "run_ms": 12, "run_rank": 20},
      {"device": "CPU", "engine": "ov", "profile": "full", "load_ms": 300, "run_rank": 10, "run_ms": )" +
         std::to_string(figures.cpu_ms) + R"(},
      {"device": "GPU", "engine": "ort.cuda", "profile": "fast", "load_ms": 700, "run_ms": 9},
      {"device": "GPU", "engine": "ort.cuda", "profile": "full", "load_ms": 800, "first_run_ms": 300, "run_rank": 3,
       "lazy_first_run": true, "precision": "tf32", "run_ms": )" +
         std::to_string(figures.cuda_ms) + figures.cuda_extra + R"(},
      {"device": "GPU", "engine": "ov", "profile": "full", "load_ms": 1500, "run_rank": 30, "run_ms": )" +
         std::to_string(figures.opencl_ms) + R"(}
    ]})";
}

TEST(Accelerator, B510_the_cpu_helps_and_the_quickest_engine_of_the_gpu_takes_over) {
  Machine machine(machine_with({}));
  auto model = machine.model("AUTO");
  EXPECT_EQ(execution_devices(*model), "(CPU)");
  EXPECT_EQ(execution_engines(*model), "(ort)");
  machine.infer_until(*model, 3000);
  machine.run_ms(10000);
  EXPECT_EQ(execution_devices(*model), "GPU");
  EXPECT_EQ(execution_engines(*model), "ort.cuda");
  EXPECT_EQ(pair_in(model->report(), "CPU/ov/full").reason, Reason::kSlowerThanHelper) << "the second look's figures";
}

TEST(Accelerator, B553_the_second_look_goes_back_to_a_cpu_that_is_quicker) {
  Machine machine(machine_with({.cuda_ms = 3, .opencl_ms = 7, .cpu_ms = 1}));
  auto model = machine.model("AUTO");
  machine.infer_until(*model, 3000);
  machine.run_ms(10000);
  EXPECT_EQ(execution_devices(*model), "CPU");
  EXPECT_EQ(execution_engines(*model), "ov");
}

TEST(Accelerator, B553_an_explicit_list_stays_with_its_device_but_not_with_its_engine) {
  Machine machine(machine_with({.cuda_ms = 3, .opencl_ms = 1, .cpu_ms = 0.5}));
  auto model = machine.model("AUTO:GPU,CPU");
  machine.infer_until(*model, 3000);
  machine.run_ms(10000);
  EXPECT_EQ(execution_devices(*model), "GPU");
  EXPECT_EQ(execution_engines(*model), "ov");
}

TEST(Accelerator, B511_without_the_cpu_the_fast_profile_of_the_gpu_helps) {
  Machine machine(machine_with({}));
  auto model = machine.model("AUTO:GPU");
  EXPECT_EQ(execution_engines(*model), "(ort.cuda)");
  machine.infer_until(*model, 3000);
  EXPECT_EQ(execution_devices(*model), "GPU");
  EXPECT_FALSE(execution_engines(*model).starts_with("("));
}

TEST(Accelerator, B532_tf32_has_the_tolerance_of_f16_and_beyond_it_is_tried_again_without) {
  for (const auto& [scale, precision] : {std::pair{"1.01", ""}, std::pair{"1.05", "f32"}}) {
    Machine machine(machine_with({.cuda_extra = std::string(R"(, "output_error": {"scale": )") + scale + "}"}));
    auto model = machine.model("AUTO");
    machine.infer_until(*model, 3000);
    ASSERT_EQ(execution_engines(*model), "ort.cuda") << scale;
    const bool again = std::string(precision) == "f32";
    const auto tried = pair_in(model->report(), "GPU/ort.cuda/full");
    EXPECT_EQ(tried.reason == Reason::kOutputMismatch, again) << scale << ": " << tried.text;
  }
}

TEST(Accelerator, B601_a_gpu_without_memory_costs_no_request_and_no_second_engine) {
  Machine machine(machine_with(
      {.cuda_extra =
           R"(, "load_failures": [{"class": "OUT_OF_MEMORY", "message": "CUDA failure 2: out of memory"}])"}));
  auto model = machine.model("AUTO");
  machine.infer_until(*model, 3000);
  EXPECT_EQ(execution_devices(*model), "CPU");
  EXPECT_EQ(execution_engines(*model), "ov");
}

TEST(Accelerator, B540_without_a_helper_a_lazy_first_run_is_over_before_anybody_asks) {
  Options no_fallback;
  no_fallback.startup_fallback = false;
  for (const auto& [device, options] : {std::pair{"GPU", Options()}, std::pair{"AUTO:GPU,CPU", no_fallback}}) {
    Machine machine(machine_with({}));
    auto model = machine.model(device, options);
    EXPECT_EQ(machine.recorder->count(What::kRunStarted), 1u) << device;
    const auto requests = machine.infer_until(*model, machine.now_ms() + 20);
    EXPECT_EQ(requests.front()->engine, "ort.cuda");
    EXPECT_NEAR(requests.front()->latency_ms, Figures().cuda_ms, 0.5) << device;
  }
  Machine machine(machine_with({}));
  auto model = machine.model("CPU", no_fallback);
  EXPECT_EQ(machine.recorder->count(What::kRunStarted), 0u) << "no engine of the CPU says that its first run is lazy";
}

TEST(Accelerator, B540_B601_a_first_run_that_fails_ends_the_load_like_a_failed_compile) {
  Machine machine(machine_with(
      {.cuda_extra = R"(, "run_failures": [{"class": "OUT_OF_MEMORY", "message": "CUDA failure 2", "to": 1}])"}));
  Options no_fallback;
  no_fallback.startup_fallback = false;
  auto model = machine.model("AUTO:GPU,CPU", no_fallback);
  EXPECT_EQ(execution_devices(*model), "CPU");
  EXPECT_EQ(machine.infer_until(*model, machine.now_ms() + 20).front()->attempts, 1);
}

}  // namespace
}  // namespace baton::test
