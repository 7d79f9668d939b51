// SPDX-License-Identifier: Apache-2.0
// Copyright (C) 2026 The Baton authors
#include "runtime/model_reader.h"

#include <algorithm>
#include <optional>
#include <string_view>
#include <utility>
#include <vector>

#include "model/bytes.h"
#include "model/format.h"
#include "model/onnx_reader.h"
#include "model/source.h"

namespace baton::runtime {
namespace {

using base::Result;
using base::Status;
using TableResult = Result<std::shared_ptr<Port::Table>>;

/// Engines that take the format, in the order in which they are asked: openvino reads and infers shapes of everything
/// it takes, then by name.
std::vector<std::string> engines_for(engine::Registry& registry, model::Format format) {
  std::vector<std::string> names;
  for (const engine::EngineManifest& manifest : registry.manifests()) {
    if (std::find(manifest.formats.begin(), manifest.formats.end(), format) != manifest.formats.end())
      names.push_back(manifest.name);
  }
  std::stable_partition(names.begin(), names.end(), [](const std::string& name) { return name == "openvino"; });
  return names;
}

Result<std::shared_ptr<const model::ModelData>> read_by_engine(engine::Registry& registry, const model::Source& source,
                                                               model::Format format) {
  std::string reasons;
  for (const std::string& name : engines_for(registry, format)) {
    const auto engine = registry.engine(name);
    if (!engine.is_ok()) {
      reasons.append(reasons.empty() ? "" : "; ").append(engine.status().message());
      continue;
    }
    auto data = engine.value()->read(source, format);
    if (data.is_ok() || data.status().code() != base::StatusCode::kUnsupported) return data;
    reasons.append(reasons.empty() ? "" : "; ").append(data.status().message());
  }
  return Status::invalid_argument(source.display_name() + " is a model of format " + std::string(to_string(format)) +
                                  ", which no engine here reads" + (reasons.empty() ? "" : ": " + reasons));
}

Result<std::vector<PartialShape>> infer_shapes(engine::Registry& registry, const model::Model& model) {
  Status last = Status::unsupported("no engine here infers shapes of this format");
  for (const std::string& name : engines_for(registry, model.facts().format)) {
    const auto engine = registry.engine(name);
    if (!engine.is_ok()) continue;
    auto shapes = engine.value()->infer_output_shapes(model);
    if (shapes.is_ok()) return shapes;
    last = shapes.status();
  }
  return last;
}

TableResult read_source(engine::Registry& registry, model::Source source) {
  const auto content = source.bytes ? source.bytes->span() : std::span<const std::byte>();
  const auto format = model::detect_format(source.path, content);
  if (!format.is_ok()) return format.status();
  auto data = format.value() == model::Format::kOnnx ? model::read_onnx(std::move(source))
                                                     : read_by_engine(registry, source, format.value());
  if (!data.is_ok()) return data.status();
  model::Model model{std::move(data).value(), {}};
  for (const model::Port& input : model.facts().inputs) model.input_shapes.push_back(input.shape);
  return std::make_shared<Port::Table>(
      std::move(model), [&registry](const model::Model& reshaped) { return infer_shapes(registry, reshaped); });
}

}  // namespace

TableResult read_model(engine::Registry& registry, const std::string& path, const std::string& weights_path) {
  if (path.empty()) return Status::invalid_argument("empty model: the path is empty");
  auto source = model::open_source(path, weights_path);
  return source.is_ok() ? read_source(registry, std::move(source).value()) : TableResult(source.status());
}

TableResult read_model(engine::Registry& registry, const std::string& model, const Tensor& weights) {
  if (model.empty()) return Status::invalid_argument("empty model: there are no bytes to read");
  std::shared_ptr<const model::Bytes> borrowed;
  if (weights) {
    borrowed = model::Bytes::borrow({static_cast<const std::byte*>(weights.data()), weights.get_byte_size()},
                                    std::make_shared<Tensor>(weights));
  }
  auto source = model::open_memory(model::Bytes::own(model), std::move(borrowed));
  return source.is_ok() ? read_source(registry, std::move(source).value()) : TableResult(source.status());
}

}  // namespace baton::runtime
