// SPDX-License-Identifier: Apache-2.0
// Copyright (C) 2026 The Baton authors
//
// What is particular to ONNX Runtime; what every engine must do is in tests/contract.
#include "onnxruntime_engine.h"

#include <gtest/gtest.h>
#include <sched.h>
#include <sys/resource.h>

#include <algorithm>
#include <filesystem>
#include <memory>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "baton/tensor.hpp"
#include "contract/engine_harness.h"
#include "ort_library.h"
#include "request.h"
#include "support/onnx_builder.h"
#include "support/temporary_folder.h"
#include "support/test_data.h"

namespace baton::engine::onnxruntime {
namespace {

using base::StatusCode;
using test::InputData;
using test::OnnxGraph;

class OnnxRuntime : public testing::Test {
 protected:
  void SetUp() override {
    auto library = OrtLibrary::open(test::library_folders());
    if (!library.is_ok()) GTEST_SKIP() << library.status().message();
    library_path_ = library.value()->path();
    engine_ = std::make_unique<OnnxRuntimeEngine>(std::move(library).value());
  }

  static CompileRequest request_for(model::Model model, Profile profile = Profile::kFull) {
    CompileRequest request;
    request.model = std::move(model);
    request.device = "CPU";
    request.profile = profile;
    return request;
  }

  /// Output 0 of one run, or a failure.
  static std::vector<float> answer(Engine& engine, const CompileRequest& request, std::vector<InputData> inputs) {
    auto executable = engine.compile(request, {});
    if (!executable.is_ok()) {
      ADD_FAILURE() << executable.status().message();
      return {};
    }
    auto slot = executable.value()->create_request();
    const auto result = test::run(*slot.value(), std::move(inputs), request.model.facts().outputs.size());
    EXPECT_TRUE(result.status.is_ok()) << result.status.message();
    return result.status.is_ok() ? result.outputs[0].values<float>() : std::vector<float>();
  }

  std::string library_path_;
  std::unique_ptr<OnnxRuntimeEngine> engine_;
};

/// y = x + w, w being 128 KB of `value`.
std::string adder(float value) {
  OnnxGraph graph;
  graph.input("x", element::f32, {32768}).output("y", element::f32, {32768}).node("Add", {"x", "w"}, {"y"});
  graph.weights("w", {32768}, std::vector<float>(32768, value));
  return test::onnx_model(graph);
}

InputData ones() { return InputData::of<float>({32768}, std::vector<float>(32768, 1)); }

/// An output in memory of Baton's own.
struct OwnSink final : OutputSink {
  Tensor tensor;
  void* reserve(element::Type type, std::span<const std::size_t> shape) override {
    if (!tensor) tensor = Tensor(type, Shape(shape.begin(), shape.end()));
    return tensor.data();
  }
};

/// Enough nodes for a load of a good part of a second.
std::string deep_model() {
  OnnxGraph graph;
  graph.input("x", element::f32, {64, 64}).weights("w", {64, 64}, std::vector<float>(4096, 0.01f));
  std::string last = "x";
  for (int i = 0; i < 3000; ++i) {
    const std::string next = "y" + std::to_string(i);
    graph.node(i % 2 == 0 ? "MatMul" : "Add", {last, "w"}, {next});
    last = next;
  }
  graph.output(last, element::f32, {64, 64});
  return test::onnx_model(graph);
}

// --- the library
// ------------------------------------------------------------------------------------------------------

TEST(OrtLibraryFile, one_that_is_no_library_is_named) {
  const test::TemporaryFolder folder;
  const auto file = folder.write("libonnxruntime.so.1.99.0", "not a library");
  const std::vector<std::string> path = {folder.path().string()};
  const auto library = OrtLibrary::open(path);
  if (library.is_ok()) GTEST_SKIP() << "the system has another one: " << library.value()->path();
  EXPECT_EQ(library.status().code(), StatusCode::kUnavailable);
  EXPECT_NE(library.status().message().find(file.string()), std::string::npos) << library.status().message();
}

TEST(OrtLibraryFile, a_missing_one_is_one_clear_line) {
  const std::vector<std::string> path = {"/no/such/folder"};
  const auto library = OrtLibrary::open(path);
  if (library.is_ok()) GTEST_SKIP() << "the system has one: " << library.value()->path();
  EXPECT_EQ(
      library.status().message(),
      "libonnxruntime not found, searched /no/such/folder, the system's libraries; install the package onnxruntime");
}

TEST_F(OnnxRuntime, hazard_two_copies_of_the_library_work_in_one_process) {
  if (library_path_.front() != '/') GTEST_SKIP() << "the system's library cannot be copied";
  const test::TemporaryFolder folder;
  const auto copy = folder.path() / std::filesystem::path(library_path_).filename();
  std::filesystem::copy_file(library_path_, copy);
  const std::vector<std::string> path = {folder.path().string()};
  auto library = OrtLibrary::open(path);
  ASSERT_TRUE(library.is_ok()) << library.status().message();
  ASSERT_EQ(library.value()->path(), copy.string());
  OnnxRuntimeEngine other(std::move(library).value());
  for (Engine* engine : {static_cast<Engine*>(engine_.get()), static_cast<Engine*>(&other)}) {
    EXPECT_EQ(answer(*engine, request_for(test::model_of(adder(2))), {ones()}).at(0), 3.f);
  }
}

// --- loading
// ----------------------------------------------------------------------------------------------------------

TEST_F(OnnxRuntime, a_file_that_was_replaced_after_reading_does_not_lend_its_weights) {
  const test::TemporaryFolder folder;
  const auto file = folder.write("model.onnx", adder(2));
  const auto model = test::model_at(file);
  std::filesystem::rename(folder.write("new.onnx", adder(50)), file);
  EXPECT_EQ(answer(*engine_, request_for(model), {ones()}).at(0), 3.f);
}

TEST_F(OnnxRuntime, a_model_behind_a_link_is_loaded) {
  const test::TemporaryFolder folder;
  std::filesystem::create_symlink(folder.write("blobs/abc", adder(2)), folder.path() / "model.onnx");
  EXPECT_EQ(answer(*engine_, request_for(test::model_at(folder.path() / "model.onnx")), {ones()}).at(0), 3.f);
}

TEST_F(OnnxRuntime, a_load_under_way_is_cancelled) {
  const auto model = test::model_of(deep_model());
  std::stop_source stop;
  Engine::CompileResult result = base::Status::internal("not run");
  {
    ASSERT_TRUE(engine_->compile(request_for(test::model_of(adder(1))), {}).is_ok()) << "the environment exists now";
    const std::jthread loader([&] { result = engine_->compile(request_for(model), stop.get_token()); });
    std::this_thread::sleep_for(std::chrono::milliseconds(5));
    stop.request_stop();
  }
  EXPECT_EQ(result.status().code(), StatusCode::kCancelled) << result.status().message();
}

TEST_F(OnnxRuntime, hazard_session_options_are_not_shared_between_loads) {
  // The flag that cancels a load lives in the options: one load must not take another with it.
  const CompileRequest request = request_for(test::model_of(deep_model()));
  std::stop_source stop;
  Engine::CompileResult cancelled = base::Status::internal("not run"), kept = cancelled.status();
  {
    const std::jthread one([&] { cancelled = engine_->compile(request, stop.get_token()); });
    const std::jthread other([&] { kept = engine_->compile(request, {}); });
    stop.request_stop();
  }
  EXPECT_EQ(cancelled.status().code(), StatusCode::kCancelled);
  EXPECT_TRUE(kept.is_ok()) << kept.status().message();
}

/// The threads of this process with a lower priority than its first.
std::vector<pid_t> nice_threads() {
  std::vector<pid_t> found;
  for (const auto& task : std::filesystem::directory_iterator("/proc/self/task")) {
    const auto thread = static_cast<pid_t>(std::stoi(task.path().filename()));
    if (getpriority(PRIO_PROCESS, static_cast<id_t>(thread)) > getpriority(PRIO_PROCESS, 0)) found.push_back(thread);
  }
  return found;
}

cpu_set_t cores_of(pid_t thread) {
  cpu_set_t cores;
  CPU_ZERO(&cores);
  sched_getaffinity(thread, sizeof(cores), &cores);
  return cores;
}

/// Runs `request` once in a thread that is bound to `core`.
void run_on(int core, EngineRequest& request) {
  std::jthread([&] {
    cpu_set_t cores;
    CPU_ZERO(&cores);
    CPU_SET(core, &cores);
    ASSERT_EQ(sched_setaffinity(0, sizeof(cores), &cores), 0);
    EXPECT_TRUE(test::run(request, {ones()}).status.is_ok());
  });
}

TEST_F(OnnxRuntime, B706_one_request_at_a_time_has_a_pool_of_threads_and_several_need_none) {
  if (std::thread::hardware_concurrency() < 2) GTEST_SKIP() << "one core: sessions have no pool threads";
  const auto threads = [] {
    const std::filesystem::directory_iterator tasks("/proc/self/task");
    return std::distance(begin(tasks), end(tasks));
  };
  CompileRequest request = request_for(test::model_of(adder(1)));
  request.hint = Hint::kThroughput;
  const auto first = engine_->compile(request, {});  // what the process has from now on
  const auto before = threads();
  const auto several = engine_->compile(request, {});
  ASSERT_TRUE(several.is_ok()) << several.status().message();
  EXPECT_EQ(threads(), before);
  EXPECT_EQ(several.value()->traits().optimal_requests, std::thread::hardware_concurrency());
  request.hint = Hint::kLatency;
  const auto one = engine_->compile(request, {});
  ASSERT_TRUE(one.is_ok()) << one.status().message();
  EXPECT_GT(threads(), before);
  EXPECT_EQ(one.value()->traits().optimal_requests, 1u);
}

TEST_F(OnnxRuntime, B516_only_the_threads_of_a_fast_session_give_way) {
  if (std::thread::hardware_concurrency() < 2) GTEST_SKIP() << "one core: sessions have no pool threads";
  const auto model = test::model_of(adder(1));
  auto full = engine_->compile(request_for(model, Profile::kFull), {});
  ASSERT_TRUE(full.is_ok()) << full.status().message();
  EXPECT_TRUE(nice_threads().empty());
  auto fast = engine_->compile(request_for(model, Profile::kFast), {});
  ASSERT_TRUE(fast.is_ok()) << fast.status().message();
  for (int looks = 0; looks < 10000 && nice_threads().empty(); ++looks)
    std::this_thread::yield();  // they start by themselves
  EXPECT_FALSE(nice_threads().empty());
}

TEST_F(OnnxRuntime, B516_while_another_load_needs_a_core_the_threads_of_a_fast_session_keep_to_their_callers) {
  const cpu_set_t all = cores_of(0);
  std::vector<int> cores;
  for (int core = 0; core < CPU_SETSIZE; ++core) {
    if (CPU_ISSET(core, &all)) cores.push_back(core);
  }
  if (cores.size() < 2) GTEST_SKIP() << "one core: sessions have no pool threads";
  auto executable = engine_->compile(request_for(test::model_of(adder(1)), Profile::kFast), {});
  ASSERT_TRUE(executable.is_ok()) << executable.status().message();
  auto request = executable.value()->create_request();
  ASSERT_TRUE(request.is_ok()) << request.status().message();
  while (nice_threads().empty()) std::this_thread::yield();
  const pid_t thread = nice_threads().front();

  executable.value()->leave_a_core(true);
  for (const int core : {cores.front(), cores.back()}) {
    // The thread may only be beginning, and ONNX Runtime binds it then: the next run sets that right.
    const auto kept = [&](const cpu_set_t& used) {
      return CPU_ISSET(core, &used) && CPU_COUNT(&used) == static_cast<int>(cores.size()) - 1;
    };
    run_on(core, *request.value());
    for (int runs = 0; runs < 100 && !kept(cores_of(thread)); ++runs) run_on(core, *request.value());
    EXPECT_TRUE(kept(cores_of(thread))) << core;
  }
  executable.value()->leave_a_core(false);
  const cpu_set_t again = cores_of(thread);
  EXPECT_TRUE(CPU_EQUAL(&again, &all));
  run_on(cores.front(), *request.value());
  const cpu_set_t after = cores_of(thread);
  EXPECT_TRUE(CPU_EQUAL(&after, &all)) << "nothing is loaded any more";
}

TEST_F(OnnxRuntime, properties_are_checked_and_applied) {
  CompileRequest request = request_for(test::model_of(adder(1)));
  request.properties = {{"INFERENCE_NUM_THREADS", "1"}, {"session.intra_op.allow_spinning", "0"}};
  const auto executable = engine_->compile(request, {});
  ASSERT_TRUE(executable.is_ok()) << executable.status().message();
  EXPECT_EQ(executable.value()->property("INFERENCE_NUM_THREADS").value(), "1");
  request.properties = {{"INFERENCE_NUM_THREADS", "many"}};
  EXPECT_EQ(engine_->compile(request, {}).status().code(), StatusCode::kInvalidArgument);
  request.properties = {{"NO_SUCH_KEY", "1"}};
  EXPECT_EQ(engine_->compile(request, {}).status().code(), StatusCode::kUnsupported);
}

/// Runs with tensors of Baton's own, as a GPU's provider would see them: the CPU's stands for it.
TEST_F(OnnxRuntime, memory_that_runs_use_again_is_prepared_until_it_goes) {
  auto library = OrtLibrary::open(test::library_folders()).value();
  int prepared = 0, undone = 0;
  SessionSetup setup;
  setup.memory_use = {&model::HostMemory::instance(), [&](void*, std::size_t) -> model::HostMemory::Undo {
                        ++prepared;
                        return [&] { ++undone; };
                      }};
  const auto session = load_session(*library, request_for(test::model_of(adder(1))), setup, {});
  ASSERT_TRUE(session.is_ok()) << session.status().message();
  const auto request = OrtRequest::create(session.value()).value();
  const Shape shape{32768};
  const auto run = [&](void* input, OwnSink& output) {
    const std::vector<TensorView> inputs{{element::f32, shape, input, 32768 * sizeof(float)}};
    const std::vector<OutputSink*> outputs{&output};
    EXPECT_TRUE(request->run(inputs, outputs).is_ok());
    EXPECT_EQ(output.tensor.data<float>()[32767], 3);
  };
  std::vector<float> callers(32768, 2);
  {
    Tensor own(element::f32, shape);
    std::fill_n(own.data<float>(), 32768, 2.f);
    OwnSink output;
    run(own.data(), output);
    EXPECT_EQ(prepared, 0) << "it may have been the only run with this memory";
    for (int i = 0; i < 3; ++i) run(own.data(), output);
    EXPECT_EQ(prepared, 2) << "the input and the output, each once";
    for (int i = 0; i < 3; ++i) run(callers.data(), output);
    EXPECT_EQ(prepared, 2) << "whose end nobody sees";
    EXPECT_EQ(undone, 0);
  }
  EXPECT_EQ(undone, 2);
}

TEST_F(OnnxRuntime, texts_are_copied_in_and_out_at_every_run) {
  OnnxGraph graph;
  graph.input("x", element::string, {"n"}).output("y", element::string, {"n"}).node("Identity", {"x"}, {"y"});
  const auto executable = engine_->compile(request_for(test::model_of(test::onnx_model(graph))), {});
  ASSERT_TRUE(executable.is_ok()) << executable.status().message();
  const auto request = executable.value()->create_request();
  struct Texts final : engine::OutputSink {
    std::vector<std::string> values;
    void* reserve(element::Type, std::span<const std::size_t> shape) override {
      values.resize(shape[0]);
      return values.data();
    }
  } out;
  engine::OutputSink* const sink = &out;
  std::vector<std::string> in{"", std::string("a\0b", 3), std::string(100, 'x')};
  const std::vector<std::size_t> shape{in.size()};
  const TensorView view{element::string, shape, in.data(), in.size() * sizeof(std::string)};
  for (const char* const text : {"first", "second"}) {
    in[0] = text;  // in the memory of the run before
    ASSERT_TRUE(request.value()->run({&view, 1}, {&sink, 1}).is_ok());
    EXPECT_EQ(out.values, in);
  }
}

TEST_F(OnnxRuntime, other_formats_are_refused_before_loading) {
  model::Facts facts;
  facts.format = model::Format::kIr;
  const model::Model ir{std::make_shared<const model::ModelData>(model::Source(), facts), {}};
  EXPECT_EQ(engine_->supports({}, ir).support, Support::kNo);
  EXPECT_FALSE(engine_->supports({}, ir).reason.empty());
  EXPECT_EQ(engine_->supports({}, test::model_of(adder(1))).support, Support::kUnknown);
}

// --- running
// ----------------------------------------------------------------------------------------------------------

TEST_F(OnnxRuntime, an_output_of_another_shape_than_declared_is_delivered) {
  OnnxGraph graph;
  graph.input("x", element::f32, {2, 2}).input("s", element::i64, {1}).output("y", element::f32, {7});
  graph.node("Reshape", {"x", "s"}, {"y"});
  const auto executable = engine_->compile(request_for(test::model_of(test::onnx_model(graph))), {});
  ASSERT_TRUE(executable.is_ok()) << executable.status().message();
  const auto request = executable.value()->create_request();
  for (int i = 0; i < 2; ++i) {
    const auto result = test::run(*request.value(),
                                  {InputData::of<float>({2, 2}, {1, 2, 3, 4}), InputData::of<std::int64_t>({1}, {4})});
    ASSERT_TRUE(result.status.is_ok()) << result.status.message();
    EXPECT_EQ(result.outputs[0].shape(), Shape{4});
    EXPECT_EQ(result.outputs[0].values<float>(), (std::vector<float>{1, 2, 3, 4}));
  }
}

TEST_F(OnnxRuntime, a_failing_operator_is_a_device_failure_in_one_line) {
  OnnxGraph graph;
  graph.input("x", element::f32, {2, 2}).input("s", element::i64, {1}).output("y", element::f32, {"n"});
  graph.node("Reshape", {"x", "s"}, {"y"});
  const auto executable = engine_->compile(request_for(test::model_of(test::onnx_model(graph))), {});
  ASSERT_TRUE(executable.is_ok()) << executable.status().message();
  const auto result = test::run(*executable.value()->create_request().value(),
                                {InputData::of<float>({2, 2}, {1, 2, 3, 4}), InputData::of<std::int64_t>({1}, {5})});
  EXPECT_EQ(result.status.code(), StatusCode::kDeviceFailed);
  EXPECT_NE(result.status.message().find("Reshape"), std::string::npos) << result.status.message();
  EXPECT_EQ(result.status.message().find(".h:"), std::string::npos) << result.status.message();
  EXPECT_FALSE(result.status.details().empty());
}

void expect_profiles_agree(Engine& engine, const model::Model& model, const std::string& precision) {
  std::vector<std::vector<float>> answers;
  for (const Profile profile : {Profile::kFast, Profile::kFull}) {
    CompileRequest request;
    request.model = model;
    request.device = "CPU";
    request.profile = profile;
    const auto executable = engine.compile(request, {});
    ASSERT_TRUE(executable.is_ok()) << executable.status().message();
    EXPECT_EQ(executable.value()->traits().precision, precision);
    const Shape shape = model.input_shapes[0].to_shape();
    std::vector<float> x(shape_size(shape));
    for (std::size_t i = 0; i < x.size(); ++i) x[i] = static_cast<float>(i * 7919 % 256) - 128;
    const auto result = test::run(*executable.value()->create_request().value(), {InputData::of<float>(shape, x)},
                                  model.facts().outputs.size());
    ASSERT_TRUE(result.status.is_ok()) << result.status.message();
    answers.push_back(result.outputs[0].values<float>());
  }
  ASSERT_EQ(answers[0].size(), answers[1].size());
  for (std::size_t i = 0; i < answers[0].size(); ++i) ASSERT_NEAR(answers[0][i], answers[1][i], 1e-3f) << i;
}

TEST_F(OnnxRuntime, both_profiles_agree_on_a_real_model) {
  BATON_TEST_DATA_FILE(file, "models/face/version-RFB-320.onnx");
  expect_profiles_agree(*engine_, test::model_at(file), "f32");
}

TEST_F(OnnxRuntime, a_quantised_model_runs_on_integers_in_both_profiles) {
  BATON_TEST_DATA_FILE(file, "models/googlenet-v1/googlenet-v1-int8-qdq.onnx");
  expect_profiles_agree(*engine_, test::model_at(file), "i8");
}

}  // namespace
}  // namespace baton::engine::onnxruntime
