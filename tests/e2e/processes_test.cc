// SPDX-License-Identifier: Apache-2.0
// Copyright (C) 2026 The Baton authors
//
// What processes share: the cache's entries and the records (B-1016, B-1017). Every start is a process (start_once.cc).
#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdio>
#include <filesystem>
#include <fstream>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "e2e/small_model.h"
#include "support/temporary_folder.h"

namespace baton::test {
namespace {

namespace fs = std::filesystem;

constexpr const char* kMachine = R"({"only": true,
  "devices": [{"name": "CPU", "kind": "cpu", "capabilities": ["FP32", "EXPORT_IMPORT"]}],
  "pairs": [
    {"device": "CPU", "engine": "E1", "profile": "fast", "load_ms": 5, "run_ms": 4},
    {"device": "CPU", "engine": "E2", "load_ms": 40, "run_ms": 1, "run_rank": 10}]})";

/// What a process of start_once.cc is started with.
struct Start {
  std::string model;
  std::string cache = "-";
  std::string engine = "-";
  bool records = false;
  std::vector<std::pair<std::string, std::string>> environment;  ///< an empty value: the variable is removed
};

/// One running process of start_once.cc; it compiles when `go` is called.
class Process {
 public:
  explicit Process(const Start& start) {
    int in[2];
    int out[2];
    if (pipe2(in, O_CLOEXEC) != 0 || pipe2(out, O_CLOEXEC) != 0) std::abort();
    child_ = fork();
    if (child_ == 0) {
      dup2(in[0], STDIN_FILENO);
      dup2(out[1], STDOUT_FILENO);
      for (const auto& [name, value] : start.environment) {
        if (value.empty()) unsetenv(name.c_str());
        else setenv(name.c_str(), value.c_str(), 1);
      }
      execl(BATON_START_ONCE, BATON_START_ONCE, start.model.c_str(), start.cache.c_str(), start.engine.c_str(),
            start.records ? "records" : "-", nullptr);
      _exit(127);
    }
    close(in[0]);
    close(out[1]);
    go_ = in[1];
    said_ = fdopen(out[0], "r");
  }
  ~Process() {
    go();
    if (!ended_) wait();
    fclose(said_);
  }
  Process(const Process&) = delete;
  Process& operator=(const Process&) = delete;

  std::string line() {
    char text[200] = "";
    return fgets(text, sizeof(text), said_) == nullptr ? std::string() : std::string(text);
  }
  void go() {
    if (go_ >= 0) close(go_);
    go_ = -1;
  }
  int wait() {
    int status = 0;
    waitpid(child_, &status, 0);
    ended_ = true;
    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
  }

 private:
  pid_t child_ = -1;
  int go_ = -1;
  FILE* said_ = nullptr;
  bool ended_ = false;
};

/// What each of `count` processes says, all of which compile at once and end well.
std::vector<std::string> run_at_once(int count, const Start& start) {
  std::vector<std::unique_ptr<Process>> processes;
  for (int i = 0; i < count; ++i) processes.push_back(std::make_unique<Process>(start));
  for (const auto& process : processes) EXPECT_EQ(process->line(), "ready\n");
  for (const auto& process : processes) process->go();
  std::vector<std::string> said;
  for (const auto& process : processes) {
    said.push_back(process->line());
    EXPECT_EQ(process->wait(), 0) << said.back();
  }
  return said;
}

std::string value_of(const std::string& said, const std::string& name) {
  const auto begin = said.find(name + " ");
  if (begin == std::string::npos) return "nothing";
  const auto value = begin + name.size() + 1;
  return said.substr(value, said.find_first_of(" \n", value) - value);
}

/// Files of a kind; none where there is no folder.
std::vector<fs::path> files_in(const fs::path& folder, const std::string& extension) {
  std::vector<fs::path> files;
  std::error_code error;
  for (fs::recursive_directory_iterator it(folder, error), end; !error && it != end; it.increment(error)) {
    if (it->path().extension() == extension) files.push_back(it->path());
  }
  return files;
}

class ProcessesE2e : public testing::TestWithParam<const char*> {};

TEST_P(ProcessesE2e, B1016_that_compile_one_model_at_once_all_work_and_leave_one_entry) {
  const TemporaryFolder folder;
  const std::string engine = GetParam();
  const bool simulated = engine == "sim";
  Start start{.model = folder.write("model.onnx", small_model()).string(), .engine = simulated ? "E2" : engine};
  if (simulated) start.environment = {{"BATON_SIM", kMachine}};
  for (int round = 0; round < 3; ++round) {
    const fs::path cache = folder.path() / ("cache" + std::to_string(round));
    start.cache = cache.string();
    std::set<std::string> answers;
    for (const std::string& said : run_at_once(simulated ? 6 : 3, start)) {
      answers.insert(value_of(said, "first"));
      answers.insert(value_of(said, "last"));
    }
    EXPECT_EQ(answers.size(), 1U) << *answers.begin();
    EXPECT_EQ(files_in(cache, ".blob").size(), 1U);
    EXPECT_TRUE(files_in(cache, ".tmp").empty());
    const std::string next = run_at_once(1, start).front();
    EXPECT_EQ(value_of(next, "cached"), "1") << next;
    EXPECT_TRUE(answers.contains(value_of(next, "first"))) << next;
  }
}

INSTANTIATE_TEST_SUITE_P(Engines, ProcessesE2e, testing::Values("sim", "openvino", "onnxruntime"),
                         [](const testing::TestParamInfo<const char*>& engine) { return std::string(engine.param); });

/// Every start is a process that keeps records, none of which is told where.
class StoreE2e : public testing::Test {
 protected:
  std::string start() { return run_at_once(1, start_).front(); }
  bool knows(const std::string& said) const { return value_of(said, "known") == "1"; }

  TemporaryFolder folder_;
  const fs::path home_ = folder_.path() / "home";
  const fs::path cache_ = folder_.path() / "cache";
  Start start_{.model = folder_.write("model.onnx", small_model()).string(),
               .cache = cache_.string(),
               .records = true,
               .environment = {{"BATON_SIM", kMachine}, {"BATON_STORE", ""}, {"XDG_CACHE_HOME", home_.string()}}};
};

TEST_F(StoreE2e, B1017_records_are_in_the_users_cache_folder_and_not_in_CACHE_DIR) {
  EXPECT_FALSE(knows(start()));
  const auto stores = files_in(folder_.path(), ".sqlite");
  ASSERT_EQ(stores.size(), 1U);
  EXPECT_EQ(stores.front().parent_path(), home_ / "baton");
  EXPECT_TRUE(knows(start()));

  fs::remove_all(cache_);
  EXPECT_TRUE(knows(start())) << "one does not need the other";
  EXPECT_EQ(files_in(cache_, ".blob").size(), 1U);

  fs::remove_all(cache_);  // a target from there is not measured
  start_.environment = {{"BATON_SIM", kMachine}, {"BATON_STORE", ""}, {"XDG_CACHE_HOME", ""}, {"HOME", home_.string()}};
  EXPECT_FALSE(knows(start()));
  EXPECT_EQ(files_in(home_ / ".cache" / "baton", ".sqlite").size(), 1U);
}

TEST_F(StoreE2e, B1017_deleted_or_broken_records_cost_what_they_knew_and_nothing_else) {
  start_.cache = "-";  // a target from the cache is not measured
  start();
  const fs::path store = files_in(home_, ".sqlite").front();
  fs::remove_all(home_);
  EXPECT_FALSE(knows(start()));
  EXPECT_TRUE(knows(start())) << "written anew";
  const auto size = fs::file_size(store);
  for (const auto& broken : {std::string("no database"), std::string(), std::string(size, 'x')}) {
    std::ofstream(store, std::ios::trunc | std::ios::binary) << broken;
    const std::string said = start();
    EXPECT_FALSE(knows(said)) << said;
    EXPECT_EQ(value_of(said, "first"), value_of(said, "last")) << said;
    EXPECT_TRUE(knows(start())) << "rewritten";
  }
}

TEST_F(StoreE2e, B1016_processes_that_measure_at_once_all_find_their_records) {
  start_.cache = "-";
  for (const std::string& said : run_at_once(6, start_)) EXPECT_EQ(value_of(said, "first"), value_of(said, "last"));
  EXPECT_TRUE(knows(start()));
}

}  // namespace
}  // namespace baton::test
