// SPDX-License-Identifier: Apache-2.0
// Copyright (C) 2026 The Baton authors
#include "baton/shape.hpp"

#include <algorithm>
#include <charconv>
#include <limits>
#include <ostream>
#include <string_view>

#include "baton/exception.hpp"

namespace baton {

namespace {

[[noreturn]] void fail(const std::string& message) { throw Exception(ErrorCode::InvalidArgument, message); }

template <typename Range, typename Print>
std::string bracketed(const Range& range, const Print& print) {
  std::string text = "[";
  for (const auto& item : range) {
    if (text.size() > 1) text += ',';
    text += print(item);
  }
  return text + ']';
}

std::string_view trimmed(std::string_view text) {
  constexpr std::string_view kBlanks = " \t\n\r";
  const auto first = text.find_first_not_of(kBlanks);
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(kBlanks) - first + 1);
}

[[noreturn]] void fail_dimension(std::string_view text, const std::string& whole) {
  fail("bad dimension '" + std::string(text) + "' in shape '" + whole +
       "'; expected a length, ?, or bounds such as 1..8");
}

std::int64_t parse_length(std::string_view text, std::string_view dimension, const std::string& whole) {
  std::int64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc{} || end != text.data() + text.size() || value < 0) fail_dimension(dimension, whole);
  return value;
}

Dimension parse_dimension(std::string_view text, const std::string& whole) {
  if (text == "?" || text == "-1") return Dimension::dynamic();
  const auto dots = text.find("..");
  if (dots == std::string_view::npos) return Dimension(parse_length(text, text, whole));
  const std::string_view lower = trimmed(text.substr(0, dots));
  const std::string_view upper = trimmed(text.substr(dots + 2));
  if (lower.empty() && upper.empty()) fail_dimension(text, whole);
  return Dimension(lower.empty() ? 0 : parse_length(lower, text, whole),
                   upper.empty() ? -1 : parse_length(upper, text, whole));
}

}  // namespace

std::string Shape::to_string() const {
  return bracketed(*this, [](std::size_t length) { return std::to_string(length); });
}

std::size_t shape_size(const Shape& shape) {
  if (std::find(shape.begin(), shape.end(), 0U) != shape.end()) return 0;
  std::size_t size = 1;
  for (const std::size_t length : shape) {
    if (__builtin_mul_overflow(size, length, &size))
      fail("shape " + shape.to_string() + " has more elements than fit into memory");
  }
  return size;
}

std::ostream& operator<<(std::ostream& out, const Shape& shape) { return out << shape.to_string(); }

Dimension::Dimension(value_type length) : lower_(length < 0 ? 0 : length), upper_(length) {
  if (length < -1) fail("dimension " + std::to_string(length) + " is negative; expected a length, or -1 for unknown");
}

Dimension::Dimension(value_type lower, value_type upper) : lower_(lower), upper_(upper) {
  if (lower < 0 || upper < -1 || (upper >= 0 && upper < lower)) {
    fail("dimension bounds " + std::to_string(lower) + ".." + std::to_string(upper) +
         " are empty or negative; expected 0 <= lower <= upper, or an upper bound of -1 for none");
  }
}

Dimension::value_type Dimension::get_length() const {
  if (!is_static()) fail("dimension " + to_string() + " has no single length; set a static shape first");
  return lower_;
}

std::string Dimension::to_string() const {
  if (is_static()) return std::to_string(lower_);
  if (upper_ < 0) return lower_ == 0 ? "?" : std::to_string(lower_) + "..";
  return (lower_ == 0 ? "" : std::to_string(lower_)) + ".." + std::to_string(upper_);
}

PartialShape::PartialShape(const std::vector<Dimension::value_type>& dims) : dims_(dims.begin(), dims.end()) {}

PartialShape::PartialShape(const Shape& shape) {
  dims_.reserve(shape.size());
  for (const std::size_t length : shape) {
    if (length > static_cast<std::size_t>(std::numeric_limits<Dimension::value_type>::max())) {
      fail("a length in shape " + shape.to_string() + " is too large");
    }
    dims_.emplace_back(static_cast<Dimension::value_type>(length));
  }
}

PartialShape::PartialShape(const std::string& text) {
  std::string_view rest = trimmed(text);
  if (rest.starts_with('[') != rest.ends_with(']')) fail("shape '" + text + "' has one bracket without the other");
  if (rest.starts_with('[')) rest = trimmed(rest.substr(1, rest.size() - 2));
  if (rest == "...") {
    rank_known_ = false;
    return;
  }
  while (!rest.empty()) {
    const auto comma = rest.find(',');
    dims_.push_back(parse_dimension(trimmed(rest.substr(0, comma)), text));
    if (comma == std::string_view::npos) return;
    rest = trimmed(rest.substr(comma + 1));
    if (rest.empty()) fail_dimension("", text);
  }
}

PartialShape PartialShape::dynamic() {
  PartialShape shape;
  shape.rank_known_ = false;
  return shape;
}

bool PartialShape::is_static() const {
  return rank_known_ && std::all_of(dims_.begin(), dims_.end(), [](const Dimension& d) { return d.is_static(); });
}

Shape PartialShape::to_shape() const {
  if (!is_static()) fail("shape " + to_string() + " is dynamic; set a static shape first");
  return get_min_shape();
}

Shape PartialShape::get_min_shape() const {
  Shape shape;
  for (const Dimension& dimension : dims_) shape.push_back(static_cast<std::size_t>(dimension.get_min_length()));
  return shape;
}

bool PartialShape::accepts(const Shape& shape) const {
  if (!rank_known_) return true;
  return std::equal(dims_.begin(), dims_.end(), shape.begin(), shape.end(),
                    [](const Dimension& dimension, std::size_t length) {
                      return dimension.accepts(static_cast<Dimension::value_type>(length));
                    });
}

bool PartialShape::compatible(const PartialShape& other) const {
  if (!rank_known_ || !other.rank_known_) return true;
  const auto overlap = [](const Dimension& a, const Dimension& b) {
    return (a.get_max_length() < 0 || b.get_min_length() <= a.get_max_length()) &&
           (b.get_max_length() < 0 || a.get_min_length() <= b.get_max_length());
  };
  return std::equal(dims_.begin(), dims_.end(), other.dims_.begin(), other.dims_.end(), overlap);
}

std::string PartialShape::to_string() const {
  if (!rank_known_) return "[...]";
  return bracketed(dims_, [](const Dimension& dimension) { return dimension.to_string(); });
}

std::ostream& operator<<(std::ostream& out, const Dimension& dimension) { return out << dimension.to_string(); }
std::ostream& operator<<(std::ostream& out, const PartialShape& shape) { return out << shape.to_string(); }

}  // namespace baton
