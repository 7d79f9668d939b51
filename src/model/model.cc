// SPDX-License-Identifier: Apache-2.0
// Copyright (C) 2026 The Baton authors
#include "model/model.h"

#include <xxhash.h>

#include <algorithm>
#include <system_error>
#include <utility>

#include "model/wire.h"

namespace baton::model {

namespace {

/// XXH3 over several pieces, each with its length, so that no two sets of pieces run together.
/// Thread-safety: one thread. Ownership: owns the state.
class Hasher {
 public:
  Hasher() : state_(XXH3_createState(), &XXH3_freeState) { XXH3_128bits_reset(state_.get()); }

  void add(ByteSpan piece) {
    const std::uint64_t size = piece.size();
    XXH3_128bits_update(state_.get(), &size, sizeof(size));
    XXH3_128bits_update(state_.get(), piece.data(), piece.size());
  }

  /// A file that has gone since the model was read counts as an empty one: whoever needs it reports that.
  void add_file(const std::filesystem::path& path) {
    const auto file = Bytes::map_file(path);
    add(file.is_ok() ? file.value()->span() : ByteSpan{});
  }

  std::string hex() const {
    XXH128_canonical_t canonical;
    XXH128_canonicalFromHash(&canonical, XXH3_128bits_digest(state_.get()));
    std::string text;
    for (const unsigned char octet : canonical.digest) {
      constexpr std::string_view kDigits = "0123456789abcdef";
      text += kDigits[octet >> 4U];
      text += kDigits[octet & 15U];
    }
    return text;
  }

 private:
  std::unique_ptr<XXH3_state_t, XXH_errorcode (*)(XXH3_state_t*)> state_;
};

/// All files of a folder, in an order that does not depend on the file system.
std::vector<std::filesystem::path> files_below(const std::filesystem::path& folder) {
  std::vector<std::filesystem::path> files;
  std::error_code error;
  for (std::filesystem::recursive_directory_iterator it(folder, error), end; !error && it != end; it.increment(error)) {
    if (it->is_regular_file(error)) files.push_back(it->path());
  }
  std::sort(files.begin(), files.end());
  return files;
}

std::string hash_of(const Source& source) {
  Hasher hasher;
  if (source.bytes) {
    hasher.add(source.bytes->span());
  } else {
    for (const auto& file : files_below(source.path)) hasher.add_file(file);
  }
  if (source.weights) hasher.add(source.weights->span());
  for (const auto& file : source.external_files) hasher.add_file(file);
  return hasher.hex();
}

}  // namespace

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
  std::string hash = hash_of(source_);
  const base::MutexLock lock(mutex_);
  hash_ = hash;
  return hash;
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
