// SPDX-License-Identifier: Apache-2.0
// Copyright (C) 2026 The Baton authors
//
// What the model's inputs are and what they are to be: layouts, shapes, batch, shapes of the data. Pure.
#pragma once

#include <array>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "baton/element_type.hpp"
#include "baton/shape.hpp"
#include "options.h"

namespace baton::bench {

/// What each dimension of an input means: "NCHW"; "N..." where only the batch is known; empty: nothing is known.
class Layout {
 public:
  Layout() = default;
  explicit Layout(std::string letters) : letters_(std::move(letters)) {}

  /// A guess from the shape, as pictures have at most four colours.
  static Layout guess(const PartialShape& shape);

  bool empty() const { return letters_.empty(); }
  /// The dimension that `letter` stands for.
  std::optional<std::size_t> find(char letter) const;
  std::string to_string() const;  ///< "[N,C,H,W]", "[...]" when nothing is known
  bool operator==(const Layout&) const = default;

 private:
  std::string letters_;
};

/// An input of the model as it was read.
struct ModelInput {
  std::string name;
  std::vector<std::string> names;  ///< all that it may be called by
  element::Type type;
  PartialShape shape;
};

/// An input as it will be measured.
struct InputPlan {
  std::string name;
  element::Type type;       ///< of the tensor
  element::Type data_type;  ///< of the data, before they are converted to `type`
  Layout layout;
  PartialShape shape;               ///< to compile for
  std::vector<Shape> data_shapes;   ///< of the tensors, used in turn; empty: not known (yet)
  std::vector<double> mean, scale;  ///< per channel; empty: none

  bool is_static() const { return shape.is_static(); }
  /// A colour picture.
  bool is_image() const;
  /// Where in a tensor of `data_shape` the element `index` has its channel; 0 without channels.
  std::size_t channel_of(const Shape& data_shape, std::size_t index) const;
};

struct InputPlans {
  std::vector<InputPlan> inputs;
  bool reshape = false;  ///< some shape is not the model's own
  std::vector<std::string> warnings;
};

/// "a[1,2],b[3]" as a map from name to what is in the brackets, which may be several: "a[1][2]"; a name of "" is
/// everywhere. Throws baton::Exception for other forms.
std::map<std::string, std::vector<std::string>> parse_bracketed(const std::string& option, const std::string& text);

/// The types that -iop gives to ports: "x:f16, y:f32". Names may hold colons. Throws baton::Exception.
std::map<std::string, element::Type> parse_port_types(const std::string& text);

/// Throws baton::Exception for options that are malformed or contradict the model.
InputPlans plan_inputs(const Options& options, const std::vector<ModelInput>& inputs);

/// The number of frames in one inference: the dimension N that all inputs share, 1 without any.
Dimension batch_of(const std::vector<InputPlan>& inputs);
/// The same for the data shapes number `group`.
std::size_t batch_of_group(const std::vector<InputPlan>& inputs, std::size_t group);
/// How many sets of data shapes there are, at least 1.
std::size_t group_count(const std::vector<InputPlan>& inputs);
/// "input: [1,3,224,224]" for the data shapes number `group`.
std::string group_name(const std::vector<InputPlan>& inputs, std::size_t group);

}  // namespace baton::bench
