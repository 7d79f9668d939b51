// SPDX-License-Identifier: Apache-2.0
// Copyright (C) 2026 The Baton authors
#pragma once

#include <set>
#include <string_view>

namespace baton::model {

using WordSet = std::set<std::string_view>;

/// The words of `text`, which they point into; blanks part them.
WordSet words(std::string_view text);

}  // namespace baton::model
