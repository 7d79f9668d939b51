// SPDX-License-Identifier: Apache-2.0
// Copyright (C) 2026 The Baton authors
//
// Failures, cancellations, hangs and lost devices of a simulation, and the simulation as a module.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <future>
#include <thread>

#include "engine/registry.h"
#include "sim/sim_fixture.h"

namespace baton::sim {
namespace {

using base::StatusCode;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using What = Entry::What;

TEST_F(SimTest, B002_a_load_fails_always_or_at_its_kth_time) {
  make(cpu_script(R"("load_ms": 20, "load_failures": [{"class": "OUT_OF_MEMORY", "message": "too big"}])"));
  const auto result = compile(compile_request());
  EXPECT_EQ(result.status().code(), StatusCode::kResourceExhausted);
  EXPECT_EQ(result.status().message(), "too big");
  EXPECT_EQ(now_ms(), 20);

  make(cpu_script(R"("load_failures": [{"from": 2, "to": 2}])"));
  EXPECT_TRUE(compile(compile_request()).is_ok());
  EXPECT_EQ(compile(compile_request()).status().code(), StatusCode::kDeviceFailed);
  EXPECT_TRUE(compile(compile_request()).is_ok());
}

TEST_F(SimTest, B002_the_kth_run_of_a_pair_fails_with_its_class) {
  make(cpu_script(
      R"("run_failures": [{"from": 2, "to": 2, "class": "ENGINE_ERROR", "message": "kernel failed"}, {"from": 4,
          "class": "DEVICE_LOST"}])"));
  const auto request = must_request(compile_request());
  EXPECT_EQ(run_code(*request), StatusCode::kOk);
  Inference second({1, 2, 3, 4}, {1, 4});
  second.start(*request);
  executor_.run_all();
  EXPECT_EQ(second.status.code(), StatusCode::kDeviceFailed);
  EXPECT_EQ(second.status.message(), "kernel failed");
  const auto other = must_request(compile_request());  // counted per pair, not per executable
  EXPECT_EQ(run_code(*other), StatusCode::kOk);
  EXPECT_EQ(run_code(*other), StatusCode::kDeviceLost);
  EXPECT_EQ(run_code(*request), StatusCode::kDeviceLost);
  EXPECT_EQ(record().entries(What::kRunEnded).back().code, StatusCode::kDeviceLost);
}

TEST_F(SimTest, B002_a_device_disappears_and_comes_back) {
  make(cpu_script(R"("load_ms": 10, "run_ms": 10)", R"("gone": [{"from_ms": 100, "to_ms": 200}])"));
  const auto request = must_request(compile_request());
  executor_.run_until(executor_.now() + std::chrono::milliseconds(85));
  Inference running({1, 2, 3, 4}, {1, 4});
  EXPECT_EQ(run_code(*request), StatusCode::kDeviceLost);  // began at 95, was lost at 100
  EXPECT_EQ(now_ms(), 100);
  EXPECT_EQ(compile(compile_request()).status().code(), StatusCode::kDeviceLost);
  EXPECT_TRUE(engine().enumerate({})->empty());
  EXPECT_EQ(now_ms(), 100);
  executor_.run_for(std::chrono::milliseconds(100));
  EXPECT_EQ(run_code(*request), StatusCode::kDeviceLost);  // what was loaded before is lost for good
  EXPECT_EQ(run_code(*must_request(compile_request())), StatusCode::kOk);
  EXPECT_EQ(engine().enumerate({})->size(), 1u);
}

TEST_F(SimTest, B002_a_load_ends_when_its_device_goes) {
  make(cpu_script(R"("load_ms": 1000)", R"("gone": [{"from_ms": 300}])"));
  EXPECT_EQ(compile(compile_request()).status().code(), StatusCode::kDeviceLost);
  EXPECT_EQ(now_ms(), 300);
}

TEST_F(SimTest, B001_device_memory_runs_out_and_is_given_back) {
  make(
      R"({"devices": [{"name": "GPU", "kind": "dgpu", "memory_mb": 100}], "pairs": [{"device": "GPU",
          "engine": "E", "memory_mb": 60}]})");
  auto first = must_compile(compile_request("GPU"));
  EXPECT_EQ(compile(compile_request("GPU")).status().code(), StatusCode::kResourceExhausted);
  first.reset();
  EXPECT_TRUE(compile(compile_request("GPU")).is_ok());
}

TEST_F(SimTest, B001_a_load_that_can_be_cancelled_ends_promptly) {
  make(cpu_script(R"("load_ms": 60000)"));
  std::stop_source stop;
  std::optional<engine::Engine::CompileResult> result;
  engine().start_compile(compile_request(), stop.get_token(), [&](auto r) { result = std::move(r); });
  executor_.run_for(std::chrono::milliseconds(5));
  stop.request_stop();
  EXPECT_FALSE(result.has_value());  // never inside the caller's request_stop
  executor_.run_ready();
  ASSERT_TRUE(result.has_value());
  EXPECT_EQ(result->status().code(), StatusCode::kCancelled);
  EXPECT_EQ(executor_.pending(), 0u);
  EXPECT_EQ(record().count(What::kCancelAsked), 1u);
}

TEST_F(SimTest, a_load_whose_stop_was_asked_before_ends_at_once) {
  make(cpu_script(R"("load_ms": 60000)"));
  std::stop_source stop;
  stop.request_stop();
  EXPECT_EQ(engine().compile(compile_request(), stop.get_token()).status().code(), StatusCode::kCancelled);
  EXPECT_EQ(now_ms(), 0);
}

TEST_F(SimTest, B001_a_load_that_cannot_be_cancelled_goes_on) {
  make(cpu_script(R"("load_ms": 500, "cancel_load": false)"));
  std::stop_source stop;
  stop.request_stop();
  EXPECT_TRUE(engine().compile(compile_request(), stop.get_token()).is_ok());
  EXPECT_EQ(now_ms(), 500);
}

TEST_F(SimTest, B001_a_run_that_can_be_cancelled_ends_promptly_and_frees_its_slot) {
  make(cpu_script(R"("run_ms": 1000)"));
  const auto request = must_request(compile_request());
  Inference started({1, 2, 3, 4}, {1, 4});
  started.start(*request);
  request->cancel();
  request->cancel();
  EXPECT_EQ(started.completions, 0);
  executor_.run_ready();
  EXPECT_EQ(started.completions, 1);
  EXPECT_EQ(started.status.code(), StatusCode::kCancelled);
  EXPECT_EQ(timed_run(*request), 1000);

  Inference blocking({1, 2, 3, 4}, {1, 4});
  executor_.run_at(executor_.now() + std::chrono::milliseconds(30), [&] { request->cancel(); });
  const double before = now_ms();
  EXPECT_EQ(blocking.run(*request).code(), StatusCode::kCancelled);
  EXPECT_EQ(now_ms() - before, 30);
  request->cancel();  // idle: no effect
  EXPECT_EQ(run_code(*request), StatusCode::kOk);
}

TEST_F(SimTest, B001_a_run_that_cannot_be_cancelled_goes_on) {
  make(cpu_script(R"("run_ms": 70, "cancel_run": false)"));
  const auto request = must_request(compile_request());
  Inference inference({1, 2, 3, 4}, {1, 4});
  inference.start(*request);
  request->cancel();
  executor_.run_all();
  EXPECT_TRUE(inference.status.is_ok());
  EXPECT_EQ(inference.completions, 1);
  EXPECT_EQ(now_ms(), 70);
}

TEST_F(SimTest, B002_hangs_last_until_they_are_cancelled) {
  make(cpu_script(R"("load_failures": [{"from": 2, "class": "HANG"}], "run_failures": [{"class": "HANG"}])"));
  const auto request = must_request(compile_request());
  Inference run({1, 2, 3, 4}, {1, 4});
  run.start(*request);
  std::stop_source stop;
  std::optional<engine::Engine::CompileResult> load;
  engine().start_compile(compile_request(), stop.get_token(), [&](auto r) { load = std::move(r); });
  executor_.run_for(std::chrono::hours(1));
  EXPECT_EQ(run.completions, 0);
  EXPECT_FALSE(load.has_value());
  request->cancel();
  stop.request_stop();
  executor_.run_ready();
  EXPECT_EQ(run.status.code(), StatusCode::kCancelled);
  ASSERT_TRUE(load.has_value());
  EXPECT_EQ(load->status().code(), StatusCode::kCancelled);
}

TEST_F(SimTest, a_hang_that_nobody_ends_is_dropped_with_the_simulation) {
  make(cpu_script(R"("load_failures": [{"class": "HANG"}])"));
  const auto alive = std::make_shared<int>(0);
  engine().start_compile(compile_request(), {}, [alive](auto) {});
  EXPECT_EQ(alive.use_count(), 2);
  simulation_.reset();
  EXPECT_EQ(alive.use_count(), 1);
}

TEST_F(SimTest, requests_outlive_their_executable_and_the_engines) {
  make(cpu_script(R"("run_ms": 5)"));
  auto executable = must_compile(compile_request());
  const auto request = executable->create_request().value();
  executable.reset();
  simulation_.reset();
  EXPECT_EQ(run_code(*request), StatusCode::kOk);
}

TEST_F(SimTest, B306_a_probe_can_be_slow_fail_or_throw) {
  const auto probe = [&](const std::string& what) {
    make(R"({"devices": [{"name": "GPU", "kind": "dgpu"}], "engines": [{"name": "E", "probe": )" + what +
         R"(}], "pairs": [{"device": "GPU", "engine": "E"}]})");
  };
  probe(R"({"delay_ms": 30})");
  EXPECT_EQ(engine().enumerate({})->size(), 1u);
  EXPECT_EQ(now_ms(), 30);
  probe(R"({"error": "driver is old"})");
  EXPECT_EQ(engine().enumerate({}).status().message(), "driver is old");
  probe(R"({"throws": true})");
  EXPECT_ANY_THROW((void)engine().enumerate({}));
}

/// On real threads: the same code, the executor of the process.
TEST(SimThreads, runs_started_blocked_and_cancelled_from_many_threads_complete_once) {
  NoLog log;
  engine::ModuleContext context;
  context.executor = &base::thread_executor();
  context.log = &log;
  auto simulation = make_simulation(cpu_script(R"("load_ms": 1, "run_ms": 0.2, "slots": 2)"), context);
  ASSERT_TRUE(simulation.is_ok()) << simulation.status().message();
  engine::CompileRequest request;
  request.model = SimTest::make_model();
  request.device = "CPU";
  const auto executable = simulation->engines[0]->compile(request, {}).value();
  std::atomic<int> completions = 0;
  constexpr int kThreads = 4, kRuns = 50;
  const auto use = [&](int thread) {
    const auto slot = executable->create_request().value();
    for (int i = 0; i < kRuns; ++i) {
      Inference inference({1, 2, 3, 4}, {1, 4});
      if (thread % 2 == 0) {
        const auto status = inference.run(*slot);
        completions += status.is_ok() ? 1 : 0;
        continue;
      }
      std::promise<base::StatusCode> done;
      EXPECT_TRUE(slot->start({&inference.input, 1}, {&inference.sink_pointer, 1},
                              [&](base::Status status) { done.set_value(status.code()); }));
      if (i % 2 == 0) slot->cancel();
      const auto code = done.get_future().get();
      completions += code == StatusCode::kOk || code == StatusCode::kCancelled ? 1 : 0;
    }
  };
  std::vector<std::jthread> threads;
  for (int thread = 0; thread < kThreads; ++thread) threads.emplace_back(use, thread);
  threads.clear();
  EXPECT_EQ(completions, kThreads * kRuns);
  EXPECT_EQ(simulation->recorder->count(What::kRunStarted), simulation->recorder->count(What::kRunEnded));
}

TEST(SimThreads, a_stop_that_was_asked_before_the_load_never_loses_against_its_end) {
  NoLog log;
  engine::ModuleContext context;
  context.executor = &base::thread_executor();
  context.log = &log;
  auto simulation = make_simulation(cpu_script(R"("load_ms": 0)"), context);
  ASSERT_TRUE(simulation.is_ok()) << simulation.status().message();
  engine::CompileRequest request;
  request.model = SimTest::make_model();
  request.device = "CPU";
  std::stop_source stop;
  stop.request_stop();
  int cancelled = 0;
  constexpr int kLoads = 2000;
  for (int i = 0; i < kLoads; ++i) {
    const auto executable = simulation->engines[0]->compile(request, stop.get_token());
    cancelled += executable.status().code() == StatusCode::kCancelled ? 1 : 0;
  }
  EXPECT_EQ(cancelled, kLoads);
}

/// The same through the registry, as the runtime uses it.
class SimModule : public SimTest {
 protected:
  engine::DeviceList devices(const std::string& script, std::vector<std::string> only = {}) {
    engine::RegistryOptions options;
    options.executor = &executor_;
    options.log = &log_;
    options.module_path = {BATON_SIM_MODULE};
    options.os_root = "/nonexistent";
    options.sim_script = script;
    options.only_engines = std::move(only);
    registry_.emplace(options);
    return registry_->devices({});
  }
  static std::vector<std::string> names(const engine::DeviceList& list) {
    std::vector<std::string> result;
    for (const auto& device : list.devices) result.push_back(device.name);
    return result;
  }
  std::optional<engine::Registry> registry_;
};

constexpr const char* kTwoDevices =
    R"({"only": true, "devices": [{"name": "CPU", "kind": "cpu"}, {"name": "GPU.3", "kind": "dgpu"}],
  "pairs": [{"device": "CPU", "engine": "E1", "load_ms": 4}, {"device": "CPU", "engine": "E2"},
      {"device": "GPU.3", "engine": "E2"}]})";

TEST_F(SimModule, B302_the_machine_consists_of_the_scripted_devices_with_their_names) {
  const auto list = devices(kTwoDevices);
  ASSERT_THAT(names(list), ElementsAre("CPU", "GPU.3"));
  EXPECT_TRUE(list.missing_engines.empty());
  EXPECT_EQ(list.devices[0].engines.size(), 2u);
  EXPECT_EQ(registry_->manifests().size(), 2u);
  auto request = compile_request();
  const auto executable = registry_->engine("E1").value()->compile(request, {});
  ASSERT_TRUE(executable.is_ok()) << executable.status().message();
  EXPECT_EQ(run_code(*executable.value()->create_request().value()), StatusCode::kOk);
}

TEST_F(SimModule, without_a_script_there_is_no_simulation) {
  devices("");
  for (const auto& manifest : registry_->manifests()) EXPECT_NE(manifest.name, "sim");
  EXPECT_EQ(registry_->engine("sim").status().code(), StatusCode::kNotFound);
}

TEST_F(SimModule, a_bad_script_is_one_clear_line) {
  const auto list = devices(R"({"devices": []})");
  ASSERT_FALSE(list.missing_engines.empty());
  EXPECT_EQ(list.missing_engines.back().engine, "sim");
  EXPECT_EQ(list.missing_engines.back().reason, "simulation script: pairs: missing");
}

TEST_F(SimModule, the_simulation_is_offered_only_if_allowed) {
  devices(kTwoDevices, {"openvino"});
  for (const auto& manifest : registry_->manifests()) EXPECT_EQ(manifest.name, "openvino");
  EXPECT_THAT(names(devices(kTwoDevices, {"sim"})), ElementsAre("CPU", "GPU.3"));
}

TEST_F(SimModule, B307_simulated_devices_are_asked_for_at_every_listing) {
  const std::string script = R"({"only": true, "devices": [{"name": "GPU", "kind": "dgpu", "gone": [{"from_ms": 50}]}],
    "pairs": [{"device": "GPU", "engine": "E"}]})";
  // The module's clock starts when it is opened, that is, with the first listing.
  EXPECT_THAT(names(devices(script)), ElementsAre("GPU"));
  executor_.run_for(std::chrono::milliseconds(50));
  EXPECT_THAT(names(registry_->devices({})), ElementsAre());
}

}  // namespace
}  // namespace baton::sim
