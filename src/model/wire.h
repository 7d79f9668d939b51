// SPDX-License-Identifier: Apache-2.0
// Copyright (C) 2026 The Baton authors
//
// Protobuf's wire format without messages: fields are visited where they lie, so a mapped file of any size is walked
// without copying or touching its payloads. ONNX files are read and edited this way.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/status.h"

namespace baton::model {

using ByteSpan = std::span<const std::byte>;

inline std::string_view as_text(ByteSpan bytes) { return {reinterpret_cast<const char*>(bytes.data()), bytes.size()}; }
inline ByteSpan as_span(std::string_view text) { return std::as_bytes(std::span(text.data(), text.size())); }

enum class WireType : std::uint8_t { kVarint = 0, kFixed64 = 1, kBytes = 2, kFixed32 = 5 };

/// One field of a message, pointing into the message's memory.
struct WireField {
  std::uint32_t number = 0;
  WireType type = WireType::kVarint;
  std::uint64_t value = 0;  ///< of a varint or fixed field
  ByteSpan payload;         ///< of a kBytes field
  ByteSpan raw;             ///< tag, length and payload together

  bool is_bytes(std::uint32_t n) const { return number == n && type == WireType::kBytes; }
  bool is_varint(std::uint32_t n) const { return number == n && type == WireType::kVarint; }
  std::string_view text() const { return as_text(payload); }
};

/// Goes through the fields of one message.
/// Thread-safety: one thread. Ownership: borrows the message.
class WireReader {
 public:
  explicit WireReader(ByteSpan message) : message_(message) {}

  /// The next field; none at the end of the message and where it is damaged, which `is_damaged` tells apart.
  std::optional<WireField> next();
  bool is_damaged() const { return damaged_; }
  /// The error of a damaged message called `what`.
  base::Status damage(std::string_view what) const;

 private:
  std::optional<WireField> damaged();

  const ByteSpan message_;
  std::size_t position_ = 0;
  bool damaged_ = false;
};

/// Calls `visit(field)`, which returns a Status, for each field until one fails. A damaged message is kInvalidArgument;
/// `what` names it in the error ("graph").
template <typename Visit>
base::Status visit_fields(ByteSpan message, std::string_view what, Visit&& visit) {
  WireReader reader(message);
  while (const auto field = reader.next()) BATON_RETURN_IF_ERROR(visit(*field));
  return reader.is_damaged() ? reader.damage(what) : base::Status::ok();
}

/// Appends the integers of a repeated field, in its packed or its plain form; false when damaged.
bool append_integers(const WireField& field, std::vector<std::int64_t>& out);

/// Puts a message together from pieces of others; payloads are copied once, by `str`.
/// Thread-safety: one thread. Ownership: borrows what `append_raw` got until `str` was called.
class WireWriter {
 public:
  void append_raw(ByteSpan bytes);
  void append_varint(std::uint32_t number, std::uint64_t value);
  void append_message(std::uint32_t number, WireWriter&& message);

  std::size_t size() const { return size_; }
  std::string str() const;

 private:
  struct Piece {
    ByteSpan borrowed;
    std::string owned;  ///< what was encoded here; empty for a borrowed piece

    ByteSpan bytes() const { return owned.empty() ? borrowed : as_span(owned); }
  };
  void append_owned(std::string bytes);

  std::vector<Piece> pieces_;
  std::size_t size_ = 0;
};

}  // namespace baton::model
