// SPDX-License-Identifier: Apache-2.0
// Copyright (C) 2026 The Baton authors
#pragma once

#include <cstddef>
#include <memory>
#include <string>
#include <unordered_set>
#include <utility>

#include "baton/api.hpp"
#include "baton/element_type.hpp"
#include "baton/shape.hpp"

namespace baton {

/// An input or output of a model: a name for it, with what the model says of it.
///
/// The shape is asked for when needed: after `Model::reshape` an input answers its new shape and an output what follows
/// from it.
/// Errors: a default-constructed port throws baton::Exception. Thread-safety: safe. Ownership: shares the model's
/// ports.
class BATON_API Port {
 public:
  Port() = default;

  const std::string& get_any_name() const;
  std::unordered_set<std::string> get_names() const;
  element::Type get_element_type() const;
  PartialShape get_partial_shape() const;
  /// Throws when a dimension is not known.
  Shape get_shape() const;
  /// The position among the inputs, or among the outputs.
  std::size_t get_index() const;

  bool operator==(const Port& other) const = default;
  bool operator<(const Port& other) const;

  class Table;
  /// For Baton's own layers.
  Port(std::shared_ptr<const Table> table, bool output, std::size_t index)
      : table_(std::move(table)), output_(output), index_(index) {}
  const std::shared_ptr<const Table>& table() const { return table_; }
  bool is_output() const { return output_; }

 private:
  const Table& require_table() const;

  std::shared_ptr<const Table> table_;
  bool output_ = false;
  std::size_t index_ = 0;
};

class Node;  ///< never defined: OpenVINO's name for what a port belongs to, kept so that `Output<const Node>` can be
             ///< spelled

/// The name by which code written for OpenVINO knows a port, of inputs and outputs alike.
template <typename NodeT>
class Output : public Port {
 public:
  Output() = default;
  Output(const Port& port) : Port(port) {}  // NOLINT(google-explicit-constructor): both spellings are one thing
};

}  // namespace baton
