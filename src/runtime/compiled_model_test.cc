// SPDX-License-Identifier: Apache-2.0
// Copyright (C) 2026 The Baton authors
#include "baton/compiled_model.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <sstream>

#include "baton/auto_device.hpp"
#include "baton/exception.hpp"
#include "runtime/fake_model.h"

namespace baton::runtime::test {
namespace {

using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;

std::shared_ptr<FakeModel> fake_on(const char* device) {
  autodev::CompileSpec spec;
  spec.device = policy::parse_device_string(device).value();
  auto fake = std::make_shared<FakeModel>(std::move(spec));
  fake->state.phase = policy::Phase::kHelper;
  fake->state.generation = 1;
  fake->state.execution_devices = {"(CPU)"};
  fake->state.execution_engines = {"(onnxruntime)"};
  fake->state.optimal_requests = 4;
  fake->state.accepted_devices = {"GPU.1", "CPU"};
  return fake;
}

template <typename F>
Exception error_of(const F& call) {
  try {
    call();
  } catch (const Exception& error) {
    return error;
  }
  return {ErrorCode::Internal, "nothing was thrown"};
}

TEST(CompiledModel, B231_to_B237_typed_and_text) {
  const CompiledModel model = compiled(fake_on("AUTO"), make_table(), {{"PERFORMANCE_HINT", "THROUGHPUT"}});
  EXPECT_THAT(model.get_property(execution_devices), ElementsAre("(CPU)"));
  EXPECT_EQ(model.get_property("EXECUTION_DEVICES").as<std::string>(), "(CPU)");
  EXPECT_THAT(model.get_property(auto_device::execution_engines), ElementsAre("(onnxruntime)"));
  EXPECT_EQ(model.get_property(auto_device::execution_phase), "HELPER");
  EXPECT_EQ(model.get_property(auto_device::execution_generation), 1U);
  EXPECT_EQ(model.get_property(optimal_number_of_infer_requests), 4U);
  EXPECT_EQ(model.get_property(model_name), "copy");
  EXPECT_FALSE(model.get_property(loaded_from_cache));
  EXPECT_THAT(model.get_property(auto_device::selection_report), HasSubstr("\"schema\""));
}

TEST(CompiledModel, B241_what_else_is_readable) {
  const CompiledModel model = compiled(fake_on("AUTO"), make_table(), {{"PERFORMANCE_HINT", "THROUGHPUT"}});
  EXPECT_EQ(model.get_property(hint::performance_mode), hint::PerformanceMode::THROUGHPUT);
  EXPECT_EQ(model.get_property(hint::model_priority), hint::Priority::MEDIUM);
  EXPECT_EQ(model.get_property(device::priorities), "GPU.1,CPU");
  EXPECT_EQ(model.get_property("AUTO_DEVICE_LIST").as<std::string>(), "GPU.1,CPU");
  EXPECT_EQ(model.get_property(auto_batch_timeout), 1000U);
  EXPECT_EQ(model.get_property(device::properties).at("CPU").as<AnyMap>().at("NUM_STREAMS").as<int>(), 2);
}

TEST(CompiledModel, B1413_other_keys_are_refused_by_name) {
  const CompiledModel model = compiled(fake_on("AUTO"));
  for (const char* key : {"NO_SUCH_KEY", "ENABLE_STARTUP_FALLBACK", "NUM_STREAMS", "SCHEDULE_POLICY"}) {
    const Exception error = error_of([&] { (void)model.get_property(key); });
    EXPECT_EQ(error.code(), ErrorCode::InvalidArgument);
    EXPECT_THAT(error.what(), HasSubstr("[AUTO]"));
    EXPECT_THAT(error.what(), HasSubstr(key));
  }
}

TEST(CompiledModel, a_direct_device_answers_what_its_engine_knows) {
  const CompiledModel model = compiled(fake_on("CPU"), make_table(), {{"PERF_COUNT", "NO"}});
  EXPECT_EQ(model.get_property(num_streams).num, 2);
  EXPECT_FALSE(model.get_property(enable_profiling));
  EXPECT_THAT(error_of([&] { (void)model.get_property("NO_SUCH_KEY"); }).what(), HasSubstr("[CPU]"));
}

TEST(CompiledModel, B239_supported_properties_are_all_readable_and_mark_what_can_be_set) {
  const CompiledModel model = compiled(fake_on("AUTO"));
  const auto names = model.get_property(supported_properties);
  std::vector<std::string> mutables;
  for (const PropertyName& name : names) {
    EXPECT_NO_THROW((void)model.get_property(name)) << name;
    if (name.is_mutable()) mutables.push_back(name);
  }
  EXPECT_THAT(mutables, testing::UnorderedElementsAre("AUTO_BATCH_TIMEOUT", "HANDOVER_HOLD"));
  EXPECT_THAT(names, Not(Contains("NUM_STREAMS")));
}

TEST(CompiledModel, B251_B1416_only_run_time_keys_can_be_set) {
  auto fake = fake_on("AUTO");
  CompiledModel model = compiled(fake);
  model.set_property(auto_device::handover_hold(true));
  EXPECT_TRUE(fake->hold);
  EXPECT_TRUE(model.get_property(auto_device::handover_hold));
  model.set_property({{"AUTO_BATCH_TIMEOUT", 5}});
  EXPECT_EQ(model.get_property(auto_batch_timeout), 5U);
  for (const char* key : {"PERFORMANCE_HINT", "NUM_STREAMS"}) {
    const Exception error = error_of([&] { model.set_property({{key, "LATENCY"}, {"HANDOVER_HOLD", "NO"}}); });
    EXPECT_EQ(error.code(), ErrorCode::NotImplemented);
    EXPECT_THAT(error.what(), HasSubstr(key));
    EXPECT_TRUE(fake->hold) << "all or nothing";
  }
  EXPECT_EQ(error_of([&] { model.set_property({{"HANDOVER_HOLD", "perhaps"}}); }).code(), ErrorCode::InvalidArgument);
}

TEST(CompiledModel, B1515_ports) {
  const CompiledModel model = compiled(fake_on("AUTO"));
  EXPECT_EQ(model.inputs().size(), 1U);
  EXPECT_EQ(model.input().get_any_name(), "x");
  EXPECT_EQ(model.input("x:0"), model.input(0));
  EXPECT_EQ(model.output().get_shape(), (Shape{1, 4}));
  EXPECT_EQ(model.output("y").get_element_type(), element::f32);
  EXPECT_THROW((void)model.input(1), Exception);
  EXPECT_THROW((void)model.output("x"), Exception);
}

TEST(CompiledModel, B544_the_last_handle_closes_the_model) {
  auto fake = fake_on("AUTO");
  {
    CompiledModel first = compiled(fake);
    CompiledModel second = first;
    first.release();
    EXPECT_FALSE(first);
    EXPECT_EQ(fake->closed, 0);
  }
  EXPECT_EQ(fake->closed, 1);
}

TEST(CompiledModel, B1209_B1211_events_reach_the_listener_and_its_exceptions_nobody) {
  EventHub hub(std::make_shared<LevelSink>(base::LogLevel::kNone), "AUTO");
  std::vector<Event> seen;
  policy::Event event;
  event.type = policy::EventType::kSwitched;
  event.phase = policy::Phase::kDraining;
  event.device = "GPU.1";
  event.generation = 2;
  event.values["ms"] = 3;
  hub.handle(event);  // nobody listens
  hub.set_callback([&](const Event& e) {
    seen.push_back(e);
    throw 1;
  });
  hub.handle(event);
  hub.set_callback(nullptr);
  hub.handle(event);
  ASSERT_EQ(seen.size(), 1U);
  EXPECT_EQ(seen[0].type, "SWITCHED");
  EXPECT_EQ(seen[0].phase, "DRAINING");
  EXPECT_EQ(seen[0].device, "GPU.1");
  EXPECT_EQ(seen[0].generation, 2U);
  EXPECT_EQ(seen[0].values.at("ms"), 3);
}

TEST(CompiledModel, B544_B1211_the_last_handle_takes_leave_of_the_listener) {
  auto fake = fake_on("AUTO");
  auto events = std::make_shared<EventHub>(std::make_shared<LevelSink>(base::LogLevel::kNone), "AUTO");
  int calls = 0;
  {
    const CompiledModel model(
        std::make_shared<CompiledModel::Handle>(CompiledModel::Handle::Parts{.model = fake,
                                                                             .ports = make_table(),
                                                                             .executor = &base::thread_executor(),
                                                                             .events = events,
                                                                             .properties = {}}));
    events->set_callback([&](const Event&) { ++calls; });
    events->handle({});
  }
  events->handle({});  // what was under way when the model went
  EXPECT_EQ(calls, 1);
}

TEST(CompiledModel, B258_B1417_what_is_not_offered) {
  const CompiledModel model = compiled(fake_on("AUTO"));
  std::ostringstream stream;
  EXPECT_THROW(model.export_model(stream), NotImplemented);
  EXPECT_THROW((void)model.get_runtime_model(), NotImplemented);
  EXPECT_EQ(error_of([] { CompiledModel().create_infer_request(); }).code(), ErrorCode::InvalidArgument);
}

}  // namespace
}  // namespace baton::runtime::test
