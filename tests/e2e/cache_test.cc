// SPDX-License-Identifier: Apache-2.0
// Copyright (C) 2026 The Baton authors
//
// The cache through the public API, with real engines.
#include <gtest/gtest.h>

#include <chrono>
#include <filesystem>
#include <fstream>
#include <thread>

#include "baton/baton.hpp"
#include "e2e/small_model.h"
#include "support/temporary_folder.h"

namespace baton::test {
namespace {

namespace fs = std::filesystem;

std::size_t entries_in(const fs::path& folder) {
  std::size_t count = 0;
  std::error_code error;
  for (fs::directory_iterator it(folder, error), end; !error && it != end; it.increment(error))
    count += it->path().extension() == ".blob" ? 1 : 0;
  return count;
}

void wait_for_entry(const fs::path& folder) {
  for (int i = 0; i < 1000 && entries_in(folder) == 0; ++i) std::this_thread::sleep_for(std::chrono::milliseconds(10));
}

std::vector<float> answer(CompiledModel& compiled) {
  InferRequest request = compiled.create_infer_request();
  std::vector<float> x(64);
  for (std::size_t i = 0; i < x.size(); ++i) x[i] = static_cast<float>(i) / 64.F;
  request.set_input_tensor(Tensor(element::f32, {1, 64}, x.data()));
  request.infer();
  const float* y = request.get_output_tensor().data<float>();
  return {y, y + 64};
}

class CacheE2e : public testing::TestWithParam<const char*> {};

TEST_P(CacheE2e, B1001_B1003_B1008_a_second_compile_reads_what_the_first_wrote) {
  const TemporaryFolder folder;
  const fs::path cache = folder.path() / "cache";
  const std::string file = folder.write("model.onnx", small_model()).string();
  const AnyMap properties{cache_dir(cache.string()),
                          {"ENGINE_PRIORITIES", AnyMap{{"CPU", std::string(GetParam())}}},
                          hint::execution_mode(hint::ExecutionMode::ACCURACY)};
  Core core;
  CompiledModel first = core.compile_model(file, "AUTO", properties);
  EXPECT_FALSE(first.get_property(loaded_from_cache));
  const auto expected = answer(first);
  while (!first.wait_until_steady(std::chrono::milliseconds(0))) answer(first);
  wait_for_entry(cache);
  ASSERT_EQ(entries_in(cache), 1U);

  // Under another name, and from memory: the content counts.
  const std::string copy = folder.write("sub/other name.onnx", small_model()).string();
  for (const auto& model : {core.read_model(copy), core.read_model(small_model(), Tensor())}) {
    CompiledModel second = core.compile_model(model, "AUTO", properties);
    EXPECT_TRUE(second.get_property(loaded_from_cache));
    EXPECT_EQ(second.get_property(auto_device::execution_phase), "STEADY") << "no helper (B-1009)";
    const auto got = answer(second);
    for (std::size_t i = 0; i < got.size(); ++i) EXPECT_NEAR(got[i], expected[i], 1e-5F);
  }
  EXPECT_EQ(entries_in(cache), 1U);
}

TEST_P(CacheE2e, B1005_entries_that_were_tampered_with_do_no_harm) {
  const TemporaryFolder folder;
  const fs::path cache = folder.path() / "cache";
  const std::string file = folder.write("model.onnx", small_model()).string();
  const AnyMap properties{cache_dir(cache.string()), {"ENGINE_PRIORITIES", AnyMap{{"CPU", std::string(GetParam())}}}};
  Core core;
  for (int round = 0; round < 4; ++round) {
    CompiledModel compiled = core.compile_model(file, "CPU", properties);
    EXPECT_FALSE(compiled.get_property(loaded_from_cache)) << round;
    answer(compiled);
    wait_for_entry(cache);
    ASSERT_EQ(entries_in(cache), 1U);
    const fs::path entry = fs::directory_iterator(cache)->path();
    const auto size = fs::file_size(entry);
    const std::string name = entry.string();
    compiled = {};
    if (round == 0) fs::resize_file(entry, size / 2);
    if (round == 1) std::ofstream(name, std::ios::trunc);
    if (round == 2)
      std::fstream(name, std::ios::in | std::ios::out).seekp(static_cast<std::streamoff>(size) - 3) << "xyz";
  }
  EXPECT_TRUE(core.compile_model(file, "CPU", properties).get_property(loaded_from_cache));
}

INSTANTIATE_TEST_SUITE_P(Engines, CacheE2e, testing::Values("openvino", "onnxruntime"),
                         [](const testing::TestParamInfo<const char*>& engine) { return std::string(engine.param); });

TEST(CacheE2eFolder, B1006_a_file_in_the_folders_place_is_refused) {
  const TemporaryFolder folder;
  const std::string file = folder.write("model.onnx", small_model()).string();
  try {
    Core().compile_model(file, "AUTO", {cache_dir(file)});
    FAIL();
  } catch (const Exception& error) {
    EXPECT_EQ(error.code(), ErrorCode::InvalidArgument);
    EXPECT_NE(std::string(error.what()).find(file), std::string::npos);
  }
}

}  // namespace
}  // namespace baton::test
