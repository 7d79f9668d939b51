// SPDX-License-Identifier: Apache-2.0
// Copyright (C) 2026 The Baton authors
#pragma once

#include <string_view>

namespace baton::base {

/// Gives the pages of loaded libraries back to the system whose path contains `path_part`: those of the segments that
/// are never written, so what they hold is in the file and is read again, mostly from the page cache, when it is
/// needed. For libraries that are needed to load a model and no more. Nothing happens where the C library does not list
/// what is loaded. Thread-safety: safe, also while the libraries run.
void return_code_pages(std::string_view path_part);

}  // namespace baton::base
