// SPDX-License-Identifier: Apache-2.0
// Copyright (C) 2026 The Baton authors
//
// The leaves of an ONNX file: tensors (without their elements) and the types of values. Pure functions over wire bytes;
// what is damaged or contradicts itself is kInvalidArgument.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/status.h"
#include "baton/element_type.hpp"
#include "model/model.h"
#include "model/wire.h"

namespace baton::model {

/// Weights that stand in a file beside the model.
struct OnnxExternalData {
  std::string location;
  std::uint64_t offset = 0;
  std::uint64_t length = 0;  ///< as stated, else what the tensor needs
};

struct OnnxTensor {
  std::string_view name;
  element::Type type;
  std::uint64_t elements = 1;
  bool is_all_false = false;  ///< a boolean tensor inside the file
  std::optional<OnnxExternalData> external;
};

struct OnnxValueInfo {
  std::string_view name;
  ByteSpan type;  ///< a TypeProto; empty when not stated
};

/// The element type of ONNX's number for it; dynamic for types that Baton has no word for.
element::Type onnx_element_type(std::uint64_t data_type);

base::Result<OnnxTensor> read_onnx_tensor(ByteSpan tensor);
base::Result<OnnxValueInfo> read_onnx_value_info(ByteSpan value_info);

/// `direction` is "input" or "output". kUnsupported for anything but a tensor of a type that Baton knows.
base::Result<Port> read_onnx_port(const OnnxValueInfo& info, std::string_view direction);

}  // namespace baton::model
