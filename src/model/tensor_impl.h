// SPDX-License-Identifier: Apache-2.0
// Copyright (C) 2026 The Baton authors
#pragma once

#include <cstddef>
#include <memory>

#include "baton/tensor.hpp"

namespace baton {

/// What a Tensor's handles share.
/// Thread-safety: one thread at a time. Ownership: `memory` is released with the last handle.
struct Tensor::Impl {
  element::Type type;
  Shape shape;
  void* data = nullptr;
  std::size_t capacity = 0;      ///< bytes at `data`
  std::shared_ptr<void> memory;  ///< what keeps `data` alive, if that is not the caller's affair
  bool own = false;              ///< `data` was allocated here and may be replaced
};

/// Copies the `bytes` of elements that live at both places: for strings the objects are assigned.
void copy_elements(void* to, const void* from, element::Type type, std::size_t bytes);

/// Bytes that a dense tensor takes; throws baton::Exception when the type has no fixed size or the product overflows.
std::size_t tensor_byte_size(element::Type type, const Shape& shape);

}  // namespace baton
