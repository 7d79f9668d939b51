// SPDX-License-Identifier: Apache-2.0
// Copyright (C) 2026 The Baton authors
#pragma once

#include <baton/openvino.hpp>
#include <cstddef>
#include <cstring>
#include <vector>

namespace lifecycle {

/// `count` shapes for an input of `shape`: each free dimension but the first, which is 1, runs through multiples of
/// `step`.
inline std::vector<ov::Shape> growing_shapes(const ov::PartialShape& shape, std::size_t step, std::size_t count) {
  std::vector<ov::Shape> shapes;
  for (std::size_t turn = 1; turn <= count; ++turn) {
    ov::Shape one;
    for (std::size_t i = 0; i < shape.size(); ++i) {
      const auto axis = static_cast<std::ptrdiff_t>(i);
      one.push_back(shape[axis].is_static() ? static_cast<std::size_t>(shape[axis].get_length())
                    : i == 0                ? 1
                                            : turn * step);
    }
    shapes.push_back(one);
  }
  return shapes;
}

/// A tensor of zeros.
inline ov::Tensor zeros(const ov::element::Type& type, const ov::Shape& shape) {
  ov::Tensor tensor(type, shape);
  std::memset(tensor.data(), 0, tensor.get_byte_size());
  return tensor;
}

}  // namespace lifecycle
