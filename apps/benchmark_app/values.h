// SPDX-License-Identifier: Apache-2.0
// Copyright (C) 2026 The Baton authors
//
// Numbers in memory of any element type.
#pragma once

#include <cstddef>
#include <functional>

#include "baton/tensor.hpp"

namespace baton::bench {

/// Writes value(0), value(1), ... as the tensor's elements: integers are cut off and kept within their range. Throws
/// baton::Exception (Unsupported) for types narrower than a byte, 8-bit floats and strings.
void write_values(const Tensor& tensor, const std::function<double(std::size_t)>& value);

/// Element `index` of memory of type `type`; what `write_values` refuses is refused.
double read_value(element::Type type, const void* data, std::size_t index);

/// The elements of `from` as those of `to`, by the rules of `write_values`. REQUIRES: as many elements.
void convert_values(const Tensor& from, const Tensor& to);

}  // namespace baton::bench
