// SPDX-License-Identifier: Apache-2.0
// Copyright (C) 2026 The Baton authors
#include "model_setup.h"

#include <algorithm>
#include <cstring>
#include <random>
#include <stdexcept>

#include "input_plan.h"

namespace baton::tool {
namespace {

Shape shape_to_run(const Output<const Node>& port) {
  const PartialShape declared = port.get_partial_shape();
  const auto complain = [&] {
    throw std::runtime_error("input " + port.get_any_name() + " has the shape " + declared.to_string() +
                             ": say which one to run, for example --shape " + port.get_any_name() + "[1,3,224,224]");
  };
  if (!declared.rank_is_static()) complain();
  Shape shape;
  for (const Dimension& dimension : declared) {
    if (dimension.is_static()) {
      shape.push_back(static_cast<std::size_t>(dimension.get_length()));
    } else if (shape.empty()) {
      shape.push_back(static_cast<std::size_t>(std::max<Dimension::value_type>(dimension.get_min_length(), 1)));
    } else {
      complain();
    }
  }
  return shape;
}

template <typename T>
void fill_integers(const Tensor& tensor, std::mt19937& random) {
  std::generate_n(tensor.data<T>(), tensor.get_size(), [&] { return static_cast<T>(random() & 1); });
}

template <typename T>
void fill_reals(const Tensor& tensor, std::mt19937& random) {
  std::generate_n(tensor.data<T>(), tensor.get_size(),
                  [&] { return static_cast<T>(random()) / static_cast<T>(std::mt19937::max()); });
}

void fill(const Tensor& tensor, std::mt19937& random) {
  switch (tensor.get_element_type()) {
    case element::Type_t::f32: return fill_reals<float>(tensor, random);
    case element::Type_t::f64: return fill_reals<double>(tensor, random);
    case element::Type_t::i32: return fill_integers<std::int32_t>(tensor, random);
    case element::Type_t::i64: return fill_integers<std::int64_t>(tensor, random);
    case element::Type_t::u8: return fill_integers<std::uint8_t>(tensor, random);
    case element::Type_t::string: return;  // empty texts
    default:                               // zero is a value of every other type
      std::memset(tensor.data(), 0, tensor.get_byte_size());
  }
}

}  // namespace

AnyMap parse_properties(const std::vector<std::string>& texts) {
  AnyMap properties;
  for (const std::string& text : texts) {
    const std::size_t sign = text.find('=');
    if (sign == std::string::npos || sign == 0) throw bench::UsageError("--property " + text + ": expected KEY=VALUE");
    properties[text.substr(0, sign)] = text.substr(sign + 1);
  }
  return properties;
}

std::map<std::string, PartialShape> parse_shapes(const std::vector<std::string>& texts) {
  std::map<std::string, PartialShape> shapes;
  for (const std::string& text : texts) {
    for (const auto& [name, values] : bench::parse_bracketed("--shape", text)) {
      const bool first = shapes.emplace(name, PartialShape("[" + values.front() + "]")).second;
      if (values.size() > 1 || !first)
        throw bench::UsageError("--shape " + text + ": got several shapes for " +
                                (name.empty() ? "the input" : "input " + name) + ", expected one");
    }
  }
  return shapes;
}

std::shared_ptr<Model> read_model(const Core& core, const ModelOptions& options) {
  auto model = core.read_model(options.model);
  auto shapes = parse_shapes(options.shapes);
  if (auto unnamed = shapes.extract(""); !unnamed.empty()) model->reshape(unnamed.mapped());
  if (!shapes.empty()) model->reshape(shapes);
  return model;
}

void fill_inputs(const CompiledModel& model, InferRequest& request) {
  std::mt19937 random(1);
  for (const auto& port : model.inputs()) {
    const Tensor tensor(port.get_element_type(), shape_to_run(port));
    fill(tensor, random);
    request.set_tensor(port, tensor);
  }
}

}  // namespace baton::tool
