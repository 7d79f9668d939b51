// SPDX-License-Identifier: Apache-2.0
// Copyright (C) 2026 The Baton authors
//
// Layouts of a model's ports, and what follows from them.
#include <map>
#include <optional>
#include <string>

#include "baton/exception.hpp"
#include "baton/layout.hpp"
#include "runtime/errors.h"
#include "runtime/port_table.h"

namespace baton {
namespace {

[[noreturn]] void refuse(const std::string& what) { throw Exception(ErrorCode::InvalidArgument, what); }

const Port::Table& table_of(const Port& port) {
  if (!port.table()) refuse("the port is empty: take it from a model");
  return *port.table();
}

void check_rank(const Port& port, const Layout& layout, std::size_t dimension) {
  const PartialShape shape = port.get_partial_shape();
  if (shape.rank_is_static() && dimension < shape.size()) return;
  refuse("input '" + port.get_any_name() + "' of shape " + shape.to_string() + " does not have the layout " +
         layout.to_string());
}

/// By input the dimension that its layout calls N. Throws when no layout has one.
std::map<std::size_t, std::size_t> batch_dimensions(const Model& model) {
  std::map<std::size_t, std::size_t> dimensions;
  std::string inputs;
  for (const Port& port : model.inputs()) {
    const Layout layout = layout::get_layout(port);
    inputs += (inputs.empty() ? "" : ", ") + port.get_any_name() + " " + layout.to_string();
    if (!layout::has_batch(layout)) continue;
    std::int64_t at = layout::batch_idx(layout);
    const PartialShape shape = port.get_partial_shape();
    if (at < 0 && shape.rank_is_static()) at += static_cast<std::int64_t>(shape.size());
    check_rank(port, layout, static_cast<std::size_t>(at));
    dimensions[port.get_index()] = static_cast<std::size_t>(at);
  }
  if (dimensions.empty()) {
    refuse("no input has a layout with a dimension N (" + inputs +
           "); call layout::set_layout(model->input(), \"N...\") first, or Model::reshape instead");
  }
  return dimensions;
}

}  // namespace

namespace layout {

Layout get_layout(const Port& port) { return table_of(port).layout(port.is_output(), port.get_index()); }

void set_layout(const Port& port, const Layout& layout) {
  table_of(port).set_layout(port.is_output(), port.get_index(), layout);
}

}  // namespace layout

Dimension get_batch(const std::shared_ptr<const Model>& model) {
  if (!model) refuse("empty model: read one with Core::read_model first");
  std::optional<Dimension> batch;
  for (const auto& [input, dimension] : batch_dimensions(*model)) {
    const Dimension own = model->input(input).get_partial_shape()[dimension];
    if (batch && *batch != own)
      refuse("the inputs have batches of " + batch->to_string() + " and " + own.to_string() + ", expected one number");
    batch = own;
  }
  return *batch;
}

void set_batch(const std::shared_ptr<Model>& model, Dimension batch) {
  if (!model) refuse("empty model: read one with Core::read_model first");
  const Model& fixed = *model;
  std::map<std::size_t, PartialShape> shapes;
  for (const auto& [input, dimension] : batch_dimensions(fixed)) {
    PartialShape shape = fixed.input(input).get_partial_shape();
    shape[dimension] = batch;
    shapes[input] = shape;
  }
  model->reshape(shapes);
}

}  // namespace baton
