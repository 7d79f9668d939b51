// SPDX-License-Identifier: Apache-2.0
// Copyright (C) 2026 The Baton authors
//
// Writes small OpenVINO IRs, without any library of OpenVINO's:
//
//   IrGraph graph;
//   graph.parameter("x", {1, 4}).weights("w", {4, 2}).layer("MatMul", "y", {"x", "w"}, {1, 2}).result("y");
//   const std::string xml = graph.xml(), bin = graph.bin();
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <utility>
#include <vector>

namespace baton::test {

using IrShape = std::vector<std::int64_t>;
using IrAttributes = std::vector<std::pair<std::string, std::string>>;

/// Layers by name. The tensor of a layer has its name; further outputs are "name.1", "name.2". Every method returns the
/// graph itself.
class IrGraph {
 public:
  /// A port of the model: its name and shape.
  using Port = std::pair<std::string, IrShape>;

  IrGraph& parameter(const std::string& name, const IrShape& shape);
  /// f32 constants, all of them 0.5.
  IrGraph& weights(const std::string& name, const IrShape& shape);
  /// i64 constants.
  IrGraph& numbers(const std::string& name, const std::vector<std::int64_t>& values);
  IrGraph& scalar(const std::string& name, std::int64_t value);
  IrGraph& layer(const std::string& type, const std::string& name, const std::vector<std::string>& inputs,
                 const IrShape& shape, const IrAttributes& attributes = {}, const std::string& version = "opset1");
  /// One of several outputs, or of none.
  IrGraph& layers(const std::string& type, const std::string& name, const std::vector<std::string>& inputs,
                  const std::vector<IrShape>& outputs, const IrAttributes& attributes = {},
                  const std::string& version = "opset1");
  /// The next layer gets a body, as a loop has.
  IrGraph& body();
  IrGraph& result(const std::string& of);

  std::string xml(int version = 11) const;
  const std::string& bin() const { return bin_; }
  const std::vector<Port>& inputs() const { return inputs_; }
  const std::vector<Port>& outputs() const { return outputs_; }

 private:
  struct Tensor {
    std::string layer;
    std::string port;
    IrShape shape;
  };
  IrGraph& constant(const std::string& name, const IrShape& shape, const std::string& type, const std::string& bytes);

  std::string layers_;
  std::string edges_;
  std::string body_;
  std::string bin_;
  std::size_t count_ = 0;
  std::map<std::string, Tensor> tensors_;
  std::vector<Port> inputs_;
  std::vector<Port> outputs_;
};

}  // namespace baton::test
