// SPDX-License-Identifier: Apache-2.0
// Copyright (C) 2026 The Baton authors
#include <algorithm>

#include "picture.h"

Picture resize(const Picture& picture, std::size_t width, std::size_t height) {
  Picture result{width, height, {}};
  const auto place = [](std::size_t at, std::size_t size, std::size_t old_size) {
    const float centre =
        (static_cast<float>(at) + 0.5F) * static_cast<float>(old_size) / static_cast<float>(size) - 0.5F;
    return std::clamp(centre, 0.0F, static_cast<float>(old_size - 1));
  };
  for (std::size_t y = 0; y < height; ++y) {
    for (std::size_t x = 0; x < width; ++x) {
      const float from_x = place(x, width, picture.width), from_y = place(y, height, picture.height);
      const auto left = static_cast<std::size_t>(from_x), top = static_cast<std::size_t>(from_y);
      const auto right = std::min(left + 1, picture.width - 1), bottom = std::min(top + 1, picture.height - 1);
      const float along = from_x - static_cast<float>(left), down = from_y - static_cast<float>(top);
      for (std::size_t channel = 0; channel < 3; ++channel) {
        const auto value = [&](std::size_t column, std::size_t row) {
          return picture.pixels[(row * picture.width + column) * 3 + channel];
        };
        const float upper = value(left, top) * (1 - along) + value(right, top) * along;
        const float lower = value(left, bottom) * (1 - along) + value(right, bottom) * along;
        result.pixels.push_back(upper * (1 - down) + lower * down);
      }
    }
  }
  return result;
}
