// SPDX-License-Identifier: Apache-2.0
// Copyright (C) 2026 The Baton authors
//
// Field numbers are written out here and not taken from src/model, so that a wrong one there fails a test.
#include "support/onnx_builder.h"

#include <bit>
#include <map>

namespace baton::test {

namespace {

std::string varint(std::uint64_t value) {
  std::string out;
  for (; value >= 0x80; value >>= 7U) out += static_cast<char>((value & 0x7FU) | 0x80U);
  return out + static_cast<char>(value);
}

/// AttributeProto.AttributeType
enum AttributeType : std::uint64_t { kFloat = 1, kInt = 2, kString = 3, kTensor = 4, kGraph = 5, kInts = 7 };

Encoded any_attribute(const std::string& name, AttributeType type, const Encoded& value) {
  return encoded_bytes(1, name) + value + encoded_number(20, type);
}

Encoded value_info_proto(const std::string& name, element::Type type, const Encoded& shape) {
  Encoded info = encoded_bytes(1, name);
  if (type.is_static()) info += encoded_bytes(2, encoded_bytes(1, encoded_number(1, onnx_type(type)) + shape));
  return info;
}

Encoded shape_field(const std::vector<OnnxDim>& dims) {
  Encoded shape;
  for (const OnnxDim& dim : dims) {
    Encoded length;
    if (dim.value >= 0) length = encoded_number(1, static_cast<std::uint64_t>(dim.value));
    if (!dim.name.empty()) length = encoded_bytes(2, dim.name);
    shape += encoded_bytes(1, length);
  }
  return encoded_bytes(2, shape);
}

Encoded tensor_head(const std::string& name, element::Type type, const std::vector<std::int64_t>& dims) {
  Encoded head;
  for (const std::int64_t dim : dims) head += encoded_number(1, static_cast<std::uint64_t>(dim));
  return head + encoded_number(2, onnx_type(type)) + encoded_bytes(8, name);
}

Encoded entry(const std::string& key, const std::string& value) {
  return encoded_bytes(1, key) + encoded_bytes(2, value);
}

}  // namespace

Encoded encoded_number(std::uint32_t field, std::uint64_t value) { return varint(field << 3U) + varint(value); }

Encoded encoded_bytes(std::uint32_t field, const std::string& bytes) {
  return varint((field << 3U) | 2U) + varint(bytes.size()) + bytes;
}

std::uint64_t onnx_type(element::Type type) {
  using enum element::Type_t;
  static const std::map<element::Type_t, std::uint64_t> kNumbers = {
      {f32, 1},     {u8, 2},   {i8, 3},   {u16, 4},  {i16, 5},  {i32, 6},   {i64, 7},     {element::Type_t::string, 8},
      {boolean, 9}, {f16, 10}, {f64, 11}, {u32, 12}, {u64, 13}, {bf16, 16}, {f8e4m3, 17}, {f8e5m2, 19},
      {u4, 21},     {i4, 22}};
  return kNumbers.at(type);
}

Encoded tensor(const std::string& name, element::Type type, const std::vector<std::int64_t>& dims,
               const std::string& raw) {
  return tensor_head(name, type, dims) + encoded_bytes(9, raw);
}

Encoded external_tensor(const std::string& name, element::Type type, const std::vector<std::int64_t>& dims,
                        const std::vector<std::pair<std::string, std::string>>& entries) {
  Encoded out = tensor_head(name, type, dims);
  for (const auto& [key, value] : entries) out += encoded_bytes(13, entry(key, value));
  return out + encoded_number(14, 1);
}

Encoded int_attribute(const std::string& name, std::int64_t value) {
  return any_attribute(name, kInt, encoded_number(3, static_cast<std::uint64_t>(value)));
}

Encoded float_attribute(const std::string& name, float value) {
  constexpr char kFixed32FieldTwo = (2U << 3U) | 5U;
  static_assert(std::endian::native == std::endian::little);
  Encoded field(1, kFixed32FieldTwo);
  return any_attribute(name, kFloat, field.append(reinterpret_cast<const char*>(&value), sizeof(value)));
}

Encoded string_attribute(const std::string& name, const std::string& value) {
  return any_attribute(name, kString, encoded_bytes(4, value));
}

Encoded ints_attribute(const std::string& name, const std::vector<std::int64_t>& values) {
  Encoded fields;
  for (const std::int64_t value : values) fields += encoded_number(8, static_cast<std::uint64_t>(value));
  return any_attribute(name, kInts, fields);
}

Encoded graph_attribute(const std::string& name, const OnnxGraph& body) {
  return any_attribute(name, kGraph, encoded_bytes(6, body.encoded()));
}

Encoded tensor_attribute(const std::string& name, const Encoded& tensor) {
  return any_attribute(name, kTensor, encoded_bytes(5, tensor));
}

OnnxGraph& OnnxGraph::field(const Encoded& field) {
  fields_ += field;
  return *this;
}

OnnxGraph& OnnxGraph::input(const std::string& name, element::Type type, const std::vector<OnnxDim>& dims) {
  return field(encoded_bytes(11, value_info_proto(name, type, shape_field(dims))));
}

OnnxGraph& OnnxGraph::output(const std::string& name, element::Type type, const std::vector<OnnxDim>& dims) {
  return field(encoded_bytes(12, value_info_proto(name, type, shape_field(dims))));
}

OnnxGraph& OnnxGraph::value_info(const std::string& name, element::Type type, const std::vector<OnnxDim>& dims) {
  return field(encoded_bytes(13, value_info_proto(name, type, shape_field(dims))));
}

OnnxGraph& OnnxGraph::input(const std::string& name, element::Type type) {
  return field(encoded_bytes(11, value_info_proto(name, type, {})));
}

OnnxGraph& OnnxGraph::output(const std::string& name, element::Type type) {
  return field(encoded_bytes(12, value_info_proto(name, type, {})));
}

OnnxGraph& OnnxGraph::weights(const std::string& name, const std::vector<std::int64_t>& dims,
                              const std::vector<float>& values) {
  return initializer(tensor(name, element::f32, dims, raw_bytes(values)));
}

OnnxGraph& OnnxGraph::initializer(const Encoded& tensor) { return field(encoded_bytes(5, tensor)); }

OnnxGraph& OnnxGraph::node(const std::string& op, const std::vector<std::string>& inputs,
                           const std::vector<std::string>& outputs, const std::vector<Encoded>& attributes,
                           const std::string& domain) {
  Encoded node;
  for (const std::string& input : inputs) node += encoded_bytes(1, input);
  for (const std::string& output : outputs) node += encoded_bytes(2, output);
  node += encoded_bytes(4, op);
  for (const Encoded& attribute : attributes) node += encoded_bytes(5, attribute);
  if (!domain.empty()) node += encoded_bytes(7, domain);
  nodes_.push_back(node);
  return *this;
}

Encoded OnnxGraph::encoded() const {
  Encoded graph;
  for (const Encoded& node : nodes_) graph += encoded_bytes(1, node);
  return graph + encoded_bytes(2, name_) + fields_;
}

Encoded onnx_function(const std::string& domain, const std::string& name, const std::vector<std::string>& inputs,
                      const std::vector<std::string>& outputs, const OnnxGraph& body) {
  Encoded function = encoded_bytes(1, name);
  for (const std::string& input : inputs) function += encoded_bytes(4, input);
  for (const std::string& output : outputs) function += encoded_bytes(5, output);
  for (const Encoded& node : body.nodes()) function += encoded_bytes(7, node);
  return function + encoded_bytes(9, encoded_bytes(1, "") + encoded_number(2, 17)) + encoded_bytes(10, domain);
}

std::string onnx_model(const OnnxGraph& graph, const OnnxOptions& options) {
  std::string model =
      encoded_number(1, static_cast<std::uint64_t>(options.ir_version)) + encoded_bytes(2, "baton-test");
  model += encoded_bytes(7, graph.encoded());
  model += encoded_bytes(8, encoded_bytes(1, "") + encoded_number(2, static_cast<std::uint64_t>(options.opset)));
  for (const std::string& domain : options.domains)
    model += encoded_bytes(8, encoded_bytes(1, domain) + encoded_number(2, 1));
  for (const auto& [key, value] : options.metadata) model += encoded_bytes(14, entry(key, value));
  for (const Encoded& function : options.functions) model += encoded_bytes(25, function);
  return model;
}

}  // namespace baton::test
