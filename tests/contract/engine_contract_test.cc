// SPDX-License-Identifier: Apache-2.0
// Copyright (C) 2026 The Baton authors
//
// What every engine must do (design.md section 3), run against each engine and profile of this build.
#include <gtest/gtest-spi.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <cmath>
#include <memory>
#include <optional>
#include <ostream>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "contract/engine_harness.h"
#include "contract/known_gaps.h"
#include "contract/subject.h"
#include "support/onnx_builder.h"
#include "support/temporary_folder.h"

namespace baton::test {
namespace {

using base::StatusCode;
using engine::CompileRequest;
using engine::EngineRequest;
using engine::Executable;
using engine::Profile;

/// The reason noted for this test in `gaps`; empty when there is none.
template <typename Gaps>
std::string gap(const Gaps& gaps, const std::string& engine) {
  const std::string test = testing::UnitTest::GetInstance()->current_test_info()->name();
  for (const KnownGap& g : gaps) {
    if (engine == g.engine && test.starts_with(std::string(g.test) + "/")) return std::string(g.reason);
  }
  return {};
}

class EngineContract : public SubjectTest {
 protected:
  void SetUp() override {
    if (const auto reason = gap(kUnsupported, GetParam().engine); !reason.empty()) GTEST_SKIP() << reason;
    SubjectTest::SetUp();
    if (IsSkipped()) return;
    expected_failure_ = gap(kExpectedFailures, GetParam().engine);
    if (expected_failure_.empty()) return;
    interceptor_.emplace(testing::ScopedFakeTestPartResultReporter::INTERCEPT_ALL_THREADS, &intercepted_);
  }

  void TearDown() override {
    if (expected_failure_.empty() || !interceptor_) return;
    interceptor_.reset();
    bool failed = false;
    for (int i = 0; i < intercepted_.size(); ++i) failed |= intercepted_.GetTestPartResult(i).failed();
    EXPECT_TRUE(failed) << "passes, but is listed as an expected failure: " << expected_failure_;
  }

  /// Null, with a failure, when the model cannot be compiled.
  std::unique_ptr<Executable> compile(model::Model model) const {
    auto executable = engine_->compile(request_for(std::move(model)), {});
    if (executable.is_ok()) return std::move(executable).value();
    ADD_FAILURE() << executable.status().message() << "\n" << executable.status().details();
    return nullptr;
  }

  std::unique_ptr<EngineRequest> new_request(Executable& executable) const {
    auto request = executable.create_request();
    if (request.is_ok()) return std::move(request).value();
    ADD_FAILURE() << request.status().message();
    return nullptr;
  }

 private:
  std::string expected_failure_;
  testing::TestPartResultArray intercepted_;
  std::optional<testing::ScopedFakeTestPartResultReporter> interceptor_;
};

// --- manifest
// ---------------------------------------------------------------------------------------------------------

TEST_P(EngineContract, what_the_manifest_says_without_opening_the_engine_is_true) {
  for (const engine::EngineManifest& manifest : engines().manifests()) {
    if (manifest.name != GetParam().engine) continue;
    EXPECT_EQ(manifest.version.empty() ? engine_->version() : manifest.version, engine_->version());
    for (const engine::DeviceReport& device : manifest.devices) {
      const auto known = engine_->device_property(device.handle, "SUPPORTED_PROPERTIES");
      if (!known.is_ok()) continue;  // it has no list of its own to compare with
      const std::string words = " " + known.value() + " ";
      for (const std::string& key : device.supported_properties) {
        EXPECT_TRUE(key.ends_with('*') || words.find(" " + key + " ") != std::string::npos) << key << " in" << words;
      }
    }
  }
}

// --- models
// -----------------------------------------------------------------------------------------------------------

constexpr std::size_t kIn = 128, kOut = 256;

std::vector<float> pattern(std::size_t count, float scale) {
  std::vector<float> values(count);
  for (std::size_t i = 0; i < count; ++i) values[i] = scale * (static_cast<float>((i * 37) % 101) / 50.f - 1.f);
  return values;
}

/// p[rows,256] = softmax(relu(x[rows,128] w + b)); weights of 128 KB, so that they are worth a mapping.
std::string classifier(const OnnxDim& rows) {
  OnnxGraph graph;
  graph.input("x", element::f32, {rows, OnnxDim(static_cast<int>(kIn))});
  graph.weights("w", {kIn, kOut}, pattern(kIn * kOut, 0.2f)).weights("b", {kOut}, pattern(kOut, 0.1f));
  graph.node("MatMul", {"x", "w"}, {"xw"}).node("Add", {"xw", "b"}, {"xwb"}).node("Relu", {"xwb"}, {"r"});
  graph.node("Softmax", {"r"}, {"p"}, {int_attribute("axis", 1)});
  graph.output("p", element::f32, {rows, OnnxDim(static_cast<int>(kOut))});
  return onnx_model(graph);
}

std::vector<float> classifier_answer(const std::vector<float>& x) {
  const auto w = pattern(kIn * kOut, 0.2f), b = pattern(kOut, 0.1f);
  std::vector<float> p;
  for (std::size_t row = 0; row < x.size() / kIn; ++row) {
    std::vector<double> y(b.begin(), b.end());
    for (std::size_t i = 0; i < kIn; ++i) {
      for (std::size_t o = 0; o < kOut; ++o) y[o] += static_cast<double>(x[row * kIn + i]) * w[i * kOut + o];
    }
    double sum = 0;
    for (double& v : y) sum += v = std::exp(std::max(v, 0.0));
    for (const double v : y) p.push_back(static_cast<float>(v / sum));
  }
  return p;
}

InputData rows_of_x(std::size_t rows, float scale = 1) {
  return InputData::of<float>({rows, kIn}, pattern(rows * kIn, scale));
}

/// y = a op b for two inputs of one type and shape.
std::string binary(const std::string& op, element::Type type, const std::vector<OnnxDim>& dims) {
  OnnxGraph graph;
  graph.input("a", type, dims).input("b", type, dims).node(op, {"a", "b"}, {"y"}).output("y", type, dims);
  return onnx_model(graph);
}

/// Takes long enough to be cancelled in the middle: 600 products of 256 x 256 matrices.
std::string long_chain() {
  OnnxGraph graph;
  graph.input("x", element::f32, {256, 256}).weights("w", {256, 256}, pattern(256 * 256, 0.01f));
  std::string last = "x";
  for (int i = 0; i < 600; ++i) {
    const std::string next = "y" + std::to_string(i);
    graph.node("MatMul", {last, "w"}, {next});
    last = next;
  }
  graph.output(last, element::f32, {256, 256});
  return onnx_model(graph);
}

void expect_near(const std::vector<float>& got, const std::vector<float>& expected) {
  ASSERT_EQ(got.size(), expected.size());
  for (std::size_t i = 0; i < got.size(); ++i) ASSERT_NEAR(got[i], expected[i], 1e-5f) << "element " << i;
}

/// One sentence for people: one line, without places in anybody's sources.
void expect_readable(const base::Status& status) {
  const std::string& text = status.message();
  EXPECT_FALSE(text.empty());
  for (const char* unwanted : {"\n", ".cc:", ".cpp:", ".hpp:", ".h:", "_src/"}) {
    EXPECT_EQ(text.find(unwanted), std::string::npos) << text;
  }
}

// --- answers
// ----------------------------------------------------------------------------------------------------------

TEST_P(EngineContract, f32_answers_are_right) {
  const auto executable = compile(model_of(classifier(2)));
  ASSERT_TRUE(executable);
  const auto request = new_request(*executable);
  for (const float scale : {1.f, -3.f}) {
    InputData x = rows_of_x(2, scale);
    const auto result = run(*request, {x});
    ASSERT_TRUE(result.status.is_ok()) << result.status.message();
    EXPECT_EQ(result.outputs[0].shape(), (Shape{2, kOut}));
    EXPECT_EQ(result.outputs[0].type(), element::f32);
    expect_near(result.outputs[0].values<float>(), classifier_answer(pattern(2 * kIn, scale)));
  }
}

TEST_P(EngineContract, f16_answers_are_right) {
  const auto executable = compile(model_of(binary("Add", element::f16, {4})));
  ASSERT_TRUE(executable);
  // Halves: 1, 2, -2, 0.5 and 1, 1, 1, 1.
  const InputData a{element::f16, {4}, raw_bytes<std::uint16_t>({0x3c00, 0x4000, 0xc000, 0x3800})};
  const InputData b{element::f16, {4}, raw_bytes<std::uint16_t>({0x3c00, 0x3c00, 0x3c00, 0x3c00})};
  const auto result = run(*new_request(*executable), {a, b});
  ASSERT_TRUE(result.status.is_ok()) << result.status.message();
  EXPECT_EQ(result.outputs[0].type(), element::f16);
  EXPECT_EQ(result.outputs[0].values<std::uint16_t>(), (std::vector<std::uint16_t>{0x4000, 0x4200, 0xbc00, 0x3e00}));
}

TEST_P(EngineContract, i64_answers_are_right) {
  // Sub tells the inputs apart: they go by the model's port order.
  const auto executable = compile(model_of(binary("Sub", element::i64, {3})));
  ASSERT_TRUE(executable);
  const auto result = run(*new_request(*executable), {InputData::of<std::int64_t>({3}, {10, 20, -5}),
                                                      InputData::of<std::int64_t>({3}, {1, 2, 3})});
  ASSERT_TRUE(result.status.is_ok()) << result.status.message();
  EXPECT_EQ(result.outputs[0].type(), element::i64);
  EXPECT_EQ(result.outputs[0].values<std::int64_t>(), (std::vector<std::int64_t>{9, 18, -8}));
}

TEST_P(EngineContract, a_model_in_a_file_answers_like_the_same_in_memory) {
  const TemporaryFolder folder;
  const auto from_file = compile(model_at(folder.write("a model.onnx", classifier(1))));
  const auto from_memory = compile(model_of(classifier(1)));
  ASSERT_TRUE(from_file && from_memory);
  const auto one = run(*new_request(*from_file), {rows_of_x(1)});
  const auto other = run(*new_request(*from_memory), {rows_of_x(1)});
  ASSERT_TRUE(one.status.is_ok()) << one.status.message();
  ASSERT_TRUE(other.status.is_ok()) << other.status.message();
  expect_near(one.outputs[0].values<float>(), other.outputs[0].values<float>());
}

TEST_P(EngineContract, external_data_is_read) {
  OnnxGraph graph;
  graph.input("x", element::f32, {2}).output("y", element::f32, {2}).node("Add", {"x", "w"}, {"y"});
  graph.initializer(external_tensor("w", element::f32, {2}, {{"location", "w.bin"}, {"offset", "4"}, {"length", "8"}}));
  const TemporaryFolder folder;
  folder.write("w.bin", raw_bytes<float>({99, 10, 20}));
  const auto executable = compile(model_at(folder.write("model.onnx", onnx_model(graph))));
  ASSERT_TRUE(executable);
  const auto result = run(*new_request(*executable), {InputData::of<float>({2}, {1, 2})});
  ASSERT_TRUE(result.status.is_ok()) << result.status.message();
  EXPECT_EQ(result.outputs[0].values<float>(), (std::vector<float>{11, 22}));
}

TEST_P(EngineContract, scalars_and_empty_tensors_pass) {
  const auto scalar = compile(model_of(binary("Add", element::f32, {})));
  ASSERT_TRUE(scalar);
  const auto one = run(*new_request(*scalar), {InputData::of<float>({}, {1}), InputData::of<float>({}, {2})});
  ASSERT_TRUE(one.status.is_ok()) << one.status.message();
  EXPECT_EQ(one.outputs[0].shape(), Shape());

  const auto dynamic = compile(model_of(binary("Add", element::f32, {"n", 3})));
  ASSERT_TRUE(dynamic);
  const auto none = run(*new_request(*dynamic), {InputData::of<float>({0, 3}, {}), InputData::of<float>({0, 3}, {})});
  ASSERT_TRUE(none.status.is_ok()) << none.status.message();
  EXPECT_EQ(none.outputs[0].shape(), (Shape{0, 3}));
}

// --- shapes
// -----------------------------------------------------------------------------------------------------------

TEST_P(EngineContract, dynamic_outputs_follow_the_inputs) {
  const auto executable = compile(model_of(classifier("n")));
  ASSERT_TRUE(executable);
  const auto request = new_request(*executable);
  for (const std::size_t rows : {1u, 4u, 2u}) {
    const auto result = run(*request, {rows_of_x(rows)});
    ASSERT_TRUE(result.status.is_ok()) << result.status.message();
    EXPECT_EQ(result.outputs[0].shape(), (Shape{rows, kOut}));
  }
}

TEST_P(EngineContract, B1112_those_that_compile_a_dynamic_model_for_each_shape_say_so) {
  const auto executable = compile(model_of(classifier("n")));
  ASSERT_TRUE(executable);
  const std::string& engine = engine_->name();
  const auto expected = engine == "onnxruntime.cuda"                               ? engine::ShapeCompiles::kEveryChange
                        : engine == "openvino" || engine == "onnxruntime.tensorrt" ? engine::ShapeCompiles::kNewShapes
                                                                                   : engine::ShapeCompiles::kNever;
  EXPECT_EQ(executable->traits().shape_compiles, expected);
}

TEST_P(EngineContract, a_static_output_is_written_where_it_belongs) {
  const auto executable = compile(model_of(classifier(1)));
  ASSERT_TRUE(executable);
  const auto request = new_request(*executable);
  const auto result = run(*request, {rows_of_x(1)});
  ASSERT_TRUE(result.status.is_ok()) << result.status.message();
  EXPECT_EQ(result.outputs[0].calls(), 1);
}

TEST_P(EngineContract, an_output_that_is_too_small_is_the_callers_mistake) {
  for (const OnnxDim& rows : {OnnxDim(1), OnnxDim("n")}) {
    const auto executable = compile(model_of(classifier(rows)));
    ASSERT_TRUE(executable);
    const auto request = new_request(*executable);
    InputData x = rows_of_x(1);
    const std::vector<engine::TensorView> views = {x.view()};
    MemorySink small(kOut * sizeof(float) - 1);
    const std::vector<engine::OutputSink*> sinks = {&small};
    const base::Status status = request->run(views, sinks);
    EXPECT_EQ(status.code(), StatusCode::kInvalidArgument) << status.message();
    expect_readable(status);
    EXPECT_TRUE(run(*request, {rows_of_x(1)}).status.is_ok()) << "the request stays usable";
  }
}

TEST_P(EngineContract, wrong_inputs_are_the_callers_mistake) {
  const auto executable = compile(model_of(classifier(1)));
  ASSERT_TRUE(executable);
  const auto request = new_request(*executable);
  InputData wrong_type = rows_of_x(1);
  wrong_type.type = element::i32;
  InputData short_of_bytes = rows_of_x(1);
  short_of_bytes.bytes.resize(16);
  const std::vector<std::vector<InputData>> mistakes = {
      {wrong_type}, {short_of_bytes}, {rows_of_x(2)}, {InputData::of<float>({kIn}, pattern(kIn, 1))}, {}};
  for (const auto& inputs : mistakes) {
    const auto result = run(*request, inputs);
    EXPECT_EQ(result.status.code(), StatusCode::kInvalidArgument) << result.status.message();
    expect_readable(result.status);
  }
  EXPECT_TRUE(run(*request, {rows_of_x(1)}).status.is_ok()) << "the request stays usable";
}

TEST_P(EngineContract, a_reshaped_model_has_the_new_shapes) {
  const TemporaryFolder folder;
  const auto file = folder.write("model.onnx", classifier("n"));
  for (const auto& model : {model_of(classifier("n")), model_at(file)}) {
    const auto executable = compile(reshaped(model, {PartialShape{3, kIn}}));
    ASSERT_TRUE(executable);
    const auto request = new_request(*executable);
    const auto result = run(*request, {rows_of_x(3)});
    ASSERT_TRUE(result.status.is_ok()) << result.status.message();
    EXPECT_EQ(result.outputs[0].shape(), (Shape{3, kOut}));
    EXPECT_EQ(run(*request, {rows_of_x(2)}).status.code(), StatusCode::kInvalidArgument);
  }
}

TEST_P(EngineContract, output_shapes_follow_from_input_shapes) {
  const auto shapes = engine_->infer_output_shapes(reshaped(model_of(classifier("n")), {PartialShape{3, kIn}}));
  ASSERT_TRUE(shapes.is_ok()) << shapes.status().message();
  ASSERT_EQ(shapes.value().size(), 1u);
  EXPECT_EQ(shapes.value()[0], (PartialShape{3, kOut}));
}

// --- requests and executables
// -----------------------------------------------------------------------------------------

TEST_P(EngineContract, traits_are_sane) {
  for (const auto hint : {engine::Hint::kLatency, engine::Hint::kThroughput}) {
    CompileRequest request = request_for(model_of(classifier(1)));
    request.hint = hint;
    const auto executable = engine_->compile(request, {});
    ASSERT_TRUE(executable.is_ok()) << executable.status().message();
    const auto& traits = executable.value()->traits();
    EXPECT_GE(traits.optimal_requests, 1u);
    EXPECT_LE(traits.optimal_requests, 1024u);
    EXPECT_EQ(traits.precision, "f32") << "full precision was asked for";
    EXPECT_FALSE(traits.loaded_from_cache);
    EXPECT_EQ(traits.shape_compiles, engine::ShapeCompiles::kNever) << "its shapes are static";
    if (traits.device_coverage) {
      EXPECT_GT(*traits.device_coverage, 0);
      EXPECT_LE(*traits.device_coverage, 1);
    }
    EXPECT_EQ(executable.value()->property("NO_SUCH_PROPERTY").status().code(), StatusCode::kNotFound);
  }
  EXPECT_FALSE(engine_->version().empty());
  EXPECT_EQ(engine_->name(), GetParam().engine);
}

TEST_P(EngineContract, memory_may_change_between_runs) {
  const auto executable = compile(model_of(binary("Sub", element::f32, {2})));
  ASSERT_TRUE(executable);
  const auto request = new_request(*executable);
  std::vector<MemorySink> answers;
  for (int i = 0; i < 4; ++i) {
    auto result = run(*request, {InputData::of<float>({2}, {5, 6}), InputData::of<float>({2}, {1, 1})});
    ASSERT_TRUE(result.status.is_ok()) << result.status.message();
    answers.push_back(std::move(result.outputs[0]));
  }
  for (const auto& answer : answers) EXPECT_EQ(answer.values<float>(), answers.front().values<float>());
}

TEST_P(EngineContract, a_request_outlives_its_executable) {
  auto executable = compile(model_of(classifier(1)));
  ASSERT_TRUE(executable);
  const auto request = new_request(*executable);
  const auto before = run(*request, {rows_of_x(1)});
  executable.reset();
  const auto after = run(*request, {rows_of_x(1)});
  ASSERT_TRUE(after.status.is_ok()) << after.status.message();
  EXPECT_EQ(after.outputs[0].values<float>(), before.outputs[0].values<float>());
}

TEST_P(EngineContract, requests_run_in_parallel) {
  const auto executable = compile(model_of(classifier("n")));
  ASSERT_TRUE(executable);
  if (executable->traits().concurrency != engine::Concurrency::kParallel)
    GTEST_SKIP() << "the engine declares that it does not";
  const auto expected = run(*new_request(*executable), {rows_of_x(2)}).outputs[0].values<float>();
  std::atomic<int> wrong = 0;
  {
    std::vector<std::jthread> threads;
    for (int t = 0; t < 3; ++t) {
      threads.emplace_back([&, request = std::shared_ptr(new_request(*executable))] {
        for (int i = 0; i < 20; ++i) {
          const auto result = run(*request, {rows_of_x(2)});
          if (!result.status.is_ok() || result.outputs[0].values<float>() != expected) ++wrong;
        }
      });
    }
  }
  EXPECT_EQ(wrong, 0);
}

TEST_P(EngineContract, executables_leave_no_threads_behind) {
  const auto use_one = [&] {
    const auto executable = compile(model_of(classifier(1)));
    ASSERT_TRUE(executable);
    EXPECT_TRUE(run(*new_request(*executable), {rows_of_x(1)}).status.is_ok());
  };
  use_one();  // what an engine starts once per process may stay
  const std::size_t before = count_threads();
  for (int i = 0; i < 5; ++i) use_one();
  EXPECT_LE(count_threads(), before);
}

// --- cancellation
// -----------------------------------------------------------------------------------------------------

TEST_P(EngineContract, cancelling_an_idle_request_changes_nothing) {
  const auto executable = compile(model_of(classifier(1)));
  ASSERT_TRUE(executable);
  const auto request = new_request(*executable);
  request->cancel();
  EXPECT_TRUE(run(*request, {rows_of_x(1)}).status.is_ok());
  request->cancel();
  EXPECT_TRUE(run(*request, {rows_of_x(1)}).status.is_ok());
}

// The hazard: a terminated run of ONNX Runtime returns a generic error.
TEST_P(EngineContract, a_cancelled_run_says_so_and_the_next_one_works) {
  const auto executable = compile(model_of(long_chain()));
  ASSERT_TRUE(executable);
  const auto request = new_request(*executable);
  const auto x = InputData::of<float>({256, 256}, pattern(256 * 256, 1));
  std::atomic<bool> done = false;
  base::Status status;
  {
    const std::jthread runner([&] {
      status = run(*request, {x}).status;
      done = true;
    });
    while (!done) {
      request->cancel();
      std::this_thread::yield();
    }
  }
  EXPECT_EQ(status.code(), StatusCode::kCancelled) << status.message();
  EXPECT_TRUE(run(*request, {x}).status.is_ok());
}

TEST_P(EngineContract, a_load_that_was_stopped_before_it_began_is_cancelled) {
  std::stop_source stop;
  stop.request_stop();
  const auto executable = engine_->compile(request_for(model_of(classifier(1))), stop.get_token());
  EXPECT_EQ(executable.status().code(), StatusCode::kCancelled) << executable.status().message();
}

TEST_P(EngineContract, a_load_that_is_stopped_ends_with_its_value_or_as_cancelled) {
  for (int i = 0; i < 5; ++i) {
    std::stop_source stop;
    const std::jthread stopper([&] { stop.request_stop(); });
    const auto executable = engine_->compile(request_for(model_of(long_chain())), stop.get_token());
    EXPECT_TRUE(executable.is_ok() || executable.status().code() == StatusCode::kCancelled)
        << executable.status().message();
  }
}

// --- errors
// -----------------------------------------------------------------------------------------------------------

TEST_P(EngineContract, garbage_is_refused) {
  const model::Model good = model_of(classifier(1));
  for (const std::string& garbage :
       {std::string("this is no model"), std::string(1000, '\xff'), classifier(1).substr(0, 5000)}) {
    model::Source source;
    source.bytes = model::Bytes::own(garbage);
    model::Model model = good;
    model.data = std::make_shared<const model::ModelData>(std::move(source), good.facts());
    const auto executable = engine_->compile(request_for(model), {});
    ASSERT_FALSE(executable.is_ok());
    EXPECT_NE(executable.status().code(), StatusCode::kInternal) << executable.status().message();
    expect_readable(executable.status());
  }
}

TEST_P(EngineContract, an_unknown_operator_is_named) {
  OnnxGraph graph;
  graph.input("x", element::f32, {1}).output("y", element::f32, {1}).node("Frobnicate", {"x"}, {"y"}, {}, "com.acme");
  OnnxOptions options;
  options.domains = {"com.acme"};
  const auto executable = engine_->compile(request_for(model_of(onnx_model(graph, options))), {});
  ASSERT_FALSE(executable.is_ok());
  EXPECT_EQ(executable.status().code(), StatusCode::kUnsupported) << executable.status().message();
  EXPECT_NE(executable.status().message().find("Frobnicate"), std::string::npos) << executable.status().message();
  expect_readable(executable.status());
}

TEST_P(EngineContract, a_device_that_is_not_there_is_refused) {
  CompileRequest request = request_for(model_of(classifier(1)));
  request.device = "NO_SUCH_DEVICE";
  const auto executable = engine_->compile(request, {});
  ASSERT_FALSE(executable.is_ok());
  expect_readable(executable.status());
}

INSTANTIATE_TEST_SUITE_P(
    Engines, EngineContract,
    testing::Values(Subject{"onnxruntime", Profile::kFast}, Subject{"onnxruntime", Profile::kFull},
                    Subject{"onnxruntime.cuda", Profile::kFast}, Subject{"onnxruntime.cuda", Profile::kFull},
                    Subject{"onnxruntime.openvino", Profile::kFast}, Subject{"onnxruntime.openvino", Profile::kFull},
                    Subject{"onnxruntime.tensorrt", Profile::kFast}, Subject{"onnxruntime.tensorrt", Profile::kFull},
                    Subject{"onnxruntime.webgpu", Profile::kFast}, Subject{"onnxruntime.webgpu", Profile::kFull},
                    Subject{"openvino", Profile::kFull}, Subject{"sim", Profile::kFast},
                    Subject{"sim", Profile::kFull}),
    name_of);

}  // namespace
}  // namespace baton::test
