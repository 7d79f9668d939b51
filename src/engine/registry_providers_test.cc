// SPDX-License-Identifier: Apache-2.0
// Copyright (C) 2026 The Baton authors
//
// Foreign provider libraries as engines of a registry. Trial programs are scripts, time is virtual.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>

#include "engine/registry.h"
#include "support/manual_executor.h"
#include "support/temporary_folder.h"
#include "support/tiny_model.h"

namespace baton::engine {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
namespace fs = std::filesystem;

constexpr const char* kGpu = R"(echo '{"devices": [{"name": "GPU.0", "handle": "0", "kind": "dgpu", "uuid": "ab"}]}')";

class RegistryProviders : public ::testing::Test {
 protected:
  void SetUp() override {
    folder_.write("modules/x.manifest.json", R"({"abi": 1, "module": "libx.so", "engines": [
      {"name": "x", "devices": [{"name": "CPU", "handle": "CPU", "kind": "cpu"}]},
      {"name": "x.*", "formats": ["onnx"], "providers": {"packages": ["x_ep_*"], "trial": "trial"}}]})");
    folder_.write("libraries/x_ep_web/libweb.so", "");
    folder_.write("root/dev/dri/renderD128", "");
    program(kGpu);
  }
  void program(const std::string& script) {
    const auto file =
        folder_.write("modules/trial", "#!/bin/sh\necho ran >>" + (folder_.path() / "log").string() + "\n" + script);
    fs::permissions(file, fs::perms::owner_all);
  }
  Registry registry(std::vector<std::string> only = {}) {
    RegistryOptions options;
    options.executor = &executor_;
    options.log = &log_;
    options.module_path = {(folder_.path() / "modules").string()};
    options.library_path = {(folder_.path() / "libraries").string()};
    options.verdict_folder = folder_.path() / "verdicts";
    options.only_engines = std::move(only);
    options.provider_libraries = named_;
    options.os_root = folder_.path() / "root";
    return Registry(options);
  }
  bool was_tried() const { return fs::exists(folder_.path() / "log"); }
  static std::vector<std::string> names(const DeviceList& list) {
    std::vector<std::string> result;
    for (const auto& device : list.devices) result.push_back(device.name);
    return result;
  }

  test::TemporaryFolder folder_;
  std::vector<std::string> named_;  ///< BATON_EP_PATH
  base::ManualExecutor executor_;
  test::NoLog log_;
};

TEST_F(RegistryProviders, each_library_is_an_engine_of_its_own) {
  Registry all = registry();
  ASSERT_EQ(all.manifests().size(), 2u);
  EXPECT_EQ(all.manifests()[1].name, "x.web");
  EXPECT_THAT(all.manifests()[1].formats, ElementsAre(model::Format::kOnnx));
  EXPECT_TRUE(all.has_hardware(all.manifests()[1]));
  EXPECT_EQ(registry({"x.web"}).manifests().size(), 1u);
  EXPECT_EQ(registry({"y"}).manifests().size(), 0u);
  EXPECT_FALSE(was_tried()) << "nothing of this tries anything";
}

TEST_F(RegistryProviders, B306_a_listing_tries_the_library_and_shows_what_it_reaches) {
  EXPECT_THAT(names(registry().devices({})), ElementsAre("CPU", "GPU"));
  EXPECT_TRUE(was_tried());
}

TEST_F(RegistryProviders, B306_a_library_that_crashes_is_one_line_and_harms_nobody) {
  program("echo registering\nkill -SEGV $$");
  const DeviceList list = registry().devices({});
  EXPECT_THAT(names(list), ElementsAre("CPU"));
  ASSERT_EQ(list.missing_engines.size(), 1u);
  EXPECT_EQ(list.missing_engines[0].engine, "x.web");
  EXPECT_THAT(list.missing_engines[0].reason, HasSubstr("(signal 11) while registering"));
}

TEST_F(RegistryProviders, B306_a_trial_stands_in_no_ones_way_to_a_first_answer) {
  Registry quick = registry();
  const DeviceList first = quick.devices({}, Look::kQuick);
  EXPECT_THAT(names(first), ElementsAre("CPU"));
  EXPECT_THAT(first.tried_later, ElementsAre("x.web"));
  EXPECT_FALSE(was_tried());
  executor_.run_for(std::chrono::seconds(2));
  EXPECT_TRUE(was_tried());
  const DeviceList second = quick.devices({}, Look::kQuick);
  EXPECT_THAT(names(second), ElementsAre("CPU", "GPU"));
  EXPECT_THAT(second.tried_later, IsEmpty());
  EXPECT_THAT(names(registry().devices({}, Look::kQuick)), ElementsAre("CPU", "GPU")) << "later processes know it too";
}

TEST_F(RegistryProviders, B306_who_names_a_gpu_waits_for_the_trial_and_who_names_the_cpu_never_causes_one) {
  const std::vector<std::string> cpu{"CPU"}, gpu_and_cpu{"GPU", "CPU"};
  Registry named = registry();
  EXPECT_THAT(names(named.devices(cpu, Look::kQuick)), ElementsAre("CPU"));
  EXPECT_THAT(names(named.devices(cpu)), ElementsAre("CPU"));
  executor_.run_for(std::chrono::seconds(10));
  EXPECT_FALSE(was_tried());
  EXPECT_THAT(names(named.devices(gpu_and_cpu, Look::kQuick)), ElementsAre("CPU", "GPU"));
  EXPECT_THAT(names(named.devices(cpu)), ElementsAre("CPU")) << "what is known is not shown to who did not ask";
}

TEST_F(RegistryProviders, B306_a_library_that_the_user_names_is_tried_for_the_cpu_too) {
  folder_.write("libmine.so", "");
  named_ = {(folder_.path() / "libmine.so").string()};
  program(R"(echo '{"devices": [{"name": "CPU", "handle": "0", "kind": "cpu"}]}')");
  const std::vector<std::string> cpu{"CPU"};
  Registry quick = registry({"x.mine"});
  EXPECT_THAT(quick.devices(cpu, Look::kQuick).tried_later, ElementsAre("x.mine"));
  EXPECT_FALSE(was_tried()) << "a first answer on the CPU waits for nothing";
  executor_.run_for(std::chrono::seconds(2));
  EXPECT_THAT(names(quick.devices(cpu, Look::kQuick)), ElementsAre("CPU"));
  fs::remove_all(folder_.path() / "verdicts");
  EXPECT_THAT(names(registry({"x.mine"}).devices(cpu)), ElementsAre("CPU")) << "who wants to know it waits";
}

TEST_F(RegistryProviders, one_that_bears_the_name_of_another_engine_is_its_plug_in) {
  folder_.write("modules/y.manifest.json", R"({"abi": 1, "module": "liby.so", "engines": [{"name": "x.mine"}]})");
  folder_.write("libmine.so", "");
  named_ = {(folder_.path() / "libmine.so").string()};
  Registry both = registry({"x.mine", "x.mine_plugin"});
  ASSERT_EQ(both.manifests().size(), 2u);
  EXPECT_EQ(both.manifests()[0].name, "x.mine");
  EXPECT_EQ(both.manifests()[1].name, "x.mine_plugin");
  EXPECT_FALSE(both.manifests()[1].provider_trial.empty());
}

/// A GPU of which nobody knows whether it bears several sessions, and a second trial that says it does.
constexpr const char* kOverlapping = R"(case "$1" in
  --overlap=*) echo ran >>"$(dirname "$0")/second"; echo '{"overlap": {"state": "proven"}}';;
  *) echo '{"devices": [{"name": "GPU.0", "handle": "0", "kind": "dgpu", "serial_group": "x.web"}]}';;
esac)";

TEST_F(RegistryProviders, B827_several_sessions_at_once_are_tried_when_nobody_waits) {
  program(kOverlapping);
  const auto tried_twice = [&] { return fs::exists(folder_.path() / "modules/second"); };
  const auto group = [](const DeviceList& list) { return list.devices.at(1).engines.at(0).report.serial_group; };
  Registry first = registry();
  const DeviceList listed = first.devices({});
  EXPECT_TRUE(was_tried());
  EXPECT_EQ(group(listed), "x.web");
  ASSERT_EQ(listed.serial.size(), 1u);
  EXPECT_EQ(listed.serial[0].engine, "x.web");
  EXPECT_THAT(first.why_serial("x.web"), HasSubstr("not tried"));
  executor_.run_for(std::chrono::milliseconds(9900));
  EXPECT_FALSE(tried_twice()) << "it would disturb what is measured at the start";
  executor_.run_for(std::chrono::milliseconds(100));
  EXPECT_TRUE(tried_twice());
  const DeviceList later = first.devices({});
  EXPECT_EQ(group(later), "");
  EXPECT_THAT(later.serial, IsEmpty());
  EXPECT_EQ(first.why_serial("x.web"), "");
  Registry next = registry();
  EXPECT_EQ(group(next.devices({}, Look::kQuick)), "") << "later processes know it too";
}

TEST_F(RegistryProviders, B827_a_trial_that_was_put_off_is_followed_by_the_other) {
  program(kOverlapping);
  Registry quick = registry();
  EXPECT_THAT(quick.devices({}, Look::kQuick).tried_later, ElementsAre("x.web"));
  executor_.run_for(std::chrono::seconds(11));
  EXPECT_NE(quick.why_serial("x.web"), "");
  executor_.run_for(std::chrono::seconds(1));
  EXPECT_EQ(quick.why_serial("x.web"), "");
}

TEST_F(RegistryProviders, B827_what_is_known_or_not_asked_for_is_not_tried) {
  const std::vector<std::string> cpu{"CPU"};
  program(kOverlapping);
  Registry all = registry();
  all.devices({});
  Registry others = registry();
  EXPECT_THAT(others.devices(cpu).serial, IsEmpty());
  others.devices(cpu);
  executor_.run_for(std::chrono::seconds(20));  // of `all` alone
  executor_.run_for(std::chrono::seconds(20));
  std::ifstream second(folder_.path() / "modules/second");
  EXPECT_EQ(std::string(std::istreambuf_iterator<char>(second), {}), "ran\n");
}

TEST_F(RegistryProviders, B307_no_hardware_no_trial) {
  fs::remove_all(folder_.path() / "root");
  Registry none = registry();
  EXPECT_THAT(names(none.devices({})), ElementsAre("CPU"));
  EXPECT_FALSE(none.has_hardware(none.manifests()[1]));
  EXPECT_FALSE(was_tried());
}

TEST_F(RegistryProviders, B303_the_same_hardware_reached_by_another_engine_is_one_device) {
  folder_.write("modules/z.manifest.json", R"({"abi": 1, "module": "libz.so", "engines": [{"name": "z", "devices":
    [{"name": "GPU.0", "handle": "g", "kind": "dgpu", "uuid": "GPU-ab"}]}]})");
  const DeviceList list = registry().devices({});
  ASSERT_THAT(names(list), ElementsAre("CPU", "GPU"));
  EXPECT_EQ(list.devices[1].engines.size(), 2u);
}

}  // namespace
}  // namespace baton::engine
