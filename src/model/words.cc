// SPDX-License-Identifier: Apache-2.0
// Copyright (C) 2026 The Baton authors
#include "model/words.h"

#include <algorithm>

namespace baton::model {

WordSet words(std::string_view text) {
  WordSet found;
  while (true) {
    text.remove_prefix(std::min(text.find_first_not_of(' '), text.size()));
    if (text.empty()) return found;
    const std::size_t end = std::min(text.find(' '), text.size());
    found.insert(text.substr(0, end));
    text.remove_prefix(end);
  }
}

}  // namespace baton::model
