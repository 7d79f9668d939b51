// SPDX-License-Identifier: Apache-2.0
// Copyright (C) 2026 The Baton authors
#pragma once

#include <cstddef>
#include <filesystem>
#include <span>

#include "base/status.h"
#include "model/model.h"

namespace baton::model {

/// The format of a model file by its content, and by its suffix where the content alone does not tell. `content` is the
/// whole file (few of its pages are touched) or its beginning; `path` may be empty for a model in memory.
base::Result<Format> detect_format(const std::filesystem::path& path, std::span<const std::byte> content);

}  // namespace baton::model
