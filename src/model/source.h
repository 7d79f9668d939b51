// SPDX-License-Identifier: Apache-2.0
// Copyright (C) 2026 The Baton authors
#pragma once

#include <filesystem>
#include <memory>

#include "base/status.h"
#include "model/model.h"

namespace baton::model {

/// Finds out the format of a model file (or of a TensorFlow saved-model folder) and maps it with its weights. `weights`
/// may be empty: an IR's .bin is then looked for beside it. Every failure is kInvalidArgument and names the path and
/// the cause.
base::Result<Source> open_source(const std::filesystem::path& path, const std::filesystem::path& weights = {});

/// The same for a model in memory: ONNX, or the text of an IR with its weights. `weights` may be null.
base::Result<Source> open_memory(std::shared_ptr<const Bytes> bytes, std::shared_ptr<const Bytes> weights = nullptr);

}  // namespace baton::model
