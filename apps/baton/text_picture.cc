// SPDX-License-Identifier: Apache-2.0
// Copyright (C) 2026 The Baton authors
#include "text_picture.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <cstdint>
#include <map>

namespace baton::tool {
namespace {

constexpr std::size_t kGlyphWidth = 5;
constexpr std::size_t kGlyphHeight = 7;
constexpr float kPaper = 255;
constexpr float kInk = 30;

using Glyph = std::array<std::uint8_t, kGlyphHeight>;  // one row each, the leftmost pixel in bit 4

const std::map<char, Glyph>& font() {
  static const std::map<char, Glyph> glyphs{
      {'0', {0x0e, 0x11, 0x13, 0x15, 0x19, 0x11, 0x0e}}, {'1', {0x04, 0x0c, 0x04, 0x04, 0x04, 0x04, 0x0e}},
      {'2', {0x0e, 0x11, 0x01, 0x06, 0x08, 0x10, 0x1f}}, {'3', {0x0e, 0x11, 0x01, 0x06, 0x01, 0x11, 0x0e}},
      {'4', {0x02, 0x06, 0x0a, 0x12, 0x1f, 0x02, 0x02}}, {'5', {0x1f, 0x10, 0x1e, 0x01, 0x01, 0x11, 0x0e}},
      {'6', {0x06, 0x08, 0x10, 0x1e, 0x11, 0x11, 0x0e}}, {'7', {0x1f, 0x01, 0x02, 0x04, 0x04, 0x04, 0x04}},
      {'8', {0x0e, 0x11, 0x11, 0x0e, 0x11, 0x11, 0x0e}}, {'9', {0x0e, 0x11, 0x11, 0x0f, 0x01, 0x02, 0x0c}},
      {'A', {0x0e, 0x11, 0x11, 0x1f, 0x11, 0x11, 0x11}}, {'B', {0x1e, 0x11, 0x11, 0x1e, 0x11, 0x11, 0x1e}},
      {'C', {0x0e, 0x11, 0x10, 0x10, 0x10, 0x11, 0x0e}}, {'D', {0x1e, 0x11, 0x11, 0x11, 0x11, 0x11, 0x1e}},
      {'E', {0x1f, 0x10, 0x10, 0x1e, 0x10, 0x10, 0x1f}}, {'F', {0x1f, 0x10, 0x10, 0x1e, 0x10, 0x10, 0x10}},
      {'G', {0x0e, 0x11, 0x10, 0x17, 0x11, 0x11, 0x0e}}, {'H', {0x11, 0x11, 0x11, 0x1f, 0x11, 0x11, 0x11}},
      {'I', {0x0e, 0x04, 0x04, 0x04, 0x04, 0x04, 0x0e}}, {'J', {0x07, 0x02, 0x02, 0x02, 0x02, 0x12, 0x0c}},
      {'K', {0x11, 0x12, 0x14, 0x18, 0x14, 0x12, 0x11}}, {'L', {0x10, 0x10, 0x10, 0x10, 0x10, 0x10, 0x1f}},
      {'M', {0x11, 0x1b, 0x15, 0x15, 0x11, 0x11, 0x11}}, {'N', {0x11, 0x19, 0x15, 0x15, 0x13, 0x11, 0x11}},
      {'O', {0x0e, 0x11, 0x11, 0x11, 0x11, 0x11, 0x0e}}, {'P', {0x1e, 0x11, 0x11, 0x1e, 0x10, 0x10, 0x10}},
      {'Q', {0x0e, 0x11, 0x11, 0x11, 0x15, 0x12, 0x0d}}, {'R', {0x1e, 0x11, 0x11, 0x1e, 0x14, 0x12, 0x11}},
      {'S', {0x0f, 0x10, 0x10, 0x0e, 0x01, 0x01, 0x1e}}, {'T', {0x1f, 0x04, 0x04, 0x04, 0x04, 0x04, 0x04}},
      {'U', {0x11, 0x11, 0x11, 0x11, 0x11, 0x11, 0x0e}}, {'V', {0x11, 0x11, 0x11, 0x11, 0x11, 0x0a, 0x04}},
      {'W', {0x11, 0x11, 0x11, 0x15, 0x15, 0x1b, 0x11}}, {'X', {0x11, 0x11, 0x0a, 0x04, 0x0a, 0x11, 0x11}},
      {'Y', {0x11, 0x11, 0x0a, 0x04, 0x04, 0x04, 0x04}}, {'Z', {0x1f, 0x01, 0x02, 0x04, 0x08, 0x10, 0x1f}},
  };
  return glyphs;
}

void draw_glyph(const Glyph& glyph, std::size_t left, std::size_t top, std::size_t scale, GreyPicture& picture) {
  for (std::size_t y = 0; y < kGlyphHeight * scale; ++y) {
    for (std::size_t x = 0; x < kGlyphWidth * scale; ++x) {
      if (glyph[y / scale] >> (kGlyphWidth - 1 - x / scale) & 1) picture.at(left + x, top + y) = kInk;
    }
  }
}

/// Each pixel becomes the mean of its neighbourhood of 3 x 3; beyond the edge is paper.
GreyPicture softened(const GreyPicture& picture) {
  GreyPicture result = picture;
  for (std::size_t y = 1; y + 1 < picture.height; ++y) {
    for (std::size_t x = 1; x + 1 < picture.width; ++x) {
      float sum = 0;
      for (std::size_t i = 0; i < 9; ++i) sum += picture.at(x + i % 3 - 1, y + i / 3 - 1);
      result.at(x, y) = sum / 9;
    }
  }
  return result;
}

}  // namespace

GreyPicture draw_text(std::string_view text, std::size_t width, std::size_t height) {
  GreyPicture picture{width, height, std::vector<float>(width * height, kPaper)};
  const std::size_t margin = 2;
  const std::size_t cells = std::max<std::size_t>(text.size(), 1) * (kGlyphWidth + 1);
  const std::size_t scale = std::min({(width - 2 * margin) / cells, (height - 2 * margin) / kGlyphHeight, height / 12});
  if (scale == 0) return picture;  // the line is too long for the picture
  std::size_t left = (width - cells * scale) / 2;
  const std::size_t top = (height - kGlyphHeight * scale) / 2;
  for (char c : text) {
    const auto glyph = font().find(static_cast<char>(std::toupper(static_cast<unsigned char>(c))));
    if (glyph != font().end()) draw_glyph(glyph->second, left, top, scale, picture);
    left += (kGlyphWidth + 1) * scale;
  }
  return softened(picture);
}

std::string to_terminal(const GreyPicture& picture, std::size_t columns) {
  const std::size_t step = std::max<std::size_t>((picture.width + columns - 1) / columns, 1);
  const auto dark = [&](std::size_t x, std::size_t y) {
    return y < picture.height && picture.at(x, y) < (kPaper + kInk) / 2;
  };
  std::string text;
  for (std::size_t y = 0; y < picture.height; y += 2 * step) {
    std::string line;
    for (std::size_t x = 0; x < picture.width; x += step) {
      const bool upper = dark(x, y);
      const bool lower = dark(x, y + step);
      line += upper && lower ? "█" : upper ? "▀" : lower ? "▄" : " ";
    }
    line.erase(line.find_last_not_of(' ') + 1);
    if (!line.empty()) text += line + "\n";  // paper above and below the text says nothing
  }
  return text;
}

}  // namespace baton::tool
