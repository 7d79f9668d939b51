// SPDX-License-Identifier: Apache-2.0
// Copyright (C) 2026 The Baton authors
#include "text_reader.h"

#include <algorithm>
#include <cstdint>
#include <optional>

namespace baton::tool {
namespace {

/// One field of a protobuf message; `payload` holds the bytes of a length-delimited one.
struct Field {
  std::uint64_t number = 0;
  std::string_view payload;
};

std::optional<std::uint64_t> take_varint(std::string_view& bytes) {
  std::uint64_t value = 0;
  for (unsigned shift = 0; shift < 64 && !bytes.empty(); shift += 7) {
    const auto byte = static_cast<unsigned char>(bytes.front());
    bytes.remove_prefix(1);
    value |= static_cast<std::uint64_t>(byte & 0x7f) << shift;
    if (byte < 0x80) return value;
  }
  return std::nullopt;
}

/// Takes the next field off `bytes`; nullopt at the end and for anything malformed.
std::optional<Field> take_field(std::string_view& bytes) {
  const auto tag = take_varint(bytes);
  if (!tag) return std::nullopt;
  std::optional<std::uint64_t> length;
  switch (*tag & 7) {
    case 0: return take_varint(bytes) ? std::optional(Field{*tag >> 3, {}}) : std::nullopt;
    case 1: length = 8; break;
    case 2: length = take_varint(bytes); break;
    case 5: length = 4; break;
  }
  if (!length || *length > bytes.size()) return std::nullopt;
  Field field{*tag >> 3, bytes.substr(0, *length)};
  bytes.remove_prefix(*length);
  return field;
}

constexpr std::uint64_t kMetadataProps = 14;  // of ModelProto: messages of key (1) and value (2)

}  // namespace

std::map<std::string, std::string> onnx_metadata(std::string_view bytes) {
  std::map<std::string, std::string> metadata;
  while (auto field = take_field(bytes)) {
    if (field->number != kMetadataProps) continue;
    std::string_view entry[3];
    while (auto part = take_field(field->payload)) {
      if (part->number < 3) entry[part->number] = part->payload;
    }
    metadata.emplace(entry[1], entry[2]);
  }
  return metadata;
}

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
