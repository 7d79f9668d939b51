// SPDX-License-Identifier: Apache-2.0
// Copyright (C) 2026 The Baton authors
//
// What Baton knows of a model without running it: where it is, its ports, its precision label, whether it keeps state.
#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/mutex.h"
#include "base/status.h"
#include "baton/element_type.hpp"
#include "baton/shape.hpp"
#include "model/bytes.h"

namespace baton::model {

enum class Format { kOnnx, kIr, kPaddle, kTensorFlow, kTfLite };

std::string_view to_string(Format format);

/// One input or output. Ports are always in the model's own order.
struct Port {
  std::vector<std::string> names;  ///< never empty; the first is `any_name`
  element::Type type;
  PartialShape shape;  ///< as the model declares it

  const std::string& any_name() const { return names.front(); }
  bool has_name(std::string_view name) const;
};

/// The precision that decides which devices suit a model (B-402).
struct PrecisionLabel {
  std::string name = "ANY";  ///< FP32, FP16, BF16, INT8, BIN, WINOGRAD or ANY
  int row = 6;               ///< the row of B-402's table that decided
  /// What the label falls back to when no device has it (B-429): rows 4 to 6, then 5 to 6.
  std::string without_winograd = "ANY";
  std::string without_int8 = "ANY";
};

/// Where a model's bytes are: a path (plus weights), or memory.
struct Source {
  Format format = Format::kOnnx;
  std::filesystem::path path;          ///< empty for a model given as memory
  std::filesystem::path weights_path;  ///< IR's .bin; empty when the format has none
  std::shared_ptr<const Bytes> bytes;  ///< the mapped file, or the memory; null for a folder format
  std::shared_ptr<const Bytes> weights;
  std::vector<std::filesystem::path> external_files;  ///< more files with weights (ONNX external data), sorted

  /// For messages: the path, or "model in memory".
  std::string display_name() const;
};

/// What reading a model found out.
struct Facts {
  Format format = Format::kOnnx;
  std::string name;  ///< the graph's name; NETWORK_NAME
  std::vector<Port> inputs;
  std::vector<Port> outputs;
  std::vector<bool> output_is_distribution;  ///< per output: its last operator is a Softmax (B-532)
  PrecisionLabel label;
  bool stateful = false;           ///< keeps state between inferences (ReadValue/Assign)
  bool random = false;             ///< holds operators whose results differ from run to run
  std::uint64_t weight_bytes = 0;  ///< constants of the graph, external files included
  /// What the file says of itself, text by path: ONNX metadata as {"framework", key}, for the other formats what
  /// OpenVINO calls the model's rt_info.
  std::map<std::vector<std::string>, std::string> metadata;
  std::vector<std::string> operators;  ///< distinct operator types, sorted ("Conv", "com.microsoft.Gelu")
};

/// A model as it was read. Immutable but for its caches.
/// Thread-safety: safe. Ownership: shared by the user's Model, compile jobs and, until steady, compiled models.
class ModelData {
 public:
  ModelData(Source source, Facts facts);

  const Source& source() const { return source_; }
  const Facts& facts() const { return facts_; }

  /// 128 bits over all bytes, weights and external data included, as 32 hex digits; computed at first use
  /// (about 0.1 s per GB).
  std::string content_hash() const;
  /// What names a model in measured records (model/hash.h), as 32 hex digits; computed at first use, in well under a
  /// millisecond.
  std::string fingerprint() const;

  /// The form in which an engine took the model in (an `ov::Model`), kept so that it is made once.
  /// `owner` is the engine's name; null when there is none.
  std::shared_ptr<void> representation(std::string_view owner) const;
  void set_representation(std::string_view owner, std::shared_ptr<void> representation) const;

 private:
  const Source source_;
  const Facts facts_;
  mutable base::Mutex mutex_;
  mutable std::string hash_ BATON_GUARDED_BY(mutex_);
  mutable std::string fingerprint_ BATON_GUARDED_BY(mutex_);
  mutable std::map<std::string, std::shared_ptr<void>, std::less<>> representations_ BATON_GUARDED_BY(mutex_);
};

/// A model with the input shapes it is to be compiled for. A cheap value.
struct Model {
  std::shared_ptr<const ModelData> data;
  std::vector<PartialShape> input_shapes;  ///< one per input, in port order

  const Facts& facts() const { return data->facts(); }
  /// True when a shape differs from the declared one.
  bool is_reshaped() const;
  bool is_dynamic() const;
};

}  // namespace baton::model
