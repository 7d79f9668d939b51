// SPDX-License-Identifier: Apache-2.0
// Copyright (C) 2026 The Baton authors
#include "policy/output_check.h"

#include <algorithm>
#include <bit>
#include <charconv>
#include <cmath>
#include <cstdint>
#include <optional>
#include <vector>

#include "baton/shape.hpp"
#include "policy/number.h"

namespace baton::policy {

namespace {

using engine::TensorView;

/// How far the values of a distribution may be from summing to 1: twice the rounding of bf16.
constexpr double kSumSlack = 0.005;

double from_f16(std::uint16_t bits) {
  const std::uint32_t magnitude = bits & 0x7fffu;
  const double sign = (bits & 0x8000u) != 0 ? -1 : 1;
  if (magnitude >= 0x7c00) return magnitude == 0x7c00 ? sign * HUGE_VAL : std::nan("");
  // Shifted into a float the exponent is short by the difference of the biases, 127 - 15; subnormals included.
  return sign * double{std::bit_cast<float>(magnitude << 13)} * 0x1p112;
}

double from_bf16(std::uint16_t bits) { return std::bit_cast<float>(static_cast<std::uint32_t>(bits) << 16); }

/// Calls `visit` with a function that reads element i; false for types that are not compared by value.
template <typename Visit>
bool with_reader(element::Type type, Visit&& visit) {
  switch (static_cast<element::Type_t>(type)) {
    case element::Type_t::f16:
      visit([](const void* data, std::size_t i) { return from_f16(static_cast<const std::uint16_t*>(data)[i]); });
      return true;
    case element::Type_t::bf16:
      visit([](const void* data, std::size_t i) { return from_bf16(static_cast<const std::uint16_t*>(data)[i]); });
      return true;
    case element::Type_t::f32:
      visit([](const void* data, std::size_t i) { return double{static_cast<const float*>(data)[i]}; });
      return true;
    case element::Type_t::f64:
      visit([](const void* data, std::size_t i) { return static_cast<const double*>(data)[i]; });
      return true;
    default: return false;
  }
}

std::string shape_text(std::span<const std::size_t> shape) {
  return Shape(std::vector<std::size_t>(shape.begin(), shape.end())).to_string();
}

std::size_t element_count(std::span<const std::size_t> shape) {
  std::size_t count = 1;
  for (const std::size_t length : shape) count *= length;
  return count;
}

/// What one pass over both tensors finds.
struct Comparison {
  double difference_squared = 0;
  double helper_squared = 0;
  double helper_min = HUGE_VAL;
  std::optional<std::size_t> not_finite_at;  ///< first element that is NaN or infinite on one side only
};

/// NaN against NaN and an infinity against itself are the same; they carry no distance.
bool same_not_finite(double a, double b) { return (std::isnan(a) && std::isnan(b)) || a == b; }

template <typename Read>
Comparison compare(const TensorView& helper, const TensorView& target, std::size_t count, Read read) {
  Comparison result;
  for (std::size_t i = 0; i < count; ++i) {
    const double a = read(helper.data, i);
    const double b = read(target.data, i);
    const double difference = a - b;
    if (!std::isfinite(a) || !std::isfinite(b)) {
      if (!same_not_finite(a, b) && !result.not_finite_at) result.not_finite_at = i;
      continue;
    }
    result.difference_squared += difference * difference;
    result.helper_squared += a * a;
    result.helper_min = std::min(result.helper_min, a);
  }
  return result;
}

/// The values of a tensor along one axis: `outer` times `inner` rows of `length` values, `inner` apart.
struct Axis {
  std::size_t outer = 1;
  std::size_t length = 1;
  std::size_t inner = 1;

  std::size_t first(std::size_t row) const { return row / inner * length * inner + row % inner; }
  std::size_t rows() const { return outer * inner; }
};

Axis axis_of(std::span<const std::size_t> shape, std::size_t axis) {
  return {element_count(shape.first(axis)), shape[axis], element_count(shape.subspan(axis + 1))};
}

template <typename Read>
bool sums_to_one(const TensorView& tensor, const Axis& axis, Read read) {
  for (std::size_t row = 0; row < axis.rows(); ++row) {
    double sum = 0;
    for (std::size_t k = 0; k < axis.length; ++k) sum += read(tensor.data, axis.first(row) + k * axis.inner);
    if (!(std::abs(sum - 1) <= kSumSlack)) return false;
  }
  return true;
}

/// The axis of a distribution, innermost first; nullopt when the values are none.
template <typename Read>
std::optional<Axis> distribution_axis(const OutputPair& output, const Comparison& values, Read read) {
  const std::span<const std::size_t> shape = output.helper.shape;
  if (values.helper_min >= 0) {  // and none is above 1 where they sum to 1
    for (std::size_t axis = shape.size(); axis-- > 0;) {
      const Axis candidate = axis_of(shape, axis);
      if (candidate.length > 1 && sums_to_one(output.helper, candidate, read)) return candidate;
    }
  }
  // The model says that it is one, yet the values were changed on the way: the usual axis.
  if (output.is_distribution && !shape.empty()) return axis_of(shape, shape.size() - 1);
  return std::nullopt;
}

/// A row whose top entry is another one although the helper's two best are further apart than the tolerance.
struct TopChange {
  std::size_t helper_top = 0;
  std::size_t target_top = 0;
  double gap = 0;
};

template <typename Read>
std::optional<TopChange> find_top_change(const OutputPair& output, const Axis& axis, double tolerance, Read read) {
  for (std::size_t row = 0; row < axis.rows(); ++row) {
    std::size_t top = 0;
    std::size_t target_top = 0;
    double best = -HUGE_VAL;
    double second = -HUGE_VAL;
    double target_best = -HUGE_VAL;
    double target_at_top = -HUGE_VAL;
    for (std::size_t k = 0; k < axis.length; ++k) {
      const std::size_t i = axis.first(row) + k * axis.inner;
      const double a = read(output.helper.data, i);
      const double b = read(output.target.data, i);
      if (a > best) {
        second = best;
        best = a;
        top = k;
        target_at_top = b;
      } else {
        second = std::max(second, a);
      }
      if (b > target_best) {
        target_best = b;
        target_top = k;
      }
    }
    // An entry that now shares the first place has kept it.
    if (target_at_top < target_best && best - second >= tolerance) return TopChange{top, target_top, best - second};
  }
  return std::nullopt;
}

OutputVerdict disagree(std::string_view name, std::string text, double error, double limit) {
  return {false, std::string(name), error, limit, "output \"" + std::string(name) + "\": " + std::move(text)};
}

/// Shape and type; nullopt when both are the same.
std::optional<OutputVerdict> compare_form(const OutputPair& output, double limit) {
  const TensorView& a = output.helper;
  const TensorView& b = output.target;
  if (!std::equal(a.shape.begin(), a.shape.end(), b.shape.begin(), b.shape.end())) {
    return disagree(output.name, "got shape " + shape_text(b.shape) + ", the helper has " + shape_text(a.shape),
                    HUGE_VAL, limit);
  }
  if (a.type != b.type) {
    return disagree(output.name, "got type " + b.type.to_string() + ", the helper has " + a.type.to_string(), HUGE_VAL,
                    limit);
  }
  return std::nullopt;
}

template <typename Read>
OutputVerdict compare_values(const OutputPair& output, const Tolerance& tolerance, Read read) {
  const std::size_t count = element_count(output.helper.shape);
  const double limit = tolerance.relative;
  const Comparison values = compare(output.helper, output.target, count, read);
  if (values.not_finite_at) {
    const std::size_t i = *values.not_finite_at;
    return disagree(output.name,
                    "element " + std::to_string(i) + " is " + number(read(output.target.data, i)) +
                        ", the helper has " + number(read(output.helper.data, i)),
                    HUGE_VAL, limit);
  }
  // The rule divided by its right side over t, so that one figure is always finite and t is its limit.
  const double distance = std::sqrt(values.difference_squared);
  const double scale = std::sqrt(values.helper_squared) +
                       tolerance.absolute / tolerance.relative * std::sqrt(static_cast<double>(count));
  const double error = distance == 0 ? 0 : distance / scale;
  if (!(error <= limit)) {
    return disagree(output.name, "relative error " + number(error) + " is above " + number(limit), error, limit);
  }
  if (const std::optional<Axis> axis = distribution_axis(output, values, read)) {
    if (const std::optional<TopChange> change = find_top_change(output, *axis, limit, read)) {
      return disagree(output.name,
                      "the top entry is " + std::to_string(change->target_top) + ", the helper has " +
                          std::to_string(change->helper_top) + ", ahead by " + number(change->gap),
                      error, limit);
    }
  }
  return {true, std::string(output.name), error, limit, {}};
}

/// Bits of one value: the first number in "f32", "bf16", "i8", "f8e4m3"; 32 when there is none. TF32 computes with the
/// mantissa of f16.
int bits_of(std::string_view precision) {
  if (precision == "tf32") return 16;
  const auto begin = std::min(precision.find_first_of("0123456789"), precision.size());
  int bits = 32;
  std::from_chars(precision.data() + begin, precision.data() + precision.size(), bits);
  return bits;
}

}  // namespace

Tolerance tolerance_for(std::string_view helper_precision, std::string_view target_precision,
                        const ToleranceOptions& options) {
  const int bits = options.accuracy ? 32 : std::min(bits_of(helper_precision), bits_of(target_precision));
  Tolerance tolerance{0.001, 0.0001};
  if (bits <= 8) {
    tolerance = {0.1, 0.001};
  } else if (bits <= 16) {
    tolerance = {0.02, 0.001};
  }
  tolerance.relative = std::max(tolerance.relative, 2 * options.helper_spread);
  if (options.user > 0) tolerance.relative = options.user;
  return tolerance;
}

OutputVerdict compare_outputs(std::span<const OutputPair> outputs, const Tolerance& tolerance) {
  OutputVerdict worst;
  worst.limit = tolerance.relative;
  for (const OutputPair& output : outputs) {
    if (std::optional<OutputVerdict> form = compare_form(output, tolerance.relative)) return *std::move(form);
    OutputVerdict verdict;
    const bool by_value =
        with_reader(output.helper.type, [&](auto read) { verdict = compare_values(output, tolerance, read); });
    if (!by_value) continue;
    if (!verdict.agree) return verdict;
    if (worst.output.empty() || verdict.error > worst.error) worst = std::move(verdict);
  }
  worst.text = worst.output.empty() ? "outputs agree in shape and type"
                                    : "outputs agree: largest relative error " + number(worst.error) + " in output \"" +
                                          worst.output + "\", limit " + number(worst.limit);
  return worst;
}

}  // namespace baton::policy
