// SPDX-License-Identifier: Apache-2.0
// Copyright (C) 2026 The Baton authors
//
// Real IRs, read by OpenVINO, on a simulated GPU that is better at batches.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <fstream>
#include <sstream>
#include <vector>

#include "baton/baton.hpp"
#include "support/test_data.h"

namespace baton::test {
namespace {

constexpr const char* kGpu = R"({
  "devices": [{"name": "GPU", "kind": "dgpu", "capabilities": ["BATCHED_BLOB", "FP32", "FP16", "INT8"]}],
  "pairs": [{"device": "GPU", "engine": "G", "load_ms": 5, "run_ms": 2, "optimal_batch": 8, "batch_item_ms": 0.1}]})";

/// The first answers of `count` requests that are started together, each with an input of its own.
std::vector<float> answers(CompiledModel& compiled, std::size_t count) {
  std::vector<InferRequest> requests;
  for (std::size_t i = 0; i < count; ++i) {
    requests.push_back(compiled.create_infer_request());
    Tensor input = requests.back().get_input_tensor();
    for (std::size_t k = 0; k < input.get_size(); ++k) input.data<float>()[k] = static_cast<float>(i * k % 253);
  }
  for (InferRequest& request : requests) request.start_async();
  std::vector<float> found;
  for (InferRequest& request : requests) {
    request.wait();
    found.push_back(request.get_output_tensor().data<float>()[0]);
  }
  return found;
}

std::string content(const std::filesystem::path& file) {
  std::ostringstream text;
  text << std::ifstream(file, std::ios::binary).rdbuf();
  return text.str();
}

/// `model`: a path, or what was read.
template <typename M>
CompiledModel on_gpu(Core& core, const M& model, bool batching = true) {
  return core.compile_model(model, "AUTO:GPU", hint::performance_mode(hint::PerformanceMode::THROUGHPUT),
                            hint::allow_auto_batching(batching));
}

TEST(BatchingE2e, B901_B903_B915_an_ir_is_batched_from_path_object_and_memory_and_its_values_stay) {
  setenv("BATON_SIM", kGpu, 1);
  for (const std::string version : {"ir_v10", "ir_v11"}) {
    const std::string name =
        "models/" + version + "/landmarks-regression-retail-0009/FP32/landmarks-regression-retail-0009";
    BATON_TEST_DATA_FILE(xml, name + ".xml");
    BATON_TEST_DATA_FILE(weights, name + ".bin");
    Core core;
    std::string bin = content(weights);
    CompiledModel alone = on_gpu(core, xml.string(), false);
    EXPECT_EQ(alone.get_property(optimal_number_of_infer_requests), 1u);
    const std::vector<float> expected = answers(alone, 24);
    for (CompiledModel batched :
         std::vector{on_gpu(core, xml.string()), on_gpu(core, core.read_model(xml.string())),
                     on_gpu(core, core.read_model(content(xml), Tensor(element::u8, {bin.size()}, bin.data())))}) {
      EXPECT_EQ(batched.get_property(optimal_number_of_infer_requests), 8u) << version;
      EXPECT_THAT(batched.explain().to_text(), testing::Not(testing::HasSubstr("batching:")));
      for (int round = 0; round < 5; ++round) EXPECT_EQ(answers(batched, 24), expected) << version;
    }
  }
}

TEST(BatchingE2e, B904_an_ir_that_counts_through_the_batch_is_not_batched_and_says_why) {
  setenv("BATON_SIM", kGpu, 1);
  BATON_TEST_DATA_FILE(model, "models/ir_v11/face-detection-retail-0004/FP32/face-detection-retail-0004.xml");
  Core core;
  CompiledModel compiled = on_gpu(core, model.string());
  EXPECT_EQ(compiled.get_property(optimal_number_of_infer_requests), 1u);
  EXPECT_THAT(compiled.explain().to_text(), testing::HasSubstr("batching: the operator "));
}

}  // namespace
}  // namespace baton::test
