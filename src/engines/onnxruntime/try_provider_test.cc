// SPDX-License-Identifier: Apache-2.0
// Copyright (C) 2026 The Baton authors
//
// The real trial program with the real ONNX Runtime, on provider libraries that misbehave: what they do happens in a
// child process, and engines of this process go on (B-306).
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <barrier>
#include <chrono>
#include <filesystem>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "base/executor.h"
#include "contract/engine_harness.h"
#include "engine/foreign_provider.h"
#include "engine/registry.h"
#include "foreign_engine.h"
#include "foreign_library.h"
#include "ort_library.h"
#include "overlap_trial.h"
#include "support/temporary_folder.h"
#include "trial_models.h"

namespace baton::engine::onnxruntime {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;

class TryProvider : public ::testing::Test {
 protected:
  void SetUp() override {
    auto library = OrtLibrary::open(test::library_folders());
    if (!library.is_ok()) GTEST_SKIP() << library.status().message();
  }

  static ForeignProvider provider(const std::string& library) {
    ForeignProvider provider;
    provider.engine = "onnxruntime.test";
    provider.library = library;
    provider.trial = BATON_TRY_PROVIDER;
    return provider;
  }
  static std::unique_ptr<ProviderTrials> trials(const std::string& library,
                                                std::chrono::milliseconds limit = std::chrono::seconds(30)) {
    return std::make_unique<ProviderTrials>(
        ProviderTrials::Options{.search_path = test::library_folders(), .folder = {}, .limit = limit},
        std::vector{provider(library)});
  }
  static std::string reason(const std::string& library, std::chrono::milliseconds limit = std::chrono::seconds(30)) {
    const auto verdict = trials(library, limit)->ask("onnxruntime.test");
    return verdict.is_ok() ? "accepted" : verdict.status().message();
  }
  /// What both trials say of a provider that misbehaves as its name says while it has several sessions.
  static Overlap overlap(const std::string& name, std::chrono::milliseconds limit = std::chrono::seconds(30)) {
    const auto both = trials(test_library(name), limit);
    const auto first = both->ask("onnxruntime.test");
    EXPECT_TRUE(first.is_ok()) << first.status().message();
    both->try_overlap("onnxruntime.test");
    const auto verdict = both->known("onnxruntime.test");
    EXPECT_TRUE(verdict && verdict->is_ok()) << "it costs the provider nothing else";
    return verdict && verdict->is_ok() ? verdict->value().overlap : Overlap();
  }
  static std::string test_library(const std::string& name) {
    return std::string(BATON_TEST_PROVIDERS) + "/libbaton_test_provider_" + name + ".so";
  }
};

TEST_F(TryProvider, B306_one_that_crashes_costs_a_line) {
  EXPECT_THAT(reason(test_library("crashing")),
              HasSubstr("ended a child process that tried it (signal 11) while registering the library"));
}

TEST_F(TryProvider, B306_one_that_ends_the_process_costs_a_line) {
  EXPECT_THAT(reason(test_library("leaving")),
              HasSubstr("ended a child process that tried it (exit status 5) while registering the library"));
}

TEST_F(TryProvider, B306_one_that_hangs_is_ended) {
  EXPECT_THAT(reason(test_library("hanging"), std::chrono::seconds(3)),
              HasSubstr("hung for 3000 ms in a child process that tried it, while registering the library"));
}

TEST_F(TryProvider, B306_what_one_prints_is_no_verdict) {
  EXPECT_EQ(reason(test_library("talk")), "accepted");
  EXPECT_EQ(overlap("talk").state, Overlap::State::kProven);
}

TEST_F(TryProvider, B306_a_library_that_is_no_provider_says_so) {
  EXPECT_THAT(reason("/no/such/library.so"), HasSubstr("cannot use /no/such/library.so"));
  EXPECT_THAT(reason(BATON_ENGINE_MODULE), HasSubstr("CreateEpFactories"));
}

TEST_F(TryProvider, B306_one_that_offers_the_cpu_and_runs_nothing_there_says_so) {
  EXPECT_THAT(reason(test_library("absent")),
              AllOf(HasSubstr("its provider offers nothing but the CPU here, and runs nothing on that"),
                    HasSubstr("no hardware of ours")));
}

TEST_F(TryProvider, what_its_package_brings_is_opened_and_why_it_reaches_nothing_is_its_own_word) {
  EXPECT_THAT(reason(std::string(BATON_TEST_PACKAGE) + "/libbaton_test_provider_needing.so"),
              AllOf(HasSubstr("the library is registered, but its provider supports no device of this machine"),
                    HasSubstr("it says: only devices of tomorrow will do")));
}

TEST_F(TryProvider, libraries_of_nvidias_packages_beside_it_are_found) {
  const test::TemporaryFolder site;
  const std::filesystem::path package = BATON_TEST_PACKAGE;
  for (const char* name : {"libbaton_test_provider_needing.so", "libbaton_test_needed.so.1.2.3"}) {
    std::filesystem::create_directories(site.path() / "onnxruntime_ep_needing");
    std::filesystem::copy(package / name, site.path() / "onnxruntime_ep_needing" / name);
  }
  const std::string file = (site.path() / "onnxruntime_ep_needing/libbaton_test_provider_needing.so").string();
  EXPECT_THAT(reason(file), HasSubstr("libbaton_test_inner.so.2"));
  std::filesystem::create_directories(site.path() / "nvidia/cu13/lib");
  std::filesystem::copy(package / "libbaton_test_inner.so.2.0",
                        site.path() / "nvidia/cu13/lib/libbaton_test_inner.so.2");
  EXPECT_THAT(reason(file), HasSubstr("the library is registered"));
}

TEST_F(TryProvider, what_it_needs_and_what_is_nowhere_is_named) {
  const test::TemporaryFolder folder;
  const std::string name = "libbaton_test_provider_needing.so";
  std::filesystem::copy(std::string(BATON_TEST_PACKAGE) + "/" + name, folder.path() / name);
  const std::string file = (folder.path() / name).string();
  const std::string text = reason(file);
  EXPECT_THAT(text, HasSubstr("cannot use " + file + ": libbaton_test_needed.so.1 not found, searched "));
  EXPECT_THAT(text, HasSubstr(", " + folder.path().string()));
  EXPECT_THAT(text, HasSubstr("the system's libraries"));
}

TEST_F(TryProvider, the_same_in_the_process_of_the_application) {
  auto library = OrtLibrary::open(test::library_folders());
  ASSERT_TRUE(library.is_ok());
  static ForeignLibrary foreign(*library.value().release(), "onnxruntime.needing",
                                std::string(BATON_TEST_PACKAGE) + "/libbaton_test_provider_needing.so");
  const base::Status status = foreign.open();
  EXPECT_TRUE(status.is_ok()) << status.message();
  EXPECT_TRUE(foreign.reports().empty());
}

constexpr const char* kAtOnce = "4 threads loaded, ran and ended models at once";

TEST_F(TryProvider, B827_one_that_bears_several_sessions_is_proven_to) {
  const Overlap proven = overlap("compute");
  EXPECT_EQ(proven.state, Overlap::State::kProven) << proven.reason;
}

TEST_F(TryProvider, B827_one_that_several_sessions_crash_stays_serial) {
  const Overlap refuted = overlap("crash");
  EXPECT_EQ(refuted.state, Overlap::State::kRefuted);
  EXPECT_THAT(refuted.reason, HasSubstr(std::string("(signal 11) while ") + kAtOnce));
}

TEST_F(TryProvider, B827_one_that_several_sessions_hang_stays_serial) {
  const Overlap refuted = overlap("hang", std::chrono::seconds(3));
  EXPECT_EQ(refuted.state, Overlap::State::kRefuted);
  EXPECT_THAT(refuted.reason, HasSubstr(std::string("hung for 3000 ms")));
  EXPECT_THAT(refuted.reason, HasSubstr(kAtOnce));
}

TEST_F(TryProvider, B827_one_that_refuses_or_miscomputes_with_several_sessions_stays_serial) {
  const Overlap refusing = overlap("refuse");
  EXPECT_EQ(refusing.state, Overlap::State::kRefuted);
  EXPECT_THAT(refusing.reason, HasSubstr("the device is in use"));
  const Overlap wrong = overlap("miscompute");
  EXPECT_EQ(wrong.state, Overlap::State::kRefuted);
  EXPECT_THAT(wrong.reason, HasSubstr(std::string("failed when ") + kAtOnce + ": an answer was wrong"));
}

/// The library in this process, as an engine: what the trial proved is what the engine does.
TEST_F(TryProvider, B827_an_engine_is_parallel_once_that_is_proven) {
  auto library = OrtLibrary::open(test::library_folders());
  ASSERT_TRUE(library.is_ok());
  const auto trials = TryProvider::trials(test_library("compute"));
  auto& engine = *new ForeignEngine(std::move(library).value(), provider(test_library("compute")), trials.get());
  CompileRequest request;
  request.model = trial_model(chain()).value();
  request.device = "0";
  request.hint = Hint::kThroughput;

  const auto serial = engine.compile(request, {});
  ASSERT_TRUE(serial.is_ok()) << serial.status().message();
  EXPECT_EQ(serial.value()->traits().concurrency, Concurrency::kSerialPerEngine);
  EXPECT_EQ(serial.value()->traits().optimal_requests, 1u);
  EXPECT_EQ(engine.device_property("0", "OPTIMAL_NUMBER_OF_INFER_REQUESTS").value(), "1");
  EXPECT_EQ(engine.enumerate({})->at(0).serial_group, "onnxruntime.test");

  trials->try_overlap("onnxruntime.test");
  const auto parallel = engine.compile(request, {});
  ASSERT_TRUE(parallel.is_ok()) << parallel.status().message();
  EXPECT_EQ(parallel.value()->traits().concurrency, Concurrency::kParallel);
  EXPECT_EQ(parallel.value()->traits().optimal_requests, 2u);
  EXPECT_EQ(engine.device_property("0", "RANGE_FOR_ASYNC_INFER_REQUESTS").value(), "1 2 1");
  EXPECT_FALSE(engine.device_property("0", "OPTIMAL_NUMBER_OF_INFER_REQUESTS").is_ok()) << "it depends on the hint";
  EXPECT_EQ(engine.enumerate({})->at(0).serial_group, "");
  EXPECT_TRUE(try_overlap(engine, "0", {.rounds = 20}).is_ok()) << "beside a session that takes turns";

  request.num_requests = 1;
  EXPECT_EQ(engine.compile(request, {}).value()->traits().optimal_requests, 1u);
  request.num_requests = 0;
  request.hint = Hint::kLatency;
  EXPECT_EQ(engine.compile(request, {}).value()->traits().optimal_requests, 1u);
}

/// Which devices are whose is told from the list before and after, which is the whole process's.
TEST_F(TryProvider, B306_libraries_that_are_opened_at_once_get_their_own_devices) {
  auto library = OrtLibrary::open(test::library_folders());
  ASSERT_TRUE(library.is_ok());
  auto& shared = *library.value().release();
  std::vector<std::unique_ptr<ForeignLibrary>> all;
  for (const char* name : {"compute", "crash", "hang", "refuse", "miscompute", "absent"})
    all.push_back(std::make_unique<ForeignLibrary>(shared, std::string("onnxruntime.") + name, test_library(name)));
  {
    std::barrier start(static_cast<std::ptrdiff_t>(all.size()));
    std::vector<std::jthread> threads;
    for (auto& foreign : all) {
      threads.emplace_back([&foreign, &start] {
        start.arrive_and_wait();
        EXPECT_TRUE(foreign->open().is_ok());
      });
    }
  }
  for (const auto& foreign : all) {
    ASSERT_EQ(foreign->reports().size(), 1u);
    EXPECT_EQ(foreign->reports().front().handle, "0");
    EXPECT_EQ(foreign->device_count(), 1u);
  }
}

TEST_F(TryProvider, B306_what_misbehaves_is_a_missing_engine_among_engines_that_work) {
  const test::TemporaryFolder folder;
  RegistryOptions options;
  options.executor = &base::thread_executor();
  options.log = &test::silent_log();
  options.module_path = {BATON_ENGINE_FOLDER};
  options.library_path = test::library_folders();
  options.provider_libraries = {test_library("crashing"), test_library("leaving")};
  options.verdict_folder = folder.path();
  auto& registry = *new Registry(std::move(options));  // leaked, like engines
  const DeviceList list = registry.devices({});
  ASSERT_FALSE(list.devices.empty());
  EXPECT_EQ(list.devices.front().name, "CPU");
  int reasons = 0;
  for (const auto& missing : list.missing_engines) {
    if (missing.engine == "onnxruntime.baton_test_provider_crashing") ++reasons;
    if (missing.engine == "onnxruntime.baton_test_provider_leaving") ++reasons;
  }
  EXPECT_EQ(reasons, 2);
  const auto crashing = registry.engine("onnxruntime.baton_test_provider_crashing");
  ASSERT_TRUE(crashing.is_ok()) << crashing.status().message();
  EXPECT_FALSE(crashing.value()->usable().is_ok());
  CompileRequest request;
  request.model.data = std::make_shared<const model::ModelData>(model::Source(), model::Facts());
  request.device = "0";
  EXPECT_FALSE(crashing.value()->compile(request, {}).is_ok()) << "and the library was not opened here for it";
  EXPECT_TRUE(registry.engine("onnxruntime").is_ok());
}

}  // namespace
}  // namespace baton::engine::onnxruntime
