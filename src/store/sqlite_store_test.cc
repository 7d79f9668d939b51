// SPDX-License-Identifier: Apache-2.0
// Copyright (C) 2026 The Baton authors
#include "store/sqlite_store.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <thread>

#include "base/file_content.h"
#include "support/temporary_folder.h"

namespace baton::store {
namespace {

namespace fs = std::filesystem;
using policy::Record;
using policy::RecordKey;
using test::TemporaryFolder;

RecordKey key(const std::string& model = "m", const std::string& engine = "E1") {
  return {model, "[1,4]", "CPU, a name, 2 cores", "driver", engine, "1.0", "full", "native", "LATENCY", ""};
}

class StoreTest : public ::testing::Test {
 protected:
  void SetUp() override {
    if (SqliteLibrary::get() == nullptr) GTEST_SKIP() << "libsqlite3.so.0 is not here";
  }
  SqliteStore store_at(const fs::path& path) {
    return SqliteStore(path, [this] { return now_; });
  }
  std::string content() const { return base::content_of(file_).value(); }

  SqliteStore::Seconds now_{1'000'000'000};
  TemporaryFolder folder_;
  const fs::path file_ = folder_.path() / "cache" / "records.sqlite";
  SqliteStore store_ = store_at(file_);
};

TEST_F(StoreTest, B425_B1017_keeps_what_it_is_told_for_later_processes) {
  EXPECT_FALSE(store_.may_know());
  EXPECT_TRUE(store_.find("m").empty());
  EXPECT_FALSE(fs::exists(file_)) << "looking does not make a file";

  for (const double ms : {10.0, 12.0, 11.0}) store_.add(key(), {.load_ms = 100, .run_ms = ms});
  store_.add(key("m", "E2"), {.run_ms = 5});
  store_.add(key("other"), {.run_ms = 1});
  now_ += std::chrono::hours(48);

  SqliteStore later = store_at(file_);
  EXPECT_TRUE(later.may_know());
  const auto records = later.find("m");
  ASSERT_EQ(records.size(), 2u);
  const Record& record = records.at(key());
  EXPECT_EQ(record.load.ms, 100);
  EXPECT_NEAR(record.run.ms, 11, 0.01);
  EXPECT_EQ(record.run.low_ms, 10);
  EXPECT_EQ(record.run.high_ms, 12);
  EXPECT_EQ(record.run.observations, 3);
  EXPECT_EQ(record.run.age, std::chrono::hours(48));
  EXPECT_EQ(records.at(key("m", "E2")).load.observations, 0);
}

TEST_F(StoreTest, B425_every_part_of_the_key_counts) {
  store_.add(key(), {.run_ms = 1});
  for (const auto part :
       {&RecordKey::shapes, &RecordKey::device, &RecordKey::driver, &RecordKey::engine, &RecordKey::version,
        &RecordKey::profile, &RecordKey::precision, &RecordKey::hint, &RecordKey::config}) {
    RecordKey other = key();
    other.*part = "another";
    store_.add(other, {.run_ms = 2});
  }
  const auto records = store_.find("m");
  EXPECT_EQ(records.size(), 10u);
  EXPECT_EQ(records.at(key()).run.ms, 1);
}

TEST_F(StoreTest, B425_records_that_are_too_old_go_away) {
  store_.add(key("old"), {.run_ms = 1});
  now_ += policy::kRecordLifetime + std::chrono::seconds(1);
  store_.add(key(), {.run_ms = 1});
  EXPECT_TRUE(store_.find("old").empty());
  EXPECT_EQ(store_.find("m").size(), 1u);
}

TEST_F(StoreTest, a_clock_that_was_set_back_makes_nothing_old) {
  store_.add(key(), {.run_ms = 1});
  now_ -= std::chrono::hours(1000);
  EXPECT_EQ(store_.find("m").at(key()).run.age.count(), 0);
}

TEST_F(StoreTest, B1017_deleting_the_file_is_harmless) {
  store_.add(key(), {.run_ms = 1});
  fs::remove_all(file_.parent_path());
  EXPECT_TRUE(store_.find("m").empty());
  store_.add(key(), {.run_ms = 2});
  EXPECT_EQ(store_.find("m").at(key()).run.ms, 2);
}

TEST_F(StoreTest, B1017_a_broken_file_is_ignored_and_rewritten) {
  for (int i = 0; i < 50; ++i) store_.add(key("m" + std::to_string(i)), {.run_ms = 1});
  const std::string good = content();
  ASSERT_GT(good.size(), 8000u);
  std::string torn = good.substr(0, good.size() / 2);
  std::string garbled = good;
  for (std::size_t i = 100; i < garbled.size(); i += 3) garbled[i] = static_cast<char>(i);
  for (const std::string& broken :
       {std::string("this is no database at all"), std::string(5000, '\0'), torn, garbled}) {
    folder_.write("cache/records.sqlite", broken);
    EXPECT_TRUE(store_.find("m1").empty());
    store_.add(key(), {.run_ms = 3});
    ASSERT_EQ(store_.find("m").size(), 1u) << broken.substr(0, 20);
    EXPECT_TRUE(fs::exists(file_.string() + ".broken")) << "it might have been somebody's file";
  }
}

TEST_F(StoreTest, a_database_of_another_program_is_left_alone) {
  fs::create_directories(file_.parent_path());
  {
    Database other(file_, Database::Mode::kWrite, 0);
    other.run("CREATE TABLE theirs (x)");
    ASSERT_EQ(other.outcome(), Outcome::kOk);
  }
  const std::string before = content();
  EXPECT_TRUE(store_.find("m").empty());
  store_.add(key(), {.run_ms = 1});
  EXPECT_EQ(content(), before);
}

TEST_F(StoreTest, where_nothing_can_be_written_nothing_is_kept_and_nothing_fails) {
  folder_.write("file", "a file is no folder");
  for (const fs::path& path : {folder_.path() / "file" / "records.sqlite", fs::path("/proc/self/records.sqlite")}) {
    SqliteStore store = store_at(path);
    store.add(key(), {.run_ms = 1});
    EXPECT_FALSE(store.may_know());
    EXPECT_TRUE(store.find("m").empty());
  }
}

TEST_F(StoreTest, B1016_several_threads_and_processes_write_at_once) {
  constexpr int kProcesses = 4;
  constexpr int kTimes = 25;
  std::vector<pid_t> children;
  for (int p = 0; p < kProcesses; ++p) {
    const pid_t child = fork();
    if (child == 0) {
      for (int i = 0; i < kTimes; ++i) store_.add(key(), {.run_ms = 10});
      _exit(0);
    }
    children.push_back(child);
  }
  for (const pid_t child : children) waitpid(child, nullptr, 0);
  {
    std::vector<std::jthread> threads;
    for (int t = 0; t < kProcesses; ++t) {
      threads.emplace_back([this] {
        for (int i = 0; i < kTimes; ++i) {
          store_.add(key(), {.run_ms = 10});
          store_.find("m");
        }
      });
    }
  }
  EXPECT_EQ(store_.find("m").at(key()).run.observations, 2 * kProcesses * kTimes) << "none is lost";
}

}  // namespace
}  // namespace baton::store
