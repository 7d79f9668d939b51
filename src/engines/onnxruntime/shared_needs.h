// SPDX-License-Identifier: Apache-2.0
// Copyright (C) 2026 The Baton authors
//
// What a shared library needs beside itself, found and opened before the library is: ONNX Runtime's CUDA provider names
// CUDA's libraries by soname only, and those of Python packages (nvidia-cublas, nvidia-cudnn-cu13, ...) lie where the
// dynamic linker does not look. Packages with a plug-in provider bring such libraries too, some under longer names than
// the soname, and open them when Python imports the package.
#pragma once

#include <filesystem>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/status.h"

namespace baton::engine::onnxruntime {

/// The sonames that the 64-bit ELF file names as needed, in its order.
base::Result<std::vector<std::string>> needed_libraries(const std::filesystem::path& file);

/// The site-packages that `package` (".../site-packages/onnxruntime/capi") lies in.
std::filesystem::path site_packages_of(const std::filesystem::path& package);

/// The folders nvidia/*/lib of the site-packages that `package` (".../site-packages/onnxruntime/capi") lies in, by
/// name.
std::vector<std::filesystem::path> nvidia_package_folders(const std::filesystem::path& package);

/// What the dynamic linker knows beside LD_LIBRARY_PATH.
inline constexpr const char* kLinkerCache = "/etc/ld.so.cache";

/// Where libraries are looked for by file: folders given, best first, then those that the dynamic linker knows
/// (LD_LIBRARY_PATH, `linker_cache`). Nothing is opened to find out.
class LibrarySearch {
 public:
  LibrarySearch(std::vector<std::filesystem::path> folders, std::string_view library_path,
                const std::filesystem::path& linker_cache);

  /// The file to open: of each folder one named as the soname, else the newest "<soname>.<more>". A bare soname where
  /// the dynamic linker finds it; empty: nowhere.
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

/// For what a plug-in provider's library needs: `own` folders, where Baton finds the libraries of its engines, then the
/// library's package, then NVIDIA's packages beside it and beside ONNX Runtime's. Of two libraries of one soname a
/// process uses the one that was opened first: a package that brings OpenVINO's run time without its front ends must
/// not be the one that Baton's own engine ends up with.
LibrarySearch provider_search(const std::filesystem::path& file, std::span<const std::string> own,
                              const std::filesystem::path& ort_folder);

/// Those of `needed` that are nowhere, but for the C and C++ run time, which this process has.
std::vector<std::string> missing_libraries(const std::vector<std::string>& needed, const LibrarySearch& search);

/// What `open_needed` could not do.
struct NeedsOpened {
  std::vector<std::string> missing;  ///< sonames that are neither in the process nor anywhere
  std::string failure;               ///< the dynamic linker's reason for the first that is there and does not open
};

/// Opens what `file` names as needed, so that the dynamic linker finds each by its soname. Before one that lies beside
/// `file` what that needs in turn: a package is moved as a whole. Blocking: as long as the libraries take to open.
NeedsOpened open_needed(const std::filesystem::path& file, const LibrarySearch& search);

}  // namespace baton::engine::onnxruntime
