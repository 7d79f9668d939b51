// SPDX-License-Identifier: Apache-2.0
// Copyright (C) 2026 The Baton authors
#include "foreign_device.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace baton::engine::onnxruntime {
namespace {

using ::testing::Contains;
using ::testing::ElementsAre;
using Type = ProviderDevice::Type;

ProviderDevice device(Type type, std::map<std::string, std::string> own = {},
                      std::map<std::string, std::string> hardware = {}) {
  return {"AcmeExecutionProvider", type, "Acme", std::move(hardware), std::move(own)};
}

TEST(ForeignDevice, B301_devices_are_numbered_in_their_family_but_the_cpu) {
  EXPECT_EQ(describe(device(Type::kGpu), "onnxruntime.acme", 1)->name, "GPU.1");
  EXPECT_EQ(describe(device(Type::kNpu), "onnxruntime.acme", 0)->name, "NPU.0");
  EXPECT_EQ(describe(device(Type::kCpu), "onnxruntime.acme", 0)->name, "CPU");
}

TEST(ForeignDevice, B308_what_chooses_among_devices_is_none) {
  EXPECT_FALSE(describe(device(Type::kCpu, {{"ov_device", "CPU"}, {"ov_meta_device", "AUTO"}}), "onnxruntime.x", 0));
  EXPECT_TRUE(describe(device(Type::kCpu, {{"ov_device", "CPU"}, {"ov_meta_device", ""}}), "onnxruntime.x", 0));
  for (const char* name : {".AUTO", ".MULTI", ".HETERO", ".BATCH"}) {
    ProviderDevice chooser = device(Type::kGpu);
    chooser.provider += name;
    EXPECT_FALSE(describe(chooser, "onnxruntime.x", 0)) << name;
  }
}

TEST(ForeignDevice, B303_identity_is_what_either_side_says) {
  const auto report =
      describe(device(Type::kGpu, {{"DEVICE_UUID", "a1b2"}}, {{"pci_bus_id", "0000:03:00.0"}}), "onnxruntime.acme", 0);
  EXPECT_EQ(report->uuid, "a1b2");
  EXPECT_EQ(report->pci_address, "0000:03:00.0");
  EXPECT_EQ(report->vendor, "Acme");
}

TEST(ForeignDevice, B310_a_gpu_is_integrated_until_something_says_more) {
  EXPECT_EQ(describe(device(Type::kGpu), "x.y", 0)->kind, DeviceKind::kIntegratedGpu);
  EXPECT_EQ(describe(device(Type::kGpu, {}, {{"Discrete", "1"}}), "x.y", 0)->kind, DeviceKind::kDiscreteGpu);
  EXPECT_EQ(describe(device(Type::kGpu, {{"DEVICE_TYPE", "discrete"}}), "x.y", 0)->kind, DeviceKind::kDiscreteGpu);
  EXPECT_EQ(describe(device(Type::kNpu), "x.y", 0)->kind, DeviceKind::kAccelerator);
}

TEST(ForeignDevice, its_name_and_memory_are_the_providers_where_the_system_has_none) {
  const std::map<std::string, std::string> own{{"FULL_DEVICE_NAME", "Acme 9"}, {"GPU_DEVICE_TOTAL_MEM_SIZE", "8192"}};
  EXPECT_EQ(describe(device(Type::kGpu, own), "x.y", 0)->full_name, "Acme 9");
  EXPECT_EQ(describe(device(Type::kGpu, own), "x.y", 0)->memory_bytes, 8192u);
  EXPECT_EQ(describe(device(Type::kGpu, own, {{"Description", "Acme Nine"}}), "x.y", 0)->full_name, "Acme Nine");
  EXPECT_EQ(describe(device(Type::kGpu), "x.y", 0)->full_name, "Acme GPU");
  EXPECT_EQ(describe(device(Type::kGpu, {{"GPU_DEVICE_TOTAL_MEM_SIZE", "much"}}), "x.y", 0)->memory_bytes, 0u);
}

TEST(ForeignDevice, B311_capabilities_are_those_that_are_said_and_are_of_use) {
  const auto report = describe(
      device(Type::kCpu, {{"OPTIMIZATION_CAPABILITIES", "BF16 WINOGRAD FP32 FP16 INT8 BIN EXPORT_IMPORT"}}), "x.y", 0);
  EXPECT_THAT(report->capabilities, ElementsAre("BF16", "FP32", "INT8")) << "FP16 is what the trial finds out";
  EXPECT_THAT(describe(device(Type::kCpu), "x.y", 0)->capabilities, ElementsAre("FP32"));
}

TEST(ForeignDevice, B827_it_is_serial_until_proven_otherwise) {
  const auto report = describe(device(Type::kGpu), "onnxruntime.acme", 0);
  EXPECT_EQ(report->serial_group, "onnxruntime.acme");
  EXPECT_THAT(report->supported_properties, Contains("acme.*"));
}

TEST(ForeignDevice, B552_shaders_make_first_runs_slow_and_the_cpu_has_none) {
  EXPECT_TRUE(describe(device(Type::kGpu), "x.y", 0)->lazy_first_run);
  EXPECT_FALSE(describe(device(Type::kCpu), "x.y", 0)->lazy_first_run);
}

TEST(ForeignDevice, webgpu_on_the_cpu_is_a_software_gpu) {
  ProviderDevice software = device(Type::kCpu);
  software.provider = "WebGpuExecutionProvider";
  const auto report = describe(software, "onnxruntime.webgpu", 0);
  EXPECT_EQ(report->name, "GPU.0");
  EXPECT_EQ(report->kind, DeviceKind::kSoftware);
}

TEST(ForeignDevice, B423_ranks_put_it_behind_engines_that_reach_the_device_directly) {
  constexpr int kCpuRun = 20, kCpuLoad = 60;  // the larger ones of the CPU's two engines
  EXPECT_GT(ranks_of(DeviceKind::kSoftware).run, kCpuRun);
  EXPECT_GT(ranks_of(DeviceKind::kSoftware).load_fast, kCpuLoad);
  EXPECT_GT(ranks_of(DeviceKind::kCpu).run, kCpuRun);
  EXPECT_GT(ranks_of(DeviceKind::kCpu).load_fast, kCpuLoad) << "it must not help where a direct engine could";
  EXPECT_GT(ranks_of(DeviceKind::kCpu).load_full, kCpuLoad);
  EXPECT_LT(ranks_of(DeviceKind::kDiscreteGpu).run, kCpuRun);
}

}  // namespace
}  // namespace baton::engine::onnxruntime
