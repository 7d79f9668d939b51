// SPDX-License-Identifier: Apache-2.0
// Copyright (C) 2026 The Baton authors
#include "engine/os_devices.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>

#include "engine/manifest.h"

namespace baton::engine {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
namespace fs = std::filesystem;

/// A root folder of a machine that has what the test puts there.
class OsDevicesTest : public ::testing::Test {
 protected:
  void SetUp() override {
    root_ = fs::path(::testing::TempDir()) /
            ("baton_os_" + std::string(::testing::UnitTest::GetInstance()->current_test_info()->name()));
    fs::remove_all(root_);
    fs::create_directories(root_);
  }
  void TearDown() override { fs::remove_all(root_); }

  void put(const std::string& file, const std::string& content = {}) {
    fs::create_directories((root_ / file).parent_path());
    std::ofstream(root_ / file) << content;
  }
  bool asks(const char* family, const std::vector<std::string>& evidence = {}) const {
    return worth_asking(look_at_os(root_), family, evidence);
  }

  fs::path root_;
};

TEST_F(OsDevicesTest, B307_an_empty_machine_shows_nothing) {
  const auto os = look_at_os(root_);
  EXPECT_THAT(os.found, IsEmpty());
  EXPECT_EQ(os.cpu_name, "");
  EXPECT_EQ(os.memory_bytes, 0u);
  EXPECT_FALSE(asks("GPU"));
  EXPECT_FALSE(asks("NPU"));
  EXPECT_TRUE(asks("MYRIAD"));
}

TEST_F(OsDevicesTest, B307_device_nodes_and_driver_lists_speak_for_families) {
  put("dev/dri/renderD128");
  put("dev/dri/card0");
  put("dev/accel/accel0");
  put("etc/OpenCL/vendors/intel.icd");
  const auto os = look_at_os(root_);
  EXPECT_THAT(os.found, ElementsAre("/dev/accel/accel0", "/dev/dri/renderD128", "/etc/OpenCL/vendors/intel.icd"));
  EXPECT_THAT(os.evidence, ElementsAre("accel", "opencl", "render"));
  EXPECT_TRUE(asks("GPU"));
  EXPECT_TRUE(asks("NPU"));
}

TEST_F(OsDevicesTest, B307_control_nodes_without_a_gpu_do_not_count) {
  put("dev/nvidiactl");
  put("dev/nvidia-uvm");
  EXPECT_FALSE(asks("GPU"));
  put("dev/nvidia0");
  EXPECT_TRUE(asks("GPU"));
}

TEST_F(OsDevicesTest, gpus_are_counted_once) {
  EXPECT_EQ(look_at_os(root_).gpus, 0u);
  put("dev/nvidia0");
  put("dev/nvidia1");
  put("dev/nvidiactl");
  put("dev/dri/card0");
  put("etc/OpenCL/vendors/nvidia.icd");
  EXPECT_EQ(look_at_os(root_).gpus, 2u);
  put("dev/dri/renderD128");
  put("sys/class/drm/renderD128/device/vendor", "0x10de\n");
  EXPECT_EQ(look_at_os(root_).gpus, 2u) << "the same GPU";
  put("dev/dri/renderD129");
  put("sys/class/drm/renderD129/device/vendor", "0x8086\n");
  EXPECT_EQ(look_at_os(root_).gpus, 3u);
}

TEST_F(OsDevicesTest, an_engine_may_name_its_own_evidence) {
  put("usr/share/vulkan/icd.d/lvp_icd.x86_64.json");
  EXPECT_FALSE(asks("GPU"));
  EXPECT_TRUE(asks("GPU", {"render", "vulkan"}));
  EXPECT_FALSE(asks("GPU", {"nvidia"}));
  EXPECT_TRUE(asks("GPU", {kAlways}));
}

TEST_F(OsDevicesTest, B307_a_change_is_seen) {
  put("dev/dri/renderD128");
  const auto before = look_at_os(root_);
  EXPECT_EQ(look_at_os(root_), before);
  put("dev/dri/renderD129");
  EXPECT_NE(look_at_os(root_), before);
}

TEST_F(OsDevicesTest, the_processor_and_its_memory_are_read) {
  put("proc/cpuinfo",
      "processor\t: 0\nmodel name\t: Some CPU @ 3 GHz\nprocessor\t: 1\nmodel name\t: Some CPU @ 3 GHz\n");
  put("proc/meminfo", "MemTotal:       16000 kB\nMemFree:          10 kB\n");
  const auto os = look_at_os(root_);
  EXPECT_EQ(os.cpu_name, "Some CPU @ 3 GHz");
  EXPECT_EQ(os.memory_bytes, 16000u * 1024);
}

}  // namespace
}  // namespace baton::engine
