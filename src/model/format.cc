// SPDX-License-Identifier: Apache-2.0
// Copyright (C) 2026 The Baton authors
#include "model/format.h"

#include <array>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "model/onnx_fields.h"
#include "model/wire.h"

namespace baton::model {

namespace {

constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";
constexpr std::byte kFieldOneVarint{0x08};
constexpr std::byte kFieldOneBytes{0x0A};

bool is_xml(std::string_view text) {
  if (text.starts_with(kByteOrderMark)) text.remove_prefix(kByteOrderMark.size());
  const auto start = text.find_first_not_of(" \t\r\n");
  if (start == std::string_view::npos) return false;
  text.remove_prefix(start);
  return text.starts_with("<?xml") || text.starts_with("<net") || text.starts_with("<!--");
}

bool is_tflite(std::string_view text) { return text.size() >= 8 && text.substr(4, 4) == "TFL3"; }

enum class Likeness { kNo, kCutOff, kYes };

/// Whether the top fields are those of an ONNX ModelProto up to its graph, as far as they can be read.
Likeness likeness_to_onnx(ByteSpan content) {
  using namespace onnx::model_proto;
  WireReader reader(content);
  bool has_version = false;
  while (const auto field = reader.next()) {
    has_version = has_version || field->is_varint(kIrVersion);
    if (field->is_bytes(kGraph)) return has_version ? Likeness::kYes : Likeness::kNo;
    const bool is_number = field->number == kIrVersion || field->number == kModelVersion;
    const WireType expected = is_number ? WireType::kVarint : WireType::kBytes;
    if (field->number > kFunction || field->type != expected) return Likeness::kNo;
  }
  return has_version && reader.is_damaged() ? Likeness::kCutOff : Likeness::kNo;
}

/// TensorFlow's and Paddle's files are lists of submessages; the first field of the first one tells them apart.
std::optional<Format> first_submessage_format(ByteSpan content) {
  WireReader reader(content);
  auto field = reader.next();
  const bool is_saved_model = field && field->is_varint(1);  // saved_model_schema_version, then the graphs
  if (is_saved_model) field = reader.next();
  const std::uint32_t expected = is_saved_model ? 2 : 1;
  if (!field || !field->is_bytes(expected) || field->payload.empty()) return std::nullopt;
  if (field->payload.front() == kFieldOneBytes) return Format::kTensorFlow;
  if (!is_saved_model && field->payload.front() == kFieldOneVarint) return Format::kPaddle;
  return std::nullopt;
}

std::optional<Format> format_of_suffix(const std::filesystem::path& path) {
  using Entry = std::pair<std::string_view, Format>;
  static constexpr std::array kSuffixes = {Entry{".onnx", Format::kOnnx}, Entry{".xml", Format::kIr},
                                           Entry{".pdmodel", Format::kPaddle}, Entry{".pb", Format::kTensorFlow},
                                           Entry{".tflite", Format::kTfLite}};
  for (const auto& [suffix, format] : kSuffixes) {
    if (path.extension() == suffix) return format;
  }
  return std::nullopt;
}

}  // namespace

base::Result<Format> detect_format(const std::filesystem::path& path, std::span<const std::byte> content) {
  const std::string name = path.empty() ? "the model in memory" : path.string();
  if (content.empty()) return base::Status::invalid_argument(name + " is an empty model: it has no bytes");
  if (is_xml(as_text(content))) return Format::kIr;
  if (is_tflite(as_text(content))) return Format::kTfLite;
  const Likeness onnx = likeness_to_onnx(content);
  if (onnx == Likeness::kYes) return Format::kOnnx;
  const std::optional<Format> by_suffix = format_of_suffix(path);
  const std::optional<Format> by_content = first_submessage_format(content);
  // Two lists of submessages look alike, so a suffix that knows better wins; an .xml without XML in it is no such
  // suffix.
  if (by_suffix && *by_suffix != Format::kIr && *by_suffix != Format::kTfLite) return *by_suffix;
  if (by_content) return *by_content;
  if (onnx == Likeness::kCutOff) return Format::kOnnx;  // whose reader says what is wrong
  return base::Status::invalid_argument(name +
                                        " is not a model that Baton can read: its content is none of ONNX, OpenVINO "
                                        "IR, TensorFlow Lite, TensorFlow, PaddlePaddle");
}

}  // namespace baton::model
