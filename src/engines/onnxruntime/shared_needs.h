// SPDX-License-Identifier: Apache-2.0
// Copyright (C) 2026 The Baton authors
//
// What a shared library needs beside itself, found and opened before the library is: ONNX Runtime's CUDA provider names
// CUDA's libraries by soname only, and those of Python packages (nvidia-cublas, nvidia-cudnn-cu13, ...) lie where the
// dynamic linker does not look.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "base/status.h"

namespace baton::engine::onnxruntime {

/// The sonames that the 64-bit ELF file names as needed, in its order.
base::Result<std::vector<std::string>> needed_libraries(const std::filesystem::path& file);

/// The folders nvidia/*/lib of the site-packages that `package` (".../site-packages/onnxruntime/capi") lies in, by
/// name.
std::vector<std::filesystem::path> nvidia_package_folders(const std::filesystem::path& package);

/// Where libraries are looked for by file: folders given, best first, then those that the dynamic linker knows
/// (LD_LIBRARY_PATH, `linker_cache`). Nothing is opened to find out.
class LibrarySearch {
 public:
  LibrarySearch(std::vector<std::filesystem::path> folders, std::string_view library_path,
                const std::filesystem::path& linker_cache);

  /// The file to open; a bare soname where the dynamic linker finds it; empty: nowhere.
  std::string find(const std::string& soname) const;
  /// The first file whose name begins with "<stem>.so."; empty: none. For libraries that are opened at run time only,
  /// so that their version stands nowhere.
  std::string find_any(const std::string& stem) const;
  /// "a, b and the system's libraries".
  std::string text() const;

 private:
  const std::vector<std::filesystem::path> folders_;
  const std::string linker_cache_;  ///< content: file names and paths, each ended by a zero byte
};

/// Those of `needed` that are nowhere, but for the C and C++ run time, which this process has.
std::vector<std::string> missing_libraries(const std::vector<std::string>& needed, const LibrarySearch& search);

}  // namespace baton::engine::onnxruntime
