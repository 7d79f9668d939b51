// SPDX-License-Identifier: Apache-2.0
// Copyright (C) 2026 The Baton authors
#include "model/onnx_reader.h"

#include <algorithm>
#include <cstdint>
#include <map>
#include <string>
#include <utility>

#include "model/onnx_walker.h"

namespace baton::model {

namespace {

using base::Result;
using base::Status;

/// Checks one external file and returns its path. `end` is the byte behind the last one that a tensor needs.
Result<std::filesystem::path> find_external_file(const Source& source, const std::string& location, std::uint64_t end) {
  const std::filesystem::path relative = std::filesystem::path(location).lexically_normal();
  if (source.path.empty()) {
    return Status::invalid_argument("its weights are in the file '" + location +
                                    "', which a model in memory has no folder for; give the model as a path");
  }
  // A model is data from elsewhere: it must not make Baton open files outside of its own folder.
  if (relative.is_absolute() || relative.empty() || *relative.begin() == "..") {
    return Status::invalid_argument("its weights are said to be in '" + location +
                                    "', outside of the model's folder; move them beside it");
  }
  const std::filesystem::path file = source.path.parent_path() / relative;
  std::error_code error;
  const std::uintmax_t size = std::filesystem::file_size(file, error);
  if (error) {
    return Status::invalid_argument("its weights are in " + file.string() + ", which cannot be read (" +
                                    error.message() + "); put the file beside the model");
  }
  if (size < end) {
    return Status::invalid_argument("its weights need " + std::to_string(end) + " bytes of " + file.string() +
                                    ", which has " + std::to_string(size) + "; copy the file again");
  }
  return file;
}

Status find_external_files(const std::vector<OnnxExternalData>& tensors, Source& source) {
  std::map<std::string, std::uint64_t> ends;
  for (const OnnxExternalData& tensor : tensors) {
    std::uint64_t end = 0;
    if (__builtin_add_overflow(tensor.offset, tensor.length, &end)) {
      return Status::invalid_argument("its external data in '" + tensor.location +
                                      "' has an offset that no file reaches");
    }
    std::uint64_t& last = ends[tensor.location];
    last = std::max(last, end);
  }
  for (const auto& [location, end] : ends) {
    Result<std::filesystem::path> file = find_external_file(source, location, end);
    if (!file.is_ok()) return file.status();
    source.external_files.push_back(std::move(file).value());
  }
  return Status::ok();
}

}  // namespace

Result<std::shared_ptr<const ModelData>> read_onnx(Source source) {
  const std::string context = "cannot read " + source.display_name() + " as ONNX";
  Result<OnnxContents> contents = OnnxWalker(source.bytes->span()).walk();
  if (!contents.is_ok()) return contents.status().with_context(context);
  source.format = Format::kOnnx;
  source.external_files.clear();
  const Status files = find_external_files(contents->external_data, source);
  if (!files.is_ok()) return files.with_context(context);

  Facts facts;
  facts.format = Format::kOnnx;
  facts.name = std::move(contents->name);
  facts.inputs = std::move(contents->inputs);
  facts.outputs = std::move(contents->outputs);
  for (auto& [key, value] : contents->metadata) facts.metadata[{"framework", key}] = std::move(value);
  describe(contents->sketch, facts);
  return std::make_shared<const ModelData>(std::move(source), std::move(facts));
}

}  // namespace baton::model
