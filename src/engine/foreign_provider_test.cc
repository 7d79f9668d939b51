// SPDX-License-Identifier: Apache-2.0
// Copyright (C) 2026 The Baton authors
#include "engine/foreign_provider.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <sys/resource.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <thread>

#include "support/temporary_folder.h"

namespace baton::engine {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
namespace fs = std::filesystem;

// --- finding them
// ----------------------------------------------------------------------------------------------------------

const std::vector<std::string> kPackages{"onnxruntime_ep_*", "onnxruntime_qnn"};

std::vector<std::string> engines(const std::vector<ForeignProvider>& providers) {
  std::vector<std::string> names;
  for (const ForeignProvider& provider : providers) names.push_back(provider.engine);
  return names;
}

TEST(FindProviders, packages_beside_that_of_the_library_are_found_with_their_version) {
  const test::TemporaryFolder site;
  site.write("onnxruntime/capi/libonnxruntime.so.1", "");
  site.write("onnxruntime_ep_webgpu/libonnxruntime_providers_webgpu.so", "");
  site.write("onnxruntime_ep_webgpu/__init__.py", "");
  site.write("onnxruntime_ep_webgpu-0.4.0.dist-info/METADATA", "");
  site.write("onnxruntime_qnn/libQnnSystem.so", "");
  site.write("onnxruntime_qnn/libonnxruntime_providers_qnn.so", "");
  site.write("onnxruntime_ep_acme/libAcme-EP.so.2", "");
  site.write("onnxruntime_ep_puzzling/libone.so", "");
  site.write("onnxruntime_ep_puzzling/libtwo.so", "");
  site.write("onnxruntime_genai/libonnxruntime_providers_other.so", "");
  const std::vector<std::string> path{(site.path() / "onnxruntime/capi").string(),
                                      (site.path() / "openvino/libs").string()};
  const auto found = find_providers("onnxruntime.", kPackages, path, {});
  EXPECT_THAT(engines(found), ElementsAre("onnxruntime.acme_ep", "onnxruntime.webgpu", "onnxruntime.qnn"));
  EXPECT_EQ(found[1].version, "0.4.0");
  EXPECT_EQ(found[1].library.filename(), "libonnxruntime_providers_webgpu.so");
  EXPECT_TRUE(found[1].library.is_absolute());
}

TEST(FindProviders, a_package_may_be_installed_under_a_longer_name) {
  const test::TemporaryFolder site;
  site.write("onnxruntime_ep_rtx/libonnxruntime_providers_rtx.so", "");
  site.write("onnxruntime_ep_rtx_cu13-0.5.0.dist-info/METADATA", "");
  site.write("onnxruntime_ep_rtx/libtensorrt_rtx.so.1.7.1", "");
  site.write("onnxruntime_ep_nv/libonnxruntime_providers_nv.so", "");
  site.write("onnxruntime_ep_nv_lite/libonnxruntime_providers_nv_lite.so", "");
  site.write("onnxruntime_ep_nv_lite-3.0.dist-info/METADATA", "");
  site.write("onnxruntime_ep_nvx-4.0.dist-info/METADATA", "");
  const std::vector<std::string> path{site.path().string()};
  const auto found = find_providers("onnxruntime.", kPackages, path, {});
  ASSERT_THAT(engines(found), ElementsAre("onnxruntime.nv", "onnxruntime.nv_lite", "onnxruntime.rtx"));
  EXPECT_EQ(found[0].version, "") << "that of another package is not its own";
  EXPECT_EQ(found[1].version, "3.0");
  EXPECT_EQ(found[2].version, "0.5.0");
}

TEST(FindProviders, packages_in_a_library_folder_itself_are_found) {
  const test::TemporaryFolder folder;
  folder.write("onnxruntime_ep_webgpu/libonnxruntime_providers_webgpu.so", "");
  const std::vector<std::string> path{folder.path().string()};
  EXPECT_THAT(engines(find_providers("onnxruntime.", kPackages, path, {})), ElementsAre("onnxruntime.webgpu"));
}

TEST(FindProviders, a_library_that_the_user_names_comes_before_that_of_a_package) {
  const test::TemporaryFolder site;
  site.write("onnxruntime_ep_webgpu/libonnxruntime_providers_webgpu.so", "");
  const std::vector<std::string> path{site.path().string()};
  const std::vector<std::string> named{"/opt/new/libonnxruntime_providers_WebGPU.so.1", "/opt/libspecial.so",
                                       "/opt/lib_plugin.so"};
  const auto found = find_providers("onnxruntime.", kPackages, path, named);
  EXPECT_THAT(engines(found), ElementsAre("onnxruntime.webgpu", "onnxruntime.special", "onnxruntime._plugin"));
  EXPECT_EQ(found[0].library, "/opt/new/libonnxruntime_providers_WebGPU.so.1");
  EXPECT_TRUE(found[0].by_user);
}

TEST(FindProviders, a_folder_that_is_named_is_one_that_cannot_be_used_and_not_nothing) {
  const std::vector<std::string> named{"/opt/acme/"};
  const auto found = find_providers("onnxruntime.", kPackages, {}, named);
  ASSERT_EQ(found.size(), 1u);
  EXPECT_EQ(found[0].engine, "onnxruntime.acme");
  EXPECT_EQ(found[0].library, "/opt/acme");
}

TEST(FindProviders, files_of_one_library_are_one_engine_named_without_what_it_is) {
  const test::TemporaryFolder site;
  for (const char* end : {".so", ".so.1", ".so.1.8.1"})
    site.write(std::string("onnxruntime_ep_openvino/libonnxruntime_providers_openvino_plugin") + end, "");
  site.write("onnxruntime_ep_openvino/libopenvino.so.2641", "");
  site.write("onnxruntime_ep_openvino-1.8.1.dist-info/METADATA", "");
  const std::vector<std::string> path{site.path().string()};
  const auto found = find_providers("onnxruntime.", kPackages, path, {});
  EXPECT_THAT(engines(found), ElementsAre("onnxruntime.openvino"));
  EXPECT_EQ(found[0].library.filename(), "libonnxruntime_providers_openvino_plugin.so");
  const std::vector<std::string> named{found[0].library.string()};
  const auto by_name = find_providers("onnxruntime.", kPackages, {}, named);
  EXPECT_THAT(engines(by_name), ElementsAre("onnxruntime.openvino"));
  EXPECT_EQ(by_name[0].version, "1.8.1") << "wherever it was found, it is of its package";
}

TEST(FindProviders, what_lies_beside_a_library_is_none) {
  const test::TemporaryFolder folder;
  for (const char* file : {"libacme-ep.so", "libacme-ep.so.sig", "README.source"})
    folder.write(std::string("onnxruntime_ep_acme/") + file, "");
  const std::vector<std::string> path{folder.path().string()};
  const auto found = find_providers("onnxruntime.", kPackages, path, {});
  ASSERT_EQ(found.size(), 1u);
  EXPECT_EQ(found[0].engine, "onnxruntime.acme_ep");
}

TEST(FindProviders, nothing_there_is_nothing_found) {
  const std::vector<std::string> path{"/no/such/folder", ""};
  EXPECT_TRUE(find_providers("onnxruntime.", kPackages, path, {}).empty());
}

// --- trying them
// -----------------------------------------------------------------------------------------------------------

/// A trial program is a script here; it notes how often it ran.
class Trials : public ::testing::Test {
 protected:
  void program(const std::string& script) {
    const auto file =
        folder_.write("trial", "#!/bin/sh\necho ran >>" + (folder_.path() / "log").string() + "\n" + script);
    fs::permissions(file, fs::perms::owner_all);
  }
  ProviderTrials trials(std::chrono::milliseconds limit = std::chrono::seconds(30)) {
    ForeignProvider provider;
    provider.engine = "x.y";
    provider.library = folder_.path() / "package/liby.so";
    provider.trial = folder_.path() / "trial";
    provider.by_user = by_user_;
    return ProviderTrials({.search_path = {folder_.path().string() + "/ort"},
                           .folder = folder_.path() / "verdicts",
                           .os_root = folder_.path() / "root",
                           .limit = limit},
                          {provider});
  }
  void SetUp() override { folder_.write("package/liby.so", "version 1"); }
  int runs() const {
    std::ifstream log(folder_.path() / "log");
    int count = 0;
    for (std::string line; std::getline(log, line);) ++count;
    return count;
  }
  std::string failure(const std::string& script) {
    program(script);
    const auto verdict = trials().ask("x.y");
    return verdict.is_ok() ? "no failure" : verdict.status().message();
  }

  test::TemporaryFolder folder_;
  bool by_user_ = false;
};

constexpr const char* kGpu =
    R"(echo 'registering'; echo '{"devices": [{"name": "GPU.0", "handle": "0", "kind": "software", "full_name": "Soft", "uuid": "ab", "ranks": {"run": 95}}]}')";

TEST_F(Trials, B306_what_a_trial_says_is_the_verdict) {
  program(kGpu);
  const auto verdict = trials().ask("x.y");
  ASSERT_TRUE(verdict.is_ok()) << verdict.status().message();
  ASSERT_EQ(verdict->devices.size(), 1u);
  EXPECT_EQ(verdict->devices.front().name, "GPU.0");
  EXPECT_EQ(verdict->devices.front().kind, DeviceKind::kSoftware);
  EXPECT_EQ(verdict->devices.front().uuid, "ab");
  EXPECT_EQ(verdict->devices.front().ranks.run, 95);
}

TEST_F(Trials, B306_a_crash_costs_a_line_that_says_where) {
  const std::string text = failure("echo registering the library\nkill -SEGV $$");
  EXPECT_THAT(text, HasSubstr("liby.so ended a child process that tried it (signal 11) while registering the library"));
}

TEST_F(Trials, B306_a_verdict_counts_in_a_program_that_ignores_the_ends_of_its_children) {
  const auto before = ::signal(SIGCHLD, SIG_IGN);
  program(kGpu);
  const auto verdict = trials().ask("x.y");
  const std::string crash = failure("echo '{half'; echo registering; kill -SEGV $$");
  ::signal(SIGCHLD, before);
  EXPECT_TRUE(verdict.is_ok()) << verdict.status().message();
  EXPECT_THAT(crash, HasSubstr("(status unknown) while registering"));
}

TEST_F(Trials, B306_a_hang_is_ended_and_costs_a_line) {
  program("echo registering the library\nsleep 1000");
  const auto verdict = trials(std::chrono::milliseconds(100)).ask("x.y");
  EXPECT_THAT(verdict.status().message(),
              HasSubstr("liby.so hung for 100 ms in a child process that tried it, while registering the library"));
}

TEST_F(Trials, B306_an_exit_without_verdict_is_a_failure) {
  EXPECT_THAT(failure("exit 7"), HasSubstr("(exit status 7) while starting"));
  EXPECT_THAT(failure("echo '{\"failure\": \"needs a newer ONNX Runtime\"}'"), HasSubstr("needs a newer ONNX Runtime"));
  EXPECT_THAT(failure("echo '{\"devices\": 5}'"), HasSubstr("devices"));
}

TEST_F(Trials, B306_a_trial_program_that_is_missing_is_named) {
  const auto verdict = trials().ask("x.y");
  EXPECT_THAT(verdict.status().message(), HasSubstr("/trial does not start: No such file"));
}

TEST_F(Trials, B306_a_trial_that_could_not_begin_for_want_of_files_or_processes_is_no_verdict) {
#ifdef __has_feature
#if __has_feature(address_sanitizer)
  GTEST_SKIP() << "without files the sanitizer cannot look at objects, and takes them for broken";
#endif
#endif
  program(kGpu);
  ProviderTrials all = trials();
  rlimit before{};
  ASSERT_EQ(::getrlimit(RLIMIT_NOFILE, &before), 0);
  rlimit none = before;
  none.rlim_cur = 0;
  ASSERT_EQ(::setrlimit(RLIMIT_NOFILE, &none), 0);
  const auto verdict = all.ask("x.y");
  ASSERT_EQ(::setrlimit(RLIMIT_NOFILE, &before), 0);
  EXPECT_THAT(verdict.status().message(), HasSubstr("does not start: Too many open files"));
  EXPECT_FALSE(all.known("x.y"));
  EXPECT_FALSE(trials().known("x.y"));
  EXPECT_TRUE(all.ask("x.y").is_ok());
}

TEST_F(Trials, B306_a_verdict_is_kept_for_the_process_and_for_later_ones) {
  program(kGpu);
  ProviderTrials first = trials();
  EXPECT_FALSE(first.known("x.y"));
  ASSERT_TRUE(first.ask("x.y").is_ok());
  ASSERT_TRUE(first.ask("x.y").is_ok());
  EXPECT_EQ(runs(), 1);
  ProviderTrials later = trials();
  const auto verdict = later.known("x.y");
  ASSERT_TRUE(verdict);
  EXPECT_EQ(verdict->value().devices.front().full_name, "Soft");
  EXPECT_EQ(runs(), 1);
}

TEST_F(Trials, B306_who_asks_during_a_trial_waits_for_it_and_causes_no_other) {
  program(std::string("sleep 0.3\n") + kGpu);
  ProviderTrials shared = trials();
  std::vector<std::jthread> askers;
  for (int i = 0; i < 4; ++i) askers.emplace_back([&] { EXPECT_TRUE(shared.ask("x.y").is_ok()); });
  askers.clear();
  EXPECT_EQ(runs(), 1);
}

TEST_F(Trials, B306_another_version_of_the_library_is_tried_anew) {
  program("kill -SEGV $$");
  EXPECT_FALSE(trials().ask("x.y").is_ok());
  EXPECT_FALSE(trials().ask("x.y").is_ok());
  EXPECT_EQ(runs(), 1) << "one failure is remembered like one success";
  folder_.write("package/liby.so", "version 1.1");
  EXPECT_FALSE(trials().known("x.y"));
}

TEST_F(Trials, B306_what_failed_where_memory_is_limited_is_tried_again_where_it_is_not) {
  rlimit before{};
  ASSERT_EQ(::getrlimit(RLIMIT_DATA, &before), 0);
  rlimit limited = before;
  limited.rlim_cur = std::min<rlim_t>(rlim_t{1} << 46, before.rlim_cur - 1);
  ASSERT_EQ(::setrlimit(RLIMIT_DATA, &limited), 0);
  EXPECT_THAT(failure("echo '{\"failure\": \"out of memory\"}'"), HasSubstr("out of memory"));
  EXPECT_TRUE(trials().known("x.y"));
  ASSERT_EQ(::setrlimit(RLIMIT_DATA, &before), 0);
  EXPECT_FALSE(trials().known("x.y"));
}

TEST_F(Trials, B307_other_hardware_makes_a_verdict_old) {
  program(kGpu);
  ASSERT_TRUE(trials().ask("x.y").is_ok());
  folder_.write("root/dev/dri/renderD128", "");
  EXPECT_FALSE(trials().known("x.y"));
}

TEST_F(Trials, B306_a_failure_is_tried_again_after_a_day) {
  program("echo '{\"failure\": \"no driver\"}'");
  EXPECT_FALSE(trials().ask("x.y").is_ok());
  ASSERT_TRUE(trials().known("x.y"));
  for (const auto& file : fs::directory_iterator(folder_.path() / "verdicts"))
    fs::last_write_time(file, fs::file_time_type::clock::now() - std::chrono::hours(25));
  EXPECT_FALSE(trials().known("x.y"));
}

TEST_F(Trials, B306_a_failure_is_tried_again_when_packages_came_or_went) {
  const auto later = fs::file_time_type::clock::now() + std::chrono::hours(1);
  program("echo '{\"failure\": \"libz.so.1 not found\"}'");
  EXPECT_FALSE(trials().ask("x.y").is_ok());
  ASSERT_TRUE(trials().known("x.y"));
  fs::last_write_time(folder_.path(), later);
  EXPECT_FALSE(trials().known("x.y"));
  program(kGpu);
  EXPECT_TRUE(trials().ask("x.y").is_ok());
  fs::last_write_time(folder_.path(), later);
  EXPECT_TRUE(trials().known("x.y")) << "what works is not tried again for that";
}

TEST_F(Trials, B306_a_damaged_file_is_no_verdict) {
  program(kGpu);
  ASSERT_TRUE(trials().ask("x.y").is_ok());
  for (const auto& file : fs::directory_iterator(folder_.path() / "verdicts"))
    fs::resize_file(file, fs::file_size(file) - 10);
  EXPECT_FALSE(trials().known("x.y"));
  EXPECT_TRUE(trials().ask("x.y").is_ok());
}

TEST_F(Trials, B307_without_hardware_only_what_the_user_names_is_worth_trying) {
  EXPECT_FALSE(trials().worth_trying("x.y"));
  by_user_ = true;
  EXPECT_TRUE(trials().worth_trying("x.y"));
  by_user_ = false;
  folder_.write("root/usr/share/vulkan/icd.d/lvp.json", "");
  EXPECT_TRUE(trials().worth_trying("x.y"));
}

// --- trying several sessions at once
// ---------------------------------------------------------------------------------------

/// First a good verdict with one serial device, and then what `second` does when it is given the device's handle.
class OverlapTrials : public Trials {
 protected:
  void second(const std::string& script, const std::string& overlap = R"({"state": "untested"})") {
    program("if [ \"$1\" = --overlap=h7 ]; then\n" + script + "\nelse\n" + R"(echo '{"devices": [{"name": "GPU.0",)" +
            R"( "handle": "h7", "kind": "dgpu", "serial_group": "x.y"}], "overlap": )" + overlap + "}'\nfi");
  }
  static Overlap overlap_of(ProviderTrials& trials) {
    const auto verdict = trials.known("x.y");
    return verdict && verdict->is_ok() ? verdict->value().overlap : Overlap{Overlap::State::kUntested, "no verdict"};
  }
  static std::string serial_group(ProviderTrials& trials) {
    const auto verdict = trials.known("x.y");
    return verdict && verdict->is_ok() ? verdict->value().devices.front().serial_group : "no verdict";
  }
  /// What is said of it after both trials.
  Overlap outcome(const std::string& script, std::chrono::milliseconds limit = std::chrono::seconds(30)) {
    second(script);
    ProviderTrials both = trials(limit);
    EXPECT_TRUE(both.ask("x.y").is_ok());
    both.try_overlap("x.y");
    EXPECT_TRUE(both.known("x.y")->is_ok()) << "whatever comes of it, the provider is used";
    return overlap_of(both);
  }
  void make_files_old() const {
    for (const auto& file : fs::directory_iterator(folder_.path() / "verdicts"))
      fs::last_write_time(file, fs::file_time_type::clock::now() - std::chrono::hours(25));
  }
};

constexpr const char* kPassed = R"(echo '{"overlap": {"state": "proven"}}')";

TEST_F(OverlapTrials, B827_a_provider_is_serial_until_a_second_trial_proves_more) {
  second(kPassed);
  ProviderTrials both = trials();
  ASSERT_TRUE(both.ask("x.y").is_ok());
  EXPECT_EQ(runs(), 1) << "the first trial is not the second";
  EXPECT_EQ(overlap_of(both).state, Overlap::State::kUntested);
  EXPECT_THAT(why_serial(overlap_of(both)), HasSubstr("not tried"));
  EXPECT_EQ(serial_group(both), "x.y");
  both.try_overlap("x.y");
  EXPECT_EQ(overlap_of(both).state, Overlap::State::kProven);
  EXPECT_EQ(why_serial(overlap_of(both)), "");
  EXPECT_EQ(serial_group(both), "");
}

TEST_F(OverlapTrials, B827_what_a_second_trial_proved_later_processes_know) {
  EXPECT_EQ(outcome(kPassed).state, Overlap::State::kProven);
  ProviderTrials later = trials();
  EXPECT_EQ(serial_group(later), "");
  EXPECT_EQ(overlap_of(later).state, Overlap::State::kProven);
  later.try_overlap("x.y");
  EXPECT_EQ(runs(), 2) << "one trial of each kind";
  make_files_old();
  ProviderTrials much_later = trials();
  EXPECT_EQ(overlap_of(much_later).state, Overlap::State::kProven);
}

TEST_F(OverlapTrials, B827_a_crash_a_hang_an_error_and_a_wrong_answer_cost_parallelism_and_nothing_else) {
  const Overlap crash = outcome("echo running four threads\nkill -SEGV $$");
  EXPECT_EQ(crash.state, Overlap::State::kRefuted);
  EXPECT_THAT(why_serial(crash), HasSubstr("(signal 11) while running four threads"));
  folder_.write("package/liby.so", "version 2 of it");
  EXPECT_THAT(why_serial(outcome("echo '{\"failure\": \"an answer was wrong\"}'")), HasSubstr("an answer was wrong"));
  folder_.write("package/liby.so", "the third version");
  EXPECT_THAT(why_serial(outcome("exit 3")), HasSubstr("exit status 3"));
  folder_.write("package/liby.so", "version 4");
  EXPECT_EQ(outcome("echo '{\"overlap\": {\"state\": \"untested\"}}'").state, Overlap::State::kRefuted);
  folder_.write("package/liby.so", "v5");
  EXPECT_THAT(why_serial(outcome("echo running four threads\nsleep 1000", std::chrono::milliseconds(200))),
              HasSubstr("hung for 200 ms in a child process that tried it, while running four threads"));
  ProviderTrials later = trials();
  EXPECT_EQ(serial_group(later), "x.y");
}

TEST_F(OverlapTrials, B827_what_failed_is_tried_again_after_a_day_and_not_before) {
  outcome("exit 3");
  ProviderTrials later = trials();
  later.try_overlap("x.y");
  EXPECT_EQ(runs(), 2);
  make_files_old();
  ProviderTrials next_day = trials();
  EXPECT_EQ(overlap_of(next_day).state, Overlap::State::kUntested);
  EXPECT_EQ(serial_group(next_day), "x.y");
  next_day.try_overlap("x.y");
  EXPECT_EQ(runs(), 3);
}

TEST_F(OverlapTrials, B827_another_library_or_other_hardware_makes_the_proof_worthless) {
  EXPECT_EQ(outcome(kPassed).state, Overlap::State::kProven);
  folder_.write("root/dev/dri/renderD128", "");
  EXPECT_FALSE(trials().known("x.y"));
  EXPECT_EQ(outcome(kPassed).state, Overlap::State::kProven);
  folder_.write("package/liby.so", "version 1.1");
  EXPECT_FALSE(trials().known("x.y"));
}

TEST_F(OverlapTrials, B827_a_known_hazard_is_never_tried) {
  second(kPassed, R"({"state": "hazard", "reason": "two sessions crash it"})");
  ProviderTrials both = trials();
  ASSERT_TRUE(both.ask("x.y").is_ok());
  both.try_overlap("x.y");
  EXPECT_EQ(runs(), 1);
  EXPECT_EQ(why_serial(overlap_of(both)), "two sessions crash it");
  EXPECT_EQ(serial_group(both), "x.y");
  make_files_old();
  ProviderTrials next_day = trials();
  next_day.try_overlap("x.y");
  EXPECT_EQ(runs(), 1);
}

TEST_F(OverlapTrials, B827_nothing_is_tried_of_a_provider_that_was_not_accepted) {
  program("echo '{\"failure\": \"no driver\"}'");
  ProviderTrials both = trials();
  both.try_overlap("x.y");
  EXPECT_EQ(runs(), 0) << "the first trial comes first";
  EXPECT_FALSE(both.ask("x.y").is_ok());
  both.try_overlap("x.y");
  EXPECT_EQ(runs(), 1);
  EXPECT_EQ(both.known("x.y")->status().message(), "no driver");
}

TEST(Verdict, comes_back_as_it_was_written) {
  DeviceReport report;
  report.name = "GPU.1";
  report.handle = "1";
  report.kind = DeviceKind::kDiscreteGpu;
  report.full_name = "A \"GPU\"";
  report.vendor = "Acme";
  report.uuid = "1f";
  report.pci_address = "0000:01:00.0";
  report.driver = "7";
  report.memory_bytes = 1ull << 34;
  report.capabilities = {"FP16", "FP32"};
  report.ranks = {1, 2, 3};
  report.supported_properties = {"y.*"};
  report.serial_group = "x.y";
  report.cpu_heavy_load = false;
  const Overlap overlap{Overlap::State::kHazard, "it \"crashes\""};
  const auto read = read_verdict("step\n" + verdict_text(ProviderReport{{report}, overlap}) + "\n", "test");
  ASSERT_TRUE(read.is_ok()) << read.status().message();
  EXPECT_EQ(read->overlap.state, overlap.state);
  EXPECT_EQ(read->overlap.reason, overlap.reason);
  const DeviceReport& back = read->devices.front();
  EXPECT_EQ(std::tie(back.name, back.handle, back.kind, back.full_name, back.vendor, back.uuid, back.pci_address),
            std::tie(report.name, report.handle, report.kind, report.full_name, report.vendor, report.uuid,
                     report.pci_address));
  EXPECT_EQ(std::tie(back.driver, back.memory_bytes, back.capabilities, back.supported_properties, back.serial_group),
            std::tie(report.driver, report.memory_bytes, report.capabilities, report.supported_properties,
                     report.serial_group));
  EXPECT_EQ(std::tie(back.ranks.load_fast, back.ranks.load_full, back.ranks.run, back.cpu_heavy_load),
            std::tie(report.ranks.load_fast, report.ranks.load_full, report.ranks.run, report.cpu_heavy_load));
}

}  // namespace
}  // namespace baton::engine
