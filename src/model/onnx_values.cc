// SPDX-License-Identifier: Apache-2.0
// Copyright (C) 2026 The Baton authors
#include "model/onnx_values.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <utility>
#include <vector>

#include "model/onnx_fields.h"

namespace baton::model {

namespace {

using namespace onnx;
using base::Result;
using base::Status;

constexpr std::uint64_t kStoredElsewhere = 1;  // TensorProto.DataLocation.EXTERNAL

/// What a TensorProto states, before it is checked.
struct TensorFields {
  std::vector<std::int64_t> dims;
  std::optional<ByteSpan> raw;
  bool has_true_flag = false;
  bool is_external = false;
  OnnxExternalData external;
  bool has_length = false;
};

Status bad_tensor(const OnnxTensor& tensor, const std::string& cause) {
  return Status::invalid_argument("tensor '" + std::string(tensor.name) + "' " + cause);
}

Status read_external_entry(ByteSpan entry, TensorFields& fields) {
  std::string_view key;
  std::string_view value;
  BATON_RETURN_IF_ERROR(visit_fields(entry, "external data entry", [&](const WireField& field) {
    if (field.is_bytes(entry_proto::kKey)) key = field.text();
    if (field.is_bytes(entry_proto::kValue)) value = field.text();
    return Status::ok();
  }));
  if (key == "location") fields.external.location = value;
  if (key != "offset" && key != "length") return Status::ok();
  std::uint64_t number = 0;
  const auto [end, error] = std::from_chars(value.data(), value.data() + value.size(), number);
  if (error != std::errc{} || end != value.data() + value.size()) {
    return Status::invalid_argument("external data has " + std::string(key) + " '" + std::string(value) +
                                    "', expected a number");
  }
  (key == "offset" ? fields.external.offset : fields.external.length) = number;
  fields.has_length = fields.has_length || key == "length";
  return Status::ok();
}

Status read_tensor_fields(ByteSpan bytes, OnnxTensor& tensor, TensorFields& fields) {
  return visit_fields(bytes, "tensor", [&](const WireField& field) {
    switch (field.number) {
      case tensor_proto::kDims:
        return append_integers(field, fields.dims) ? Status::ok()
                                                   : Status::invalid_argument("a tensor's dimensions are damaged");
      case tensor_proto::kDataType: tensor.type = onnx_element_type(field.value); break;
      case tensor_proto::kInt32Data:  // booleans outside of raw data; a packed one is true where a byte is not zero
        fields.has_true_flag =
            fields.has_true_flag || (field.type == WireType::kVarint && field.value != 0) ||
            std::any_of(field.payload.begin(), field.payload.end(), [](std::byte b) { return b != std::byte{0}; });
        break;
      case tensor_proto::kName: tensor.name = field.text(); break;
      case tensor_proto::kRawData: fields.raw = field.payload; break;
      case tensor_proto::kExternalData: return read_external_entry(field.payload, fields);
      case tensor_proto::kDataLocation: fields.is_external = field.value == kStoredElsewhere; break;
      default: break;
    }
    return Status::ok();
  });
}

/// Bytes that the tensor's elements take; 0 for types without a size.
Result<std::uint64_t> needed_bytes(OnnxTensor& tensor, const std::vector<std::int64_t>& dims) {
  for (const std::int64_t length : dims) {
    if (length < 0)
      return bad_tensor(tensor, "has the dimension " + std::to_string(length) + ", expected none below 0");
    if (__builtin_mul_overflow(tensor.elements, static_cast<std::uint64_t>(length), &tensor.elements)) {
      return bad_tensor(tensor, "has more elements than fit into memory");
    }
  }
  std::uint64_t bits = 0;
  if (__builtin_mul_overflow(tensor.elements, tensor.type.bitwidth(), &bits)) {
    return bad_tensor(tensor, "has more elements than fit into memory");
  }
  return bits / 8 + (bits % 8 != 0 ? 1 : 0);
}

std::string_view name_of_type(Number kind) {
  switch (kind) {
    case type_proto::kSequence: return "a sequence";
    case type_proto::kMap: return "a map";
    case type_proto::kSparseTensor: return "a sparse tensor";
    case type_proto::kOptional: return "an optional value";
    default: return "of a kind that this release does not know";
  }
}

Status read_shape(ByteSpan shape, PartialShape& out) {
  std::vector<Dimension> dims;
  BATON_RETURN_IF_ERROR(visit_fields(shape, "shape", [&](const WireField& field) {
    if (!field.is_bytes(shape_proto::kDimension)) return Status::ok();
    dims.emplace_back();  // unknown, named or not, unless a length is stated
    return visit_fields(field.payload, "dimension", [&](const WireField& part) {
      if (part.is_varint(dimension_proto::kValue) && static_cast<std::int64_t>(part.value) >= 0) {
        dims.back() = Dimension(static_cast<std::int64_t>(part.value));
      }
      return Status::ok();
    });
  }));
  out = PartialShape(std::move(dims));
  return Status::ok();
}

Status read_tensor_type(ByteSpan type, Port& port, std::string_view direction) {
  std::uint64_t number = 0;
  BATON_RETURN_IF_ERROR(visit_fields(type, "tensor type", [&](const WireField& field) {
    if (field.is_varint(tensor_type_proto::kElementType)) number = field.value;
    return field.is_bytes(tensor_type_proto::kShape) ? read_shape(field.payload, port.shape) : Status::ok();
  }));
  port.type = onnx_element_type(number);
  if (number == 0 || port.type.is_static()) return Status::ok();
  return Status::unsupported(std::string(direction) + " '" + port.any_name() + "' has ONNX element type " +
                             std::to_string(number) + ", which Baton has no tensors for");
}

}  // namespace

element::Type onnx_element_type(std::uint64_t data_type) {
  using element::Type_t;
  using enum element::Type_t;
  // In the order of TensorProto.DataType: complex numbers, f8 without sign of zero, f4 and 2-bit types have no word
  // here.
  static constexpr std::array kTypes = {dynamic,        f32,     u8,      i8,     u16,     i16, i32,     i64,
                                        Type_t::string, boolean, f16,     f64,    u32,     u64, dynamic, dynamic,
                                        bf16,           f8e4m3,  dynamic, f8e5m2, dynamic, u4,  i4};
  return data_type < kTypes.size() ? kTypes[static_cast<std::size_t>(data_type)] : dynamic;
}

Result<OnnxTensor> read_onnx_tensor(ByteSpan bytes) {
  OnnxTensor tensor;
  TensorFields fields;
  BATON_RETURN_IF_ERROR(read_tensor_fields(bytes, tensor, fields));
  const Result<std::uint64_t> needed = needed_bytes(tensor, fields.dims);
  if (!needed.is_ok()) return needed.status();
  if (fields.is_external) {
    if (fields.external.location.empty())
      return bad_tensor(tensor, "is stored in another file, but does not say which");
    if (!fields.has_length) fields.external.length = needed.value();
    if (fields.external.length < needed.value()) {
      return bad_tensor(tensor, "has " + std::to_string(fields.external.length) + " bytes of external data, expected " +
                                    std::to_string(needed.value()));
    }
    tensor.external = std::move(fields.external);
  } else if (fields.raw) {
    const bool has_size = tensor.type.bitwidth() != 0;
    if (has_size && fields.raw->size() != needed.value()) {
      return bad_tensor(tensor, "holds " + std::to_string(fields.raw->size()) + " bytes, but its shape and type need " +
                                    std::to_string(needed.value()));
    }
    if (tensor.type == element::boolean) {
      fields.has_true_flag =
          std::any_of(fields.raw->begin(), fields.raw->end(), [](std::byte b) { return b != std::byte{0}; });
    }
  }
  tensor.is_all_false = tensor.type == element::boolean && !fields.has_true_flag && !fields.is_external;
  return tensor;
}

Result<OnnxValueInfo> read_onnx_value_info(ByteSpan value_info) {
  OnnxValueInfo info;
  BATON_RETURN_IF_ERROR(visit_fields(value_info, "description of a value", [&](const WireField& field) {
    if (field.is_bytes(value_info_proto::kName)) info.name = field.text();
    if (field.is_bytes(value_info_proto::kType)) info.type = field.payload;
    return Status::ok();
  }));
  return info;
}

Result<Port> read_onnx_port(const OnnxValueInfo& info, std::string_view direction) {
  Port port{{std::string(info.name)}, element::dynamic, PartialShape::dynamic()};
  if (info.name.empty()) return Status::invalid_argument("an " + std::string(direction) + " of its graph has no name");
  BATON_RETURN_IF_ERROR(visit_fields(info.type, "type of a value", [&](const WireField& field) {
    if (field.is_bytes(type_proto::kTensor)) return read_tensor_type(field.payload, port, direction);
    if (field.number == type_proto::kDenotation) return Status::ok();
    return Status::unsupported(std::string(direction) + " '" + port.any_name() + "' is " +
                               std::string(name_of_type(field.number)) +
                               "; Baton runs models whose inputs and outputs are tensors");
  }));
  return port;
}

}  // namespace baton::model
