// SPDX-License-Identifier: Apache-2.0
// Copyright (C) 2026 The Baton authors
//
// Writes small ONNX models as bytes, without any ONNX library:
//
//   OnnxGraph graph;
//   graph.input("x", element::f32, {1, 4}).weights("w", {4, 2}, {1, 2, 3, 4, 5, 6, 7, 8});
//   graph.node("MatMul", {"x", "w"}, {"y"}).node("Softmax", {"y"}, {"p"}, {int_attribute("axis", 1)});
//   graph.output("p", element::f32, {1, 2});
//   const std::string bytes = onnx_model(graph);
#pragma once

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "baton/element_type.hpp"

namespace baton::test {

/// One length of a shape: a number, or a name for one that is not known.
struct OnnxDim {
  OnnxDim(std::int64_t length) : value(length) {}           // NOLINT(google-explicit-constructor)
  OnnxDim(int length) : value(length) {}                    // NOLINT(google-explicit-constructor)
  OnnxDim(const char* symbol) : value(-1), name(symbol) {}  // NOLINT(google-explicit-constructor)
  static OnnxDim unnamed() { return ""; }
  std::int64_t value;
  std::string name;  ///< may be empty
};

/// A field of a protobuf message, or several, already encoded.
using Encoded = std::string;

Encoded encoded_number(std::uint32_t field, std::uint64_t value);
Encoded encoded_bytes(std::uint32_t field, const std::string& bytes);

/// ONNX's number for an element type (TensorProto.DataType).
std::uint64_t onnx_type(element::Type type);

/// A TensorProto. `raw` holds the elements, little-endian.
Encoded tensor(const std::string& name, element::Type type, const std::vector<std::int64_t>& dims,
               const std::string& raw);
/// One whose elements stand in another file; `entries` are its keys and values (location, offset, length).
Encoded external_tensor(const std::string& name, element::Type type, const std::vector<std::int64_t>& dims,
                        const std::vector<std::pair<std::string, std::string>>& entries);

/// The memory of values as `raw` takes it.
template <typename T>
std::string raw_bytes(const std::vector<T>& values) {
  return {reinterpret_cast<const char*>(values.data()), values.size() * sizeof(T)};
}

class OnnxGraph;
Encoded int_attribute(const std::string& name, std::int64_t value);
Encoded float_attribute(const std::string& name, float value);
Encoded string_attribute(const std::string& name, const std::string& value);
Encoded ints_attribute(const std::string& name, const std::vector<std::int64_t>& values);
Encoded graph_attribute(const std::string& name, const OnnxGraph& body);
Encoded tensor_attribute(const std::string& name, const Encoded& tensor);

/// A GraphProto. Every method returns the graph itself.
class OnnxGraph {
 public:
  explicit OnnxGraph(std::string name = "graph") : name_(std::move(name)) {}

  OnnxGraph& input(const std::string& name, element::Type type, const std::vector<OnnxDim>& dims);
  OnnxGraph& output(const std::string& name, element::Type type, const std::vector<OnnxDim>& dims);
  OnnxGraph& value_info(const std::string& name, element::Type type, const std::vector<OnnxDim>& dims);
  /// An input or output that states no shape, and no type either when it is dynamic.
  OnnxGraph& input(const std::string& name, element::Type type);
  OnnxGraph& output(const std::string& name, element::Type type);

  /// An f32 initializer.
  OnnxGraph& weights(const std::string& name, const std::vector<std::int64_t>& dims, const std::vector<float>& values);
  OnnxGraph& initializer(const Encoded& tensor);
  OnnxGraph& node(const std::string& op, const std::vector<std::string>& inputs,
                  const std::vector<std::string>& outputs, const std::vector<Encoded>& attributes = {},
                  const std::string& domain = {});
  /// Anything else: a field of GraphProto.
  OnnxGraph& field(const Encoded& field);

  Encoded encoded() const;
  const std::vector<Encoded>& nodes() const { return nodes_; }

 private:
  std::string name_;
  std::vector<Encoded> nodes_;
  Encoded fields_;
};

/// A FunctionProto with the nodes of `body`.
Encoded onnx_function(const std::string& domain, const std::string& name, const std::vector<std::string>& inputs,
                      const std::vector<std::string>& outputs, const OnnxGraph& body);

struct OnnxOptions {
  std::int64_t ir_version = 8;
  std::int64_t opset = 17;
  std::vector<std::string> domains = {};  ///< imported with version 1
  std::vector<std::pair<std::string, std::string>> metadata = {};
  std::vector<Encoded> functions = {};
};

/// A ModelProto: the content of an .onnx file.
std::string onnx_model(const OnnxGraph& graph, const OnnxOptions& options = {});

}  // namespace baton::test
