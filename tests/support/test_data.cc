// SPDX-License-Identifier: Apache-2.0
// Copyright (C) 2026 The Baton authors
#include "test_data.h"

#include <zlib.h>

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <cstring>
#include <fstream>
#include <iterator>
#include <stdexcept>

namespace baton::test {
namespace {

using Buffer = std::vector<std::byte>;

Buffer read_all(const std::filesystem::path& file) {
  std::ifstream in(file, std::ios::binary);
  const std::string text((std::istreambuf_iterator<char>(in)), std::istreambuf_iterator<char>());
  if (text.empty()) throw std::runtime_error(file.string() + " cannot be read or is empty");
  const auto* begin = reinterpret_cast<const std::byte*>(text.data());
  return Buffer(begin, begin + text.size());
}

/// The little-endian number at `offset`.
template <typename T>
T number_at(const Buffer& buffer, std::size_t offset) {
  if (offset + sizeof(T) > buffer.size()) throw std::runtime_error("a file ends too early");
  T value;
  std::memcpy(&value, buffer.data() + offset, sizeof value);
  return value;
}

Buffer inflated(const std::byte* data, std::size_t size, std::size_t inflated_size) {
  Buffer out(inflated_size);
  z_stream stream{};
  constexpr int kRawDeflate = -MAX_WBITS;
  if (inflateInit2(&stream, kRawDeflate) != Z_OK) throw std::runtime_error("zlib does not start");
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<std::byte*>(data));
  stream.avail_in = static_cast<uInt>(size);
  stream.next_out = reinterpret_cast<Bytef*>(out.data());
  stream.avail_out = static_cast<uInt>(out.size());
  const int result = inflate(&stream, Z_FINISH);
  inflateEnd(&stream);
  if (result != Z_STREAM_END) throw std::runtime_error("a compressed array is broken");
  return out;
}

/// The member `name` of a zip archive, found through its central directory.
Buffer zip_member(const Buffer& zip, const std::string& name) {
  constexpr std::uint32_t kEndSignature = 0x06054b50;
  constexpr std::size_t kEndSize = 22;
  std::size_t end = zip.size() < kEndSize ? 0 : zip.size() - kEndSize;
  while (end > 0 && number_at<std::uint32_t>(zip, end) != kEndSignature) --end;
  std::size_t at = number_at<std::uint32_t>(zip, end + 16);
  for (std::size_t left = number_at<std::uint16_t>(zip, end + 10); left > 0; --left) {
    const std::size_t name_size = number_at<std::uint16_t>(zip, at + 28);
    const auto* text = reinterpret_cast<const char*>(zip.data() + at + 46);
    if (std::string(text, name_size) == name) {
      const std::size_t local = number_at<std::uint32_t>(zip, at + 42);
      const std::size_t data =
          local + 30 + number_at<std::uint16_t>(zip, local + 26) + number_at<std::uint16_t>(zip, local + 28);
      const std::size_t packed = number_at<std::uint32_t>(zip, at + 20);
      const std::size_t size = number_at<std::uint32_t>(zip, at + 24);
      if (data + packed > zip.size()) throw std::runtime_error("a zip archive is cut off");
      const bool stored = number_at<std::uint16_t>(zip, at + 10) == 0;
      return stored ? Buffer(zip.begin() + static_cast<std::ptrdiff_t>(data),
                             zip.begin() + static_cast<std::ptrdiff_t>(data + size))
                    : inflated(zip.data() + data, packed, size);
    }
    at += 46 + name_size + number_at<std::uint16_t>(zip, at + 30) + number_at<std::uint16_t>(zip, at + 32);
  }
  throw std::runtime_error("the archive has no " + name);
}

NpyArray parse_npy(const Buffer& npy) {
  const std::size_t header_size = number_at<std::uint16_t>(npy, 8);
  constexpr std::size_t kPreamble = 10;
  const std::string header(reinterpret_cast<const char*>(npy.data()) + kPreamble, header_size);
  if (header.find("'fortran_order': False") == std::string::npos)
    throw std::runtime_error("an array is not in C order");
  NpyArray array;
  const std::size_t open = header.find('(', header.find("'shape'"));
  for (const char* text = header.c_str() + open + 1; *text != ')';) {
    char* next = nullptr;
    const auto dim = std::strtoull(text, &next, 10);
    if (next != text) array.shape.push_back(dim);
    text = next == text ? text + 1 : next;
  }
  array.bytes.assign(npy.begin() + static_cast<std::ptrdiff_t>(kPreamble + header_size), npy.end());
  return array;
}

}  // namespace

std::filesystem::path data_file(const std::string& name) {
  const char* folder = std::getenv("BATON_TEST_DATA");
  const std::filesystem::path file =
      std::filesystem::path(folder != nullptr ? folder : BATON_SOURCE_DIR "/../shared") / name;
  return std::filesystem::exists(file) ? file : std::filesystem::path{};
}

NpyArray load_npz(const std::filesystem::path& file, const std::string& array) {
  return parse_npy(zip_member(read_all(file), array + ".npy"));
}

Picture Picture::cropped(std::size_t x0, std::size_t y0, std::size_t x1, std::size_t y1) const {
  Picture part{x1 - x0, y1 - y0, {}};
  for (std::size_t y = y0; y < y1; ++y) {
    const auto row = bgr.begin() + static_cast<std::ptrdiff_t>((y * width + x0) * 3);
    part.bgr.insert(part.bgr.end(), row, row + static_cast<std::ptrdiff_t>(part.width * 3));
  }
  return part;
}

Picture Picture::resized(std::size_t new_width, std::size_t new_height) const {
  struct Tap {
    std::size_t low, high;
    double weight;  ///< of `high`
  };
  const auto tap = [](std::size_t i, std::size_t from, std::size_t to) {
    const double centre = (static_cast<double>(i) + 0.5) * static_cast<double>(from) / static_cast<double>(to) - 0.5;
    const double inside = std::clamp(centre, 0.0, static_cast<double>(from - 1));
    const auto low = static_cast<std::size_t>(inside);
    return Tap{low, std::min(low + 1, from - 1), inside - static_cast<double>(low)};
  };
  Picture out{new_width, new_height, std::vector<std::uint8_t>(new_width * new_height * 3)};
  for (std::size_t y = 0; y < new_height; ++y) {
    const Tap v = tap(y, height, new_height);
    for (std::size_t x = 0; x < new_width; ++x) {
      const Tap h = tap(x, width, new_width);
      for (std::size_t c = 0; c < 3; ++c) {
        const auto at = [&](std::size_t row, std::size_t column) {
          return double(bgr[(row * width + column) * 3 + c]);
        };
        const double top = at(v.low, h.low) * (1 - h.weight) + at(v.low, h.high) * h.weight;
        const double bottom = at(v.high, h.low) * (1 - h.weight) + at(v.high, h.high) * h.weight;
        out.bgr[(y * new_width + x) * 3 + c] =
            static_cast<std::uint8_t>(std::lround(top * (1 - v.weight) + bottom * v.weight));
      }
    }
  }
  return out;
}

std::vector<float> Picture::planes() const {
  const std::size_t pixels = width * height;
  std::vector<float> values(pixels * 3);
  for (std::size_t i = 0; i < pixels; ++i) {
    for (std::size_t c = 0; c < 3; ++c) values[c * pixels + i] = bgr[i * 3 + c];
  }
  return values;
}

Picture load_bmp(const std::filesystem::path& file) {
  const Buffer bytes = read_all(file);
  const std::size_t offset = number_at<std::uint32_t>(bytes, 10);
  const auto width = number_at<std::int32_t>(bytes, 18);
  const auto height = number_at<std::int32_t>(bytes, 22);
  if (number_at<std::uint16_t>(bytes, 28) != 24 || width <= 0 || height <= 0) {
    throw std::runtime_error(file.string() + " is no 24-bit bitmap stored from the bottom");
  }
  Picture picture{static_cast<std::size_t>(width), static_cast<std::size_t>(height), {}};
  const std::size_t stride = (picture.width * 3 + 3) / 4 * 4;
  if (offset + stride * picture.height > bytes.size()) throw std::runtime_error(file.string() + " is cut off");
  for (std::size_t y = picture.height; y-- > 0;) {
    const auto* row = reinterpret_cast<const std::uint8_t*>(bytes.data()) + offset + y * stride;
    picture.bgr.insert(picture.bgr.end(), row, row + picture.width * 3);
  }
  return picture;
}

}  // namespace baton::test
