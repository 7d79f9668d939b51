// SPDX-License-Identifier: Apache-2.0
// Copyright (C) 2026 The Baton authors
#pragma once

#include <filesystem>
#include <mutex>
#include <string>
#include <vector>

#include "base/status.h"
#include "ort_library.h"
#include "shared_needs.h"

namespace baton::engine::onnxruntime {

/// What an execution provider for NVIDIA's GPUs is made of.
struct NvidiaParts {
  std::vector<std::string> files;          ///< provider libraries beside libonnxruntime; each is needed
  std::vector<std::string> opened_later;   ///< stems of what they open by name while they run: in no table of a file
  std::vector<std::string> more_packages;  ///< folders of site-packages with libraries, beside nvidia/*/lib
};

/// CUDA's provider alone, and TensorRT's with CUDA's behind it: ONNX Runtime loads that first, and crashes without it.
NvidiaParts cuda_parts();
NvidiaParts tensorrt_parts();

/// One such provider of one copy of ONNX Runtime: is it there, and what does a session need to use it?
/// Thread-safety: safe. Ownership: none. Blocking: `check` reads directories and the beginning of a few files; `open`
/// takes as long as the libraries take to open (0.1 to 0.5 s for CUDA's, once).
class NvidiaProvider {
 public:
  /// `search_more`: LD_LIBRARY_PATH, `linker_cache` the dynamic linker's; others in tests only.
  NvidiaProvider(NvidiaParts parts, const std::filesystem::path& ort_folder, const std::string& search_more,
                 const std::filesystem::path& linker_cache = kLinkerCache);
  NvidiaProvider(NvidiaParts parts, const OrtLibrary& library);

  /// Why the provider cannot be used, in one line, or ok; opens nothing.
  base::Status check() const;

  /// Opens what the provider needs, so that ONNX Runtime finds it by soname. What failed stays failed.
  base::Status open();

  /// CUDA's number of the GPU at a PCI address ("0000:3b:00.0"), whatever order CUDA_DEVICE_ORDER and
  /// CUDA_VISIBLE_DEVICES give. Starts CUDA (0.2 s at the first call).
  base::Result<int> ordinal(const std::string& pci_address);

  /// "libnvinfer.so.10" of "libnvinfer", as the provider's files name it; empty: they do not.
  std::string soname_of(const std::string& stem) const;

  /// Whether the GPU computes in TF32 where that is allowed: from compute capability 8.0 on, unless the environment
  /// turns it off for all of NVIDIA's libraries.
  bool has_tf32(int ordinal) const;

 private:
  base::Status open_all();

  const NvidiaParts parts_;
  const std::filesystem::path folder_;  ///< of libonnxruntime
  const LibrarySearch search_;
  std::once_flag once_;
  base::Status opened_;  ///< constant after once_

  // The driver's own API; constant after once_.
  int (*init_)(unsigned) = nullptr;
  int (*device_by_pci_)(int*, const char*) = nullptr;
  int (*attribute_)(int*, int, int) = nullptr;
  int (*error_text_)(int, const char**) = nullptr;  ///< may be missing
};

}  // namespace baton::engine::onnxruntime
