// SPDX-License-Identifier: Apache-2.0
// Copyright (C) 2026 The Baton authors
#include "model/hash.h"

#include <xxhash.h>

#include <algorithm>
#include <memory>
#include <string_view>
#include <system_error>
#include <vector>

#include "model/onnx_fields.h"
#include "model/wire.h"

namespace baton::model {

namespace {

constexpr std::size_t kWholeField = 8UL << 10U;  // a longer field of ONNX counts with its beginning and its length
constexpr std::size_t kTensorStart = 256;        // type, shape, name, and the first weights
constexpr std::size_t kWholeFile = 4UL << 20U;   // a longer file that is not ONNX is sampled
constexpr std::size_t kBlock = 4096;
constexpr std::size_t kBlocks = 16;

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

  /// The beginning of a piece, and how long it is.
  void add_start(ByteSpan piece, std::size_t length) {
    const std::uint64_t size = piece.size();
    XXH3_128bits_update(state_.get(), &size, sizeof(size));
    add(piece.first(std::min(length, piece.size())));
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

/// Calls `add(bytes)` for everything that a model is made of. A file that has gone since the model was read counts as
/// an empty one: whoever needs it reports that.
template <typename Add>
void for_each_piece(const Source& source, const Add& add) {
  const auto add_file = [&](const std::filesystem::path& path) {
    const auto file = Bytes::map_file(path);
    add(file.is_ok() ? file.value()->span() : ByteSpan{});
  };
  if (source.bytes) add(source.bytes->span());
  else std::ranges::for_each(files_below(source.path), add_file);
  if (source.weights) add(source.weights->span());
  std::ranges::for_each(source.external_files, add_file);
}

void add_sample(Hasher& hasher, ByteSpan bytes) {
  if (bytes.size() <= kWholeFile) return hasher.add(bytes);
  const std::size_t last = bytes.size() - kBlock;
  for (std::size_t i = 0; i < kBlocks; ++i) hasher.add_start(bytes.subspan(last / (kBlocks - 1) * i), kBlock);
  hasher.add_start(bytes.subspan(last), kBlock);
}

/// False where the bytes are no message.
bool add_graph(Hasher& hasher, ByteSpan graph) {
  WireReader reader(graph);
  while (const auto field = reader.next()) {
    const bool tensor = field->is_bytes(onnx::graph_proto::kInitializer);
    hasher.add_start(field->raw, tensor ? kTensorStart : kWholeField);
  }
  return !reader.is_damaged();
}

bool add_onnx(Hasher& hasher, ByteSpan model) {
  WireReader reader(model);
  while (const auto field = reader.next()) {
    if (!field->is_bytes(onnx::model_proto::kGraph)) hasher.add_start(field->raw, kWholeField);
    else if (!add_graph(hasher, field->payload)) return false;
  }
  return !reader.is_damaged();
}

}  // namespace

std::string hash_of(ByteSpan bytes) {
  Hasher hasher;
  hasher.add(bytes);
  return hasher.hex();
}

std::string content_hash_of(const Source& source) {
  Hasher hasher;
  for_each_piece(source, [&](ByteSpan piece) { hasher.add(piece); });
  return hasher.hex();
}

std::string fingerprint_of(const Source& source) {
  Hasher hasher;
  bool structured = source.format == Format::kOnnx;
  for_each_piece(source, [&](ByteSpan piece) {
    // The model itself comes first; what follows it are weights.
    if (!structured || !add_onnx(hasher, piece)) add_sample(hasher, piece);
    structured = false;
  });
  return hasher.hex();
}

}  // namespace baton::model
