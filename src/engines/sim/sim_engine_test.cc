// SPDX-License-Identifier: Apache-2.0
// Copyright (C) 2026 The Baton authors
//
// What a simulation does when nothing fails.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "sim/sim_fixture.h"

namespace baton::sim {
namespace {

using base::StatusCode;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using What = Entry::What;

TEST_F(SimTest, B001_loads_and_runs_take_the_scripted_time) {
  make(cpu_script(R"("load_ms": 40, "first_run_ms": 12, "run_ms": [9, 8, 7])"));
  const auto request = must_request(compile_request());
  EXPECT_EQ(now_ms(), 40);
  EXPECT_EQ(timed_run(*request), 12);
  EXPECT_EQ(timed_run(*request), 9);
  EXPECT_EQ(timed_run(*request), 8);
  EXPECT_EQ(timed_run(*request), 7);
  EXPECT_EQ(timed_run(*request), 7);
}

TEST_F(SimTest, B001_profile_and_precision_choose_the_behaviour) {
  make(R"({"devices": [{"name": "CPU", "kind": "cpu"}], "pairs": [
    {"device": "CPU", "engine": "E", "profile": "fast", "load_ms": 5, "run_ms": 20},
    {"device": "CPU", "engine": "E", "load_ms": 50, "run_ms": 3, "precision": "bf16",
        "full_precision": {"load_ms": 60, "run_ms": 6}}]})");
  EXPECT_EQ(timed_run(*must_request(compile_request("CPU", engine::Profile::kFast))), 20);
  EXPECT_EQ(now_ms(), 25);
  EXPECT_EQ(executables_.back()->traits().precision, "f32");
  EXPECT_EQ(timed_run(*must_request(compile_request())), 3);
  EXPECT_EQ(executables_.back()->traits().precision, "bf16");
  auto full = compile_request();
  full.precision = engine::Precision::kFull;
  EXPECT_EQ(timed_run(*must_request(full)), 6);
  EXPECT_EQ(executables_.back()->traits().precision, "f32");
}

TEST_F(SimTest, outputs_depend_on_the_input_and_not_on_the_engine) {
  make(R"({"devices": [{"name": "CPU", "kind": "cpu"}, {"name": "GPU", "kind": "dgpu"}],
           "pairs": [{"device": "CPU", "engine": "A"}, {"device": "GPU", "engine": "B"}]})");
  const auto a = must_request(compile_request("CPU"), 0);
  const auto b = must_request(compile_request("GPU"), 1);
  Inference first({1, 2, 3, 4}, {1, 4}), second({1, 2, 3, 4}, {1, 4}), other({1, 2, 3, 5}, {1, 4});
  ASSERT_TRUE(first.run(*a).is_ok());
  ASSERT_TRUE(second.run(*b).is_ok());
  ASSERT_TRUE(other.run(*b).is_ok());
  EXPECT_EQ(first.sink.shape(), (Shape{1, 3}));
  EXPECT_EQ(first.sink.floats(), second.sink.floats());
  EXPECT_NE(first.sink.floats(), other.sink.floats());
}

TEST_F(SimTest, B002_lowered_precision_can_disagree_where_full_precision_agrees) {
  make(cpu_script(R"("precision": "bf16", "output_error": {"scale": 1.5})"));
  auto full = compile_request();
  full.precision = engine::Precision::kFull;
  const auto native_request = must_request(compile_request());
  const auto full_request = must_request(full);
  Inference native({1, 2, 3, 4}, {1, 4}), right({1, 2, 3, 4}, {1, 4});
  ASSERT_TRUE(native.run(*native_request).is_ok());
  ASSERT_TRUE(right.run(*full_request).is_ok());
  for (std::size_t i = 0; i < 3; ++i) EXPECT_FLOAT_EQ(native.sink.floats()[i], 1.5f * right.sink.floats()[i]);
}

TEST_F(SimTest, started_runs_complete_once_and_share_the_slots) {
  make(cpu_script(R"("run_ms": 10, "slots": 2)"));
  const auto first = must_request(compile_request());
  std::vector<std::unique_ptr<engine::EngineRequest>> requests;
  std::vector<std::unique_ptr<Inference>> inferences;
  for (int i = 0; i < 5; ++i) {
    requests.push_back(executables_.back()->create_request().value());
    inferences.push_back(std::make_unique<Inference>(std::vector<float>{1, 2, 3, 4}, Shape{1, 4}));
    inferences.back()->start(*requests.back());
  }
  const auto completed = [&] {
    int count = 0;
    for (const auto& inference : inferences) count += inference->completions;
    return count;
  };
  EXPECT_EQ(completed(), 0);
  executor_.run_for(std::chrono::milliseconds(10));
  EXPECT_EQ(completed(), 2);
  executor_.run_for(std::chrono::milliseconds(10));
  EXPECT_EQ(completed(), 4);
  executor_.run_all();
  EXPECT_EQ(completed(), 5);
  EXPECT_EQ(now_ms(), 30);
  for (const auto& inference : inferences) EXPECT_EQ(inference->completions, 1);
}

TEST_F(SimTest, traits_and_properties_are_those_of_the_script) {
  make(
      R"({"devices": [{"name": "GPU", "kind": "dgpu", "full_name": "Big GPU", "capabilities": ["FP16", "FP32"],
          "properties": {"RANGE_FOR_STREAMS": "1 4"}}],
           "engines": [{"name": "E", "version": "7.1", "concurrency": "serial_per_engine"}],
           "pairs": [{"device": "GPU", "engine": "E", "slots": 4, "optimal_batch": 8, "lazy_first_run": true,
               "device_coverage": 0.9,
                      "supported_properties": ["NUM_STREAMS"]}]})");
  auto request = compile_request("GPU");
  request.num_requests = 3;
  request.properties = {{"NUM_STREAMS", "2"}};
  const auto executable = must_compile(request);
  EXPECT_EQ(executable->traits().optimal_requests, 3u);
  EXPECT_EQ(executable->traits().concurrency, engine::Concurrency::kSerialPerEngine);
  EXPECT_TRUE(engine().enumerate({})->front().lazy_first_run);
  EXPECT_EQ(executable->traits().device_coverage, 0.9);
  EXPECT_EQ(executable->property("NUM_STREAMS").value(), "2");
  EXPECT_EQ(executable->property("NONSENSE").status().code(), StatusCode::kNotFound);
  EXPECT_EQ(engine().version(), "7.1");
  EXPECT_EQ(engine().device_property("GPU", "FULL_DEVICE_NAME").value(), "Big GPU");
  EXPECT_EQ(engine().device_property("GPU", "OPTIMAL_BATCH_SIZE").value(), "8");
  EXPECT_EQ(engine().device_property("GPU", "OPTIMIZATION_CAPABILITIES").value(), "FP16 FP32");
  EXPECT_EQ(engine().device_property("GPU", "RANGE_FOR_STREAMS").value(), "1 4");
  EXPECT_EQ(engine().device_property("GPU", "NONSENSE").status().code(), StatusCode::kNotFound);

  request.properties = {{"NONSENSE", "1"}};
  const auto refused = compile(request);
  EXPECT_EQ(refused.status().code(), StatusCode::kUnsupported);
  EXPECT_THAT(refused.status().message(), HasSubstr("NONSENSE"));
}

TEST_F(SimTest, B003_everything_asked_is_recorded_with_its_time) {
  make(cpu_script(R"("load_ms": 40, "run_ms": 10)"));
  auto request = compile_request();
  request.hint = engine::Hint::kThroughput;
  request.num_requests = 6;
  request.background = true;
  request.properties = {{"KEY", "VALUE"}};
  auto executable = must_compile(request);
  auto run = executable->create_request().value();
  timed_run(*run);
  executable.reset();
  EXPECT_EQ(record().count(What::kReleased), 0u);  // its request is still there
  run.reset();

  const auto entries = record().entries();
  std::vector<std::string> lines;
  for (const auto& entry : entries) lines.push_back(entry.to_string());
  EXPECT_THAT(lines, ElementsAre("load started CPU/E/full at 0 ms", "load ended CPU/E/full at 40 ms",
                                 "run started CPU/E/full at 40 ms", "run ended CPU/E/full at 50 ms",
                                 "released CPU/E/full at 50 ms"));
  EXPECT_EQ(entries[0].hint, engine::Hint::kThroughput);
  EXPECT_EQ(entries[0].num_requests, 6u);
  EXPECT_TRUE(entries[0].background);
  EXPECT_EQ(entries[0].properties.at("KEY"), "VALUE");
  EXPECT_THAT(entries[0].input_shapes, ElementsAre(PartialShape{1, 4}));
  EXPECT_EQ(record().count(What::kRunEnded, "CPU", "E"), 1u);
  EXPECT_EQ(record().count(What::kRunEnded, "GPU"), 0u);
}

TEST_F(SimTest, forbidden_overlaps_are_recorded) {
  make(
      R"({"devices": [{"name": "CPU", "kind": "cpu"}], "engines": [{"name": "E",
          "concurrency": "serial_per_executable"}],
           "pairs": [{"device": "CPU", "engine": "E", "run_ms": 10}]})");
  const auto a = must_request(compile_request());
  const auto b = must_request(compile_request());  // another executable
  const auto c = executables_.front()->create_request().value();
  Inference first({1, 2, 3, 4}, {1, 4}), second({1, 2, 3, 4}, {1, 4}), third({1, 2, 3, 4}, {1, 4});
  first.start(*a);
  second.start(*b);
  EXPECT_EQ(record().count(What::kOverlap), 0u);
  third.start(*c);
  EXPECT_EQ(record().count(What::kOverlap), 1u);
  executor_.run_all();
}

TEST_F(SimTest, B001_a_pair_can_slow_others_down_while_it_runs_or_loads) {
  make(R"({"devices": [{"name": "CPU", "kind": "cpu"}, {"name": "GPU", "kind": "igpu"}],
           "pairs": [{"device": "CPU", "engine": "E", "run_ms": 10},
                     {"device": "GPU", "engine": "E", "load_ms": 100, "run_ms": 50, "slows": [
                       {"device": "CPU", "factor": 3, "while": "loading"}, {"device": "CPU", "factor": 2}]}]})");
  const auto cpu = must_request(compile_request("CPU"));
  EXPECT_EQ(timed_run(*cpu), 10);
  std::optional<engine::Engine::CompileResult> loaded;
  ASSERT_TRUE(engine().start_compile(compile_request("GPU"), {}, [&](auto result) { loaded = std::move(result); }));
  EXPECT_EQ(timed_run(*cpu), 30);
  executor_.run_all();
  ASSERT_TRUE(loaded->is_ok());
  const auto gpu = loaded->value()->create_request().value();
  Inference background({1, 2, 3, 4}, {1, 4});
  background.start(*gpu);
  EXPECT_EQ(timed_run(*cpu), 20);
  executor_.run_all();
  EXPECT_EQ(timed_run(*cpu), 10);
}

TEST_F(SimTest, batches_take_longer_by_item_and_give_each_item_its_own_answer) {
  make(cpu_script(R"("run_ms": 10, "batch_item_ms": 2)"));
  auto request = compile_request();
  request.model.input_shapes = {PartialShape{3, 4}};
  const auto batch = must_request(request);
  const auto single = must_request(compile_request());
  Inference three({1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12}, {3, 4}), last({9, 10, 11, 12}, {1, 4});
  const double before = now_ms();
  ASSERT_TRUE(three.run(*batch).is_ok());
  EXPECT_EQ(now_ms() - before, 14);
  ASSERT_TRUE(last.run(*single).is_ok());
  EXPECT_EQ(three.sink.shape(), (Shape{3, 3}));
  const auto values = three.sink.floats();
  EXPECT_EQ(last.sink.floats(), std::vector<float>(values.end() - 3, values.end()));
}

TEST_F(SimTest, dynamic_outputs_follow_the_inputs_of_the_run) {
  make(cpu_script(""));
  auto request = compile_request();
  request.model = make_model(PartialShape{Dimension(), 4}, PartialShape{Dimension(), 3});
  EXPECT_EQ(engine().infer_output_shapes(request.model).value().front(), (PartialShape{Dimension(), 3}));
  const auto run = must_request(request);
  Inference inference({1, 2, 3, 4, 5, 6, 7, 8}, {2, 4});
  ASSERT_TRUE(inference.run(*run).is_ok());
  EXPECT_EQ(inference.sink.shape(), (Shape{2, 3}));
}

TEST_F(SimTest, B1112_a_dynamic_model_is_compiled_at_its_first_run_of_each_shape) {
  make(cpu_script(R"("run_ms": 10, "shape_compile_ms": 200)"));
  auto request = compile_request();
  EXPECT_EQ(compile(request).value()->traits().shape_compiles, engine::ShapeCompiles::kNever)
      << "its shapes are static";
  request.model = make_model(PartialShape{Dimension(), 4}, PartialShape{Dimension(), 3});
  const auto executable = compile(request);
  ASSERT_TRUE(executable.is_ok());
  EXPECT_EQ(executable.value()->traits().shape_compiles, engine::ShapeCompiles::kNewShapes);
  const auto run = executable.value()->create_request();
  for (const auto& [rows, ms] :
       std::vector<std::pair<std::size_t, double>>{{1, 210}, {1, 10}, {2, 220}, {1, 10}, {2, 20}}) {
    Inference inference(std::vector<float>(4 * rows), {rows, 4});
    const auto began = executor_.now();
    ASSERT_TRUE(inference.run(*run.value()).is_ok());
    EXPECT_NEAR(base::to_ms(executor_.now() - began), ms, 0.01) << rows;
  }
}

TEST_F(SimTest, inputs_that_do_not_fit_are_the_callers_mistake) {
  make(cpu_script(""));
  const auto request = must_request(compile_request());
  Inference wrong_shape({1, 2, 3}, {1, 3}), too_short({1, 2, 3}, {1, 4}), too_small({1, 2, 3, 4}, {1, 4}),
      wrong_type({1, 2, 3, 4}, {1, 4});
  wrong_type.input.type = element::i32;
  too_small.sink.limit = 2;
  for (Inference* inference : {&wrong_shape, &too_short, &wrong_type}) {
    EXPECT_EQ(inference->run(*request).code(), StatusCode::kInvalidArgument);
    inference->start(*request);
    EXPECT_EQ(inference->completions, 1);
    EXPECT_EQ(inference->status.code(), StatusCode::kInvalidArgument);
  }
  EXPECT_EQ(record().count(What::kRunStarted), 0u);
  EXPECT_EQ(too_small.run(*request).code(), StatusCode::kInvalidArgument);
  EXPECT_EQ(wrong_shape.run(*request).message(), "input in: got f32[1,3], expected f32[1,4]");
}

TEST_F(SimTest, supports_says_what_the_script_says) {
  make(
      R"({"devices": [{"name": "CPU", "kind": "cpu"}, {"name": "NPU", "kind": "accelerator"}, {"name": "GNA",
          "kind": "accelerator"}],
           "engines": [{"name": "E", "formats": ["onnx"]}],
           "pairs": [{"device": "CPU", "engine": "E"}, {"device": "NPU", "engine": "E", "dynamic_shapes": false},
                     {"device": "GNA", "engine": "E", "refuses": "operator Foo is unknown"}]})");
  const auto dynamic = make_model(PartialShape{Dimension(), 4});
  const auto ask = [&](const char* handle, const model::Model& model) {
    engine::DeviceReport report;
    report.handle = handle;
    return engine().supports(report, model);
  };
  EXPECT_EQ(ask("CPU", dynamic).support, engine::Support::kYes);
  EXPECT_EQ(ask("NPU", dynamic).support, engine::Support::kNo);
  EXPECT_EQ(ask("GNA", make_model()).reason, "operator Foo is unknown");
  EXPECT_EQ(ask("GPU", make_model()).support, engine::Support::kNo);
  auto request = compile_request("NPU");
  request.model = dynamic;
  EXPECT_EQ(compile(request).status().code(), StatusCode::kUnsupported);
  EXPECT_EQ(compile(compile_request("CPU", engine::Profile::kFast)).status().code(), StatusCode::kUnsupported);
}

TEST_F(SimTest, manifests_name_plain_cpus_and_leave_the_rest_to_probes) {
  make(
      R"({"only": true, "devices": [{"name": "CPU", "kind": "cpu"}, {"name": "GPU.0", "kind": "igpu"},
          {"name": "GPU.1", "kind": "dgpu"}],
           "pairs": [{"device": "CPU", "engine": "E", "load_ms": 30, "run_ms": 8},
                     {"device": "CPU", "engine": "E", "profile": "fast", "load_ms": 7},
                     {"device": "GPU.0", "engine": "E"}, {"device": "GPU.1", "engine": "E", "load_rank": 3,
                         "run_rank": 4}]})");
  EXPECT_TRUE(simulation_->machine.only);
  const auto& manifest = simulation_->machine.manifests.at(0);
  EXPECT_EQ(manifest.name, "E");
  ASSERT_EQ(manifest.devices.size(), 1u);
  EXPECT_EQ(manifest.devices[0].ranks.load_fast, 7);
  EXPECT_EQ(manifest.devices[0].ranks.load_full, 30);
  EXPECT_EQ(manifest.devices[0].ranks.run, 8);
  EXPECT_THAT(manifest.probe_families, ElementsAre("GPU"));
  const auto reports = engine().enumerate(manifest.probe_families);
  ASSERT_TRUE(reports.is_ok());
  ASSERT_EQ(reports->size(), 2u);
  EXPECT_EQ(reports->at(1).name, "GPU.1");
  EXPECT_EQ(reports->at(1).ranks.load_full, 3);
  EXPECT_EQ(reports->at(1).ranks.run, 4);
  EXPECT_EQ(reports->at(0).ranks.load_fast, -1);
  EXPECT_EQ(record().count(What::kProbe), 1u);
}

}  // namespace
}  // namespace baton::sim
