// SPDX-License-Identifier: Apache-2.0
// Copyright (C) 2026 The Baton authors
//
// Core without engines (BATON_ENGINES names none), written as an OpenVINO user writes.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <sstream>

#include "baton/openvino.hpp"

namespace {

using testing::AllOf;
using testing::Contains;
using testing::HasSubstr;
using testing::IsEmpty;

template <typename F>
ov::Exception error_of(const F& call) {
  try {
    call();
  } catch (const ov::Exception& error) {
    return error;
  }
  return {ov::ErrorCode::Internal, "nothing was thrown"};
}

TEST(Core, B240_what_auto_answers) {
  ov::Core core;
  EXPECT_EQ(core.get_property("AUTO", ov::device::full_name), "AUTO");
  EXPECT_EQ(core.get_property("MULTI", ov::device::full_name), "MULTI");
  EXPECT_THAT(core.get_property("AUTO", ov::available_devices), IsEmpty());
  const auto names = core.get_property("AUTO", ov::supported_properties);
  EXPECT_THAT(names, Contains("MODEL_PRIORITY"));
  EXPECT_THAT(core.get_property("MULTI", ov::supported_properties), testing::Not(Contains("KEEP_HELPER")));
  EXPECT_EQ(core.get_versions("AUTO").at("AUTO").buildNumber, ov::get_openvino_version().buildNumber);
}

TEST(Core, library_folders_are_refused_once_there_is_a_core) {
  ov::Core core;
  EXPECT_TRUE(core.get_engines().empty());
  EXPECT_EQ(error_of([] { ov::Core::add_library_folders({"/anywhere"}); }).code(), ov::ErrorCode::InvalidArgument);
}

TEST(Core, B260_defaults_read_back_from_auto) {
  ov::Core core;
  EXPECT_EQ(core.get_property("AUTO", ov::hint::performance_mode), ov::hint::PerformanceMode::LATENCY);
  EXPECT_EQ(core.get_property("AUTO", ov::hint::model_priority), ov::hint::Priority::MEDIUM);
  EXPECT_TRUE(core.get_property("AUTO", ov::intel_auto::enable_startup_fallback));
  EXPECT_TRUE(core.get_property("AUTO", ov::intel_auto::enable_runtime_fallback));
  EXPECT_EQ(core.get_property("AUTO", ov::auto_batch_timeout), 1000U);
  EXPECT_EQ(core.get_property("AUTO", ov::device::priorities), "");
  EXPECT_EQ(core.get_property("AUTO", ov::log::level), ov::log::Level::NO);
}

TEST(Core, B264_properties_belong_to_one_core) {
  ov::Core core, other;
  core.set_property("AUTO", ov::hint::model_priority(ov::hint::Priority::HIGH), ov::device::priorities("GPU", "CPU"));
  core.set_property("AUTO", {{"ENABLE_STARTUP_FALLBACK", "false"}, ov::log::level(ov::log::Level::DEBUG)});
  EXPECT_EQ(core.get_property("AUTO", ov::hint::model_priority), ov::hint::Priority::HIGH);
  EXPECT_EQ(core.get_property("AUTO", "AUTO_DEVICE_LIST").as<std::string>(), "GPU,CPU");
  EXPECT_FALSE(core.get_property("AUTO", ov::intel_auto::enable_startup_fallback));
  EXPECT_EQ(other.get_property("AUTO", ov::hint::model_priority), ov::hint::Priority::MEDIUM);
  EXPECT_TRUE(other.get_property("AUTO", ov::intel_auto::enable_startup_fallback));
}

TEST(Core, B215_cache_dir_for_everybody) {
  ov::Core core;
  core.set_property(ov::cache_dir("kept"));
  EXPECT_EQ(core.get_property("CACHE_DIR").as<std::string>(), "kept");
  EXPECT_EQ(core.get_property("AUTO", ov::cache_dir), "kept");
  EXPECT_EQ(error_of([&] { core.set_property(ov::num_streams(2)); }).code(), ov::ErrorCode::InvalidArgument);
}

TEST(Core, B1413_B1414_B1415_messages) {
  ov::Core core;
  EXPECT_THAT(error_of([&] { (void)core.get_property("AUTO", "NO_SUCH_KEY"); }).what(),
              AllOf(HasSubstr("[AUTO]"), HasSubstr("NO_SUCH_KEY")));
  EXPECT_THAT(error_of([&] { core.set_property("AUTO", ov::num_streams(2)); }).what(),
              AllOf(HasSubstr("[AUTO]"), HasSubstr("NUM_STREAMS")));
  EXPECT_THAT(error_of([&] {
                core.set_property("AUTO", {{"MODEL_PRIORITY", "URGENT"}});
              }).what(),
              HasSubstr("Invalid value for property MODEL_PRIORITY: URGENT"));
  EXPECT_THAT(error_of([&] {
                core.set_property("AUTO", {{"LOG_LEVEL", "LOG_LOUD"}});
              }).what(),
              HasSubstr("Unsupported log level"));
  EXPECT_EQ(error_of([&] {
              core.set_property("AUTO:CPU", {{"MODEL_PRIORITY", "LOW"}});
            }).code(),
            ov::ErrorCode::InvalidArgument);
}

TEST(Core, B245_properties_for_a_device_that_is_not_here_are_kept) {
  ov::Core core;
  EXPECT_NO_THROW(core.set_property("MYRIAD", {{"SOME_KEY", "1"}}));
  const auto error = error_of([&] { (void)core.get_property("MYRIAD", "SOME_KEY"); });
  EXPECT_EQ(error.code(), ov::ErrorCode::InvalidArgument);
  EXPECT_THAT(error.what(), HasSubstr("MYRIAD"));
}

TEST(Core, B1403_a_model_that_cannot_be_read_is_named) {
  ov::Core core;
  EXPECT_THAT(error_of([&] { core.compile_model("no/such/model.onnx"); }).what(), HasSubstr("no/such/model.onnx"));
  EXPECT_EQ(error_of([&] { (void)core.read_model("no/such/model.onnx"); }).code(), ov::ErrorCode::InvalidArgument);
  EXPECT_THAT(error_of([&] { (void)core.read_model(""); }).what(), HasSubstr("empty model"));
  EXPECT_THAT(error_of([&] { (void)core.read_model("", ov::Tensor()); }).what(), HasSubstr("empty model"));
  EXPECT_THAT(error_of([&] { core.compile_model(std::shared_ptr<ov::Model>(), "AUTO"); }).what(),
              HasSubstr("empty model"));
  EXPECT_EQ(error_of([&] { (void)core.read_model("not a model at all", ov::Tensor()); }).code(),
            ov::ErrorCode::InvalidArgument);
}

TEST(Core, B258_B1417_what_is_not_offered) {
  ov::Core core;
  std::istringstream stream;
  EXPECT_EQ(error_of([&] { core.query_model(nullptr, "AUTO"); }).code(), ov::ErrorCode::InvalidArgument);
  EXPECT_THROW(core.import_model(stream, "AUTO"), ov::NotImplemented);
  EXPECT_THROW(core.create_context("GPU", {}), ov::NotImplemented);
  EXPECT_THROW(core.get_default_context("GPU"), ov::NotImplemented);
}

TEST(Core, no_engine_means_no_device) {
  ov::runtime::Core core;
  EXPECT_THAT(core.get_available_devices(), IsEmpty());
  EXPECT_THAT(core.get_engines(), IsEmpty());
}

/// Never run: what it shows is that code written for OpenVINO's AUTO builds.
[[maybe_unused]] void tutorial(ov::Core& core) {
  std::shared_ptr<ov::Model> model = core.read_model("model.xml");
  model->reshape({{"data", ov::PartialShape{1, 3, 224, 224}}});
  ov::CompiledModel by_default = core.compile_model(model);
  ov::CompiledModel on_auto =
      core.compile_model(model, "AUTO:GPU,CPU", ov::hint::performance_mode(ov::hint::PerformanceMode::THROUGHPUT));
  on_auto = core.compile_model(model, "AUTO", ov::device::priorities("GPU", "CPU"), ov::hint::num_requests(4),
                               ov::device::properties("CPU", ov::num_streams(2), ov::enable_profiling(true)),
                               ov::device::properties("GPU", ov::num_streams(ov::streams::AUTO)));
  on_auto = core.compile_model("model.xml", "AUTO", {{"PERFORMANCE_HINT", "LATENCY"}});
  on_auto = core.compile_model(std::string("<net/>"), ov::Tensor(), "AUTO", ov::hint::allow_auto_batching(false));
  on_auto = core.compile_model("model.xml", ov::hint::execution_mode(ov::hint::ExecutionMode::ACCURACY));
  on_auto = core.compile_model(model, "MULTI", ov::device::priorities("CPU"),
                               ov::intel_auto::schedule_policy(ov::intel_auto::SchedulePolicy::ROUND_ROBIN),
                               ov::intel_auto::device_bind_buffer(false));
  const std::vector<std::string> devices = on_auto.get_property(ov::execution_devices);
  const std::uint32_t requests = on_auto.get_property(ov::optimal_number_of_infer_requests);
  std::vector<ov::InferRequest> pool(requests, on_auto.create_infer_request());
  for (const ov::Output<const ov::Node>& input : on_auto.inputs())
    pool[0].set_tensor(input, ov::Tensor(input.get_element_type(), input.get_shape()));
  const ov::Output<ov::Node> port = model->output(devices.front());
  pool[0].set_callback([&](std::exception_ptr error) {
    if (error) std::rethrow_exception(error);
  });
  pool[0].start_async();
  pool[0].wait();
  const float* values = pool[0].get_tensor(port).data<const float>();
  (void)values;
}

}  // namespace
