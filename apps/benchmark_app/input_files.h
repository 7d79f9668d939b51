// SPDX-License-Identifier: Apache-2.0
// Copyright (C) 2026 The Baton authors
//
// Which files feed which input (option -i), and what is in them.
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "baton/element_type.hpp"
#include "baton/shape.hpp"

namespace baton::bench {

/// The files of one input, all of one kind.
struct InputFiles {
  enum class Kind { kRandom, kImages, kArrays, kBinaries };
  Kind kind = Kind::kRandom;
  std::vector<std::string> paths;
};

struct InputMapping {
  std::map<std::string, InputFiles> files;  ///< by input; one that is not there is random
  std::vector<std::string> warnings;
};

/// `texts`: the values of -i. Folders give their files in order of name; files without a name in front are dealt out
/// to the inputs in turn. Throws baton::Exception for an unknown input, a path that is not there, or kinds mixed.
InputMapping map_input_files(const std::vector<std::string>& texts, const std::vector<std::string>& inputs);

/// A picture of 8 bits per channel, blue first (or grey only), rows from the top.
struct Image {
  std::size_t width = 0, height = 0, channels = 0;
  std::vector<std::uint8_t> pixels;
};

/// Reads a png, jpg, bmp, gif, tga or ppm file with 1 or 3 channels. Throws baton::Exception.
Image read_image(const std::string& path, std::size_t channels);
Image resize_image(const Image& image, std::size_t width, std::size_t height);

/// What a .npy file holds, in C order.
struct Array {
  element::Type type;
  Shape shape;
  std::vector<std::byte> bytes;
};

/// Throws baton::Exception that says what is wrong with the file.
Array read_array(const std::string& path);

/// All bytes of a file. Throws baton::Exception.
std::string read_bytes(const std::string& path);

}  // namespace baton::bench
