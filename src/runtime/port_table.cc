// SPDX-License-Identifier: Apache-2.0
// Copyright (C) 2026 The Baton authors
#include "runtime/port_table.h"

#include <string>
#include <tuple>
#include <utility>

#include "model/onnx_reshape.h"
#include "runtime/errors.h"

namespace baton {
namespace {

const char* noun(bool output) { return output ? "output" : "input"; }

}  // namespace

Port::Table::Table(model::Model model, InferShapes infer_shapes)
    : data_(std::move(model.data)),
      infer_shapes_(std::move(infer_shapes)),
      input_shapes_(std::move(model.input_shapes)) {}

model::Model Port::Table::model() const {
  base::MutexLock lock(mu_);
  return {data_, input_shapes_};
}

std::shared_ptr<Port::Table> Port::Table::clone() const {
  auto copy = std::make_shared<Table>(model(), infer_shapes_);
  base::MutexLock lock(mu_);
  const auto layouts = layouts_;
  lock.unlock();
  base::MutexLock own(copy->mu_);
  copy->layouts_ = layouts;
  return copy;
}

void Port::Table::set_layout(bool output, std::size_t index, const Layout& layout) const {
  base::MutexLock lock(mu_);
  layouts_[{output, index}] = layout;
}

Layout Port::Table::layout(bool output, std::size_t index) const {
  base::MutexLock lock(mu_);
  const auto found = layouts_.find({output, index});
  return found == layouts_.end() ? Layout() : found->second;
}

PartialShape Port::Table::shape(bool output, std::size_t index) const {
  if (!output) {
    base::MutexLock lock(mu_);
    return input_shapes_[index];
  }
  const model::Model now = model();
  if (!now.is_reshaped()) return facts().outputs[index].shape;
  {
    base::MutexLock lock(mu_);
    if (output_shapes_) return (*output_shapes_)[index];
  }
  std::vector<PartialShape> shapes;
  for (std::size_t i = 0; i < facts().outputs.size(); ++i) shapes.push_back(unknown_shape(i));
  if (infer_shapes_) {
    auto inferred = infer_shapes_(now);
    if (inferred.is_ok() && inferred->size() == shapes.size()) shapes = std::move(inferred).value();
  }
  base::MutexLock lock(mu_);
  if (input_shapes_ == now.input_shapes) output_shapes_ = shapes;
  return shapes[index];
}

PartialShape Port::Table::cheap_output_shape(std::size_t index) const {
  const bool reshaped = model().is_reshaped();
  base::MutexLock lock(mu_);
  if (output_shapes_) return (*output_shapes_)[index];
  return reshaped ? unknown_shape(index) : facts().outputs[index].shape;
}

PartialShape Port::Table::unknown_shape(std::size_t output) const {
  const PartialShape& declared = facts().outputs[output].shape;
  return declared.rank_is_static() ? PartialShape(std::vector<Dimension>(declared.size())) : PartialShape::dynamic();
}

base::Status Port::Table::reshape(std::size_t input, const PartialShape& shape) {
  BATON_RETURN_IF_ERROR(model::check_reshape(facts(), input, shape));
  base::MutexLock lock(mu_);
  input_shapes_[input] = shape;
  output_shapes_.reset();
  return {};
}

base::Result<std::size_t> Port::Table::find(bool output, std::string_view name) const {
  const auto& all = ports(output);
  std::string names;
  for (std::size_t i = 0; i < all.size(); ++i) {
    if (all[i].has_name(name)) return i;
    names.append(i == 0 ? "" : ", ").append(all[i].any_name());
  }
  return base::Status::invalid_argument(std::string("the model has no ") + noun(output) + " named '" +
                                        std::string(name) + "'; its " + noun(output) + "s are: " + names);
}

base::Status Port::Table::check_index(bool output, std::size_t index) const {
  if (index < count(output)) return {};
  return base::Status::invalid_argument(std::string(noun(output)) + " " + std::to_string(index) +
                                        " does not exist: the model has " + std::to_string(count(output)));
}

base::Status Port::Table::check_single(bool output) const {
  if (count(output) == 1) return {};
  return base::Status::invalid_argument("the model has " + std::to_string(count(output)) + " " + noun(output) +
                                        "s: say which one by index or name");
}

const Port::Table& Port::require_table() const {
  if (!table_) throw Exception(ErrorCode::InvalidArgument, "the port is empty: take it from a model");
  return *table_;
}

const std::string& Port::get_any_name() const { return require_table().ports(output_)[index_].any_name(); }

std::unordered_set<std::string> Port::get_names() const {
  const auto& names = require_table().ports(output_)[index_].names;
  return {names.begin(), names.end()};
}

element::Type Port::get_element_type() const { return require_table().ports(output_)[index_].type; }
PartialShape Port::get_partial_shape() const { return require_table().shape(output_, index_); }

Shape Port::get_shape() const {
  const PartialShape shape = get_partial_shape();
  if (shape.is_dynamic()) {
    throw Exception(ErrorCode::InvalidArgument, std::string(noun(output_)) + " '" + get_any_name() +
                                                    "' has the dynamic shape " + shape.to_string() +
                                                    ": use get_partial_shape()");
  }
  return shape.to_shape();
}

std::size_t Port::get_index() const {
  require_table();
  return index_;
}

bool Port::operator<(const Port& other) const {
  return std::tuple(table_.get(), output_, index_) < std::tuple(other.table_.get(), other.output_, other.index_);
}

namespace runtime {

Port port_at(const std::shared_ptr<const Port::Table>& table, bool output, std::size_t index) {
  check(table->check_index(output, index));
  return {table, output, index};
}

Port port_named(const std::shared_ptr<const Port::Table>& table, bool output, std::string_view name) {
  return {table, output, value_or_throw(table->find(output, name))};
}

Port single_port(const std::shared_ptr<const Port::Table>& table, bool output) {
  check(table->check_single(output));
  return {table, output, 0};
}

}  // namespace runtime
}  // namespace baton
