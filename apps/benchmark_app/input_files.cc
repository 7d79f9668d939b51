// SPDX-License-Identifier: Apache-2.0
// Copyright (C) 2026 The Baton authors
#include "input_files.h"

#include <stb/stb_image.h>
#include <stb/stb_image_resize.h>
#include <algorithm>
#include <array>
#include <cctype>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <memory>
#include <optional>
#include <string_view>
#include <utility>

#include "baton/any.hpp"
#include "baton/exception.hpp"
#include "common/text.h"

namespace baton::bench {
namespace {

namespace fs = std::filesystem;
using Kind = InputFiles::Kind;

constexpr std::string_view kRandomWord = "random";
constexpr std::string_view kSupported = "pictures png, jpg, jpeg, bmp, gif, tga, pgm, ppm; arrays npy; raw data bin";

[[noreturn]] void complain(const std::string& message) { throw Exception(ErrorCode::InvalidArgument, message); }

std::optional<Kind> kind_of(const fs::path& path) {
  std::string extension = path.extension().string();
  std::transform(extension.begin(), extension.end(), extension.begin(),
                 [](unsigned char c) { return std::tolower(c); });
  if (extension == ".npy") return Kind::kArrays;
  if (extension == ".bin") return Kind::kBinaries;
  constexpr std::array<std::string_view, 8> kImages{".png", ".jpg", ".jpeg", ".bmp", ".gif", ".tga", ".pgm", ".ppm"};
  if (std::find(kImages.begin(), kImages.end(), extension) != kImages.end()) return Kind::kImages;
  return std::nullopt;
}

/// The file, or the files of the folder; those of unknown kind are named in `ignored`.
std::vector<std::string> expand(const std::string& text, std::string& ignored) {
  std::error_code error;
  std::vector<fs::path> found;
  if (fs::is_directory(text, error)) {
    for (const auto& entry : fs::directory_iterator(text)) {
      if (entry.is_regular_file()) found.push_back(entry.path());
    }
    std::sort(found.begin(), found.end());
  } else if (fs::exists(text, error)) {
    found.emplace_back(text);
  } else {
    complain("-i: " + text + " does not exist");
  }
  std::vector<std::string> files;
  for (const fs::path& path : found) {
    if (kind_of(path)) files.push_back(path.string());
    else ignored += (ignored.empty() ? "" : ", ") + path.string();
  }
  return files;
}

/// A part of -i between commas: the input that is named in it, and the path.
struct Part {
  std::string input;  ///< empty: none is named
  std::string path;
};

Part split(const std::string& text, const std::vector<std::string>& inputs) {
  for (const std::string& input : inputs) {  // a name may hold a colon itself
    if (text.size() > input.size() && text.starts_with(input) && text[input.size()] == ':')
      return {input, text.substr(input.size() + 1)};
  }
  const std::size_t colon = text.find(':');
  std::error_code error;
  if (colon == std::string::npos || fs::exists(text, error)) return {"", text};
  complain("-i: the model has no input '" + text.substr(0, colon) + "'; its inputs: " + app::joined(inputs, ", "));
}

void add_file(InputFiles& files, const std::string& input, const std::string& path) {
  const Kind kind = *kind_of(path);
  if (!files.paths.empty() && files.kind != kind)
    complain("-i: input '" + input + "' gets " + files.paths.front() + " and " + path + ": expected files of one kind");
  files.kind = kind;
  files.paths.push_back(path);
}

/// The value of `key` in the header of a .npy file, a Python dictionary.
std::string_view header_value(std::string_view header, std::string_view key) {
  const std::size_t at = header.find(key);
  if (at == std::string_view::npos) return {};
  header.remove_prefix(header.find(':', at) + 1);
  return header.substr(std::min(header.find_first_not_of(' '), header.size()));
}

element::Type type_of_code(std::string_view code) {
  constexpr std::array<std::pair<std::string_view, element::Type_t>, 12> kCodes{{{"b1", element::Type_t::boolean},
                                                                                 {"f2", element::Type_t::f16},
                                                                                 {"f4", element::Type_t::f32},
                                                                                 {"f8", element::Type_t::f64},
                                                                                 {"i1", element::Type_t::i8},
                                                                                 {"i2", element::Type_t::i16},
                                                                                 {"i4", element::Type_t::i32},
                                                                                 {"i8", element::Type_t::i64},
                                                                                 {"u1", element::Type_t::u8},
                                                                                 {"u2", element::Type_t::u16},
                                                                                 {"u4", element::Type_t::u32},
                                                                                 {"u8", element::Type_t::u64}}};
  for (const auto& [name, type] : kCodes) {
    if (code.size() == 3 && (code.front() == '<' || code.front() == '|') && code.substr(1) == name) return type;
  }
  complain("the type " + std::string(code) + " is not supported; expected little-endian numbers or truth values");
}

/// The header of a .npy file and where the data begin.
std::pair<std::string_view, std::size_t> npy_header(std::string_view file) {
  constexpr std::string_view kMagic = "\x93NUMPY";
  if (!file.starts_with(kMagic) || file.size() < 12) complain("it is not a .npy file");
  const std::size_t size_bytes = file[6] == 1 ? 2 : 4;
  std::size_t size = 0;
  for (std::size_t i = 0; i < size_bytes; ++i)
    size |= static_cast<std::size_t>(static_cast<unsigned char>(file[8 + i])) << 8 * i;
  if (size > file.size() - 8 - size_bytes) complain("the file ends inside its header");
  return {file.substr(8 + size_bytes, size), 8 + size_bytes + size};
}

Array parse_array(std::string_view file) {
  const auto [header, begin] = npy_header(file);
  const std::string_view type = header_value(header, "'descr'"), shape = header_value(header, "'shape'");
  if (type.size() < 5 || !shape.starts_with('(') || shape.find(')') == std::string_view::npos)
    complain("the header " + std::string(header) + " is not one of an array");
  if (header_value(header, "'fortran_order'").starts_with("True"))
    complain("it is in Fortran order; save numpy.ascontiguousarray(array)");
  Array array{.type = type_of_code(type.substr(1, 3))};
  std::string number;
  for (const char c : shape.substr(1, shape.find(')'))) {
    if (std::isdigit(static_cast<unsigned char>(c))) {
      number += c;
    } else if (!number.empty()) {
      array.shape.push_back(Any(std::exchange(number, {})).as<std::size_t>());
    }
  }
  const std::size_t bytes = shape_size(array.shape) * array.type.size();
  if (file.size() - begin != bytes) {
    complain("it holds " + std::to_string(file.size() - begin) + " bytes of data, expected " + std::to_string(bytes) +
             " for shape " + array.shape.to_string());
  }
  array.bytes.resize(bytes);
  std::memcpy(array.bytes.data(), file.data() + begin, bytes);
  return array;
}

}  // namespace

InputMapping map_input_files(const std::vector<std::string>& texts, const std::vector<std::string>& inputs) {
  InputMapping mapping;
  std::string ignored;
  std::vector<std::string> unnamed;
  for (const std::string& text : texts) {
    std::string input;  // a name is good up to the next one
    for (std::size_t begin = 0; begin < text.size();) {
      const std::size_t end = std::min(text.find(',', begin), text.size());
      const Part part = split(text.substr(begin, end - begin), inputs);
      begin = end + 1;
      if (!part.input.empty()) input = part.input;
      if (part.path == kRandomWord || part.path.empty()) continue;
      for (const std::string& path : expand(part.path, ignored)) {
        if (input.empty()) unnamed.push_back(path);
        else add_file(mapping.files[input], input, path);
      }
    }
  }
  if (!unnamed.empty() && inputs.size() > 1) {
    mapping.warnings.push_back("Model has " + std::to_string(inputs.size()) +
                               " inputs. It's recommended to use name mapping to specify parameters for each input.");
  }
  for (std::size_t i = 0; i < unnamed.size(); ++i) {
    const std::string& input = inputs[i % inputs.size()];
    add_file(mapping.files[input], input, unnamed[i]);
  }
  if (!ignored.empty()) {
    mapping.warnings.push_back("These files are of no supported kind and are ignored: " + ignored +
                               " (supported: " + std::string(kSupported) + ")");
  }
  return mapping;
}

Image read_image(const std::string& path, std::size_t channels) {
  int width = 0, height = 0, own_channels = 0;
  const std::unique_ptr<stbi_uc, decltype(&stbi_image_free)> pixels(
      stbi_load(path.c_str(), &width, &height, &own_channels, static_cast<int>(channels)), stbi_image_free);
  if (!pixels) complain(path + ": cannot be read as a picture: " + stbi_failure_reason());
  Image image{static_cast<std::size_t>(width), static_cast<std::size_t>(height), channels, {}};
  image.pixels.assign(pixels.get(), pixels.get() + image.width * image.height * channels);
  for (std::size_t i = 0; channels == 3 && i < image.pixels.size(); i += 3)
    std::swap(image.pixels[i], image.pixels[i + 2]);
  return image;
}

Image resize_image(const Image& image, std::size_t width, std::size_t height) {
  if (image.width == width && image.height == height) return image;
  Image result{width, height, image.channels, std::vector<std::uint8_t>(width * height * image.channels)};
  stbir_resize_uint8(image.pixels.data(), static_cast<int>(image.width), static_cast<int>(image.height), 0,
                     result.pixels.data(), static_cast<int>(width), static_cast<int>(height), 0,
                     static_cast<int>(image.channels));
  return result;
}

Array read_array(const std::string& path) {
  try {
    return parse_array(read_bytes(path));
  } catch (const Exception& error) {
    complain(path + ": " + error.what());
  }
}

std::string read_bytes(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  if (!file) complain(path + ": cannot be opened");
  return {std::istreambuf_iterator<char>(file), {}};
}

}  // namespace baton::bench
