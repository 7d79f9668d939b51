// SPDX-License-Identifier: Apache-2.0
// Copyright (C) 2026 The Baton authors
#pragma once

#include <cstddef>
#include <map>
#include <memory>
#include <string>
#include <type_traits>
#include <vector>

#include "baton/any.hpp"
#include "baton/api.hpp"
#include "baton/port.hpp"
#include "baton/shape.hpp"

namespace baton {

/// A model as `Core::read_model` found it: its ports, and the shapes it is to be compiled for. The weights stay in the
/// file.
///
/// Errors: baton::Exception (InvalidArgument) for a port that does not exist or a shape that contradicts the model.
/// Thread-safety: const methods are safe; `reshape` excludes everything else. A compiled model is not affected by it.
class BATON_API Model {
 public:
  std::vector<Output<const Node>> inputs() const;
  std::vector<Output<const Node>> outputs() const;
  std::vector<Output<Node>> inputs();
  std::vector<Output<Node>> outputs();

  /// REQUIRES: exactly one input (output).
  Output<const Node> input() const;
  Output<const Node> output() const;
  Output<const Node> input(std::size_t index) const;
  Output<const Node> output(std::size_t index) const;
  Output<const Node> input(const std::string& name) const;
  Output<const Node> output(const std::string& name) const;

  /// The graph's name.
  const std::string& get_friendly_name() const;
  const std::string& get_name() const { return get_friendly_name(); }
  /// True when a dimension of an input is not known.
  bool is_dynamic() const;
  std::shared_ptr<Model> clone() const;

  /// What the file says of itself, by path; ONNX metadata stands below "framework", as OpenVINO has it. Inner entries
  /// are maps, the others texts that `Any::as` converts. InvalidArgument for a path that is not there.
  AnyMap get_rt_info() const;
  template <typename T>
  T get_rt_info(const std::vector<std::string>& path) const {
    if constexpr (std::is_same_v<T, Any>) return rt_info_at(path);
    else return rt_info_at(path).template as<T>();
  }
  template <typename T, typename... Names>
  requires(std::is_convertible_v<Names, std::string>&&...) T get_rt_info(const Names&... path)
  const { return get_rt_info<T>(std::vector<std::string>{std::string(path)...}); }
  bool has_rt_info(const std::vector<std::string>& path) const;
  template <typename... Names>
  requires(std::is_convertible_v<Names, std::string>&&...) bool has_rt_info(const Names&... path) const {
    return has_rt_info(std::vector<std::string>{std::string(path)...});
  }

  /// Sets the shape of the only input, or of the inputs named; others keep theirs.
  void reshape(const PartialShape& shape);
  void reshape(const std::map<std::string, PartialShape>& shapes);
  void reshape(const std::map<std::size_t, PartialShape>& shapes);
  void reshape(const std::map<Output<const Node>, PartialShape>& shapes);
  void reshape(const std::map<Output<Node>, PartialShape>& shapes);

  /// For Baton's own layers.
  explicit Model(std::shared_ptr<Port::Table> table) : table_(std::move(table)) {}
  const std::shared_ptr<Port::Table>& table() const { return table_; }

 private:
  Any rt_info_at(const std::vector<std::string>& path) const;

  std::shared_ptr<Port::Table> table_;
};

}  // namespace baton
