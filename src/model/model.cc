// SPDX-License-Identifier: Apache-2.0
// Copyright (C) 2026 The Baton authors
#include "model/model.h"

#include <algorithm>
#include <utility>

#include "model/hash.h"

namespace baton::model {

std::string_view to_string(Format format) {
  switch (format) {
    case Format::kOnnx: return "ONNX";
    case Format::kIr: return "OpenVINO IR";
    case Format::kPaddle: return "PaddlePaddle";
    case Format::kTensorFlow: return "TensorFlow";
    case Format::kTfLite: return "TensorFlow Lite";
  }
  return "unknown";
}

bool Port::has_name(std::string_view name) const { return std::find(names.begin(), names.end(), name) != names.end(); }

std::string Source::display_name() const { return path.empty() ? "the model in memory" : path.string(); }

ModelData::ModelData(Source source, Facts facts) : source_(std::move(source)), facts_(std::move(facts)) {}

std::string ModelData::content_hash() const {
  {
    const base::MutexLock lock(mutex_);
    if (!hash_.empty()) return hash_;
  }
  // Outside of the lock, as it takes long; two threads at once get the same.
  std::string hash = content_hash_of(source_);
  const base::MutexLock lock(mutex_);
  hash_ = hash;
  return hash;
}

std::string ModelData::fingerprint() const {
  {
    const base::MutexLock lock(mutex_);
    if (!fingerprint_.empty()) return fingerprint_;
  }
  std::string fingerprint = fingerprint_of(source_);
  const base::MutexLock lock(mutex_);
  fingerprint_ = fingerprint;
  return fingerprint;
}

std::shared_ptr<void> ModelData::representation(std::string_view owner) const {
  const base::MutexLock lock(mutex_);
  const auto found = representations_.find(owner);
  return found == representations_.end() ? nullptr : found->second;
}

void ModelData::set_representation(std::string_view owner, std::shared_ptr<void> representation) const {
  // The old one is destroyed after the lock is gone: it is an engine's object.
  const base::MutexLock lock(mutex_);
  representations_[std::string(owner)].swap(representation);
}

bool Model::is_reshaped() const {
  return !std::equal(input_shapes.begin(), input_shapes.end(), facts().inputs.begin(), facts().inputs.end(),
                     [](const PartialShape& shape, const Port& port) { return shape == port.shape; });
}

bool Model::is_dynamic() const {
  return std::any_of(input_shapes.begin(), input_shapes.end(),
                     [](const PartialShape& shape) { return shape.is_dynamic(); });
}

}  // namespace baton::model
