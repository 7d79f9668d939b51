// SPDX-License-Identifier: Apache-2.0
// Copyright (C) 2026 The Baton authors
#include "model/source.h"

#include <charconv>
#include <optional>
#include <string>
#include <string_view>
#include <system_error>
#include <utility>

#include "model/format.h"
#include "model/wire.h"

namespace baton::model {

namespace {

namespace fs = std::filesystem;
using base::Result;
using base::Status;

constexpr int kOldestIrVersion = 10;  // what OpenVINO still reads
constexpr std::string_view kBlanks = " \t\r\n";

/// The text inside of the root element's start tag, without its name: `name="x" version="11"`. Declarations and
/// comments in front of it are passed over. None when the root is not <net>.
std::optional<std::string_view> net_attributes(std::string_view xml) {
  while (true) {
    const auto open = xml.find('<');
    if (open == std::string_view::npos) return std::nullopt;
    xml.remove_prefix(open);
    const std::string_view end = xml.starts_with("<!--") ? "-->" : ">";
    const auto close = xml.find(end);
    if (close == std::string_view::npos) return std::nullopt;
    if (!xml.starts_with("<?") && !xml.starts_with("<!")) {
      const std::string_view tag = xml.substr(1, close - 1);
      const auto name_end = tag.find_first_of(" \t\r\n/");
      if (tag.substr(0, name_end) != "net") return std::nullopt;
      return name_end == std::string_view::npos ? std::string_view{} : tag.substr(name_end);
    }
    xml.remove_prefix(close + end.size());
  }
}

std::optional<std::string_view> attribute(std::string_view attributes, std::string_view wanted) {
  while (true) {
    const auto start = attributes.find_first_not_of(kBlanks);
    const auto equals = attributes.find('=', start);
    if (start == std::string_view::npos || equals == std::string_view::npos) return std::nullopt;
    const std::string_view name =
        attributes.substr(start, attributes.find_last_not_of(kBlanks, equals - 1) + 1 - start);
    const auto quote = attributes.find_first_not_of(kBlanks, equals + 1);
    if (quote == std::string_view::npos) return std::nullopt;
    const auto close = attributes.find(attributes[quote], quote + 1);
    if (close == std::string_view::npos) return std::nullopt;
    if (name == wanted) return attributes.substr(quote + 1, close - quote - 1);
    attributes.remove_prefix(close + 1);
  }
}

Status check_ir(const Source& source) {
  const std::string name = source.display_name();
  const auto attributes = net_attributes(as_text(source.bytes->span()));
  if (!attributes)
    return Status::invalid_argument(name + " is XML, but not an OpenVINO IR: its root element is not <net>");
  const auto text = attribute(*attributes, "version");
  int version = 0;
  if (!text || std::from_chars(text->data(), text->data() + text->size(), version).ec != std::errc{}) {
    return Status::invalid_argument(
        name + " is an OpenVINO IR without a version in its <net> element; convert the model again");
  }
  if (version < kOldestIrVersion) {
    return Status::invalid_argument(name + " is an IR of version " + std::string(*text) + ", expected " +
                                    std::to_string(kOldestIrVersion) +
                                    " or newer; convert the original model again with a newer model optimizer");
  }
  return Status::ok();
}

/// Maps a file of weights; other than a model, it may be empty.
Result<std::shared_ptr<const Bytes>> map_weights(const fs::path& path) {
  std::error_code error;
  if (fs::is_regular_file(path, error) && fs::is_empty(path, error)) return Bytes::own({});
  return Bytes::map_file(path);
}

Status find_weights(Source& source, const fs::path& given) {
  const bool is_ir = source.format == Format::kIr;
  source.weights_path = given;
  std::error_code error;
  if (given.empty()) {
    const fs::path beside = fs::path(source.path).replace_extension(is_ir ? ".bin" : ".pdiparams");
    if (!fs::exists(beside, error)) {
      // Paddle also keeps parameters as files of their own, so only the IR is known to lack something.
      if (!is_ir) return Status::ok();
      return Status::invalid_argument("the weights of " + source.path.string() + " are missing: there is no " +
                                      beside.string() + "; put the file there or give its path");
    }
    source.weights_path = beside;
  }
  Result<std::shared_ptr<const Bytes>> weights = map_weights(source.weights_path);
  if (!weights.is_ok()) return weights.status().with_context("weights of " + source.path.string());
  source.weights = std::move(weights).value();
  return Status::ok();
}

Result<Source> open_folder(const fs::path& path) {
  std::error_code error;
  if (fs::is_regular_file(path / "saved_model.pb", error))
    return Source{Format::kTensorFlow, path, {}, nullptr, nullptr, {}};
  return Status::invalid_argument(
      "cannot read " + path.string() +
      ": it is a directory without saved_model.pb; give a model file or a TensorFlow saved-model folder");
}

}  // namespace

Result<Source> open_source(const fs::path& path, const fs::path& weights) {
  if (path.empty()) return Status::invalid_argument("empty model: the path is empty, expected a model file");
  std::error_code error;
  if (fs::is_directory(path, error)) return open_folder(path);
  Result<std::shared_ptr<const Bytes>> bytes = Bytes::map_file(path);
  if (!bytes.is_ok()) return bytes.status();
  const Result<Format> format = detect_format(path, bytes.value()->span());
  if (!format.is_ok()) return format.status();
  Source source{format.value(), path, {}, std::move(bytes).value(), nullptr, {}};
  const bool has_weights_file = source.format == Format::kIr || source.format == Format::kPaddle;
  if (!weights.empty() && !has_weights_file) {
    return Status::invalid_argument(path.string() + " is " + std::string(to_string(source.format)) +
                                    " and takes no weights file, got " + weights.string() + "; leave it out");
  }
  if (source.format == Format::kIr) BATON_RETURN_IF_ERROR(check_ir(source));
  if (has_weights_file) BATON_RETURN_IF_ERROR(find_weights(source, weights));
  return source;
}

Result<Source> open_memory(std::shared_ptr<const Bytes> bytes, std::shared_ptr<const Bytes> weights) {
  if (bytes == nullptr || bytes->size() == 0)
    return Status::invalid_argument("empty model: the model in memory has no bytes");
  const Result<Format> format = detect_format({}, bytes->span());
  if (!format.is_ok()) return format.status();
  Source source{format.value(), {}, {}, std::move(bytes), std::move(weights), {}};
  if (source.format == Format::kOnnx) return source;
  if (source.format != Format::kIr) {
    return Status::invalid_argument("a model in memory must be ONNX or an OpenVINO IR, got " +
                                    std::string(to_string(source.format)) + "; give the model as a path");
  }
  BATON_RETURN_IF_ERROR(check_ir(source));
  if (source.weights == nullptr) {
    return Status::invalid_argument("the weights of the IR in memory are missing; give the bytes of its .bin too");
  }
  return source;
}

}  // namespace baton::model
