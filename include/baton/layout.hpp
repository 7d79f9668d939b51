// SPDX-License-Identifier: Apache-2.0
// Copyright (C) 2026 The Baton authors
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "baton/api.hpp"
#include "baton/model.hpp"
#include "baton/port.hpp"
#include "baton/shape.hpp"

namespace baton {

/// What the dimensions of a tensor mean: "NCHW", "N...C", "N??C" or, with names of several letters, "[N,height,...]".
/// Letters are capitals whatever is typed; B and BATCH are N, CHANNEL(S) C, HEIGHT H, WIDTH W, DEPTH D.
///
/// Errors: baton::Exception (InvalidArgument) for a text that is no layout. Thread-safety: a value like std::string.
class BATON_API Layout {
 public:
  Layout() = default;                                      ///< "...": nothing is known
  Layout(const std::string& text);                         // NOLINT(google-explicit-constructor): a text is a layout
  Layout(const char* text) : Layout(std::string(text)) {}  // NOLINT(google-explicit-constructor)
  static Layout scalar();

  bool empty() const { return *this == Layout(); }
  bool has_name(const std::string& dimension) const;
  /// Counted from the end, and negative, for what stands behind "...". Throws when there is no such dimension.
  std::int64_t get_index_by_name(const std::string& dimension) const;
  std::string to_string() const;  ///< "[N,C,H,W]"
  bool operator==(const Layout&) const = default;

 private:
  std::vector<std::string> front_, back_;  ///< before and behind "..."; "?" for a dimension without a name
  bool open_ = true;                       ///< there is a "..."
  bool scalar_ = false;
};

namespace layout {

BATON_API bool has_batch(const Layout& layout);
BATON_API std::int64_t batch_idx(const Layout& layout);
BATON_API bool has_channels(const Layout& layout);
BATON_API std::int64_t channels_idx(const Layout& layout);
BATON_API bool has_depth(const Layout& layout);
BATON_API std::int64_t depth_idx(const Layout& layout);
BATON_API bool has_height(const Layout& layout);
BATON_API std::int64_t height_idx(const Layout& layout);
BATON_API bool has_width(const Layout& layout);
BATON_API std::int64_t width_idx(const Layout& layout);

/// What was set for the input or output; "..." when nothing was.
BATON_API Layout get_layout(const Port& port);
/// REQUIRES: a port of a Model. It is an annotation for `set_batch` and `get_batch`: what the model computes stays.
BATON_API void set_layout(const Port& port, const Layout& layout);

}  // namespace layout

/// The dimension N of the inputs whose layouts have one. InvalidArgument when none has, or when they differ.
BATON_API Dimension get_batch(const std::shared_ptr<const Model>& model);
/// Reshapes the inputs whose layouts have a dimension N. InvalidArgument when none has.
BATON_API void set_batch(const std::shared_ptr<Model>& model, Dimension batch);

}  // namespace baton
