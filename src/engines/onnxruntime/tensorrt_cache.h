// SPDX-License-Identifier: Apache-2.0
// Copyright (C) 2026 The Baton authors
//
// Files of TensorRT's own (B-1018): engines that it built, and what it measured of its kernels.
#pragma once

#include <filesystem>
#include <map>
#include <string>

#include "base/status.h"
#include "engine/engine.h"

namespace baton::engine::onnxruntime {

/// What else an engine depends on: it runs on this kind of GPU and is read by this version only.
struct TensorRtBuild {
  std::string onnxruntime;  ///< version
  std::string tensorrt;     ///< version
  std::string gpu;          ///< name
  std::string driver;       ///< version
  bool tf32 = true;         ///< may be used for f32
};

/// The provider names an engine's file after the names in the graph, whatever the weights and options, and fails where
/// another TensorRT wrote it. So every model with its shapes and options has a folder, in one for each build.
/// Thread-safety: none; one per compile. Two processes may build the same engine at once, and one of them may then read
/// half of a file: it is refused and built again.
class TensorRtCache {
 public:
  /// `root`: CompileRequest::cache_folder; empty: nothing is kept. Reads the model once, to name it.
  TensorRtCache(const TensorRtBuild& build, const CompileRequest& request,
                const std::map<std::string, std::string>& options);

  const std::filesystem::path& engines() const { return engines_; }

  /// Adds what makes the provider use the folders, which are made; what is in `options` already stays as it is.
  /// Nothing where they cannot be made.
  void add_to(std::map<std::string, std::string>& options);

  /// Whether the error says that a file here cannot be used. Then they are removed, and another try builds anew.
  bool forget_if_refused(const base::Status& error);

  /// After a load: engines were there before it, and it made none. Engines of dynamic shapes are built or read at the
  /// first run, so nothing is known of them.
  bool was_read(const model::Model& model) const;

 private:
  using Files = std::map<std::filesystem::path, std::filesystem::file_time_type>;
  Files files() const;

  std::filesystem::path engines_;  ///< empty: nothing is kept
  std::filesystem::path timing_;
  Files before_;
};

}  // namespace baton::engine::onnxruntime
