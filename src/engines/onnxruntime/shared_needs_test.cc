// SPDX-License-Identifier: Apache-2.0
// Copyright (C) 2026 The Baton authors
#include "shared_needs.h"

#include <dlfcn.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>

#include "support/temporary_folder.h"

namespace baton::engine::onnxruntime {
namespace {

using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::StartsWith;
namespace fs = std::filesystem;

void put(const fs::path& file, const std::string& content = {}) {
  fs::create_directories(file.parent_path());
  std::ofstream(file, std::ios::binary) << content;
}

TEST(SharedNeeds, the_needs_of_a_program_are_read_from_its_file) {
  const auto needed = needed_libraries("/proc/self/exe");
  ASSERT_TRUE(needed.is_ok()) << needed.status().message();
  EXPECT_THAT(needed.value(), Contains(StartsWith("libc.so.")));
}

TEST(SharedNeeds, what_is_no_library_is_refused) {
  const test::TemporaryFolder folder;
  put(folder.path() / "text", "not a library");
  put(folder.path() / "cut", std::string("\x7f"
                                         "ELF\2",
                                         5) +
                                 std::string(59, '\0'));
  for (const char* name : {"text", "cut", "absent"}) {
    const auto needed = needed_libraries(folder.path() / name);
    ASSERT_FALSE(needed.is_ok()) << name;
    EXPECT_THAT(needed.status().message(), HasSubstr(name));
  }
}

TEST(SharedNeeds, nvidia_packages_lie_beside_the_package_of_the_library) {
  const test::TemporaryFolder site;
  for (const char* file : {"nvidia/cudnn/lib/libcudnn.so.9", "nvidia/cu13/lib/libcublas.so.13", "nvidia/empty/x.py",
                           "onnxruntime/capi/libonnxruntime.so.1"}) {
    put(site.path() / file);
  }
  const auto root = fs::canonical(site.path());
  EXPECT_THAT(nvidia_package_folders(site.path() / "onnxruntime/capi"),
              ElementsAre(root / "nvidia/cu13/lib", root / "nvidia/cudnn/lib"));
  EXPECT_THAT(nvidia_package_folders(site.path() / "elsewhere"), IsEmpty());
}

TEST(SharedNeeds, libraries_are_found_in_folders_then_where_the_linker_looks) {
  const test::TemporaryFolder folder;
  put(folder.path() / "first/liba.so.1");
  put(folder.path() / "path/liba.so.1");
  put(folder.path() / "path/libb.so.2");
  put(folder.path() / "path/libcudnn.so.9");
  using namespace std::string_literals;
  put(folder.path() / "cache", "header/usr/lib/libc1.so.3\0libd.so.4\0libcufft.so.12\0"s);
  const LibrarySearch search({folder.path() / "first"}, (folder.path() / "path").string() + "::/nowhere",
                             folder.path() / "cache");
  EXPECT_EQ(search.find("liba.so.1"), (folder.path() / "first/liba.so.1").string());
  EXPECT_EQ(search.find("libb.so.2"), (folder.path() / "path/libb.so.2").string());
  EXPECT_EQ(search.find("libc1.so.3"), "libc1.so.3");
  EXPECT_EQ(search.find("libd.so.4"), "libd.so.4");
  EXPECT_EQ(search.find("c1.so.3"), "") << "the end of a name is another name";
  EXPECT_EQ(search.find("libd.so"), "") << "so is its beginning";
  EXPECT_EQ(search.find_any("libcudnn"), (folder.path() / "path/libcudnn.so.9").string());
  EXPECT_EQ(search.find_any("libcufft"), "libcufft.so.12");
  EXPECT_EQ(search.find_any("libnvrtc"), "");
  EXPECT_THAT(
      missing_libraries({"libc.so.6", "liba.so.1", "libx.so.7", "libstdc++.so.6", "ld-linux-x86-64.so.2"}, search),
      ElementsAre("libx.so.7"));
  EXPECT_THAT(search.text(), HasSubstr("/nowhere and the system's libraries"));
}

/// A package that brings OpenVINO without its front ends, opened before Baton's engine, would else be all that this
/// has.
TEST(SharedNeeds, B306_what_batons_own_engines_use_comes_before_what_a_package_brings) {
  const test::TemporaryFolder site;
  const fs::path package = site.path() / "onnxruntime_ep_openvino", own = site.path() / "openvino/libs";
  put(own / "libopenvino.so.2641");
  put(package / "libopenvino.so.2641");
  put(package / "libopenvino.so.2700");
  put(site.path() / "nvidia/cu13/lib/libcublas.so.13");
  const std::vector<std::string> folders{own.string()};
  const LibrarySearch search = provider_search(package / "libprovider.so", folders, site.path() / "onnxruntime/capi");
  EXPECT_EQ(search.find("libopenvino.so.2641"), own / "libopenvino.so.2641");
  EXPECT_EQ(search.find("libopenvino.so.2700"), package / "libopenvino.so.2700") << "another release is its own";
  EXPECT_EQ(search.find("libcublas.so.13"), site.path() / "nvidia/cu13/lib/libcublas.so.13");
}

TEST(SharedNeeds, a_longer_name_will_do_where_the_soname_is_no_file) {
  const test::TemporaryFolder folder;
  for (const char* file : {"own/liba.so.1.7.1", "own/liba.so.1.10.0", "own/liba.so.12", "own/libb.so.1.2",
                           "own/libb.so.1", "other/liba.so.1"}) {
    put(folder.path() / file);
  }
  const LibrarySearch search({folder.path() / "own", folder.path() / "other"}, {}, "/no/cache");
  EXPECT_EQ(search.find("liba.so.1"), (folder.path() / "own/liba.so.1.10.0").string())
      << "the newest, of the first folder";
  EXPECT_EQ(search.find("libb.so.1"), (folder.path() / "own/libb.so.1").string());
  EXPECT_EQ(search.find("libb.so"), (folder.path() / "own/libb.so.1.2").string());
  EXPECT_EQ(search.find("liba.so.2"), "");
}

// The package is that of CMakeLists.txt: the provider needs "needed", that needs "inner". What was opened stays open,
// so both tests make sense once in a process, in this order.

bool is_open() { return ::dlopen("libbaton_test_needed.so.1", RTLD_LAZY | RTLD_NOLOAD) != nullptr; }

TEST(SharedNeeds, what_is_nowhere_is_named_and_what_does_not_open_gives_the_linkers_reason) {
  if (is_open()) GTEST_SKIP() << "the libraries are in the process";
  const test::TemporaryFolder folder;
  const fs::path package = BATON_TEST_PACKAGE;
  const fs::path provider = folder.path() / "libbaton_test_provider_needing.so";
  fs::copy(package / "libbaton_test_provider_needing.so", provider);
  const LibrarySearch search({folder.path()}, {}, "/no/cache");
  EXPECT_THAT(open_needed(provider, search).missing, ElementsAre("libbaton_test_needed.so.1"));

  fs::copy(package / "libbaton_test_needed.so.1.2.3", folder.path() / "libbaton_test_needed.so.1.2.3");
  const NeedsOpened opened = open_needed(provider, search);
  EXPECT_THAT(opened.missing, ElementsAre("libbaton_test_inner.so.2"));
  EXPECT_THAT(opened.failure, HasSubstr("libbaton_test_inner.so.2"));
}

TEST(SharedNeeds, what_a_package_brings_is_opened_with_what_that_needs) {
  if (is_open()) GTEST_SKIP() << "the libraries are in the process";
  const fs::path package = BATON_TEST_PACKAGE;
  const fs::path provider = package / "libbaton_test_provider_needing.so";
  EXPECT_EQ(::dlopen(provider.c_str(), RTLD_NOW | RTLD_LOCAL), nullptr) << "the linker alone does not find it";
  const NeedsOpened opened = open_needed(provider, LibrarySearch({package}, {}, "/no/cache"));
  EXPECT_THAT(opened.missing, IsEmpty());
  EXPECT_EQ(opened.failure, "");
  EXPECT_NE(::dlopen(provider.c_str(), RTLD_NOW | RTLD_LOCAL), nullptr) << ::dlerror();
  EXPECT_THAT(open_needed(provider, LibrarySearch({}, {}, "/no/cache")).missing, IsEmpty())
      << "they are in the process";
}

}  // namespace
}  // namespace baton::engine::onnxruntime
