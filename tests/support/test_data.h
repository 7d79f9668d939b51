// SPDX-License-Identifier: Apache-2.0
// Copyright (C) 2026 The Baton authors
//
// Real models, pictures and right answers from outside the repository: the folder named by BATON_TEST_DATA, else
// `shared` beside the repository. Tests that need them skip when they are not there.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

namespace baton::test {

/// The path of `name` ("models/face/version-RFB-320.onnx") in the test data; empty when it is not there.
std::filesystem::path data_file(const std::string& name);

/// One array of a .npz file (f32 or any other type, read as raw bytes), in C order.
struct NpyArray {
  std::vector<std::size_t> shape;
  std::vector<std::byte> bytes;

  const float* floats() const { return reinterpret_cast<const float*>(bytes.data()); }
  std::size_t float_count() const { return bytes.size() / sizeof(float); }
};

/// Throws std::runtime_error that says what is wrong with the file.
NpyArray load_npz(const std::filesystem::path& file, const std::string& array);

/// A picture of 8 bits per channel, blue first, rows from the top.
struct Picture {
  std::size_t width = 0;
  std::size_t height = 0;
  std::vector<std::uint8_t> bgr;

  Picture cropped(std::size_t x0, std::size_t y0, std::size_t x1, std::size_t y1) const;
  /// Bilinear, pixel centres aligned, no smoothing.
  Picture resized(std::size_t new_width, std::size_t new_height) const;
  /// [3,height,width] in the order blue, green, red.
  std::vector<float> planes() const;
};

/// A 24-bit .bmp file. Throws std::runtime_error.
Picture load_bmp(const std::filesystem::path& file);

}  // namespace baton::test

/// Declares `variable`; skips the test when the file is not there.
#define BATON_TEST_DATA_FILE(variable, name)                             \
  const std::filesystem::path variable = ::baton::test::data_file(name); \
  if (variable.empty()) GTEST_SKIP() << "no test data: " << name << " (set BATON_TEST_DATA)"
