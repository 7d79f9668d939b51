// SPDX-License-Identifier: Apache-2.0
// Copyright (C) 2026 The Baton authors
#include "base/environment.h"

#include <gtest/gtest.h>

#include <cstdlib>

namespace baton::base {
namespace {

class EnvironmentTest : public testing::Test {
 protected:
  void TearDown() override {
    for (const char* name :
         {"BATON_ENGINES", "BATON_LOG_LEVEL", "OPENVINO_LOG_LEVEL", "BATON_ALLOW_SOFTWARE_GPU", "NVIDIA_TF32_OVERRIDE"})
      unsetenv(name);
  }
};

TEST_F(EnvironmentTest, lists_are_split_and_empty_items_dropped) {
  setenv("BATON_ENGINES", "openvino,,sim,", 1);
  EXPECT_EQ(env::only_engines(), (std::vector<std::string>{"openvino", "sim"}));
  unsetenv("BATON_ENGINES");
  EXPECT_TRUE(env::only_engines().empty());
}

TEST_F(EnvironmentTest, B1203_batons_log_level_beats_openvinos) {
  EXPECT_EQ(env::log_level(), std::nullopt);
  setenv("OPENVINO_LOG_LEVEL", "3", 1);
  EXPECT_EQ(env::log_level(), "3");
  setenv("BATON_LOG_LEVEL", "5", 1);
  EXPECT_EQ(env::log_level(), "5");
}

TEST_F(EnvironmentTest, B125_software_gpus_are_allowed_by_exactly_1) {
  EXPECT_FALSE(env::allow_software_gpu());
  setenv("BATON_ALLOW_SOFTWARE_GPU", "0", 1);
  EXPECT_FALSE(env::allow_software_gpu());
  setenv("BATON_ALLOW_SOFTWARE_GPU", "1", 1);
  EXPECT_TRUE(env::allow_software_gpu());
}

TEST_F(EnvironmentTest, B1017_a_cache_folder_is_an_absolute_one) {
  setenv("HOME", "/home/anna", 1);
  setenv("XDG_CACHE_HOME", "/var/cache/anna", 1);
  EXPECT_EQ(env::user_cache_folder(), "/var/cache/anna");
  setenv("XDG_CACHE_HOME", "cache", 1);
  EXPECT_EQ(env::user_cache_folder(), "/home/anna/.cache");
  unsetenv("XDG_CACHE_HOME");
  unsetenv("HOME");
  EXPECT_EQ(env::user_cache_folder(), std::nullopt);
}

TEST_F(EnvironmentTest, B708_tf32_is_turned_off_by_exactly_0) {
  EXPECT_FALSE(env::tf32_turned_off());
  setenv("NVIDIA_TF32_OVERRIDE", "1", 1);
  EXPECT_FALSE(env::tf32_turned_off());
  setenv("NVIDIA_TF32_OVERRIDE", "0", 1);
  EXPECT_TRUE(env::tf32_turned_off());
}

}  // namespace
}  // namespace baton::base
