// SPDX-License-Identifier: Apache-2.0
// Copyright (C) 2026 The Baton authors
#pragma once

#include <cstddef>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string_view>
#include <utility>
#include <vector>

#include "base/mutex.h"
#include "base/status.h"
#include "baton/layout.hpp"
#include "baton/port.hpp"
#include "model/model.h"

namespace baton {

/// A model's ports with their present shapes: what Model, CompiledModel and every Port of them share.
///
/// After a reshape the outputs' shapes are asked of an engine when somebody wants to know them, once; until then nobody
/// pays for opening one.
/// Thread-safety: safe. Blocking: the first `shape` of an output after a reshape.
class Port::Table {
 public:
  using InferShapes = std::function<base::Result<std::vector<PartialShape>>(const model::Model&)>;

  /// `infer_shapes` may be null: shapes of outputs are then unknown after a reshape.
  Table(model::Model model, InferShapes infer_shapes);

  model::Model model() const;
  const model::Facts& facts() const { return data_->facts(); }
  std::shared_ptr<Table> clone() const;

  std::size_t count(bool output) const { return ports(output).size(); }
  const std::vector<model::Port>& ports(bool output) const { return output ? facts().outputs : facts().inputs; }
  PartialShape shape(bool output, std::size_t index) const;
  /// The output's shape if it is known without asking an engine; unknown lengths otherwise.
  PartialShape cheap_output_shape(std::size_t index) const;

  base::Status reshape(std::size_t input, const PartialShape& shape);

  /// An annotation, whoever holds a port may make it.
  void set_layout(bool output, std::size_t index, const Layout& layout) const;
  Layout layout(bool output, std::size_t index) const;

  /// The position of the port with this name; kInvalidArgument lists the names there are.
  base::Result<std::size_t> find(bool output, std::string_view name) const;
  /// kInvalidArgument unless `index` is one of them.
  base::Status check_index(bool output, std::size_t index) const;
  /// kInvalidArgument unless there is exactly one.
  base::Status check_single(bool output) const;

 private:
  PartialShape unknown_shape(std::size_t output) const;

  const std::shared_ptr<const model::ModelData> data_;
  const InferShapes infer_shapes_;
  mutable base::Mutex mu_;
  std::vector<PartialShape> input_shapes_ BATON_GUARDED_BY(mu_);
  mutable std::optional<std::vector<PartialShape>> output_shapes_ BATON_GUARDED_BY(mu_);  ///< of the reshaped model
  mutable std::map<std::pair<bool, std::size_t>, Layout> layouts_ BATON_GUARDED_BY(mu_);  ///< those that were set
};

namespace runtime {

/// The ports as public objects.
template <typename NodeT>
std::vector<Output<NodeT>> port_list(const std::shared_ptr<const Port::Table>& table, bool output) {
  std::vector<Output<NodeT>> list;
  for (std::size_t i = 0; i < table->count(output); ++i) list.emplace_back(Port(table, output, i));
  return list;
}
Port port_at(const std::shared_ptr<const Port::Table>& table, bool output, std::size_t index);
Port port_named(const std::shared_ptr<const Port::Table>& table, bool output, std::string_view name);
Port single_port(const std::shared_ptr<const Port::Table>& table, bool output);

}  // namespace runtime
}  // namespace baton
