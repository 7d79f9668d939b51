// SPDX-License-Identifier: Apache-2.0
// Copyright (C) 2026 The Baton authors
//
// What is missing of CUDA's and TensorRT's providers, on site-packages that the test makes. The needs are those of
// onnxruntime-gpu 1.31.1.
#include "nvidia_provider.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>

#include "support/temporary_folder.h"
#include "testdata/elf_file.h"

namespace baton::engine::onnxruntime {
namespace {

using ::testing::AllOf;
using ::testing::EndsWith;
using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::StartsWith;
namespace fs = std::filesystem;

class NvidiaProviders : public ::testing::Test {
 protected:
  void SetUp() override {
    put("onnxruntime/capi/libonnxruntime.so.1.31.1");
    put("cache", std::string("libcuda.so.1\0/lib/libcuda.so.1\0", 32));
  }

  void put(const std::string& file, const std::string& content = {}) { site_.write(file, content); }
  void put_cuda() {
    put("onnxruntime/capi/libonnxruntime_providers_cuda.so",
        test::elf_file({"libcublasLt.so.13", "libcublas.so.13", "libcurand.so.10", "libcudart.so.13", "libcuda.so.1",
                        "libc.so.6"}));
    for (const char* file : {"libcublas.so.13", "libcublasLt.so.13", "libcurand.so.10", "libcudart.so.13"})
      put(std::string("nvidia/cu13/lib/") + file);
  }
  void put_tensorrt(const std::string& cuda = "13") {
    put("onnxruntime/capi/libonnxruntime_providers_tensorrt.so",
        test::elf_file({"libcublas.so." + cuda, "libnvinfer.so.10", "libnvonnxparser.so.10", "libcudart.so." + cuda,
                        "libcudnn.so.9", "libc.so.6"}));
    put("nvidia/cudnn/lib/libcudnn.so.9");
  }

  std::string reason(NvidiaParts parts) const {
    const NvidiaProvider provider(std::move(parts), site_.path() / "onnxruntime/capi", {}, site_.path() / "cache");
    const base::Status status = provider.check();
    EXPECT_EQ(status.message().find('\n'), std::string::npos) << "one line";
    if (status.is_ok()) return "nothing is missing";
    EXPECT_EQ(status.code(), base::StatusCode::kUnavailable);
    return status.message();
  }
  fs::path root() const { return fs::canonical(site_.path()); }

  test::TemporaryFolder site_;
};

TEST_F(NvidiaProviders, the_package_without_providers_is_named) {
  EXPECT_THAT(reason(cuda_parts()),
              AllOf(StartsWith("libonnxruntime_providers_cuda.so is not beside libonnxruntime in "),
                    EndsWith("install the package onnxruntime-gpu instead of onnxruntime")));
  put_cuda();
  EXPECT_THAT(reason(tensorrt_parts()),
              StartsWith("libonnxruntime_providers_tensorrt.so is not beside libonnxruntime"));
}

TEST_F(NvidiaProviders, tensorrts_is_of_no_use_without_cudas) {
  put_tensorrt();
  EXPECT_THAT(reason(tensorrt_parts()), StartsWith("libonnxruntime_providers_cuda.so is not beside"));
}

TEST_F(NvidiaProviders, cuda_needs_nothing_of_tensorrt) {
  put_cuda();
  put_tensorrt();
  EXPECT_EQ(reason(cuda_parts()), "nothing is missing");
}

TEST_F(NvidiaProviders, missing_libraries_are_named_with_where_they_were_looked_for_and_what_to_install) {
  put_cuda();
  put_tensorrt();
  EXPECT_EQ(reason(tensorrt_parts()),
            "libnvinfer.so.10, libnvonnxparser.so.10 not found, searched " + (root() / "nvidia/cu13/lib").string() +
                ", " + (root() / "nvidia/cudnn/lib").string() + ", " + (root() / "tensorrt_libs").string() +
                " and the system's libraries; install tensorrt-cu13-libs");
  put("tensorrt_libs/libnvinfer.so.10");
  EXPECT_THAT(reason(tensorrt_parts()),
              AllOf(StartsWith("libnvonnxparser.so.10 not found"), EndsWith("install tensorrt-cu13-libs")));
  put("tensorrt_libs/libnvonnxparser.so.10");
  EXPECT_EQ(reason(tensorrt_parts()), "nothing is missing");
}

TEST_F(NvidiaProviders, what_cuda_lacks_tensorrt_lacks_too) {
  put_cuda();
  put_tensorrt();
  fs::remove(site_.path() / "nvidia/cu13/lib/libcurand.so.10");
  EXPECT_THAT(reason(cuda_parts()),
              AllOf(StartsWith("libcurand.so.10 not found"),
                    EndsWith("install NVIDIA's driver and onnxruntime-gpu[cuda,cudnn]"), Not(HasSubstr("tensorrt"))));
  EXPECT_THAT(reason(tensorrt_parts()),
              AllOf(StartsWith("libcurand.so.10, libnvinfer.so.10, libnvonnxparser.so.10 not found"),
                    EndsWith("install NVIDIA's driver and onnxruntime-gpu[cuda,cudnn], tensorrt-cu13-libs")));
}

TEST_F(NvidiaProviders, what_both_providers_lack_is_named_once) {
  put_cuda();
  put_tensorrt();
  for (const char* file : {"libnvinfer.so.10", "libnvonnxparser.so.10"}) put(std::string("tensorrt_libs/") + file);
  fs::remove(site_.path() / "nvidia/cu13/lib/libcublas.so.13");
  EXPECT_THAT(reason(tensorrt_parts()), StartsWith("libcublas.so.13 not found"));
}

TEST_F(NvidiaProviders, the_package_of_tensorrt_is_that_of_the_providers_cuda) {
  put_tensorrt("12");
  put("onnxruntime/capi/libonnxruntime_providers_cuda.so", test::elf_file({"libcudart.so.12"}));
  for (const char* file : {"libcublas.so.12", "libcudart.so.12"}) put(std::string("nvidia/all/lib/") + file);
  EXPECT_THAT(reason(tensorrt_parts()), EndsWith("install tensorrt-cu12-libs"));
}

TEST_F(NvidiaProviders, a_damaged_provider_says_so) {
  put_cuda();
  put("onnxruntime/capi/libonnxruntime_providers_tensorrt.so", "half a file");
  EXPECT_THAT(reason(tensorrt_parts()), HasSubstr("libonnxruntime_providers_tensorrt.so is no shared library"));
}

TEST_F(NvidiaProviders, the_soname_of_a_need_is_known) {
  put_cuda();
  put_tensorrt();
  const NvidiaProvider provider(tensorrt_parts(), site_.path() / "onnxruntime/capi", {}, site_.path() / "cache");
  EXPECT_EQ(provider.soname_of("libnvinfer"), "libnvinfer.so.10");
  EXPECT_EQ(provider.soname_of("libnothing"), "");
}

TEST_F(NvidiaProviders, B708_no_gpu_computes_in_tf32_where_the_environment_forbids_it) {
  const NvidiaProvider provider(cuda_parts(), site_.path() / "onnxruntime/capi", {}, site_.path() / "cache");
  ::setenv("NVIDIA_TF32_OVERRIDE", "0", 1);
  EXPECT_FALSE(provider.has_tf32(0));
  ::unsetenv("NVIDIA_TF32_OVERRIDE");
}

TEST_F(NvidiaProviders, what_is_missing_is_not_opened) {
  put_cuda();
  put_tensorrt();
  NvidiaProvider provider(tensorrt_parts(), site_.path() / "onnxruntime/capi", {}, site_.path() / "cache");
  EXPECT_THAT(provider.open().message(), StartsWith("libnvinfer.so.10"));
  EXPECT_THAT(provider.ordinal("0000:3b:00.0").status().message(), StartsWith("libnvinfer.so.10"));
}

}  // namespace
}  // namespace baton::engine::onnxruntime
