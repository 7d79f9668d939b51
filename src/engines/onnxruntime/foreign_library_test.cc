// SPDX-License-Identifier: Apache-2.0
// Copyright (C) 2026 The Baton authors
//
// What can be said of foreign providers without one. What one does is in tests/contract and tests/webgpu.
#include "foreign_library.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "vulkan_adapters.h"

namespace baton::engine::onnxruntime {
namespace {

using ::testing::IsEmpty;
using ::testing::Pair;
using ::testing::UnorderedElementsAre;

TEST(ForeignLibrary, B513_profiles_differ_where_the_provider_has_a_quicker_way) {
  CompileRequest request;
  request.profile = Profile::kFast;
  EXPECT_THAT(provider_options(request, "webgpu.", true), IsEmpty());
  request.profile = Profile::kFull;
  EXPECT_THAT(provider_options(request, "webgpu.", true), UnorderedElementsAre(Pair("validationMode", "disabled")));
  EXPECT_THAT(provider_options(request, "other.", false), IsEmpty());
}

TEST(ForeignLibrary, the_users_options_have_the_last_word) {
  CompileRequest request;
  request.properties = {{"webgpu.validationMode", "full"}, {"webgpu.preferredLayout", "NCHW"}, {"cuda.x", "1"}};
  EXPECT_THAT(provider_options(request, "webgpu.", true),
              UnorderedElementsAre(Pair("validationMode", "full"), Pair("preferredLayout", "NCHW")));
}

TEST(ForeignLibrary, a_software_adapter_ranks_behind_the_cpus_engines) {
  constexpr int kCpuRun = 20, kCpuLoad = 60;  // the larger ones of the two engines
  EXPECT_GT(ranks_of(DeviceKind::kSoftware).run, kCpuRun);
  EXPECT_GT(ranks_of(DeviceKind::kSoftware).load_fast, kCpuLoad);
  EXPECT_LT(ranks_of(DeviceKind::kDiscreteGpu).run, kCpuRun);
}

TEST(VulkanAdapters, webgpu_takes_the_most_powerful_one) {
  const VulkanAdapter software{.kind = DeviceKind::kSoftware, .name = "llvmpipe"};
  const VulkanAdapter integrated{.kind = DeviceKind::kIntegratedGpu, .name = "small"};
  const VulkanAdapter discrete{.kind = DeviceKind::kDiscreteGpu, .name = "large"};
  const VulkanAdapter second{.kind = DeviceKind::kDiscreteGpu, .name = "second"};
  EXPECT_EQ(webgpu_choice({software, integrated, discrete, second})->name, "large");
  EXPECT_EQ(webgpu_choice({software, integrated})->name, "small");
  EXPECT_EQ(webgpu_choice({software})->name, "llvmpipe");
  EXPECT_FALSE(webgpu_choice({}));
}

}  // namespace
}  // namespace baton::engine::onnxruntime
