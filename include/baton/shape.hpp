// SPDX-License-Identifier: Apache-2.0
// Copyright (C) 2026 The Baton authors
#pragma once

#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <iosfwd>
#include <string>
#include <vector>

#include "baton/api.hpp"

namespace baton {

/// The lengths of a tensor's dimensions, outermost first; `{}` is a scalar.
class Shape : public std::vector<std::size_t> {
 public:
  using std::vector<std::size_t>::vector;
  Shape() = default;
  Shape(const std::vector<std::size_t>& dims) : std::vector<std::size_t>(dims) {}  // NOLINT: as in OpenVINO
  BATON_API std::string to_string() const;                                         ///< "[1,3,224,224]"
};

/// Number of elements: the product of all lengths, 1 for a scalar.
BATON_API std::size_t shape_size(const Shape& shape);
BATON_API std::ostream& operator<<(std::ostream& out, const Shape& shape);

/// One dimension that may be unknown or bounded: a length, `?`, or `lower..upper`.
class BATON_API Dimension {
 public:
  using value_type = std::int64_t;

  Dimension() = default;                          ///< unknown
  Dimension(value_type length);                   ///< NOLINT(google-explicit-constructor) -1 means unknown
  Dimension(value_type lower, value_type upper);  ///< an upper bound of -1 means none

  static Dimension dynamic() { return {}; }
  bool is_static() const { return lower_ == upper_; }
  bool is_dynamic() const { return !is_static(); }
  /// REQUIRES: is_static(); throws baton::Exception otherwise.
  value_type get_length() const;
  value_type get_min_length() const { return lower_; }
  value_type get_max_length() const { return upper_; }  ///< -1: no bound
  /// True when a tensor of length `length` fits.
  bool accepts(value_type length) const { return length >= lower_ && (upper_ < 0 || length <= upper_); }
  bool operator==(const Dimension&) const = default;
  std::string to_string() const;  ///< "3", "?", "1..8", "2.."

 private:
  value_type lower_ = 0;
  value_type upper_ = -1;
};

/// A shape of which dimensions, or even the rank, may be unknown.
class BATON_API PartialShape {
 public:
  PartialShape() : PartialShape(std::initializer_list<Dimension>{}) {}  ///< a scalar
  PartialShape(std::initializer_list<Dimension> dims) : dims_(dims) {}
  PartialShape(std::vector<Dimension> dims) : dims_(std::move(dims)) {}  // NOLINT: as in OpenVINO
  PartialShape(const std::vector<Dimension::value_type>& dims);          // NOLINT: as in OpenVINO
  PartialShape(const Shape& shape);                                      // NOLINT: as in OpenVINO
  /// Parses "[1,3,?,1..8]" (brackets optional, "..." alone is unknown rank). Throws baton::Exception.
  explicit PartialShape(const std::string& text);

  static PartialShape dynamic();  ///< unknown rank

  bool is_static() const;
  bool is_dynamic() const { return !is_static(); }
  bool rank_is_static() const { return rank_known_; }
  Dimension rank() const {
    return rank_known_ ? Dimension(static_cast<Dimension::value_type>(dims_.size())) : Dimension();
  }
  std::size_t size() const { return dims_.size(); }
  Dimension& operator[](std::size_t i) { return dims_[i]; }
  const Dimension& operator[](std::size_t i) const { return dims_[i]; }
  auto begin() const { return dims_.begin(); }
  auto end() const { return dims_.end(); }
  auto begin() { return dims_.begin(); }
  auto end() { return dims_.end(); }

  /// REQUIRES: is_static(); throws baton::Exception otherwise.
  Shape to_shape() const;
  Shape get_shape() const { return to_shape(); }
  Shape get_min_shape() const;
  /// True when a tensor of this shape fits.
  bool accepts(const Shape& shape) const;
  bool compatible(const PartialShape& other) const;
  bool operator==(const PartialShape&) const = default;
  std::string to_string() const;  ///< "[1,3,?,1..8]", "[...]" for unknown rank

 private:
  bool rank_known_ = true;
  std::vector<Dimension> dims_;
};

BATON_API std::ostream& operator<<(std::ostream& out, const Dimension& dimension);
BATON_API std::ostream& operator<<(std::ostream& out, const PartialShape& shape);

}  // namespace baton
