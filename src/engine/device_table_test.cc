// SPDX-License-Identifier: Apache-2.0
// Copyright (C) 2026 The Baton authors
#include "engine/device_table.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

namespace baton::engine {
namespace {

using ::testing::ElementsAre;

struct Look {
  std::string uuid = {};
  std::string pci = {};
  std::string full_name = "Some GPU";
  DeviceKind kind = DeviceKind::kDiscreteGpu;
};

EngineOnDevice gpu(const std::string& engine, const std::string& name, const Look& look) {
  DeviceReport report;
  report.name = name;
  report.handle = engine + ":" + name;
  report.kind = look.kind;
  report.full_name = look.full_name;
  report.vendor = "Vendor";
  report.uuid = look.uuid;
  report.pci_address = look.pci;
  return {engine, report};
}

EngineOnDevice cpu(const std::string& engine, std::vector<std::string> capabilities = {"FP32"}) {
  DeviceReport report;
  report.name = report.handle = "CPU";
  report.capabilities = std::move(capabilities);
  return {engine, report};
}

EngineOnDevice scripted(const std::string& engine, const std::string& name, DeviceKind kind) {
  auto on = gpu(engine, name, {.kind = kind});
  on.report.fixed_name = true;
  return on;
}

std::vector<std::string> names(const std::vector<DeviceRecord>& devices) {
  std::vector<std::string> result;
  for (const auto& device : devices) result.push_back(device.name);
  return result;
}

std::vector<std::string> handles(const DeviceRecord& device) {
  std::vector<std::string> result;
  for (const auto& on : device.engines) result.push_back(on.report.handle);
  return result;
}

TEST(DeviceTable, B303_one_gpu_seen_by_three_engines_is_one_device) {
  const auto devices = merge_devices({
      gpu("openvino", "GPU.0", {.uuid = "1f4e0000-00aa-4711-8000-0123456789ab"}),
      gpu("onnxruntime.cuda", "GPU.0", {.uuid = "GPU-1F4E000000AA471180000123456789AB", .pci = "00000000:3B:00.0"}),
      gpu("onnxruntime.webgpu", "GPU.0", {.pci = "3b:00.0", .full_name = "Another spelling"}),
  });
  ASSERT_EQ(devices.size(), 1u);
  EXPECT_EQ(devices[0].name, "GPU");
  EXPECT_EQ(devices[0].id, "0");
  EXPECT_EQ(devices[0].identity, "1f4e000000aa471180000123456789ab");
  EXPECT_THAT(handles(devices[0]), ElementsAre("onnxruntime.cuda:GPU.0", "onnxruntime.webgpu:GPU.0", "openvino:GPU.0"));
}

TEST(DeviceTable, B303_what_joins_later_may_link_what_was_apart) {
  // "a" knows the UUID only, "b" the address only, "c" both.
  const auto devices = merge_devices({gpu("a", "GPU.0", {.uuid = "11", .full_name = "A"}),
                                      gpu("b", "GPU.0", {.pci = "0000:01:00.0", .full_name = "B"}),
                                      gpu("c", "GPU.0", {.uuid = "11", .pci = "0000:01:00.0", .full_name = "C"})});
  EXPECT_EQ(devices.size(), 1u);
}

TEST(DeviceTable, B304_two_identical_gpus_are_matched_by_ordinal) {
  const auto devices = merge_devices({
      gpu("openvino", "GPU.0", {}),
      gpu("openvino", "GPU.1", {}),
      gpu("onnxruntime.cuda", "GPU.0", {.pci = "0000:03:00.0"}),
      gpu("onnxruntime.cuda", "GPU.1", {.pci = "0000:04:00.0"}),
  });
  EXPECT_THAT(names(devices), ElementsAre("GPU.0", "GPU.1"));
  EXPECT_THAT(handles(devices[0]), ElementsAre("onnxruntime.cuda:GPU.0", "openvino:GPU.0"));
  EXPECT_THAT(handles(devices[1]), ElementsAre("onnxruntime.cuda:GPU.1", "openvino:GPU.1"));
}

TEST(DeviceTable, B304_identical_gpus_with_known_uuids_are_matched_by_these_and_not_by_ordinal) {
  const auto devices = merge_devices({
      gpu("openvino", "GPU.0", {.uuid = "aa"}),
      gpu("openvino", "GPU.1", {.uuid = "bb"}),
      gpu("onnxruntime.cuda", "GPU.0", {.uuid = "bb", .pci = "0000:03:00.0"}),
      gpu("onnxruntime.cuda", "GPU.1", {.uuid = "aa", .pci = "0000:04:00.0"}),
  });
  ASSERT_EQ(devices.size(), 2u);
  EXPECT_THAT(handles(devices[0]), ElementsAre("onnxruntime.cuda:GPU.0", "openvino:GPU.1"));
  EXPECT_THAT(handles(devices[1]), ElementsAre("onnxruntime.cuda:GPU.1", "openvino:GPU.0"));
}

TEST(DeviceTable, B304_what_cannot_be_matched_stays_apart) {
  // Different names without identity; the same name with contradicting addresses; no name at all.
  EXPECT_EQ(merge_devices({gpu("a", "GPU.0", {.full_name = "X"}), gpu("b", "GPU.0", {.full_name = "Y"})}).size(), 2u);
  EXPECT_EQ(
      merge_devices({gpu("a", "GPU.0", {.pci = "0000:01:00.0"}), gpu("b", "GPU.0", {.pci = "0000:02:00.0"})}).size(),
      2u);
  auto nameless = [](const char* engine) {
    auto on = gpu(engine, "GPU.0", {.full_name = ""});
    on.report.vendor.clear();
    return on;
  };
  EXPECT_EQ(merge_devices({nameless("a"), nameless("b")}).size(), 2u);
}

TEST(DeviceTable, B303_one_engine_never_reports_one_device_twice) {
  // Two slices of one card share its address and differ in UUID.
  const auto devices = merge_devices({gpu("cuda", "GPU.0", {.uuid = "aa", .pci = "0000:01:00.0"}),
                                      gpu("cuda", "GPU.1", {.uuid = "bb", .pci = "0000:01:00.0"}),
                                      gpu("other", "GPU.0", {.uuid = "bb", .pci = "0000:01:00.0"})});
  ASSERT_EQ(devices.size(), 2u);
  EXPECT_THAT(handles(devices[1]), ElementsAre("cuda:GPU.1", "other:GPU.0"));
}

TEST(DeviceTable, a_uuid_of_zeros_is_no_uuid) {
  const auto devices = merge_devices({gpu("a", "GPU.0", {.uuid = "00000000-0000", .full_name = "X"}),
                                      gpu("b", "GPU.0", {.uuid = "00000000-0000", .full_name = "Y"})});
  EXPECT_EQ(devices.size(), 2u);
}

TEST(DeviceTable, B302_gpus_are_numbered_integrated_discrete_software_by_address) {
  const auto devices = merge_devices({
      gpu("e", "GPU.0", {.pci = "0000:81:00.0", .full_name = "late"}),
      gpu("e", "GPU.1", {.full_name = "lavapipe", .kind = DeviceKind::kSoftware}),
      gpu("e", "GPU.2", {.pci = "0000:03:00.0", .full_name = "early"}),
      gpu("e", "GPU.3", {.pci = "0000:99:00.0", .full_name = "built in", .kind = DeviceKind::kIntegratedGpu}),
  });
  EXPECT_THAT(names(devices), ElementsAre("GPU.0", "GPU.1", "GPU.2", "GPU.3"));
  std::vector<std::string> looks;
  for (const auto& device : devices) looks.push_back(device.full_name);
  EXPECT_THAT(looks, ElementsAre("built in", "early", "late", "lavapipe"));
}

TEST(DeviceTable, B302_scripted_devices_keep_their_names_and_others_take_free_ids) {
  const auto devices = merge_devices({scripted("sim", "GPU.0", DeviceKind::kDiscreteGpu),
                                      scripted("sim", "GPU.2", DeviceKind::kIntegratedGpu),
                                      gpu("real", "GPU.0", {.pci = "0000:01:00.0", .full_name = "R1"}),
                                      gpu("real", "GPU.1", {.pci = "0000:02:00.0", .full_name = "R2"})});
  EXPECT_THAT(names(devices), ElementsAre("GPU.0", "GPU.1", "GPU.2", "GPU.3"));
  EXPECT_EQ(devices[0].engines[0].engine, "sim");
  EXPECT_EQ(devices[1].full_name, "R1");
  EXPECT_EQ(devices[2].engines[0].engine, "sim");
  EXPECT_EQ(devices[3].full_name, "R2");
}

TEST(DeviceTable, B303_scripted_devices_of_one_name_are_one_device) {
  const auto devices = merge_devices(
      {scripted("E1", "GPU", DeviceKind::kDiscreteGpu), scripted("E2", "GPU.0", DeviceKind::kDiscreteGpu)});
  ASSERT_EQ(devices.size(), 1u);
  EXPECT_EQ(devices[0].name, "GPU");
  EXPECT_EQ(devices[0].engines.size(), 2u);
}

TEST(DeviceTable, B111_a_device_alone_in_its_family_is_spelled_without_id) {
  EXPECT_THAT(names(merge_devices({gpu("e", "GPU.0", {}), cpu("e")})), ElementsAre("CPU", "GPU"));
  EXPECT_THAT(names(merge_devices({gpu("e", "GPU.0", {}), gpu("e", "GPU.1", {})})), ElementsAre("GPU.0", "GPU.1"));
}

TEST(DeviceTable, B130_ids_that_are_no_numbers_stay) {
  EXPECT_THAT(names(merge_devices({scripted("e", "MYRIAD.1.2-ma2480", DeviceKind::kAccelerator)})),
              ElementsAre("MYRIAD.1.2-ma2480"));
  auto stick = [](const char* name) { return gpu("e", name, {.full_name = name, .kind = DeviceKind::kAccelerator}); };
  EXPECT_THAT(names(merge_devices({stick("MYRIAD.b"), stick("MYRIAD.a")})), ElementsAre("MYRIAD.a", "MYRIAD.b"));
}

TEST(DeviceTable, B301_order_is_cpu_gpu_npu_then_other_families_with_ids_ascending) {
  std::vector<EngineOnDevice> reports{scripted("e", "MYRIAD", DeviceKind::kAccelerator),
                                      scripted("e", "NPU", DeviceKind::kAccelerator),
                                      scripted("e", "GNA", DeviceKind::kAccelerator), cpu("e")};
  for (int i = 11; i >= 0; --i) reports.push_back(scripted("e", "GPU." + std::to_string(i), DeviceKind::kDiscreteGpu));
  const auto result = names(merge_devices(reports));
  ASSERT_EQ(result.size(), 16u);
  EXPECT_EQ(result.front(), "CPU");
  EXPECT_EQ(result[3], "GPU.2");
  EXPECT_EQ(result[12], "GPU.11");
  EXPECT_EQ((std::vector<std::string>(result.end() - 3, result.end())),
            (std::vector<std::string>{"NPU", "GNA", "MYRIAD"}));
}

TEST(DeviceTable, B311_capabilities_are_the_union_over_the_engines) {
  const auto devices = merge_devices({cpu("b", {"INT8", "FP32"}), cpu("a", {"FP32", "BF16"})});
  ASSERT_EQ(devices.size(), 1u);
  EXPECT_THAT(devices[0].capabilities, ElementsAre("BF16", "FP32", "INT8"));
  EXPECT_EQ(devices[0].engines[0].engine, "a");
  EXPECT_EQ(devices[0].id, "");
  EXPECT_EQ(devices[0].identity, "CPU");
}

TEST(DeviceTable, B310_an_engine_that_knows_the_kind_wins_over_one_that_guesses) {
  const auto devices = merge_devices({gpu("a", "GPU.0", {.uuid = "11", .kind = DeviceKind::kIntegratedGpu}),
                                      gpu("b", "GPU.0", {.uuid = "11", .kind = DeviceKind::kDiscreteGpu})});
  ASSERT_EQ(devices.size(), 1u);
  EXPECT_EQ(devices[0].kind, DeviceKind::kDiscreteGpu);
}

TEST(DeviceTable, B426_the_order_of_engines_does_not_matter) {
  std::vector<EngineOnDevice> reports{cpu("a"),
                                      cpu("b"),
                                      gpu("a", "GPU.0", {.uuid = "11", .full_name = "X"}),
                                      gpu("b", "GPU.0", {.pci = "0000:05:00.0", .full_name = "Y"}),
                                      gpu("c", "GPU.0", {.uuid = "11", .pci = "0000:02:00.0", .full_name = "Z"}),
                                      gpu("d", "GPU.0", {.full_name = "Y"})};
  const auto expected = merge_devices(reports);
  std::sort(reports.begin(), reports.end(),
            [](const auto& a, const auto& b) { return a.report.handle < b.report.handle; });
  do {
    const auto devices = merge_devices(reports);
    ASSERT_EQ(names(devices), names(expected));
    for (std::size_t i = 0; i < devices.size(); ++i) ASSERT_EQ(handles(devices[i]), handles(expected[i]));
  } while (std::next_permutation(reports.begin(), reports.end(),
                                 [](const auto& a, const auto& b) { return a.report.handle < b.report.handle; }));
}

TEST(DeviceTable, B306_names_outside_the_grammar_are_flaws) {
  const auto flaw = [](const char* name) {
    DeviceReport report;
    report.name = name;
    report.handle = "h";
    return flaw_of(report);
  };
  for (const char* good : {"CPU", "GPU.1", "MYRIAD.1.2-ma2480", "MY_NPU2"}) EXPECT_EQ(flaw(good), "") << good;
  for (const char* bad : {"", ".1", "1GPU", "GPU.", "GPU.1,2", "GPU(2)", "GPU 1", "GPU.1 "})
    EXPECT_NE(flaw(bad), "") << bad;
  DeviceReport report;
  report.name = "CPU";
  EXPECT_NE(flaw_of(report), "");
}

}  // namespace
}  // namespace baton::engine
