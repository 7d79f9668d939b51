// SPDX-License-Identifier: Apache-2.0
// Copyright (C) 2026 The Baton authors
#include "ir_builder.h"

namespace baton::test {
namespace {

std::string shape_text(const IrShape& shape) {
  std::string text;
  for (const std::int64_t length : shape) text += (text.empty() ? "" : ",") + std::to_string(length);
  return text;
}

std::string port_text(const std::string& id, const std::string& name, const IrShape& shape) {
  std::string text = "<port id=\"" + id + "\" precision=\"FP32\"";
  if (!name.empty()) text += " names=\"" + name + "\"";
  text += ">";
  for (const std::int64_t length : shape) text += "\n<dim>" + std::to_string(length) + "</dim>";
  return text + "\n</port>\n";
}

template <typename T>
std::string bytes_of(const std::vector<T>& values) {
  return {reinterpret_cast<const char*>(values.data()), values.size() * sizeof(T)};
}

}  // namespace

IrGraph& IrGraph::parameter(const std::string& name, const IrShape& shape) {
  inputs_.emplace_back(name, shape);
  return layer("Parameter", name, {}, shape, {{"shape", shape_text(shape)}, {"element_type", "f32"}});
}

IrGraph& IrGraph::constant(const std::string& name, const IrShape& shape, const std::string& type,
                           const std::string& bytes) {
  const std::string offset = std::to_string(bin_.size());
  bin_ += bytes;
  return layer("Const", name, {}, shape,
               {{"element_type", type},
                {"shape", shape_text(shape)},
                {"offset", offset},
                {"size", std::to_string(bytes.size())}});
}

IrGraph& IrGraph::weights(const std::string& name, const IrShape& shape) {
  std::int64_t count = 1;
  for (const std::int64_t length : shape) count *= length;
  return constant(name, shape, "f32", bytes_of(std::vector<float>(static_cast<std::size_t>(count), 0.5F)));
}

IrGraph& IrGraph::numbers(const std::string& name, const std::vector<std::int64_t>& values) {
  return constant(name, {static_cast<std::int64_t>(values.size())}, "i64", bytes_of(values));
}

IrGraph& IrGraph::scalar(const std::string& name, std::int64_t value) {
  return constant(name, {}, "i64", bytes_of(std::vector<std::int64_t>{value}));
}

IrGraph& IrGraph::layer(const std::string& type, const std::string& name, const std::vector<std::string>& inputs,
                        const IrShape& shape, const IrAttributes& attributes, const std::string& version) {
  return layers(type, name, inputs, {shape}, attributes, version);
}

IrGraph& IrGraph::layers(const std::string& type, const std::string& name, const std::vector<std::string>& inputs,
                         const std::vector<IrShape>& outputs, const IrAttributes& attributes,
                         const std::string& version) {
  const std::string id = std::to_string(count_++);
  std::string text =
      "<layer id=\"" + id + "\" name=\"" + name + "\" type=\"" + type + "\" version=\"" + version + "\">\n";
  if (!attributes.empty()) {
    text += "<data";
    for (const auto& [key, value] : attributes) text += " " + key + "=\"" + value + "\"";
    text += "/>\n";
  }
  if (!inputs.empty()) text += "<input>\n";
  for (std::size_t i = 0; i < inputs.size(); ++i) {
    const Tensor& from = tensors_.at(inputs[i]);
    const std::string port = std::to_string(i);
    text += port_text(port, "", from.shape);
    edges_ += "<edge from-layer=\"" + from.layer + "\" from-port=\"" + from.port + "\" to-layer=\"" + id +
              "\" to-port=\"" + port + "\"/>\n";
  }
  if (!inputs.empty()) text += "</input>\n";
  if (!outputs.empty()) text += "<output>\n";
  for (std::size_t o = 0; o < outputs.size(); ++o) {
    const std::string port = std::to_string(inputs.size() + o);
    const std::string tensor = o == 0 ? name : name + "." + std::to_string(o);
    text += port_text(port, tensor, outputs[o]);
    tensors_[tensor] = {id, port, outputs[o]};
  }
  if (!outputs.empty()) text += "</output>\n";
  layers_ += text + body_ + "</layer>\n";
  body_.clear();
  return *this;
}

IrGraph& IrGraph::body() {
  body_ = "<body><layers><layer id=\"0\" name=\"in\" type=\"Parameter\" version=\"opset1\"/></layers></body>\n";
  return *this;
}

IrGraph& IrGraph::result(const std::string& of) {
  outputs_.emplace_back(of, tensors_.at(of).shape);
  return layers("Result", of + "/sink", {of}, {});
}

std::string IrGraph::xml(int version) const {
  return "<?xml version=\"1.0\"?>\n<!-- a < b -->\n<net name=\"graph\" version=\"" + std::to_string(version) +
         "\">\n<layers>\n" + layers_ + "</layers>\n<edges>\n" + edges_ + "</edges>\n</net>\n";
}

}  // namespace baton::test
