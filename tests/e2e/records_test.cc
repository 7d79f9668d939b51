// SPDX-License-Identifier: Apache-2.0
// Copyright (C) 2026 The Baton authors
//
// Measured records through the public API: what one compiled model measured, the next one finds in the file.
#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <thread>

#include "baton/baton.hpp"
#include "support/onnx_builder.h"
#include "support/temporary_folder.h"

namespace baton::test {
namespace {

constexpr const char* kMachine = R"({"only": true,
  "devices": [{"name": "CPU", "kind": "cpu"}],
  "pairs": [
    {"device": "CPU", "engine": "E1", "profile": "fast", "load_ms": 5, "run_ms": 4},
    {"device": "CPU", "engine": "E2", "load_ms": 10, "run_ms": 1, "run_rank": 10}]})";

TEST(RecordsE2e, B425_B1017_B1019_they_are_in_the_file_that_the_environment_names) {
  const TemporaryFolder folder;
  const std::filesystem::path file = folder.path() / "cache" / "records.sqlite";
  setenv("BATON_STORE", file.c_str(), 1);
  setenv("BATON_SIM", kMachine, 1);
  const auto model = folder.write("tiny.onnx", onnx_model(OnnxGraph()
                                                              .input("x", element::f32, {1, 4})
                                                              .weights("w", {4, 4}, std::vector<float>(16, 0.5F))
                                                              .node("MatMul", {"x", "w"}, {"y"})
                                                              .output("y", element::f32, {1, 4})));
  Core core;
  const auto read = core.read_model(model.string());
  CompiledModel compiled = core.compile_model(read, "AUTO");
  EXPECT_FALSE(std::filesystem::exists(file)) << "nothing is written before the first answer";
  InferRequest request = compiled.create_infer_request();
  while (!compiled.wait_until_steady(std::chrono::milliseconds(0))) request.infer();

  // The check's figures are written in the background, the load's when the model goes.
  compiled = {};
  request = {};
  std::string report;
  for (int i = 0; i < 500 && report.find("record_load_ms") == std::string::npos; ++i) {
    std::this_thread::sleep_for(std::chrono::milliseconds(10));
    report = core.explain(read, "AUTO").to_json();
  }
  EXPECT_NE(report.find("record_run_ms"), std::string::npos) << report;
  EXPECT_NE(report.find("record_load_ms"), std::string::npos) << report;
  const auto size = std::filesystem::file_size(file);
  for (int i = 0; i < 100; ++i) core.compile_model(read, "CPU").create_infer_request().infer();
  EXPECT_EQ(std::filesystem::file_size(file), size) << "inferences add nothing";
}

}  // namespace
}  // namespace baton::test
