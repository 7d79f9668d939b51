// SPDX-License-Identifier: Apache-2.0
// Copyright (C) 2026 The Baton authors
#include "model/wire.h"

#include <google/protobuf/io/coded_stream.h>

#include <algorithm>
#include <iterator>
#include <utility>

namespace baton::model {

namespace {

using google::protobuf::io::CodedInputStream;
using google::protobuf::io::CodedOutputStream;

// A tag and the number behind it; a window of this size keeps the stream's 2 GB limit away from large files.
constexpr std::size_t kMaxHeader = 20;

const std::uint8_t* as_octets(const std::byte* bytes) { return reinterpret_cast<const std::uint8_t*>(bytes); }

std::string encoded_varint(std::uint64_t value) {
  std::uint8_t buffer[10];
  const std::uint8_t* end = CodedOutputStream::WriteVarint64ToArray(value, buffer);
  return {reinterpret_cast<const char*>(buffer), static_cast<std::size_t>(end - buffer)};
}

std::string encoded_tag(std::uint32_t number, WireType type) {
  return encoded_varint((static_cast<std::uint64_t>(number) << 3U) | static_cast<std::uint64_t>(type));
}

bool read_value(CodedInputStream& stream, WireType type, std::uint64_t& value) {
  switch (type) {
    case WireType::kVarint:
    case WireType::kBytes: return stream.ReadVarint64(&value);
    case WireType::kFixed64: return stream.ReadLittleEndian64(&value);
    case WireType::kFixed32: {
      std::uint32_t narrow = 0;
      const bool is_read = stream.ReadLittleEndian32(&narrow);
      value = narrow;
      return is_read;
    }
  }
  return false;  // a group, which ONNX has never used, or not a wire type at all
}

}  // namespace

std::optional<WireField> WireReader::damaged() {
  damaged_ = true;
  return std::nullopt;
}

std::optional<WireField> WireReader::next() {
  if (damaged_ || position_ == message_.size()) return std::nullopt;
  const ByteSpan rest = message_.subspan(position_);
  CodedInputStream stream(as_octets(rest.data()), static_cast<int>(std::min(rest.size(), kMaxHeader)));
  const std::uint32_t tag = stream.ReadTagNoLastTag();
  WireField field;
  field.number = tag >> 3U;
  field.type = static_cast<WireType>(tag & 7U);
  if (field.number == 0 || !read_value(stream, field.type, field.value)) return damaged();
  auto length = static_cast<std::size_t>(stream.CurrentPosition());
  if (field.type == WireType::kBytes) {
    if (field.value > rest.size() - length) return damaged();
    field.payload = rest.subspan(length, static_cast<std::size_t>(field.value));
    length += field.payload.size();
  }
  field.raw = rest.first(length);
  position_ += length;
  return field;
}

base::Status WireReader::damage(std::string_view what) const {
  return base::Status::invalid_argument("the " + std::string(what) + " is damaged or cut off at byte " +
                                        std::to_string(position_) + " of its " + std::to_string(message_.size()) +
                                        "; copy or export the model again");
}

bool append_integers(const WireField& field, std::vector<std::int64_t>& out) {
  if (field.type == WireType::kVarint) {
    out.push_back(static_cast<std::int64_t>(field.value));
    return true;
  }
  ByteSpan rest = field.payload;
  while (!rest.empty()) {
    CodedInputStream stream(as_octets(rest.data()), static_cast<int>(std::min(rest.size(), kMaxHeader)));
    std::uint64_t value = 0;
    if (!stream.ReadVarint64(&value)) return false;
    out.push_back(static_cast<std::int64_t>(value));
    rest = rest.subspan(static_cast<std::size_t>(stream.CurrentPosition()));
  }
  return field.type == WireType::kBytes;
}

void WireWriter::append_raw(ByteSpan bytes) {
  size_ += bytes.size();
  // Neighbours in the source become one piece again, so an edit of few fields stays a list of few pieces.
  if (!pieces_.empty() && pieces_.back().owned.empty()) {
    ByteSpan& last = pieces_.back().borrowed;
    if (last.data() + last.size() == bytes.data()) {
      last = {last.data(), last.size() + bytes.size()};
      return;
    }
  }
  pieces_.push_back({bytes, {}});
}

void WireWriter::append_owned(std::string bytes) {
  size_ += bytes.size();
  pieces_.push_back({{}, std::move(bytes)});
}

void WireWriter::append_varint(std::uint32_t number, std::uint64_t value) {
  append_owned(encoded_tag(number, WireType::kVarint) + encoded_varint(value));
}

void WireWriter::append_message(std::uint32_t number, WireWriter&& message) {
  append_owned(encoded_tag(number, WireType::kBytes) + encoded_varint(message.size_));
  size_ += message.size_;
  std::move(message.pieces_.begin(), message.pieces_.end(), std::back_inserter(pieces_));
}

std::string WireWriter::str() const {
  std::string bytes;
  bytes.reserve(size_);
  for (const Piece& piece : pieces_) bytes.append(as_text(piece.bytes()));
  return bytes;
}

}  // namespace baton::model
