// SPDX-License-Identifier: Apache-2.0
// Copyright (C) 2026 The Baton authors
#include "model/bytes.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include "model/wire.h"
#include "support/temporary_folder.h"

namespace baton::model {
namespace {

using base::StatusCode;
using testing::HasSubstr;

void expect_refused(const std::filesystem::path& path, const std::string& cause) {
  const auto bytes = Bytes::map_file(path);
  ASSERT_FALSE(bytes.is_ok());
  EXPECT_EQ(bytes.status().code(), StatusCode::kInvalidArgument);
  EXPECT_THAT(bytes.status().message(), HasSubstr(path.string()));
  EXPECT_THAT(bytes.status().message(), HasSubstr(cause));
}

TEST(Bytes, a_file_is_mapped_and_outlives_its_name) {
  const test::TemporaryFolder folder;
  const auto file = folder.write("model.bin", "content");
  const auto bytes = Bytes::map_file(file);
  ASSERT_TRUE(bytes.is_ok()) << bytes.status().message();
  std::filesystem::remove(file);
  EXPECT_EQ(as_text(bytes.value()->span()), "content");
}

TEST(Bytes, B1403_what_cannot_be_read_names_path_and_cause) {
  const test::TemporaryFolder folder;
  expect_refused(folder.path() / "missing", "No such file");
  expect_refused(folder.write("empty", ""), "empty");
  expect_refused(folder.path(), "directory");
  const auto pipe = folder.path() / "pipe";
  ASSERT_EQ(::mkfifo(pipe.c_str(), 0600), 0);
  expect_refused(pipe, "regular file");
}

TEST(Bytes, B1403_a_file_without_permission_is_refused) {
  if (::geteuid() == 0) GTEST_SKIP() << "root may read every file";
  const test::TemporaryFolder folder;
  const auto file = folder.write("secret", "x");
  std::filesystem::permissions(file, std::filesystem::perms::none);
  expect_refused(file, "Permission denied");
}

TEST(Bytes, borrowed_memory_is_kept_alive_and_not_copied) {
  auto owner = std::make_shared<std::string>("text");
  const auto bytes = Bytes::borrow(std::as_bytes(std::span(*owner)), owner);
  EXPECT_EQ(static_cast<const void*>(bytes->data()), owner->data());
  EXPECT_EQ(owner.use_count(), 2);
}

}  // namespace
}  // namespace baton::model
