// SPDX-License-Identifier: Apache-2.0
// Copyright (C) 2026 The Baton authors
#include "nvidia_gpus.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstring>
#include <fstream>

#include "engine/device_table.h"
#include "foreign_library.h"
#include "nvml.h"
#include "support/temporary_folder.h"
#include "tensorrt_engine.h"

namespace baton::engine::onnxruntime {
namespace {

using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::Not;
namespace fs = std::filesystem;

void put(const fs::path& file, const std::string& content) {
  fs::create_directories(file.parent_path());
  std::ofstream(file) << content;
}

/// A machine whose driver lists GPUs as drivers do.
class Machine {
 public:
  Machine() {
    put(folder_.path() / "proc/driver/nvidia/version",
        "NVRM version: NVIDIA UNIX Open Kernel Module for x86_64  580.159.04  Release Build  (root@host)\n"
        "GCC version:  gcc version 13.2.0\n");
  }
  void add(const std::string& address, const std::string& name, const std::string& uuid, int minor, bool node = true) {
    put(folder_.path() / "proc/driver/nvidia/gpus" / address / "information",
        "Model: \t\t " + name + "\nIRQ:   \t\t 41\nGPU UUID: \t " + uuid + "\nBus Location: \t " + address +
            "\nDevice Minor: \t " + std::to_string(minor) + "\n");
    if (node) put(folder_.path() / ("dev/nvidia" + std::to_string(minor)), "");
  }
  std::vector<NvidiaGpu> gpus() const { return read_driver_list(folder_.path()); }

 private:
  test::TemporaryFolder folder_;
};

std::vector<std::string> addresses(const std::vector<NvidiaGpu>& gpus) {
  std::vector<std::string> result;
  for (const auto& gpu : gpus) result.push_back(gpu.pci_address);
  return result;
}

TEST(NvidiaGpus, the_driver_list_gives_name_uuid_address_and_driver) {
  Machine machine;
  machine.add("0000:c1:00.0", "NVIDIA L4", "GPU-22222222-0000-0000-0000-000000000000", 1);
  machine.add("0000:3b:00.0", "NVIDIA H100 80GB HBM3", "GPU-b7b0573e-166e-5b02-aaad-6651104c9909", 0);
  const auto gpus = machine.gpus();
  ASSERT_EQ(gpus.size(), 2u);
  EXPECT_EQ(gpus[0].pci_address, "0000:3b:00.0") << "by address, whatever the order of the folder";
  EXPECT_EQ(gpus[0].name, "NVIDIA H100 80GB HBM3");
  EXPECT_EQ(gpus[0].uuid, "GPU-b7b0573e-166e-5b02-aaad-6651104c9909");
  EXPECT_EQ(gpus[0].driver, "580.159.04");
  EXPECT_EQ(gpus[1].name, "NVIDIA L4");
}

TEST(NvidiaGpus, a_machine_without_driver_has_none) {
  const test::TemporaryFolder empty;
  EXPECT_THAT(read_driver_list(empty.path()), IsEmpty());
}

TEST(NvidiaGpus, a_gpu_without_device_node_or_started_driver) {
  Machine machine;
  machine.add("0000:01:00.0", "NVIDIA A10", "GPU-11111111-0000-0000-0000-000000000000", 0, /*node=*/false);
  machine.add("0000:02:00.0", "NVIDIA A10", std::string("GPU-") + std::string(36, '?'), 1);
  const auto gpus = machine.gpus();
  EXPECT_THAT(addresses(gpus), ElementsAre("0000:02:00.0")) << "a container was not given the other";
  EXPECT_EQ(gpus.front().uuid, "") << "question marks are no identity";
}

std::vector<NvidiaGpu> three(const std::string& first = "NVIDIA A10") {
  return {{.name = first, .uuid = "GPU-aaaa1111", .pci_address = "1"},
          {.name = "NVIDIA A10", .uuid = "GPU-aaaa2222", .pci_address = "2"},
          {.name = "NVIDIA A10", .uuid = "GPU-bbbb3333", .pci_address = "3"}};
}

TEST(NvidiaGpus, cuda_visible_devices_hides_gpus) {
  EXPECT_THAT(addresses(visible_gpus(three(), std::nullopt)), ElementsAre("1", "2", "3"));
  EXPECT_THAT(visible_gpus(three(), ""), IsEmpty());
  EXPECT_THAT(visible_gpus(three(), "-1"), IsEmpty());
  EXPECT_THAT(visible_gpus(three(), "NoDevFiles"), IsEmpty());
  EXPECT_THAT(addresses(visible_gpus(three(), "2")), ElementsAre("3"));
  EXPECT_THAT(addresses(visible_gpus(three(), "2, 0")), ElementsAre("1", "3"));
  EXPECT_THAT(addresses(visible_gpus(three(), "1,7,0")), ElementsAre("2")) << "what names no GPU ends the list";
  EXPECT_THAT(addresses(visible_gpus(three(), "GPU-bbbb")), ElementsAre("3"));
  EXPECT_THAT(addresses(visible_gpus(three(), "0,0")), ElementsAre("1"));
  EXPECT_THAT(visible_gpus({}, "0"), IsEmpty());
}

TEST(NvidiaGpus, what_cannot_be_told_hides_nothing) {
  for (const char* mig : {"MIG-GPU-aaaa1111/1/0", "MIG-5a2b3c4d-0000-0000-0000-000000000000"})
    EXPECT_THAT(addresses(visible_gpus(three(), mig)), ElementsAre("1", "2", "3")) << mig;
  std::vector<NvidiaGpu> one_unknown = three();
  one_unknown[1].uuid.clear();
  EXPECT_THAT(addresses(visible_gpus(one_unknown, "GPU-cccc")), ElementsAre("1", "2", "3")) << "it may be the second";
  EXPECT_THAT(addresses(visible_gpus(one_unknown, "GPU-bbbb")), ElementsAre("3"));
  EXPECT_THAT(visible_gpus(three(), "GPU-cccc"), IsEmpty());
}

TEST(NvidiaGpus, numbers_do_not_say_which_of_different_gpus_they_mean) {
  EXPECT_THAT(addresses(visible_gpus(three("NVIDIA H100"), "1")), ElementsAre("1", "2", "3"));
  EXPECT_THAT(addresses(visible_gpus(three("NVIDIA H100"), "GPU-aaaa2")), ElementsAre("2"));
}

TEST(NvidiaGpus, B303_one_device_with_the_openvino_engine_that_reaches_it_through_opencl) {
  Machine machine;
  machine.add("0000:3b:00.0", "NVIDIA H100 80GB HBM3", "GPU-b7b0573e-166e-5b02-aaad-6651104c9909", 0);
  machine.add("0000:c1:00.0", "NVIDIA H100 80GB HBM3", "GPU-22222222-0000-0000-0000-000000000002", 1);
  std::vector<EngineOnDevice> reports;
  for (const NvidiaGpu& gpu : machine.gpus()) reports.push_back({"onnxruntime.cuda", cuda_report(gpu, reports.size())});
  DeviceReport other;  // as OpenVINO reports it
  other.name = other.handle = "GPU";
  other.kind = DeviceKind::kDiscreteGpu;
  other.full_name = "NVIDIA H100 80GB HBM3 (dGPU)";
  other.uuid = "b7b0573e166e5b02aaad6651104c9909";
  other.capabilities = {"BIN", "EXPORT_IMPORT", "FP32", "INT8"};
  reports.push_back({"openvino", other});
  const auto devices = merge_devices(std::move(reports));
  ASSERT_EQ(devices.size(), 2u);
  EXPECT_EQ(devices[0].name, "GPU.0");
  ASSERT_EQ(devices[0].engines.size(), 2u);
  EXPECT_EQ(devices[0].engines[0].engine, "onnxruntime.cuda");
  EXPECT_EQ(devices[0].engines[0].report.handle, "0000:3b:00.0");
  EXPECT_EQ(devices[0].engines[1].engine, "openvino");
  EXPECT_THAT(devices[0].capabilities, ElementsAre("BIN", "EXPORT_IMPORT", "FP16", "FP32", "INT8"));
  EXPECT_EQ(devices[0].driver, "580.159.04");
  EXPECT_EQ(devices[1].name, "GPU.1");
  EXPECT_EQ(devices[1].engines.size(), 1u);
}

TEST(NvidiaGpus, B303_one_device_with_all_of_onnxruntimes_engines) {
  Machine machine;
  machine.add("0000:3b:00.0", "NVIDIA RTX 4000", "GPU-b7b0573e-166e-5b02-aaad-6651104c9909", 0);
  machine.add("0000:c1:00.0", "NVIDIA RTX 4000", "GPU-22222222-0000-0000-0000-000000000002", 1);
  std::vector<EngineOnDevice> reports;
  for (const NvidiaGpu& gpu : machine.gpus()) {
    const std::size_t index = reports.size() / 3;
    reports.push_back({"onnxruntime.cuda", cuda_report(gpu, index)});
    reports.push_back({"onnxruntime.tensorrt", tensorrt_report(gpu, index)});
    DeviceReport plug_in;  // as a library of NVIDIA's is reported: ONNX Runtime knows vendor and address
    plug_in.name = "GPU." + std::to_string(index);
    plug_in.handle = std::to_string(index);
    plug_in.kind = DeviceKind::kIntegratedGpu;
    plug_in.vendor = "NVIDIA";
    plug_in.full_name = "NVIDIA GPU";
    plug_in.pci_address = gpu.pci_address;
    plug_in.ranks = ranks_of(plug_in.kind);
    reports.push_back({"onnxruntime.nv_tensorrt_rtx", plug_in});
  }
  const auto devices = merge_devices(std::move(reports));
  ASSERT_EQ(devices.size(), 2u);
  for (const auto& device : devices) {
    EXPECT_EQ(device.kind, DeviceKind::kDiscreteGpu);
    EXPECT_EQ(device.full_name, "NVIDIA RTX 4000");
    ASSERT_EQ(device.engines.size(), 3u) << device.name;
    EXPECT_EQ(device.engines[0].engine, "onnxruntime.cuda");
    EXPECT_EQ(device.engines[1].engine, "onnxruntime.nv_tensorrt_rtx");
    EXPECT_EQ(device.engines[2].engine, "onnxruntime.tensorrt");
    EXPECT_THAT(device.capabilities, ElementsAre("FP16", "FP32")) << "nothing speaks for quantised models";
  }
}

TEST(NvidiaGpus, B512_B423_tensorrt_is_behind_cuda_in_everything_and_before_other_plug_ins) {
  const NvidiaGpu gpu{.name = "NVIDIA H100", .pci_address = "0000:3b:00.0"};
  const DeviceReport cuda = cuda_report(gpu, 0);
  const DeviceReport tensorrt = tensorrt_report(gpu, 0);
  EXPECT_GT(tensorrt.ranks.load_fast, cuda.ranks.load_full) << "it never helps where CUDA can";
  EXPECT_GT(tensorrt.ranks.load_full, tensorrt.ranks.load_fast);
  EXPECT_EQ(tensorrt.ranks.run, cuda.ranks.run + 1);
  EXPECT_LT(tensorrt.ranks.run, ranks_of(DeviceKind::kDiscreteGpu).run);
  EXPECT_GE(tensorrt.ranks.load_full, 10 * cuda.ranks.load_full) << "so that CUDA may serve in between (B-552)";
  EXPECT_TRUE(tensorrt.exclusive_load);
  EXPECT_TRUE(tensorrt.lazy_first_run);
  EXPECT_FALSE(tensorrt.stoppable_load);
  EXPECT_TRUE(cuda.stoppable_load);
  EXPECT_EQ(tensorrt.handle, cuda.handle);
  for (const char* key : {"tensorrt.*", "cuda.*", "INFERENCE_PRECISION_HINT"})
    EXPECT_THAT(tensorrt.supported_properties, Contains(key));
  EXPECT_THAT(cuda.supported_properties, Not(Contains("tensorrt.*")));
}

// --- NVML, with a table of functions in its place
// ---------------------------------------------------------------

int one = 1, two = 2, lost = 3;

Nvml fake_nvml() {
  Nvml nvml;
  nvml.init = [] { return 0; };
  nvml.count = [](unsigned* count) { return *count = 3, 0; };
  nvml.by_index = [](unsigned index, void** handle) {
    *handle = index == 0 ? &two : index == 1 ? &lost : &one;
    return index == 1 ? 15 : 0;
  };
  nvml.name = [](void* handle, char* text, unsigned) {
    std::strcpy(text, handle == &one ? "NVIDIA A10" : "NVIDIA H100");
    return 0;
  };
  nvml.uuid = [](void* handle, char* text, unsigned) {
    std::strcpy(text, "GPU-1111");
    return handle == &one ? 0 : 3;  // not supported
  };
  nvml.pci = [](void* handle, Nvml::Pci* pci) {
    std::strcpy(pci->bus_id, handle == &one ? "00000000:3B:00.0" : "00000001:C1:00.0");
    return 0;
  };
  nvml.memory = [](void*, Nvml::Memory* memory) { return memory->total = 24'000'000'000, 0; };
  nvml.driver = [](char* text, unsigned) { return std::strcpy(text, "550.1"), 0; };
  return nvml;
}

TEST(Nvml, gpus_come_by_address_and_a_lost_one_is_not_there) {
  const auto gpus = ask_nvml(fake_nvml());
  ASSERT_TRUE(gpus.is_ok());
  EXPECT_THAT(addresses(gpus.value()), ElementsAre("0000:3b:00.0", "0001:c1:00.0"));
  EXPECT_EQ(gpus.value()[0].name, "NVIDIA A10");
  EXPECT_EQ(gpus.value()[0].memory_bytes, 24'000'000'000u);
  EXPECT_EQ(gpus.value()[0].driver, "550.1");
  EXPECT_EQ(gpus.value()[1].uuid, "");
}

TEST(Nvml, a_library_that_does_not_start_says_so) {
  Nvml nvml = fake_nvml();
  nvml.init = [] { return 9; };  // the driver is not loaded
  EXPECT_EQ(ask_nvml(nvml).status().message(), "NVIDIA's management library cannot start: error 9");
}

}  // namespace
}  // namespace baton::engine::onnxruntime
