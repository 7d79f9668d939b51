// SPDX-License-Identifier: Apache-2.0
// Copyright (C) 2026 The Baton authors
#include "vulkan_adapters.h"

#include <gtest/gtest.h>

namespace baton::engine::onnxruntime {
namespace {

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
