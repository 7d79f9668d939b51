// SPDX-License-Identifier: Apache-2.0
// Copyright (C) 2026 The Baton authors
#include "shared_needs.h"

#include <dlfcn.h>
#include <elf.h>

#include <algorithm>
#include <cstring>
#include <fstream>
#include <iterator>
#include <optional>
#include <set>
#include <sstream>

#include "base/environment.h"
#include "base/file_content.h"

namespace baton::engine::onnxruntime {
namespace {

using base::Result;
using base::Status;
namespace fs = std::filesystem;

constexpr std::size_t kMostEntries = 4096;  // of a table: more means that the file is damaged
constexpr std::size_t kLongestSoname = 256;

template <typename T>
bool read_at(std::ifstream& file, std::uint64_t offset, T* items, std::size_t count) {
  file.clear();
  file.seekg(static_cast<std::streamoff>(offset));
  file.read(reinterpret_cast<char*>(items), static_cast<std::streamsize>(count * sizeof(T)));
  return static_cast<std::size_t>(file.gcount()) == count * sizeof(T);
}

/// Text up to its zero byte; it may end before `kLongestSoname` bytes are left in the file.
std::string text_at(std::ifstream& file, std::uint64_t offset) {
  file.clear();
  file.seekg(static_cast<std::streamoff>(offset));
  std::string text;
  for (int c = file.get(); c > 0 && text.size() < kLongestSoname; c = file.get()) text += static_cast<char>(c);
  return text;
}

/// Where in the file an address of the loaded library lies.
std::optional<std::uint64_t> file_offset(const std::vector<Elf64_Phdr>& segments, std::uint64_t address) {
  for (const Elf64_Phdr& segment : segments) {
    if (segment.p_type == PT_LOAD && address >= segment.p_vaddr && address - segment.p_vaddr < segment.p_filesz)
      return segment.p_offset + (address - segment.p_vaddr);
  }
  return std::nullopt;
}

bool is_run_time(std::string_view soname) {
  constexpr std::string_view kRunTime[] = {"libc.so.",       "libm.so.",      "libdl.so.",    "librt.so.",
                                           "libpthread.so.", "libstdc++.so.", "libgcc_s.so.", "ld-linux"};
  return std::any_of(std::begin(kRunTime), std::end(kRunTime), [&](auto stem) { return soname.starts_with(stem); });
}

std::vector<fs::path> with_path_variable(std::vector<fs::path> folders, std::string_view variable) {
  while (!variable.empty()) {
    const std::size_t end = std::min(variable.find(':'), variable.size());
    if (end > 0) folders.emplace_back(variable.substr(0, end));
    variable.remove_prefix(std::min(end + 1, variable.size()));
  }
  return folders;
}

/// Where a file name that begins with `beginning` stands in the linker's cache, as a word of its own or at the end of a
/// path; npos: nowhere.
std::size_t find_name(std::string_view cache, std::string_view beginning) {
  std::size_t place = cache.find(beginning);
  while (place != std::string_view::npos && place > 0 && cache[place - 1] != '/' && cache[place - 1] != '\0')
    place = cache.find(beginning, place + 1);
  return place;
}

/// "<folder>/<soname>", else the newest of "<folder>/<soname>.<more>"; empty: none.
std::string file_in(const fs::path& folder, const std::string& soname) {
  std::error_code error;
  if (fs::exists(folder / soname, error)) return (folder / soname).string();
  std::string best;
  for (fs::directory_iterator entry(folder, error), end; !error && entry != end; entry.increment(error)) {
    const std::string name = entry->path().filename().string();
    if (name.starts_with(soname + ".") && ::strverscmp(name.c_str(), best.c_str()) > 0) best = name;
  }
  return best.empty() ? best : (folder / best).string();
}

bool is_in_process(const std::string& soname) {
  void* handle = ::dlopen(soname.c_str(), RTLD_LAZY | RTLD_NOLOAD);
  if (handle != nullptr) ::dlclose(handle);
  return handle != nullptr;
}

class NeedsOpener {
 public:
  NeedsOpener(const LibrarySearch& search, fs::path folder) : search_(search), folder_(std::move(folder)) {}

  void open_needs_of(const fs::path& file) {
    const auto needed = needed_libraries(file);
    if (!needed.is_ok()) return;  // whoever opens it says why
    for (const std::string& soname : needed.value()) {
      if (!is_run_time(soname) && seen_.insert(soname).second) open(soname);
    }
  }
  NeedsOpened take() { return std::move(opened_); }

 private:
  void open(const std::string& soname) {
    if (is_in_process(soname)) return;
    const fs::path file = search_.find(soname);
    if (!file.empty() && file.parent_path() == folder_) open_needs_of(file);
    // What the search knows nothing of may be where only the linker looks.
    const fs::path& name = file.empty() ? fs::path(soname) : file;
    if (::dlopen(name.c_str(), RTLD_NOW | RTLD_LOCAL) != nullptr) return;
    if (file.empty()) opened_.missing.push_back(soname);
    else if (opened_.failure.empty()) opened_.failure = ::dlerror();
  }

  const LibrarySearch& search_;
  const fs::path folder_;  ///< of the first file
  std::set<std::string> seen_;
  NeedsOpened opened_;
};

}  // namespace

Result<std::vector<std::string>> needed_libraries(const fs::path& path) {
  const Status damaged = Status::unavailable(path.string() + " is no shared library of this kind of machine");
  std::ifstream file(path, std::ios::binary);
  Elf64_Ehdr header{};
  if (!file || !read_at(file, 0, &header, 1) || std::memcmp(header.e_ident, ELFMAG, SELFMAG) != 0 ||
      header.e_ident[EI_CLASS] != ELFCLASS64 || header.e_phentsize != sizeof(Elf64_Phdr)) {
    return damaged;
  }
  std::vector<Elf64_Phdr> segments(header.e_phnum);
  if (!read_at(file, header.e_phoff, segments.data(), segments.size())) return damaged;
  const auto dynamic = std::find_if(segments.begin(), segments.end(), [](auto& s) { return s.p_type == PT_DYNAMIC; });
  if (dynamic == segments.end()) return damaged;
  std::vector<Elf64_Dyn> entries(dynamic->p_filesz / sizeof(Elf64_Dyn));
  if (entries.size() > kMostEntries || !read_at(file, dynamic->p_offset, entries.data(), entries.size()))
    return damaged;
  const auto table = std::find_if(entries.begin(), entries.end(), [](auto& e) { return e.d_tag == DT_STRTAB; });
  const auto names = table == entries.end() ? std::nullopt : file_offset(segments, table->d_un.d_ptr);
  if (!names) return damaged;
  std::vector<std::string> needed;
  for (const Elf64_Dyn& entry : entries) {
    if (entry.d_tag == DT_NULL) break;
    if (entry.d_tag == DT_NEEDED) needed.push_back(text_at(file, *names + entry.d_un.d_val));
  }
  return needed;
}

fs::path site_packages_of(const fs::path& package) {
  std::error_code error;
  return fs::weakly_canonical(package, error).parent_path().parent_path();
}

std::vector<fs::path> nvidia_package_folders(const fs::path& package) {
  std::vector<fs::path> folders;
  std::error_code error;
  const fs::path root = site_packages_of(package) / "nvidia";
  for (fs::directory_iterator entry(root, error), end; !error && entry != end; entry.increment(error)) {
    std::error_code ignored;
    if (fs::is_directory(entry->path() / "lib", ignored)) folders.push_back(entry->path() / "lib");
  }
  std::sort(folders.begin(), folders.end());
  return folders;
}

LibrarySearch::LibrarySearch(std::vector<fs::path> folders, std::string_view library_path, const fs::path& linker_cache)
    : folders_(with_path_variable(std::move(folders), library_path)),
      linker_cache_(base::content_of(linker_cache).value_or("")) {}

std::string LibrarySearch::find(const std::string& soname) const {
  for (const fs::path& folder : folders_) {
    if (std::string file = file_in(folder, soname); !file.empty()) return file;
  }
  const bool known = find_name(linker_cache_, soname + '\0') != std::string::npos;
  return known ? soname : std::string();
}

std::string LibrarySearch::find_any(const std::string& stem) const {
  const std::string beginning = stem + ".so.";
  for (const fs::path& folder : folders_) {
    std::error_code error;
    for (fs::directory_iterator entry(folder, error), end; !error && entry != end; entry.increment(error)) {
      if (entry->path().filename().string().starts_with(beginning)) return entry->path().string();
    }
  }
  const std::size_t place = find_name(linker_cache_, beginning);
  return place == std::string::npos ? std::string() : std::string(linker_cache_.c_str() + place);
}

std::string LibrarySearch::text() const {
  std::string text;
  for (const fs::path& folder : folders_) text += (text.empty() ? "" : ", ") + folder.string();
  return text + (text.empty() ? "" : " and ") + "the system's libraries";
}

LibrarySearch provider_search(const fs::path& file, std::span<const std::string> own, const fs::path& ort_folder) {
  std::vector<fs::path> folders(own.begin(), own.end());
  folders.push_back(file.parent_path());
  for (const auto& package : {file, ort_folder}) {
    for (auto& folder : nvidia_package_folders(package)) {
      if (std::find(folders.begin(), folders.end(), folder) == folders.end()) folders.push_back(std::move(folder));
    }
  }
  return {std::move(folders), base::env::linker_path(), kLinkerCache};
}

std::vector<std::string> missing_libraries(const std::vector<std::string>& needed, const LibrarySearch& search) {
  std::vector<std::string> missing;
  std::copy_if(needed.begin(), needed.end(), std::back_inserter(missing),
               [&](const std::string& soname) { return !is_run_time(soname) && search.find(soname).empty(); });
  return missing;
}

NeedsOpened open_needed(const fs::path& file, const LibrarySearch& search) {
  NeedsOpener opener(search, file.parent_path());
  opener.open_needs_of(file);
  return opener.take();
}

}  // namespace baton::engine::onnxruntime
