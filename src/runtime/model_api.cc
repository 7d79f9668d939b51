// SPDX-License-Identifier: Apache-2.0
// Copyright (C) 2026 The Baton authors
#include "baton/model.hpp"

#include <algorithm>

#include "baton/exception.hpp"
#include "runtime/errors.h"
#include "runtime/port_table.h"

namespace baton {
namespace {

using runtime::port_at;
using runtime::port_list;
using runtime::port_named;
using runtime::single_port;

/// All or nothing: a bad entry leaves the model as it was.
void reshape_all(Port::Table& table, const std::map<std::size_t, PartialShape>& shapes) {
  const auto trial = table.clone();
  for (const auto& [index, shape] : shapes) {
    runtime::check(table.check_index(false, index));
    runtime::check(trial->reshape(index, shape));
  }
  for (const auto& [index, shape] : shapes) runtime::check(table.reshape(index, shape));
}

template <typename Ports>
void reshape_ports(Port::Table& table, const Ports& shapes) {
  std::map<std::size_t, PartialShape> by_index;
  for (const auto& [port, shape] : shapes) {
    by_index[port.table().get() == &table ? port.get_index()
                                          : runtime::value_or_throw(table.find(false, port.get_any_name()))] = shape;
  }
  reshape_all(table, by_index);
}

/// The entries below `path`, as nested maps.
AnyMap entries_below(const model::Facts& facts, const std::vector<std::string>& path) {
  const auto is_below = [&](const std::vector<std::string>& entry) {
    return entry.size() > path.size() && std::equal(path.begin(), path.end(), entry.begin());
  };
  AnyMap entries;
  for (const auto& [entry, text] : facts.metadata) {
    if (!is_below(entry) || entries.contains(entry[path.size()])) continue;
    const std::vector<std::string> inner(entry.begin(), entry.begin() + static_cast<std::ptrdiff_t>(path.size()) + 1);
    entries.emplace(inner.back(), entry == inner ? Any(text) : Any(entries_below(facts, inner)));
  }
  return entries;
}

}  // namespace

std::vector<Output<const Node>> Model::inputs() const { return port_list<const Node>(table_, false); }
std::vector<Output<const Node>> Model::outputs() const { return port_list<const Node>(table_, true); }
std::vector<Output<Node>> Model::inputs() { return port_list<Node>(table_, false); }
std::vector<Output<Node>> Model::outputs() { return port_list<Node>(table_, true); }
Output<const Node> Model::input() const { return single_port(table_, false); }
Output<const Node> Model::output() const { return single_port(table_, true); }
Output<const Node> Model::input(std::size_t index) const { return port_at(table_, false, index); }
Output<const Node> Model::output(std::size_t index) const { return port_at(table_, true, index); }
Output<const Node> Model::input(const std::string& name) const { return port_named(table_, false, name); }
Output<const Node> Model::output(const std::string& name) const { return port_named(table_, true, name); }

const std::string& Model::get_friendly_name() const { return table_->facts().name; }
bool Model::is_dynamic() const { return table_->model().is_dynamic(); }
std::shared_ptr<Model> Model::clone() const { return std::make_shared<Model>(table_->clone()); }

AnyMap Model::get_rt_info() const { return entries_below(table_->facts(), {}); }

bool Model::has_rt_info(const std::vector<std::string>& path) const {
  return table_->facts().metadata.contains(path) || !entries_below(table_->facts(), path).empty();
}

Any Model::rt_info_at(const std::vector<std::string>& path) const {
  const auto& metadata = table_->facts().metadata;
  if (const auto found = metadata.find(path); found != metadata.end()) return found->second;
  AnyMap entries = entries_below(table_->facts(), path);
  if (!entries.empty()) return entries;
  std::string text;
  for (const std::string& name : path) text += (text.empty() ? "" : "/") + name;
  throw Exception(ErrorCode::InvalidArgument,
                  "the model has no rt_info '" + text + "'; get_rt_info() without a path lists what there is");
}

void Model::reshape(const PartialShape& shape) {
  runtime::check(table_->check_single(false));
  reshape_all(*table_, {{0, shape}});
}

void Model::reshape(const std::map<std::string, PartialShape>& shapes) {
  std::map<std::size_t, PartialShape> by_index;
  for (const auto& [name, shape] : shapes) by_index[runtime::value_or_throw(table_->find(false, name))] = shape;
  reshape_all(*table_, by_index);
}

void Model::reshape(const std::map<std::size_t, PartialShape>& shapes) { reshape_all(*table_, shapes); }
void Model::reshape(const std::map<Output<const Node>, PartialShape>& shapes) { reshape_ports(*table_, shapes); }
void Model::reshape(const std::map<Output<Node>, PartialShape>& shapes) { reshape_ports(*table_, shapes); }

}  // namespace baton
