// SPDX-License-Identifier: Apache-2.0
// Copyright (C) 2026 The Baton authors
#include "engine/registry.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <fstream>
#include <functional>
#include <set>
#include <thread>

#include "support/manual_executor.h"

namespace baton::engine {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
namespace fs = std::filesystem;

class KeepLog final : public base::LogSink {
 public:
  bool enabled(base::LogLevel level) const override { return level <= base::LogLevel::kWarning; }
  void write(base::LogLevel, std::string_view tag, std::string_view text, std::string_view, int) override {
    lines.push_back(std::string(tag) + "|" + std::string(text));
  }
  std::vector<std::string> lines;
};

/// An engine whose listing does what the test says.
class AskedEngine final : public Engine {
 public:
  using Listing = std::function<base::Result<std::vector<DeviceReport>>(std::vector<std::string>)>;
  AskedEngine(std::string name, Listing listing) : name_(std::move(name)), listing_(std::move(listing)) {}

  const std::string& name() const override { return name_; }
  std::string version() const override { return "1"; }
  base::Result<std::vector<DeviceReport>> enumerate(std::span<const std::string> families) override {
    return listing_({families.begin(), families.end()});
  }
  SupportAnswer supports(const DeviceReport&, const model::Model&) const override { return {}; }
  CompileResult compile(const CompileRequest&, std::stop_token) override { return base::Status::unsupported("no"); }

 private:
  const std::string name_;
  const Listing listing_;
};

DeviceReport report(const std::string& name, DeviceKind kind) {
  DeviceReport result;
  result.name = result.handle = name;
  result.full_name = "Full " + name;
  result.kind = kind;
  return result;
}

class RegistryTest : public ::testing::Test {
 protected:
  void SetUp() override {
    folder_ = fs::path(::testing::TempDir()) /
              ("baton_registry_" + std::string(::testing::UnitTest::GetInstance()->current_test_info()->name()));
    fs::remove_all(folder_);
    fs::create_directories(folder_ / "modules");
    fs::create_directories(folder_ / "root/dev/dri");
  }
  void TearDown() override { fs::remove_all(folder_); }

  RegistryOptions options() {
    RegistryOptions result;
    result.executor = &executor_;
    result.log = &log_;
    result.module_path = {(folder_ / "modules").string()};
    result.os_root = folder_ / "root";
    return result;
  }
  void show_gpu() { std::ofstream(folder_ / "root/dev/dri/renderD128"); }
  /// Installs a module of the build tree with a manifest; `engines` is the JSON of its engines.
  void install(const std::string& module, const std::string& engines, const std::string& preload = "[]") {
    const fs::path built = BATON_TEST_MODULES;
    const std::string file = "libbaton_test_module_" + module + ".so";
    if (fs::exists(built / file)) fs::copy_file(built / file, folder_ / "modules" / file);
    write_manifest(module, R"({"abi": 1, "module": ")" + file + R"(", "preload": )" + preload + R"(, "engines": )" +
                               engines + "}");
  }
  void write_manifest(const std::string& stem, const std::string& text) {
    std::ofstream(folder_ / "modules" / (stem + ".manifest.json")) << text;
  }
  static EngineManifest probing(const std::string& name, std::vector<std::string> families) {
    EngineManifest manifest;
    manifest.name = name;
    manifest.probe_families = std::move(families);
    return manifest;
  }
  static std::vector<std::string> names(const DeviceList& list) {
    std::vector<std::string> result;
    for (const auto& device : list.devices) result.push_back(device.name);
    return result;
  }
  static std::string reason(const DeviceList& list, const std::string& engine) {
    for (const auto& missing : list.missing_engines) {
      if (missing.engine == engine) return missing.reason;
    }
    return "not missing";
  }

  base::ManualExecutor executor_;
  KeepLog log_;
  fs::path folder_;
};

constexpr const char* kCpuOfGood =
    R"([{"name": "good", "devices": [{"name": "CPU", "handle": "CPU", "kind": "cpu"}]}, {"name": "good.second"}])";

TEST_F(RegistryTest, a_module_is_opened_at_first_need_and_once) {
  install("good", kCpuOfGood);
  Registry registry(options());
  ASSERT_EQ(registry.manifests().size(), 2u);
  const auto good = registry.engine("good");
  ASSERT_TRUE(good.is_ok()) << good.status().message();
  EXPECT_EQ(registry.engine("good").value(), good.value());
  EXPECT_EQ(registry.engine("good.second").value()->version(), good.value()->version());
}

TEST_F(RegistryTest, concurrent_callers_open_a_module_once) {
  install("good", kCpuOfGood);
  auto o = options();
  o.executor = &base::thread_executor();
  Registry registry(o);
  std::atomic<int> ready = 0;
  std::vector<Engine*> engines(8);
  std::vector<std::jthread> threads;
  for (auto& engine : engines) {
    threads.emplace_back([&] {
      ++ready;
      while (ready < 8) std::this_thread::yield();
      engine = registry.engine("good").value();
    });
  }
  threads.clear();
  EXPECT_EQ(std::set<Engine*>(engines.begin(), engines.end()).size(), 1u);
}

TEST_F(RegistryTest, B305_the_cpu_comes_from_manifests_without_opening_anything) {
  // There is no module file at all.
  install("nowhere",
          R"([{"name": "nowhere", "devices": [{"name": "CPU", "handle": "CPU", "kind": "cpu"}],
          "probe_families": ["GPU"]}])");
  fs::create_directories(folder_ / "root/proc");
  std::ofstream(folder_ / "root/proc/cpuinfo") << "model name : Test CPU\n";
  Registry registry(options());
  const auto list = registry.devices({});
  EXPECT_THAT(names(list), ElementsAre("CPU"));
  EXPECT_EQ(list.devices[0].full_name, "Test CPU");
  EXPECT_THAT(list.missing_engines, IsEmpty());
}

TEST_F(RegistryTest, B305_an_engine_that_cannot_be_opened_is_one_line_and_leaves_the_list) {
  install("nowhere", R"([{"name": "nowhere", "devices": [{"name": "CPU", "handle": "CPU", "kind": "cpu"}]}])");
  Registry registry(options());
  const auto engine = registry.engine("nowhere");
  ASSERT_FALSE(engine.is_ok());
  EXPECT_EQ(engine.status().message(), "engine nowhere: module libbaton_test_module_nowhere.so not found, searched " +
                                           (folder_ / "modules").string());
  const auto list = registry.devices({});
  EXPECT_THAT(names(list), IsEmpty());
  EXPECT_THAT(reason(list, "nowhere"), HasSubstr("module libbaton_test_module_nowhere.so not found"));
}

TEST_F(RegistryTest, a_missing_library_is_named_with_the_folders_searched) {
  install("needy", R"([{"name": "needy"}])");
  auto o = options();
  o.library_path = {"first", "second"};
  Registry registry(o);
  EXPECT_EQ(registry.engine("needy").status().message(),
            "engine needy: libbaton_test_absent.so not found, searched first:second and the system's library folders");
}

TEST_F(RegistryTest, a_library_of_another_release_is_named) {
  install("needy", R"([{"name": "needy", "version": "4.1"}])");
  const auto libraries = folder_ / "libraries";
  fs::create_directories(libraries);
  for (const char* name : {"libbaton_test_absent.so.40", "libbaton_test_absent_not.so.7"})
    std::ofstream(libraries / name) << "";
  auto o = options();
  o.library_path = {libraries.string()};
  Registry registry(o);
  EXPECT_EQ(registry.engine("needy").status().message(),
            "engine needy: libbaton_test_absent.so of release 4.1 not found, searched " + libraries.string() +
                " and the system's library folders; another release lies there: libbaton_test_absent.so.40");
}

TEST_F(RegistryTest, preload_finds_the_library_in_the_library_path) {
  install("needy", R"([{"name": "needy"}])", R"(["libbaton_test_absent.so"])");
  auto o = options();
  o.library_path = {"elsewhere", (fs::path(BATON_TEST_MODULES) / "libraries").string()};
  Registry registry(o);
  EXPECT_EQ(registry.engine("needy").status().message(), "engine needy: opened with its library 1");
}

TEST_F(RegistryTest, a_module_without_the_entry_is_refused) {
  install("no_entry", R"([{"name": "old"}])");
  Registry registry(options());
  EXPECT_THAT(registry.engine("old").status().message(),
              HasSubstr("engine old: module libbaton_test_module_no_entry.so has no entry baton_engine_module_v1"));
}

TEST_F(RegistryTest, a_failure_is_kept_and_given_again) {
  install("refuses", R"([{"name": "refuses"}])");
  Registry registry(options());
  const auto first = registry.engine("refuses").status().message();
  EXPECT_THAT(first, HasSubstr("engine refuses: library is release 1.2, expected 3.4"));
  EXPECT_EQ(registry.engine("refuses").status().message(), first);
}

TEST_F(RegistryTest, a_module_may_lack_an_engine_of_its_manifest) {
  install("good", R"([{"name": "good.third"}])");
  Registry registry(options());
  EXPECT_THAT(registry.engine("good.third").status().message(), HasSubstr("does not offer it here"));
}

TEST_F(RegistryTest, a_broken_manifest_is_logged_and_listed_and_harms_nobody) {
  install("good", kCpuOfGood);
  write_manifest("broken", R"({"abi": 2, "module": "m", "engines": []})");
  Registry registry(options());
  EXPECT_THAT(names(registry.devices({})), ElementsAre("CPU"));
  EXPECT_THAT(reason(registry.devices({}), "broken"), HasSubstr("module interface 2, expected 1"));
  EXPECT_THAT(registry.engine("broken").status().message(), HasSubstr("engine broken: "));
  EXPECT_EQ(log_.lines.size(), 1u);
}

TEST_F(RegistryTest, an_unknown_engine_is_answered_with_the_known_ones) {
  install("good", kCpuOfGood);
  Registry registry(options());
  const auto status = registry.engine("bad").status();
  EXPECT_EQ(status.code(), base::StatusCode::kNotFound);
  EXPECT_EQ(status.message(), "engine bad is not known here, expected one of: good, good.second");
}

TEST_F(RegistryTest, only_the_engines_named_are_offered) {
  install("good", kCpuOfGood);
  install("refuses", R"([{"name": "refuses"}])");
  auto o = options();
  o.only_engines = {"good"};
  Registry registry(o);
  ASSERT_EQ(registry.manifests().size(), 2u);  // an engine's own engines belong to it
  EXPECT_EQ(registry.manifests()[1].name, "good.second");
}

TEST_F(RegistryTest, B307_engines_are_asked_for_gpus_only_when_the_system_shows_one_and_again_only_after_a_change) {
  Registry registry(options());
  int asked = 0;
  registry.add(probing("e", {"GPU", "NPU"}), std::make_unique<AskedEngine>("e", [&](std::vector<std::string> families) {
                 ++asked;
                 EXPECT_THAT(families, ElementsAre("GPU"));
                 return std::vector<DeviceReport>{report("GPU.0", DeviceKind::kDiscreteGpu)};
               }));
  EXPECT_THAT(names(registry.devices({})), IsEmpty());
  EXPECT_EQ(asked, 0);
  show_gpu();
  EXPECT_THAT(names(registry.devices({})), ElementsAre("GPU"));
  EXPECT_THAT(names(registry.devices({})), ElementsAre("GPU"));
  EXPECT_EQ(asked, 1);
  std::ofstream(folder_ / "root/dev/dri/renderD129");
  registry.devices({});
  EXPECT_EQ(asked, 2);
}

/// A GPU that a quick and a slow engine reach.
class SlowProbe : public RegistryTest {
 protected:
  /// `quick`: GPUs that the quick engine reports.
  std::unique_ptr<Registry> registry(int quick) {
    auto result = std::make_unique<Registry>(options());
    result->add(probing("quick", {"GPU"}), std::make_unique<AskedEngine>("quick", [quick](auto) {
                  std::vector<DeviceReport> reports;
                  for (int i = 0; i < quick; ++i) reports.push_back(gpu(i));
                  return reports;
                }));
    EngineManifest manifest = probing("slow", {"GPU"});
    manifest.slow_probe = true;
    result->add(std::move(manifest), std::make_unique<AskedEngine>("slow", [this](auto) {
                  ++asked_;
                  return std::vector<DeviceReport>{gpu(0), gpu(1)};
                }));
    return result;
  }
  static DeviceReport gpu(int i) {
    DeviceReport result = report("GPU." + std::to_string(i), DeviceKind::kDiscreteGpu);
    result.uuid = "1" + std::to_string(i);
    return result;
  }
  void show_nvidia(int i) { std::ofstream(folder_ / ("root/dev/nvidia" + std::to_string(i))); }
  static std::size_t ways(const DeviceList& list) { return list.devices.front().engines.size(); }

  int asked_ = 0;
};

TEST_F(SlowProbe, B307_the_way_to_a_first_answer_does_not_wait_for_it_where_the_gpus_are_known) {
  show_nvidia(0);
  const auto all = registry(1);
  const auto first = all->devices({}, Look::kQuick);
  EXPECT_THAT(names(first), ElementsAre("GPU"));
  EXPECT_EQ(ways(first), 1u);
  EXPECT_THAT(first.later, ElementsAre("slow"));
  EXPECT_EQ(asked_, 0);
  all->devices({}, Look::kQuick);  // asks no second time
  executor_.run_for(std::chrono::seconds(3));
  EXPECT_EQ(asked_, 1);
  const auto then = all->devices({}, Look::kQuick);
  EXPECT_EQ(ways(then), 2u);
  EXPECT_THAT(then.later, IsEmpty());
  EXPECT_EQ(asked_, 1);
}

TEST_F(SlowProbe, B307_it_is_asked_at_once_for_a_gpu_that_nobody_else_reaches) {
  show_nvidia(0);
  show_nvidia(1);
  const auto list = registry(1)->devices({}, Look::kQuick);
  EXPECT_THAT(names(list), ElementsAre("GPU.0", "GPU.1"));
  EXPECT_EQ(asked_, 1);
}

TEST_F(SlowProbe, B301_a_listing_waits_for_it) {
  show_nvidia(0);
  EXPECT_EQ(ways(registry(1)->devices({})), 2u);
}

TEST_F(SlowProbe, a_registry_may_go_before_the_question_is_asked) {
  show_nvidia(0);
  auto all = registry(1);
  all->devices({}, Look::kQuick);
  all.reset();
  executor_.run_for(std::chrono::seconds(3));
  EXPECT_EQ(asked_, 0);
}

TEST_F(RegistryTest, B307_an_engine_for_hardware_that_is_not_there_is_known_without_opening_it) {
  Registry registry(options());
  registry.add(probing("gpus", {"GPU"}), nullptr);
  registry.add(probing("any", {}), nullptr);
  EXPECT_TRUE(registry.has_hardware(registry.manifests()[0])) << "any";
  EXPECT_FALSE(registry.has_hardware(registry.manifests()[1]));
  show_gpu();
  EXPECT_TRUE(registry.has_hardware(registry.manifests()[1]));
}

TEST_F(RegistryTest, B123_only_engines_that_may_offer_the_families_are_asked) {
  show_gpu();
  Registry registry(options());
  std::vector<std::string> asked;
  const auto add = [&](const char* name, std::vector<std::string> families) {
    registry.add(probing(name, std::move(families)),
                 std::make_unique<AskedEngine>(name, [&asked, name](std::vector<std::string>) {
                   asked.push_back(name);
                   return std::vector<DeviceReport>{};
                 }));
  };
  add("a", {"GPU"});
  add("b", {"MYRIAD", "GPU"});
  add("c", {"GNA"});
  registry.devices(std::vector<std::string>{"CPU"});
  EXPECT_THAT(asked, IsEmpty());
  registry.devices(std::vector<std::string>{"MYRIAD"});
  EXPECT_THAT(asked, ElementsAre("b"));
}

TEST_F(RegistryTest, B306_probes_that_fail_throw_hang_or_talk_nonsense_leave_the_others_alone) {
  show_gpu();
  Registry registry(options());
  const auto add = [&](const char* name, AskedEngine::Listing listing) {
    registry.add(probing(name, {"GPU"}), std::make_unique<AskedEngine>(name, std::move(listing)));
  };
  add("fails", [](auto) { return base::Status::device_failed("driver too old"); });
  add("throws", [](auto) -> base::Result<std::vector<DeviceReport>> { throw 1; });
  add("hangs", [&](auto) -> base::Result<std::vector<DeviceReport>> {
    base::Mutex mutex;
    base::CondVar never;
    base::MutexLock lock(mutex);
    executor_.wait(
        mutex, never, [] { return false; }, executor_.now() + std::chrono::seconds(60));
    return std::vector<DeviceReport>{report("GPU.7", DeviceKind::kDiscreteGpu)};
  });
  add("nonsense", [](auto) { return std::vector<DeviceReport>{report("G,PU", DeviceKind::kDiscreteGpu)}; });
  add("unasked", [](auto) { return std::vector<DeviceReport>{report("NPU", DeviceKind::kAccelerator)}; });
  add("works", [](auto) { return std::vector<DeviceReport>{report("GPU.0", DeviceKind::kDiscreteGpu)}; });
  const auto list = registry.devices({});
  EXPECT_THAT(names(list), ElementsAre("GPU"));
  EXPECT_EQ(list.missing_engines.size(), 5u);
  EXPECT_EQ(reason(list, "fails"), "driver too old");
  EXPECT_EQ(reason(list, "throws"), "threw an exception when asked for its devices");
  EXPECT_EQ(reason(list, "hangs"), "no answer within 2 s when asked for its devices");
  EXPECT_EQ(reason(list, "nonsense"), "reports nonsense: got \"G,PU\", expected a device name like CPU or GPU.1");
  EXPECT_EQ(reason(list, "unasked"), "reports nonsense: NPU was not asked for");
}

TEST_F(RegistryTest, a_script_without_a_module_that_plays_it_is_reported) {
  auto o = options();
  o.sim_script = "{}";
  Registry registry(o);
  EXPECT_THAT(reason(registry.devices({}), "sim"), HasSubstr("no module can play it"));
}

}  // namespace
}  // namespace baton::engine
