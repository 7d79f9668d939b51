// SPDX-License-Identifier: Apache-2.0
// Copyright (C) 2026 The Baton authors
#include "convert.h"

#include <algorithm>
#include <array>
#include <set>
#include <utility>

#include <openvino/core/node.hpp>
#include <openvino/op/result.hpp>

namespace baton::engine::openvino {
namespace {

constexpr std::array<std::pair<element::Type_t, ov::element::Type_t>, 20> kTypes = {{
    {element::Type_t::boolean, ov::element::Type_t::boolean}, {element::Type_t::bf16, ov::element::Type_t::bf16},
    {element::Type_t::f16, ov::element::Type_t::f16},         {element::Type_t::f32, ov::element::Type_t::f32},
    {element::Type_t::f64, ov::element::Type_t::f64},         {element::Type_t::i4, ov::element::Type_t::i4},
    {element::Type_t::i8, ov::element::Type_t::i8},           {element::Type_t::i16, ov::element::Type_t::i16},
    {element::Type_t::i32, ov::element::Type_t::i32},         {element::Type_t::i64, ov::element::Type_t::i64},
    {element::Type_t::u1, ov::element::Type_t::u1},           {element::Type_t::u4, ov::element::Type_t::u4},
    {element::Type_t::u8, ov::element::Type_t::u8},           {element::Type_t::u16, ov::element::Type_t::u16},
    {element::Type_t::u32, ov::element::Type_t::u32},         {element::Type_t::u64, ov::element::Type_t::u64},
    {element::Type_t::nf4, ov::element::Type_t::nf4},         {element::Type_t::f8e4m3, ov::element::Type_t::f8e4m3},
    {element::Type_t::f8e5m2, ov::element::Type_t::f8e5m2},   {element::Type_t::string, ov::element::Type_t::string},
}};

/// The node that a person would name: of a Result, what it returns.
std::string friendly_name(const ov::Output<const ov::Node>& output) {
  const ov::Node* node = output.get_node();
  if (const auto* result = dynamic_cast<const ov::op::v0::Result*>(node)) {
    const ov::Output<ov::Node> source = result->input_value(0);
    std::string name = source.get_node()->get_friendly_name();
    if (source.get_node()->get_output_size() > 1) name.append(".").append(std::to_string(source.get_index()));
    return name;
  }
  return node->get_friendly_name();
}

}  // namespace

element::Type from_ov(const ov::element::Type& type) {
  const auto found = std::find_if(kTypes.begin(), kTypes.end(), [&](const auto& pair) { return pair.second == type; });
  return found == kTypes.end() ? element::dynamic : element::Type(found->first);
}

std::optional<ov::element::Type> to_ov(element::Type type) {
  const auto found = std::find_if(kTypes.begin(), kTypes.end(), [&](const auto& pair) { return pair.first == type; });
  if (found == kTypes.end()) return std::nullopt;
  return ov::element::Type(found->second);
}

PartialShape from_ov(const ov::PartialShape& shape) {
  if (shape.rank().is_dynamic()) return PartialShape::dynamic();
  std::vector<Dimension> dims;
  dims.reserve(shape.size());
  for (const ov::Dimension& dim : shape) dims.emplace_back(dim.get_min_length(), dim.get_max_length());
  return PartialShape(std::move(dims));
}

ov::PartialShape to_ov(const PartialShape& shape) {
  if (!shape.rank_is_static()) return ov::PartialShape::dynamic();
  std::vector<ov::Dimension> dims;
  dims.reserve(shape.size());
  for (const Dimension& dim : shape) dims.emplace_back(dim.get_min_length(), dim.get_max_length());
  return ov::PartialShape(std::move(dims));
}

std::string strings_refused(const std::string& port) {
  return "port '" + port + "' holds strings, which OpenVINO does not run safely; the engine onnxruntime does";
}

std::string shape_text(std::span<const std::size_t> shape) {
  std::string text = "[";
  for (std::size_t i = 0; i < shape.size(); ++i) {
    if (i > 0) text += ',';
    text += std::to_string(shape[i]);
  }
  text += ']';
  return text;
}

std::string to_text(const ov::Any& value) {
  std::string text = value.as<std::string>();
  while (!text.empty() && text.back() == ' ') text.pop_back();
  return text;
}

std::vector<model::Port> ports_of(const std::vector<ov::Output<const ov::Node>>& outputs) {
  std::vector<model::Port> ports;
  std::set<std::string> taken;
  for (const auto& output : outputs) {
    model::Port port{{}, from_ov(output.get_element_type()), from_ov(output.get_partial_shape())};
    // OpenVINO keeps names in a hash set: sorted, the first is the same in every process, and it is get_any_name().
    const auto& names = output.get_names();
    port.names.assign(names.begin(), names.end());
    std::sort(port.names.begin(), port.names.end());
    std::erase_if(port.names, [&](const std::string& name) { return taken.count(name) > 0; });
    if (port.names.empty()) {
      std::string name = friendly_name(output);
      if (taken.count(name) > 0) name.append(":").append(std::to_string(ports.size()));
      port.names.push_back(std::move(name));
    }
    taken.insert(port.names.begin(), port.names.end());
    ports.push_back(std::move(port));
  }
  return ports;
}

}  // namespace baton::engine::openvino
