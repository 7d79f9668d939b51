// SPDX-License-Identifier: Apache-2.0
// Copyright (C) 2026 The Baton authors
#pragma once

#include <filesystem>
#include <map>
#include <mutex>
#include <string>
#include <vector>

#include "base/status.h"
#include "ort_library.h"
#include "session.h"
#include "shared_needs.h"

namespace baton::engine::onnxruntime {

/// The CUDA provider of one copy of ONNX Runtime: is it there, and what does a session need to use it?
/// Thread-safety: safe. Ownership: borrows the library, which is never closed. Blocking: `check` reads directories and
/// the beginning of one file; `open` takes as long as CUDA's libraries take to open (0.1 to 0.5 s, once).
class CudaProvider {
 public:
  explicit CudaProvider(OrtLibrary& library);

  /// Why the provider cannot be used, in one line, or ok; opens nothing.
  base::Status check() const;

  /// Opens what the provider needs, so that ONNX Runtime finds it by soname. What failed stays failed.
  base::Status open();

  /// CUDA's number of the GPU at a PCI address ("0000:3b:00.0"), whatever order CUDA_DEVICE_ORDER and
  /// CUDA_VISIBLE_DEVICES give. Starts CUDA (0.2 s at the first call).
  base::Result<int> ordinal(const std::string& pci_address);

  /// Whether the GPU computes in TF32 where that is allowed: from compute capability 8.0 on.
  bool has_tf32(int ordinal) const;

 private:
  base::Status open_all();

  const std::filesystem::path folder_;  ///< of libonnxruntime
  const LibrarySearch search_;
  std::once_flag once_;
  base::Status opened_;  ///< constant after once_

  // The driver's own API; constant after once_.
  int (*init_)(unsigned) = nullptr;
  int (*device_by_pci_)(int*, const char*) = nullptr;
  int (*attribute_)(int*, int, int) = nullptr;
};

/// The provider's options for one compile (B-513 profiles; `cuda.<option>` of `properties` has the last word).
std::map<std::string, std::string> cuda_options(const CompileRequest& request, int ordinal);

/// The arithmetic of f32 models under these options.
std::string cuda_precision(const std::map<std::string, std::string>& options, bool has_tf32);

/// Adds the provider to a session.
base::Status append_cuda(const OrtApi& api, OrtSessionOptions& session,
                         const std::map<std::string, std::string>& options);

}  // namespace baton::engine::onnxruntime
