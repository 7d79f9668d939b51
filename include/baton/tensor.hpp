// SPDX-License-Identifier: Apache-2.0
// Copyright (C) 2026 The Baton authors
#pragma once

#include <cstddef>
#include <memory>

#include "baton/api.hpp"
#include "baton/element_type.hpp"
#include "baton/shape.hpp"

namespace baton {

/// A dense, row-major block of elements in host memory: its own, or the caller's. Elements of type `string` are
/// std::string objects.
///
/// Ownership: a Tensor is a handle; copies share the memory. Caller memory is never copied or freed and must live
/// until the last inference that uses the tensor has completed; given with an owner, it lives as long as the tensor.
/// Thread-safety: different tensors are independent; one tensor belongs to one thread at a time.
class BATON_API Tensor {
 public:
  Tensor() = default;  ///< empty: `operator bool` is false
  /// Allocates `shape_size(shape) * type.size()` bytes, aligned to 64, not initialised; strings are empty.
  Tensor(const element::Type& type, const Shape& shape);
  /// Uses `host_ptr`, which holds at least `shape_size(shape) * type.size()` bytes. Throws on a null pointer.
  Tensor(const element::Type& type, const Shape& shape, void* host_ptr);
  /// The same; `owner` is released when no tensor needs the memory any more, on any thread.
  Tensor(const element::Type& type, const Shape& shape, void* host_ptr, std::shared_ptr<void> owner);

  explicit operator bool() const noexcept { return impl_ != nullptr; }

  const element::Type& get_element_type() const;
  Shape get_shape() const;
  std::size_t get_size() const;       ///< elements
  std::size_t get_byte_size() const;  ///< bytes

  /// Changes the shape. Own memory grows when needed (the content is then lost); caller memory cannot grow: throws.
  void set_shape(const Shape& shape);

  void* data() const;
  /// What keeps `data()` alive; null for caller memory without an owner. `set_shape` may replace both.
  std::shared_ptr<void> memory() const;
  /// The memory as `T`; throws when `T` is not the element type.
  template <typename T>
  T* data() const {
    require_type(element::from<T>());
    return static_cast<T*>(data());
  }

  /// Copies elements to `destination`, which takes this tensor's shape.
  void copy_to(Tensor destination) const;

  struct Impl;
  /// For Baton's own layers.
  const std::shared_ptr<Impl>& impl() const { return impl_; }

 private:
  void require_type(element::Type type) const;
  std::shared_ptr<Impl> impl_;
};

}  // namespace baton
