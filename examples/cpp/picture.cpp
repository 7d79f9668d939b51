// SPDX-License-Identifier: Apache-2.0
// Copyright (C) 2026 The Baton authors
#include "picture.h"

#include <cstdint>
#include <cstdlib>
#include <fstream>
#include <iterator>
#include <sstream>
#include <stdexcept>

namespace {

/// A little-endian number; throws when the file ends before it.
std::uint32_t number_at(const std::string& bytes, std::size_t at, std::size_t size) {
  std::uint32_t value = 0;
  for (std::size_t i = 0; i < size; ++i)
    value |= static_cast<std::uint32_t>(static_cast<unsigned char>(bytes.at(at + i))) << 8 * i;
  return value;
}

float byte_at(const std::string& bytes, std::size_t at) { return static_cast<unsigned char>(bytes.at(at)); }

Picture read_bmp(const std::string& bytes) {
  if (number_at(bytes, 28, 2) != 24 || number_at(bytes, 30, 4) != 0)
    throw std::runtime_error("expected an uncompressed BMP of 24 bits");
  const auto start = number_at(bytes, 10, 4);
  const auto rows = static_cast<std::int32_t>(number_at(bytes, 22, 4));  // negative: the first row is the top one
  Picture picture{number_at(bytes, 18, 4), static_cast<std::size_t>(std::abs(rows)), {}};
  const std::size_t stride = (picture.width * 3 + 3) / 4 * 4;
  for (std::size_t y = 0; y < picture.height; ++y) {
    const std::size_t row = rows < 0 ? y : picture.height - 1 - y;
    for (std::size_t x = 0; x < picture.width * 3; ++x)
      picture.pixels.push_back(byte_at(bytes, start + row * stride + x));
  }
  return picture;
}

Picture read_ppm(const std::string& bytes) {
  std::istringstream header(bytes);
  std::string magic;
  std::size_t highest = 0;
  Picture picture;
  header >> magic >> picture.width >> picture.height >> highest;
  if (!header || highest != 255) throw std::runtime_error("expected a PPM with a maximum of 255 and no comments");
  const auto start = static_cast<std::size_t>(header.tellg()) + 1;
  for (std::size_t i = 0; i < picture.width * picture.height * 3; i += 3) {
    for (std::size_t channel : {2, 1, 0}) picture.pixels.push_back(byte_at(bytes, start + i + channel));
  }
  return picture;
}

}  // namespace

Picture read_picture(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  if (!file) throw std::runtime_error(path + ": cannot be opened");
  const std::string bytes{std::istreambuf_iterator<char>(file), {}};
  try {
    if (bytes.starts_with("BM")) return read_bmp(bytes);
    if (bytes.starts_with("P6")) return read_ppm(bytes);
  } catch (const std::out_of_range&) {
    throw std::runtime_error(path + ": the file ends too early");
  } catch (const std::runtime_error& error) {
    throw std::runtime_error(path + ": " + error.what());
  }
  throw std::runtime_error(path + ": expected a BMP or binary PPM file");
}
