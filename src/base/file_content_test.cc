// SPDX-License-Identifier: Apache-2.0
// Copyright (C) 2026 The Baton authors
#include "base/file_content.h"

#include <gtest/gtest.h>

#include <fstream>

namespace baton::base {
namespace {

TEST(FileContent, every_byte_is_there) {
  const auto file = std::filesystem::path(::testing::TempDir()) / "baton_file_content_test";
  const std::string bytes("a\r\n\0b \xff", 7);
  for (const std::string& content : {bytes, std::string()}) {
    std::ofstream(file, std::ios::binary | std::ios::trunc) << content;
    EXPECT_EQ(content_of(file), content);
  }
  std::filesystem::remove(file);
  EXPECT_EQ(content_of(file), std::nullopt);
}

}  // namespace
}  // namespace baton::base
