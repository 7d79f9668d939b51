// SPDX-License-Identifier: Apache-2.0
// Copyright (C) 2026 The Baton authors
#include "base/code_pages.h"

#include <gtest/gtest.h>

#include <fstream>
#include <sstream>
#include <string>

namespace baton::base {
namespace {

/// Resident KiB of the C++ library's mappings that are not writable; 0 where the system does not tell.
int resident_code_kib() {
  std::ifstream maps("/proc/self/smaps");
  int total = 0;
  bool wanted = false;
  for (std::string line; std::getline(maps, line);) {
    const std::string first = line.substr(0, line.find(' '));
    if (first.find('-') != std::string::npos) {
      wanted = line.find("libstdc++") != std::string::npos && line.find("r-xp") != std::string::npos;
    } else if (wanted && first == "Rss:") {
      total += std::stoi(line.substr(4));
    }
  }
  return total;
}

TEST(CodePages, they_go_and_come_back_when_needed) {
  const int before = resident_code_kib();
  if (before == 0) GTEST_SKIP() << "no /proc/self/smaps with a shared libstdc++";
  return_code_pages("/libstdc++");
  EXPECT_LT(resident_code_kib(), before) << "reading smaps uses only a part of the library";
  std::ostringstream text;
  text << 1.5 << "works as before";
  EXPECT_EQ(text.str(), "1.5works as before");
}

TEST(CodePages, a_library_that_is_not_loaded_is_no_error) { return_code_pages("/libnobody_has_this"); }

}  // namespace
}  // namespace baton::base
