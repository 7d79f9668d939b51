// SPDX-License-Identifier: Apache-2.0
// Copyright (C) 2026 The Baton authors
#include "cache/entry_folder.h"

#include <gtest/gtest.h>

#include <chrono>
#include <fstream>
#include <ostream>
#include <thread>
#include <vector>

#include "support/temporary_folder.h"

namespace baton::cache {
namespace {

namespace fs = std::filesystem;
using base::Status;

Status put(const EntryFolder& folder, const std::string& key, const std::string& content) {
  return folder.write(key, [&](std::ostream& out) {
    out << content;
    return Status::ok();
  });
}

std::string get(const EntryFolder& folder, const std::string& key, std::string* removed = nullptr) {
  const auto bytes = folder.find(key, [&](const std::string& what) {
    if (removed != nullptr) *removed = what;
  });
  if (!bytes) return "(none)";
  return {reinterpret_cast<const char*>(bytes->data()), bytes->size()};
}

std::size_t files_in(const fs::path& folder) {
  std::size_t count = 0;
  for ([[maybe_unused]] const auto& file : fs::directory_iterator(folder)) ++count;
  return count;
}

class Entries : public testing::Test {
 protected:
  const test::TemporaryFolder place_;
  const fs::path path_ = place_.path() / "deep" / "cache";
  const EntryFolder folder_{path_};
};

TEST_F(Entries, B1001_what_was_written_is_read) {
  EXPECT_TRUE(folder_.is_empty());
  EXPECT_FALSE(folder_.contains("key"));
  EXPECT_EQ(get(folder_, "key"), "(none)");
  ASSERT_TRUE(put(folder_, "key", "content").is_ok());
  EXPECT_FALSE(folder_.is_empty());
  EXPECT_TRUE(folder_.contains("key"));
  EXPECT_FALSE(folder_.contains("another key"));
  EXPECT_EQ(get(folder_, "key"), "content");
  folder_.remove("key");
  EXPECT_FALSE(folder_.contains("key"));
}

TEST_F(Entries, content_begins_at_a_page_however_long_the_key_is) {
  for (const std::size_t size : {0U, 1U, 4000U, 4096U, 9000U}) {
    const std::string key(size, 'k');
    const std::string content(size + 1, 'c');
    ASSERT_TRUE(put(folder_, key, content).is_ok());
    EXPECT_TRUE(folder_.contains(key));
    const auto bytes = folder_.find(key);
    ASSERT_TRUE(bytes);
    EXPECT_EQ(reinterpret_cast<std::uintptr_t>(bytes->data()) % 4096, 0U);
    EXPECT_EQ(get(folder_, key), content);
  }
}

TEST_F(Entries, B1004_one_file_per_entry_that_appears_whole) {
  ASSERT_TRUE(folder_.prepare().is_ok());
  ASSERT_TRUE(folder_
                  .write("key",
                         [&](std::ostream& out) {
                           out << "half";
                           out.flush();
                           EXPECT_FALSE(folder_.contains("key"));
                           EXPECT_FALSE(fs::exists(folder_.file_of("key")));
                           EXPECT_EQ(files_in(path_), 1U);
                           return Status::ok();
                         })
                  .is_ok());
  EXPECT_EQ(files_in(path_), 1U);
  EXPECT_EQ(folder_.file_of("key").extension(), ".blob");
  EXPECT_TRUE(fs::exists(folder_.file_of("key")));
}

TEST_F(Entries, B1004_a_failed_write_leaves_nothing) {
  const Status status = folder_.write("key", [](std::ostream& out) {
    out << "half";
    return Status::unsupported("no export");
  });
  EXPECT_EQ(status.code(), base::StatusCode::kUnsupported);
  EXPECT_EQ(files_in(path_), 0U);
  EXPECT_FALSE(folder_.write("key", [](std::ostream&) { return Status::ok(); }).is_ok()) << "nothing is no entry";
  EXPECT_EQ(files_in(path_), 0U);
}

TEST_F(Entries, B1005_damaged_entries_are_removed) {
  const auto damage = [&](const std::function<void(const fs::path&)>& how) {
    ASSERT_TRUE(put(folder_, "key", std::string(5000, 'c')).is_ok());
    how(folder_.file_of("key"));
    std::string removed;
    EXPECT_EQ(get(folder_, "key", &removed), "(none)");
    EXPECT_NE(removed.find(".blob"), std::string::npos);
    EXPECT_EQ(files_in(path_), 0U);
  };
  const auto flip = [](const fs::path& file, std::streamoff at) {
    std::fstream f(file, std::ios::in | std::ios::out | std::ios::binary);
    f.seekp(at);
    f.put('!');
  };
  damage([](const fs::path& file) { fs::resize_file(file, 5000); });
  damage([](const fs::path& file) { fs::resize_file(file, 20); });
  damage([](const fs::path& file) { fs::resize_file(file, 0); });
  damage([](const fs::path& file) { fs::resize_file(file, 4096 + 5001); });
  damage([](const fs::path& file) { std::ofstream(file) << "something else"; });
  damage([&](const fs::path& file) { flip(file, 0); });     // magic
  damage([&](const fs::path& file) { flip(file, 20); });    // hash
  damage([&](const fs::path& file) { flip(file, 50); });    // size
  damage([&](const fs::path& file) { flip(file, 82); });    // key
  damage([&](const fs::path& file) { flip(file, 4096); });  // content
  damage([&](const fs::path& file) { flip(file, 4096 + 4999); });
}

TEST_F(Entries, B1005_B1012_a_look_at_the_head_sees_what_is_cut_off) {
  ASSERT_TRUE(put(folder_, "key", std::string(5000, 'c')).is_ok());
  fs::resize_file(folder_.file_of("key"), 6000);
  EXPECT_FALSE(folder_.contains("key"));
}

TEST_F(Entries, an_entry_of_another_key_does_not_pass_for_this_one) {
  ASSERT_TRUE(put(folder_, "key", "content").is_ok());
  fs::rename(folder_.file_of("key"), folder_.file_of("cat"));
  EXPECT_FALSE(folder_.contains("cat"));
  EXPECT_EQ(get(folder_, "cat"), "(none)");
}

TEST_F(Entries, B1006_a_file_in_the_folders_place_and_a_folder_that_cannot_be_made) {
  const EntryFolder file(place_.write("file", "x"));
  EXPECT_EQ(file.check().code(), base::StatusCode::kInvalidArgument);
  EXPECT_NE(file.check().message().find("file"), std::string::npos);
  const EntryFolder below(place_.path() / "file" / "cache");
  EXPECT_TRUE(below.check().is_ok());
  EXPECT_EQ(below.prepare().code(), base::StatusCode::kUnavailable);
  EXPECT_FALSE(put(below, "key", "content").is_ok());
  EXPECT_FALSE(below.contains("key"));
  EXPECT_EQ(get(below, "key"), "(none)");
  EXPECT_TRUE(folder_.check().is_ok()) << "it need not exist";
  EXPECT_TRUE(folder_.prepare().is_ok());
  EXPECT_TRUE(fs::is_directory(path_));
}

TEST_F(Entries, a_mapped_entry_stays_good_when_it_is_replaced_and_removed) {
  ASSERT_TRUE(put(folder_, "key", "first").is_ok());
  const auto bytes = folder_.find("key");
  ASSERT_TRUE(put(folder_, "key", "other").is_ok());
  folder_.remove("key");
  EXPECT_EQ(std::string(reinterpret_cast<const char*>(bytes->data()), bytes->size()), "first");
}

TEST_F(Entries, B1016_many_writers_and_readers_of_one_key_leave_one_good_entry) {
  {
    std::vector<std::jthread> threads;
    for (int t = 0; t < 4; ++t) {
      threads.emplace_back([&] {
        for (int i = 0; i < 20; ++i) EXPECT_TRUE(put(folder_, "key", std::string(20000, 'c')).is_ok());
      });
      threads.emplace_back([&] {
        for (int i = 0; i < 50; ++i) {
          const std::string got = get(folder_, "key");
          EXPECT_TRUE(got == "(none)" || got == std::string(20000, 'c'));
        }
      });
    }
  }
  EXPECT_EQ(files_in(path_), 1U);
  EXPECT_TRUE(folder_.contains("key"));
}

TEST_F(Entries, what_an_ended_process_left_half_written_goes_after_an_hour) {
  ASSERT_TRUE(folder_.prepare().is_ok());
  const fs::path old = path_ / "abc.1-1.tmp";
  const fs::path recent = path_ / "abc.2-1.tmp";
  std::ofstream(old) << "half";
  std::ofstream(recent) << "half";
  fs::last_write_time(old, fs::file_time_type::clock::now() - std::chrono::hours(2));
  ASSERT_TRUE(put(folder_, "key", "content").is_ok());
  EXPECT_FALSE(fs::exists(old));
  EXPECT_TRUE(fs::exists(recent));
}

}  // namespace
}  // namespace baton::cache
