// SPDX-License-Identifier: Apache-2.0
// Copyright (C) 2026 The Baton authors
//
// Requests on small ONNX models that the test writes itself.
#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <thread>

#include "support/onnx_builder.h"
#include "test_runner.h"

namespace baton::engine::openvino {
namespace {

using base::StatusCode;
using test::OnnxGraph;

/// y = x * [[1,2],[3,4]] + [10,20]
model::Model small_model(test::OnnxDim batch = 1) {
  OnnxGraph graph;
  graph.input("x", element::f32, {batch, 2}).output("y", element::f32, {batch, 2});
  graph.weights("w", {2, 2}, {1, 2, 3, 4}).weights("b", {2}, {10, 20});
  graph.node("MatMul", {"x", "w"}, {"m"}).node("Add", {"m", "b"}, {"y"});
  return read_onnx_bytes(test::onnx_model(graph));
}

/// A tenth of a second of matrix products, so that a run can be caught while it runs.
model::Model slow_model() {
  constexpr std::int64_t kSize = 512;
  OnnxGraph graph;
  graph.input("x", element::f32, {kSize, kSize}).output("y40", element::f32, {kSize, kSize});
  std::string before = "x";
  for (int i = 0; i <= 40; ++i) {
    const std::string product = "p" + std::to_string(i);
    graph.node("MatMul", {before, "x"}, {product}).node("Softmax", {product}, {"y" + std::to_string(i)});
    before = "y" + std::to_string(i);
  }
  return read_onnx_bytes(test::onnx_model(graph));
}

std::vector<float> values_of(const OwnedOutput& output) {
  return {output.floats(), output.floats() + output.float_count()};
}

TEST(Request, runs_a_model_given_as_bytes) {
  const auto outputs = run_once(on_cpu(small_model()), {1, 2}, {1, 2});
  EXPECT_EQ(values_of(outputs[0]), (std::vector<float>{17, 30}));
  EXPECT_EQ(outputs[0].shape, (std::vector<std::size_t>{1, 2}));
}

TEST(Request, B216_B1215_counters_name_the_nodes_that_ran) {
  CompileRequest compile = on_cpu(small_model());
  compile.properties = {{"PERF_COUNT", "YES"}};
  const auto request = compiled_request(compile);
  Tensors tensors(1);
  tensors.input(element::f32, {1, 2}, std::vector<float>{1, 2});
  ASSERT_TRUE(request->run(tensors.views(), tensors.sinks()).is_ok());
  const std::vector<NodeCounters> counters = must(request->counters());
  EXPECT_TRUE(std::any_of(counters.begin(), counters.end(), [](const NodeCounters& node) {
    return node.status == NodeCounters::Status::kExecuted && !node.exec_type.empty();
  }));
}

TEST(Request, sees_new_values_in_the_same_memory_and_new_memory) {
  const auto request = compiled_request(on_cpu(small_model()));
  std::array<std::vector<float>, 2> memory{std::vector<float>{1, 2}, std::vector<float>{3, 4}};
  const std::vector<std::size_t> shape{1, 2};
  OwnedOutput output;
  OutputSink* const sink = &output;
  const auto run = [&](std::vector<float>& input) {
    const TensorView view{element::f32, shape, input.data(), input.size() * sizeof(float)};
    EXPECT_TRUE(request->run({&view, 1}, {&sink, 1}).is_ok());
    return values_of(output);
  };
  EXPECT_EQ(run(memory[0]), (std::vector<float>{17, 30}));
  memory[0] = {0, 0};
  EXPECT_EQ(run(memory[0]), (std::vector<float>{10, 20}));
  EXPECT_EQ(run(memory[1]), (std::vector<float>{25, 42}));
}

TEST(Request, B1108_dynamic_outputs_take_the_shape_of_the_run) {
  const auto request = compiled_request(on_cpu(small_model("n")));
  for (const std::size_t batch : {std::size_t{3}, std::size_t{1}, std::size_t{0}}) {
    Tensors tensors(1);
    tensors.input(element::f32, {batch, 2}, std::vector<float>(batch * 2, 1));
    ASSERT_TRUE(request->run(tensors.views(), tensors.sinks()).is_ok());
    EXPECT_EQ(tensors.outputs[0].shape, (std::vector<std::size_t>{batch, 2}));
    std::vector<float> expected;
    for (std::size_t i = 0; i < batch; ++i) expected.insert(expected.end(), {14, 26});
    EXPECT_EQ(values_of(tensors.outputs[0]), expected);
  }
}

TEST(Request, B1420_wrong_inputs_are_the_callers_mistake) {
  const auto request = compiled_request(on_cpu(small_model()));
  const auto message_for = [&](element::Type type, std::vector<std::size_t> shape, std::size_t bytes) {
    std::vector<float> memory(64);
    OwnedOutput output;
    OutputSink* const sink = &output;
    const TensorView view{type, shape, memory.data(), bytes};
    const auto status = request->run({&view, 1}, {&sink, 1});
    EXPECT_EQ(status.code(), StatusCode::kInvalidArgument);
    return status.message();
  };
  EXPECT_EQ(message_for(element::f32, {1, 3}, 12), "input 'x': got shape [1,3], expected [1,2]");
  EXPECT_EQ(message_for(element::f32, {2}, 8), "input 'x': got shape [2], expected [1,2]");
  EXPECT_EQ(message_for(element::i32, {1, 2}, 8), "input 'x': got type i32, expected f32");
  EXPECT_EQ(message_for(element::f32, {1, 2}, 4), "input 'x': got 4 bytes, expected 8 for shape [1,2]");
  EXPECT_EQ(request->run({}, {}).code(), StatusCode::kInvalidArgument);

  Tensors right(1);  // a refused run leaves nothing behind
  right.input(element::f32, {1, 2}, std::vector<float>{1, 2});
  ASSERT_TRUE(request->run(right.views(), right.sinks()).is_ok());
  EXPECT_EQ(values_of(right.outputs[0]), (std::vector<float>{17, 30}));
}

TEST(Request, B1108_an_output_that_is_too_small_is_the_callers_mistake) {
  for (const test::OnnxDim& batch : {test::OnnxDim(1), test::OnnxDim("n")}) {
    const auto request = compiled_request(on_cpu(small_model(batch)));
    Tensors tensors(1);
    tensors.input(element::f32, {1, 2}, std::vector<float>{1, 2});
    tensors.outputs[0].refuse = true;
    const auto status = request->run(tensors.views(), tensors.sinks());
    EXPECT_EQ(status.code(), StatusCode::kInvalidArgument);
    EXPECT_EQ(status.message(), "output 'y': the tensor given is too small, expected shape [1,2]");
  }
}

TEST(Request, an_asynchronous_run_completes_once_and_may_be_repeated) {
  const auto request = compiled_request(on_cpu(small_model("n")));
  Waiter waiter;
  for (std::size_t i = 1; i <= 3; ++i) {
    Tensors tensors(1);
    tensors.input(element::f32, {i, 2}, std::vector<float>(i * 2, 1));
    ASSERT_TRUE(request->start(tensors.views(), tensors.sinks(), waiter.completion()));
    EXPECT_TRUE(waiter.wait(i).is_ok());
    EXPECT_EQ(tensors.outputs[0].shape, (std::vector<std::size_t>{i, 2}));
    EXPECT_EQ(tensors.outputs[0].floats()[0], 14);
  }
  EXPECT_EQ(waiter.count(), 3u);
}

TEST(Request, a_refused_start_completes_with_the_reason) {
  const auto request = compiled_request(on_cpu(small_model()));
  Waiter waiter;
  Tensors wrong(1);
  wrong.input(element::f32, {1, 5}, std::vector<float>(5));
  EXPECT_TRUE(request->start(wrong.views(), wrong.sinks(), waiter.completion()));
  EXPECT_EQ(waiter.wait().code(), StatusCode::kInvalidArgument);
}

TEST(Request, B1506_the_completion_may_start_the_same_request_again) {
  const auto request = compiled_request(on_cpu(small_model()));
  Tensors tensors(1);
  tensors.input(element::f32, {1, 2}, std::vector<float>{1, 2});
  const auto views = tensors.views();
  Waiter waiter;
  int left = 50;
  EngineRequest::Completion again;
  again = [&](base::Status status) {
    if (!status.is_ok() || --left == 0) return waiter.completion()(std::move(status));
    EXPECT_TRUE(request->start(views, tensors.sinks(), again));
  };
  EXPECT_TRUE(request->start(views, tensors.sinks(), again));
  EXPECT_TRUE(waiter.wait().is_ok());
  EXPECT_EQ(left, 0);
}

TEST(Request, B1506_the_completion_may_destroy_the_request) {
  auto request = compiled_request(on_cpu(small_model()));
  Tensors tensors(1);
  tensors.input(element::f32, {1, 2}, std::vector<float>{1, 2});
  Waiter waiter;
  EXPECT_TRUE(request->start(tensors.views(), tensors.sinks(), [&](base::Status status) {
    request.reset();
    waiter.completion()(std::move(status));
  }));
  EXPECT_TRUE(waiter.wait().is_ok());
}

TEST(Request, B1510_a_running_request_can_be_cancelled) {
  const auto request = compiled_request(on_cpu(slow_model()));
  Tensors tensors(1);
  tensors.input(element::f32, {512, 512}, std::vector<float>(512 * 512, 0.001F));
  request->cancel();  // idle: no effect
  ASSERT_TRUE(request->run(tensors.views(), tensors.sinks()).is_ok());

  // A run may end before it is cancelled on a busy machine, but not twenty times.
  const auto views = tensors.views();
  StatusCode code = StatusCode::kOk;
  for (int attempt = 0; attempt < 20 && code == StatusCode::kOk; ++attempt) {
    Waiter waiter;
    ASSERT_TRUE(request->start(views, tensors.sinks(), waiter.completion()));
    request->cancel();
    code = waiter.wait().code();
  }
  EXPECT_EQ(code, StatusCode::kCancelled);
  EXPECT_TRUE(request->run(views, tensors.sinks()).is_ok());
}

TEST(Request, B1516_requests_of_one_executable_run_in_parallel) {
  const auto executable = must(test_engine().compile(on_cpu(small_model("n")), {}));
  std::vector<std::thread> threads;
  for (std::size_t t = 1; t <= 4; ++t) {
    threads.emplace_back([&, t] {
      const auto request = must(executable->create_request());
      for (int i = 0; i < 50; ++i) {
        Tensors tensors(1);
        tensors.input(element::f32, {t, 2}, std::vector<float>(t * 2, static_cast<float>(i)));
        ASSERT_TRUE(request->run(tensors.views(), tensors.sinks()).is_ok());
        ASSERT_EQ(tensors.outputs[0].floats()[t * 2 - 1], static_cast<float>(20 + 6 * i));
      }
    });
  }
  for (auto& thread : threads) thread.join();
}

TEST(Request, B549_a_request_outlives_its_executable) {
  auto executable = must(test_engine().compile(on_cpu(small_model()), {}));
  const auto request = must(executable->create_request());
  executable.reset();
  Tensors tensors(1);
  tensors.input(element::f32, {1, 2}, std::vector<float>{1, 2});
  EXPECT_TRUE(request->run(tensors.views(), tensors.sinks()).is_ok());
  EXPECT_EQ(values_of(tensors.outputs[0]), (std::vector<float>{17, 30}));
}

TEST(Request, an_input_that_nothing_uses_is_accepted) {
  OnnxGraph graph;
  graph.input("unused", element::i64, {3}).input("x", element::f32, {2}).output("y", element::f32, {2});
  graph.node("Relu", {"x"}, {"y"});
  const auto request = compiled_request(on_cpu(read_onnx_bytes(test::onnx_model(graph))));
  Tensors tensors(1);
  tensors.input(element::i64, {3}, std::vector<std::int64_t>{1, 2, 3});
  tensors.input(element::f32, {2}, std::vector<float>{-1, 2});
  ASSERT_TRUE(request->run(tensors.views(), tensors.sinks()).is_ok());
  EXPECT_EQ(values_of(tensors.outputs[0]), (std::vector<float>{0, 2}));
}

TEST(Request, scalars_and_several_outputs_keep_the_models_order) {
  OnnxGraph graph;
  graph.input("a", element::f32, {}).input("b", element::f32, {});
  graph.output("sum", element::f32, {}).output("difference", element::f32, {});
  graph.node("Sub", {"a", "b"}, {"difference"}).node("Add", {"a", "b"}, {"sum"});
  const auto request = compiled_request(on_cpu(read_onnx_bytes(test::onnx_model(graph))));
  Tensors tensors(2);
  tensors.input(element::f32, {}, std::vector<float>{5}).input(element::f32, {}, std::vector<float>{3});
  ASSERT_TRUE(request->run(tensors.views(), tensors.sinks()).is_ok());
  EXPECT_EQ(values_of(tensors.outputs[0]), (std::vector<float>{8}));
  EXPECT_EQ(values_of(tensors.outputs[1]), (std::vector<float>{2}));
}

}  // namespace
}  // namespace baton::engine::openvino
