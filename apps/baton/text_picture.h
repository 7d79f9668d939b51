// SPDX-License-Identifier: Apache-2.0
// Copyright (C) 2026 The Baton authors
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace baton::tool {

/// A grey picture, 0 black to 255 white, row by row.
struct GreyPicture {
  std::size_t width = 0;
  std::size_t height = 0;
  std::vector<float> pixels;

  float& at(std::size_t x, std::size_t y) { return pixels[y * width + x]; }
  float at(std::size_t x, std::size_t y) const { return pixels[y * width + x]; }
};

/// Draws one line of dark text in the middle of a light picture, as large as it fits, softened as a camera would.
/// Knows A to Z (small letters are drawn as capitals), 0 to 9 and the blank; draws a blank for anything else.
GreyPicture draw_text(std::string_view text, std::size_t width, std::size_t height);

/// The picture as lines for a terminal, two pixel rows to a line, at most `columns` wide.
std::string to_terminal(const GreyPicture& picture, std::size_t columns);

}  // namespace baton::tool
