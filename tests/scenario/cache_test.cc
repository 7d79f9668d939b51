// SPDX-License-Identifier: Apache-2.0
// Copyright (C) 2026 The Baton authors
//
// Section 10 of the behaviour specification: the cache. One machine after another plays one process after another; what
// they share is the folder.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <thread>

#include "cache/entry_folder.h"
#include "scenario/machines.h"
#include "scenario/scenario.h"
#include "support/temporary_folder.h"

namespace baton::test {
namespace {

namespace fs = std::filesystem;
using autodev::Options;
using What = sim::Entry::What;

/// A GPU that loads in 1000 ms, and in 100 ms from the cache; a CPU that can be cached too.
std::string machine_of(const std::string& gpu = R"("cached_load_ms": 100)", const std::string& cpu = "",
                       const std::string& gpu_words = R"("EXPORT_IMPORT", "FP32")") {
  return R"({"only": true,
    "devices": [{"name": "CPU", "kind": "cpu", "capabilities": ["EXPORT_IMPORT", "FP32"]},
                {"name": "GPU", "kind": "dgpu", "capabilities": [)" +
         gpu_words + R"(]}],
    "pairs": [{"device": "CPU", "engine": "C", "load_ms": 50, "run_ms": 20, "cached_load_ms": 10)" +
         (cpu.empty() ? "" : ", " + cpu) +
         R"(}, {"device": "GPU", "engine": "G", "load_ms": 1000, "run_ms": 2, "cpu_heavy_load": false)" +
         (gpu.empty() ? "" : ", " + gpu) + "}]}";
}

class Cache : public testing::Test {
 protected:
  Options options() const {
    Options options;
    options.cache_dir = path().string();
    return options;
  }
  fs::path path() const { return place_.path() / "cache"; }

  std::vector<fs::path> entries() const {
    std::vector<fs::path> files;
    std::error_code error;
    for (fs::directory_iterator it(path(), error), end; !error && it != end; it.increment(error)) {
      if (it->path().extension() == ".blob") files.push_back(it->path());
    }
    return files;
  }

  /// One process that starts, switches to what it wants and ends.
  void first_start(const std::string& script, const std::string& device = "AUTO:GPU,CPU", int cores = 8) {
    Machine machine(script, cores);
    auto model = machine.model(device, options());
    machine.infer_until(*model, machine.now_ms() + 2500);
    ASSERT_EQ(phase(*model), "STEADY");
  }

  void damage(const fs::path& file, const std::string& content) { std::ofstream(file, std::ios::trunc) << content; }

  const TemporaryFolder place_;
};

TEST_F(Cache, B1001_B1013_one_entry_for_the_gpu_and_a_second_start_from_it_without_a_helper) {
  {
    Machine machine(machine_of());
    auto model = machine.model("AUTO:GPU,CPU", options());
    EXPECT_EQ(execution_devices(*model), "(CPU)");
    machine.infer_until(*model, 2500);
    EXPECT_EQ(execution_devices(*model), "GPU");
    EXPECT_FALSE(model->snapshot().loaded_from_cache);
    EXPECT_EQ(machine.recorder->count(What::kExported, "GPU"), 1u);
    EXPECT_EQ(machine.recorder->count(What::kExported, "CPU"), 0u) << "a helper writes nothing (B-513)";
  }
  EXPECT_EQ(entries().size(), 1u);

  Machine machine(machine_of());
  auto model = machine.model("AUTO:GPU,CPU", options());
  EXPECT_NEAR(machine.now_ms(), 100, 1);
  EXPECT_EQ(phase(*model), "STEADY");
  EXPECT_EQ(execution_devices(*model), "GPU");
  EXPECT_EQ(model->snapshot().generation, 1u);
  EXPECT_TRUE(model->snapshot().loaded_from_cache) << "B-1008";
  machine.infer_until(*model, 3000);
  EXPECT_EQ(machine.recorder->count(What::kLoadStarted, "CPU"), 0u) << "B-1009";
  EXPECT_EQ(machine.recorder->count(What::kExported), 0u) << "B-1019";
  EXPECT_EQ(entries().size(), 1u);
}

TEST_F(Cache, B1008_loaded_from_cache_follows_the_serving_executable) {
  first_start(machine_of());
  Machine machine(machine_of(R"("cached_load_ms": 900)"));
  auto model = machine.model("AUTO:GPU,CPU", options());
  EXPECT_EQ(execution_devices(*model), "(CPU)");
  EXPECT_FALSE(model->snapshot().loaded_from_cache);
  machine.infer_until(*model, 2500);
  EXPECT_EQ(execution_devices(*model), "GPU");
  EXPECT_TRUE(model->snapshot().loaded_from_cache);
}

TEST_F(Cache, B1009_for_default_lists_too_and_for_two_engines_of_one_device) {
  first_start(machine_of(), "AUTO");
  Machine machine(machine_of());
  auto model = machine.model("AUTO", options());
  EXPECT_EQ(machine.recorder->count(What::kLoadStarted, "CPU"), 0u);
  EXPECT_TRUE(model->snapshot().loaded_from_cache);

  const std::string cpu = R"({"only": true,
    "devices": [{"name": "CPU", "kind": "cpu", "capabilities": ["EXPORT_IMPORT", "FP32"]}],
    "pairs": [{"device": "CPU", "engine": "E1", "profile": "fast", "load_ms": 40, "run_ms": 20},
              {"device": "CPU", "engine": "E2", "load_ms": 300, "run_ms": 8, "cached_load_ms": 60}]})";
  first_start(cpu, "AUTO");
  EXPECT_EQ(entries().size(), 2u);
  Machine one_device(cpu);
  model = one_device.model("AUTO", options());
  EXPECT_NEAR(one_device.now_ms(), 60, 1);
  EXPECT_EQ(execution_engines(*model), "E2");
  EXPECT_EQ(one_device.recorder->count(What::kLoadStarted, "CPU", "E1"), 0u);
}

TEST_F(Cache, B1009_entries_of_other_candidates_do_not_matter) {
  first_start(machine_of(), "AUTO:CPU");
  ASSERT_EQ(entries().size(), 1u);
  Machine machine(machine_of());
  auto model = machine.model("AUTO:GPU,CPU", options());
  EXPECT_EQ(execution_devices(*model), "(CPU)");
  EXPECT_TRUE(model->snapshot().loaded_from_cache) << "a helper may read (B-513)";
  EXPECT_NEAR(machine.now_ms(), 10, 1);
}

TEST_F(Cache, B1010_a_skipped_helper_stays_a_candidate) {
  first_start(machine_of());
  Machine machine(machine_of());
  auto model = machine.model("AUTO:GPU,CPU", options());
  EXPECT_EQ(model->snapshot().accepted_devices, (std::vector<std::string>{"GPU", "CPU"}));
  const auto report = model->report();
  EXPECT_EQ(report.candidates.size(), 2u);
  EXPECT_EQ(pair_in(report, "CPU/C/full").verdict, policy::Verdict::kStandby);
  EXPECT_THAT(report.notes, testing::Contains(testing::HasSubstr("in the cache")));
}

TEST_F(Cache, B1010_load_failover_stays_when_the_cached_target_fails) {
  first_start(machine_of());
  Machine machine(machine_of(R"("import_failures": [{"class": "DEVICE_LOST"}], "cached_load_ms": 100)"));
  auto model = machine.model("AUTO:GPU,CPU", options());
  EXPECT_EQ(execution_devices(*model), "CPU");
  EXPECT_EQ(entries().size(), 1u) << "a lost device says nothing of the entry";
}

TEST_F(Cache, B1011_a_cached_load_beyond_the_grace_gets_a_helper) {
  first_start(machine_of());
  Machine machine(machine_of(R"("cached_load_ms": 400)"));
  Options late = options();
  late.startup_grace_ms = 150;
  auto model = machine.model("AUTO:GPU,CPU", late);
  EXPECT_NEAR(machine.now_ms(), 200, 1) << "150 ms of grace, then the helper's 50 ms";
  EXPECT_EQ(execution_devices(*model), "(CPU)");
  machine.infer_until(*model, 2000);
  EXPECT_EQ(execution_devices(*model), "GPU");
  EXPECT_EQ(machine.recorder->count(What::kLoadStarted, "GPU"), 1u);
}

TEST_F(Cache, B1011_no_grace_means_a_helper_at_once) {
  first_start(machine_of());
  Machine machine(machine_of());
  Options none = options();
  none.startup_grace_ms = 0;
  auto model = machine.model("AUTO:GPU,CPU", none);
  EXPECT_NEAR(machine.now_ms(), 50, 1);
  EXPECT_EQ(execution_devices(*model), "(CPU)");
}

TEST_F(Cache, B1005_B1011_a_refused_entry_is_removed_and_the_target_compiled_anew_behind_a_helper) {
  first_start(machine_of());
  Machine machine(machine_of(R"("cached_load_ms": 100, "import_failures": [{"class": "ENGINE_ERROR"}])"));
  auto model = machine.model("AUTO:GPU,CPU", options());
  EXPECT_NEAR(machine.now_ms(), 150, 1) << "100 ms until the refusal, then the helper's 50 ms";
  EXPECT_EQ(execution_devices(*model), "(CPU)");
  EXPECT_TRUE(entries().empty());
  machine.infer_until(*model, 3000);
  EXPECT_EQ(execution_devices(*model), "GPU");
  EXPECT_FALSE(model->snapshot().loaded_from_cache);
  EXPECT_EQ(entries().size(), 1u) << "written again";
}

TEST_F(Cache, B1011_on_few_cores_the_compile_anew_waits_for_the_helpers_first_answer) {
  const std::string script = R"({"only": true,
    "devices": [{"name": "CPU", "kind": "cpu", "capabilities": ["EXPORT_IMPORT", "FP32"]}],
    "pairs": [{"device": "CPU", "engine": "E1", "profile": "fast", "load_ms": 40, "run_ms": 20},
              {"device": "CPU", "engine": "E2", "load_ms": 300, "run_ms": 8, "cached_load_ms": 60)";
  first_start(script + "}]}", "AUTO", /*cores=*/2);
  Machine machine(script + R"(, "import_failures": [{"class": "ENGINE_ERROR"}]}]})", /*cores=*/2);
  auto model = machine.model("AUTO", options());
  EXPECT_NEAR(machine.now_ms(), 100, 1);
  machine.run_ms(100);
  EXPECT_EQ(machine.recorder->count(What::kLoadStarted, "CPU", "E2"), 1u) << "the refused one only";
  machine.infer_until(*model, 1500);
  EXPECT_EQ(machine.recorder->count(What::kLoadStarted, "CPU", "E2"), 2u);
  EXPECT_EQ(execution_engines(*model), "E2");
}

TEST_F(Cache, B1005_broken_and_cut_off_entries_never_reach_the_user) {
  for (const std::string& content : {std::string(), std::string("nonsense"), std::string(10000, '\0')}) {
    first_start(machine_of());
    ASSERT_EQ(entries().size(), 1u);
    damage(entries().front(), content);
    Machine machine(machine_of());
    auto model = machine.model("AUTO:GPU,CPU", options());
    EXPECT_EQ(execution_devices(*model), "(CPU)") << "as without an entry";
    machine.infer_until(*model, 2500);
    EXPECT_EQ(execution_devices(*model), "GPU");
    EXPECT_EQ(entries().size(), 1u);
  }
  // Damage that only the checksum shows.
  const auto size = fs::file_size(entries().front());
  std::fstream(entries().front(), std::ios::in | std::ios::out | std::ios::binary).seekp(static_cast<long>(size) - 1)
      << '!';
  Machine machine(machine_of());
  auto model = machine.model("AUTO:GPU,CPU", options());
  machine.infer_until(*model, 3500);
  EXPECT_EQ(execution_devices(*model), "GPU");
  EXPECT_FALSE(model->snapshot().loaded_from_cache);
  EXPECT_EQ(machine.recorder->count(What::kLoadStarted, "GPU"), 1u);
}

TEST_F(Cache, B1002_another_version_or_configuration_is_another_entry) {
  const std::string script = machine_of();
  first_start(script);
  const std::string newer = R"({"only": true, "engines": [{"name": "C"}, {"name": "G", "version": "2.0"}],)" +
                            script.substr(script.find("\"devices\""));
  {
    Machine machine(newer);
    auto model = machine.model("AUTO:GPU,CPU", options());
    EXPECT_EQ(execution_devices(*model), "(CPU)");
    machine.infer_until(*model, 2500);
  }
  EXPECT_EQ(entries().size(), 2u);
  {
    Machine machine(script);
    machine.properties.devices["GPU"]["NUM_STREAMS"] = "2";
    auto model = machine.model("AUTO:GPU,CPU", options());
    EXPECT_EQ(execution_devices(*model), "(CPU)");
    machine.infer_until(*model, 2500);
  }
  EXPECT_EQ(entries().size(), 3u);
  {
    Machine machine(script);
    Options throughput = options();
    throughput.hint = autodev::PerformanceHint::kThroughput;
    auto model = machine.model("AUTO:GPU,CPU", throughput);
    EXPECT_EQ(execution_devices(*model), "(CPU)");
    machine.infer_until(*model, 2500);
  }
  EXPECT_EQ(entries().size(), 4u);
}

TEST_F(Cache, B1006_a_file_in_the_folders_place_is_an_error_and_nowhere_to_write_is_not) {
  Machine machine(machine_of());
  Options file;
  file.cache_dir = place_.write("file", "x").string();
  const auto refused = machine.compile("AUTO:GPU,CPU", file);
  EXPECT_EQ(refused.status().code(), base::StatusCode::kInvalidArgument);
  EXPECT_THAT(refused.status().message(), testing::HasSubstr(file.cache_dir));
  EXPECT_TRUE(machine.shared.registrations().empty()) << "nothing is registered for a model that is not there";

  Options nowhere;
  nowhere.cache_dir = file.cache_dir + "/below";
  auto model = machine.model("AUTO:GPU,CPU", nowhere);
  machine.infer_until(*model, machine.now_ms() + 2500);
  EXPECT_EQ(execution_devices(*model), "GPU");
}

TEST_F(Cache, B1007_a_pair_without_export_is_not_cached) {
  const std::string script = machine_of(R"("cached_load_ms": 100)", "", R"("FP32")");
  first_start(script);
  EXPECT_TRUE(entries().empty());
  Machine machine(script);
  auto model = machine.model("AUTO:GPU,CPU", options());
  EXPECT_EQ(execution_devices(*model), "(CPU)");
  EXPECT_EQ(machine.recorder->count(What::kExported), 0u);
}

TEST_F(Cache, B513_a_helper_whose_device_was_given_a_cache_writes) {
  Machine machine(machine_of());
  machine.properties.devices["CPU"]["CACHE_DIR"] = path().string();
  auto model = machine.model("AUTO:GPU,CPU");
  machine.infer_until(*model, 2500);
  EXPECT_EQ(machine.recorder->count(What::kExported, "CPU"), 1u);
  EXPECT_EQ(machine.recorder->count(What::kExported, "GPU"), 0u) << "that device has no cache";
  EXPECT_EQ(entries().size(), 1u);
}

TEST_F(Cache, B1015_without_startup_fallback_nothing_of_the_cpu_is_loaded_or_written) {
  Options alone = options();
  alone.startup_fallback = false;
  for (const bool cached : {false, true}) {
    Machine machine(machine_of());
    auto model = machine.model("AUTO:GPU,CPU", alone);
    EXPECT_EQ(model->snapshot().loaded_from_cache, cached);
    machine.run_ms(500);
    EXPECT_EQ(machine.recorder->count(What::kLoadStarted, "CPU"), 0u);
    EXPECT_EQ(entries().size(), 1u);
  }
  Machine machine(machine_of());
  auto model = machine.model("AUTO:CPU", alone);
  machine.run_ms(500);
  EXPECT_EQ(entries().size(), 2u) << "unless it is the target";
}

TEST_F(Cache, B1016_two_models_at_once_leave_one_entry) {
  Machine machine(machine_of());
  auto one = machine.model("AUTO:GPU,CPU", options());
  auto other = machine.model("AUTO:GPU,CPU", options());
  machine.infer_until(*one, 3000);
  machine.infer_until(*other, 5000);
  EXPECT_EQ(execution_devices(*one), "GPU");
  EXPECT_EQ(execution_devices(*other), "GPU");
  EXPECT_EQ(entries().size(), 1u);
  EXPECT_EQ(machine.recorder->count(What::kExported), 1u);
}

TEST_F(Cache, B1018_the_engines_own_caches_get_a_folder_per_pair) {
  Machine machine(machine_of());
  auto model = machine.model("AUTO:GPU,CPU", options());
  const auto loads = machine.recorder->entries(What::kLoadStarted);
  ASSERT_EQ(loads.size(), 2u);
  for (const auto& load : loads) {
    EXPECT_EQ(fs::path(load.cache_folder).parent_path(), path());
    EXPECT_THAT(load.cache_folder, testing::HasSubstr(load.engine + "-" + load.device));
  }
  Machine without(machine_of());
  auto uncached = without.model("AUTO:GPU,CPU");
  EXPECT_EQ(without.recorder->entries(What::kLoadStarted)[0].cache_folder, "");
}

TEST_F(Cache, a_model_that_is_gone_before_it_was_written_is_written_all_the_same) {
  Machine machine(machine_of());
  auto model = machine.model("AUTO:GPU", options());
  model->close();
  machine.run_ms(1);
  EXPECT_EQ(entries().size(), 1u);
}

TEST_F(Cache, the_export_leaves_the_first_answer_alone) {
  Machine machine(machine_of());
  auto model = machine.model("AUTO:GPU", options());
  machine.run_ms(99);
  EXPECT_EQ(machine.recorder->count(What::kExported), 0u);
  machine.run_ms(2);
  EXPECT_EQ(machine.recorder->count(What::kExported), 1u);
}

TEST_F(Cache, a_pair_that_was_refused_by_its_check_is_not_cached) {
  const std::string script = machine_of(R"("cached_load_ms": 100, "output_error": {"bias": 5})");
  Machine machine(script);
  auto model = machine.model("AUTO:GPU,CPU", options());
  machine.infer_until(*model, 3000);
  EXPECT_EQ(execution_devices(*model), "CPU");
  EXPECT_TRUE(entries().empty()) << "else it would serve unchecked the next time";
}

TEST_F(Cache, B1307_explain_tells_of_the_skipped_helper) {
  first_start(machine_of());
  Machine machine(machine_of());
  autodev::CompileSpec spec;
  spec.model = tiny_model();
  spec.device = policy::parse_device_string("AUTO:GPU,CPU").value();
  spec.options = options();
  spec.log = std::shared_ptr<base::LogSink>(&machine.log, [](auto*) {});
  const auto report = autodev::AutoModel::explain(machine.environment, spec);
  ASSERT_TRUE(report.is_ok());
  EXPECT_EQ(pair_in(report.value(), "GPU/G/full").verdict, policy::Verdict::kTarget);
  EXPECT_EQ(pair_in(report.value(), "CPU/C/full").verdict, policy::Verdict::kStandby);
  EXPECT_EQ(machine.recorder->count(What::kLoadStarted), 0u);
}

}  // namespace
}  // namespace baton::test
