// SPDX-License-Identifier: Apache-2.0
// Copyright (C) 2026 The Baton authors
//
// The engines of NVIDIA's GPUs with the real ONNX Runtime, on a machine that the test makes: a driver's list, and
// site-packages whose libraries are files that name what they need. Nothing of them can be opened.
#include "nvidia_engine.h"

#include <dlfcn.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>

#include "base/environment.h"
#include "base/executor.h"
#include "contract/engine_harness.h"
#include "engine/device_table.h"
#include "engine/registry.h"
#include "support/onnx_builder.h"
#include "support/temporary_folder.h"
#include "tensorrt_engine.h"
#include "testdata/elf_file.h"

namespace baton::engine::onnxruntime {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::StartsWith;
namespace fs = std::filesystem;

const std::string kAddress = "0000:3b:00.0";

void put_gpu(const test::TemporaryFolder& root, const std::string& address, int minor) {
  const std::string number = std::to_string(minor);
  root.write("proc/driver/nvidia/gpus/" + address + "/information",
             "Model: NVIDIA H100\nGPU UUID: GPU-0000000" + number + "\nDevice Minor: " + number + "\n");
  root.write("dev/nvidia" + number, "");
}

class NvidiaEngines : public ::testing::Test {
 protected:
  void SetUp() override {
    if (base::env::cuda_visible_devices()) GTEST_SKIP() << "CUDA_VISIBLE_DEVICES hides the GPUs of the test too";
    const auto real = OrtLibrary::open(test::library_folders());
    if (!real.is_ok()) GTEST_SKIP() << real.status().message();
    put_gpu(root_, kAddress, 0);
    put_gpu(root_, "0000:c1:00.0", 1);
    const fs::path capi = site_.path() / "onnxruntime/capi";
    fs::create_directories(capi);
    fs::create_symlink(fs::canonical(real.value()->path()), capi / "libonnxruntime.so.1");
    site_.write("onnxruntime/capi/libonnxruntime_providers_cuda.so",
                test::elf_file({"libcudart.so.13", "libcuda.so.1"}));
    site_.write("onnxruntime/capi/libonnxruntime_providers_tensorrt.so",
                test::elf_file({"libcudart.so.13", "libnvinfer.so.10"}));
    for (const char* file : {"libcudart.so.13", "libcuda.so.1"})
      site_.write(std::string("nvidia/cu13/lib/") + file, "");
    const std::vector<std::string> folders{capi.string()};
    auto library = OrtLibrary::open(folders);
    ASSERT_TRUE(library.is_ok()) << library.status().message();
    library_ = std::move(library).value();
    ASSERT_EQ(fs::path(library_->path()).parent_path(), capi);
  }

  std::vector<EngineOnDevice> reports(std::vector<Engine*> engines) {
    std::vector<EngineOnDevice> all;
    for (Engine* engine : engines) {
      auto found = engine->enumerate({});
      EXPECT_TRUE(found.is_ok()) << found.status().message();
      for (auto& report : found.value()) all.push_back({engine->name(), std::move(report)});
    }
    return all;
  }

  test::TemporaryFolder root_, site_;
  std::shared_ptr<OrtLibrary> library_;
};

TEST_F(NvidiaEngines, B303_cuda_and_tensorrt_reach_the_same_devices) {
  site_.write("tensorrt_libs/libnvinfer.so.10", "");
  CudaEngine cuda(library_, nullptr, root_.path());
  TensorRtEngine tensorrt(library_, nullptr, root_.path());
  EXPECT_TRUE(cuda.usable().is_ok()) << cuda.usable().message();
  EXPECT_TRUE(tensorrt.usable().is_ok()) << tensorrt.usable().message();
  const auto devices = merge_devices(reports({&tensorrt, &cuda}));
  ASSERT_EQ(devices.size(), 2u);
  for (const auto& device : devices) {
    ASSERT_EQ(device.engines.size(), 2u);
    EXPECT_EQ(device.engines[0].engine, "onnxruntime.cuda");
    EXPECT_EQ(device.engines[1].engine, "onnxruntime.tensorrt");
    EXPECT_EQ(device.engines[0].report.handle, device.engines[1].report.handle);
  }
  EXPECT_EQ(devices[0].engines[1].report.handle, kAddress);
}

TEST_F(NvidiaEngines, without_tensorrts_libraries_cuda_is_not_touched) {
  CudaEngine cuda(library_, nullptr, root_.path());
  TensorRtEngine tensorrt(library_, nullptr, root_.path());
  EXPECT_EQ(reports({&cuda}).size(), 2u);
  const auto found = tensorrt.enumerate({});
  ASSERT_FALSE(found.is_ok());
  EXPECT_EQ(found.status().code(), base::StatusCode::kUnavailable);
  EXPECT_THAT(found.status().message(), StartsWith("libnvinfer.so.10 not found, searched"));
  EXPECT_THAT(found.status().message(), HasSubstr("install tensorrt-cu13-libs"));
  EXPECT_EQ(tensorrt.usable().message(), found.status().message());
}

class Variable {
 public:
  Variable(const char* name, const std::string& value) : name_(name) { ::setenv(name, value.c_str(), 1); }
  ~Variable() { ::unsetenv(name_); }
  Variable(const Variable&) = delete;
  Variable& operator=(const Variable&) = delete;

 private:
  const char* const name_;
};

/// From now on what this process means by the library's soname; false where that is another file already.
bool open_test_driver(const std::string& soname) {
  if (::dlopen(soname.c_str(), RTLD_LAZY | RTLD_NOLOAD) != nullptr) return false;
  return ::dlopen((BATON_TEST_DRIVER "/" + soname).c_str(), RTLD_NOW | RTLD_LOCAL) != nullptr;
}

TEST_F(NvidiaEngines, B305_what_hides_every_gpu_is_named_with_its_value) {
  CudaEngine cuda(library_, nullptr, root_.path());
  for (const char* value : {"", "-1", "all", "2"}) {
    const Variable hiding("CUDA_VISIBLE_DEVICES", value);
    const auto found = cuda.enumerate({});
    ASSERT_FALSE(found.is_ok()) << value;
    EXPECT_THAT(found.status().message(),
                HasSubstr("CUDA_VISIBLE_DEVICES is '" + std::string(value) + "', expected numbers or UUIDs"));
    EXPECT_EQ(cuda.usable().message(), found.status().message());
  }
}

TEST_F(NvidiaEngines, a_uuid_that_the_drivers_list_does_not_have_is_asked_for) {
  for (const char* address : {"0000:3b:00.0", "0000:c1:00.0"})
    root_.write("proc/driver/nvidia/gpus/" + std::string(address) + "/information",
                "Model: NVIDIA H100\nGPU UUID: GPU-?\?\?\?-?\?\?\?\n");
  if (!open_test_driver("libnvidia-ml.so.1")) GTEST_SKIP() << "this process has NVIDIA's own library";
  const Variable one("CUDA_VISIBLE_DEVICES", "GPU-bbbb0000");
  const auto devices = CudaEngine(library_, nullptr, root_.path()).enumerate({});
  ASSERT_TRUE(devices.is_ok()) << devices.status().message();
  ASSERT_EQ(devices->size(), 1u);
  EXPECT_EQ(devices->front().pci_address, "0000:c1:00.0");
  EXPECT_EQ(devices->front().uuid, "GPU-bbbb0000-1111");
}

TEST_F(NvidiaEngines, B609_a_cuda_that_does_not_start_says_why_in_the_drivers_words) {
  if (!open_test_driver("libcuda.so.1")) GTEST_SKIP() << "this process has NVIDIA's own library";
  site_.write("onnxruntime/capi/libonnxruntime_providers_cuda.so", test::elf_file({"libcuda.so.1"}));
  CompileRequest request;
  request.model = test::model_of(test::onnx_model(
      test::OnnxGraph().input("x", element::f32, {1}).output("y", element::f32, {1}).node("Relu", {"x"}, {"y"})));
  request.device = kAddress;
  const auto executable = CudaEngine(library_, nullptr, root_.path()).compile(request, {});
  ASSERT_FALSE(executable.is_ok());
  EXPECT_EQ(executable.status().code(), base::StatusCode::kDeviceLost);
  EXPECT_EQ(executable.status().message(),
            "CUDA does not start: system has unsupported display driver / cuda driver combination (error 803); "
            "nvidia-smi shows whether the driver works");
}

TEST_F(NvidiaEngines, other_families_are_not_theirs) {
  TensorRtEngine tensorrt(library_, nullptr, root_.path());
  const std::vector<std::string> npu{"NPU"};
  const auto found = tensorrt.enumerate(npu);
  ASSERT_TRUE(found.is_ok()) << "and nothing is looked for";
  EXPECT_TRUE(found->empty());
}

TEST_F(NvidiaEngines, a_load_says_why_libraries_cannot_be_opened) {
  site_.write("tensorrt_libs/libnvinfer.so.10", "");
  CompileRequest request;
  request.model = test::model_of(test::onnx_model(
      test::OnnxGraph().input("x", element::f32, {1}).output("y", element::f32, {1}).node("Relu", {"x"}, {"y"})));
  request.device = kAddress;
  CudaEngine cuda(library_, nullptr, root_.path());
  TensorRtEngine tensorrt(library_, nullptr, root_.path());
  for (Engine* engine : std::vector<Engine*>{&cuda, &tensorrt}) {
    const auto executable = engine->compile(request, {});
    ASSERT_FALSE(executable.is_ok());
    EXPECT_EQ(executable.status().code(), base::StatusCode::kUnavailable);
    EXPECT_THAT(executable.status().message(), HasSubstr("cannot open a library of CUDA"));
  }
}

TEST_F(NvidiaEngines, B710_tensorrt_overlaps_two_requests_and_no_more) {
  CudaEngine cuda(library_, nullptr, root_.path());
  TensorRtEngine tensorrt(library_, nullptr, root_.path());
  EXPECT_EQ(tensorrt.device_property(kAddress, "RANGE_FOR_ASYNC_INFER_REQUESTS").value(), "1 2 1");
  EXPECT_NE(cuda.device_property(kAddress, "RANGE_FOR_ASYNC_INFER_REQUESTS").value(), "1 2 1");
  EXPECT_THAT(tensorrt.device_property(kAddress, "NOTHING").status().message(), HasSubstr("onnxruntime.tensorrt"));
}

// --- the manifest of the build
// --------------------------------------------------------------------------------------------------------------

std::vector<std::string> reasons_on(const fs::path& os_root) {
  RegistryOptions options;
  options.executor = &base::thread_executor();
  options.log = &test::silent_log();
  options.module_path = {BATON_ENGINE_FOLDER};
  options.library_path = test::library_folders();
  options.os_root = os_root;
  auto& registry = *new Registry(std::move(options));  // leaked, like engines
  const std::vector<std::string> gpu{"GPU"};
  std::vector<std::string> reasons;
  for (const auto& missing : registry.devices(gpu).missing_engines) {
    if (missing.engine == "onnxruntime.cuda" || missing.engine == "onnxruntime.tensorrt")
      reasons.push_back(missing.engine + ": " + missing.reason);
  }
  for (const EngineManifest& manifest : registry.manifests()) {
    if (manifest.name == "onnxruntime.tensorrt" && registry.has_hardware(manifest)) reasons.emplace_back("hardware");
  }
  return reasons;
}

TEST(NvidiaManifest, B307_nothing_is_looked_for_where_the_system_shows_no_such_gpu) {
  const test::TemporaryFolder root;
  root.write("dev/dri/renderD128", "");
  EXPECT_THAT(reasons_on(root.path()), ElementsAre());
}

TEST(NvidiaManifest, B305_where_it_shows_one_each_engine_has_one_line) {
  const auto library = OrtLibrary::open(test::library_folders());
  if (!library.is_ok()) GTEST_SKIP() << library.status().message();
  const fs::path folder = fs::path(library.value()->path()).parent_path();
  if (fs::exists(folder / "libonnxruntime_providers_cuda.so")) GTEST_SKIP() << "this package has the providers";
  const test::TemporaryFolder root;
  put_gpu(root, kAddress, 0);
  EXPECT_THAT(
      reasons_on(root.path()),
      ElementsAre(StartsWith("onnxruntime.cuda: libonnxruntime_providers_cuda.so is not beside"),
                  StartsWith("onnxruntime.tensorrt: libonnxruntime_providers_cuda.so is not beside"), "hardware"));
}

}  // namespace
}  // namespace baton::engine::onnxruntime
