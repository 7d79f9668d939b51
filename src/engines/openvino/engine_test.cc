// SPDX-License-Identifier: Apache-2.0
// Copyright (C) 2026 The Baton authors
#include <gtest/gtest.h>

#include <openvino/core/version.hpp>

#include "convert.h"
#include "devices.h"
#include "facts.h"
#include "shared_core.h"
#include "support/onnx_builder.h"
#include "support/test_data.h"
#include "test_runner.h"

#include <openvino/op/add.hpp>
#include <openvino/op/assign.hpp>
#include <openvino/op/constant.hpp>
#include <openvino/op/parameter.hpp>
#include <openvino/op/read_value.hpp>
#include <openvino/op/result.hpp>
#include <openvino/op/softmax.hpp>
#include <openvino/op/split.hpp>

namespace baton::engine::openvino {
namespace {

using base::StatusCode;
using test::OnnxGraph;

std::string softmax_onnx(element::Type type = element::f32) {
  OnnxGraph graph;
  graph.input("x", type, {"n", 4}).output("p", type, {"n", 4});
  graph.node("Softmax", {"x"}, {"p"});
  return test::onnx_model(graph);
}

TEST(Engine, version_is_a_release_without_build_number) {
  const std::string release =
      std::to_string(OPENVINO_VERSION_MAJOR) + "." + std::to_string(OPENVINO_VERSION_MINOR) + ".";
  EXPECT_TRUE(test_engine().version().starts_with(release)) << test_engine().version();
  EXPECT_EQ(test_engine().version().find('-'), std::string::npos);
}

TEST(Engine, B308_virtual_devices_are_refused) {
  for (const char* device : {"AUTO", "AUTO:CPU", "MULTI:CPU", "BATCH:CPU", "HETERO:CPU", ""}) {
    auto request = on_cpu(read_onnx_bytes(softmax_onnx()));
    request.device = device;
    EXPECT_EQ(test_engine().compile(request, {}).status().code(), StatusCode::kInvalidArgument) << device;
    EXPECT_EQ(test_engine().device_property(device, "FULL_DEVICE_NAME").status().code(), StatusCode::kInvalidArgument);
  }
}

TEST(Engine, B301_the_cpu_is_listed_with_what_the_manifest_says_of_it) {
  const std::vector<std::string> families{"CPU"};
  const auto reports = must(test_engine().enumerate(families));
  ASSERT_EQ(reports.size(), 1u);
  EXPECT_EQ(reports[0].name, "CPU");
  EXPECT_EQ(reports[0].kind, DeviceKind::kCpu);
  EXPECT_FALSE(reports[0].full_name.empty());
  EXPECT_EQ(reports[0].ranks.load_fast, -1);
  EXPECT_EQ(reports[0].ranks.run, 10);
}

TEST(Engine, B313_a_device_answers_as_text) {
  auto& engine = test_engine();
  EXPECT_EQ(must(engine.device_property("CPU", "DEVICE_TYPE")), "INTEGRATED");
  EXPECT_TRUE(must(engine.device_property("CPU", "RANGE_FOR_STREAMS")).starts_with("1 "));
  EXPECT_NE(must(engine.device_property("CPU", "OPTIMIZATION_CAPABILITIES")).find("FP32"), std::string::npos);
  EXPECT_EQ(engine.device_property("CPU", "NO_SUCH").status().code(), StatusCode::kNotFound);
}

TEST(Engine, precision_is_visible_and_full_means_f32) {
  const auto model = read_onnx_bytes(softmax_onnx());
  const auto full = must(test_engine().compile(on_cpu(model), {}));
  EXPECT_EQ(full->traits().precision, "f32");
  const auto native = must(test_engine().compile(on_cpu(model, Precision::kNative), {}));
  EXPECT_EQ(native->traits().precision, must(native->property("INFERENCE_PRECISION_HINT")));
  EXPECT_EQ(full->property("NO_SUCH").status().code(), StatusCode::kNotFound);
  EXPECT_FALSE(full->traits().loaded_from_cache);
}

TEST(Engine, B706_latency_is_one_stream_unless_the_user_wants_more) {
  auto request = on_cpu(read_onnx_bytes(softmax_onnx()));
  EXPECT_EQ(must(must(test_engine().compile(request, {}))->property("NUM_STREAMS")), "1");
  request.properties = {{"NUM_STREAMS", "2"}};
  EXPECT_EQ(must(must(test_engine().compile(request, {}))->property("NUM_STREAMS")), "2");
}

TEST(Engine, B706_for_throughput_the_engine_chooses) {
  auto request = on_cpu(read_onnx_bytes(softmax_onnx()));
  request.hint = Hint::kThroughput;
  const auto ours = must(test_engine().compile(request, {}));
  const auto graph = shared_core().read_model(softmax_onnx(), ov::Tensor());
  const ov::CompiledModel theirs =
      shared_core().compile_model(graph, "CPU", ov::hint::performance_mode(ov::hint::PerformanceMode::THROUGHPUT));
  EXPECT_EQ(must(ours->property("NUM_STREAMS")), std::to_string(theirs.get_property(ov::num_streams).num));
  EXPECT_EQ(ours->traits().optimal_requests, theirs.get_property(ov::optimal_number_of_infer_requests));
}

TEST(Engine, B707_hint_and_number_of_requests_are_forwarded) {
  auto request = on_cpu(read_onnx_bytes(softmax_onnx()));
  EXPECT_EQ(must(must(test_engine().compile(request, {}))->property("PERFORMANCE_HINT")), "LATENCY");
  request.hint = Hint::kThroughput;
  request.num_requests = 1;
  const auto executable = must(test_engine().compile(request, {}));
  EXPECT_EQ(must(executable->property("PERFORMANCE_HINT")), "THROUGHPUT");
  EXPECT_EQ(executable->traits().optimal_requests, 1u);
}

TEST(Engine, for_throughput_some_requests_more_keep_the_streams_busy) {
  for (const auto& [streams, waiting] : {std::pair{"1", 0u}, std::pair{"2", 2u}}) {
    auto request = on_cpu(read_onnx_bytes(softmax_onnx()));
    request.hint = Hint::kThroughput;
    request.properties = {{"NUM_STREAMS", streams}};
    EXPECT_EQ(must(test_engine().compile(request, {}))->traits().waiting_requests, waiting) << streams;
  }
}

TEST(Engine, threads_are_not_pinned_unless_the_user_says_so) {
  auto request = on_cpu(read_onnx_bytes(softmax_onnx()));
  EXPECT_EQ(must(must(test_engine().compile(request, {}))->property("ENABLE_CPU_PINNING")), "NO");
  request.properties = {{"ENABLE_CPU_PINNING", "YES"}};
  EXPECT_EQ(must(must(test_engine().compile(request, {}))->property("ENABLE_CPU_PINNING")), "YES");
}

TEST(Engine, properties_are_forwarded_and_an_unknown_one_is_named) {
  auto request = on_cpu(read_onnx_bytes(softmax_onnx()));
  request.properties = {{"INFERENCE_NUM_THREADS", "1"}, {"PERF_COUNT", "YES"}};
  const auto executable = must(test_engine().compile(request, {}));
  EXPECT_EQ(must(executable->property("INFERENCE_NUM_THREADS")), "1");
  EXPECT_EQ(must(executable->property("PERF_COUNT")), "YES");
  request.properties = {{"NO_SUCH_KEY", "1"}};
  const auto status = test_engine().compile(request, {}).status();
  EXPECT_EQ(status.code(), StatusCode::kUnsupported);
  EXPECT_NE(status.message().find("NO_SUCH_KEY"), std::string::npos) << status.message();
}

TEST(Engine, a_value_that_a_property_cannot_take_is_named) {
  auto request = on_cpu(read_onnx_bytes(softmax_onnx()));
  request.properties = {{"ENABLE_CPU_PINNING", "PERHAPS"}};
  const auto status = test_engine().compile(request, {}).status();
  EXPECT_EQ(status.code(), StatusCode::kUnsupported);
  EXPECT_NE(status.message().find("ENABLE_CPU_PINNING"), std::string::npos) << status.message();
  EXPECT_NE(status.message().find("PERHAPS"), std::string::npos) << status.message();
}

TEST(Engine, B1008_an_executable_says_that_it_came_from_the_cache) {
  const auto folder = std::filesystem::path(testing::TempDir()) / "baton_openvino_cache";
  std::filesystem::remove_all(folder);
  auto request = on_cpu(read_onnx_bytes(softmax_onnx()));
  request.properties = {{"CACHE_DIR", folder.string()}};
  EXPECT_FALSE(must(test_engine().compile(request, {}))->traits().loaded_from_cache);
  EXPECT_TRUE(must(test_engine().compile(request, {}))->traits().loaded_from_cache);
  std::filesystem::remove_all(folder);
}

TEST(Engine, an_absent_device_is_unavailable_and_not_broken) {
  auto request = on_cpu(read_onnx_bytes(softmax_onnx()));
  request.device = "NPU";
  const auto result = test_engine().compile(request, {});
  if (result.is_ok()) GTEST_SKIP() << "this machine has an NPU";
  EXPECT_EQ(result.status().code(), StatusCode::kUnavailable) << result.status().message();
}

TEST(Engine, a_compile_that_is_stopped_before_it_begins_is_cancelled) {
  std::stop_source stop;
  stop.request_stop();
  EXPECT_EQ(test_engine().compile(on_cpu(read_onnx_bytes(softmax_onnx())), stop.get_token()).status().code(),
            StatusCode::kCancelled);
}

TEST(Engine, a_model_that_cannot_be_converted_names_its_operator) {
  OnnxGraph graph;
  graph.input("x", element::f32, {2}).output("y", element::f32, {2});
  graph.node("Fancy", {"x"}, {"y"}, {}, "my.domain");
  const auto model = read_onnx_bytes(test::onnx_model(graph, {.domains = {"my.domain"}}));
  const auto status = test_engine().compile(on_cpu(model), {}).status();
  EXPECT_EQ(status.code(), StatusCode::kUnsupported);
  EXPECT_NE(status.message().find("Fancy"), std::string::npos) << status.message();
  EXPECT_EQ(status.message().find('\n'), std::string::npos) << status.message();
}

TEST(Engine, strings_are_refused_before_a_compile) {
  const auto model = read_onnx_bytes(softmax_onnx());
  DeviceReport cpu;
  cpu.handle = "CPU";
  EXPECT_EQ(test_engine().supports(cpu, model).support, Support::kUnknown);
  OnnxGraph graph;
  graph.input("s", element::string, {2}).output("t", element::string, {2});
  graph.node("Identity", {"s"}, {"t"});
  const auto answer = test_engine().supports(cpu, read_onnx_bytes(test::onnx_model(graph)));
  EXPECT_EQ(answer.support, Support::kNo);
  EXPECT_NE(answer.reason.find("'s'"), std::string::npos);
}

TEST(Engine, B1109_output_shapes_follow_from_input_shapes) {
  auto model = read_onnx_bytes(softmax_onnx());
  EXPECT_EQ(must(test_engine().infer_output_shapes(model))[0], (PartialShape{-1, 4}));
  model.input_shapes[0] = PartialShape{7, 4};
  EXPECT_EQ(must(test_engine().infer_output_shapes(model))[0], (PartialShape{7, 4}));
}

class HalfTypes : public testing::TestWithParam<element::Type_t> {};

// The manifest promises FP16 and BF16: such models run, if only by conversion.
TEST_P(HalfTypes, B311_models_in_sixteen_bits_run) {
  const element::Type type = GetParam();
  const std::uint16_t one = type == element::f16 ? 0x3C00 : 0x3F80;
  const std::uint16_t quarter = type == element::f16 ? 0x3400 : 0x3E80;
  const auto request = compiled_request(on_cpu(read_onnx_bytes(softmax_onnx(type)), Precision::kNative));
  Tensors tensors(1);
  tensors.input(type, {1, 4}, std::vector<std::uint16_t>(4, one));
  ASSERT_TRUE(request->run(tensors.views(), tensors.sinks()).is_ok());
  std::uint16_t first = 0;
  std::memcpy(&first, tensors.outputs[0].bytes.data(), sizeof first);
  EXPECT_EQ(first, quarter);
}

INSTANTIATE_TEST_SUITE_P(Types, HalfTypes, testing::Values(element::Type_t::f16, element::Type_t::bf16),
                         [](const auto& type) { return element::Type(type.param).to_string(); });

TEST(Convert, shapes_and_types_go_both_ways) {
  for (const char* text : {"[...]", "[]", "[1,3,?,1..8]", "[2..,0]"}) {
    EXPECT_EQ(from_ov(to_ov(PartialShape(text))).to_string(), text);
  }
  for (const element::Type type : {element::boolean, element::bf16, element::i4, element::u64, element::string}) {
    EXPECT_EQ(from_ov(*to_ov(type)), type);
    EXPECT_EQ(to_ov(type)->to_string(), type.to_string());
  }
  EXPECT_EQ(to_ov(element::dynamic), std::nullopt);
  EXPECT_TRUE(from_ov(ov::element::f4e2m1).is_dynamic());
}

TEST(Facts, ports_without_names_get_unique_sensible_ones) {
  const auto x = std::make_shared<ov::op::v0::Parameter>(ov::element::f32, ov::PartialShape{2, 4});
  x->set_friendly_name("picture");
  const auto axis = ov::op::v0::Constant::create(ov::element::i64, {}, {0});
  const auto split = std::make_shared<ov::op::v1::Split>(x, axis, 2);
  split->set_friendly_name("halves");
  const auto softmax = std::make_shared<ov::op::v8::Softmax>(split->output(1), 1);
  softmax->output(0).set_names({"z", "probability"});
  const ov::Model graph(ov::OutputVector{split->output(0), split->output(0), softmax}, ov::ParameterVector{x}, "net");
  const model::Facts facts = facts_of(graph, model::Format::kIr);
  EXPECT_EQ(facts.name, "net");
  EXPECT_EQ(facts.inputs[0].any_name(), "picture");
  EXPECT_EQ(facts.outputs[0].names, std::vector<std::string>{"halves.0"});
  EXPECT_EQ(facts.outputs[1].names, std::vector<std::string>{"halves.0:1"});
  EXPECT_EQ(facts.outputs[2].names, (std::vector<std::string>{"probability", "z"}));
  EXPECT_EQ(facts.output_is_distribution, (std::vector<bool>{false, false, true}));
  EXPECT_EQ(facts.operators, (std::vector<std::string>{"Softmax", "Split"}));
}

TEST(Facts, rt_info_is_text_by_path) {
  const auto x = std::make_shared<ov::op::v0::Parameter>(ov::element::f32, ov::PartialShape{1, 4});
  ov::Model graph(ov::OutputVector{x}, ov::ParameterVector{x});
  graph.set_rt_info("cat dog", "model_info", "labels");
  graph.set_rt_info(true, "model_info", "resize", "keep_ratio");
  graph.set_rt_info(3, "stage");
  using Path = std::vector<std::string>;
  const std::map<Path, std::string> expected = {{{"model_info", "labels"}, "cat dog"},
                                                {{"model_info", "resize", "keep_ratio"}, "YES"},
                                                {{"stage"}, "3"}};  // as OpenVINO writes it
  EXPECT_EQ(facts_of(graph, model::Format::kIr).metadata, expected);
}

TEST(Facts, rt_info_of_a_file_is_read_section_by_section) {
  BATON_TEST_DATA_FILE(xml, "models/ir_v10/face-detection-retail-0004/FP16/face-detection-retail-0004.xml");
  const model::Model model = read_file(xml, model::Format::kIr);
  const auto& metadata = model.facts().metadata;
  EXPECT_EQ(metadata.at({"conversion_parameters", "data_type"}), "FP16");
  EXPECT_EQ(metadata.at({"version"}), "10");
}

TEST(Facts, B1101_a_model_with_a_variable_is_stateful) {
  const auto x = std::make_shared<ov::op::v0::Parameter>(ov::element::f32, ov::PartialShape{1, 4});
  const auto variable = std::make_shared<ov::op::util::Variable>(
      ov::op::util::VariableInfo{ov::PartialShape{1, 4}, ov::element::f32, "memory"});
  const auto read = std::make_shared<ov::op::v6::ReadValue>(x, variable);
  const auto sum = std::make_shared<ov::op::v1::Add>(read, x);
  const auto assign = std::make_shared<ov::op::v6::Assign>(sum, variable);
  const ov::Model graph(ov::OutputVector{sum}, ov::SinkVector{assign}, ov::ParameterVector{x});
  EXPECT_TRUE(facts_of(graph, model::Format::kIr).stateful);
}

}  // namespace
}  // namespace baton::engine::openvino
