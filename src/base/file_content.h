// SPDX-License-Identifier: Apache-2.0
// Copyright (C) 2026 The Baton authors
#pragma once

#include <filesystem>
#include <optional>
#include <string>

namespace baton::base {

/// All bytes of a file that is small enough to be copied; nullopt where it cannot be opened.
std::optional<std::string> content_of(const std::filesystem::path& file);

}  // namespace baton::base
