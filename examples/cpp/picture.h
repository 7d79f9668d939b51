// SPDX-License-Identifier: Apache-2.0
// Copyright (C) 2026 The Baton authors
#pragma once

#include <cstddef>
#include <string>
#include <vector>

/// A colour picture: blue, green, red of each pixel, row by row from the top, 0 to 255.
struct Picture {
  std::size_t width = 0;
  std::size_t height = 0;
  std::vector<float> pixels;
};

/// Reads an uncompressed BMP file of 24 bits per pixel, or a binary PPM file. Throws std::runtime_error for anything
/// else.
Picture read_picture(const std::string& path);

/// The picture stretched to another size, with values between pixels interpolated.
Picture resize(const Picture& picture, std::size_t width, std::size_t height);
