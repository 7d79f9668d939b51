// SPDX-License-Identifier: Apache-2.0
// Copyright (C) 2026 The Baton authors
#include "text_reader.h"

#include <algorithm>

namespace baton::tool {
TextReader::TextReader(std::string_view characters) {
  characters_.emplace_back();
  while (!characters.empty()) {
    const std::size_t end = std::min(characters.find('\n'), characters.size());
    characters_.emplace_back(characters.substr(0, end));
    characters.remove_prefix(std::min(end + 1, characters.size()));
  }
  characters_.emplace_back(" ");
}

std::string TextReader::read(std::span<const float> scores) const {
  std::string text;
  std::size_t before = 0;
  for (; scores.size() >= classes(); scores = scores.subspan(classes())) {
    const auto place = scores.first(classes());
    const auto best = static_cast<std::size_t>(std::max_element(place.begin(), place.end()) - place.begin());
    if (best != before) text += characters_[best];
    before = best;
  }
  const std::size_t begin = std::min(text.find_first_not_of(' '), text.size());
  return text.substr(begin, text.find_last_not_of(' ') + 1 - begin);
}

}  // namespace baton::tool
